# The symtable module over the compiler's own tables, and _opcode.
import _opcode
import opcode
import symtable
from _run import error, main

SOURCE = """
import os
class A:
    x = 1
    def f(self, a, *b):
        global g
        def inner():
            nonlocal a
            a = os
        return [i for i in b]
def h[T](v: T): return v
"""


def test_names():
    top = symtable.symtable(SOURCE, "t", "exec")
    assert top.get_type() == "module" and top.get_name() == "top"
    assert top.lookup("os").is_imported() and top.lookup("A").is_namespace()
    method = top.lookup("A").get_namespace().lookup("f").get_namespace()
    assert method.get_parameters() == ("self", "a", "b")
    assert method.lookup("g").is_declared_global()
    assert method.lookup("a").is_local() and method.get_children()[0].lookup("a").is_free()
    assert method.get_children()[0].get_nonlocals() == ("a",)
    assert [child.get_name() for child in method.get_children()] == ["inner"]


def test_type_parameters():
    top = symtable.symtable(SOURCE, "t", "exec")
    scope = [child for child in top.get_children() if child.get_name() == "h"][0]
    assert str(scope.get_type()) == "type parameters", scope.get_type()
    assert scope.lookup("T").is_local()


def test_errors():
    assert error(symtable.symtable, "x =", "t", "exec").startswith("SyntaxError: invalid syntax")
    assert error(symtable.symtable, "def f(a, a): pass", "t", "exec") == (
        "SyntaxError: duplicate argument 'a' in function definition (t, line 1)")
    assert error(symtable.symtable, "x", "t", "other") == (
        "ValueError: symtable() arg 3 must be 'exec' or 'eval' or 'single'")


def test_opcode_questions():
    number = opcode.opmap
    assert _opcode.has_jump(number["FOR_ITER"]) and not _opcode.has_jump(number["NOP"])
    assert _opcode.has_const(number["LOAD_CONST"]) and _opcode.is_valid(number["POP_TOP"])
    assert not _opcode.is_valid(0)


main(globals())
