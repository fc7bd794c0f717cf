x = {"a": {"b": None}}
print(x["a"]["b"] + 1 * 2)
