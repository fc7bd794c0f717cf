# Classes: creation, inheritance, MRO, super, attributes, class-level hooks.
from _run import describe, error, main



def test_class_attributes():
    class C:
        "Doc."
        x = 1
        def m(self): pass
    assert C.__name__ == "C"
    assert C.__qualname__.rpartition('.')[2] == "C"
    assert C.__module__ == "__main__"
    assert C.__doc__ == "Doc."
    assert repr(C.__bases__) == "(<class 'object'>,)"
    assert (repr(C.__mro__)
            == "(<class '__main__.test_class_attributes.<locals>.C'>, <class 'object'>)")
    assert sorted(k for k in C.__dict__ if not k.startswith('__')) == ["m", "x"]
    assert repr(type(C)) == "<class 'type'>"
    assert isinstance(C(), C) is True
    assert type(C.__dict__).__name__ == "mappingproxy"
    try:
        C.__dict__['x'] = 2
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: 'mappingproxy' object does not support item assignment")
    else:
        assert False, "nothing raised"
    assert repr(C.__base__) == "<class 'object'>"
    assert C.__static_attributes__ == ()
    assert (C.__firstlineno__ > 0) is True


def test_static_attributes():
    class C:
        def a(self):
            self.x = 1
            self.y: int = 2
            other = self
            other.z = 3
        def b(this): this.w = 1
        def c(self):
            self.x += 1
            def inner(): self.q = 1
    assert sorted(C.__static_attributes__) == ["q", "x", "y"]


def test_renaming_a_class():
    class C: pass
    C.__name__ = 'D'
    assert C.__name__ == "D"
    assert repr(C).rpartition('.')[2] == "C'>"
    try:
        C.__name__ = 5
    except BaseException as exception:
        assert describe(exception) == "TypeError: can only assign string to D.__name__, not 'int'"
    else:
        assert False, "nothing raised"
    try:
        C.__name__ = 'a\0b'
    except BaseException as exception:
        assert describe(exception) == "ValueError: type name must not contain null characters"
    else:
        assert False, "nothing raised"
    try:
        del C.__name__
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: cannot delete '__name__' attribute of immutable type 'D'")
    else:
        assert False, "nothing raised"
    C.__qualname__ = 'X.Y'
    assert C.__qualname__ == "X.Y"
    try:
        C.__qualname__ = 1
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: can only assign string to D.__qualname__, not 'int'")
    else:
        assert False, "nothing raised"


def test_instance_attributes():
    class C:
        x = 1
    c = C()
    c.y = 2
    assert c.__dict__ == {"y": 2}
    c.x = 5
    assert (c.x, C.x) == (5, 1)
    del c.x
    assert c.x == 1
    try:
        del c.x
    except BaseException as exception:
        assert describe(exception) == "AttributeError: 'C' object has no attribute 'x'"
    else:
        assert False, "nothing raised"
    assert error(lambda: c.zzz) == "AttributeError: 'C' object has no attribute 'zzz'"
    try:
        c.__dict__ = 5
    except BaseException as exception:
        assert describe(exception) == "TypeError: __dict__ must be set to a dictionary, not a 'int'"
    else:
        assert False, "nothing raised"
    c.__dict__ = {'w': 1}
    assert c.w == 1
    assert error(lambda: c.y) == "AttributeError: 'C' object has no attribute 'y'"
    assert error(lambda: C.zzz) == "AttributeError: type object 'C' has no attribute 'zzz'"
    try:
        del C.zzz
    except BaseException as exception:
        assert describe(exception) == "AttributeError: type object 'C' has no attribute 'zzz'"
    else:
        assert False, "nothing raised"


def test_inheritance_and_overriding():
    class A:
        def f(self): return 'A'
        def g(self): return self.f()
    class B(A):
        def f(self): return 'B' + super().f()
    assert B().g() == "BA"
    assert A().g() == "A"
    assert (B.__mro__ == (B, A, object)) is True
    assert issubclass(B, A) is True
    assert (A.__subclasses__() == [B]) is True


