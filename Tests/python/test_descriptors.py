# Descriptors, property, classmethod, staticmethod, __slots__, attribute hooks.
from _run import describe, error, main



def test_precedence():
    class Data:
        def __get__(self, o, t=None): return 'data'
        def __set__(self, o, v): o.__dict__['stored'] = v
    class Non:
        def __get__(self, o, t=None): return 'non'
    class C:
        d = Data()
        n = Non()
    c = C()
    assert (c.d, c.n) == ("data", "non")
    c.__dict__['d'] = 'instance'
    c.__dict__['n'] = 'instance'
    assert (c.d, c.n) == ("data", "instance")
    c.d = 5
    assert c.stored == 5
    c.n = 6
    assert c.n == 6
    assert C.d == "data"


def test_get_receives_owner():
    class D:
        def __get__(self, o, t): return (o is None, t.__name__)
    class C: d = D()
    class E(C): pass
    assert C.d == (True, "C")
    assert C().d == (False, "C")
    assert E.d == (True, "E")
    assert E().d == (False, "E")


def test_set_without_get():
    class D:
        def __set__(self, o, v): raise ValueError('set')
    class C: d = D()
    c = C()
    assert type(c.d).__name__ == "D"
    c.__dict__['d'] = 1
    assert c.d == 1
    try:
        c.d = 2
    except BaseException as exception:
        assert describe(exception) == "ValueError: set"
    else:
        assert False, "nothing raised"
    try:
        del c.d
    except BaseException as exception:
        assert describe(exception) == "AttributeError: __delete__"
    else:
        assert False, "nothing raised"


def test_delete_descriptor():
    log = []
    class D:
        def __delete__(self, o): log.append('deleted')
    class C: d = D()
    c = C()
    del c.d
    assert log == ["deleted"]
    try:
        c.d = 1
    except BaseException as exception:
        assert describe(exception) == "AttributeError: __set__"
    else:
        assert False, "nothing raised"


def test_property():
    class C:
        @property
        def x(self):
            "Doc of x."
            return self._x
        @x.setter
        def x(self, v): self._x = v * 2
        @x.deleter
        def x(self): del self._x
    c = C()
    c.x = 2
    assert c.x == 4
    del c.x
    assert error(lambda: c.x) == "AttributeError: 'C' object has no attribute '_x'"
    assert C.x.__doc__ == "Doc of x."
    assert C.x.fget.__name__ == "x"
    assert (C.x.fset is not None) is True
    assert isinstance(C.x, property) is True
    assert C.x.__isabstractmethod__ is False


def test_property_errors():
    class C:
        @property
        def x(self): return 1
        y = property()
        z = property(None, lambda s, v: None)
    c = C()
    try:
        c.x = 5
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: property 'x' of 'test_property_errors.<locals>.C' object has no setter")
    else:
        assert False, "nothing raised"
    try:
        del c.x
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: property 'x' of 'test_property_errors.<locals>.C' object has no deleter")
    else:
        assert False, "nothing raised"
    assert (error(lambda: c.y)
            == "AttributeError: property 'y' of 'test_property_errors.<locals>.C' object has no getter")
    try:
        c.y = 1
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: property 'y' of 'test_property_errors.<locals>.C' object has no setter")
    else:
        assert False, "nothing raised"
    assert (error(lambda: c.z)
            == "AttributeError: property 'z' of 'test_property_errors.<locals>.C' object has no getter")
    try:
        del c.z
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: property 'z' of 'test_property_errors.<locals>.C' object has no deleter")
    else:
        assert False, "nothing raised"
    assert (error(lambda: property(1, 2, 3, 4, 5))
            == "TypeError: property() takes at most 4 arguments (5 given)")
    assert property(5).fget == 5
    assert (C.x.__get__(None, C) is C.x) is True
    assert error(lambda: C.x.__get__(None)) == "TypeError: __get__(None, None) is invalid"
    assert (error(lambda: C.x.__set__(c, 1))
            == "AttributeError: property 'x' of 'test_property_errors.<locals>.C' object has no setter")
    assert C.x.__name__ == "x"
    p = property(lambda s: 1)
    assert p.__name__ == "<lambda>"


def test_property_that_raises_attribute_error():
    class C:
        @property
        def x(self): raise AttributeError('inner')
        def __getattr__(self, n): return 'fallback ' + n
    assert C().x == "fallback x"
    class D:
        @property
        def x(self): return self.missing
    assert error(lambda: D().x) == "AttributeError: 'D' object has no attribute 'missing'"


