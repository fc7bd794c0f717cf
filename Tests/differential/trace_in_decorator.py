def deco(argument):
    def inner(f):
        raise TypeError("in decorator")
    return inner


@deco(1)
def f():
    pass
