# The standard library, a first test for each of its common modules.
import sys

from _run import describe, error, main



def test_collections():
    from collections import Counter, OrderedDict, defaultdict, deque, namedtuple, ChainMap
    assert Counter('abca').most_common() == [("a", 2), ("b", 1), ("c", 1)]
    assert repr(Counter(a=2) + Counter(a=1, b=3)) == "Counter({'a': 3, 'b': 3})"
    d = defaultdict(list)
    d['x'].append(1)
    assert repr(d) == "defaultdict(<class 'list'>, {'x': [1]})"
    assert d['y'] == []
    q = deque([1, 2, 3], maxlen=3)
    q.append(4)
    q.appendleft(0)
    q.rotate(1)
    assert repr(q) == "deque([3, 0, 2], maxlen=3)"
    P = namedtuple('P', 'x y', defaults=[5])
    assert repr(P(1)) == "P(x=1, y=5)"
    assert repr(P(1, 2)._replace(x=9)) == "P(x=9, y=2)"
    assert P._fields == ("x", "y")
    assert ChainMap({'a': 1}, {'a': 2, 'b': 3})['b'] == 3
    o = OrderedDict(a=1, b=2)
    o.move_to_end('a')
    assert repr(o) == "OrderedDict({'b': 2, 'a': 1})"


def test_functools():
    import functools
    assert functools.reduce(lambda a, b: a * b, range(1, 6)) == 120
    assert functools.partial(int, base=2)('101') == 5
    @functools.lru_cache(maxsize=None)
    def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
    assert fib(50) == 12586269025
    assert repr(fib.cache_info()) == "CacheInfo(hits=48, misses=51, maxsize=None, currsize=51)"
    assert (sorted('bca', key=functools.cmp_to_key(lambda a, b: (a < b) - (a > b)))
            == ["c", "b", "a"])
    @functools.wraps(fib)
    def g(): pass
    assert g.__name__ == "fib"
    @functools.singledispatch
    def s(x): return 'any'
    @s.register
    def _(x: int): return 'int'
    assert (s(1), s('a')) == ("int", "any")
    @functools.total_ordering
    class V:
        def __init__(self, v): self.v = v
        def __eq__(self, o): return self.v == o.v
        def __lt__(self, o): return self.v < o.v
    assert (V(1) <= V(1) and V(2) > V(1)) is True
    class C:
        @functools.cached_property
        def p(self): return 'computed'
    assert C().p == "computed"


def test_itertools():
    import itertools as it
    assert list(it.chain('ab', [1])) == ["a", "b", 1]
    assert list(it.islice(it.count(5, 2), 3)) == [5, 7, 9]
    assert list(it.accumulate([1, 2, 3])) == [1, 3, 6]
    assert list(it.accumulate([1, 2, 3], initial=10)) == [10, 11, 13, 16]
    assert list(it.product('ab', repeat=2))[:3] == [("a", "a"), ("a", "b"), ("b", "a")]
    assert list(it.permutations('abc', 2))[:3] == [("a", "b"), ("a", "c"), ("b", "a")]
    assert list(it.combinations('abc', 2)) == [("a", "b"), ("a", "c"), ("b", "c")]
    assert list(it.combinations_with_replacement('ab', 2)) == [("a", "a"), ("a", "b"), ("b", "b")]
    assert ([(k, list(g)) for k, g in it.groupby('aabc')]
            == [("a", ["a", "a"]), ("b", ["b"]), ("c", ["c"])])
    assert list(it.zip_longest('a', 'bc', fillvalue='-')) == [("a", "b"), ("-", "c")]
    assert list(it.takewhile(lambda x: x < 3, [1, 2, 3, 1])) == [1, 2]
    assert list(it.dropwhile(lambda x: x < 3, [1, 2, 3, 1])) == [3, 1]
    assert list(it.starmap(pow, [(2, 3), (3, 2)])) == [8, 9]
    assert list(it.compress('abc', [1, 0, 1])) == ["a", "c"]
    assert list(it.filterfalse(None, [0, 1])) == [0]
    assert list(it.pairwise('abc')) == [("a", "b"), ("b", "c")]
    assert list(it.batched('abcde', 2)) == [("a", "b"), ("c", "d"), ("e",)]
    assert list(it.islice(it.cycle('ab'), 5)) == ["a", "b", "a", "b", "a"]
    assert list(it.repeat('x', 2)) == ["x", "x"]
    a, b = it.tee([1, 2])
    assert (list(a), list(b)) == ([1, 2], [1, 2])


def test_operator():
    import operator as op
    assert op.add(1, 2) == 3
    assert op.itemgetter(1, 0)('ab') == ("b", "a")
    assert op.attrgetter('real')(5) == 5
    assert op.methodcaller('split', ',')('a,b') == ["a", "b"]
    assert op.concat([1], [2]) == [1, 2]
    assert op.countOf([1, 2, 1], 1) == 2
    assert op.indexOf([1, 2], 2) == 1
    assert op.length_hint([1, 2]) == 2
    assert op.not_(0) is True


