# A module initialised in one phase: found by its definition, not initialised again by a second import.
import importlib
import sys

import onephase

first = onephase
print(first.__name__, first.__doc__, first.answer, first.count(), first.found() is first)
first.answer = 43
first.extra = "kept out"
del sys.modules["onephase"]
import onephase
print(onephase is first, onephase.answer, hasattr(onephase, "extra"), onephase.count())
print(onephase.found() is onephase, first.found() is onephase, sys.modules["onephase"] is onephase)
print(importlib.reload(onephase) is onephase, onephase.count())

for expression, value, error in onephase.nulls():
    print("%-50s %20d %s" % (expression, value, error and error.__name__))
