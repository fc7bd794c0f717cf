# Operator dispatch: reflected operators, NotImplemented, comparisons, hashing, truth, indexing protocols.
from _run import describe, error, main


OPERATORS = {'+': 'add', '-': 'sub', '*': 'mul', '/': 'truediv', '//': 'floordiv', '%': 'mod', '**': 'pow',
             '<<': 'lshift', '>>': 'rshift', '&': 'and', '|': 'or', '^': 'xor', '@': 'matmul'}


def apply(operator, left, right):
    return eval('left %s right' % operator, {'left': left, 'right': right})


def test_every_binary_operator_calls_its_method():
    class C: pass
    for name in OPERATORS.values():
        setattr(C, f'__{name}__', lambda self, o, n=name: ('left', n, o))
        setattr(C, f'__r{name}__', lambda self, o, n=name: ('right', n, o))
    assert ([apply(op, C(), 1) for op in OPERATORS]
            == [("left", "add", 1), ("left", "sub", 1), ("left", "mul", 1), ("left", "truediv", 1), ("left", "floordiv", 1), ("left", "mod", 1), ("left", "pow", 1), ("left", "lshift", 1), ("left", "rshift", 1), ("left", "and", 1), ("left", "or", 1), ("left", "xor", 1), ("left", "matmul", 1)])
    assert ([apply(op, 1, C()) for op in OPERATORS]
            == [("right", "add", 1), ("right", "sub", 1), ("right", "mul", 1), ("right", "truediv", 1), ("right", "floordiv", 1), ("right", "mod", 1), ("right", "pow", 1), ("right", "lshift", 1), ("right", "rshift", 1), ("right", "and", 1), ("right", "or", 1), ("right", "xor", 1), ("right", "matmul", 1)])


def test_not_implemented_falls_through():
    class A:
        def __add__(self, o): return NotImplemented
    class B:
        def __radd__(self, o): return 'B radd'
    class N:
        def __radd__(self, o): return NotImplemented
    assert A() + B() == "B radd"
    assert error(lambda: A() + N()) == "TypeError: unsupported operand type(s) for +: 'A' and 'N'"
    assert error(lambda: A() + 1) == "TypeError: unsupported operand type(s) for +: 'A' and 'int'"
    assert error(lambda: 1 + A()) == "TypeError: unsupported operand type(s) for +: 'int' and 'A'"
    assert error(lambda: N() + N()) == "TypeError: unsupported operand type(s) for +: 'N' and 'N'"