def test_math():
    import math
    assert (repr((math.pi, math.e, math.inf, math.tau))
            == "(3.141592653589793, 2.718281828459045, inf, 6.283185307179586)")
    assert repr(math.sqrt(2)) == "1.4142135623730951"
    assert math.factorial(20) == 2432902008176640000
    assert math.gcd(12, 18, 30) == 6
    assert math.lcm(4, 6) == 12
    assert math.comb(10, 3) == 120
    assert math.perm(5, 2) == 20
    assert math.isqrt(10**20) == 10000000000
    assert (math.floor(-1.5), math.ceil(-1.5), math.trunc(-1.5)) == (-2, -1, -1)
    assert repr(math.fsum([0.1] * 10)) == "1.0"
    assert math.prod([1, 2, 3, 4]) == 24
    assert repr(math.hypot(3, 4)) == "5.0"
    assert repr(math.copysign(1, -0.0)) == "-1.0"
    assert repr(math.frexp(8.5)) == "(0.53125, 4)"
    assert repr(math.ldexp(0.5, 4)) == "8.0"
    assert repr(math.modf(-1.25)) == "(-0.25, -1.0)"
    assert repr(math.fmod(-7, 3)) == "-1.0"
    assert repr(math.remainder(7, 4)) == "-1.0"
    assert math.isclose(0.1 + 0.2, 0.3) is True
    assert repr(math.nextafter(1, 2)) == "1.0000000000000002"
    assert repr(math.ulp(1.0)) == "2.220446049250313e-16"
    assert (repr((math.log(8, 2), math.log2(8), math.log10(1000), math.log1p(0)))
            == "(3.0, 3.0, 3.0, 0.0)")
    assert error(lambda: math.sqrt(-1)) == "ValueError: math domain error"
    assert error(lambda: math.log(0)) == "ValueError: math domain error"
    assert error(lambda: math.exp(1000)) == "OverflowError: math range error"
    assert repr(math.dist([0, 0], [3, 4])) == "5.0"
    assert math.sumprod([1, 2], [3, 4]) == 11
    assert repr((math.degrees(math.pi), math.radians(180))) == "(180.0, 3.141592653589793)"
    assert repr((math.gamma(5), math.lgamma(5))) == "(24.0, 3.178053830347945)"
    assert repr((math.erf(0), math.erfc(0))) == "(0.0, 1.0)"
    assert repr(math.cbrt(27)) == "3.0000000000000004"
    assert repr(math.fma(2, 3, 4)) == "10.0"


def test_string():
    import string
    assert string.ascii_lowercase == "abcdefghijklmnopqrstuvwxyz"
    assert string.Template('$a ${b} $$').substitute(a=1, b=2) == "1 2 $"
    assert string.capwords('hello big world') == "Hello Big World"
    assert string.Formatter().format('{0} {x}', 1, x=2) == "1 2"
    assert (list(string.Formatter().parse('a{b!r:c}d'))
            == [("a", "b", "c", "r"), ("d", None, None, None)])


def test_re():
    import re
    assert re.findall(r'\d+', 'a1b22c333') == ["1", "22", "333"]
    assert re.sub(r'(\w)(\d)', r'\2\1', 'a1 b2') == "1a 2b"
    assert re.split(r'[,;]\s*', 'a, b;c') == ["a", "b", "c"]
    m = re.match(r'(?P<k>\w+)=(?P<v>.*)', 'key=value')
    assert m.groupdict() == {"k": "key", "v": "value"}
    assert m.span('v') == (4, 9)
    assert repr(m) == "<re.Match object; span=(0, 9), match='key=value'>"
    assert re.compile('a+').fullmatch('aaa').group() == "aaa"
    assert re.search('x', 'abc') is None
    assert [x.start() for x in re.finditer('a', 'banana')] == [1, 3, 5]
    assert re.sub('a', lambda m: m.group().upper(), 'banana', count=2) == "bAnAna"
    assert re.escape('a.b*c') == "a\\.b\\*c"
    assert (error(lambda: re.compile('('))
            == "PatternError: missing ), unterminated subpattern at position 0")
    assert re.findall(r'(?i)A', 'aA') == ["a", "A"]
    assert (re.fullmatch(r'(?:a|b)*c', 'ababc') is not None) is True
    assert re.findall(r'(?<=a)b|(?<!a)c', 'abcc') == ["b", "c", "c"]
    assert re.sub(r'\s+', ' ', ' a  b\t\nc ') == " a b c "


