# Type parameters, type aliases, generic aliases, union types.
from _run import describe, error, main



def test_generic_alias():
    assert repr(list[int]) == "list[int]"
    assert repr(dict[str, list[int]]) == "dict[str, list[int]]"
    assert repr(tuple[int, ...]) == "tuple[int, ...]"
    assert repr(list[int].__origin__) == "<class 'list'>"
    assert repr(list[int].__args__) == "(<class 'int'>,)"
    assert list[int].__parameters__ == ()
    assert (list[int] == list[int]) is True
    assert (list[int] == list[str]) is False
    assert (hash(list[int]) == hash(list[int])) is True
    assert list[int]([1]) == [1]
    assert list[int].append([], 1) is None
    assert type(list[int]).__name__ == "GenericAlias"
    assert repr(list['x']) == "list['x']"
    assert repr(list[None]) == "list[None]"
    assert repr(list[...]) == "list[...]"
    assert (error(lambda: isinstance([], list[int]))
            == "TypeError: isinstance() argument 2 cannot be a parameterized generic")
    assert repr(list[int].__mro_entries__(())) == "(<class 'list'>,)"
    assert list[int].__unpacked__ is False
    assert repr([*tuple[int, str]]) == "[*tuple[int, str]]"
    assert (*tuple[int],)[0].__unpacked__ is True
    assert error(lambda: list[int][str]) == "TypeError: list[int] is not a generic class"
    assert repr(list[()]) == "list[()]"
    assert repr(type[int]) == "type[int]"
    assert repr(frozenset[str]) == "frozenset[str]"


def test_generic_alias_as_base():
    class C(list[int]): pass
    assert repr(C.__bases__) == "(<class 'list'>,)"
    assert repr(C.__orig_bases__) == "(list[int],)"
    assert repr(C([1])) == "[1]"


def test_generic_alias_attributes():
    a = list[int]
    try:
        a.__origin__ = 5
    except BaseException as exception:
        assert describe(exception) == "AttributeError: readonly attribute"
    else:
        assert False, "nothing raised"
    try:
        a.x = 1
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: 'types.GenericAlias' object has no attribute 'x' and no __dict__ for setting new attributes")
    else:
        assert False, "nothing raised"
    assert repr(a.__class__) == "<class 'types.GenericAlias'>"
    assert (a.__doc__ == list.__doc__) is True
    assert dir(a)[:0] == []
    assert repr(type(a)(dict, (int, str))) == "dict[int, str]"
    assert repr(type(a)(5, 6)) == "5[6]"
    assert error(lambda: type(a)()) == "TypeError: GenericAlias expected 2 arguments, got 0"


def test_union_types():
    assert repr(int | str) == "int | str"
    assert repr(int | None) == "int | None"
    assert repr((int | str) | float) == "int | str | float"
    assert repr(int | int) == "<class 'int'>"
    assert ((int | str) == (str | int)) is True
    assert (hash(int | str) == hash(str | int)) is True
    assert repr((int | str).__args__) == "(<class 'int'>, <class 'str'>)"
    assert repr((int | None).__args__) == "(<class 'int'>, <class 'NoneType'>)"
    assert isinstance(1, int | str) is True
    assert (error(lambda: int | 5)
            == "TypeError: unsupported operand type(s) for |: 'type' and 'int'")
    assert (error(lambda: 5 | int)
            == "TypeError: unsupported operand type(s) for |: 'int' and 'type'")
    assert (error(lambda: 'a' | int)
            == "TypeError: unsupported operand type(s) for |: 'str' and 'type'")
    assert (int | str).__parameters__ == ()
    assert repr(list[int] | None) == "list[int] | None"
    assert repr(int | list[str]) == "int | list[str]"
    assert type(int | str).__name__ == "UnionType"
    assert error(lambda: (int | str)()) == "TypeError: 'types.UnionType' object is not callable"
    assert issubclass(int, int | str) is True
    assert (error(lambda: isinstance(1, list[int] | int))
            == "TypeError: isinstance() argument 2 cannot be a parameterized generic")
    assert (error(lambda: None | None)
            == "TypeError: unsupported operand type(s) for |: 'NoneType' and 'NoneType'")
    assert (error(lambda: int | 'str')
            == "TypeError: unsupported operand type(s) for |: 'type' and 'str'")


