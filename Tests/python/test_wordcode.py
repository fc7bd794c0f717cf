# Taking code apart and putting it together; dis and opcode.
import dis
import io
import opcode
import wordcode
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
    again = wordcode.Body.from_code(code).to_code()
    for name in ("co_code", "co_consts", "co_names", "co_varnames", "co_stacksize", "co_flags", "co_linetable",
                 "co_cellvars", "co_freevars", "co_nlocals"):
        assert getattr(code, name) == getattr(again, name), name
    for constant in code.co_consts:
        if hasattr(constant, "co_code"):
            same(constant)


def test_round_trip():
    same(sample.__code__)
    same(compile("x = [i for i in y]\nclass A:\n    def f(self): return super()\n", "t", "exec"))


def test_edited_code_runs():
    def f(x):
        return x + 1
    body = wordcode.Body.from_code(f.__code__)
    for item in body:
        if item == wordcode.Instruction("LOAD_CONST", 1):
            item.arg = 41
    f.__code__ = body.to_code()
    assert f(1) == 42


def test_jumps_grow():
    def f(x):
        return x
    end = wordcode.Label()
    body = wordcode.Body.from_code(f.__code__)
    body[:0] = [wordcode.Instruction("LOAD_FAST", "x"), wordcode.Instruction("POP_JUMP_IF_TRUE", end),
                *[wordcode.Instruction("NOP") for _ in range(300)],
                wordcode.Instruction("LOAD_CONST", "nothing"), wordcode.Instruction("RETURN_VALUE"), end]
    f.__code__ = body.to_code()
    assert f(0) == "nothing" and f(3) == 3


def test_faulty_code():
    make = wordcode.Instruction
    assert error(wordcode.Body([make("POP_TOP")]).to_code) == "ValueError: instruction 0 takes more than the stack holds"
    assert error(wordcode.Body([make("NOP")]).to_code) == "ValueError: the code runs off its end"
    assert error(make, "NO_SUCH") == "ValueError: no such instruction: 'NO_SUCH'"


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