def test_json():
    import json
    assert (json.dumps({'a': [1, 2.5, None, True, 'x\u20ac"']})
            == '{"a": [1, 2.5, null, true, "x\\u20ac\\""]}')
    assert (repr(json.loads('{"a": [1, -2.5e3, null, true, "\\u20ac"]}'))
            == "{'a': [1, -2500.0, None, True, '\u20ac']}")
    assert json.dumps([1, {'b': 2}], indent=2) == '[\n  1,\n  {\n    "b": 2\n  }\n]'
    assert json.dumps({'b': 1, 'a': 2}, sort_keys=True, separators=(',', ':')) == '{"a":2,"b":1}'
    assert (error(lambda: json.loads('[1,'))
            == "JSONDecodeError: Expecting value: line 1 column 4 (char 3)")
    assert (error(lambda: json.dumps({1, 2}))
            == "TypeError: Object of type set is not JSON serializable")
    assert json.dumps('\u20ac', ensure_ascii=False) == '"\u20ac"'
    assert (json.loads('NaN') != json.loads('NaN')) is True
    assert json.dumps(float('inf')) == "Infinity"


def test_dataclasses():
    from dataclasses import dataclass, field, asdict, replace, fields
    @dataclass(order=True)
    class P:
        x: int
        y: int = 2
        z: list = field(default_factory=list, compare=False)
    assert P(1).__repr__().split('.')[-1] == "P(x=1, y=2, z=[])"
    assert (P(1) == P(1)) is True
    assert (P(1) < P(2)) is True
    assert asdict(P(1, z=[3])) == {"x": 1, "y": 2, "z": [3]}
    assert replace(P(1), y=5).y == 5
    assert [f.name for f in fields(P)] == ["x", "y", "z"]
    @dataclass(frozen=True, slots=True)
    class F: a: int = 0
    try:
        F().a = 1
    except BaseException as exception:
        assert describe(exception) == "FrozenInstanceError: cannot assign to field 'a'"
    else:
        assert False, "nothing raised"
    assert (hash(F(1)) == hash(F(1))) is True
    assert (error(lambda: P())
            == "TypeError: test_dataclasses.<locals>.P.__init__() missing 1 required positional argument: 'x'")


def test_enum():
    from enum import Enum, IntEnum, Flag, auto, StrEnum
    class Color(Enum):
        RED = 1
        GREEN = 2
        ALIAS = 1
    assert repr(Color.RED) == "<Color.RED: 1>"
    assert repr(list(Color)) == "[<Color.RED: 1>, <Color.GREEN: 2>]"
    assert repr(Color(2)) == "<Color.GREEN: 2>"
    assert (Color['RED'] is Color.ALIAS) is True
    assert (Color.RED.name, Color.RED.value) == ("RED", 1)
    assert error(lambda: Color(3)) == "ValueError: 3 is not a valid test_enum.<locals>.Color"
    class N(IntEnum):
        A = auto()
        B = auto()
    assert N.B + 1 == 3
    assert [n.name for n in N] == ["A", "B"]
    class F(Flag):
        X = 1
        Y = 2
    assert repr(F.X | F.Y) == "<F.X|Y: 3>"
    assert (F.X in F(3)) is True
    class S(StrEnum): A = auto()
    assert (S.A == 'a') is True


def test_abc():
    from abc import ABC, abstractmethod
    class A(ABC):
        @abstractmethod
        def f(self): ...
    assert (error(lambda: A())
            == "TypeError: Can't instantiate abstract class A without an implementation for abstract method 'f'")
    class B(A):
        def f(self): return 1
    assert B().f() == 1
    @A.register
    class C: pass
    assert isinstance(C(), A) is True
    assert issubclass(int, A) is False


def test_contextlib():
    from contextlib import contextmanager, suppress, ExitStack, redirect_stdout, closing, nullcontext
    log = []
    @contextmanager
    def cm():
        log.append('in')
        try: yield 5
        finally: log.append('out')
    with cm() as v: log.append(v)
    assert log == ["in", 5, "out"]
    with suppress(KeyError): {}['x']
    with ExitStack() as st:
        st.callback(log.append, 'callback')
        st.enter_context(cm())
    assert log[-3:] == ["in", "out", "callback"]
    with nullcontext(7) as n: pass
    assert n == 7


def test_io():
    import io
    s = io.StringIO('a\nb\n')
    assert (s.readline(), s.read(), s.tell()) == ("a\n", "b\n", 4)
    b = io.BytesIO(b'abc')
    assert (b.read(2), b.read(), b.seek(0), b.getvalue()) == (b'ab', b'c', 0, b'abc')
    t = io.TextIOWrapper(io.BytesIO(), encoding='utf-8', newline='\r\n')
    t.write('x\u20ac\n')
    t.flush()
    assert t.buffer.getvalue() == b'x\xe2\x82\xac\r\n'
    assert error(lambda: io.StringIO().write(5)) == "TypeError: string argument expected, got 'int'"
    assert io.BytesIO(b'x\ny').readlines() == [b'x\n', b'y']


