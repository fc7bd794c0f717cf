"""What a finaliser sees of the interpreter that is going."""
import sys, os, gc, threading
class Sees:
    def __init__(self, place): self.place = place
    def __del__(self, sys=sys, print=print):
        print(self.place, sys.is_finalizing(), sys.path is None, sys.meta_path is None,
              sorted(name for name in ("os", "gc") if globals().get(name) is None),
              "__main__" in (sys.modules or {}), sys.stdout is sys.__stdout__)
        try:
            import json
        except ImportError as error:
            print(type(error).__name__, error)
seen = Sees("main")
sys.kept = Sees("sys")
class InClass: member = Sees("class")
def f(x=Sees("default")): pass
