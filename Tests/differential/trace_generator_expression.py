total = sum(1 / v for v in [1, 0])
