# Builtin functions not covered by the files of the types.
import sys

from _run import describe, error, main



def test_abs():
    assert abs(-5) == 5
    assert repr(abs(-2.5)) == "2.5"
    assert repr(abs(3+4j)) == "5.0"
    assert abs(True) == 1
    assert error(lambda: abs('a')) == "TypeError: bad operand type for abs(): 'str'"
    assert abs(-2**70) == 1180591620717411303424


def test_ascii_and_repr():
    assert ascii('a\xe9') == "'a\\xe9'"
    assert ascii(['\u20ac']) == "['\\u20ac']"
    assert repr('a\xe9') == "'a\xe9'"
    class C:
        def __repr__(self): return '\u20ac'
    assert ascii(C()) == "\\u20ac"
    assert repr(C()) == "\u20ac"


def test_bin_oct_hex():
    assert (bin(10), bin(-10), bin(0)) == ("0b1010", "-0b1010", "0b0")
    assert (oct(10), oct(-10), oct(0)) == ("0o12", "-0o12", "0o0")
    assert (hex(10), hex(-10), hex(0)) == ("0xa", "-0xa", "0x0")
    assert (error(lambda: bin(1.5))
            == "TypeError: 'float' object cannot be interpreted as an integer")
    assert error(lambda: hex('a')) == "TypeError: 'str' object cannot be interpreted as an integer"
    assert (error(lambda: oct(None))
            == "TypeError: 'NoneType' object cannot be interpreted as an integer")


def test_callable():
    assert ([callable(x) for x in [len, int, lambda: 0, 5, 'a', None, type]]
            == [True, True, True, False, False, False, True])
    class C:
        def __call__(self): pass
    assert callable(C()) is True
    assert callable(C) is True


def test_chr_and_ord():
    assert chr(97) == "a"
    assert ord('a') == 97
    assert chr(0x1f600) == "\U0001f600"
    assert ord('\U0001f600') == 128512
    assert ord(bytearray(b'a')) == 97
    assert (error(lambda: ord(None))
            == "TypeError: ord() expected string of length 1, but NoneType found")


def test_compile_modes():
    assert eval(compile('1 + 2', 'f', 'eval')) == 3
    ns = {}
    exec(compile('x = 5', 'f', 'exec'), ns)
    assert ns['x'] == 5
    assert error(lambda: compile('x = 1', 'f', 'eval')) == "SyntaxError: invalid syntax (f, line 1)"
    assert (error(lambda: compile('1', 'f', 'nope'))
            == "ValueError: compile() mode must be 'exec', 'eval' or 'single'")
    assert type(compile('1', 'f', 'exec', flags=2**20)).__name__ == "code"
    assert (error(lambda: compile('1', 'f', 'exec', 0, False, 5))
            == "ValueError: compile(): invalid optimize value")
    assert (error(lambda: compile(5, 'f', 'exec'))
            == "TypeError: compile() arg 1 must be a string, bytes or AST object")
    assert (error(lambda: compile('a\0b', 'f', 'exec'))
            == "SyntaxError: source code string cannot contain null bytes")
    assert type(compile(b'x = 1', 'f', 'exec')).__name__ == "code"
    assert compile(b'# coding: latin-1\nx = "\xe9"', 'f', 'exec').co_consts[0] == "\xe9"
    assert (error(lambda: compile(b'x = "\xe9"', 'f', 'exec'))
            == "SyntaxError: (unicode error) 'utf-8' codec can't decode byte 0xe9 in position 0: unexpected end of data (f, line 1)")
    assert (error(lambda: compile(b'# coding: nope\n', 'f', 'exec'))
            == "SyntaxError: unknown encoding: nope (f, line 0)")
    assert type(compile('', 'f', 'exec')).__name__ == "code"
    assert error(lambda: compile('', 'f', 'eval')) == "SyntaxError: invalid syntax (f, line 0)"
    assert (error(lambda: compile('1', 5, 'exec'))
            == "TypeError: expected str, bytes or os.PathLike object, not int")
    assert type(compile('1', b'bytes', 'exec')).__name__ == "code"
    assert type(compile('assert 0', 'f', 'exec', optimize=1)).__name__ == "code"