def test_files():
    import os, tempfile
    with tempfile.TemporaryDirectory() as d:
        p = os.path.join(d, 'f.txt')
        with open(p, 'w', encoding='utf-8') as f: n = f.write('one\ntwo\u20ac\n')
        with open(p, encoding='utf-8') as f: lines = f.readlines()
        with open(p, 'rb') as f: raw = f.read()
        with open(p, 'a') as f: f.write('three')
        with open(p) as f: last = list(f)[-1]
        size = os.path.getsize(p)
        names = os.listdir(d)
        missing = error(open, os.path.join(d, 'no')).replace(d, 'D')
        exclusive = error(open, p, 'x').replace(d, 'D')
    assert ((n, lines, raw, last, size, names)
            == (9, ["one\n", "two\u20ac\n"], b'one\ntwo\xe2\x82\xac\n', "three", 16, ["f.txt"]))
    assert missing == "FileNotFoundError: [Errno 2] No such file or directory: 'D/no'"
    assert exclusive == "FileExistsError: [Errno 17] File exists: 'D/f.txt'"
    assert error(lambda: open('x', 'q')) == "ValueError: invalid mode: 'q'"
    assert (error(lambda: open('x', 'rb', encoding='utf-8'))
            == "ValueError: binary mode doesn't take an encoding argument")


def test_os_and_path():
    import os
    assert os.path.join('a', '/b', 'c') == "/b/c"
    assert os.path.split('/a/b.txt') == ("/a", "b.txt")
    assert os.path.splitext('a.tar.gz') == ("a.tar", ".gz")
    assert os.path.normpath('a/./b/../c') == "a/c"
    assert os.path.basename('/a/b/') == ""
    assert (os.sep, os.linesep, os.name) == ("/", "\n", "posix")
    assert type(os.environ).__name__ == "_Environ"
    assert os.path.commonprefix(['abc', 'abd']) == "ab"
    assert os.fspath('x') == "x"
    assert (error(lambda: os.fspath(5))
            == "TypeError: expected str, bytes or os.PathLike object, not int")


def test_pathlib():
    from pathlib import PurePosixPath as P
    assert repr(P('/a') / 'b.txt') == "PurePosixPath('/a/b.txt')"
    assert (repr((P('/a/b.txt').suffix, P('/a/b.txt').stem, P('/a/b.txt').parent))
            == "('.txt', 'b', PurePosixPath('/a'))")
    assert P('a/../b').parts == ("a", "..", "b")
    assert repr(P('/a/b').relative_to('/a')) == "PurePosixPath('b')"
    assert P('/a/b').is_relative_to('/c') is False
    assert P('a/b.py').match('*.py') is True
    assert repr(P('a').with_suffix('.x')) == "PurePosixPath('a.x')"


def test_copy():
    import copy
    a = [1, [2], {'k': [3]}]
    b = copy.deepcopy(a)
    c = copy.copy(a)
    a[1].append(9)
    assert (b, c) == ([1, [2], {"k": [3]}], [1, [2, 9], {"k": [3]}])
    r = []
    r.append(r)
    d = copy.deepcopy(r)
    assert (d[0] is d) is True
    class C:
        def __init__(self): self.x = [1]
    o = copy.deepcopy(C())
    assert o.x == [1]


def test_pickle():
    import pickle
    v = {'a': [1, 2.5, 'x', None, True, (1,), {2}, b'b', 10**30, 1j, range(3)]}
    assert all(pickle.loads(pickle.dumps(v, p)) == v for p in range(6)) is True
    assert (pickle.loads(pickle.dumps(len)) is len) is True
    assert error(lambda: pickle.loads(b'garbage')) == "UnpicklingError: pickle data was truncated"
    assert error(pickle.dumps, lambda: 0).split(':')[0] == "AttributeError"
    l = []
    l.append(l)
    m = pickle.loads(pickle.dumps(l))
    assert (m[0] is m) is True


def test_struct():
    import struct
    assert struct.pack('<hI', -2, 3) == b'\xfe\xff\x03\x00\x00\x00'
    assert repr(struct.unpack('>d', b'\x3f\xf8' + b'\0' * 6)) == "(1.5,)"
    assert struct.calcsize('@bhiq') == 16
    assert struct.pack('3s', b'ab') == b'ab\x00'
    assert error(lambda: struct.pack('B', 300)) == "error: 'B' format requires 0 <= number <= 255"
    assert error(lambda: struct.unpack('H', b'a')) == "error: unpack requires a buffer of 2 bytes"
    assert list(struct.iter_unpack('B', b'ab')) == [(97,), (98,)]
    assert struct.pack('?c5p', True, b'x', b'abc') == b'\x01x\x03abc\x00'