def test_property_copies():
    class C:
        @property
        def x(self): return 1
    class D(C):
        @C.x.setter
        def x(self, v): self.v = v
    d = D()
    d.x = 5
    assert (d.x, d.v) == (1, 5)
    try:
        C().x = 1
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: property 'x' of 'test_property_copies.<locals>.C' object has no setter")
    else:
        assert False, "nothing raised"
    assert C.x.getter(lambda s: 2).__get__(C()) == 2


def test_classmethod_and_staticmethod():
    class C:
        @classmethod
        def c(cls, a): return cls.__name__, a
        @staticmethod
        def s(a): return a
    class D(C): pass
    assert C.c(1) == ("C", 1)
    assert D().c(2) == ("D", 2)
    assert C.s(3) == 3
    assert C().s(4) == 4
    assert C.__dict__['c'].__func__.__name__ == "c"
    assert C.__dict__['s'](5) == 5
    assert error(lambda: C.__dict__['c'](5)) == "TypeError: 'classmethod' object is not callable"
    assert error(lambda: classmethod()) == "TypeError: classmethod expected 1 argument, got 0"
    assert error(lambda: staticmethod(1, 2)) == "TypeError: staticmethod expected 1 argument, got 2"
    assert (C.__dict__['s'].__wrapped__ is C.s) is True
    assert type(C.__dict__['c']).__name__ == "classmethod"
    assert (C.c.__self__ is C) is True
    assert staticmethod(len)([1]) == 1
    assert classmethod(5).__func__ == 5
    assert repr(classmethod(5).__get__(None, int)) == "<bound method ? of <class 'int'>>"


def test_classmethod_attributes():
    def f(cls):
        "doc"
    c = classmethod(f)
    assert c.__doc__ == "doc"
    assert c.__name__ == "f"
    assert (c.__wrapped__ is f) is True
    assert c.__isabstractmethod__ is False
    s = staticmethod(f)
    s.x = 1
    assert s.x == 1
    assert s.__name__ == "f"
    assert repr(s).startswith('<staticmethod(<function') is True


def test_getattr_hook():
    class C:
        a = 1
        def __getattr__(self, n):
            if n.startswith('no'):
                raise AttributeError('nope ' + n)
            return n
    c = C()
    assert c.a == 1
    assert c.b == "b"
    assert error(lambda: c.nothing) == "AttributeError: nope nothing"
    assert hasattr(c, 'nothing') is False
    assert getattr(c, 'nothing', 'default') == "default"
    assert error(lambda: getattr(c, 'nothing')) == "AttributeError: nope nothing"


def test_getattribute_hook():
    log = []
    class C:
        x = 1
        def __getattribute__(self, n):
            log.append(n)
            return super().__getattribute__(n)
        def __getattr__(self, n): return 'fallback'
    c = C()
    assert c.x == 1
    assert c.y == "fallback"
    assert log == ["x", "y"]
    c.z = 1
    assert log == ["x", "y"]
    class D:
        def __getattribute__(self, n): raise AttributeError('always')
    assert error(lambda: D().x) == "AttributeError: always"
    assert hasattr(D(), '__class__') is False


def test_setattr_and_delattr_hooks():
    log = []
    class C:
        def __setattr__(self, n, v): log.append((n, v))
        def __delattr__(self, n): log.append(n)
    c = C()
    c.x = 1
    setattr(c, 'y', 2)
    del c.x
    delattr(c, 'z')
    assert log == [("x", 1), ("y", 2), "x", "z"]
    assert c.__dict__ == {}


def test_attribute_name_types():
    class C: pass
    c = C()
    assert error(lambda: getattr(c, 5)) == "TypeError: attribute name must be string, not 'int'"
    assert error(lambda: setattr(c, 5, 1)) == "TypeError: attribute name must be string, not 'int'"
    assert (error(lambda: hasattr(c, None))
            == "TypeError: attribute name must be string, not 'NoneType'")
    assert error(lambda: delattr(c, 1.5)) == "TypeError: attribute name must be string, not 'float'"
    setattr(c, 'not an identifier', 1)
    assert c.__dict__ == {"not an identifier": 1}
    assert getattr(c, 'not an identifier') == 1
    class S(str): pass
    setattr(c, S('sub'), 1)
    assert c.sub == 1


