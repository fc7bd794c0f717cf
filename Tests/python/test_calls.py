# Calls: arguments, star-args, keyword-only, positional-only, and the messages of wrong calls.
from _run import describe, error, main



def test_too_few_arguments():
    def f(a, b, c): pass
    assert (error(lambda: f())
            == "TypeError: test_too_few_arguments.<locals>.f() missing 3 required positional arguments: 'a', 'b', and 'c'")
    assert (error(lambda: f(1))
            == "TypeError: test_too_few_arguments.<locals>.f() missing 2 required positional arguments: 'b' and 'c'")
    assert (error(lambda: f(1, 2))
            == "TypeError: test_too_few_arguments.<locals>.f() missing 1 required positional argument: 'c'")
    assert (error(lambda: f(b=1))
            == "TypeError: test_too_few_arguments.<locals>.f() missing 2 required positional arguments: 'a' and 'c'")
    assert (error(lambda: f(1, c=2))
            == "TypeError: test_too_few_arguments.<locals>.f() missing 1 required positional argument: 'b'")


def test_too_many_arguments():
    def f(a, b=1): pass
    def g(): pass
    def h(a, *, k): pass
    assert (error(lambda: f(1, 2, 3))
            == "TypeError: test_too_many_arguments.<locals>.f() takes from 1 to 2 positional arguments but 3 were given")
    assert (error(lambda: g(1))
            == "TypeError: test_too_many_arguments.<locals>.g() takes 0 positional arguments but 1 was given")
    assert (error(lambda: g(1, 2))
            == "TypeError: test_too_many_arguments.<locals>.g() takes 0 positional arguments but 2 were given")
    assert (error(lambda: h(1, 2, k=3))
            == "TypeError: test_too_many_arguments.<locals>.h() takes 1 positional argument but 2 positional arguments (and 1 keyword-only argument) were given")
    assert (error(lambda: h(1, 2))
            == "TypeError: test_too_many_arguments.<locals>.h() takes 1 positional argument but 2 were given")
    assert (error(lambda: h(1))
            == "TypeError: test_too_many_arguments.<locals>.h() missing 1 required keyword-only argument: 'k'")
    def two(a, *, k, m): pass
    assert (error(lambda: two(1))
            == "TypeError: test_too_many_arguments.<locals>.two() missing 2 required keyword-only arguments: 'k' and 'm'")
    def three(*, a, b, c): pass
    assert (error(lambda: three())
            == "TypeError: test_too_many_arguments.<locals>.three() missing 3 required keyword-only arguments: 'a', 'b', and 'c'")


def test_unexpected_keywords():
    def f(a, b=1): pass
    assert (error(lambda: f(1, x=2))
            == "TypeError: test_unexpected_keywords.<locals>.f() got an unexpected keyword argument 'x'")
    assert (error(lambda: f(1, a=2))
            == "TypeError: test_unexpected_keywords.<locals>.f() got multiple values for argument 'a'")
    assert (error(lambda: f(a=1, a2=2))
            == "TypeError: test_unexpected_keywords.<locals>.f() got an unexpected keyword argument 'a2'. Did you mean 'a'?")
    assert (error(lambda: f(**{'a': 1, 'zz': 2}))
            == "TypeError: test_unexpected_keywords.<locals>.f() got an unexpected keyword argument 'zz'")
    assert (error(lambda: f(1, **{'a': 1}))
            == "TypeError: test_unexpected_keywords.<locals>.f() got multiple values for argument 'a'")
    assert error(lambda: f(**{1: 2})) == "TypeError: keywords must be strings"
    assert (error(lambda: f(1, 2, b=3))
            == "TypeError: test_unexpected_keywords.<locals>.f() got multiple values for argument 'b'")
    def bar(value, name=None): pass
    assert (error(lambda: bar(1, nme=2))
            == "TypeError: test_unexpected_keywords.<locals>.bar() got an unexpected keyword argument 'nme'. Did you mean 'name'?")


