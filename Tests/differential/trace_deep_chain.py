def level(n):
    try:
        if n == 0:
            raise KeyError("bottom")
        level(n - 1)
    except Exception as error:
        raise ValueError(n) from error


level(3)
