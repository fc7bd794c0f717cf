for value in [0.1 + 0.2, 1e16, 1e-5, -0.0, float("inf"), float("nan"), 10**20, 1 / 3, 2.5e-320, 1e22, 123456789.123456789]:
    print(value, repr(value), str(value), f"{value}", f"{value!r}", "%s" % value)
