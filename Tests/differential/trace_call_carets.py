def g(*a):
    raise ValueError("boom")


print(1, g(2, 3), [g])