def test_error_messages_name_both_types():
    class C: pass
    assert (error(lambda: apply('+', C(), 1))
            == "TypeError: unsupported operand type(s) for +: 'C' and 'int'")
    assert (error(lambda: apply('-', C(), 1))
            == "TypeError: unsupported operand type(s) for -: 'C' and 'int'")
    assert (error(lambda: apply('*', C(), 1))
            == "TypeError: unsupported operand type(s) for *: 'C' and 'int'")
    assert (error(lambda: apply('/', C(), 1))
            == "TypeError: unsupported operand type(s) for /: 'C' and 'int'")
    assert (error(lambda: apply('//', C(), 1))
            == "TypeError: unsupported operand type(s) for //: 'C' and 'int'")
    assert (error(lambda: apply('%', C(), 1))
            == "TypeError: unsupported operand type(s) for %: 'C' and 'int'")
    assert (error(lambda: apply('**', C(), 1))
            == "TypeError: unsupported operand type(s) for ** or pow(): 'C' and 'int'")
    assert (error(lambda: apply('<<', C(), 1))
            == "TypeError: unsupported operand type(s) for <<: 'C' and 'int'")
    assert (error(lambda: apply('>>', C(), 1))
            == "TypeError: unsupported operand type(s) for >>: 'C' and 'int'")
    assert (error(lambda: apply('&', C(), 1))
            == "TypeError: unsupported operand type(s) for &: 'C' and 'int'")
    assert (error(lambda: apply('|', C(), 1))
            == "TypeError: unsupported operand type(s) for |: 'C' and 'int'")
    assert (error(lambda: apply('^', C(), 1))
            == "TypeError: unsupported operand type(s) for ^: 'C' and 'int'")
    assert (error(lambda: apply('@', C(), 1))
            == "TypeError: unsupported operand type(s) for @: 'C' and 'int'")
    assert (error(lambda: apply('+', 'a', C()))
            == 'TypeError: can only concatenate str (not "C") to str')
    assert (error(lambda: apply('-', 'a', C()))
            == "TypeError: unsupported operand type(s) for -: 'str' and 'C'")
    assert (error(lambda: apply('*', 'a', C()))
            == "TypeError: can't multiply sequence by non-int of type 'C'")
    assert (error(lambda: apply('**', 'a', C()))
            == "TypeError: unsupported operand type(s) for ** or pow(): 'str' and 'C'")
    assert (error(lambda: apply('@', 'a', C()))
            == "TypeError: unsupported operand type(s) for @: 'str' and 'C'")
    assert (error(lambda: pow(C(), 1))
            == "TypeError: unsupported operand type(s) for ** or pow(): 'C' and 'int'")
    assert (error(lambda: divmod(C(), 1))
            == "TypeError: unsupported operand type(s) for divmod(): 'C' and 'int'")
    assert error(lambda: [] + C()) == 'TypeError: can only concatenate list (not "C") to list'
    assert error(lambda: () + C()) == 'TypeError: can only concatenate tuple (not "C") to tuple'
    assert error(lambda: C() + []) == "TypeError: unsupported operand type(s) for +: 'C' and 'list'"
    assert error(lambda: [] * C()) == "TypeError: can't multiply sequence by non-int of type 'C'"
    assert (error(lambda: {} + {})
            == "TypeError: unsupported operand type(s) for +: 'dict' and 'dict'")
    assert (error(lambda: print >> 1)
            == 'TypeError: unsupported operand type(s) for >>: \'builtin_function_or_method\' and \'int\'. Did you mean "print(<message>, file=<output_stream>)"?')
    assert (error(lambda: print >> C())
            == 'TypeError: unsupported operand type(s) for >>: \'builtin_function_or_method\' and \'C\'. Did you mean "print(<message>, file=<output_stream>)"?')


def test_subclass_on_the_right_goes_first():
    class A:
        def __add__(self, o): return 'A add'
    class B(A):
        def __radd__(self, o): return 'B radd'
    class D(A): pass
    class E(A):
        def __add__(self, o): return 'E add'
    assert A() + B() == "B radd"
    assert A() + D() == "A add"
    assert A() + E() == "A add"
    assert B() + A() == "A add"


def test_same_type_does_not_try_reflected():
    class C:
        def __add__(self, o): return NotImplemented
        def __radd__(self, o): return 'radd'
    assert error(lambda: C() + C()) == "TypeError: unsupported operand type(s) for +: 'C' and 'C'"


def test_attribute_set_to_none_blocks():
    class C:
        __add__ = None
        __radd__ = None
        __iter__ = None
        __contains__ = None
        __hash__ = None
        __len__ = None
        __call__ = None
        __bool__ = None
        __eq__ = None
        __getitem__ = None
    assert error(lambda: C() + 1) == "TypeError: 'NoneType' object is not callable"
    assert error(lambda: 1 + C()) == "TypeError: 'NoneType' object is not callable"
    assert error(lambda: iter(C())) == "TypeError: 'C' object is not iterable"
    assert error(lambda: 1 in C()) == "TypeError: 'C' object is not a container"
    assert error(lambda: hash(C())) == "TypeError: unhashable type: 'C'"
    assert error(lambda: len(C())) == "TypeError: 'NoneType' object is not callable"
    assert error(lambda: C()()) == "TypeError: 'NoneType' object is not callable"
    assert error(lambda: bool(C())) == "TypeError: 'NoneType' object is not callable"
    assert error(lambda: C() == C()) == "TypeError: 'NoneType' object is not callable"
    assert error(lambda: C()[0]) == "TypeError: 'NoneType' object is not callable"
    assert error(lambda: list(C())) == "TypeError: 'C' object is not iterable"


