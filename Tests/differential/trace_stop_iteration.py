def g():
    raise StopIteration("leak")
    yield


next(g())
