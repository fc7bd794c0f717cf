class C:
    def __init__(self, x):
        self.x = x.real.missing


C(5)