def test_ternary_pow():
    class C:
        def __pow__(self, o, m=None): return ('pow', o, m)
        def __rpow__(self, o): return ('rpow', o)
    assert pow(C(), 2) == ("pow", 2, None)
    assert pow(C(), 2, 3) == ("pow", 2, 3)
    assert 5 ** C() == ("rpow", 5)
    assert (error(lambda: pow(5, C(), 3))
            == "TypeError: unsupported operand type(s) for ** or pow(): 'int', 'C', 'int'")
    assert (error(lambda: pow('a', 1, 2))
            == "TypeError: unsupported operand type(s) for ** or pow(): 'str', 'int', 'int'")
    assert (error(lambda: pow(2, 3, 'a'))
            == "TypeError: unsupported operand type(s) for ** or pow(): 'int', 'int', 'str'")
    assert (error(lambda: pow(2.0, 3, 4))
            == "TypeError: pow() 3rd argument not allowed unless all arguments are integers")


def test_divmod_reflected():
    class C:
        def __divmod__(self, o): return ('d', o)
        def __rdivmod__(self, o): return ('r', o)
    assert divmod(C(), 5) == ("d", 5)
    assert divmod(5, C()) == ("r", 5)


def test_unary():
    class C:
        def __neg__(self): return 'neg'
        def __pos__(self): return 'pos'
        def __invert__(self): return 'inv'
        def __abs__(self): return 'abs'
        def __round__(self, *a): return ('round', a)
        def __floor__(self): return 'floor'
        def __int__(self): return 5
        def __float__(self): return 5.5
        def __complex__(self): return 5j
        def __index__(self): return 6
    c = C()
    assert ((-c, +c, ~c, abs(c), round(c), round(c, 2))
            == ("neg", "pos", "inv", "abs", ("round", ()), ("round", (2,))))
    assert repr((int(c), float(c), complex(c), hex(c))) == "(5, 5.5, 5j, '0x6')"
    class D: pass
    assert error(lambda: -D()) == "TypeError: bad operand type for unary -: 'D'"
    assert error(lambda: +D()) == "TypeError: bad operand type for unary +: 'D'"
    assert error(lambda: ~D()) == "TypeError: bad operand type for unary ~: 'D'"
    assert error(lambda: abs(D())) == "TypeError: bad operand type for abs(): 'D'"
    assert error(lambda: round(D())) == "TypeError: type D doesn't define __round__ method"
    assert (error(lambda: int(D()))
            == "TypeError: int() argument must be a string, a bytes-like object or a real number, not 'D'")
    assert (error(lambda: float(D()))
            == "TypeError: float() argument must be a string or a real number, not 'D'")
    assert (error(lambda: complex(D()))
            == "TypeError: complex() first argument must be a string or a number, not 'D'")
    assert error(lambda: hex(D())) == "TypeError: 'D' object cannot be interpreted as an integer"
    assert (not D()) is False


def test_bad_results_of_conversions():
    class C:
        def __int__(self): return 1.5
        def __float__(self): return 1
        def __complex__(self): return 1
        def __index__(self): return 'a'
        def __bool__(self): return 1
        def __len__(self): return -1
        def __str__(self): return 5
        def __repr__(self): return 5
        def __hash__(self): return 1.5
        def __bytes__(self): return 5
        def __format__(self, s): return 5
        def __iter__(self): return 5
        def __contains__(self, x): return 'yes'
        def __dir__(self): return 5
        def __length_hint__(self): return -1
    c = C()
    assert error(lambda: int(c)) == "TypeError: __int__ returned non-int (type float)"
    assert error(lambda: float(c)) == "TypeError: C.__float__ returned non-float (type int)"
    assert error(lambda: complex(c)) == "TypeError: __complex__ returned non-complex (type int)"
    assert error(lambda: hex(c)) == "TypeError: __index__ returned non-int (type str)"
    assert error(lambda: bool(c)) == "TypeError: __bool__ should return bool, returned int"
    assert error(lambda: len(c)) == "ValueError: __len__() should return >= 0"
    assert error(lambda: str(c)) == "TypeError: __str__ returned non-string (type int)"
    assert error(lambda: repr(c)) == "TypeError: __repr__ returned non-string (type int)"
    assert error(lambda: hash(c)) == "TypeError: __hash__ method should return an integer"
    assert error(lambda: bytes(c)) == "TypeError: __bytes__ returned non-bytes (type int)"
    assert error(lambda: format(c)) == "TypeError: __format__ must return a str, not int"
    assert error(lambda: iter(c)) == "TypeError: iter() returned non-iterator of type 'int'"
    assert (1 in c) is True
    assert error(lambda: dir(c)) == "TypeError: 'int' object is not iterable"
    assert error(lambda: [1][c]) == "TypeError: __index__ returned non-int (type str)"