def test_positional_only():
    def f(a, b, /, c): return a, b, c
    assert f(1, 2, 3) == (1, 2, 3)
    assert f(1, 2, c=3) == (1, 2, 3)
    assert (error(lambda: f(1, b=2, c=3))
            == "TypeError: test_positional_only.<locals>.f() got some positional-only arguments passed as keyword arguments: 'b'")
    assert (error(lambda: f(a=1, b=2, c=3))
            == "TypeError: test_positional_only.<locals>.f() got some positional-only arguments passed as keyword arguments: 'a, b'")
    assert (error(lambda: f(1))
            == "TypeError: test_positional_only.<locals>.f() missing 2 required positional arguments: 'b' and 'c'")
    def g(a, /, **kw): return a, kw
    assert g(1, a=2) == (1, {"a": 2})
    def h(a=1, /): return a
    assert (error(lambda: h(a=2))
            == "TypeError: test_positional_only.<locals>.h() got some positional-only arguments passed as keyword arguments: 'a'")


def test_keyword_only():
    def f(*, a, b=2): return a, b
    assert f(a=1) == (1, 2)
    assert (error(lambda: f(1))
            == "TypeError: test_keyword_only.<locals>.f() takes 0 positional arguments but 1 was given")
    assert (error(lambda: f())
            == "TypeError: test_keyword_only.<locals>.f() missing 1 required keyword-only argument: 'a'")
    assert (error(lambda: f(a=1, c=2))
            == "TypeError: test_keyword_only.<locals>.f() got an unexpected keyword argument 'c'")
    def g(x, *args, k='d'): return x, args, k
    assert g(1, 2, 3, k=4) == (1, (2, 3), 4)
    assert g(1) == (1, (), "d")


def test_var_arguments():
    def f(*args, **kw): return args, kw
    assert f(1, 2, a=3) == ((1, 2), {"a": 3})
    assert f(*[1, 2], *'ab', **{'x': 1}, y=2) == ((1, 2, "a", "b"), {"x": 1, "y": 2})
    assert f(*(), **{}) == ((), {})
    assert f(*range(2), 5, *[6]) == ((0, 1, 5, 6), {})
    assert f(**{'a': 1}, **{'b': 2}) == ((), {"a": 1, "b": 2})
    assert (error(lambda: f(**{'a': 1}, **{'a': 2}))
            == "TypeError: __main__.test_var_arguments.<locals>.f() got multiple values for keyword argument 'a'")
    assert (error(lambda: f(a=1, **{'a': 2}))
            == "TypeError: __main__.test_var_arguments.<locals>.f() got multiple values for keyword argument 'a'")
    assert (error(lambda: f(*5))
            == "TypeError: __main__.test_var_arguments.<locals>.f() argument after * must be an iterable, not int")
    assert (error(lambda: f(**5))
            == "TypeError: __main__.test_var_arguments.<locals>.f() argument after ** must be a mapping, not int")
    assert (error(lambda: f(**[1]))
            == "TypeError: __main__.test_var_arguments.<locals>.f() argument after ** must be a mapping, not list")
    assert (error(lambda: f(*None))
            == "TypeError: __main__.test_var_arguments.<locals>.f() argument after * must be an iterable, not NoneType")
    assert error(lambda: f(**{1: 2})) == "TypeError: keywords must be strings"
    assert error(lambda: len.__call__(*[1])) == "TypeError: object of type 'int' has no len()"


def test_keyword_names_may_be_any_string():
    def f(**kw): return kw
    assert f(**{'not an identifier': 1, '': 2}) == {"not an identifier": 1, "": 2}


def test_keyword_order_is_kept():
    def f(**kw): return list(kw)
    assert f(z=1, a=2, m=3) == ["z", "a", "m"]
    assert f(**{'q': 1}, b=2, **{'c': 3}) == ["q", "b", "c"]


def test_evaluation_order():
    log = []
    def n(v):
        log.append(v)
        return v
    def f(*a, **k): return None
    n(f)(n(1), *[n(2)], k=n(3), **{'z': n(4)})
    assert log[1:] == [1, 2, 3, 4]
    log.clear()
    f(*n([1]), n(2), *n([3]))
    assert log == [[1], 2, [3]]