def test_c3_linearisation():
    class O: pass
    class A(O): pass
    class B(O): pass
    class C(A, B): pass
    class D(B): pass
    class E(C, D): pass
    assert [k.__name__ for k in E.__mro__] == ["E", "C", "A", "D", "B", "O", "object"]
    class X(O): pass
    class Y(O): pass
    class Z(X, Y): pass


def test_c3_conflict():
    class A: pass
    class B(A): pass
    assert (error(lambda: type('C', (A, B), {}))
            == "TypeError: Cannot create a consistent method resolution order (MRO) for bases A, B")
    class X(A): pass
    class Y(A): pass
    class P(X, Y): pass
    class Q(Y, X): pass
    assert (error(lambda: type('R', (P, Q), {}))
            == "TypeError: Cannot create a consistent method resolution order (MRO) for bases X, Y")
    assert error(lambda: type('D', (A, A), {})) == "TypeError: duplicate base class A"


def test_bad_bases():
    assert (error(lambda: type('C', (5,), {}))
            == "TypeError: metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases")
    assert (error(lambda: type('C', (int, str), {}))
            == "TypeError: multiple bases have instance lay-out conflict")
    assert (error(lambda: type('C', (bool,), {}))
            == "TypeError: type 'bool' is not an acceptable base type")
    assert (error(lambda: type('C', (type(None),), {}))
            == "TypeError: type 'NoneType' is not an acceptable base type")
    assert (error(lambda: type('C', (type(lambda: 0),), {}))
            == "TypeError: type 'function' is not an acceptable base type")
    assert (error(lambda: type('C', (type(len),), {}))
            == "TypeError: type 'builtin_function_or_method' is not an acceptable base type")
    assert (error(lambda: type('C', (range,), {}))
            == "TypeError: type 'range' is not an acceptable base type")
    assert (error(lambda: type('C', (slice,), {}))
            == "TypeError: type 'slice' is not an acceptable base type")
    assert (error(lambda: type('C', (type(...),), {}))
            == "TypeError: type 'ellipsis' is not an acceptable base type")
    assert (error(lambda: type('C', (memoryview,), {}))
            == "TypeError: type 'memoryview' is not an acceptable base type")
    assert (error(lambda: type('C', (type({}.keys()),), {}))
            == "TypeError: type 'dict_keys' is not an acceptable base type")
    assert (error(lambda: type('C', (list, dict), {}))
            == "TypeError: multiple bases have instance lay-out conflict")
    assert (error(lambda: type('C', (object, int), {}))
            == "TypeError: Cannot create a consistent method resolution order (MRO) for bases object, int")
    assert (error(lambda: type('C', [], {}))
            == "TypeError: type.__new__() argument 2 must be tuple, not list")
    assert (error(lambda: type('C', (), []))
            == "TypeError: type.__new__() argument 3 must be dict, not list")
    assert (error(lambda: type(5, (), {}))
            == "TypeError: type.__new__() argument 1 must be str, not int")
    assert type('C', (), {5: 1}).__dict__[5] == 1
    assert (error(lambda: type('a\0b', (), {}))
            == "ValueError: type name must not contain null characters")


def test_super_in_methods():
    class A:
        def m(self): return ['A']
    class B(A):
        def m(self): return ['B'] + super().m()
    class C(A):
        def m(self): return ['C'] + super().m()
    class D(B, C):
        def m(self): return ['D'] + super().m()
    assert D().m() == ["D", "B", "C", "A"]
    assert super(B, D()).m() == ["C", "A"]
    assert super(D, D()).m() == ["B", "C", "A"]


def test_super_errors():
    class A: pass
    class B(A):
        def m(self): return super().nothing
        def n(): return super()
        def p(self):
            del self
            return super()
        @staticmethod
        def s(x): return super().__init__()
    assert error(lambda: B().m()) == "AttributeError: 'super' object has no attribute 'nothing'"
    assert error(lambda: B.n()) == "RuntimeError: super(): no arguments"
    assert error(lambda: B().p()) == "RuntimeError: super(): arg[0] deleted"
    assert (error(lambda: B.s(5))
            == "TypeError: super(type, obj): obj (instance of int) is not an instance or subtype of type (B).")
    assert error(lambda: super()) == "RuntimeError: super(): no arguments"
    assert (error(lambda: super(A, 5))
            == "TypeError: super(type, obj): obj (instance of int) is not an instance or subtype of type (A).")
    assert error(lambda: super(5)) == "TypeError: super() argument 1 must be a type, not int"
    assert (error(lambda: super(B, A()))
            == "TypeError: super(type, obj): obj (instance of A) is not an instance or subtype of type (B).")
    def f(x): return super()
    assert error(lambda: f(1)) == "RuntimeError: super(): __class__ cell not found"


