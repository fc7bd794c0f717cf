# Taking code apart and putting it together; dis and opcode.
import dis
import io
import opcode
import os
import re
import subprocess
import sys
import tempfile
from apus import bytecode
from _run import error, main


def sample(x):
    total = 0
    for i in range(x):
        try:
            if i % 2:
                total += 1
        finally:
            total = total + 0.5
    return [total, lambda: x, (1, 2.0, -0.0, True)]


def same(code):
    """Every field of a code object, and of those inside it, is equal after a round trip."""
    again = bytecode.Body.from_code(code).to_code()
    for name in ("co_code", "co_consts", "co_names", "co_varnames", "co_stacksize", "co_flags", "co_linetable",
                 "co_cellvars", "co_freevars", "co_nlocals", "_co_locations"):
        assert getattr(code, name) == getattr(again, name), name
    for constant in code.co_consts:
        if hasattr(constant, "co_code"):
            same(constant)


def test_round_trip():
    same(sample.__code__)
    same(compile("x = [i for i in y]\nclass A:\n    def f(self): return super()\n", "t", "exec"))


def test_ignored_arguments():
    # The first statement leaves a NOP with the number of its constant, which takes an EXTENDED_ARG.
    source = "".join(f"x = {number}\n" for number in range(300, 560)) + "while 999: break\ny = 999\n"
    code = compile(source, "t", "exec")
    same(code)
    units = bytes((opcode.EXTENDED_ARG, 1, opcode.opmap["NOP"], 7))
    made = compile("x", "t", "exec")
    made = made.replace(co_code=units + made.co_code)
    assert bytecode.Body.from_code(made).to_code().co_code == made.co_code


def test_edited_code_runs():
    def f(x):
        return x + 1
    body = bytecode.Body.from_code(f.__code__)
    for item in body:
        if item == bytecode.Instruction("LOAD_CONST", 1):
            item.arg = 41
    f.__code__ = body.to_code()
    assert f(1) == 42


def test_jumps_grow():
    def f(x):
        return x
    end = bytecode.Label()
    body = bytecode.Body.from_code(f.__code__)
    body[:0] = [bytecode.Instruction("LOAD_FAST", "x"), bytecode.Instruction("POP_JUMP_IF_TRUE", end),
                *[bytecode.Instruction("NOP") for _ in range(300)],
                bytecode.Instruction("LOAD_CONST", "nothing"), bytecode.Instruction("RETURN_VALUE"), end]
    f.__code__ = body.to_code()
    assert f(0) == "nothing" and f(3) == 3


def refused(*items):
    """What to_code() says of a body that has no argument, no variable and a stack as deep as needed."""
    return error(bytecode.Body(items).to_code)


def test_bad_arguments():
    make = bytecode.Instruction
    end = [make("LOAD_CONST", None), make("RETURN_VALUE")]
    assert error(make, "NO_SUCH") == "ValueError: no such instruction: 'NO_SUCH'"
    assert error(make, "EXTENDED_ARG", 1) == "ValueError: no such instruction: 'EXTENDED_ARG'"
    assert refused(make("LOAD_NAME", 5), make("RETURN_VALUE")) == "ValueError: instruction 0, LOAD_NAME: takes a name, not 5"
    assert refused(make("LOAD_DEREF", "x"), make("RETURN_VALUE")) == "ValueError: instruction 0, LOAD_DEREF: 'x' is no cell or free variable"
    assert refused(*end[:1], *end[:1], make("COMPARE_OP", "in"), make("RETURN_VALUE")) == "ValueError: instruction 2, COMPARE_OP: no such operator: 'in'"
    assert refused(make("BUILD_LIST", -1), *end) == "ValueError: instruction 0, BUILD_LIST: takes a number below 4294967296, not -1"
    assert refused(make("BUILD_LIST"), *end) == "ValueError: instruction 0, BUILD_LIST: takes a number below 4294967296, not None"
    assert refused(make("BUILD_LIST", 1 << 32), *end).endswith("not 4294967296")
    assert refused("NOP") == "ValueError: neither an Instruction nor a Label: 'NOP'"
    assert refused(end[0], make("RAISE_VARARGS", 7)).startswith("ValueError: instruction 1, RAISE_VARARGS: ")
    assert refused(*end[:1] * 2, make("BUILD_SLICE", 9), end[1]).startswith("ValueError: ")
    assert refused(*end[:1] * 2, make("MAKE_FUNCTION", 0), end[1]) == "ValueError: invalid wordcode of <module>: MAKE_FUNCTION: no code and name at 4"


