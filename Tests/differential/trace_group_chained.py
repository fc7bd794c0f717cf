try:
    raise ValueError("first")
except ValueError:
    raise ExceptionGroup("second", [TypeError("part")])
