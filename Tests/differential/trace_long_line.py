def f(x): return x
result = f(1) + f(2) + f(3) + f(4) + f(5) + f(6) + f(7) + f(8) + f(9) + f(10) + f("eleven") + f(12) + f(13)