def test_super_attribute_access():
    class A:
        x = 1
        @property
        def p(self): return 'prop of ' + type(self).__name__
        @classmethod
        def c(cls): return cls.__name__
    class B(A):
        x = 2
        @property
        def p(self): return super().p + '!'
        @classmethod
        def c(cls): return 'B:' + super().c()
    b = B()
    assert super(B, b).x == 1
    assert b.p == "prop of B!"
    assert B.c() == "B:B"
    assert b.c() == "B:B"
    assert super(B, B).c() == "B"
    try:
        super(B, b).x = 5
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: 'super' object has no attribute 'x' and no __dict__ for setting new attributes")
    else:
        assert False, "nothing raised"
    assert super(B, b).__class__.__name__ == "super"
    assert super(B, b).__thisclass__.__name__ == "B"
    assert (super(B, b).__self__ is b) is True
    assert super(B, b).__self_class__.__name__ == "B"
    assert repr(super(B)).endswith('NULL>') is True


def test_super_in_nested_functions():
    class A:
        def m(self): return 'A'
    class B(A):
        def m(self):
            def inner(me): return super().m()
            return inner(self)
        def k(self): return [super(B, self).m() for _ in 'ab']
        def j(self): return [super().m() for _ in 'ab']
    assert B().m() == "A"
    assert B().k() == ["A", "A"]
    assert B().j() == ["A", "A"]


def test_changing_class():
    class A: x = 1
    class B: x = 2
    a = A()
    a.__class__ = B
    assert a.x == 2
    try:
        a.__class__ = int
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: __class__ assignment only supported for mutable types or ModuleType subclasses")
    else:
        assert False, "nothing raised"
    try:
        a.__class__ = 5
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: __class__ must be set to a class, not 'int' object")
    else:
        assert False, "nothing raised"
    try:
        (5).__class__ = bool
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: __class__ assignment only supported for mutable types or ModuleType subclasses")
    else:
        assert False, "nothing raised"
    try:
        del a.__class__
    except BaseException as exception:
        assert describe(exception) == "TypeError: can't delete __class__ attribute"
    else:
        assert False, "nothing raised"
    class S: __slots__ = 'q'
    try:
        a.__class__ = S
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: __class__ assignment: 'S' object layout differs from 'B'")
    else:
        assert False, "nothing raised"


def test_changing_bases():
    class A: x = 'A'
    class B: x = 'B'
    class C(A): pass
    C.__bases__ = (B,)
    assert C.x == "B"
    try:
        C.__bases__ = ()
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: can only assign non-empty tuple to C.__bases__, not ()")
    else:
        assert False, "nothing raised"
    try:
        C.__bases__ = 5
    except BaseException as exception:
        assert describe(exception) == "TypeError: can only assign tuple to C.__bases__, not int"
    else:
        assert False, "nothing raised"
    try:
        C.__bases__ = (C,)
    except BaseException as exception:
        assert describe(exception) == "TypeError: a __bases__ item causes an inheritance cycle"
    else:
        assert False, "nothing raised"
    try:
        C.__bases__ = (int,)
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: __bases__ assignment: 'int' deallocator differs from 'B'")
    else:
        assert False, "nothing raised"
    try:
        del C.__bases__
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: cannot delete '__bases__' attribute of immutable type 'C'")
    else:
        assert False, "nothing raised"
    assert A.__subclasses__() == []
    assert [k.__name__ for k in B.__subclasses__()] == ["C"]