def test_defaults():
    def f(a, b=[], *, c={}): return a, b, c
    assert f.__defaults__ == ([],)
    assert f.__kwdefaults__ == {"c": {}}
    f.__defaults__ = (1, 2)
    assert f() == (1, 2, {})
    f.__kwdefaults__ = {'c': 9}
    assert f(0) == (0, 2, 9)
    f.__defaults__ = None
    assert (error(lambda: f(1))
            == "TypeError: test_defaults.<locals>.f() missing 1 required positional argument: 'b'")
    try:
        f.__defaults__ = [1]
    except BaseException as exception:
        assert describe(exception) == "TypeError: __defaults__ must be set to a tuple object"
    else:
        assert False, "nothing raised"
    try:
        f.__kwdefaults__ = 1
    except BaseException as exception:
        assert describe(exception) == "TypeError: __kwdefaults__ must be set to a dict object"
    else:
        assert False, "nothing raised"
    del f.__kwdefaults__
    assert (error(lambda: f(1, 2))
            == "TypeError: test_defaults.<locals>.f() missing 1 required keyword-only argument: 'c'")


def test_calling_what_cannot_be_called():
    assert error(lambda: 5()) == "TypeError: 'int' object is not callable"
    assert error(lambda: None()) == "TypeError: 'NoneType' object is not callable"
    assert error(lambda: 'a'()) == "TypeError: 'str' object is not callable"
    assert error(lambda: [1](0)) == "TypeError: 'list' object is not callable"
    assert error(lambda: (1, 2)(3)) == "TypeError: 'tuple' object is not callable"
    class C: pass
    assert error(lambda: C()()) == "TypeError: 'C' object is not callable"
    assert error(lambda: C(1)) == "TypeError: C() takes no arguments"
    assert error(lambda: C(x=1)) == "TypeError: C() takes no arguments"


