class C:
    def __init__(self):
        self.blech = 1

    def method(self):
        return blech


C().method()
