print(__name__, __doc__, __package__, __spec__, __file__.rpartition("/")[2])
print(sorted(name for name in globals() if name != "__cached__"))
