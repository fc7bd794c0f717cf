name = "x"
print(f"{name} and {name.missing!r:>10}")
