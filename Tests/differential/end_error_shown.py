"""An error of a finaliser at the end is shown without the source line: no module is left to read it with."""
import sys, atexit
class Bad:
    def __init__(self, name): self.name = name
    def __del__(self):
        print("finaliser of", self.name)
        raise ValueError(self.name)
bad = Bad("a name of __main__")
sys.modules["bad"] = Bad("an entry of sys.modules")
def at_exit(): Bad("a local of an exit function")
atexit.register(at_exit)
