c = compile("x = 1", "f", "exec")
print([name for name in dir(c) if name.startswith("co_")])
