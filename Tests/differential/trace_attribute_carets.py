a = b = None
print(a is None, b.first.second)