def test_compile_optimise_levels():
    src = '"doc"\nassert False\nx = __debug__'
    ns = {}
    exec(compile(src, 'f', 'exec', optimize=2), ns)
    assert error(lambda: (ns['x'], ns['__doc__'])) == "KeyError: '__doc__'"
    ns = {}
    exec(compile(src, 'f', 'exec', optimize=1), ns)
    assert (ns['x'], ns['__doc__']) == (False, "doc")


def test_compile_single_prints():
    out = []
    old = sys.displayhook
    sys.displayhook = out.append
    try:
        exec(compile('1 + 1; "a"; None', 'f', 'single'))
    finally:
        sys.displayhook = old
    assert out == [2, "a", None]
    assert (error(lambda: compile('x = 1\ny = 2', 'f', 'single'))
            == "SyntaxError: multiple statements found while compiling a single statement (f, line 1)")
    assert (error(lambda: compile('if 1: pass', 'f', 'single'))
            == "SyntaxError: invalid syntax (f, line 1)")


def test_delattr_setattr_getattr_hasattr():
    class C: x = 1
    c = C()
    setattr(c, 'y', 2)
    assert getattr(c, 'y') == 2
    delattr(c, 'y')
    assert hasattr(c, 'y') is False
    assert getattr(c, 'y', 5) == 5
    assert error(lambda: getattr(c, 'zz')) == "AttributeError: 'C' object has no attribute 'zz'"
    assert error(lambda: delattr(c, 'zz')) == "AttributeError: 'C' object has no attribute 'zz'"
    assert hasattr(5, 'real') is True
    class E:
        @property
        def bad(self): raise ValueError('v')
    assert error(lambda: hasattr(E(), 'bad')) == "ValueError: v"
    assert error(lambda: getattr(E(), 'bad', 1)) == "ValueError: v"


def test_dir():
    assert dir()[:0] == []
    class C:
        b = 1
        a = 2
    assert [n for n in dir(C) if not n.startswith('_')] == ["a", "b"]
    assert ('append' in dir([])) is True
    assert dir(5)[:3] == ["__abs__", "__add__", "__and__"]
    assert repr(type(dir(5))) == "<class 'list'>"
    def f():
        z = 1
        a = 2
        return dir()
    assert f() == ["a", "z"]


def test_divmod():
    assert divmod(7, 3) == (2, 1)
    assert divmod(-7, 3) == (-3, 2)
    assert repr(divmod(7.5, 2)) == "(3.0, 1.5)"
    assert error(lambda: divmod(1, 0)) == "ZeroDivisionError: integer division or modulo by zero"
    assert (error(lambda: divmod('a', 1))
            == "TypeError: unsupported operand type(s) for divmod(): 'str' and 'int'")


def test_eval_and_exec():
    assert eval('1 + 1') == 2
    assert eval(' 1') == 1
    assert eval('1\n') == 1
    assert eval('x', {'x': 5}) == 5
    assert error(lambda: eval('x = 1')) == "SyntaxError: invalid syntax (<string>, line 1)"
    assert error(lambda: eval('')) == "SyntaxError: invalid syntax (<string>, line 0)"
    assert (error(lambda: eval(5))
            == "TypeError: eval() arg 1 must be a string, bytes or code object")
    assert eval(b'2 * 3') == 6
    assert (eval('1', globals=5) if False else eval('a', {'a': 1}, {'a': 2})) == 2
    assert exec('x', {'x': 1}) is None
    assert error(lambda: exec('raise ValueError("from exec")')) == "ValueError: from exec"
    assert error(lambda: exec('x', 5)) == "TypeError: exec() globals must be a dict, not int"
    assert error(lambda: exec('x', {}, 5)) == "TypeError: locals must be a mapping or None, not int"
    assert eval(compile('x', 'f', 'eval'), {'x': 3}) == 3
    assert exec(compile('def f(): return 7', 'f', 'exec')) is None
    assert (error(lambda: exec('1', closure=()))
            == "TypeError: closure can only be used when source is a code object")
    assert eval('lambda: 5')() == 5
    assert eval('[x for x in range(3)]') == [0, 1, 2]
    try:
        eval('yield 1')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: invalid syntax (<string>, line 1)"
    else:
        assert False, "nothing raised"
    assert (eval('(yield)') if False else eval('1 if 0 else 2')) == 2


