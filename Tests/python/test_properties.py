# Properties and computed attributes in classes that use them.
from _run import describe, error, main



def test_read_write_delete():
    class T:
        def __init__(self): self._c = 0
        @property
        def f(self): return self._c * 9 / 5 + 32
        @f.setter
        def f(self, v): self._c = (v - 32) * 5 / 9
        @f.deleter
        def f(self): self._c = None
    t = T()
    assert repr(t.f) == "32.0"
    t.f = 212
    assert repr(t._c) == "100.0"
    del t.f
    assert t._c is None


def test_inherited_and_overridden():
    class A:
        @property
        def x(self): return 'A.x'
    class B(A):
        @property
        def x(self): return 'B.' + super().x
    class C(A):
        x = 'plain'
    assert (B().x, C().x, A().x) == ("B.A.x", "plain", "A.x")
    c = C()
    c.x = 1
    assert c.x == 1


def test_setter_only_in_subclass():
    class A:
        @property
        def x(self): return self.v
    class B(A):
        @A.x.setter
        def x(self, v): self.v = v
    b = B()
    b.x = 3
    assert b.x == 3
    try:
        A().x = 1
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: property 'x' of 'test_setter_only_in_subclass.<locals>.A' object has no setter")
    else:
        assert False, "nothing raised"


def test_messages():
    class C:
        @property
        def ro(self): return 1
        wo = property(fset=lambda s, v: None)
        no = property()
    c = C()
    try:
        c.ro = 1
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: property 'ro' of 'test_messages.<locals>.C' object has no setter")
    else:
        assert False, "nothing raised"
    try:
        del c.ro
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: property 'ro' of 'test_messages.<locals>.C' object has no deleter")
    else:
        assert False, "nothing raised"
    assert (error(lambda: c.wo)
            == "AttributeError: property 'wo' of 'test_messages.<locals>.C' object has no getter")
    assert (error(lambda: c.no)
            == "AttributeError: property 'no' of 'test_messages.<locals>.C' object has no getter")
    try:
        c.no = 1
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: property 'no' of 'test_messages.<locals>.C' object has no setter")
    else:
        assert False, "nothing raised"
    try:
        del c.no
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: property 'no' of 'test_messages.<locals>.C' object has no deleter")
    else:
        assert False, "nothing raised"
    assert C.ro.fget(c) == 1


def test_property_in_class_dict_is_found_on_the_class():
    class C:
        @property
        def x(self): return 1
    assert (type(C.x).__name__, C.__dict__['x'] is C.x) == ("property", True)
    C.x = 5
    assert C().x == 5
    del C.x
    assert error(lambda: C().x) == "AttributeError: 'C' object has no attribute 'x'"


def test_doc():
    class C:
        @property
        def a(self): "getter doc"
        b = property(lambda s: 1, doc='given')
        c = property(lambda s: 1)
    assert (C.a.__doc__, C.b.__doc__, C.c.__doc__) == ("getter doc", "given", None)
    C.a.__doc__ = 'changed'
    assert C.a.__doc__ == "changed"


def test_class_level_property_by_metaclass():
    class M(type):
        @property
        def name(cls): return cls.__name__.lower()
    class Thing(metaclass=M): pass
    assert Thing.name == "thing"
    assert error(lambda: Thing().name) == "AttributeError: 'Thing' object has no attribute 'name'"


def test_errors_inside_getters():
    class C:
        @property
        def a(self): raise AttributeError('from getter')
        @property
        def b(self): raise KeyError('k')
        @property
        def c(self): return self.nothing
    assert error(lambda: C().a) == "AttributeError: from getter"
    assert error(lambda: C().b) == "KeyError: 'k'"
    assert error(lambda: C().c) == "AttributeError: 'C' object has no attribute 'nothing'"
    assert (hasattr(C(), 'a'), getattr(C(), 'a', 'default')) == (False, "default")
    assert error(lambda: hasattr(C(), 'b')) == "KeyError: 'k'"


def test_cached_in_instance():
    class C:
        n = 0
        def __getattr__(self, name):
            if name == 'v':
                C.n += 1
                self.v = 'value'
                return self.v
            raise AttributeError(name)
    c = C()
    assert (c.v, c.v, C.n) == ("value", "value", 1)
    assert error(lambda: c.w) == "AttributeError: w"


def test_property_with_slots():
    class C:
        __slots__ = ('_x',)
        @property
        def x(self): return getattr(self, '_x', 'unset')
        @x.setter
        def x(self, v): self._x = v
    c = C()
    assert c.x == "unset"
    c.x = 1
    assert c.x == 1


def test_generated_properties():
    def make(name):
        return property(lambda s: s.d[name], lambda s, v: s.d.__setitem__(name, v))
    class C:
        def __init__(self): self.d = {}
    for n in 'ab': setattr(C, n, make(n))
    c = C()
    c.a, c.b = 1, 2
    assert (c.d, c.a + c.b) == ({"a": 1, "b": 2}, 3)
    assert error(lambda: c.zz) == "AttributeError: 'C' object has no attribute 'zz'"


def test_property_objects_compare_by_identity():
    p = property(len)
    assert (p == property(len), p == p, p.fget is len, p.fset) == (False, True, True, None)
    assert repr((p.__get__([1, 2], list), p.__get__(None, list) is p)) == "(2, True)"
    assert (error(lambda: p.__set__([], 1))
            == "AttributeError: property 'len' of 'list' object has no setter")
    assert (error(lambda: p.__delete__([]))
            == "AttributeError: property 'len' of 'list' object has no deleter")


def test_classmethod_property_and_static_values():
    class C:
        count = 0
        @classmethod
        def make(cls):
            cls.count += 1
            return cls()
    class D(C): pass
    D.make()
    D.make()
    assert (C.count, D.count) == (0, 2)


def test_lazily_bound_methods():
    class C:
        def m(self): return 'm of ' + type(self).__name__
    f = C.m
    g = C().m
    class D(C): pass
    assert (f(D()), g()) == ("m of D", "m of C")
    D.m = lambda self: 'patched'
    assert (D().m(), C().m()) == ("patched", "m of C")


main(globals())
