"""Modules that something still refers to are cleared: names with one underscore first, None in their place."""
import sys, types

class Watch:
    def __init__(self, module, name): self.module, self.name = module, name
    def __del__(self):
        print(self.name, {key: value for key, value in sorted(vars(self.module).items())
                          if key in ("a", "_b", "c", "__d__", "watch")})

kept = types.ModuleType("kept")
kept.a, kept._b, kept.c, kept.__d__ = 1, 2, 3, 4
kept.watch = Watch(kept, "public")
sys.modules["kept"] = kept
hidden = types.ModuleType("hidden")
hidden.a, hidden._b = 5, 6
hidden._watch = Watch(hidden, "private")
sys.modules["hidden"] = hidden
del kept, hidden