def test_exec_with_closure():
    def outer():
        x = 5
        def inner(): return x
        return inner
    f = outer()
    assert (error(lambda: eval(f.__code__))
            == "TypeError: code object passed to eval() may not contain free variables")
    assert exec(f.__code__, closure=f.__closure__) is None
    assert (error(lambda: exec(f.__code__, closure=()))
            == "TypeError: code object requires a closure of exactly length 1")
    assert (error(lambda: exec(f.__code__, closure=5))
            == "TypeError: code object requires a closure of exactly length 1")


def test_filter_of_types_in_isinstance():
    assert isinstance(True, int) is True
    assert isinstance(5, (str, int)) is True
    assert isinstance([], list | dict) is True
    assert (error(lambda: isinstance(5, list[int]))
            == "TypeError: isinstance() argument 2 cannot be a parameterized generic")
    assert issubclass(bool, int) is True
    assert issubclass(int, (str, object)) is True
    assert (error(lambda: issubclass(int, list[int]))
            == "TypeError: issubclass() argument 2 cannot be a parameterized generic")
    assert isinstance(1, int | None) is True
    assert isinstance(None, int | None) is True
    assert (error(lambda: isinstance(1, None))
            == "TypeError: isinstance() arg 2 must be a type, a tuple of types, or a union")


def test_globals_and_locals():
    assert globals()['__name__'] == "__main__"
    assert type(globals()).__name__ == "dict"


def test_hash():
    assert (hash(1) == hash(True) == hash(1.0)) is True
    assert (hash('a') == hash('a')) is True
    assert error(lambda: hash([])) == "TypeError: unhashable type: 'list'"
    assert error(lambda: hash({})) == "TypeError: unhashable type: 'dict'"
    assert (hash(slice(1, 2)) == hash(slice(1, 2))) is True


def test_id():
    a = []
    assert (id(a) == id(a)) is True
    assert repr(type(id(a))) == "<class 'int'>"
    assert (id(a) != id([])) is True
    assert error(lambda: id()) == "TypeError: id() takes exactly one argument (0 given)"


def test_len():
    assert len('abc') == 3
    assert len({1: 2}) == 1
    assert len(range(5)) == 5
    assert error(lambda: len(5)) == "TypeError: object of type 'int' has no len()"
    assert error(lambda: len(None)) == "TypeError: object of type 'NoneType' has no len()"
    assert error(lambda: len(int)) == "TypeError: object of type 'type' has no len()"


def test_pow():
    assert pow(2, 10) == 1024
    assert pow(2, 10, 7) == 2
    assert pow(2, -1, 7) == 4
    assert error(lambda: pow(2, 3, 0)) == "ValueError: pow() 3rd argument cannot be 0"
    assert repr(pow(2.5, 2)) == "6.25"
    assert (pow(2, 0.5) > 1.41) is True
    assert pow(base=2, exp=3) == 8
    assert pow(2, 3, None) == 8
    assert repr(pow(4, -2)) == "0.0625"
    assert (error(lambda: pow(6, -1, 9))
            == "ValueError: base is not invertible for the given modulus")
    assert (error(lambda: pow('a', 2))
            == "TypeError: unsupported operand type(s) for ** or pow(): 'str' and 'int'")


def test_print():
    class W:
        def __init__(self): self.parts = []
        def write(self, s): self.parts.append(s)
        def flush(self): self.parts.append('flushed')
    w = W()
    print(1, 'a', None, file=w)
    print(1, 2, sep='-', end='!', file=w)
    print(file=w)
    print('x', sep=None, end=None, file=w, flush=True)
    assert (w.parts
            == ["1", " ", "a", " ", "None", "\n", "1", "-", "2", "!", "\n", "x", "\n", "flushed"])
    assert (error(lambda: print(1, file=5))
            == "AttributeError: 'int' object has no attribute 'write'")
    assert error(lambda: print(sep=5)) == "TypeError: sep must be None or a string, not int"
    assert error(lambda: print(end=5)) == "TypeError: end must be None or a string, not int"
    assert print('a', file=W(), flush=1) is None


def test_print_to_none():
    old = sys.stdout
    sys.stdout = None
    try:
        r = print('nowhere')
    finally:
        sys.stdout = old
    assert r is None