def test_length_results():
    class L:
        def __init__(self, v): self.v = v
        def __len__(self): return self.v
    assert len(L(5)) == 5
    assert (error(lambda: len(L(2**70)))
            == "OverflowError: cannot fit 'int' into an index-sized integer")
    assert (error(lambda: len(L(1.5)))
            == "TypeError: 'float' object cannot be interpreted as an integer")
    assert (error(lambda: len(L('a')))
            == "TypeError: 'str' object cannot be interpreted as an integer")
    assert len(L(True)) == 1
    assert bool(L(0)) is False
    assert (error(lambda: bool(L(2**70)))
            == "OverflowError: cannot fit 'int' into an index-sized integer")
    assert error(lambda: bool(L(-1))) == "ValueError: __len__() should return >= 0"


def test_truth():
    class A:
        def __bool__(self): return False
    class B:
        def __len__(self): return 0
    class D:
        def __bool__(self): return True
        def __len__(self): return 0
    class E:
        def __bool__(self): raise ValueError('bool')
    assert [bool(A()), bool(B()), bool(D())] == [False, False, True]
    assert error(lambda: not E()) == "ValueError: bool"
    assert error(lambda: E() and 1) == "ValueError: bool"
    assert error(lambda: 1 if E() else 2) == "ValueError: bool"
    assert error(lambda: [x for x in [1] if E()]) == "ValueError: bool"


def test_and_or_return_operands():
    assert (0 or 'a') == "a"
    assert ('' or 0 or []) == []
    assert (1 and 'b') == "b"
    assert ([] and 1) == []
    assert (1 and 2 or 3) == 2
    assert (not 1 == 2) is True
    assert (not (1 and 0)) is True
    assert (5 if [] else 6) == 6


def test_short_circuit():
    log = []
    def n(v):
        log.append(v)
        return v
    n(0) and n(1)
    n(2) or n(3)
    n(4) if n(0) else n(5)
    assert log == [0, 2, 0, 5]


def test_chained_comparison():
    log = []
    def n(v):
        log.append(v)
        return v
    assert (n(1) < n(2) < n(3)) is True
    assert (n(3) < n(2) < n(1)) is False
    assert log == [1, 2, 3, 3, 2]
    assert (1 < 2 > 1 == 1 != 2) is True
    assert (1 < 3 < 2) is False
    assert (1 == 1 in [1]) is True
    assert ('a' in 'ab' in ['ab']) is True


def test_rich_comparison_dispatch():
    class C:
        def __lt__(self, o): return 'lt'
        def __le__(self, o): return 'le'
        def __gt__(self, o): return 'gt'
        def __ge__(self, o): return 'ge'
        def __eq__(self, o): return 'eq'
        def __ne__(self, o): return 'ne'
    c = C()
    assert [c < 1, c <= 1, c > 1, c >= 1, c == 1, c != 1] == ["lt", "le", "gt", "ge", "eq", "ne"]
    assert [1 < c, 1 <= c, 1 > c, 1 >= c, 1 == c, 1 != c] == ["gt", "ge", "lt", "le", "eq", "ne"]


