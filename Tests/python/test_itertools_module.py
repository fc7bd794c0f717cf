# The itertools module.
import itertools as it
import sys

from _run import error, main



def test_count():
    assert (repr((list(it.islice(it.count(), 3)), list(it.islice(it.count(5, -2), 3)), list(it.islice(it.count(0.5, 0.25), 3))))
            == "([0, 1, 2], [5, 3, 1], [0.5, 0.75, 1.0])")
    assert (repr((it.count(3), it.count(1, 2), it.count(2**70)))
            == "(count(3), count(1, 2), count(1180591620717411303424))")
    assert error(lambda: it.count('a')) == "TypeError: a number is required"
    c = it.count(2**63 - 2)
    assert ([next(c) for _ in range(4)]
            == [9223372036854775806, 9223372036854775807, 9223372036854775808, 9223372036854775809])


def test_cycle():
    assert (list(it.islice(it.cycle([1, 2]), 5)), list(it.cycle([]))) == ([1, 2, 1, 2, 1], [])
    assert error(lambda: it.cycle(5)) == "TypeError: 'int' object is not iterable"


def test_repeat():
    assert ((list(it.repeat(1, 3)), list(it.repeat(1, 0)), list(it.repeat(1, -1)))
            == ([1, 1, 1], [], []))
    assert repr((it.repeat('a', 2), it.repeat(5))) == "(repeat('a', 2), repeat(5))"
    assert len(list(map(pow, it.repeat(2), range(3)))) == 3
    assert it.repeat(1, 3).__length_hint__() == 3
    assert (error(lambda: it.repeat())
            == "TypeError: repeat() missing required argument 'object' (pos 1)")


def test_accumulate():
    assert ((list(it.accumulate([1, 2, 3])), list(it.accumulate([3, 1, 2], max)), list(it.accumulate([], initial=5)))
            == ([1, 3, 6], [3, 3, 3], [5]))
    assert ((list(it.accumulate('abc')), list(it.accumulate([1, 2], lambda a, b: a * 10 + b, initial=7)))
            == (["a", "ab", "abc"], [7, 71, 712]))
    assert (error(lambda: list(it.accumulate([1, 'a'])))
            == "TypeError: unsupported operand type(s) for +: 'int' and 'str'")


def test_batched():
    assert ((list(it.batched('abcdefg', 3)), list(it.batched([], 2)))
            == ([("a", "b", "c"), ("d", "e", "f"), ("g",)], []))
    assert (error(lambda: list(it.batched('abc', 2, strict=True)))
            == "ValueError: batched(): incomplete batch")
    assert error(lambda: it.batched('a', 0)) == "ValueError: n must be at least one"


def test_chain():
    assert ((list(it.chain()), list(it.chain('a', [1], (2,))), list(it.chain.from_iterable(['ab', 'c'])))
            == ([], ["a", 1, 2], ["a", "b", "c"]))
    assert error(lambda: list(it.chain(5))) == "TypeError: 'int' object is not iterable"
    assert error(lambda: list(it.chain([1], 5))) == "TypeError: 'int' object is not iterable"


def test_compress_and_filterfalse():
    assert ((list(it.compress('abcd', [1, 0, True, ''])), list(it.compress('abc', [])))
            == (["a", "c"], []))
    assert ((list(it.filterfalse(None, [0, 1, ''])), list(it.filterfalse(str.isdigit, 'a1')))
            == ([0, ""], ["a"]))


def test_takewhile_and_dropwhile():
    assert ((list(it.takewhile(bool, [1, 2, 0, 3])), list(it.dropwhile(bool, [1, 2, 0, 3])))
            == ([1, 2], [0, 3]))
    assert (error(lambda: list(it.takewhile(None, [1])))
            == "TypeError: 'NoneType' object is not callable")


def test_groupby():
    assert (([(k, list(g)) for k, g in it.groupby('AAAbbC')], [(k, len(list(g))) for k, g in it.groupby([1, 3, 2, 4], lambda x: x % 2)])
            == ([("A", ["A", "A", "A"]), ("b", ["b", "b"]), ("C", ["C"])], [(1, 2), (0, 2)]))
    g = it.groupby('aab')
    k, first = next(g)
    next(g)
    assert list(first) == []
    assert list(it.groupby([])) == []