def test_round():
    assert round(2.5) == 2
    assert round(3.5) == 4
    assert repr(round(2.675, 2)) == "2.67"
    assert round(-2.5) == -2
    assert round(15, -1) == 20
    assert round(25, -1) == 20
    assert round(1.5, None) == 2
    assert round(5) == 5
    assert round(1e20) == 100000000000000000000
    assert error(lambda: round('a')) == "TypeError: type str doesn't define __round__ method"
    assert repr(round(1.25, 1)) == "1.2"
    assert error(lambda: round(float('nan'))) == "ValueError: cannot convert float NaN to integer"
    assert round(123456, -3) == 123000
    assert round(True) == 1


def test_slice_objects():
    assert slice(1, 5).indices(3) == (1, 3, 1)
    assert slice(None, None, -1).indices(3) == (2, -1, -1)
    assert (slice(1) == slice(None, 1, None)) is True
    assert slice(1, 2).start == 1


def test_type():
    assert repr(type(5)) == "<class 'int'>"
    assert (type('a') is str) is True
    assert repr(type(type)) == "<class 'type'>"
    assert error(lambda: type(5, 5)) == "TypeError: type() takes 1 or 3 arguments"
    assert type('X', (), {}).__name__ == "X"


def test_vars():
    class C:
        def __init__(self): self.a = 1
    assert vars(C()) == {"a": 1}
    assert error(lambda: vars(5)) == "TypeError: vars() argument must have __dict__ attribute"
    assert sorted(k for k in vars(C) if k == '__init__') == ["__init__"]


def test_import_function():
    assert (__import__('sys') is sys) is True
    assert (error(lambda: __import__('no_such_module_at_all'))
            == "ModuleNotFoundError: No module named 'no_such_module_at_all'")
    assert error(lambda: __import__('')) == "ValueError: Empty module name"
    assert error(lambda: __import__(5)) == "TypeError: module name must be a string"
    assert error(lambda: __import__('sys', level=-1)) == "ValueError: level must be >= 0"
    assert (__import__('builtins').len is len) is True


def test_build_class():
    assert error(lambda: __build_class__()) == "TypeError: __build_class__: not enough arguments"
    assert (error(lambda: __build_class__(5, 'a'))
            == "TypeError: __build_class__: func must be a function")
    assert (error(lambda: __build_class__(lambda: None, 5))
            == "TypeError: __build_class__: name is not a string")
    assert __build_class__(lambda: None, 'C').__name__ == "C"


def test_object_repr():
    class C: pass
    assert repr(C()).split(' at ')[0].endswith('.C object') is True
    assert repr(C).endswith(".C'>") is True
    assert repr(len) == "<built-in function len>"
    assert repr(print) == "<built-in function print>"
    assert repr([].append).startswith('<built-in method append of list object at') is True
    assert repr(lambda: 0).startswith('<function ') is True
    assert repr(sys) == "<module 'sys' (built-in)>"
    assert repr(type(sys)('m')) == "<module 'm'>"
    assert repr(...) == "Ellipsis"
    assert repr(int) == "<class 'int'>"
    assert repr(type) == "<class 'type'>"


def test_builtins_module():
    import builtins
    assert (builtins.len is len) is True
    assert builtins.__name__ == "builtins"
    assert (builtins.True_ if hasattr(builtins, 'True_') else 'none') == "none"
    assert ([n for n in dir(builtins) if n[0].isupper() and n.endswith('Warning')]
            == ["BytesWarning", "DeprecationWarning", "EncodingWarning", "FutureWarning", "ImportWarning", "PendingDeprecationWarning", "ResourceWarning", "RuntimeWarning", "SyntaxWarning", "UnicodeWarning", "UserWarning", "Warning"])
    assert builtins.__debug__ is True
    assert len([n for n in dir(builtins) if not n.startswith('_')]) == 150


def test_docstrings():
    assert bool(len.__doc__) is True
    assert bool(print.__doc__) is True
    assert bool(int.__doc__) is True
    assert bool(str.upper.__doc__) is True
    assert bool([].append.__doc__) is True
    assert bool(object.__doc__) is True
    assert bool(type.__doc__) is True
    assert bool(dict.get.__doc__) is True
    assert bool(sorted.__doc__) is True


