def f(pair):
    first, second, third = pair
    return first


f("ab")