def test_islice():
    assert ((list(it.islice('abcdef', 2)), list(it.islice('abcdef', 2, 4)), list(it.islice('abcdef', 1, None, 2)), list(it.islice('ab', 0)))
            == (["a", "b"], ["c", "d"], ["b", "d", "f"], []))
    assert (error(lambda: it.islice('a', -1))
            == "ValueError: Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
    assert (error(lambda: it.islice('a', 'b'))
            == "ValueError: Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
    assert (error(lambda: it.islice('a', 0, 5, 0))
            == "ValueError: Step for islice() must be a positive integer or None.")
    i = iter('abcdef')
    list(it.islice(i, 2))
    assert next(i) == "c"


def test_pairwise_and_zip_longest():
    assert ((list(it.pairwise('abcd')), list(it.pairwise('a')), list(it.pairwise('')))
            == ([("a", "b"), ("b", "c"), ("c", "d")], [], []))
    assert ((list(it.zip_longest('ab', [1], fillvalue=0)), list(it.zip_longest()), list(it.zip_longest('a')))
            == ([("a", 1), ("b", 0)], [], [("a",)]))
    assert (error(lambda: it.zip_longest('a', fill=1))
            == "TypeError: zip_longest() got an unexpected keyword argument")


def test_product():
    assert ((list(it.product('ab', [1, 2])), list(it.product()), list(it.product('ab', repeat=0)), list(it.product('a', '')))
            == ([("a", 1), ("a", 2), ("b", 1), ("b", 2)], [()], [()], []))
    assert len(list(it.product(range(3), repeat=4))) == 81
    assert (error(lambda: it.product('a', repeat=-1))
            == "ValueError: repeat argument cannot be negative")


def test_permutations():
    assert ((list(it.permutations('abc', 2)), list(it.permutations('')), list(it.permutations('ab', 3)))
            == ([("a", "b"), ("a", "c"), ("b", "a"), ("b", "c"), ("c", "a"), ("c", "b")], [()], []))
    assert len(list(it.permutations(range(5)))) == 120
    assert error(lambda: it.permutations('a', -1)) == "ValueError: r must be non-negative"


def test_combinations():
    assert ((list(it.combinations('abcd', 2)), list(it.combinations('ab', 3)), list(it.combinations('ab', 0)))
            == ([("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d")], [], [()]))
    assert ((list(it.combinations_with_replacement('abc', 2)), list(it.combinations_with_replacement('', 1)))
            == ([("a", "a"), ("a", "b"), ("a", "c"), ("b", "b"), ("b", "c"), ("c", "c")], []))
    assert error(lambda: it.combinations('a', -1)) == "ValueError: r must be non-negative"


def test_starmap():
    assert ((list(it.starmap(pow, [(2, 3), [3, 2]])), list(it.starmap(lambda *a: a, ['ab', ()])))
            == ([8, 9], [("a", "b"), ()]))
    assert error(lambda: list(it.starmap(pow, [5]))) == "TypeError: 'int' object is not iterable"


def test_tee():
    a, b, c = it.tee('abc', 3)
    assert ((next(a), next(a), list(b), list(a), list(c))
            == ("a", "b", ["a", "b", "c"], ["c"], ["a", "b", "c"]))
    assert it.tee('a', 0) == ()
    assert error(lambda: it.tee('a', -1)) == "ValueError: n must be >= 0"
    a, b = it.tee(range(1000))
    assert (sum(a) == sum(b)) is True


def test_laziness():
    log = []
    def src():
        for i in range(5):
            log.append(i)
            yield i
    list(it.islice(src(), 2))
    assert log == [0, 1]


def test_types_and_reprs():
    assert ((type(it.chain()).__name__, type(it.count()).__name__, type(it.groupby('')).__name__)
            == ("chain", "count", "groupby"))
    assert it.chain.__module__ == "itertools"
    assert (iter(it.chain()) is not None) is True


main(globals())
