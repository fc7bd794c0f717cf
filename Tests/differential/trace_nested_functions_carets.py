def a(x): return b(x) * 2
def b(x): return c(x)[0]
def c(x): return x.d.e
a(1)