def test_builtins_argument_messages():
    assert error(lambda: len()) == "TypeError: len() takes exactly one argument (0 given)"
    assert error(lambda: len(1, 2)) == "TypeError: len() takes exactly one argument (2 given)"
    assert error(lambda: len(x=1)) == "TypeError: len() takes no keyword arguments"
    assert error(lambda: abs()) == "TypeError: abs() takes exactly one argument (0 given)"
    assert error(lambda: abs(1, 2)) == "TypeError: abs() takes exactly one argument (2 given)"
    assert error(lambda: ord(c='a')) == "TypeError: ord() takes no keyword arguments"
    assert error(lambda: isinstance(1)) == "TypeError: isinstance expected 2 arguments, got 1"
    assert error(lambda: hasattr(1)) == "TypeError: hasattr expected 2 arguments, got 1"
    assert error(lambda: getattr(1)) == "TypeError: getattr expected at least 2 arguments, got 1"
    assert (error(lambda: getattr(1, 'a', 2, 3))
            == "TypeError: getattr expected at most 3 arguments, got 4")
    assert error(lambda: pow(1)) == "TypeError: pow() missing required argument 'exp' (pos 2)"
    assert error(lambda: round()) == "TypeError: round() missing required argument 'number' (pos 1)"
    assert error(lambda: sorted([1], 2)) == "TypeError: sorted expected 1 argument, got 2"
    assert (error(lambda: print(1, foo=2))
            == "TypeError: print() got an unexpected keyword argument 'foo'")
    assert error(lambda: print(sep=1)) == "TypeError: sep must be None or a string, not int"
    assert error(lambda: print(end=b'')) == "TypeError: end must be None or a string, not bytes"
    assert error(lambda: sum()) == "TypeError: sum() takes at least 1 positional argument (0 given)"
    assert error(lambda: sum([1], 2, 3)) == "TypeError: sum() takes at most 2 arguments (3 given)"
    assert (error(lambda: sum([1], star=3))
            == "TypeError: sum() got an unexpected keyword argument 'star'. Did you mean 'start'?")
    assert (error(lambda: int(1, foo=2))
            == "TypeError: int() got an unexpected keyword argument 'foo'")
    assert error(lambda: max()) == "TypeError: max expected at least 1 argument, got 0"
    assert (error(lambda: max(1, 2, foo=3))
            == "TypeError: max() got an unexpected keyword argument 'foo'")
    assert min([], default=5) == 5
    assert error(lambda: iter()) == "TypeError: iter expected at least 1 argument, got 0"
    assert error(lambda: next()) == "TypeError: next expected at least 1 argument, got 0"
    assert error(lambda: divmod(1)) == "TypeError: divmod expected 2 arguments, got 1"
    assert error(lambda: chr()) == "TypeError: chr() takes exactly one argument (0 given)"
    assert error(lambda: hash()) == "TypeError: hash() takes exactly one argument (0 given)"
    assert error(lambda: id()) == "TypeError: id() takes exactly one argument (0 given)"
    assert error(lambda: callable()) == "TypeError: callable() takes exactly one argument (0 given)"
    assert error(lambda: repr(1, 2)) == "TypeError: repr() takes exactly one argument (2 given)"
    assert error(lambda: range(a=1)) == "TypeError: range() takes no keyword arguments"
    assert (error(lambda: enumerate())
            == "TypeError: enumerate() missing required argument 'iterable'")
    assert error(lambda: zip(1)) == "TypeError: 'int' object is not iterable"
    assert (error(lambda: zip([], strict=True, foo=1))
            == "TypeError: zip() takes at most 1 keyword argument (2 given)")
    assert error(lambda: map()) == "TypeError: map() must have at least two arguments."
    assert error(lambda: map(len)) == "TypeError: map() must have at least two arguments."
    assert error(lambda: filter(None)) == "TypeError: filter expected 2 arguments, got 1"
    assert error(lambda: reversed()) == "TypeError: reversed expected 1 argument, got 0"
    assert error(lambda: super(1, 2, 3)) == "TypeError: super() expected at most 2 arguments, got 3"
    assert error(lambda: vars(1)) == "TypeError: vars() argument must have __dict__ attribute"
    assert error(lambda: dir(1, 2)) == "TypeError: dir expected at most 1 argument, got 2"
    assert error(lambda: format(1, 2, 3)) == "TypeError: format expected at most 2 arguments, got 3"
    assert error(lambda: input(1, 2)) == "TypeError: input expected at most 1 argument, got 2"
    assert (error(lambda: exec())
            == "TypeError: exec() takes at least 1 positional argument (0 given)")
    assert (error(lambda: eval())
            == "TypeError: eval() takes at least 1 positional argument (0 given)")
    assert (error(lambda: compile())
            == "TypeError: compile() missing required argument 'source' (pos 1)")
    assert (error(lambda: __import__())
            == "TypeError: __import__() missing required argument 'name' (pos 1)")
    assert error(lambda: open()) == "TypeError: open() missing required argument 'file' (pos 1)"
    assert error(lambda: any()) == "TypeError: any() takes exactly one argument (0 given)"
    assert error(lambda: all(1)) == "TypeError: 'int' object is not iterable"
    assert error(lambda: type()) == "TypeError: type() takes 1 or 3 arguments"
    assert error(lambda: type(1, 2)) == "TypeError: type() takes 1 or 3 arguments"
    assert error(lambda: object(1)) == "TypeError: object() takes no arguments"
    assert error(lambda: slice()) == "TypeError: slice expected at least 1 argument, got 0"
    assert error(lambda: setattr(1, 'a')) == "TypeError: setattr expected 3 arguments, got 2"
    assert error(lambda: delattr(1)) == "TypeError: delattr expected 2 arguments, got 1"
    assert error(lambda: bin('a')) == "TypeError: 'str' object cannot be interpreted as an integer"


