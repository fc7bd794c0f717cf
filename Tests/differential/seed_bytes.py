# oracle: 3.10
source = "x = 1\ny = 2\nz = x + y\nprint(z)\n"
c = compile(source, "test.py", "exec")
print(c.co_code)
print([byte for byte in c.co_code])
print(c.co_consts, c.co_names, c.co_stacksize)
namespace = {}
exec(compile("def g(x):\n    return x + 3\n", "example1.py", "exec"), namespace)
print(list(namespace["g"].__code__.co_code))
print(list(compile("def first_func():\n    pass\n", "a.py", "exec").co_code))