def test_comparison_fallbacks():
    class A:
        def __eq__(self, o): return NotImplemented
    class B:
        def __lt__(self, o): return NotImplemented
    assert (A() == A()) is False
    assert (A() != A()) is True
    assert (error(lambda: B() < B())
            == "TypeError: '<' not supported between instances of 'B' and 'B'")
    assert (error(lambda: B() < 5)
            == "TypeError: '<' not supported between instances of 'B' and 'int'")
    assert (error(lambda: 5 > B())
            == "TypeError: '>' not supported between instances of 'int' and 'B'")
    assert (error(lambda: object() <= 1)
            == "TypeError: '<=' not supported between instances of 'object' and 'int'")
    assert (error(lambda: None < None)
            == "TypeError: '<' not supported between instances of 'NoneType' and 'NoneType'")
    assert (error(lambda: [] >= ())
            == "TypeError: '>=' not supported between instances of 'list' and 'tuple'")
    assert (error(lambda: {} < {})
            == "TypeError: '<' not supported between instances of 'dict' and 'dict'")
    assert (error(lambda: 1 < '1')
            == "TypeError: '<' not supported between instances of 'int' and 'str'")
    assert (error(lambda: 1j > 0)
            == "TypeError: '>' not supported between instances of 'complex' and 'int'")


def test_not_equal_derives_from_equal():
    class C:
        def __eq__(self, o): return True
    class D:
        def __eq__(self, o): return 'truthy'
    class E:
        def __eq__(self, o): return NotImplemented
    assert (C() != 1) is False
    assert (D() != 1) is False
    e = E()
    assert (e != e) is False
    assert (e == e) is True


def test_subclass_comparison_priority():
    class A:
        def __lt__(self, o): return 'A lt'
        def __gt__(self, o): return 'A gt'
    class B(A):
        def __gt__(self, o): return 'B gt'
    assert (A() < B()) == "B gt"
    assert (A() > B()) == "A lt"


def test_hash_rules():
    class A:
        def __eq__(self, o): return True
    class B(A):
        __hash__ = object.__hash__
    class C:
        def __hash__(self): return 2**100
    class D:
        def __hash__(self): return -1
    assert error(lambda: hash(A())) == "TypeError: unhashable type: 'A'"
    assert A.__hash__ is None
    assert isinstance(hash(B()), int) is True
    assert (hash(C()) == hash(2**100)) is True
    assert hash(D()) == -2
    assert (hash(type) == hash(type)) is True
    assert (hash(None) == hash(None)) is True
    assert (hash(...) is not None) is True
    assert (hash(NotImplemented) is not None) is True


def test_not_implemented_in_boolean_context():
    assert (NotImplemented is NotImplemented) is True
    assert repr(NotImplemented) == "NotImplemented"
    assert (type(NotImplemented)() is NotImplemented) is True
    assert (type(...)() is ...) is True
    assert (type(None)() is None) is True
    assert error(lambda: type(None)(1)) == "TypeError: NoneType takes no arguments"


def test_contains():
    class A:
        def __contains__(self, x): return x == 1
    class B:
        def __iter__(self): return iter([1, 2])
    class C:
        def __getitem__(self, i):
            if i > 2: raise IndexError
            return i * 10
    class D: pass
    assert (1 in A()) is True
    assert (2 in A()) is False
    assert (1 not in A()) is False
    assert (2 in B()) is True
    assert (3 in B()) is False
    assert (20 in C()) is True
    assert (5 in C()) is False
    assert error(lambda: 1 in D()) == "TypeError: argument of type 'D' is not iterable"
    assert error(lambda: 1 in 5) == "TypeError: argument of type 'int' is not iterable"
    assert error(lambda: 1 in None) == "TypeError: argument of type 'NoneType' is not iterable"