def test_array():
    from array import array
    a = array('i', [1, 2, 3])
    a.append(4)
    assert repr(a) == "array('i', [1, 2, 3, 4])"
    assert repr(a[1:3]) == "array('i', [2, 3])"
    assert a.tobytes()[:4] == b'\x01\x00\x00\x00'
    assert array('d', [1.5]).itemsize == 8
    assert array('B', b'ab').tolist() == [97, 98]
    assert (error(lambda: array('i', ['x']))
            == "TypeError: 'str' object cannot be interpreted as an integer")
    assert (error(lambda: array('z'))
            .startswith("ValueError: bad typecode (must be b, B, u, "))


def test_datetime():
    from datetime import date, datetime, timedelta, timezone
    assert repr(date(2024, 2, 29) + timedelta(days=366)) == "datetime.date(2025, 3, 1)"
    assert datetime(2024, 1, 2, 3, 4, 5).isoformat() == "2024-01-02T03:04:05"
    assert (date(2024, 3, 1) - date(2024, 2, 1)).days == 29
    assert (repr(datetime.fromisoformat('2024-01-02T03:04:05+02:00').utcoffset())
            == "datetime.timedelta(seconds=7200)")
    assert date(2024, 1, 1).strftime('%A %d %B %Y') == "Monday 01 January 2024"
    assert repr(timedelta(hours=25, seconds=1)) == "datetime.timedelta(days=1, seconds=3601)"
    assert error(lambda: date(2023, 2, 29)) == "ValueError: day is out of range for month"
    assert repr(datetime(2024, 1, 1, tzinfo=timezone.utc).timestamp()) == "1704067200.0"


def test_decimal_and_fractions():
    from decimal import Decimal, getcontext
    from fractions import Fraction
    assert repr(Decimal('0.1') + Decimal('0.2')) == "Decimal('0.3')"
    assert repr(Decimal(1) / Decimal(7)) == "Decimal('0.1428571428571428571428571429')"
    assert repr(Decimal('1.25').quantize(Decimal('0.1'))) == "Decimal('1.2')"
    assert repr(Fraction(1, 3) + Fraction(1, 6)) == "Fraction(1, 2)"
    assert repr(Fraction('0.125')) == "Fraction(1, 8)"
    assert repr(Fraction(0.5)) == "Fraction(1, 2)"
    assert repr(Fraction(3.14159).limit_denominator(100)) == "Fraction(311, 99)"
    assert error(lambda: Decimal('1') / 0) == "DivisionByZero: [<class 'decimal.DivisionByZero'>]"


def test_random():
    import random
    r = random.Random(42)
    assert [r.randrange(100) for _ in range(5)] == [81, 14, 3, 94, 35]
    assert repr(r.random()) == "0.24489185380347622"
    assert r.choice('abc') == "a"
    assert r.sample(range(10), 3) == [1, 8, 9]
    l = list(range(5))
    r.shuffle(l)
    assert l == [1, 2, 0, 3, 4]
    assert repr(r.gauss(0, 1)) == "0.6052598548711591"
    assert random.Random('seed').randint(1, 1000) == 142
    assert random.Random(1).getrandbits(70) == 1006624138111981302261


def test_heapq_and_bisect():
    import heapq, bisect
    h = [5, 1, 4]
    heapq.heapify(h)
    heapq.heappush(h, 0)
    assert [heapq.heappop(h) for _ in range(4)] == [0, 1, 4, 5]
    assert heapq.nlargest(2, [1, 5, 3]) == [5, 3]
    assert list(heapq.merge([1, 4], [2, 3])) == [1, 2, 3, 4]
    assert (bisect.bisect([1, 2, 2, 3], 2), bisect.bisect_left([1, 2, 2, 3], 2)) == (3, 1)
    l = [1, 3]
    bisect.insort(l, 2)
    assert l == [1, 2, 3]


def test_typing():
    import typing
    from typing import Optional, Union, Any, TypeVar, Generic, NamedTuple, TypedDict, get_type_hints, Literal
    assert repr(Optional[int]) == "typing.Optional[int]"
    assert repr(Union[int, str]) == "typing.Union[int, str]"
    T = TypeVar('T')
    class G(Generic[T]): pass
    assert repr(G[int].__args__) == "(<class 'int'>,)"
    class N(NamedTuple):
        a: int
        b: str = 'x'
    assert repr(N(1)) == "N(a=1, b='x')"
    class D(TypedDict): k: int
    assert D(k=1) == {"k": 1}
    def f(a: 'int') -> Optional[str]: ...
    assert repr(get_type_hints(f)) == "{'a': <class 'int'>, 'return': typing.Optional[str]}"
    assert repr(Literal[1, 'a']) == "typing.Literal[1, 'a']"
    assert typing.cast(int, 'x') == "x"


