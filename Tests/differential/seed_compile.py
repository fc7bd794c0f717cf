source = "x = 1\ny = 2\nz = x + y\nprint(z)\n"
c = compile(source, "test.py", "exec")
print(repr(c).replace(hex(id(c)), "ADDRESS"))
print(c.co_filename, c.co_name, c.co_firstlineno)
exec(c)
