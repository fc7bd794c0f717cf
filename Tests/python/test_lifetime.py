# __del__ timing, weak references, the cycle collector.
import gc
import _weakref
import sys

from _run import error, main



def test_del_runs_at_once():
    log = []
    class C:
        def __del__(self): log.append('del')
    c = C()
    c = None
    log.append('next statement')
    assert log == ["del", "next statement"]


def test_del_at_function_exit():
    log = []
    class C:
        def __init__(self, n): self.n = n
        def __del__(self): log.append(self.n)
    def f():
        a = C('a')
        b = C('b')
        log.append('body')
    f()
    assert log == ["body", "a", "b"]


def test_del_of_temporaries():
    log = []
    class C:
        def __del__(self): log.append('del')
        def m(self): return 1
    C().m()
    log.append('after')
    [C(), C()]
    log.append('list gone')
    assert log == ["del", "after", "del", "del", "list gone"]


def test_del_order_in_containers():
    log = []
    class C:
        def __init__(self, n): self.n = n
        def __del__(self): log.append(self.n)
    l = [C(1), C(2), C(3)]
    del l[1]
    log.append('x')
    del l
    assert log == [2, "x", 3, 1]
    log.clear()
    d = {'a': C('a'), 'b': C('b')}
    d['a'] = None
    log.append('replaced')
    d.clear()
    assert log == ["a", "replaced", "b"]


def test_rebinding_deletes_after_assignment():
    log = []
    class C:
        def __init__(self, n): self.n = n
        def __del__(self): log.append((self.n, x.n))
    x = C(1)
    x = C(2)
    assert log == [(1, 2)]
    del C.__del__


def test_resurrection():
    saved = []
    log = []
    class C:
        def __del__(self):
            log.append('del')
            saved.append(self)
    c = C()
    del c
    assert log == ["del"]
    assert len(saved) == 1
    saved.clear()
    assert log == ["del"]


def test_exceptions_in_del_are_unraisable():
    old, sys.unraisablehook = sys.unraisablehook, lambda u: log.append(type(u.exc_value).__name__)
    log = []
    class C:
        def __del__(self): raise ValueError
    c = C()
    del c
    sys.unraisablehook = old
    assert log == ["ValueError"]


def test_del_and_exception_state():
    log = []
    class C:
        def __del__(self): log.append(sys.exception())
    try:
        raise ValueError
    except ValueError:
        C()
    assert len(log) == 1


def test_weak_reference_basics():
    class C: pass
    c = C()
    r = _weakref.ref(c)
    assert (r() is c) is True
    assert (r is _weakref.ref(c)) is True
    assert _weakref.getweakrefcount(c) == 1
    assert (r == _weakref.ref(c)) is True
    del c
    assert r() is None
    assert repr(r).endswith('; dead>') is True


def test_weak_reference_callback():
    log = []
    class C: pass
    c = C()
    r = _weakref.ref(c, lambda ref: log.append(ref is r and ref() is None))
    assert (r.__callback__ is not None) is True
    del c
    assert log == [True]
    assert r.__callback__ is None


def test_callbacks_run_in_reverse_order():
    log = []
    class C: pass
    c = C()
    rs = [_weakref.ref(c, lambda ref, i=i: log.append(i)) for i in range(3)]
    del c
    assert log == [2, 1, 0]


def test_callback_of_dead_ref_is_not_called():
    log = []
    class C: pass
    c = C()
    r = _weakref.ref(c, log.append)
    del r
    del c
    assert log == []


def test_weak_reference_hash_and_equality():
    class C:
        def __init__(self, v): self.v = v
        def __eq__(self, o): return self.v == o.v
        def __hash__(self): return self.v
    a, b = C(1), C(1)
    r, s = _weakref.ref(a), _weakref.ref(b)
    assert (r == s) is True
    assert hash(r) == 1
    del a
    assert hash(r) == 1
    assert (r == s) is False
    t = _weakref.ref(C(5))
    assert error(lambda: hash(t)) == "TypeError: weak object has gone away"