def test_method_argument_messages():
    assert error(lambda: 'a'.join()) == "TypeError: str.join() takes exactly one argument (0 given)"
    assert error(lambda: 'a'.upper(1)) == "TypeError: str.upper() takes no arguments (1 given)"
    assert (error(lambda: [].append())
            == "TypeError: list.append() takes exactly one argument (0 given)")
    assert (error(lambda: [].append(1, 2))
            == "TypeError: list.append() takes exactly one argument (2 given)")
    assert error(lambda: [].insert(1)) == "TypeError: insert expected 2 arguments, got 1"
    assert error(lambda: [].pop(1, 2)) == "TypeError: pop expected at most 1 argument, got 2"
    assert error(lambda: {}.get()) == "TypeError: get expected at least 1 argument, got 0"
    assert error(lambda: {}.pop()) == "TypeError: pop expected at least 1 argument, got 0"
    assert error(lambda: {}.update(1, 2)) == "TypeError: update expected at most 1 argument, got 2"
    assert error(lambda: {}.fromkeys()) == "TypeError: fromkeys expected at least 1 argument, got 0"
    assert error(lambda: (1,).index()) == "TypeError: index expected at least 1 argument, got 0"
    assert (error(lambda: 'a'.split(1, 2, 3))
            == "TypeError: split() takes at most 2 arguments (3 given)")
    assert (error(lambda: 'a'.split(x=1))
            == "TypeError: split() got an unexpected keyword argument 'x'")
    assert (error(lambda: 'a'.encode(1, 2, 3))
            == "TypeError: encode() takes at most 2 arguments (3 given)")
    assert (error(lambda: b'a'.hex(1, 2, 3))
            == "TypeError: hex() takes at most 2 arguments (3 given)")
    assert (error(lambda: (1).to_bytes(1, 2, 3, 4))
            == "TypeError: to_bytes() takes at most 3 arguments (4 given)")
    assert error(lambda: [].sort(1)) == "TypeError: sort() takes no positional arguments"
    assert (error(lambda: [].sort(key=1, foo=2))
            == "TypeError: sort() got an unexpected keyword argument 'foo'")
    assert error(lambda: set().add()) == "TypeError: set.add() takes exactly one argument (0 given)"
    assert error(lambda: set().union(1)) == "TypeError: 'int' object is not iterable"
    assert error(lambda: str.upper()) == "TypeError: unbound method str.upper() needs an argument"
    assert (error(lambda: str.upper(5))
            == "TypeError: descriptor 'upper' for 'str' objects doesn't apply to a 'int' object")
    assert (error(lambda: list.append())
            == "TypeError: unbound method list.append() needs an argument")
    assert (error(lambda: list.append([]))
            == "TypeError: list.append() takes exactly one argument (0 given)")
    assert (error(lambda: list.append(5, 1))
            == "TypeError: descriptor 'append' for 'list' objects doesn't apply to a 'int' object")
    assert (error(lambda: dict.get(1))
            == "TypeError: descriptor 'get' for 'dict' objects doesn't apply to a 'int' object")
    assert (error(lambda: int.bit_length('a'))
            == "TypeError: descriptor 'bit_length' for 'int' objects doesn't apply to a 'str' object")
    assert (error(lambda: object.__init__())
            == "TypeError: descriptor '__init__' of 'object' object needs an argument")
    assert error(lambda: object.__new__()) == "TypeError: object.__new__(): not enough arguments"
    assert (error(lambda: object.__new__(1))
            == "TypeError: object.__new__(X): X is not a type object (int)")
    assert (error(lambda: int.__new__(str))
            == "TypeError: int.__new__(str): str is not a subtype of int")
    assert error(lambda: int.__new__()) == "TypeError: int.__new__(): not enough arguments"
    assert (error(lambda: str.__new__(int))
            == "TypeError: str.__new__(int): int is not a subtype of str")


def test_bound_and_unbound_methods():
    class C:
        def m(self, a): return self, a
    c = C()
    assert (error(lambda: c.m())
            == "TypeError: test_bound_and_unbound_methods.<locals>.C.m() missing 1 required positional argument: 'a'")
    assert (error(lambda: c.m(1, 2))
            == "TypeError: test_bound_and_unbound_methods.<locals>.C.m() takes 2 positional arguments but 3 were given")
    assert (error(lambda: C.m())
            == "TypeError: test_bound_and_unbound_methods.<locals>.C.m() missing 2 required positional arguments: 'self' and 'a'")
    assert (error(lambda: C.m(c))
            == "TypeError: test_bound_and_unbound_methods.<locals>.C.m() missing 1 required positional argument: 'a'")
    assert C.m(c, 1)[1] == 1
    assert (error(lambda: c.m(b=1))
            == "TypeError: test_bound_and_unbound_methods.<locals>.C.m() got an unexpected keyword argument 'b'")
    assert (c.m.__func__ is C.m) is True
    assert (c.m.__self__ is c) is True
    assert (c.m == c.m) is True
    assert (c.m is c.m) is False
    assert C.m(5, 6) == (5, 6)


