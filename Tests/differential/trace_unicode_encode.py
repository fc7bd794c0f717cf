"ab\u20ac".encode("ascii")