def test_what_can_be_referenced_weakly():
    assert (error(lambda: _weakref.ref(5))
            == "TypeError: cannot create weak reference to 'int' object")
    assert (error(lambda: _weakref.ref('a'))
            == "TypeError: cannot create weak reference to 'str' object")
    assert (error(lambda: _weakref.ref([]))
            == "TypeError: cannot create weak reference to 'list' object")
    assert (error(lambda: _weakref.ref(()))
            == "TypeError: cannot create weak reference to 'tuple' object")
    assert (error(lambda: _weakref.ref({}))
            == "TypeError: cannot create weak reference to 'dict' object")
    assert (error(lambda: _weakref.ref(None))
            == "TypeError: cannot create weak reference to 'NoneType' object")
    assert (error(lambda: _weakref.ref(object()))
            == "TypeError: cannot create weak reference to 'object' object")
    class L(list): pass
    l = L()
    assert (_weakref.ref(l)() is l) is True
    def f(): pass
    assert (_weakref.ref(f)() is f) is True
    assert (_weakref.ref(int)() is int) is True
    assert (_weakref.ref(set)() is set) is True
    s = {1}
    assert (_weakref.ref(s)() is s) is True
    class S: __slots__ = ()
    assert (error(lambda: _weakref.ref(S()))
            == "TypeError: cannot create weak reference to 'S' object")
    class W: __slots__ = ('__weakref__',)
    w = W()
    assert (_weakref.ref(w)() is w) is True
    assert error(lambda: _weakref.ref()) == "TypeError: __new__ expected at least 1 argument, got 0"
    assert (error(lambda: _weakref.ref(w, 1, 2))
            == "TypeError: __new__ expected at most 2 arguments, got 3")


def test_weak_proxy():
    class C:
        x = 1
        def m(self): return 'm'
        def __len__(self): return 3
        def __add__(self, o): return 'sum'
    c = C()
    p = _weakref.proxy(c)
    assert (p.x, p.m(), len(p), p + 1) == (1, "m", 3, "sum")
    p.y = 5
    assert c.y == 5
    assert type(p).__name__ == "ProxyType"
    assert error(lambda: hash(p)) == "TypeError: unhashable type: 'weakref.ProxyType'"
    assert (p == c) is True
    del c
    assert error(lambda: p.x) == "ReferenceError: weakly-referenced object no longer exists"
    assert (str(p) if False else 'gone') == "gone"


def test_callable_proxy():
    class C:
        def __call__(self, v): return v * 2
    c = C()
    p = _weakref.proxy(c)
    assert p(4) == 8
    assert type(p).__name__ == "CallableProxyType"
    del c
    assert error(lambda: p(1)) == "ReferenceError: weakly-referenced object no longer exists"


def test_weakref_attribute_of_classes():
    class C: pass
    c = C()
    assert c.__weakref__ is None
    r = _weakref.ref(c)
    assert (c.__weakref__ is r) is True
    assert (C.__weakrefoffset__ != 0) is True


def test_bound_methods_die_at_once():
    class C:
        def m(self): pass
    c = C()
    r = _weakref.ref(c.m)
    assert r() is None


def test_cycles_are_collected():
    class C: pass
    gc.collect()
    c = C()
    c.me = c
    r = _weakref.ref(c)
    del c
    assert (r() is None) is False
    n = gc.collect()
    assert (r() is None) is True
    assert (n > 0) is True


def test_collect_counts():
    gc.collect()
    class C: pass
    def make():
        a, b = C(), C()
        a.b, b.a = b, a
    make()
    assert gc.collect() == 2
    l = []
    l.append(l)
    del l
    assert gc.collect() == 1
    d = {}
    d['d'] = d
    del d
    assert gc.collect() == 1
    assert gc.collect() == 0


def test_collect_generations():
    assert (gc.collect(0) >= 0) is True
    assert error(lambda: gc.collect(3)) == "ValueError: invalid generation"
    assert error(lambda: gc.collect(-1)) == "ValueError: invalid generation"
    assert (error(lambda: gc.collect('a'))
            == "TypeError: 'str' object cannot be interpreted as an integer")
    assert (gc.collect(generation=1) >= 0) is True


def test_del_in_cycles():
    log = []
    class C:
        def __init__(self, n): self.n = n
        def __del__(self): log.append(self.n)
    a, b = C('a'), C('b')
    a.o, b.o = b, a
    del a, b
    assert log == []
    gc.collect()
    assert sorted(log) == ["a", "b"]


def test_resurrected_cycle():
    saved = []
    class C:
        def __del__(self): saved.append(self)
    c = C()
    c.me = c
    del c
    gc.collect()
    assert len(saved) == 1
    assert (saved[0].me is saved[0]) is True
    saved[0].me = None
    saved.clear()
    assert saved == []


