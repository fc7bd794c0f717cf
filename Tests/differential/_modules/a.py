def first_func():
    pass
