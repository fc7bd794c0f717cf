print(1)
if True:
    print("crlf", repr("""a
b"""))
