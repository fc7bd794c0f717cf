print(hash("a") == hash("a"), hash("") == 0)
print(hash("abc"), hash(b"abc"), hash("\u20ac"), hash("x" * 100))
