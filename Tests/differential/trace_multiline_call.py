def g(*a, **k):
    raise KeyError("multi")


g(
    1,
    2,
    key=3,
)