def test_weak_callbacks_in_cycles():
    log = []
    class C: pass
    c = C()
    c.me = c
    r = _weakref.ref(c, lambda ref: log.append('dead'))
    del c
    gc.collect()
    assert log == ["dead"]


def test_gc_switches():
    assert gc.isenabled() is True
    gc.disable()
    assert gc.isenabled() is False
    gc.enable()
    assert gc.get_threshold() == (2000, 10, 10)
    assert len(gc.get_count()) == 3
    assert gc.get_debug() == 0
    assert (error(lambda: gc.set_threshold('a'))
            == "TypeError: 'str' object cannot be interpreted as an integer")
    assert gc.garbage == []


def test_gc_tracking():
    assert ([gc.is_tracked(x) for x in [5, 'a', None, (), [], {}]]
            == [False, False, False, False, True, False])
    assert gc.is_tracked({'a': 1}) is False
    assert gc.is_tracked({'a': []}) is True
    class C: pass
    assert gc.is_tracked(C()) is True
    assert gc.is_tracked(C) is True
    assert gc.is_finalized(C()) is False


def test_gc_referents():
    l = [1, 'a']
    t = (l,)
    assert (l in gc.get_referents(t)) is True
    assert any(x is t for x in gc.get_referrers(l)) is True
    assert gc.get_referents(5) == []
    assert gc.get_referents(l) == ["a", 1]


def test_gc_callbacks_and_freeze():
    log = []
    gc.callbacks.append(lambda phase, info: log.append((phase, sorted(info))))
    gc.collect()
    gc.callbacks.pop()
    assert (log
            == [("start", ["collected", "generation", "uncollectable"]), ("stop", ["collected", "generation", "uncollectable"])])
    assert gc.get_freeze_count() == 0
    gc.freeze()
    assert (gc.get_freeze_count() > 0) is True
    gc.unfreeze()
    assert gc.get_freeze_count() == 0
    assert ([sorted(s) for s in gc.get_stats()]
            == [["collected", "collections", "uncollectable"], ["collected", "collections", "uncollectable"], ["collected", "collections", "uncollectable"]])


def test_gc_get_objects():
    class C: pass
    c = C()
    assert any(o is c for o in gc.get_objects()) is True
    assert (error(lambda: gc.get_objects(generation=5))
            == "ValueError: generation parameter must be less than the number of available generations (3)")


def test_generator_in_cycle_is_closed():
    log = []
    def g():
        try:
            x = yield
            yield x
        finally:
            log.append('closed')
    it = g()
    next(it)
    it.send(it)
    del it
    gc.collect()
    assert log == ["closed"]


def test_long_chains_are_freed_without_recursion():
    class N:
        __slots__ = ('next',)
    head = None
    for i in range(100000):
        n = N()
        n.next = head
        head = n
    del head, n
    l = []
    for i in range(100000):
        l = [l]
    del l
    t = ()
    for i in range(100000):
        t = (t,)
    del t
    d = {}
    for i in range(100000):
        d = {1: d}
    del d
    assert 'survived' == "survived"


def test_frames_let_go_of_locals():
    log = []
    class C:
        def __del__(self): log.append('del')
    def f():
        c = C()
        raise ValueError
    try:
        f()
    except ValueError as e:
        held = len(log)
    assert held == 0
    assert log == ["del"]


def test_closures_keep_and_release():
    log = []
    class C:
        def __del__(self): log.append('del')
    def make():
        c = C()
        return lambda: c
    f = make()
    before = list(log)
    del f
    assert (before, log) == ([], ["del"])


def test_loop_variable_release():
    log = []
    class C:
        def __init__(self, n): self.n = n
        def __del__(self): log.append(self.n)
    for c in map(C, range(3)):
        log.append('body')
    assert log == ["body", 0, "body", 1, "body"]
    del c
    assert log[-1] == 2


def test_comprehension_temporaries_are_released():
    log = []
    class C:
        def __del__(self): log.append('d')
    assert len([C() for _ in range(3)]) == 3
    assert log == ["d", "d", "d"]


def test_clearing_a_dict_that_ends_its_object():
    class Plain: pass
    o = Plain()
    o.itself, o.a, o.b = o, [1], [2]
    d = o.__dict__
    del o
    d.clear()  # ends the object whose values these are
    assert d == {}
    d["a"] = 1
    assert d == {"a": 1}

    class Ends:
        def __del__(self):
            nonlocal o
            del o
    o = Plain()
    o.a, o.b = Ends(), [3]
    d = o.__dict__
    d.clear()
    assert d == {}


main(globals())
