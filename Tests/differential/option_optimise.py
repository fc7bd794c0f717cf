# command: -O option_optimise.py
assert False
print(__debug__)