def test_slots():
    class C:
        __slots__ = ('x', 'y')
    c = C()
    c.x = 1
    assert c.x == 1
    assert (error(lambda: c.y)
            == "AttributeError: 'test_slots.<locals>.C' object has no attribute 'y'")
    try:
        c.z = 1
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: 'C' object has no attribute 'z' and no __dict__ for setting new attributes")
    else:
        assert False, "nothing raised"
    try:
        del c.y
    except BaseException as exception:
        assert describe(exception) == "AttributeError: y"
    else:
        assert False, "nothing raised"
    del c.x
    assert (error(lambda: c.x)
            == "AttributeError: 'test_slots.<locals>.C' object has no attribute 'x'")
    assert hasattr(c, '__dict__') is False
    assert repr(C.x) == "<member 'x' of 'C' objects>"
    assert type(C.x).__name__ == "member_descriptor"
    assert (C.x.__get__(None, C) is C.x) is True
    assert (error(lambda: C.x.__get__(5))
            == "TypeError: descriptor 'x' for 'C' objects doesn't apply to a 'int' object")
    assert (error(lambda: C.x.__set__(5, 1))
            == "TypeError: descriptor 'x' for 'C' objects doesn't apply to a 'int' object")
    assert C.__slots__ == ("x", "y")
    assert C.x.__name__ == "x"
    assert (C.x.__objclass__ is C) is True


def test_slots_inheritance():
    class A: __slots__ = 'a'
    class B(A): __slots__ = ['b']
    class D(A): pass
    b = B()
    b.a = 1
    b.b = 2
    assert (b.a, b.b) == (1, 2)
    try:
        b.c = 3
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: 'B' object has no attribute 'c' and no __dict__ for setting new attributes")
    else:
        assert False, "nothing raised"
    d = D()
    d.c = 4
    assert d.__dict__ == {"c": 4}
    assert hasattr(D(), '__weakref__') is True
    assert hasattr(B(), '__weakref__') is False


def test_slots_errors():
    assert (error(lambda: type('C', (), {'__slots__': 5}))
            == "TypeError: 'int' object is not iterable")
    assert (error(lambda: type('C', (), {'__slots__': ['1x']}))
            == "TypeError: __slots__ must be identifiers")
    assert (error(lambda: type('C', (), {'__slots__': [5]}))
            == "TypeError: __slots__ items must be strings, not 'int'")
    assert (error(lambda: type('C', (), {'__slots__': ['x'], 'x': 1}))
            == "ValueError: 'x' in __slots__ conflicts with class variable")
    assert (error(lambda: type('C', (int,), {'__slots__': ['x']}))
            == "TypeError: nonempty __slots__ not supported for subtype of 'int'")
    assert (error(lambda: type('C', (tuple,), {'__slots__': ['x']}))
            == "TypeError: nonempty __slots__ not supported for subtype of 'tuple'")
    assert type('C', (int,), {'__slots__': []}).__slots__ == []
    assert (error(lambda: type('C', (), {'__slots__': ['__dict__', '__dict__']}))
            == "TypeError: __dict__ slot disallowed: we already got one")
    assert type('C', (), {'__slots__': ['a', 'a']}).__slots__ == ["a", "a"]
    class A: __slots__ = 'a'
    class B: __slots__ = 'b'
    assert (error(lambda: type('C', (A, B), {}))
            == "TypeError: multiple bases have instance lay-out conflict")
    assert type('C', (), {'__slots__': '__weakref__'}).__slots__ == "__weakref__"


def test_slots_with_dict():
    class C: __slots__ = ('x', '__dict__')
    c = C()
    c.x = 1
    c.y = 2
    assert c.__dict__ == {"y": 2}


def test_slots_mapping_gives_docs():
    class C: __slots__ = {'x': 'doc of x'}
    assert C.x.__doc__ is None
    assert C.__slots__ == {"x": "doc of x"}


def test_slots_are_mangled():
    class C:
        __slots__ = ('__p',)
        def __init__(self): self.__p = 1
    assert C()._C__p == 1
    assert C.__slots__ == ("__p",)


def test_function_is_a_descriptor():
    def f(self): return self
    assert f.__get__(5)()  == 5
    assert (f.__get__(None, int) is f) is True
    assert f.__get__(5, int).__self__ == 5
    assert error(lambda: f.__get__(None, None)) == "TypeError: __get__(None, None) is invalid"
    assert error(lambda: f.__get__()) == "TypeError:  expected at least 1 argument, got 0"


