async def ag():
    yield 1
    yield 2
def drive(c):
    try: c.send(None)
    except StopIteration as e: return ('ret', e.value)
    except BaseException as e: return (type(e), str(e))
a=ag()
x=a.asend(None); print(x.close()); print(drive(a.__anext__()))
a=ag(); print(drive(a.__anext__())); x=a.asend(None); print(x.close());  print(drive(a.__anext__()))
a=ag(); x=a.athrow(ValueError); print(x.close()); print(drive(a.__anext__())); print(drive(x))
a=ag(); x=a.aclose(); print(x.close()); print(drive(a.__anext__())); print(drive(x))
import types
@types.coroutine
def y(v): return (yield v)
async def g():
    try: await y(1)
    except ValueError: await y(2)
    yield 3
a=g(); x=a.asend(None); print(x.send(None)); print(x.close()); print(drive(x)); print(drive(a.__anext__()))
