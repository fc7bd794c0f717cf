class A:
    pass


class B(A):
    def m(self):
        return super().missing()


B().m()
