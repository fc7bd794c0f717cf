def outer():
    def inner():
        return [x.bit_length() for x in (1, 2, "three")]
    return inner()


outer()