def test_bad_jumps():
    make, label = bytecode.Instruction, bytecode.Label()
    end = [make("LOAD_CONST", None), make("RETURN_VALUE")]
    assert refused(make("JUMP_FORWARD", 3), *end) == "ValueError: instruction 0, JUMP_FORWARD: goes to a Label, not to 3"
    assert refused(make("JUMP_FORWARD", label), *end) == "ValueError: instruction 0, JUMP_FORWARD: goes to a label that is not in the body"
    assert refused(make("JUMP_FORWARD", label), *end, label) == "ValueError: instruction 0, JUMP_FORWARD: goes to a label that stands before no instruction"
    assert refused(label, make("JUMP_FORWARD", label), *end) == "ValueError: instruction 0, JUMP_FORWARD: cannot jump back"
    assert refused(label, *end, label).endswith(" stands in the body twice")


def test_bad_stacks():
    make, label = bytecode.Instruction, bytecode.Label()
    end = [make("LOAD_CONST", None), make("RETURN_VALUE")]
    assert refused(make("POP_TOP"), *end) == "ValueError: instruction 0, POP_TOP: takes more than the stack holds"
    assert refused(end[0], make("UNPACK_SEQUENCE", 2 ** 32 - 1), *end) == (
        "ValueError: instruction 1, UNPACK_SEQUENCE: a stack of 4294967295 values is too deep")
    assert refused(make("NOP")) == "ValueError: the code runs off its end"
    assert refused() == "ValueError: the code runs off its end"
    assert refused(end[0], make("POP_JUMP_IF_TRUE", label), end[0], label, *end) == (
        "ValueError: instruction 3, LOAD_CONST: reached with stacks of different depth, 1 and 0")
    assert refused(end[0], *end) == "ValueError: invalid wordcode of <module>: RETURN_VALUE: values left on the stack at 4"
    assert refused(make("POP_BLOCK"), *end) == "ValueError: invalid wordcode of <module>: POP_BLOCK: no block at 0"
    assert refused(end[0], end[0], make("LIST_APPEND", 1), end[1]) == "ValueError: invalid wordcode of <module>: LIST_APPEND: no list at 4"
    assert refused(end[0], make("YIELD_VALUE"), end[1]) == "ValueError: invalid wordcode of <module>: YIELD_VALUE: not in a generator at 2"


def test_new_body_runs():
    make, again, end = bytecode.Instruction, bytecode.Label(), bytecode.Label()
    handler, done = bytecode.Label(), bytecode.Label()
    body = bytecode.Body([
        make("LOAD_CONST", 0, 1), make("STORE_NAME", "n", 1),
        again, make("LOAD_NAME", "n", 2), make("LOAD_CONST", 300, 2), make("COMPARE_OP", "<", 2),
        make("POP_JUMP_IF_FALSE", end, 2),
        make("LOAD_NAME", "n", 3), make("LOAD_CONST", 7, 3), make("INPLACE_ADD", line=3), make("STORE_NAME", "n", 3),
        make("JUMP_ABSOLUTE", again, 3),
        end, make("SETUP_FINALLY", handler, 4), make("LOAD_NAME", "missing", 5), make("POP_TOP", line=5),
        make("POP_BLOCK", line=5), make("JUMP_FORWARD", done, 5),
        handler, make("POP_TOP", line=6), make("STORE_NAME", "caught", 6), make("POP_TOP", line=6), make("POP_EXCEPT", line=6),
        done, make("LOAD_CONST", None, 7), make("RETURN_VALUE", line=7)])
    code = body.to_code()
    names = {}
    exec(code, names)
    assert names["n"] == 301 and type(names["caught"]) is NameError
    assert names["caught"].__traceback__.tb_lineno == 5
    assert [line for _, _, line in code.co_lines()][1:] == [1, 2, 3, 4, 5, 6, 7]
    same(code)


def test_lines_and_columns():
    def f(x):
        return x.y
    body = bytecode.Body.from_code(f.__code__)
    assert all(item.positions for item in body)
    body[0].line += 100
    assert body[0].positions is None and body[1].positions is not None
    first, second, *_ = body.to_code().co_positions()
    line = f.__code__.co_firstlineno
    assert first == (line + 101, line + 101, None, None) and second[0] == line + 1


def test_entries_that_are_equal():
    # Two equal constants keep their places.
    one, other = (compile("lambda: 1", "t", "eval").co_consts[0] for _ in "ab")
    code = compile("f = g", "t", "exec").replace(co_consts=(one, None, other, None), co_code=bytes(
        [opcode.opmap[name] if type(name) is str else name
         for name in ("LOAD_CONST", 2, "STORE_NAME", 0, "LOAD_CONST", 3, "RETURN_VALUE", 0)]))
    assert one == other and one is not other
    same(code)


