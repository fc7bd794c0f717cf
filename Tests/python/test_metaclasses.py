# Metaclasses: __new__, __init__, __call__, __prepare__, conflicts.
from _run import describe, error, main



def test_order_of_calls():
    log = []
    class M(type):
        @classmethod
        def __prepare__(mcs, name, bases, **kw):
            log.append(('prepare', name, kw))
            return {}
        def __new__(mcs, name, bases, ns, **kw):
            log.append(('new', name))
            return super().__new__(mcs, name, bases, ns)
        def __init__(cls, name, bases, ns, **kw):
            log.append(('init', name))
        def __call__(cls, *a):
            log.append(('call', cls.__name__, a))
            return super().__call__(*a)
    class C(metaclass=M, k=1):
        def __init__(self, x): log.append('instance')
    C(5)
    assert (log
            == [("prepare", "C", {"k": 1}), ("new", "C"), ("init", "C"), ("call", "C", (5,)), "instance"])


def test_prepare_returns_custom_mapping():
    class Log(dict):
        def __init__(self): self.log = []
        def __setitem__(self, k, v):
            self.log.append(k)
            super().__setitem__(k, v)
    class M(type):
        @classmethod
        def __prepare__(m, n, b): return Log()
        def __new__(m, n, b, ns):
            c = super().__new__(m, n, b, dict(ns))
            c.log = [k for k in ns.log if not k.startswith('__')]
            return c
    class C(metaclass=M):
        b = 1
        a = 2
        b = 3
        def f(self): pass
    assert C.log == ["b", "a", "b", "f"]


def test_prepare_errors():
    class M(type):
        @classmethod
        def __prepare__(m, n, b): return 5
    def make():
        class C(metaclass=M): pass
    assert error(lambda: make()) == "TypeError: M.__prepare__() must return a mapping, not int"
    class P(type):
        def __prepare__(): pass
    def make2():
        class C(metaclass=P): pass
    assert (error(lambda: make2())
            == "TypeError: test_prepare_errors.<locals>.P.__prepare__() takes 0 positional arguments but 2 were given")


def test_namespace_lookups():
    class Names(dict):
        def __missing__(self, k):
            if k.startswith('__'):
                raise KeyError(k)
            return k.upper()
    class M(type):
        @classmethod
        def __prepare__(m, n, b): return Names()
        def __new__(m, n, b, ns): return super().__new__(m, n, b, dict(ns))
    class C(metaclass=M):
        x = hello
    assert C.x == "HELLO"


def test_inherited_metaclass():
    class M(type): pass
    class A(metaclass=M): pass
    class B(A): pass
    assert (type(B) is M) is True
    assert (type(type('C', (A,), {})) is M) is True


def test_derived_metaclass_wins():
    class M(type): pass
    class N(M): pass
    class A(metaclass=M): pass
    class B(metaclass=N): pass
    class C(A, B): pass
    assert (type(C) is N) is True
    class D(A, metaclass=N): pass
    assert (type(D) is N) is True


def test_metaclass_conflict():
    class M(type): pass
    class N(type): pass
    class A(metaclass=M): pass
    class B(metaclass=N): pass
    def make():
        class C(A, B): pass
    assert (error(lambda: make())
            == "TypeError: metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases")
    assert (error(lambda: type('C', (A, B), {}))
            == "TypeError: metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases")
    def make2():
        class C(A, metaclass=N): pass
    assert (error(lambda: make2())
            == "TypeError: metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases")


def test_function_as_metaclass():
    log = []
    def meta(name, bases, ns, **kw):
        log.append((name, bases, sorted(k for k in ns if not k.startswith('__')), kw))
        return 'made'
    class C(int, metaclass=meta, q=1):
        x = 1
    assert C == "made"
    assert repr(log) == "[('C', (<class 'int'>,), ['x'], {'q': 1})]"


def test_metaclass_methods_and_attributes():
    class M(type):
        x = 'meta'
        def m(cls): return cls.__name__
        @property
        def p(cls): return 'p of ' + cls.__name__
    class C(metaclass=M): pass
    assert C.x == "meta"
    assert C.m() == "C"
    assert C.p == "p of C"
    assert error(lambda: C().x) == "AttributeError: 'C' object has no attribute 'x'"
    assert error(lambda: C().p) == "AttributeError: 'C' object has no attribute 'p'"
    try:
        C.p = 5
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: property 'p' of 'test_metaclass_methods_and_attributes.<locals>.M' object has no setter")
    else:
        assert False, "nothing raised"
    assert ('m' in dir(C)) is False


def test_metaclass_operators():
    class M(type):
        def __len__(cls): return 3
        def __getitem__(cls, k): return k
        def __iter__(cls): return iter('ab')
        def __contains__(cls, v): return v == 1
        def __add__(cls, o): return 'added'
        def __bool__(cls): return False
        def __eq__(cls, o): return True
        def __hash__(cls): return 7
        def __repr__(cls): return '<C!>'
        def __call__(cls, *a): return a
        def __lt__(cls, o): return 'lt'
    class C(metaclass=M): pass
    assert len(C) == 3
    assert C['x'] == "x"
    assert list(C) == ["a", "b"]
    assert (1 in C) is True
    assert C + 1 == "added"
    assert bool(C) is False
    assert (C == 5) is True
    assert hash(C) == 7
    assert repr(C) == "<C!>"
    assert C(1, 2) == (1, 2)
    assert (C < 5) == "lt"