def test_types():
    import types
    assert repr(types.SimpleNamespace(a=1)) == "namespace(a=1)"
    assert types.FunctionType(compile('1', 'f', 'eval'), {})() == 1
    assert types.MethodType(len, 'abc')() == 3
    assert types.new_class('X', (), {}).__name__ == "X"
    assert types.coroutine.__name__ == "coroutine"
    assert isinstance(len, types.BuiltinFunctionType) is True
    assert types.MappingProxyType({'a': 1})['a'] == 1


def test_textwrap_and_pprint():
    import textwrap, pprint
    assert textwrap.wrap('the quick brown fox jumps', 10) == ["the quick", "brown fox", "jumps"]
    assert textwrap.dedent('  a\n   b\n') == "a\n b\n"
    assert textwrap.shorten('hello big world', 11) == "hello [...]"
    assert textwrap.indent('a\nb', '> ') == "> a\n> b"
    assert (pprint.pformat({'b': [1, 2], 'a': 'x' * 30}, width=40)
            == "{'a': 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',\n 'b': [1, 2]}")


def test_inspect():
    import inspect
    def f(a, b=1, *c, d, **e) -> int: "Doc."
    assert str(inspect.signature(f)) == "(a, b=1, *c, d, **e) -> int"
    assert inspect.getdoc(f) == "Doc."
    assert (inspect.isfunction(f), inspect.isgeneratorfunction(f)) == (True, False)
    assert list(inspect.signature(f).parameters) == ["a", "b", "c", "d", "e"]
    assert str(inspect.signature(len)) == "(obj, /)"
    assert str(inspect.signature(sorted)) == "(iterable, /, *, key=None, reverse=False)"
    assert (inspect.getmodule(f).__name__ == __name__) is True


def test_traceback_module():
    import traceback
    try:
        1 / 0
    except ZeroDivisionError as e:
        text = traceback.format_exc().splitlines()
        only = traceback.format_exception_only(e)
    assert ((text[0], text[-1])
            == ("Traceback (most recent call last):", "ZeroDivisionError: division by zero"))
    assert only == ["ZeroDivisionError: division by zero\n"]


def test_warnings_module():
    import warnings
    with warnings.catch_warnings(record=True) as w:
        warnings.simplefilter('always')
        warnings.warn('careful')
        warnings.warn('old', DeprecationWarning)
    assert ([(str(x.message), x.category.__name__) for x in w]
            == [("careful", "UserWarning"), ("old", "DeprecationWarning")])
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        e = error(warnings.warn, 'as error')
    assert e == "UserWarning: as error"


def test_weakref_module():
    import weakref
    class C: pass
    d = weakref.WeakValueDictionary()
    c = C()
    d['k'] = c
    assert ('k' in d) is True
    del c
    assert ('k' in d) is False
    s = weakref.WeakSet()
    c = C()
    s.add(c)
    assert len(s) == 1
    f = weakref.finalize(c, print, end='')
    assert f.alive is True
    del c
    assert f.alive is False


def test_threading():
    import threading
    out = []
    def work(n): out.append(n)
    ts = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for t in ts: t.start()
    for t in ts: t.join()
    assert sorted(out) == [0, 1, 2, 3]
    lock = threading.Lock()
    with lock: r = lock.locked()
    assert r is True
    e = threading.Event()
    threading.Timer(0.01, e.set).start()
    assert e.wait(5) is True
    l = threading.local()
    l.x = 1
    assert l.x == 1


def test_queue():
    import queue
    q = queue.Queue()
    q.put(1)
    q.put(2)
    assert repr((q.get(), q.qsize(), q.empty())) == "(1, 1, False)"
    assert error(queue.Queue().get_nowait) == "Empty: "
    p = queue.PriorityQueue()
    p.put(3); p.put(1)
    assert p.get() == 1


def test_asyncio():
    import asyncio
    async def f(n):
        await asyncio.sleep(0)
        return n * 2
    async def main():
        r = await asyncio.gather(f(1), f(2))
        async with asyncio.TaskGroup() as g: t = g.create_task(f(5))
        return r, t.result()
    assert asyncio.run(main()) == ([2, 4], 10)
    async def slow(): await asyncio.sleep(10)
    async def limit():
        try:
            async with asyncio.timeout(0.01): await slow()
        except TimeoutError: return 'timed out'
    assert asyncio.run(limit()) == "timed out"


def test_hashlib_and_base64():
    import hashlib, base64, zlib, binascii
    assert hashlib.md5(b'a').hexdigest() == "0cc175b9c0f1b6a831c399e269772661"
    assert hashlib.sha256(b'a').hexdigest()[:16] == "ca978112ca1bbdca"
    assert base64.b64encode(b'hello') == b'aGVsbG8='
    assert base64.b64decode('aGVsbG8=') == b'hello'
    assert zlib.crc32(b'abc') == 891568578
    assert (zlib.decompress(zlib.compress(b'x' * 100)) == b'x' * 100) is True
    assert binascii.hexlify(b'ab') == b'6162'
    assert (error(lambda: base64.b64decode('a'))
            == "Error: Invalid base64-encoded string: number of data characters (1) cannot be 1 more than a multiple of 4")