def test_bound_method_objects():
    class C:
        def m(self): "doc"
    c = C()
    m = c.m
    assert m.__name__ == "m"
    assert m.__doc__ == "doc"
    assert (m.__self__ is c) is True
    try:
        m.x = 1
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: 'method' object has no attribute 'x' and no __dict__ for setting new attributes")
    else:
        assert False, "nothing raised"
    assert (m.__func__ is C.__dict__['m']) is True
    assert repr(m).startswith('<bound method ') is True
    assert (hash(c.m) == hash(c.m)) is True
    assert (m == C().m) is False
    assert type(m)(len, [1, 2])() == 2
    assert error(lambda: type(m)(5, 1)) == "TypeError: first argument must be callable"
    assert error(lambda: type(m)(len, None)) == "TypeError: instance must not be None"
    assert (m.__get__(5) is m) is True


def test_builtin_descriptors():
    assert type(str.upper).__name__ == "method_descriptor"
    assert type(str.__dict__['upper']).__name__ == "method_descriptor"
    assert type(int.__add__).__name__ == "wrapper_descriptor"
    assert type((5).__add__).__name__ == "method-wrapper"
    assert type(int.real).__name__ == "getset_descriptor"
    assert type(dict.__dict__['fromkeys']).__name__ == "classmethod_descriptor"
    assert repr(str.upper) == "<method 'upper' of 'str' objects>"
    assert repr(int.__add__) == "<slot wrapper '__add__' of 'int' objects>"
    assert repr(int.real) == "<attribute 'real' of 'int' objects>"
    assert str.upper.__get__('a')() == "A"
    assert (error(lambda: str.upper.__get__(5))
            == "TypeError: descriptor 'upper' for 'str' objects doesn't apply to a 'int' object")
    assert int.real.__get__(5) == 5
    assert (error(lambda: int.real.__get__('a'))
            == "TypeError: descriptor 'real' for 'int' objects doesn't apply to a 'str' object")
    assert (error(lambda: int.real.__set__(5, 1))
            == "AttributeError: attribute 'real' of 'int' objects is not writable")
    assert int.__add__.__get__(5)(6) == 11
    assert repr(str.upper.__objclass__) == "<class 'str'>"
    assert str.upper.__qualname__ == "str.upper"
    assert 'a'.upper.__self__ == "a"
    assert 'a'.upper.__qualname__ == "str.upper"
    assert len.__self__.__name__ == "builtins"
    assert len.__module__ == "builtins"
    assert ('a'.upper == 'a'.upper) is True
    assert repr(int.__dict__['__new__'].__self__) == "<class 'int'>"
    assert type(object.__init__).__name__ == "wrapper_descriptor"
    assert type(object().__init__).__name__ == "method-wrapper"
    assert [].append.__name__ == "append"
    assert repr(dict.fromkeys.__self__) == "<class 'dict'>"


def test_vars_and_dict():
    class C: pass
    c = C()
    c.x = 1
    assert vars(c) == {"x": 1}
    assert (vars(c) is c.__dict__) is True
    assert error(lambda: vars(5)) == "TypeError: vars() argument must have __dict__ attribute"
    assert vars(C)['__module__'] == "__main__"
    class S: __slots__ = ()
    assert error(lambda: vars(S())) == "TypeError: vars() argument must have __dict__ attribute"


def test_key_sharing_and_deletion():
    class C:
        def __init__(self): self.a = 1; self.b = 2
    x, y = C(), C()
    del x.a
    x.c = 3
    x.a = 4
    assert list(x.__dict__) == ["b", "c", "a"]
    assert list(y.__dict__) == ["a", "b"]
    y.__dict__.clear()
    assert error(lambda: y.a) == "AttributeError: 'C' object has no attribute 'a'"
    y.z = 1
    assert y.__dict__ == {"z": 1}


def test_many_attributes():
    class C: pass
    c = C()
    for i in range(200):
        setattr(c, f'a{i}', i)
    assert c.a199 == 199
    assert len(c.__dict__) == 200
    for i in range(0, 200, 2):
        delattr(c, f'a{i}')
    assert len(c.__dict__) == 100
    assert hasattr(c, 'a0') is False


def test_name_error_suggestions_are_separate_from_the_message():
    class C:
        value = 1
    try:
        C().vlaue
    except AttributeError as e:
        caught = e
    assert str(caught) == "'C' object has no attribute 'vlaue'"
    assert caught.name == "vlaue"
    assert type(caught.obj).__name__ == "C"


main(globals())