def test_mro_override():
    class M(type):
        def mro(cls): return [cls, object]
    class A: x = 1
    class B(A, metaclass=M): pass
    assert [k.__name__ for k in B.__mro__] == ["B", "object"]
    assert error(lambda: B.x) == "AttributeError: type object 'B' has no attribute 'x'"
    class Bad(type):
        def mro(cls): return 5
    assert error(lambda: Bad('X', (), {})) == "TypeError: 'int' object is not iterable"
    class Bad2(type):
        def mro(cls): return [5]
    assert error(lambda: Bad2('X', (), {})) == "TypeError: mro() returned a non-class ('int')"


def test_attribute_cache_sees_changes():
    class A: x = 1
    class B(A): pass
    b = B()
    out = [b.x]
    A.x = 2
    out.append(b.x)
    B.x = 3
    out.append(b.x)
    b.x = 4
    out.append(b.x)
    del b.x, B.x
    out.append(b.x)
    assert out == [1, 2, 3, 4, 2]


def test_dunder_methods_are_looked_up_on_the_type():
    class C: pass
    c = C()
    c.__len__ = lambda: 5
    assert error(lambda: len(c)) == "TypeError: object of type 'C' has no len()"
    C.__len__ = lambda self: 6
    assert len(c) == 6
    del C.__len__
    assert error(lambda: len(c)) == "TypeError: object of type 'C' has no len()"


def test_changing_methods_later():
    class A:
        def __add__(self, o): return 'first'
    a = A()
    out = [a + 1]
    A.__add__ = lambda s, o: 'second'
    out.append(a + 1)
    del A.__add__
    assert out == ["first", "second"]
    assert error(lambda: a + 1) == "TypeError: unsupported operand type(s) for +: 'A' and 'int'"
    class B(A): pass
    A.__add__ = lambda s, o: 'inherited'
    assert B() + 1 == "inherited"


def test_init_subclass():
    log = []
    class Base:
        def __init_subclass__(cls, /, tag=None, **kw):
            super().__init_subclass__(**kw)
            log.append((cls.__name__, tag))
    class A(Base): pass
    class B(Base, tag='x'): pass
    assert log == [("A", None), ("B", "x")]
    assert type('C', (Base,), {}, tag=5).__name__ == "C"
    assert log[-1] == ("C", 5)
    assert (error(lambda: type('D', (Base,), {}, foo=5))
            == "TypeError: D.__init_subclass__() takes no keyword arguments")
    class Plain: pass
    assert (error(lambda: type('E', (Plain,), {}, foo=1))
            == "TypeError: E.__init_subclass__() takes no keyword arguments")


def test_set_name():
    log = []
    class D:
        def __set_name__(self, owner, name): log.append((owner.__name__, name))
    class C:
        a = D()
        b = D()
    assert log == [("C", "a"), ("C", "b")]
    C.c = D()
    assert len(log) == 2
    class Bad:
        def __set_name__(self, owner, name): raise ValueError('no')
    try:
        type('X', (), {'attr': Bad()})
    except ValueError as e:
        caught = e
    assert caught.args == ("no",)
    assert caught.__notes__ == ["Error calling __set_name__ on 'Bad' instance 'attr' in 'X'"]


def test_class_getitem():
    class C:
        def __class_getitem__(cls, k): return (cls.__name__, k)
    assert C[1, 2] == ("C", (1, 2))
    assert repr(C[int]) == "('C', <class 'int'>)"
    class D: pass
    assert error(lambda: D[1]) == "TypeError: type 'D' is not subscriptable"
    assert error(lambda: int[1]) == "TypeError: type 'int' is not subscriptable"
    class E(C): pass
    assert E['q'] == ("E", "q")


def test_subclass_hook():
    class M(type):
        def __subclasscheck__(cls, sub): return 'yes'
        def __instancecheck__(cls, obj): return []
    class C(metaclass=M): pass
    assert issubclass(int, C) is True
    assert isinstance(5, C) is False
    assert isinstance(C(), C) is True
    assert error(lambda: issubclass(5, int)) == "TypeError: issubclass() arg 1 must be a class"
    assert (error(lambda: issubclass(int, 5))
            == "TypeError: issubclass() arg 2 must be a class, a tuple of classes, or a union")
    assert (error(lambda: isinstance(5, 5))
            == "TypeError: isinstance() arg 2 must be a type, a tuple of types, or a union")
    assert isinstance(5, (int, str)) is True
    assert isinstance(5, (str, (float, int))) is True
    assert isinstance(5, int | str) is True
    assert issubclass(bool, (str, int)) is True
    assert isinstance(5, ()) is False
    assert (error(lambda: isinstance(5, [int]))
            == "TypeError: isinstance() arg 2 must be a type, a tuple of types, or a union")
    assert (error(lambda: isinstance(5, (5,)))
            == "TypeError: isinstance() arg 2 must be a type, a tuple of types, or a union")


