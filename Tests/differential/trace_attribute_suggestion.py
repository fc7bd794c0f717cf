class Point:
    def __init__(self):
        self.horizontal = 1


Point().horizontel