def test_csv_and_configparser():
    import csv, io, configparser
    assert list(csv.reader(['a,"b,c",d', '1,2,3'])) == [["a", "b,c", "d"], ["1", "2", "3"]]
    o = io.StringIO()
    csv.writer(o).writerow(['x', 'y,z', 'q"'])
    assert o.getvalue() == 'x,"y,z","q"""\r\n'
    c = configparser.ConfigParser()
    c.read_string('[s]\na = 1\nb: two\n')
    assert dict(c['s']) == {"a": "1", "b": "two"}


def test_argparse():
    import argparse
    p = argparse.ArgumentParser(prog='x')
    p.add_argument('n', type=int)
    p.add_argument('--flag', action='store_true')
    assert repr(p.parse_args(['5', '--flag'])) == "Namespace(n=5, flag=True)"
    assert p.format_usage() == "usage: x [-h] [--flag] n\n"


def test_time_and_calendar():
    import time, calendar
    assert time.gmtime(0)[:6] == (1970, 1, 1, 0, 0, 0)
    assert time.strftime('%Y', time.gmtime(0)) == "1970"
    assert (time.time() > 1e9) is True
    assert repr(calendar.monthrange(2024, 2)) == "(calendar.THURSDAY, 29)"
    assert calendar.isleap(2000) is True
    assert type(time.perf_counter()).__name__ == "float"


def test_unicodedata():
    import unicodedata
    assert unicodedata.name('a') == "LATIN SMALL LETTER A"
    assert unicodedata.normalize('NFD', '\xe9') == "e\u0301"
    assert unicodedata.category('A') == "Lu"
    assert unicodedata.lookup('BULLET') == "\u2022"
    assert repr(unicodedata.numeric('\xbd')) == "0.5"
    assert unicodedata.east_asian_width('\u4e2d') == "W"


def test_ast_module():
    import ast
    assert (ast.dump(ast.parse('x = 1'))
            == "Module(body=[Assign(targets=[Name(id='x', ctx=Store())], value=Constant(value=1))])")
    assert ast.literal_eval('[1, (2, {"a": None})]') == [1, (2, {"a": None})]
    assert ast.unparse(ast.parse('a+b*c if d else e')) == "a + b * c if d else e"


def test_subprocess():
    import subprocess, sys
    r = subprocess.run([sys.executable, '-c', 'print(1 + 1)'], capture_output=True, text=True)
    assert (r.returncode, r.stdout) == (0, "2\n")
    assert subprocess.check_output(['echo', 'hi']) == b'hi\n'


def test_statistics():
    import statistics
    assert repr(statistics.mean([1, 2, 3, 4])) == "2.5"
    assert statistics.median([3, 1, 2]) == 2
    assert repr(statistics.stdev([1, 2, 3, 4])) == "1.2909944487358056"
    assert statistics.mode('aab') == "a"


def test_sqlite():
    import sqlite3
    c = sqlite3.connect(':memory:')
    c.execute('create table t (a, b)')
    c.executemany('insert into t values (?, ?)', [(1, 'x'), (2, 'y')])
    assert c.execute('select * from t order by a desc').fetchall() == [(2, "y"), (1, "x")]
    assert error(c.execute, 'nonsense') == 'OperationalError: near "nonsense": syntax error'


def test_xml_and_html():
    import xml.etree.ElementTree as ET, html
    r = ET.fromstring('<a x="1"><b>t</b></a>')
    assert (r.tag, r.attrib, r[0].text) == ("a", {"x": "1"}, "t")
    assert ET.tostring(r) == b'<a x="1"><b>t</b></a>'
    assert html.escape('<a&"b">') == "&lt;a&amp;&quot;b&quot;&gt;"
    assert html.unescape('&lt;&eacute;') == "<\xe9"


def test_urllib_parse():
    from urllib.parse import urlparse, quote, parse_qs, urljoin
    assert urlparse('http://h:80/p?q=1#f')[:3] == ("http", "h:80", "/p")
    assert quote('a b/\u20ac') == "a%20b/%E2%82%AC"
    assert parse_qs('a=1&a=2&b=x') == {"a": ["1", "2"], "b": ["x"]}
    assert urljoin('http://a/b/c', '../d') == "http://a/d"


def test_difflib_and_fnmatch():
    import difflib, fnmatch
    assert difflib.get_close_matches('appel', ['ape', 'apple', 'peach']) == ["apple", "ape"]
    assert (list(difflib.unified_diff(['a', 'b'], ['a', 'c'], lineterm=''))
            == ["--- ", "+++ ", "@@ -1,2 +1,2 @@", " a", "-b", "+c"])
    assert fnmatch.filter(['a.py', 'b.txt'], '*.py') == ["a.py"]


