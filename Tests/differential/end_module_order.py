"""The order in which modules and their names go when the interpreter ends."""
import sys, types

class Last:
    def __init__(self, name): self.name = name
    def __del__(self): print("gone", self.name)

for name in ["first", "second", "third"]:
    module = types.ModuleType(name)
    module.value = Last(name + ".value")
    module._private = Last(name + "._private")
    module.__dunder__ = Last(name + ".__dunder__")
    sys.modules[name] = module
del module
value = Last("main.value")
_private = Last("main._private")
another = Last("main.another")
sys.own = Last("sys.own")
import builtins
builtins.own = Last("builtins.own")
sys.modules["odd"] = Last("not a module")