def test_isinstance_uses_class_attribute():
    class Fake:
        __class__ = int
    assert isinstance(Fake(), int) is True
    assert isinstance(Fake(), Fake) is True
    assert (type(Fake()) is Fake) is True
    class Bases:
        __bases__ = (int,)


def test_dir_of_instances():
    class A:
        x = 1
        def m(self): pass
    class B(A): y = 2
    b = B()
    b.z = 3
    assert [k for k in dir(b) if not k.startswith('__')] == ["m", "x", "y", "z"]
    assert [k for k in dir(B) if not k.startswith('__')] == ["m", "x", "y"]
    class C:
        def __dir__(self): return ['b', 'a']
    assert dir(C()) == ["a", "b"]
    class D:
        def __dir__(self): return 5
    assert error(lambda: dir(D())) == "TypeError: 'int' object is not iterable"


def test_decorators_on_classes():
    def add(cls):
        cls.added = True
        return cls
    @add
    class C: pass
    assert C.added is True
    @lambda c: 'replaced'
    class D: pass
    assert D == "replaced"


def test_class_body_executes_in_order():
    log = []
    class C:
        log.append('start')
        for i in range(2):
            log.append(i)
        x = [j for j in range(2)]
        log.append('end')
    assert log == ["start", 0, 1, "end"]
    assert C.i == 1
    assert C.x == [0, 1]


def test_nested_classes():
    class A:
        class B:
            class C:
                x = 1
    assert A.B.C.x == 1
    assert A.B.C.__qualname__.partition('A.')[2] == "B.C"


def test_class_keyword_arguments():
    class M(type):
        def __new__(m, name, bases, ns, **kw): return super().__new__(m, name, bases, ns)
        def __init__(cls, name, bases, ns, **kw): cls.kw = kw
    class C(metaclass=M, a=1, **{'b': 2}): pass
    assert C.kw == {"a": 1, "b": 2}
    assert (error(lambda: type('X', (), {}, a=1))
            == "TypeError: X.__init_subclass__() takes no keyword arguments")
    bases = (int,)
    class D(*bases): pass
    assert repr(D(5)) == "5"
    class E(*[], **{}): pass
    assert repr(E.__bases__) == "(<class 'object'>,)"


def test_mro_entries():
    class Proxy:
        def __mro_entries__(self, bases): return (int,)
    class C(Proxy()): pass
    assert repr(C.__bases__) == "(<class 'int'>,)"
    assert (C.__orig_bases__ is not None) is True
    class Bad:
        def __mro_entries__(self, bases): return 5
    def make():
        class X(Bad()): pass
    assert error(lambda: make()) == "TypeError: __mro_entries__ must return a tuple"
    assert (error(lambda: type('X', (Proxy(),), {}))
            == "TypeError: type() doesn't support MRO entry resolution; use types.new_class()")


def test_object_methods():
    o = object()
    assert o.__eq__(o) is True
    assert o.__eq__(5) is NotImplemented
    assert o.__ne__(o) is False
    assert o.__lt__(o) is NotImplemented
    assert (o == o) is True
    assert (o.__hash__() == hash(o)) is True
    assert (o.__str__() == repr(o)) is True
    assert (o.__format__('') == str(o)) is True
    assert (error(lambda: o.__format__('x'))
            == "TypeError: unsupported format string passed to object.__format__")
    assert o.__sizeof__() == 16
    assert (o.__dir__() == list(dir(o)) or sorted(o.__dir__()) == dir(o)) is True
    assert o.__init_subclass__() is None
    assert o.__subclasshook__(int) is NotImplemented
    try:
        o.x = 1
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: 'object' object has no attribute 'x' and no __dict__ for setting new attributes")
    else:
        assert False, "nothing raised"
    assert error(lambda: o.x) == "AttributeError: 'object' object has no attribute 'x'"
    assert (error(lambda: object() < object())
            == "TypeError: '<' not supported between instances of 'object' and 'object'")
    assert (object.__doc__ is not None) is True


