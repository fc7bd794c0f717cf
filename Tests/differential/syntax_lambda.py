x = lambda: (yield) = 1