def test_keyword_arguments_of_builtins():
    assert sorted('ba', reverse=True) == ["b", "a"]
    assert sum([1], start=2) == 3
    assert repr(round(1.55, ndigits=1)) == "1.6"
    assert enumerate('a', start=1).__next__() == (1, "a")
    assert int('11', base=2) == 3
    assert str(object=5) == "5"
    assert repr(complex(real=1, imag=2)) == "(1+2j)"
    assert bytes(source=b'a') == b'a'
    assert pow(base=2, exp=2, mod=3) == 1
    assert list(zip('a', 'b', strict=False)) == [("a", "b")]
    assert compile(source='1', filename='f', mode='eval').co_filename == "f"
    assert print(*[], sep='', end='') is None
    assert max([1], key=None, default=1) == 1
    assert bool.from_bytes(bytes=b'\x01', byteorder='big') is True
    assert 'a-b'.split(sep='-', maxsplit=1) == ["a", "b"]
    assert 'x'.encode(encoding='ascii', errors='strict') == b'x'


def test_simple_namespace():
    NS = type(sys.implementation)
    n = NS(a=1, b='x')
    assert repr(n) == "namespace(a=1, b='x')"
    assert n.a == 1
    n.c = 3
    assert (n == NS(a=1, b='x', c=3)) is True
    assert (n == 5) is False
    assert repr(NS()) == "namespace()"
    assert repr(NS({'k': 1}, z=2)) == "namespace(k=1, z=2)"
    assert error(lambda: NS(5)) == "TypeError: 'int' object is not iterable"
    assert (error(lambda: NS(1, 2))
            == "TypeError: SimpleNamespace expected at most 1 argument, got 2")
    del n.a
    assert repr(n) == "namespace(b='x', c=3)"
    n.self = n
    assert repr(n) == "namespace(b='x', c=3, self=namespace(...))"
    assert n.__dict__['b'] == "x"


def test_module_type():
    M = type(sys)
    m = M('name', 'doc')
    assert ((m.__name__, m.__doc__, m.__loader__, m.__spec__, m.__package__)
            == ("name", "doc", None, None, None))
    m.x = 5
    assert m.x == 5
    assert error(lambda: m.missing) == "AttributeError: module 'name' has no attribute 'missing'"
    del m.__name__
    assert repr(m) == "<module '?'>"
    assert error(lambda: m.missing) == "AttributeError: module has no attribute 'missing'"
    assert error(lambda: M()) == "TypeError: module() missing required argument 'name' (pos 1)"
    assert error(lambda: M(5)) == "TypeError: module() argument 'name' must be str, not int"
    n = M('n')
    n.__getattr__ = lambda name: 'dynamic ' + name
    assert n.anything == "dynamic anything"
    n.__dir__ = lambda: ['b', 'a']
    assert dir(n) == ["a", "b"]
    try:
        m.__dict__ = {}
    except BaseException as exception:
        assert describe(exception) == "AttributeError: readonly attribute"
    else:
        assert False, "nothing raised"


def test_mappingproxy():
    P = type(int.__dict__)
    p = P({'a': 1})
    assert repr(p) == "mappingproxy({'a': 1})"
    assert p['a'] == 1
    assert p.get('b', 5) == 5
    assert list(p) == ["a"]
    assert ('a' in p) is True
    assert len(p) == 1
    assert p | {'b': 2} == {"a": 1, "b": 2}
    assert {'b': 2} | p == {"b": 2, "a": 1}
    try:
        p['a'] = 2
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: 'mappingproxy' object does not support item assignment")
    else:
        assert False, "nothing raised"
    try:
        del p['a']
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: 'mappingproxy' object does not support item deletion")
    else:
        assert False, "nothing raised"
    assert (p == {'a': 1}) is True
    assert p.copy() == {"a": 1}
    assert error(lambda: P(5)) == "TypeError: mappingproxy() argument must be a mapping, not int"
    assert repr(P([1]) if False else p.keys()) == "dict_keys(['a'])"
    assert error(lambda: hash(p)) == "TypeError: unhashable type: 'dict'"
    assert reversed(p).__next__() == "a"
    assert error(lambda: p['zz']) == "KeyError: 'zz'"


main(globals())
