if (n := len([])) == 0 and (1 / n):
    pass
