# The match statement.
from _run import error, main



def test_literal_patterns():
    def f(x):
        match x:
            case 0: return 'zero'
            case -1: return 'minus'
            case 1.5: return 'float'
            case 'a' | 'b': return 'letter'
            case b'x': return 'bytes'
            case None: return 'none'
            case True: return 'true'
            case 2+3j: return 'complex'
            case 'con' 'cat': return 'joined'
        return 'other'
    assert f(0) == "zero"
    assert f(0.0) == "zero"
    assert f(False) == "zero"
    assert f(-1) == "minus"
    assert f(1.5) == "float"
    assert f('a') == "letter"
    assert f('b') == "letter"
    assert f(b'x') == "bytes"
    assert f(None) == "none"
    assert f(True) == "true"
    assert f(1) == "other"
    assert f(2+3j) == "complex"
    assert f('concat') == "joined"
    assert f([]) == "other"
    assert f('c') == "other"


def test_capture_and_wildcard():
    def f(x):
        match x:
            case [a, _]: return a
            case _: return 'any'
    assert f([1, 2]) == 1
    assert f([1]) == "any"
    def g(x):
        match x:
            case y: return y
    assert g(5) == 5


def test_sequence_patterns():
    def f(x):
        match x:
            case []: return 'empty'
            case [a]: return ('one', a)
            case [a, b]: return ('two', a, b)
            case [a, *rest, z]: return ('many', a, rest, z)
    assert f([]) == "empty"
    assert f(()) == "empty"
    assert f([1]) == ("one", 1)
    assert f((1, 2)) == ("two", 1, 2)
    assert f([1, 2, 3, 4]) == ("many", 1, [2, 3], 4)
    assert f(range(3)) == ("many", 0, [1], 2)
    assert f('ab') is None
    assert f(b'ab') is None
    assert f({1, 2}) is None
    assert f({'a': 1}) is None
    assert f(bytearray(b'ab')) is None
    assert f(memoryview(b'ab')) == ("two", 97, 98)
    assert f(iter([1])) is None
    assert f(5) is None


def test_star_positions():
    def f(x):
        match x:
            case [*head, 1]: return ('end', head)
            case [1, *tail]: return ('start', tail)
            case [*_, 2, ]: return 'two'
            case [a, *_, b] if a == b: return ('same', a)
        return None
    assert f([5, 1]) == ("end", [5])
    assert f([1, 5]) == ("start", [5])
    assert f([2]) == "two"
    assert f([7, 8, 7]) == ("same", 7)
    assert f([7]) is None
    assert f([]) is None
    assert f([1]) == ("end", [])


def test_mapping_patterns():
    def f(x):
        match x:
            case {'a': 1, 'b': y}: return ('ab', y)
            case {'a': v, **rest}: return ('a', v, rest)
            case {}: return 'mapping'
        return 'not'
    assert f({'a': 1, 'b': 2}) == ("ab", 2)
    assert f({'a': 2, 'c': 3}) == ("a", 2, {"c": 3})
    assert f({}) == "mapping"
    assert f({'z': 1}) == "mapping"
    assert f([]) == "not"
    assert f([('a', 1)]) == "not"
    assert f(5) == "not"


def test_mapping_keys_may_be_dotted_and_literals():
    class K: key = 'k'
    def f(x):
        match x:
            case {K.key: v}: return v
            case {1: v, None: w}: return v, w
            case {-1: v}: return v
        return 'none'
    assert f({'k': 5}) == 5
    assert f({1: 2, None: 3}) == (2, 3)
    assert f({-1: 'neg'}) == "neg"
    assert f({True: 5}) == "none"


def test_mapping_uses_get():
    class D(dict):
        def __missing__(self, k): return 'made'
    def f(x):
        match x:
            case {'zz': v}: return v
        return 'no'
    assert f(D()) == "no"


def test_duplicate_keys_at_run_time():
    class K: a = b = 'same'
    def f(x):
        match x:
            case {K.a: 1, K.b: 2}: return 1
    assert f({'same': 1}) is None


