def deco(f):
    def wrapper(*args):
        return f(*args)
    return wrapper


class C:
    @deco
    def m(self):
        raise NotImplementedError("m")


C().m()
