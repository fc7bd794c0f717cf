def fail(kind, text):
    try:
        raise kind(text)
    except kind as error:
        return error


raise ExceptionGroup("several", [fail(ValueError, "one"), TypeError("two"), ExceptionGroup("nested", [KeyError("k"), OSError(2, "gone")])])