def test_class_patterns():
    class P:
        __match_args__ = ('x', 'y')
        def __init__(self, x, y): self.x, self.y = x, y
    def f(v):
        match v:
            case P(0, 0): return 'origin'
            case P(x, 0): return ('on x', x)
            case P(x=0, y=y): return ('on y', y)
            case P(x, y=y): return (x, y)
        return 'no'
    assert f(P(0, 0)) == "origin"
    assert f(P(1, 0)) == ("on x", 1)
    assert f(P(0, 2)) == ("on y", 2)
    assert f(P(3, 4)) == (3, 4)
    assert f(5) == "no"


def test_builtin_class_patterns():
    def f(v):
        match v:
            case bool(b): return ('bool', b)
            case int(i): return ('int', i)
            case str(s): return ('str', s)
            case float() as x: return ('float', x)
            case [int(), str(t)]: return ('pair', t)
            case dict(d): return ('dict', d)
            case list(l) | tuple(l): return ('seq', l)
            case bytes(b) | bytearray(b): return ('bytes', b)
            case set(s): return ('set', s)
        return 'no'
    assert f(True) == ("bool", True)
    assert f(5) == ("int", 5)
    assert f('a') == ("str", "a")
    assert repr(f(1.5)) == "('float', 1.5)"
    assert f([1, 'x']) == ("pair", "x")
    assert f({'k': 1}) == ("dict", {"k": 1})
    assert f([2]) == ("seq", [2])
    assert f((3,)) == ("seq", (3,))
    assert f(b'q') == ("bytes", b'q')
    assert f({1}) == ("set", {1})
    assert f(None) == "no"
    assert f(frozenset()) == "no"


def test_class_pattern_errors():
    class P: __match_args__ = ('x',)
    class Q: pass
    class R: __match_args__ = ['x']
    class S: __match_args__ = (5,)
    class T: __match_args__ = ('x', 'x')
    class U: __match_args__ = ('x',)
    def p(v):
        match v:
            case P(1, 2): return 1
    def q(v):
        match v:
            case Q(1): return 1
    def r(v):
        match v:
            case R(1): return 1
    def s(v):
        match v:
            case S(1): return 1
    def t(v):
        match v:
            case T(1, 2): return 1
    def u(v):
        match v:
            case U(1, x=1): return 1
            case _: return 'no'
    def i(v):
        match v:
            case int(1, 2): return 1
    def n(v):
        five = 5
        match v:
            case five(): return 1
    assert error(lambda: p(P())) == "TypeError: P() accepts 1 positional sub-pattern (2 given)"
    assert error(lambda: q(Q())) == "TypeError: Q() accepts 0 positional sub-patterns (1 given)"
    assert error(lambda: r(R())) == "TypeError: R.__match_args__ must be a tuple (got list)"
    assert error(lambda: s(S())) == "TypeError: __match_args__ elements must be strings (got int)"
    o = T()
    o.x = 1
    assert error(lambda: t(o)) == "TypeError: T() got multiple sub-patterns for attribute 'x'"
    o = U()
    o.x = 1
    assert error(lambda: u(o)) == "TypeError: U() got multiple sub-patterns for attribute 'x'"
    assert error(lambda: i(5)) == "TypeError: int() accepts 1 positional sub-pattern (2 given)"
    assert error(lambda: n(5)) == "TypeError: called match pattern must be a class"


def test_class_pattern_with_properties():
    class C:
        @property
        def x(self): raise ValueError('inside')
        @property
        def y(self): raise AttributeError('inside')
    def f(v):
        match v:
            case C(y=1): return 'y'
            case C(x=1): return 'x'
    assert error(lambda: f(C())) == "ValueError: inside"


def test_or_patterns_bind_the_same_names():
    def f(v):
        match v:
            case (1, x) | [x, 2] | {'k': x}: return x
            case (x, y) | [x, y, _]: return x, y
    assert f((1, 5)) == 5
    assert f([6, 2]) == 6
    assert f({'k': 7}) == 7
    assert f((8, 9)) == (8, 9)
    assert f((8, 9, 10)) == (8, 9)


