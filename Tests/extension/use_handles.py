# What C holds on to.
import sys
import threading
import weakref
import handles
from handles import capsule, follow, freed_capsules, import_capsule, open_capsule, weak


def show(function, *args):
    try:
        return repr(function(*args))
    except BaseException as error:
        return "%s: %s" % (type(error).__name__, error)


box = capsule()
print(type(box), repr(box).split(" at ")[0], open_capsule(box, "handles.number"), open_capsule(box, "handles.number"))
print(show(open_capsule, box, "other"), show(open_capsule, 5, "handles.number"), freed_capsules())
del box
print(freed_capsules(), import_capsule("handles.exported"), show(import_capsule, "handles.nothing"), show(import_capsule, "nothing.exported"), show(import_capsule, "sys.path"))


class Thing:
    pass

thing = Thing()
said = []
reference, status, same = weak(thing, said.append)
print(status, same, reference() is thing, follow(reference)[1] is thing, weak(thing)[0] is weakref.ref(thing))
del thing
print(follow(reference), said == [reference], show(weak, 5), show(weak, []), show(follow, 5))

print(handles.context(), handles.memory(), handles.tss())


main = threading.get_ident()

def work(number):
    return number + (threading.get_ident() != main)

print(handles.from_other_thread(work), handles.from_other_thread(lambda number: 1 / 0))


def in_frame():
    return handles.states()

print(in_frame())

# Pending calls run soon, in the main thread, between instructions.
print(handles.add_pending(3), handles.add_pending(4))
for _ in range(1000):
    pass
print(handles.pending_total())
def other():
    handles.add_pending(100)
thread = threading.Thread(target=other)
thread.start()
thread.join()
for _ in range(1000):
    pass
print(handles.pending_total())
try:
    handles.add_pending_error()
    for _ in range(1000):
        pass
except RuntimeError as error:
    print("RuntimeError:", error)
