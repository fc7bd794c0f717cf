def connect(timeout=1):
    pass


connect(timeot=2)
