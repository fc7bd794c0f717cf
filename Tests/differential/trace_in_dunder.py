class C:
    def __add__(self, other):
        raise ValueError("add")

    def __getitem__(self, key):
        raise LookupError("item")


try:
    C() + 1
except ValueError as e:
    print("caught", e)
C()["k"]