def test_as_patterns():
    def f(v):
        match v:
            case [int() as a, (str() | None) as b] as whole: return a, b, whole
            case (1 | 2) as n: return n
    assert f([1, 'x']) == (1, "x", [1, "x"])
    assert f([1, None]) == (1, None, [1, None])
    assert f(2) == 2
    assert f(3) is None


def test_guards():
    log = []
    def f(v):
        match v:
            case x if log.append(x): return 'never'
            case x if x > 10: return 'big'
            case x if x < 0: return 'neg'
            case _: return 'mid'
    assert f(11) == "big"
    assert f(-1) == "neg"
    assert f(5) == "mid"
    assert log == [11, -1, 5]


def test_names_stay_bound_after_failing_guard():
    def f(v):
        match v:
            case [x, y] if False: pass
            case _: pass
        return x, y
    assert f([1, 2]) == (1, 2)


def test_subject_forms():
    def f(a, b):
        match a, b:
            case 1, 2: return 'one two'
            case 1, *_: return 'one'
            case (x, y): return x
    assert f(1, 2) == "one two"
    assert f(1, 3) == "one"
    assert f(5, 6) == 5
    def g(*a):
        match *a,:
            case (x,): return x
            case _: return len(a)
    assert g(1) == 1
    assert g(1, 2) == 2
    match (n := 5):
        case 5: r = n
    assert r == 5


def test_value_patterns():
    class Color:
        RED = 1
        class Deep: VALUE = 'v'
    def f(x):
        match x:
            case Color.RED: return 'red'
            case Color.Deep.VALUE: return 'deep'
        return 'no'
    assert f(1) == "red"
    assert f('v') == "deep"
    assert f(2) == "no"


def test_value_patterns_use_equality():
    class Any:
        def __eq__(self, other): return True
    class V: a = Any()
    match 'whatever':
        case V.a: r = 'matched'
    assert r == "matched"


def test_literals_compare_but_singletons_use_identity():
    class AlwaysEqual:
        def __eq__(self, o): return True
    def f(x):
        match x:
            case None: return 'none'
            case True: return 'true'
            case 5: return 'five'
    assert f(AlwaysEqual()) == "five"
    assert f(1) is None


def test_sequences_by_abc_flag():
    class L(list): pass
    class T(tuple): pass
    class Fake:
        def __len__(self): return 1
        def __getitem__(self, i): return i
    def f(x):
        match x:
            case [a]: return a
        return 'no'
    assert f(L([1])) == 1
    assert f(T([2])) == 2
    assert f(Fake()) == "no"


def test_evaluation_order_of_subpatterns():
    log = []
    class C:
        def __init__(self, n): self.n = n
        def __eq__(self, o):
            log.append((self.n, o))
            return self.n == o
    match [C(1), C(2), C(3)]:
        case [1, 5, 3]: pass
        case [1, 2, 3]: log.append('matched')
    assert log == [(1, 1), (2, 5), (1, 1), (2, 2), (3, 3), "matched"]


def test_nested_structures():
    def f(d):
        match d:
            case {'type': 'point', 'at': [int(x), int(y)], **rest}: return x, y, rest
            case {'type': 'list', 'items': [{'id': first}, *others]}: return first, len(others)
            case [['a', *_] as inner, {'k': (1 | 2 as n)}]: return inner, n
        return 'no'
    assert f({'type': 'point', 'at': [1, 2], 'z': 3}) == (1, 2, {"z": 3})
    assert f({'type': 'list', 'items': [{'id': 7}, 1, 2]}) == (7, 2)
    assert f([['a', 'b'], {'k': 2}]) == (["a", "b"], 2)
    assert f({'type': 'point', 'at': [1, 'x']}) == "no"


def test_soft_keywords_are_names():
    match = 1
    case = 2
    _ = 3
    type = 4
    assert match + case + _ + type == 10
    match[0:1] if False else match
    assert match == 1
    def f(match, case): return match * case
    assert f(3, 4) == 12
    assert (lambda match: match)(5) == 5
    print_ = match, case
    assert print_ == (1, 2)


def test_no_case_matches():
    def f(x):
        match x:
            case 1: return 'one'
    assert f(2) is None


