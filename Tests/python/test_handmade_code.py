# Code objects that no compiler made are checked before they run. (Apus only.)
import _symbols
import marshal
import opcode
import signal
import subprocess
import sys
import types
from _run import error, main

OP = opcode.opmap


def f(a=1, b=2):
    c = [a, b]
    return c


def g(n):
    yield n


def bad(*units, code=f.__code__, **changes):
    """The error of running wordcode given as name, argument, name, argument..."""
    body = bytes(OP[unit] if isinstance(unit, str) else unit for unit in units)
    made = code.replace(co_code=body, **changes)
    return error(types.FunctionType(made, {}, None, (1, 2)))


def test_instructions_that_do_not_exist():
    assert error(types.FunctionType(f.__code__.replace(co_code=b'\xff\0'), {})) == "SystemError: invalid wordcode of f: unknown opcode 255 at 0"
    assert bad() == "SystemError: invalid wordcode of f: no instruction"


def test_stack_depth():
    assert bad('POP_TOP', 0, 'LOAD_CONST', 0, 'RETURN_VALUE', 0) == "SystemError: invalid wordcode of f: POP_TOP: too few values at 0"
    assert bad(*['LOAD_CONST', 0] * 5, 'RETURN_VALUE', 0) == "SystemError: invalid wordcode of f: stack deeper than 2 at 4"
    assert bad('LOAD_CONST', 0, 'LOAD_CONST', 0, 'RETURN_VALUE', 0) == "SystemError: invalid wordcode of f: RETURN_VALUE: values left on the stack at 4"
    assert bad('BUILD_LIST', 200, 'RETURN_VALUE', 0) == "SystemError: invalid wordcode of f: BUILD_LIST: too few values at 0"


def test_jumps():
    assert bad('JUMP_FORWARD', 9, 'LOAD_CONST', 0, 'RETURN_VALUE', 0) == "SystemError: invalid wordcode of f: jump out of the code at 0"
    assert bad('LOAD_CONST', 0) == "SystemError: invalid wordcode of f: no end"
    assert bad('LOAD_CONST', 0, 'POP_JUMP_IF_TRUE', 4, 'LOAD_CONST', 0, 'LOAD_CONST', 0,
               'RETURN_VALUE', 0) == "SystemError: invalid wordcode of f: different stack depths"
    assert bad('JUMP_ABSOLUTE', 2, 'EXTENDED_ARG', 1, 'LOAD_CONST', 0, 'RETURN_VALUE', 0) == "SystemError: invalid wordcode of f: jump into an instruction at 0"


def test_operands():
    assert bad('LOAD_CONST', 99, 'RETURN_VALUE', 0) == "SystemError: invalid wordcode of f: LOAD_CONST: constant out of range at 0"
    assert bad('LOAD_FAST', 99, 'RETURN_VALUE', 0) == "SystemError: invalid wordcode of f: LOAD_FAST: local variable out of range at 0"
    assert bad('LOAD_GLOBAL', 0, 'RETURN_VALUE', 0) == "SystemError: invalid wordcode of f: LOAD_GLOBAL: name out of range at 0"
    assert bad('LOAD_DEREF', 0, 'RETURN_VALUE', 0) == "SystemError: invalid wordcode of f: LOAD_DEREF: cell out of range at 0"


def test_kinds_of_entries():
    assert bad('LOAD_FAST', 0, 'LOAD_FAST', 0, 'LIST_APPEND', 1, 'RETURN_VALUE', 0) == "SystemError: invalid wordcode of f: LIST_APPEND: no list at 4"
    assert bad('LOAD_FAST_AND_CLEAR', 0, 'RETURN_VALUE', 0) == "SystemError: invalid wordcode of f: RETURN_VALUE: NULL where a value is wanted at 2"
    assert bad('LOAD_FAST', 0, 'LOAD_FAST', 0, 'CALL_FUNCTION_KW', 0, 'RETURN_VALUE', 0) == "SystemError: invalid wordcode of f: CALL_FUNCTION_KW: no keyword names at 4"
    assert bad('LOAD_FAST', 0, 'LOAD_FAST', 0, 'MAKE_FUNCTION', 0, 'RETURN_VALUE', 0) == "SystemError: invalid wordcode of f: MAKE_FUNCTION: no code and name at 4"


def test_blocks():
    assert bad('POP_BLOCK', 0, 'LOAD_CONST', 0, 'RETURN_VALUE', 0) == "SystemError: invalid wordcode of f: POP_BLOCK: no block at 0"
    assert bad('POP_EXCEPT', 0, 'LOAD_CONST', 0, 'RETURN_VALUE', 0) == "SystemError: invalid wordcode of f: POP_EXCEPT: no handler at 0"
    assert bad('SETUP_FINALLY', 1, 'LOAD_CONST', 0, 'RETURN_VALUE', 0).startswith("SystemError: invalid wordcode of f: ")


