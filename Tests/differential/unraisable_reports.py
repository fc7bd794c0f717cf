# Exceptions that nobody can catch: what sys.unraisablehook writes is the innermost exception, without carets.
import sys
class E(Exception):
    def __str__(self): raise TypeError
class A:
    def __init__(self, n): self.n = n
    def __del__(self):
        if self.n == 0:
            try:
                1/0
            except Exception as e:
                raise ValueError("chained") from e
        if self.n == 1: raise E
        if self.n == 2: raise E.__class__
        if self.n == 3:
            e = ValueError("a\nb"); e.add_note("note"); raise e
        if self.n == 4: compile("a b", "f", "exec")
        if self.n == 5: raise ExceptionGroup("g", [ValueError(1)])
        if self.n == 6: raise SystemExit(3)
        if self.n == 7:
            def f(n):
                if n: f(n-1)
                else: 1/0
            f(20)
        if self.n == 9: raise KeyError
for i in range(10): A(i)
for limit in 2, 1, 0, -1, 10**30:
    sys.tracebacklimit = limit
    A(7)
del sys.tracebacklimit


class Unprintable:
    def __repr__(self):
        raise ValueError


def failing():
    raise ValueError("text")


kinds = []
sys.unraisablehook = lambda report: kinds.append(type(report))
A(9)
sys.unraisablehook = sys.__unraisablehook__
names = "exc_type", "exc_value", "exc_traceback", "err_msg", "object"
print([name for name in dir(kinds[0]) if name in names], kinds[0].n_fields)
try:
    failing()
except ValueError as error:
    trace = error.__traceback__
for fields in [{"err_msg": "A message"}, {"object": "an object"}, {"err_msg": "Both", "object": 5}, {"object": Unprintable()},
               {}, {"exc_value": KeyError("k")},
               {"exc_type": ValueError, "exc_value": ValueError("with"), "exc_traceback": trace, "err_msg": "All of it", "object": []},
               {"exc_type": E, "exc_value": E()}]:
    fields = {"exc_type": KeyError} | fields
    sys.__unraisablehook__(kinds[0]([fields.get(name) for name in names]))
