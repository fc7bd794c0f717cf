# The collections module.
from collections import Counter, ChainMap, OrderedDict, UserDict, UserList, UserString, defaultdict, deque, namedtuple
from _run import describe, error, main



def test_deque_basics():
    d = deque('abc')
    d.append('d')
    d.appendleft('z')
    assert (repr((d, d.pop(), d.popleft(), d))
            == "(deque(['a', 'b', 'c']), 'd', 'z', deque(['a', 'b', 'c']))")
    d.extend([1, 2])
    d.extendleft([3, 4])
    assert repr(d) == "deque([4, 3, 'a', 'b', 'c', 1, 2])"
    assert (len(d), d[0], d[-1], d.count(1), d.index('b')) == (7, 4, 2, 1, 3)
    d.rotate(2)
    assert repr(d) == "deque([1, 2, 4, 3, 'a', 'b', 'c'])"
    d.rotate(-1)
    assert repr(d) == "deque([2, 4, 3, 'a', 'b', 'c', 1])"
    d.reverse()
    assert repr(d) == "deque([1, 'c', 'b', 'a', 3, 4, 2])"
    d.remove('b')
    assert repr(d) == "deque([1, 'c', 'a', 3, 4, 2])"
    assert error(lambda: d.remove('zz')) == "ValueError: 'zz' is not in deque"
    assert error(lambda: d.index('zz')) == "ValueError: 'zz' is not in deque"
    assert error(lambda: d[100]) == "IndexError: deque index out of range"
    d[0] = 'first'
    del d[1]
    assert repr(d) == "deque(['first', 'a', 3, 4, 2])"
    d.insert(1, 'i')
    assert repr(d) == "deque(['first', 'i', 'a', 3, 4, 2])"
    d.clear()
    assert error(lambda: d.pop()) == "IndexError: pop from an empty deque"
    assert error(lambda: d.popleft()) == "IndexError: pop from an empty deque"


def test_deque_with_bound():
    d = deque([1, 2, 3], 2)
    assert repr((d, d.maxlen)) == "(deque([2, 3], maxlen=2), 2)"
    d.append(4)
    assert repr(d) == "deque([3, 4], maxlen=2)"
    d.appendleft(5)
    assert repr(d) == "deque([5, 3], maxlen=2)"
    assert error(lambda: d.insert(0, 1)) == "IndexError: deque already at its maximum size"
    try:
        d.maxlen = 5
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: attribute 'maxlen' of 'collections.deque' objects is not writable")
    else:
        assert False, "nothing raised"
    assert error(lambda: deque([], -1)) == "ValueError: maxlen must be non-negative"
    assert error(lambda: deque([1], maxlen='a')) == "TypeError: an integer is required"


def test_deque_operators():
    assert (repr((deque([1]) + deque([2]), deque([1]) * 2, deque([1]) == deque([1]), deque([1]) < deque([2])))
            == "(deque([1, 2]), deque([1, 1]), True, True)")
    assert (error(lambda: deque([1]) + [2])
            == 'TypeError: can only concatenate deque (not "list") to deque')
    assert (deque([1]) == [1]) is False
    assert (repr((1 in deque([1]), bool(deque()), list(reversed(deque('ab'))), deque('ab').copy()))
            == "(True, False, ['b', 'a'], deque(['a', 'b']))")
    assert error(lambda: hash(deque())) == "TypeError: unhashable type: 'collections.deque'"


def test_deque_mutation_while_iterating():
    d = deque('abc')
    def f():
        for x in d: d.append(x)
    assert error(lambda: f()) == "RuntimeError: deque mutated during iteration"


def test_defaultdict():
    d = defaultdict(int)
    d['a'] += 1
    assert (repr((d, d['b'], d.get('c'), 'c' in d, d.default_factory))
            == "(defaultdict(<class 'int'>, {'a': 1, 'b': 0}), 0, None, False, <class 'int'>)")
    d.default_factory = None
    assert error(lambda: d['q']) == "KeyError: 'q'"
    assert error(lambda: defaultdict(5)) == "TypeError: first argument must be callable or None"
    assert (repr((defaultdict(list, a=1), defaultdict(list, {'x': 1}).copy()))
            == "(defaultdict(<class 'list'>, {'a': 1}), defaultdict(<class 'list'>, {'x': 1}))")
    assert repr(defaultdict(int, a=1) | {'b': 2}) == "defaultdict(<class 'int'>, {'a': 1, 'b': 2})"
    n = defaultdict(lambda: defaultdict(list))
    n['a']['b'].append(1)
    assert n['a']['b'] == [1]


