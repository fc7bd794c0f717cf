# `ast` objects to code and back.
import ast
from _run import error, main

SOURCE = '''
async def f[T: int, *U, **P](a, /, b: int = 1, *c, k=2, **w) -> int:
    async with x as y, z: pass
    async for q in w: pass
    return await x
class A(int, metaclass=type):
    x: int = 1
try: a.b[1:2, ...] += -c
except* E as e: raise X from e
match s:
    case [1, -2, "x", None, *_] if t: pass
    case {"a": 1, **r} as w: pass
    case P(x, y=z) | Q(x, z): pass
lambda x=1, *y: (yield x)
f"a{x!r:>{w}}b{y=}" "c"
{**a, 1: 2}, {1, 2}, {a: b for a, b in c if d}, [z := 1]
b"x", 1j, 1.5, 123456789012345678901234567890, u"u", "\\ud800", True, ...
type X[T] = list[T]
print(*a, k=1, **b)
'''


def test_round_trip():
    tree = ast.parse(SOURCE)
    text = ast.dump(tree, include_attributes=True)
    again = compile(tree, "t", "exec", ast.PyCF_ONLY_AST)
    assert ast.dump(again, include_attributes=True) == text
    assert ast.dump(ast.parse(ast.unparse(tree))) == ast.dump(tree)


def test_dump():
    assert ast.dump(ast.parse("x = a + 1")) == (
        "Module(body=[Assign(targets=[Name(id='x', ctx=Store())], value=BinOp("
        "left=Name(id='a', ctx=Load()), op=Add(), right=Constant(value=1)))])")


def test_compiled_tree_runs():
    tree = ast.Expression(ast.BinOp(ast.Constant(20), ast.Add(), ast.Constant(22)))
    assert eval(compile(ast.fix_missing_locations(tree), "t", "eval")) == 42


def test_optimized():
    tree = ast.parse("1 + 2 * 3", optimize=1)
    assert ast.dump(tree) == "Module(body=[Expr(value=Constant(value=7))])"


def refused(node):
    tree = ast.fix_missing_locations(ast.Module([node], []))
    return error(compile, tree, "t", "exec")


def test_faulty_trees():
    name = ast.Name("a", ast.Load())
    assert refused(ast.Assign([], name)) == "ValueError: empty targets on Assign"
    assert refused(ast.Delete([name])) == (
        "ValueError: expression must have Del context but has Load instead")
    assert refused(ast.Expr(ast.Compare(name, [], []))) == "ValueError: Compare with no comparators"
    assert refused(ast.Expr(ast.Constant([]))) == "TypeError: got an invalid type in Constant: list"
    assert refused(ast.Expr(None)) == "ValueError: field 'value' is required for Expr"
    assert error(compile, ast.Module([1], []), "t", "exec") == (
        'TypeError: required field "lineno" missing from stmt')
    assert error(compile, ast.Module(1, []), "t", "exec") == (
        'TypeError: Module field "body" must be a list, not a int')
    assert error(compile, ast.Module([], []), "t", "eval") == (
        "TypeError: expected Expression node, got Module")


def test_nodes():
    node = ast.Name("a")
    assert node.id == "a" and isinstance(node.ctx, ast.Load)
    assert ast.FunctionDef._fields[0] == "name" and ast.Return().value is None
    assert error(ast.Name, "a", id="b") == "TypeError: Name got multiple values for argument 'id'"
    assert error(ast.Pass, 1) == (
        "TypeError: Pass constructor takes at most 0 positional arguments")


main(globals())