def test_getstate_and_reduce():
    class C:
        def __init__(self): self.a = 1
    class S:
        __slots__ = ('p', 'q')
    s = S()
    s.p = 1
    assert C().__getstate__() == {"a": 1}
    assert s.__getstate__() == (None, {"p": 1})
    assert object().__getstate__() is None
    assert (5).__getstate__() is None
    assert (C().__reduce_ex__(2)[1][0] is C) is True
    assert C().__reduce_ex__(4)[2] == {"a": 1}
    assert (error(lambda: s.__reduce_ex__(0))
            == "TypeError: a class that defines __slots__ without defining __getstate__ cannot be pickled")
    assert (error(lambda: object().__reduce_ex__('a'))
            == "TypeError: 'str' object cannot be interpreted as an integer")


def test_abstract_flag():
    class A:
        def f(self): pass
    A.__abstractmethods__ = frozenset(['f'])
    assert (error(lambda: A())
            == "TypeError: Can't instantiate abstract class A without an implementation for abstract method 'f'")
    A.__abstractmethods__ = frozenset(['f', 'g'])
    assert (error(lambda: A())
            == "TypeError: Can't instantiate abstract class A without an implementation for abstract methods 'f', 'g'")
    del A.__abstractmethods__
    assert A().f() is None
    assert error(lambda: type.__abstractmethods__) == "AttributeError: __abstractmethods__"
    assert error(lambda: A.__abstractmethods__) == "AttributeError: __abstractmethods__"


def test_type_attributes():
    assert repr(type.__mro__) == "(<class 'type'>, <class 'object'>)"
    assert (type(type) is type) is True
    assert type.__call__(int, '5') == 5
    assert int.__basicsize__ == 24
    assert int.__itemsize__ == 4
    assert object.__basicsize__ == 16
    assert (type.__flags__ >= 0) is True
    assert int.__dictoffset__ == 0
    assert int.__weakrefoffset__ == 0
    assert int.__text_signature__ is None
    assert len.__text_signature__ == "($module, obj, /)"
    try:
        int.x = 5
    except BaseException as exception:
        assert describe(exception) == "TypeError: cannot set 'x' attribute of immutable type 'int'"
    else:
        assert False, "nothing raised"
    try:
        del int.real
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: cannot set 'real' attribute of immutable type 'int'")
    else:
        assert False, "nothing raised"
    try:
        int.__name__ = 'x'
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: cannot set '__name__' attribute of immutable type 'int'")
    else:
        assert False, "nothing raised"
    try:
        type.x = 1
    except BaseException as exception:
        assert describe(exception) == "TypeError: cannot set 'x' attribute of immutable type 'type'"
    else:
        assert False, "nothing raised"
    assert repr(int.__subclasses__()[0]) == "<class 'bool'>"
    assert repr(type('N', (), {}).__mro__[1]) == "<class 'object'>"
    assert type.__prepare__() == {}
    assert type.__instancecheck__(int, 5) is True
    assert type.__subclasscheck__(int, bool) is True
    assert repr(type.mro(int)) == "[<class 'int'>, <class 'object'>]"
    assert repr(type.__or__(int, str)) == "int | str"
    assert repr(int | None) == "int | None"


def test_type_with_three_arguments_copies_the_dict():
    ns = {'x': 1}
    C = type('C', (), ns)
    ns['x'] = 2
    assert C.x == 1
    assert C.__module__ == "__main__"
    assert (type('D', (), {'__module__': 'm', '__qualname__': 'Q.D', '__doc__': 'd'}).__qualname__
            == "Q.D")
    assert (error(lambda: type('D', (), {'__qualname__': 5}))
            == "TypeError: type __qualname__ must be a str, not int")
    assert repr(type('D', (), {'__module__': 'm', '__qualname__': 'Q.D'})) == "<class 'm.Q.D'>"
    assert repr(type('D', (), {'__module__': 'builtins'})) == "<class 'D'>"


main(globals())
