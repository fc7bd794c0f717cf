"""generator.throw() with a class whose instances are no exceptions: the error is raised inside."""


class E(Exception):
    def __new__(cls, *args, **kwargs):
        return 3


def plain():
    yield


def catching():
    try:
        yield
    except TypeError as error:
        print("inside:", error)
        yield "caught"


g = plain()
try:
    g.throw(E)
except TypeError as error:
    print(error)
print(list(g))
g = catching()
next(g)
print(g.throw(E))
try:
    raise E
except TypeError as error:
    print(error)


class A:
    __eq__ = property(lambda self: 1 / 0)


try:
    print(A() == A())
except ZeroDivisionError:
    print("raised")
for template in (b"%i", b"%u", b"%d", "%i", "%u", "%x"):
    try:
        template % 1j
    except TypeError as error:
        print(error)


def meta(name, bases, namespace, **keywords):
    return bases, keywords


options = {"metaclass": meta}
class B(0, 1, 2, 3, 4, 5, **options): pass
print(B)