def test_generic_functions():
    def f[T](x: T) -> T: return x
    assert f(5) == 5
    assert repr(f.__type_params__) == "(T,)"
    assert f.__type_params__[0].__name__ == "T"
    assert (f.__annotations__['x'] is f.__type_params__[0]) is True
    def g[T: int, *Ts, **P](): pass
    assert repr(g.__type_params__) == "(T, Ts, P)"
    assert repr(g.__type_params__[0].__bound__) == "<class 'int'>"
    def h[T: (int, str)](): pass
    assert repr(h.__type_params__[0].__constraints__) == "(<class 'int'>, <class 'str'>)"
    assert h.__type_params__[0].__bound__ is None


def test_defaults_of_type_parameters():
    def f[T = int, *Ts = *tuple[int, str], **P = [int]](): pass
    assert repr(f.__type_params__[0].__default__) == "<class 'int'>"
    assert f.__type_params__[0].has_default() is True
    assert repr(f.__type_params__[1].__default__) == "*tuple[int, str]"
    assert repr(f.__type_params__[2].__default__) == "[<class 'int'>]"
    def g[T](): pass
    assert g.__type_params__[0].has_default() is False
    assert repr(g.__type_params__[0].__default__) == "typing.NoDefault"


def test_lazy_evaluation_of_bounds():
    def f[T: undefined_bound](): pass
    assert f.__type_params__[0].__name__ == "T"
    assert (error(lambda: f.__type_params__[0].__bound__)
            == "NameError: name 'undefined_bound' is not defined")
    def g[T: (1 / 0)](): pass
    assert error(lambda: g.__type_params__[0].__bound__) == "ZeroDivisionError: division by zero"


def test_generic_classes():
    class C[T]:
        def m(self) -> T: pass
        x: T
    assert repr(C.__type_params__) == "(T,)"
    assert repr(C.__parameters__) == "(T,)"
    assert [b.__name__ for b in C.__bases__] == ["Generic"]
    assert repr(C.__orig_bases__) == "(typing.Generic[T],)"
    assert repr(C[int]).endswith('C[int]') is True
    assert (C[int]().__class__ is C) is True
    class D[A, B](C[A]): pass
    assert repr(D.__type_params__) == "(A, B)"


def test_type_alias():
    type A = int
    assert repr(A) == "A"
    assert A.__name__ == "A"
    assert repr(A.__value__) == "<class 'int'>"
    assert A.__type_params__ == ()
    type L[T] = list[T]
    assert repr(L[int]) == "L[int]"
    assert repr(L.__value__) == "list[T]"
    assert repr(L.__type_params__) == "(T,)"
    type R = list[R]
    assert repr(R.__value__) == "list[R]"
    type Bad = undefined_thing
    assert error(lambda: Bad.__value__) == "NameError: name 'undefined_thing' is not defined"
    assert type(A).__name__ == "TypeAliasType"
    assert repr(A | None) == "A | None"
    assert error(lambda: A()) == "TypeError: 'typing.TypeAliasType' object is not callable"
    try:
        A.__value__ = 5
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: attribute '__value__' of 'typing.TypeAliasType' objects is not writable")
    else:
        assert False, "nothing raised"
    assert error(lambda: A[int]) == "TypeError: Only generic type aliases are subscriptable"


def test_type_alias_scopes():
    class C:
        T = int
        type A = T
        def f[T](self, x: T): return T
    assert repr(C.A.__value__) == "<class 'int'>"
    assert repr(C().f(1)) == "T"
    def outer():
        x = str
        type A = x
        return A
    assert repr(outer().__value__) == "<class 'str'>"


def test_scopes_of_type_parameters():
    T = 'outer'
    def f[T](): return T
    assert repr(f()) == "T"
    assert T == "outer"
    class C[T]:
        inner = T
        def m(self): return T
    assert repr(C.inner) == "T"
    assert repr(C().m()) == "T"
    def g[T](x=T): return x
    assert g() == "outer"
    def d[T](f=lambda: T): return f()
    assert d() == "outer"


def test_type_variables():
    def f[T](): return T
    T = f()
    assert T.__name__ == "T"
    assert (T.__variance__ if hasattr(T, '__variance__') else 'none') == "none"
    assert (T.__covariant__, T.__contravariant__, T.__infer_variance__) == (False, False, True)
    assert (T.__module__ == __name__) is False
    assert error(lambda: T()) == "TypeError: 'typing.TypeVar' object is not callable"
    assert repr(list[T]) == "list[T]"
    assert repr(list[T][int]) == "list[int]"
    assert repr(dict[T, list[T]][int]) == "dict[int, list[int]]"
    assert (list[T].__parameters__ == (T,)) is True
    assert (error(lambda: isinstance(5, T))
            == "TypeError: isinstance() arg 2 must be a type, a tuple of types, or a union")
    assert type(T).__name__ == "TypeVar"
    assert repr(type(T)('X')) == "~X"
    assert error(lambda: type(T)('X', int)) == "TypeError: A single constraint is not allowed"
    assert repr(type(T)('X', bound=int).__bound__) == "<class 'int'>"
    assert repr(type(T)('X', int, str).__constraints__) == "(<class 'int'>, <class 'str'>)"
    assert (error(lambda: type(T)())
            == "TypeError: typevar() missing required argument 'name' (pos 1)")


