def g():
    yield 1
    raise ValueError("inside generator")


for value in g():
    print(value)
