# command: -OO option_optimise_twice.py
def f():
    "doc"


print(f.__doc__, __debug__)
