def check(a, b):
    assert a < b


check(2, 1)