def test_generators():
    assert bad('LOAD_CONST', 0, 'YIELD_VALUE', 0, 'RETURN_VALUE', 0) == "SystemError: invalid wordcode of f: YIELD_VALUE: not in a generator at 2"
    assert bad('GEN_START', 0, 'LOAD_CONST', 0, 'RETURN_VALUE', 0) == "SystemError: invalid wordcode of f: GEN_START in a function"
    plain = g.__code__.replace(co_code=bytes([OP['LOAD_CONST'], 0, OP['RETURN_VALUE'], 0]))
    assert error(lambda: list(types.FunctionType(plain, {})(1))) == "SystemError: invalid wordcode of g: generator without GEN_START"


def test_values_that_only_a_run_shows():
    # Types that cannot be known before: the instructions look themselves.
    assert bad('LOAD_FAST', 0, 'RERAISE_VALUE', 0) == "TypeError: exceptions must derive from BaseException"
    assert bad(*['LOAD_FAST', 0] * 3, 'RERAISE', 0, co_stacksize=3) == "TypeError: exceptions must derive from BaseException"
    assert bad('LOAD_FAST', 0, 'LOAD_FAST', 1, 'MATCH_KEYS', 0, 'POP_TOP', 0, 'POP_TOP', 0, 'POP_TOP', 0, 'RETURN_VALUE', 0,
               co_stacksize=4) == "SystemError: bad operand of a pattern"
    assert bad('LOAD_FAST', 0, 'LOAD_FAST', 1, 'PREP_RERAISE_STAR', 0, 'RETURN_VALUE', 0) == "SystemError: bad operand of PREP_RERAISE_STAR"
    assert bad('LOAD_CLASSDEREF', 0, 'RETURN_VALUE', 0, co_cellvars=('x',)) == "SystemError: no locals"


def test_sizes():
    assert error(lambda: f.__code__.replace(co_stacksize=2 ** 31 - 1)) == "OverflowError: code: co_stacksize is too large"
    assert error(lambda: f.__code__.replace(co_argcount=5)) == "ValueError: code: varnames is too small"


def test_marshalled_code():
    data = bytearray(marshal.dumps(f.__code__))
    at = data.index(f.__code__.co_code)
    data[at] = OP['POP_TOP']
    assert error(types.FunctionType(marshal.loads(bytes(data)), {})) == "SystemError: invalid wordcode of f: POP_TOP: too few values at 0"
    # A tuple that holds itself, in a set: hashed while it is being read.
    assert error(lambda: marshal.loads(b'\xa9\x01<\x01\0\0\0r\0\0\0\0')) == "nothing raised"


def test_loops_end_with_a_signal():
    class Late(Exception):
        pass

    def late(*ignored):
        raise Late

    previous = signal.signal(signal.SIGALRM, late)
    try:
        for units in (('LOAD_CONST', 1, 'JUMP_IF_TRUE_OR_POP', 1, 'LOAD_CONST', 1, 'RETURN_VALUE', 0),
                      ('LOAD_CONST', 0, 'JUMP_IF_FALSE_OR_POP', 1, 'LOAD_CONST', 0, 'RETURN_VALUE', 0),
                      ('LOAD_CONST', 1, 'POP_JUMP_IF_TRUE', 0, 'LOAD_CONST', 0, 'RETURN_VALUE', 0),
                      ('LOAD_CONST', 0, 'POP_JUMP_IF_FALSE', 0, 'LOAD_CONST', 0, 'RETURN_VALUE', 0),
                      ('LOAD_CONST', 2, 'LOAD_CONST', 3, 'JUMP_IF_NOT_EXC_MATCH', 0, 'LOAD_CONST', 0, 'RETURN_VALUE', 0),
                      ('JUMP_ABSOLUTE', 0, 'LOAD_CONST', 0, 'RETURN_VALUE', 0)):
            signal.setitimer(signal.ITIMER_REAL, 0.02)
            assert bad(*units, co_consts=(None, 1, KeyError, ValueError)) == "Late: ", units
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def test_first_signal_in_malloc():
    # What the handler of a signal writes to was allocated when the first one came, in the middle of malloc perhaps.
    program = """if 1:
        import signal
        seen = []
        signal.signal(signal.SIGALRM, lambda *ignored: seen.append(1))
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.0005)
        while len(seen) < 20:
            data = [bytes(size) for size in (600, 700, 900, 1200, 5000)]
        print(len(seen))"""
    for _ in range(8):
        done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True)
        assert done.returncode == 0 and int(done.stdout) >= 20, done.stderr


def test_verify():
    assert _symbols.verify(f.__code__) is None
    assert _symbols.verify(test_blocks.__code__) is None
    assert error(_symbols.verify, 5) == "TypeError: verify() argument must be code, not int"


main(globals())