def test_contextvars():
    import contextvars
    v = contextvars.ContextVar('v', default=1)
    t = v.set(2)
    assert v.get() == 2
    v.reset(t)
    assert v.get() == 1
    c = contextvars.copy_context()
    assert c.run(lambda: (v.set(9), v.get())[1]) == 9
    assert v.get() == 1


def test_graphlib_and_numbers():
    import graphlib, numbers
    assert (list(graphlib.TopologicalSorter({'a': ['b'], 'b': ['c']}).static_order())
            == ["c", "b", "a"])
    assert (isinstance(1, numbers.Integral), isinstance(1.5, numbers.Real)) == (True, True)


def test_secrets_and_uuid():
    import secrets, uuid
    assert len(secrets.token_hex(4)) == 8
    assert (repr(uuid.UUID('12345678123456781234567812345678'))
            == "UUID('12345678-1234-5678-1234-567812345678')")
    assert (repr(uuid.uuid5(uuid.NAMESPACE_DNS, 'a'))
            == "UUID('4f3f2898-69e3-5a0d-820a-c4e87987dbce')")


def test_shlex_and_getopt():
    import shlex, getopt
    assert shlex.split('a "b c" d\\ e') == ["a", "b c", "d e"]
    assert shlex.quote("it's") == '\'it\'"\'"\'s\''
    assert getopt.getopt(['-a', '1', 'x'], 'a:') == ([("-a", "1")], ["x"])


def test_gzip_and_bz2():
    import gzip, bz2, lzma
    assert gzip.decompress(gzip.compress(b'abc')) == b'abc'
    assert bz2.decompress(bz2.compress(b'abc')) == b'abc'
    assert lzma.decompress(lzma.compress(b'abc')) == b'abc'


def test_zipfile_and_tarfile():
    import zipfile, io
    b = io.BytesIO()
    with zipfile.ZipFile(b, 'w') as z: z.writestr('a.txt', 'hello')
    with zipfile.ZipFile(b) as z: r = z.namelist(), z.read('a.txt')
    assert r == (["a.txt"], b'hello')


def test_logging():
    import logging, io
    s = io.StringIO()
    h = logging.StreamHandler(s)
    h.setFormatter(logging.Formatter('%(levelname)s:%(name)s:%(message)s'))
    l = logging.getLogger('t')
    l.addHandler(h)
    l.propagate = False
    l.warning('x %d', 5)
    l.debug('hidden')
    l.removeHandler(h)
    assert s.getvalue() == "WARNING:t:x 5\n"


def test_unittest():
    import unittest, io
    class T(unittest.TestCase):
        def test_a(self): self.assertEqual(1, 1)
        def test_b(self): self.assertEqual(1, 2)
    r = unittest.TextTestRunner(stream=io.StringIO()).run(unittest.defaultTestLoader.loadTestsFromTestCase(T))
    assert (r.testsRun, len(r.failures), len(r.errors)) == (2, 1, 0)


def test_doctest():
    import doctest
    def f():
        """
        >>> 1 + 1
        2
        """
    t = doctest.DocTestFinder().find(f, 'f', globs={})[0]
    assert repr(doctest.DocTestRunner(verbose=False).run(t)) == "TestResults(failed=0, attempted=1)"


def test_locale_and_codecs():
    import codecs
    assert codecs.lookup('utf8').name == "utf-8"
    assert codecs.encode('abc', 'rot13') == "nop"
    assert codecs.decode(b'61', 'hex') == b'a'
    assert codecs.getincrementaldecoder('utf-8')().decode(b'\xe2\x82') == ""
    assert b'abc'.decode('cp1252') == "abc"
    assert '\u20ac'.encode('cp1252') == b'\x80'
    assert (error(lambda: '\u20ac'.encode('koi8-r'))
            == "UnicodeEncodeError: 'charmap' codec can't encode character '\\u20ac' in position 0: character maps to <undefined>")
    assert codecs.BOM_UTF8 == b'\xef\xbb\xbf'


def test_tokenize_and_keyword():
    import tokenize, io, keyword
    assert ([t.string for t in tokenize.generate_tokens(io.StringIO('x = 1 + y\n').readline)]
            == ["x", "=", "1", "+", "y", "\n", ""])
    assert (keyword.iskeyword('for'), keyword.issoftkeyword('match')) == (True, True)
    assert len(keyword.kwlist) == 35


def test_signal():
    import signal, os
    seen = []
    old = signal.signal(signal.SIGUSR1, lambda n, f: seen.append(n))
    os.kill(os.getpid(), signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, old)
    assert (seen == [signal.SIGUSR1]) is True
    assert repr(signal.SIGINT) == "<Signals.SIGINT: 2>"
    assert signal.Signals(15).name == "SIGTERM"


main(globals())
