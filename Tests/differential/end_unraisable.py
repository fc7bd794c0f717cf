"""Errors of finalisers at the end are shown and do not change the exit code."""
import sys
class Bad:
    def __init__(self, name): self.name = name
    def __repr__(self): return "<Bad %s>" % self.name
    def __del__(self): raise RuntimeError(self.name)
bad = Bad("global")
sys.bad = Bad("sys")
cycle = [Bad("cycle")]; cycle.append(cycle)
class Meta(type):
    def __del__(cls): print("class", cls.__name__, "goes")
class Made(metaclass=Meta): pass
sys.exit(3)
