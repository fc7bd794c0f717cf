for value in [1, "a", None, len, int, type, object(), compile("1", "f", "eval"), (lambda: 0), [], {}, ...]:
    print(isinstance(value, object), type(value).__name__)
