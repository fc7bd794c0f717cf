int("12x4")