def test_init_arguments():
    class C:
        def __init__(self, a): pass
    assert (error(lambda: C())
            == "TypeError: test_init_arguments.<locals>.C.__init__() missing 1 required positional argument: 'a'")
    assert (error(lambda: C(1, 2))
            == "TypeError: test_init_arguments.<locals>.C.__init__() takes 2 positional arguments but 3 were given")
    assert (error(lambda: C(b=1))
            == "TypeError: test_init_arguments.<locals>.C.__init__() got an unexpected keyword argument 'b'")
    class D:
        def __new__(cls, a): return super().__new__(cls)
    assert (error(lambda: D())
            == "TypeError: test_init_arguments.<locals>.D.__new__() missing 1 required positional argument: 'a'")
    assert (error(lambda: D(1, 2))
            == "TypeError: test_init_arguments.<locals>.D.__new__() takes 2 positional arguments but 3 were given")
    class E:
        def __init__(self): return 5
    assert error(lambda: E()) == "TypeError: __init__() should return None, not 'int'"
    class F:
        def __new__(cls): return 'other'
        def __init__(self): raise ValueError('not called')
    assert F() == "other"


def test_object_init_arguments():
    class A: pass
    class B:
        def __init__(self, x): super().__init__(x)
    class N:
        def __new__(cls, x): return super().__new__(cls, x)
    assert error(lambda: A(1)) == "TypeError: A() takes no arguments"
    assert (error(lambda: B(1))
            == "TypeError: object.__init__() takes exactly one argument (the instance to initialize)")
    assert (error(lambda: N(1))
            == "TypeError: object.__new__() takes exactly one argument (the type to instantiate)")
    assert (error(lambda: object().__init__(1))
            == "TypeError: object.__init__() takes exactly one argument (the instance to initialize)")


def test_dunder_call():
    class C:
        def __call__(self, *a, **k): return a, k
    assert C()(1, x=2) == ((1,), {"x": 2})
    assert C().__call__(3) == ((3,), {})
    class D: pass
    d = D()
    d.__call__ = lambda: 1
    assert error(lambda: d()) == "TypeError: 'D' object is not callable"
    assert callable(d) is False
    assert callable(C()) is True


def test_lambda():
    assert (lambda: 5)() == 5
    assert (lambda a, b=2, *c, d, **e: (a, b, c, d, e))(1, d=4, f=5) == (1, 2, (), 4, {"f": 5})
    assert (lambda *, a: a)(a=1) == 1
    assert (lambda a, /: a)(1) == 1
    f = lambda: 0
    assert (error(lambda: f(1))
            == "TypeError: test_lambda.<locals>.<lambda>() takes 0 positional arguments but 1 was given")
    assert (lambda x: x).__name__ == "<lambda>"