def test_getitem_protocols():
    class A:
        def __getitem__(self, k): return k
        def __setitem__(self, k, v): log.append((k, v))
        def __delitem__(self, k): log.append(k)
    log = []
    a = A()
    assert (repr([a[1], a[-1], a['x'], a[1:2], a[1, 2], a[...]])
            == "[1, -1, 'x', slice(1, 2, None), (1, 2), Ellipsis]")
    a[-1] = 5
    del a[1:2]
    assert repr(log) == "[(-1, 5), slice(1, 2, None)]"
    class B: pass
    assert error(lambda: B()[0]) == "TypeError: 'B' object is not subscriptable"
    try:
        B()[0] = 1
    except BaseException as exception:
        assert describe(exception) == "TypeError: 'B' object does not support item assignment"
    else:
        assert False, "nothing raised"
    try:
        del B()[0]
    except BaseException as exception:
        assert describe(exception) == "TypeError: 'B' object doesn't support item deletion"
    else:
        assert False, "nothing raised"
    assert error(lambda: 5[0]) == "TypeError: 'int' object is not subscriptable"
    assert error(lambda: None['a']) == "TypeError: 'NoneType' object is not subscriptable"
    assert error(lambda: (lambda: 0)[0]) == "TypeError: 'function' object is not subscriptable"
    try:
        (1)[0] = 1
    except BaseException as exception:
        assert describe(exception) == "TypeError: 'int' object does not support item assignment"
    else:
        assert False, "nothing raised"
    try:
        del 'abc'[0]
    except BaseException as exception:
        assert describe(exception) == "TypeError: 'str' object doesn't support item deletion"
    else:
        assert False, "nothing raised"
    try:
        'abc'[0] = 'x'
    except BaseException as exception:
        assert describe(exception) == "TypeError: 'str' object does not support item assignment"
    else:
        assert False, "nothing raised"


def test_missing_methods():
    class C: pass
    assert error(lambda: len(C())) == "TypeError: object of type 'C' has no len()"
    assert error(lambda: iter(C())) == "TypeError: 'C' object is not iterable"
    assert error(lambda: next(C())) == "TypeError: 'C' object is not an iterator"
    assert error(lambda: reversed(C())) == "TypeError: 'C' object is not reversible"
    assert error(lambda: C()()) == "TypeError: 'C' object is not callable"
    assert error(lambda: abs(C())) == "TypeError: bad operand type for abs(): 'C'"
    assert error(lambda: [1, 2][C()]) == "TypeError: list indices must be integers or slices, not C"
    assert error(lambda: 'abc' + C()) == 'TypeError: can only concatenate str (not "C") to str'
    assert (error(lambda: C() < C())
            == "TypeError: '<' not supported between instances of 'C' and 'C'")
    assert error(lambda: '%d' % C()) == "TypeError: %d format: a real number is required, not C"
    assert error(lambda: bytes(C())) == "TypeError: cannot convert 'C' object to bytes"
    assert error(lambda: chr(C())) == "TypeError: 'C' object cannot be interpreted as an integer"
    assert error(lambda: range(C())) == "TypeError: 'C' object cannot be interpreted as an integer"
    assert error(lambda: round('a')) == "TypeError: type str doesn't define __round__ method"


def test_matrix_multiplication():
    class M:
        def __matmul__(self, o): return ('mat', o)
        def __rmatmul__(self, o): return ('rmat', o)
        def __imatmul__(self, o): return ('imat', o)
    m = M()
    assert m @ 1 == ("mat", 1)
    assert 1 @ m == ("rmat", 1)
    m @= 2
    assert m == ("imat", 2)
    assert error(lambda: 1 @ 2) == "TypeError: unsupported operand type(s) for @: 'int' and 'int'"


def test_operator_precedence():
    assert 2 ** 3 ** 2 == 512
    assert -2 ** 2 == -4
    assert repr(2 ** -1) == "0.5"
    assert 1 + 2 * 3 == 7
    assert (1 | 2 & 3 ^ 1 << 2) == 7
    assert (not 1 or 1) == 1
    assert (1 if 0 else 2 if 0 else 3) == 3
    assert 7 // 2 * 2 + 7 % 2 == 7
    assert -7 // 2 == -4
    assert ~1 + 1 == -1
    assert (1 < 2 and 3 or 4) == 3
    assert 'a' 'b' * 2 == "abab"
    assert (lambda_ if False else 5) == 5
    assert 5 - 3 - 1 == 1
    assert 2 * 3 % 4 == 2
    assert (await_ if 0 else 1) == 1


def test_identity():
    assert (None is None) is True
    assert (() is ()) is True
    assert ([] is []) is False
    a = [1]
    b = a
    assert (a is b) is True
    assert (a is not b) is False
    assert (1 is not None) is True
    assert ((a is a) is True) is True


main(globals())
