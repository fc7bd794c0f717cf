print({"a", "b", "c", "d"}, set("hello world"))