def test_duplicate_and_misplaced_parameters():
    assert (error(lambda: compile('def f(a, a): pass', 'f', 'exec'))
            == "SyntaxError: duplicate argument 'a' in function definition (f, line 1)")
    assert (error(lambda: compile('def f(a=1, b): pass', 'f', 'exec'))
            == "SyntaxError: parameter without a default follows parameter with a default (f, line 1)")
    assert (error(lambda: compile('def f(*): pass', 'f', 'exec'))
            == "SyntaxError: named arguments must follow bare * (f, line 1)")
    assert (error(lambda: compile('def f(*, **k): pass', 'f', 'exec'))
            == "SyntaxError: named arguments must follow bare * (f, line 1)")
    assert (error(lambda: compile('def f(**k, a): pass', 'f', 'exec'))
            == "SyntaxError: arguments cannot follow var-keyword argument (f, line 1)")
    assert (error(lambda: compile('def f(*a, *b): pass', 'f', 'exec'))
            == "SyntaxError: * argument may appear only once (f, line 1)")
    assert (error(lambda: compile('def f(a, /, b, /): pass', 'f', 'exec'))
            == "SyntaxError: / may appear only once (f, line 1)")
    assert (error(lambda: compile('def f(/): pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('def f(*a, /): pass', 'f', 'exec'))
            == "SyntaxError: / must be ahead of * (f, line 1)")
    assert (error(lambda: compile('def f(*, a, /): pass', 'f', 'exec'))
            == "SyntaxError: / must be ahead of * (f, line 1)")
    assert (error(lambda: compile('def f(**k, *a): pass', 'f', 'exec'))
            == "SyntaxError: arguments cannot follow var-keyword argument (f, line 1)")
    assert (error(lambda: compile('def f((a, b)): pass', 'f', 'exec'))
            == "SyntaxError: Function parameters cannot be parenthesized (f, line 1)")
    assert (error(lambda: compile('def f(a, *, ): pass', 'f', 'exec'))
            == "SyntaxError: named arguments must follow bare * (f, line 1)")
    assert (error(lambda: compile('lambda a, a: 1', 'f', 'exec'))
            == "SyntaxError: duplicate argument 'a' in function definition (f, line 1)")
    assert (error(lambda: compile('lambda *: 1', 'f', 'exec'))
            == "SyntaxError: named arguments must follow bare * (f, line 1)")
    assert (error(lambda: compile('def f(*a=1): pass', 'f', 'exec'))
            == "SyntaxError: var-positional argument cannot have default value (f, line 1)")
    assert (error(lambda: compile('def f(**a=1): pass', 'f', 'exec'))
            == "SyntaxError: var-keyword argument cannot have default value (f, line 1)")
    assert (error(lambda: compile('def f(None): pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('def f(a.b): pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('def f(1): pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")


def test_wrong_call_syntax():
    assert (error(lambda: compile('f(a=1, 2)', 'f', 'exec'))
            == "SyntaxError: positional argument follows keyword argument (f, line 1)")
    assert (error(lambda: compile('f(**a, 2)', 'f', 'exec'))
            == "SyntaxError: positional argument follows keyword argument unpacking (f, line 1)")
    assert (error(lambda: compile('f(**a, *b)', 'f', 'exec'))
            == "SyntaxError: iterable argument unpacking follows keyword argument unpacking (f, line 1)")
    assert (error(lambda: compile('f(a=1, a=2)', 'f', 'exec'))
            == "SyntaxError: keyword argument repeated: a (f, line 1)")
    assert (error(lambda: compile('f(1=2)', 'f', 'exec'))
            == 'SyntaxError: expression cannot contain assignment, perhaps you meant "=="? (f, line 1)')
    assert (error(lambda: compile('f(a.b=1)', 'f', 'exec'))
            == 'SyntaxError: expression cannot contain assignment, perhaps you meant "=="? (f, line 1)')
    assert (error(lambda: compile('f(True=1)', 'f', 'exec'))
            == "SyntaxError: cannot assign to True (f, line 1)")
    assert (error(lambda: compile('f(a b)', 'f', 'exec'))
            == "SyntaxError: invalid syntax. Perhaps you forgot a comma? (f, line 1)")
    assert (error(lambda: compile('f(x for x in y, 1)', 'f', 'exec'))
            == "SyntaxError: Generator expression must be parenthesized (f, line 1)")
    assert (error(lambda: compile('f(1, x for x in y)', 'f', 'exec'))
            == "SyntaxError: Generator expression must be parenthesized (f, line 1)")
    assert (error(lambda: compile('f(a for a in b, c=1)', 'f', 'exec'))
            == "SyntaxError: Generator expression must be parenthesized (f, line 1)")
    assert (error(lambda: compile('f(*)', 'f', 'exec'))
            == "SyntaxError: Invalid star expression (f, line 1)")
    assert error(lambda: compile('f(**)', 'f', 'exec')) == "SyntaxError: invalid syntax (f, line 1)"
    assert (error(lambda: compile('f((a)=1)', 'f', 'exec'))
            == 'SyntaxError: expression cannot contain assignment, perhaps you meant "=="? (f, line 1)')
    assert (error(lambda: compile('f(a, b', 'f', 'exec'))
            == "SyntaxError: '(' was never closed (f, line 1)")
    assert (error(lambda: compile('f(lambda x: x = 1)', 'f', 'exec'))
            == 'SyntaxError: expression cannot contain assignment, perhaps you meant "=="? (f, line 1)')
    assert (error(lambda: compile('f(__debug__=1)', 'f', 'exec'))
            == "SyntaxError: cannot assign to __debug__ (f, line 1)")
    assert error(lambda: compile('f(,)', 'f', 'exec')) == "SyntaxError: invalid syntax (f, line 1)"
    assert (error(lambda: compile('f(a,,b)', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('f(x=)', 'f', 'exec'))
            == "SyntaxError: expected argument value expression (f, line 1)")
    assert (error(lambda: compile('f(x=, y=1)', 'f', 'exec'))
            == "SyntaxError: expected argument value expression (f, line 1)")
    try:
        compile('f(a := 1 = 2)', 'f', 'exec')
    except BaseException as exception:
        assert describe(exception) == "SyntaxError: invalid syntax (f, line 1)"
    else:
        assert False, "nothing raised"


def test_generator_argument():
    assert sum(i for i in range(4)) == 6
    assert list(map(str, (i for i in 'ab'))) == ["a", "b"]
    def f(*a, **k): return len(a), k
    assert f((i for i in 'ab'), 1) == (2, {})


def test_star_in_index_and_return():
    def f(): return *[1, 2], 3
    assert f() == (1, 2, 3)
    class C:
        def __getitem__(self, k): return k
    assert C()[*[1], 2] == (1, 2)
    assert [*f(), *f()] == [1, 2, 3, 1, 2, 3]
    x = *f(),
    assert x == (1, 2, 3)
    for v in *[1], 2:
        last = v
    assert last == 2


def test_function_attributes():
    def f(a: int, b: str = 'x') -> None:
        "Doc."
    assert f.__name__ == "f"
    assert f.__doc__ == "Doc."
    assert repr(f.__annotations__) == "{'a': <class 'int'>, 'b': <class 'str'>, 'return': None}"
    assert f.__module__ == "__main__"
    assert f.__dict__ == {}
    f.x = 1
    assert f.__dict__ == {"x": 1}
    try:
        f.__name__ = 5
    except BaseException as exception:
        assert describe(exception) == "TypeError: __name__ must be set to a string object"
    else:
        assert False, "nothing raised"
    try:
        f.__code__ = 5
    except BaseException as exception:
        assert describe(exception) == "TypeError: __code__ must be set to a code object"
    else:
        assert False, "nothing raised"
    try:
        f.__dict__ = 5
    except BaseException as exception:
        assert describe(exception) == "TypeError: __dict__ must be set to a dictionary, not a 'int'"
    else:
        assert False, "nothing raised"
    try:
        del f.__name__
    except BaseException as exception:
        assert describe(exception) == "TypeError: __name__ must be set to a string object"
    else:
        assert False, "nothing raised"
    try:
        f.__globals__ = {}
    except BaseException as exception:
        assert describe(exception) == "AttributeError: readonly attribute"
    else:
        assert False, "nothing raised"
    f.__name__ = 'new'
    assert f.__name__ == "new"
    f.__doc__ = 5
    assert f.__doc__ == 5
    del f.__doc__
    assert f.__doc__ is None


def test_code_replacement():
    def f(): return 1
    def g(): return 2
    f.__code__ = g.__code__
    assert f() == 2
    def h(x):
        def inner(): return x
        return inner
    try:
        f.__code__ = h(1).__code__
    except BaseException as exception:
        assert (describe(exception)
                == "ValueError: f() requires a code object with 0 free vars, not 1")
    else:
        assert False, "nothing raised"


def test_deep_star_nesting():
    def f(*args): return sum(args)
    assert f(*range(100), *(i for i in range(100))) == 9900
    def g(**kw): return len(kw)
    assert g(**{f'k{i}': i for i in range(300)}) == 300
    assert f(*[1] * 1000) == 1000
    assert eval('f(' + ','.join('1' for _ in range(500)) + ')', {'f': f}) == 500


def test_mutable_keyword_dict_is_a_copy():
    d = {'a': 1}
    def f(**kw):
        kw['a'] = 2
        return kw
    assert f(**d) == {"a": 2}
    assert d == {"a": 1}
    def g(*args): return args
    l = [1]
    a = g(*l)
    l.append(2)
    assert a == (1,)


def test_suggestion_in_keyword_errors():
    def connect(timeout, retries): pass
    assert (error(lambda: connect(timeot=1, retries=2))
            == "TypeError: test_suggestion_in_keyword_errors.<locals>.connect() got an unexpected keyword argument 'timeot'. Did you mean 'timeout'?")
    assert (error(lambda: connect(1, 2, retry=3))
            == "TypeError: test_suggestion_in_keyword_errors.<locals>.connect() got an unexpected keyword argument 'retry'")


main(globals())
