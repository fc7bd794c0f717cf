a = 100
b = a
c = compile("a = 100", "f", "exec")
print(c.co_names, a is b, id(a) == id(b), locals() is globals())