def test_syntax_errors():
    assert (error(lambda: compile('def f[](): pass', 'f', 'exec'))
            == "SyntaxError: Type parameter list cannot be empty (f, line 1)")
    assert (error(lambda: compile('def f[T, T](): pass', 'f', 'exec'))
            == "SyntaxError: duplicate type parameter 'T' (f, line 1)")
    assert (error(lambda: compile('class C[T=int, U]: pass', 'f', 'exec'))
            == "SyntaxError: non-default type parameter 'U' follows default type parameter (f, line 1)")
    assert (error(lambda: compile('def f[*T: int](): pass', 'f', 'exec'))
            == "SyntaxError: cannot use bound with TypeVarTuple (f, line 1)")
    assert (error(lambda: compile('type A', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('type A =', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('type 1 = 2', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    try:
        compile('def f[T: (yield)](): pass', 'f', 'exec')
    except BaseException as exception:
        assert (describe(exception)
                == "SyntaxError: yield expression cannot be used within a TypeVar bound (f, line 1)")
    else:
        assert False, "nothing raised"
    try:
        compile('class C[T: (x := 1)]: pass', 'f', 'exec')
    except BaseException as exception:
        assert (describe(exception)
                == "SyntaxError: named expression cannot be used within a TypeVar bound (f, line 1)")
    else:
        assert False, "nothing raised"
    try:
        compile('type A = (yield)', 'f', 'exec')
    except BaseException as exception:
        assert (describe(exception)
                == "SyntaxError: yield expression cannot be used within a type alias (f, line 1)")
    else:
        assert False, "nothing raised"
    assert (error(lambda: compile('def f[T](): nonlocal T', 'f', 'exec'))
            == "SyntaxError: nonlocal binding not allowed for type parameter 'T' (f, line 1)")
    assert (error(lambda: compile('def f[**P: int](): pass', 'f', 'exec'))
            == "SyntaxError: cannot use bound with ParamSpec (f, line 1)")
    assert (error(lambda: compile('type A[T', 'f', 'exec'))
            == "SyntaxError: '[' was never closed (f, line 1)")
    assert (error(lambda: compile('def f[T]: pass', 'f', 'exec'))
            == "SyntaxError: expected '(' (f, line 1)")
    assert (error(lambda: compile('lambda[T]: 1', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('type A.b = 1', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('def f[1](): pass', 'f', 'exec'))
            == "SyntaxError: expected '(' (f, line 1)")
    try:
        compile('type X[T: await y] = 1', 'f', 'exec')
    except BaseException as exception:
        assert (describe(exception)
                == "SyntaxError: await expression cannot be used within a TypeVar bound (f, line 1)")
    else:
        assert False, "nothing raised"


def test_type_is_a_soft_keyword():
    type = 5
    assert type == 5
    type, x = 1, 2
    assert type + x == 3
    type: int = 3
    assert type == 3
    def f(type): return type
    assert f(4) == 4
    assert (type) + 1 == 4


def test_qualified_names():
    def f[T]():
        def g(): pass
        class K: pass
        return g, K
    assert f()[0].__qualname__.endswith('test_qualified_names.<locals>.f.<locals>.g') is True
    class C[T]:
        def m(self): pass
    assert C.m.__qualname__.endswith('<locals>.C.m') is True


def test_decorators_and_generic_functions():
    def deco(f):
        f.seen = True
        return f
    @deco
    def f[T](x: T): return x
    assert f.seen is True
    assert f(1) == 1


def test_async_and_generator_generics():
    async def a[T](x: T): return x
    def g[T](x: T): yield x
    assert list(g(1)) == [1]
    c = a(2)
    try:
        c.send(None)
    except StopIteration as e:
        r = e.value
    assert r == 2


def test_nested_generics_close_over_parameters():
    def outer[T]():
        def inner[U](): return T, U
        return inner()
    assert [t.__name__ for t in outer()] == ["T", "U"]
    class C[T]:
        class D[U]:
            pair = None
            def m(self): return T, U
    assert [t.__name__ for t in C.D().m()] == ["T", "U"]


main(globals())
