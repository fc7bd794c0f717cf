"""Cycles that are alive at the end are finalised, too; each finaliser runs once."""
import gc
gc.disable()
class Node:
    def __init__(self, name): self.name, self.me = name, self
    def __del__(self): print("finalised", self.name)
class Reviver(Node):
    kept = []
    def __del__(self):
        print("revived", self.name)
        Reviver.kept.append(self)
one, two = Node("one"), Node("two")
one.other, two.other = two, one
lost = Node("lost"); del lost
reviver = Reviver("reviver")
def generator():
    try: yield
    finally: print("generator closed")
g = generator(); next(g)
class Holder: pass
holder = Holder(); holder.g = generator(); next(holder.g); holder.me = holder
import weakref
finalizer = weakref.finalize(one, print, "weakref.finalize of one")
reference = weakref.ref(two, lambda r: print("callback"))