def test_counter():
    c = Counter('mississippi')
    assert (repr((c, c['s'], c['z'], c.most_common(2), sum(c.values())))
            == "(Counter({'i': 4, 's': 4, 'p': 2, 'm': 1}), 4, 0, [('i', 4), ('s', 4)], 11)")
    assert (repr((c - Counter('sip'), c & Counter('sss'), c | Counter(z=2), +Counter(a=1, b=-1), -Counter(a=1, b=-1)))
            == "(Counter({'i': 3, 's': 3, 'm': 1, 'p': 1}), Counter({'s': 3}), Counter({'i': 4, 's': 4, 'p': 2, 'z': 2, 'm': 1}), Counter({'a': 1}), Counter({'b': 1}))")
    c.subtract('ssss')
    assert repr(c) == "Counter({'i': 4, 'p': 2, 'm': 1, 's': 0})"
    c.update('mm')
    assert (repr((c['m'], list(Counter(a=2, b=1).elements()), Counter(a=1) == Counter(a=1, b=0), c.total()))
            == "(3, ['a', 'a', 'b'], True, 9)")
    assert (Counter(a=1) <= Counter(a=2)) is True
    assert (repr((Counter([1, 2, 1]), Counter({'x': 3}), Counter(x=1)))
            == "(Counter({1: 2, 2: 1}), Counter({'x': 3}), Counter({'x': 1}))")
    del c['nothing']
    assert (error(lambda: Counter.fromkeys('a'))
            == "NotImplementedError: Counter.fromkeys() is undefined.  Use Counter(iterable) instead.")


def test_ordered_dict():
    o = OrderedDict([('a', 1), ('b', 2), ('c', 3)])
    o.move_to_end('a')
    assert list(o) == ["b", "c", "a"]
    o.move_to_end('c', last=False)
    assert (repr((list(o), o.popitem(), o.popitem(last=False), o))
            == "(['c', 'b', 'a'], ('a', 1), ('c', 3), OrderedDict({'b': 2}))")
    assert error(lambda: o.move_to_end('zz')) == "KeyError: 'zz'"
    assert ((OrderedDict(a=1, b=2) == OrderedDict(b=2, a=1), OrderedDict(a=1, b=2) == {'b': 2, 'a': 1})
            == (False, True))
    assert (repr((OrderedDict(a=1) | {'b': 2}, list(reversed(OrderedDict(a=1, b=2)))))
            == "(OrderedDict({'a': 1, 'b': 2}), ['b', 'a'])")
    assert error(lambda: OrderedDict().popitem()) == "KeyError: 'dictionary is empty'"


def test_namedtuple():
    P = namedtuple('P', 'x, y')
    p = P(1, y=2)
    assert (repr((p, p.x, p[1], p._asdict(), p._replace(x=5), P._make([3, 4]), P._fields, p == (1, 2)))
            == "(P(x=1, y=2), 1, 2, {'x': 1, 'y': 2}, P(x=5, y=2), P(x=3, y=4), ('x', 'y'), True)")
    assert (error(lambda: P(1))
            == "TypeError: P.__new__() missing 1 required positional argument: 'y'")
    assert (error(lambda: P(1, 2, 3))
            == "TypeError: P.__new__() takes 3 positional arguments but 4 were given")
    assert error(lambda: p._replace(z=1)) == "TypeError: Got unexpected field names: ['z']"
    try:
        p.x = 5
    except BaseException as exception:
        assert describe(exception) == "AttributeError: can't set attribute"
    else:
        assert False, "nothing raised"
    assert (error(lambda: namedtuple('Q', ['a', 'class']))
            == "ValueError: Type names and field names cannot be a keyword: 'class'")
    assert namedtuple('Q', ['a', 'class'], rename=True)._fields == ("a", "_1")
    assert (error(lambda: namedtuple('Q', 'a a'))
            == "ValueError: Encountered duplicate field name: 'a'")
    assert (error(lambda: namedtuple('Q', '_a'))
            == "ValueError: Field names cannot start with an underscore: '_a'")
    assert repr(namedtuple('Q', 'a b', defaults=(9,))(1)) == "Q(a=1, b=9)"
    assert ((P.x.__doc__, P.__doc__, P.__match_args__)
            == ("Alias for field number 0", "P(x, y)", ("x", "y")))
    assert (lambda x, y: (y, x))(*p) == (2, 1)


def test_chain_map():
    c = ChainMap({'a': 1}, {'a': 2, 'b': 3})
    assert ((c['a'], c['b'], sorted(c), len(c), c.maps)
            == (1, 3, ["a", "b"], 2, [{"a": 1}, {"a": 2, "b": 3}]))
    c['b'] = 9
    assert c.maps == [{"a": 1, "b": 9}, {"a": 2, "b": 3}]
    assert (c.new_child({'a': 0})['a'], c.parents['a']) == (0, 2)
    del c['a']
    assert c['a'] == 2
    assert error(lambda: c['zz']) == "KeyError: 'zz'"
    try:
        del c['zz']
    except BaseException as exception:
        assert describe(exception) == 'KeyError: "Key not found in the first mapping: \'zz\'"'
    else:
        assert False, "nothing raised"


def test_user_classes():
    class D(UserDict):
        def __setitem__(self, k, v): super().__setitem__(k, v * 2)
    assert repr((D(a=1), D({'x': 2}) | {'y': 3})) == "({'a': 2}, {'x': 8, 'y': 6})"
    class L(UserList): pass
    assert repr((L([1]) + [2], L([3, 1]).data, L('ab')[0])) == "([1, 2], [3, 1], 'a')"
    class S(UserString): pass
    assert repr((S('ab').upper(), S('a') + 'b', S('abc')[1:])) == "('AB', 'ab', 'bc')"


main(globals())