def listing(**options):
    def f(x, y):
        z = x + y
        return len(z), z.upper()
    for _ in range(5):
        f("a", "b")
    out = io.StringIO()
    dis.dis(f, file=out, **options)
    return f, out.getvalue()


def test_quickened_forms():
    f, text = listing()
    g, adaptive = listing(adaptive=True)
    assert [line[:57].rstrip() for line in adaptive.split("\n")] == text.split("\n")
    assert "LOAD_FAST_LOAD_FAST" in adaptive and "LOAD_GLOBAL_BUILTIN" in adaptive and "CALL_BUILTIN_O" in adaptive
    assert "counter=" in listing(show_caches=True)[1]
    forms = list(dis.get_instructions(g, adaptive=True))
    assert forms[0].opname == "LOAD_FAST_LOAD_FAST" and forms[0].baseopname == "LOAD_FAST"
    assert [one.baseopname for one in forms] == [one.opname for one in dis.get_instructions(g)]
    assert dis.Bytecode(f).dis() == text and dis.Bytecode(g, adaptive=True).dis() == adaptive


def command(*arguments, text=""):
    """What `-m dis` prints."""
    done = subprocess.run([sys.executable, "-m", "dis", *arguments], input=text, capture_output=True, text=True)
    return done.stdout + done.stderr


def test_command():
    source = "def f(x): return x.real + x.imag\nfor i in range(9): f(i)\nprint('ran')\n"
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "t.py")
        with open(path, "w") as file:
            file.write(source)
        from_file = command(path)
        assert from_file.splitlines()[0].startswith("  1           0 LOAD_CONST               0 (<code object f at 0x")
        assert "ran" not in from_file.splitlines() and "LOAD_ATTR" in from_file

        def masked(text):
            return re.sub("0x[0-9a-f]+", "", text).replace(path, "").replace("<stdin>", "").replace("<string>", "")
        assert masked(command("-", text=source)) == masked(command(text=source)) == masked(command("-c", source)) == masked(from_file)
        quick = command("-S", path)
        assert "ran" not in quick.splitlines() and "LOAD_ATTR_" not in quick and "counter=" not in quick
        ran = command("-S", "-R", "-C", path).splitlines()
        assert ran[0] == "ran"
        line = next(line for line in ran if "LOAD_ATTR" in line and "(imag)" in line)
        assert re.search(r"LOAD_ATTR +1 \(imag\) +LOAD_ATTR_\w+ counter=-?\d+$", line), line
    assert command("-c", "a b").endswith("SyntaxError: invalid syntax\n")
    assert command("-R", "-c", "a = 1 // 0").endswith("ZeroDivisionError: integer division or modulo by zero\n")


def test_imports_for_modulefinder():
    code = compile("import a.b\nfrom .c import d, e\nfrom f import *\nx = 1\nx = 2", "t", "exec")
    assert list(dis._find_imports(code)) == [("a.b", 0, None), ("c", 1, ("d", "e")), ("f", 0, ("*",))]
    assert list(dis._find_store_names(code)) == ["a", "d", "e", "x"]


def test_listing():
    code = compile("x = 1\ny = 2\nz = x + y\nprint(z)\n", "test.py", "exec")
    out = io.StringIO()
    dis.dis(code, file=out)
    assert out.getvalue() == """\
  1           0 LOAD_CONST               0 (1)
              2 STORE_NAME               0 (x)

  2           4 LOAD_CONST               1 (2)
              6 STORE_NAME               1 (y)

  3           8 LOAD_NAME                0 (x)
             10 LOAD_NAME                1 (y)
             12 BINARY_ADD
             14 STORE_NAME               2 (z)

  4          16 LOAD_NAME                3 (print)
             18 LOAD_NAME                2 (z)
             20 CALL_FUNCTION            1
             22 POP_TOP
             24 LOAD_CONST               2 (None)
             26 RETURN_VALUE
"""


def test_instructions():
    first = next(dis.get_instructions("x + 1"))
    assert (first.opname, first.argval, first.offset, first.starts_line, first.line_number) == ("LOAD_NAME", "x", 0, True, 1)
    assert opcode.stack_effect(opcode.opmap["FOR_ITER"], 0, jump=True) == -1
    assert opcode.stack_effect(opcode.opmap["BUILD_SLICE"], 3) == -2
    assert error(opcode.stack_effect, 0) == "ValueError: invalid opcode or oparg"
    assert opcode.explain("NOP")[0] == "(--)"


main(globals())