def test_match_in_loops_with_break_and_continue():
    out = []
    for v in [1, 2, 3, 4, 5]:
        match v:
            case 2: continue
            case 4: break
            case _: out.append(v)
    assert out == [1, 3]


def test_return_from_nested_match():
    def f(x):
        match x:
            case [y]:
                match y:
                    case 1: return 'inner'
                return 'after'
        return 'outer'
    assert f([1]) == "inner"
    assert f([2]) == "after"
    assert f(1) == "outer"


def test_syntax_errors():
    assert (error(lambda: compile('match x:\n case a: pass\n case 1: pass', 'f', 'exec'))
            == "SyntaxError: name capture 'a' makes remaining patterns unreachable (f, line 2)")
    assert (error(lambda: compile('match x:\n case _: pass\n case 1: pass', 'f', 'exec'))
            == "SyntaxError: wildcard makes remaining patterns unreachable (f, line 2)")
    assert (error(lambda: compile('match x:\n case a | 1: pass', 'f', 'exec'))
            == "SyntaxError: name capture 'a' makes remaining patterns unreachable (f, line 2)")
    assert (error(lambda: compile('match x:\n case (1, a) | (2, b): pass', 'f', 'exec'))
            == "SyntaxError: alternative patterns bind different names (f, line 2)")
    assert (error(lambda: compile('match x:\n case [a, a]: pass', 'f', 'exec'))
            == "SyntaxError: multiple assignments to name 'a' in pattern (f, line 2)")
    assert (error(lambda: compile('match x:\n case [*a, *b]: pass', 'f', 'exec'))
            == "SyntaxError: multiple starred names in sequence pattern (f, line 2)")
    assert (error(lambda: compile('match x:\n case {**a, "b": c}: pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 2)")
    assert (error(lambda: compile('match x:\n case {"a": 1, "a": 2}: pass', 'f', 'exec'))
            == "SyntaxError: mapping pattern checks duplicate key ('a') (f, line 2)")
    assert (error(lambda: compile('match x:\n case {**_}: pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 2)")
    assert (error(lambda: compile('match x:\n case {a: 1}: pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 2)")
    assert (error(lambda: compile('match x:\n case f(a=1, a=2): pass', 'f', 'exec'))
            == "SyntaxError: attribute name repeated in class pattern: a (f, line 2)")
    assert (error(lambda: compile('match x:\n case f(a=1, 2): pass', 'f', 'exec'))
            == "SyntaxError: positional patterns follow keyword patterns (f, line 2)")
    assert (error(lambda: compile('match x:\n case 1 + 1: pass', 'f', 'exec'))
            == "SyntaxError: imaginary number required in complex literal (f, line 2)")
    assert (error(lambda: compile('match x:\n case 1 as _: pass', 'f', 'exec'))
            == "SyntaxError: cannot use '_' as a target (f, line 2)")
    assert (error(lambda: compile('match x:\n case 1 as a.b: pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 2)")
    assert (error(lambda: compile('match x:\n pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 2)")
    assert (error(lambda: compile('match x:\n case -a: pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 2)")
    assert (error(lambda: compile('match x:\n case f"a": pass', 'f', 'exec'))
            == "SyntaxError: patterns may only match literals and attribute lookups (f, line 2)")
    assert (error(lambda: compile('match x:\n case *a: pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 2)")
    assert (error(lambda: compile('match x:\n case 1', 'f', 'exec'))
            == "SyntaxError: expected ':' (f, line 2)")
    assert (error(lambda: compile('match x: case 1: pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('match x:\n case a, b | c: pass', 'f', 'exec'))
            == "SyntaxError: name capture 'b' makes remaining patterns unreachable (f, line 2)")
    assert (error(lambda: compile('case 1: pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('match x:\n case {-1-1: a}: pass', 'f', 'exec'))
            == "SyntaxError: imaginary number required in complex literal (f, line 2)")
    assert (error(lambda: compile('match x:\n case 1 as (a): pass', 'f', 'exec'))
            == "SyntaxError: invalid pattern target (f, line 2)")


main(globals())