def test_data_descriptor_on_metaclass_wins():
    class Data:
        def __get__(self, o, t): return 'data'
        def __set__(self, o, v): pass
    class Non:
        def __get__(self, o, t): return 'nondata'
    class M(type):
        a = Data()
        b = Non()
        c = Non()
    class C(metaclass=M):
        a = 'class a'
        b = 'class b'
    assert (C.a, C.b, C.c) == ("data", "class b", "nondata")


def test_getattr_on_metaclass():
    class M(type):
        def __getattr__(cls, n): return 'meta ' + n
    class C(metaclass=M): pass
    assert C.anything == "meta anything"
    assert error(lambda: C().anything) == "AttributeError: 'C' object has no attribute 'anything'"


def test_setattr_on_metaclass():
    log = []
    class M(type):
        def __setattr__(cls, n, v):
            log.append(n)
            super().__setattr__(n, v)
        def __delattr__(cls, n):
            log.append('del ' + n)
            super().__delattr__(n)
    class C(metaclass=M):
        x = 1
    C.y = 2
    del C.y
    assert log == ["y", "del y"]


def test_class_cell_must_be_passed_on():
    class M(type):
        def __new__(m, n, b, ns):
            ns.pop('__classcell__', None)
            return super().__new__(m, n, b, ns)
    def make():
        class C(metaclass=M):
            def f(self): return __class__
    assert (error(lambda: make())
            == "RuntimeError: __class__ not set defining 'C' as <class '__main__.test_class_cell_must_be_passed_on.<locals>.make.<locals>.C'>. Was __classcell__ propagated to type.__new__?")
    class Swap(type):
        def __new__(m, n, b, ns):
            super().__new__(m, n, b, dict(ns))
            return super().__new__(m, n, (), {'__classcell__': ns.get('__classcell__')} if False else {k: v for k, v in ns.items() if k != '__classcell__'})
    def make2():
        class C(metaclass=Swap):
            def f(self): return super()
    assert (error(lambda: make2())
            == "TypeError: __class__ set to <class '__main__.test_class_cell_must_be_passed_on.<locals>.make2.<locals>.C'> defining 'C' as <class '__main__.test_class_cell_must_be_passed_on.<locals>.make2.<locals>.C'>")


def test_new_without_type():
    class M(type):
        def __new__(m, n, b, ns): return 5
    class C(metaclass=M): pass
    assert C == 5
    class D(type):
        def __new__(m, *a): return type(*a)
    class E(metaclass=D): pass
    assert repr(type(E)) == "<class 'type'>"


def test_singleton_and_registry():
    class Single(type):
        made = {}
        def __call__(cls, *a):
            if cls not in cls.made:
                cls.made[cls] = super().__call__(*a)
            return cls.made[cls]
    class S(metaclass=Single): pass
    assert (S() is S()) is True
    class Registry(type):
        known = []
        def __init__(cls, n, b, ns): Registry.known.append(n)
    class A(metaclass=Registry): pass
    class B(A): pass
    assert Registry.known == ["A", "B"]


def test_type_of_type():
    class Meta2(type): pass
    class Meta(type, metaclass=Meta2): pass
    class C(metaclass=Meta): pass
    assert type(type(C)).__name__ == "Meta2"
    assert isinstance(C, Meta) is True
    assert isinstance(Meta, Meta2) is True
    assert [k.__name__ for k in type(C).__mro__] == ["Meta", "type", "object"]


def test_bad_arguments():
    assert (error(lambda: type.__new__(5, 'a', (), {}))
            == "TypeError: type.__new__(X): X is not a type object (int)")
    assert (error(lambda: type.__new__(int, 'a', (), {}))
            == "TypeError: type.__new__(int): int is not a subtype of type")
    assert (error(lambda: type.__new__(type))
            == "TypeError: type.__new__() takes exactly 3 arguments (0 given)")
    assert (error(lambda: type.__new__(type, 'a', (), {}, 1))
            == "TypeError: type.__new__() takes exactly 3 arguments (4 given)")
    assert error(lambda: type.__init__(int)) == "TypeError: type.__init__() takes 1 or 3 arguments"
    assert (error(lambda: type.__init__(int, 1, 2, 3, 4))
            == "TypeError: type.__init__() takes 1 or 3 arguments")
    assert (error(lambda: type.__call__())
            == "TypeError: descriptor '__call__' of 'type' object needs an argument")


def test_init_subclass_with_metaclass_keywords():
    class M(type):
        def __new__(m, n, b, ns, flag=False, **kw):
            c = super().__new__(m, n, b, ns, **kw)
            c.flag = flag
            return c
        def __init__(cls, n, b, ns, **kw): super().__init__(n, b, ns)
    class Base(metaclass=M):
        def __init_subclass__(cls, tag='none'): cls.tag = tag
    class C(Base, flag=True, tag='t'): pass
    assert (C.flag, C.tag) == (True, "t")


main(globals())
