"""Names of inlined comprehensions that stand side by side, and in class bodies."""


def run(title, code):
    names = {"x": "global"}
    try:
        exec(code, names)
    except Exception as error:
        print(title, type(error).__name__, error)
    else:
        print(title, "ok")


run("siblings", """
def f():
    [x for x in [1]]
    return [x for _ in [1]]
print(f())
""")
run("siblings with a local", """
def f():
    x = 5
    y = [x for x in [1, 2]]
    z = [x for x in [3, 4]]
    return x, y, z
print(f())
""")
run("class cell by name", """
class C:
    __class__ = 2
    res = [__class__ for x in [1]]
""")
run("class cell and super", """
class C:
    [super for _ in [1]]
    [__class__ for _ in [1]]
""")
run("class cell in a method too", """
class C:
    res = [__class__ for _ in [1]]
    def f(self): return __class__
""")
run("lambda in an iterable", """
def f(): return [i for i in (lambda: [(yield)])()]
""")
for source in (
    "[i for i in (lambda: [j := 0])()]",
    "{i for i in [(j := 0) for k in [1]]}",
    "{i: 1 for i in lambda: (j := 0)}",
):
    try:
        compile(source, "f", "exec")
    except SyntaxError as error:
        print(error.msg, error.lineno, error.offset, error.end_offset)
run("default of a type parameter", """
type X[T = [T for T in [T]]] = T
T, = X.__type_params__
print(T.__default__ == [T])
""")
run("private names in the bases of a generic class", """
class __X: pass
class A: pass
got = []
def base(f):
    got.append(f)
    return A
class Y[T: __X](base(lambda: (lambda: __X))): pass
print(Y.__type_params__[0].__bound__.__name__, got[0]()().__name__)
""")
generator = (x for x in range(3))
generator.gi_frame.f_locals[".0"] = [7, 8]
print(list(generator))
generator = (x for x in range(3))
generator.gi_frame.f_locals[".0"] = 5
try:
    list(generator)
except TypeError as error:
    print(error)


import types
code = compile("x = 5\nprint(x)", "f", "exec")
types.FunctionType(code, {})()
import asyncio
code = compile("await asyncio.sleep(0)\ny = 3", "f", "exec", flags=0x2000)
names = {"asyncio": asyncio}
asyncio.run(types.FunctionType(code, names)())
print(names["y"])
