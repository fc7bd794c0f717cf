"""Random Python programs that always end soon: every loop is bounded and every value is small.

Each statement that may raise is guarded, so that a program shows many results: what it prints is the
value, or the type and text of the exception.
"""

NAMES = ["a", "b", "c", "d", "e"]
ATOMS = ["0", "1", "-1", "7", "255", "2**31", "2**64", "0.5", "-0.0", "1e300", "1j", "True", "False", "None", "''",
         "'abc'", "'\\xe9\\u20ac'", "b'ab'", "[]", "[1, 2, 3]", "(1, 'x')", "()", "{}", "{'k': 1}", "{1, 2}", "range(4)",
         "...", "int", "str", "len", "a", "b", "c", "float('nan')", "slice(1, 2)", "bytearray(b'xy')", "frozenset('q')"]
BINARY = ["+", "-", "*", "/", "//", "%", "&", "|", "^", "<<", ">>", "**", "@"]
COMPARE = ["==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"]
UNARY = ["-", "+", "~", "not "]
METHODS = ["upper()", "lower()", "split()", "split('b')", "join('ab')", "join(['x', 'y'])", "append(5)", "pop()", "pop(0)",
           "sort()", "reverse()", "copy()", "get('k')", "get(1, 'd')", "keys()", "items()", "values()", "add(3)", "union([9])",
           "index(1)", "index('b')", "count(1)", "count('b')", "find('c')", "replace('a', 'zz')", "strip('a')", "encode()",
           "decode()", "bit_length()", "conjugate()", "real", "imag", "__class__", "__len__()", "__add__(1)", "__eq__(1)",
           "title()", "zfill(6)", "center(7, '*')", "partition('b')", "extend('xy')", "insert(1, 'i')", "remove(1)",
           "update({'z': 0})", "setdefault('s', [])", "popitem()", "hex()", "is_integer()", "as_integer_ratio()",
           "startswith('a')", "format(1, k=2)", "isdigit()", "start", "stop", "indices(5)", "discard(1)", "nothing"]
FUNCTIONS = ["len", "repr", "str", "list", "tuple", "sorted", "sum", "max", "min", "abs", "bool", "int", "float", "type",
             "set", "dict", "next", "enumerate", "any", "all", "bin", "hex", "ord", "chr", "round", "bytes",
             "complex", "ascii", "callable", "divmod", "range", "zip", "map", "frozenset", "bytearray", "id"]
SPECS = ["", ">8", "<8", "^9", "05", "+", ".2f", "x", "#b", "e", "%", ",", "_d", "g", "s", "*^12", "c", "z.1f", "08.3f", "n", "q"]
ERRORS = ["ValueError", "TypeError", "KeyError", "ZeroDivisionError", "Exception", "(TypeError, ValueError)", "LookupError"]
PATTERNS = ["0", "'abc'", "[x, y, *z]", "[x]", "{'k': v}", "{'k': v, **rest}", "int(n)", "str()", "(1 | 2) as n", "None",
            "True", "-1", "[]", "list() | tuple()", "float(real=r)", "(x, y)", "{}", "1j", "[_, *_]", "str() as t", "x"]

PRELUDE = """\
def show(label, make):
    try:
        value = make()
        text = repr(value)
        print(label, type(value).__name__, text if " at 0x" not in text else "object")
    except RecursionError:
        print(label, "RecursionError")
    except Exception as error:
        print(label, type(error).__name__, error)

a, b, c, d, e = 1, "abc", [1, 2, 3], {"k": 1}, 2.5
"""


class Writer:
    def __init__(self, chance):
        self.chance, self.lines, self.count = chance, [], 0

    def pick(self, options):
        return self.chance.choice(options)

    def fresh(self):
        self.count += 1
        return self.count

    def expression(self, depth=3):
        if depth <= 0 or self.chance.random() < 0.2:
            return self.pick(ATOMS)
        inner = lambda: self.expression(depth - 1)  # noqa: E731
        kind = self.chance.randrange(19)
        if kind < 4:
            operator = self.pick(BINARY)
            if operator in ("**", "<<"):  # keep numbers small
                return "(%s %s %s)" % (inner(), operator, self.pick(["0", "1", "2", "-1", "0.5", "3", "'s'", "None"]))
            if operator == "*":
                return "(%s * %s)" % (inner(), self.pick(["0", "1", "3", "-2", "1.5", "[1]", "'t'", "2j"]))
            return "(%s %s %s)" % (inner(), operator, inner())
        if kind == 4:
            return "(%s %s %s)" % (inner(), self.pick(COMPARE), inner())
        if kind == 5:
            return "(%s %s %s %s %s)" % (inner(), self.pick(COMPARE), inner(), self.pick(COMPARE), inner())
        if kind == 6:
            return "(%s%s)" % (self.pick(UNARY), inner())
        if kind == 7:
            return "(%s %s %s)" % (inner(), self.pick(["and", "or"]), inner())
        if kind == 8:
            return "(%s if %s else %s)" % (inner(), inner(), inner())
        if kind == 9:
            return "%s.%s" % (self.wrapped(inner()), self.pick(METHODS))
        if kind == 10:
            name = self.pick(FUNCTIONS)
            return "type(id)" if name == "id" else "%s(%s)" % (name, inner())
        if kind == 11:
            return "%s[%s]" % (self.wrapped(inner()), self.pick(["0", "-1", "'k'", "1:", "::2", "::-1", "5", "None", inner()]))
        if kind == 12:
            return "[%s for %s in %s%s]" % (inner(), self.pick(NAMES), self.iterable(), self.pick(["", " if " + inner()]))
        if kind == 13:
            name = self.pick(NAMES)
            return "{%s: %s for %s in %s}" % (name, inner(), name, self.iterable())
        if kind == 14:
            return "(lambda %s=%s, *r, **k: %s)(%s)" % (self.pick(NAMES), inner(), inner(), self.pick(["", inner(), "1, 2, z=3"]))
        if kind == 15:
            return "f'{%s%s:%s}'" % (self.pick(NAMES + ["1.5", "255", "True"]), self.pick(["", "!r", "!s", "="]), self.pick(SPECS))
        if kind == 16:
            return self.pick(["[%s, *%s]", "(%s, *%s)", "{%s, *%s}"]) % (inner(), self.iterable())
        if kind == 17:
            return "'%%%s' %% %s" % (self.pick(["s", "d", "r", "5d", "-5s", ".2f", "x", "c", "e", "05d", "%", "a"]), self.wrapped(inner()))
        return "(%s := %s)" % (self.pick(NAMES), inner())

    def wrapped(self, text):
        return "(%s)" % text

    def iterable(self):
        return self.pick(["range(3)", "'ab'", "[1, 2]", "(3, 4)", "{'k': 1}", "c", "b", "d", "enumerate('xy')", "zip('ab', c)", "5"])

    def emit(self, indent, text):
        self.lines.append("    " * indent + text)

    def block(self, indent, depth):
        for _ in range(self.chance.randrange(1, 4)):
            self.statement(indent, depth)

    def show(self, indent):
        self.emit(indent, "show(%d, lambda: %s)" % (self.fresh(), self.expression()))

    def statement(self, indent, depth):
        kind = self.chance.randrange(16) if depth > 0 else self.chance.randrange(4)
        e, emit = self.expression, self.emit
        if kind < 2:
            self.show(indent)
        elif kind == 2:
            emit(indent, "try: %s = %s" % (self.pick(NAMES), e()))
            emit(indent, "except Exception as error: print(%d, type(error).__name__, error)" % self.fresh())
        elif kind == 3:
            emit(indent, "try: %s %s= %s" % (self.pick(NAMES), self.pick(["+", "-", "//", "|", "&", "%", "^"]), e(1)))
            emit(indent, "except Exception as error: print(%d, type(error).__name__, error)" % self.fresh())
        elif kind == 4:
            emit(indent, "if bool(%s):" % self.pick(["a", "b", "c", "d", "0", "''", "[0]"]))
            self.block(indent + 1, depth - 1)
            emit(indent, "else:")
            self.block(indent + 1, depth - 1)
        elif kind == 5:
            emit(indent, "for i in %s:" % self.pick(["range(3)", "['ab', 'c']", "[(1, 2), (3, 4)]"]))
            self.block(indent + 1, depth - 1)
            if self.chance.random() < 0.4:
                emit(indent + 1, self.pick(["break", "continue", "if i: continue"]))
            if self.chance.random() < 0.4:
                emit(indent, "else:")
                self.block(indent + 1, depth - 1)
        elif kind == 6:
            n = self.fresh()
            emit(indent, "n%d = 0" % n)
            emit(indent, "while n%d < 3:" % n)
            emit(indent + 1, "n%d += 1" % n)
            self.block(indent + 1, depth - 1)
        elif kind in (7, 8):
            emit(indent, "try:")
            self.block(indent + 1, depth - 1)
            emit(indent + 1, self.pick(["raise ValueError(%d)" % self.fresh(), "1 / 0", "{}['k']", "pass", "[][1]", "None.x"]))
            emit(indent, "except %s as error:" % self.pick(ERRORS))
            emit(indent + 1, "print(%d, type(error).__name__, error, error.__context__)" % self.fresh())
            emit(indent, "except Exception:")
            self.block(indent + 1, depth - 1)
            if self.chance.random() < 0.5:
                emit(indent, "else:")
                self.block(indent + 1, depth - 1)
            if self.chance.random() < 0.5:
                emit(indent, "finally:")
                self.block(indent + 1, depth - 1)
        elif kind == 9:
            n = self.fresh()
            emit(indent, "def f%d(%s):" % (n, self.pick(["", "x=1", "x=1, *r", "*, k=2", "**kw", "x=3, /, y=4"])))
            if self.chance.random() < 0.3:
                emit(indent + 1, self.pick(["global a", "global b; b = 5"]))
            self.block(indent + 1, depth - 1)
            emit(indent + 1, "return %s" % e(2))
            emit(indent, "show(%d, lambda: f%d(%s))" % (self.fresh(), n, self.pick(["", "1", "x=2", "1, 2", "k=3", "*[1]", "**{'q': 1}"])))
        elif kind == 10:
            n = self.fresh()
            emit(indent, "def g%d():" % n)
            emit(indent + 1, "try:")
            emit(indent + 2, "x = yield %s" % e(1))
            emit(indent + 2, "print(%d, x)" % self.fresh())
            emit(indent + 2, "yield from %s" % self.iterable())
            emit(indent + 1, "except Exception as error: yield repr(error)")
            emit(indent + 1, "finally: print(%d)" % self.fresh())
            emit(indent, "g = g%d()" % n)
            for action in self.chance.sample(["next(g)", "g.send(%s)" % e(1), "g.throw(ValueError(1))", "list(g)", "g.close()", "next(g, 'end')"], 4):
                emit(indent, "show(%d, lambda: %s)" % (self.fresh(), action))
        elif kind == 11:
            n = self.fresh()
            emit(indent, "class C%d%s:" % (n, self.pick(["", "(int)", "(list)", "(str)", "(dict)", "(Exception)"])))
            emit(indent + 1, "x = %s" % self.pick(ATOMS[:20]))
            for name in self.chance.sample(["__add__", "__radd__", "__eq__", "__len__", "__getitem__", "__call__", "__getattr__",
                                            "__bool__", "__iter__", "__contains__", "__lt__", "__repr__", "__hash__", "__format__",
                                            "__enter__", "__index__", "__missing__", "__set_name__", "__neg__"], 3):
                emit(indent + 1, "def %s(self, *args): return %s" % (name, self.pick(ATOMS[:22] + ["self", "args", "NotImplemented"])))
            for text in ["C%d()" % n, "C%d() + 1" % n, "2 + C%d()" % n, "C%d() == 1" % n, "len(C%d())" % n, "C%d()[0]" % n, "bool(C%d())" % n,
                         "list(zip(range(3), C%d()))" % n, "C%d().x" % n, "C%d().zz" % n, "C%d() < 2" % n, "hash(C%d()) == 5" % n,
                         "f'{C%d():>5}'" % n, "[1, 2, 3][C%d()]" % n, "-C%d()" % n, "C%d().x" % n]:
                if self.chance.random() < 0.5:
                    emit(indent, "show(%d, lambda: %s)" % (self.fresh(), text))
        elif kind == 12:
            emit(indent, "match %s:" % self.pick(["a", "b", "c", "d", "(1, 2)", "{'k': [1]}", "'abc'", "1.5", "None"]))
            for pattern in self.chance.sample(PATTERNS[:-1], 4):
                emit(indent + 1, "case %s%s:" % (pattern, self.pick(["", "", " if a", " if not b"])))
                emit(indent + 2, "print(%d)" % self.fresh())
            emit(indent + 1, "case _:")
            emit(indent + 2, "print(%d)" % self.fresh())
        elif kind == 13:
            emit(indent, "try: %s = %s" % (self.pick(["a, b", "a, *b", "*a, b", "[a, b]", "a, (b, c)", "c[0]", "d['q']", "c[1:]"]),
                                           self.pick(["1, 2", "'ab'", "[1, 2, 3]", "(1, (2, 3))", "5", "range(2)", "{'x': 1}", "[]"])))
            emit(indent, "except Exception as error: print(%d, type(error).__name__, error)" % self.fresh())
        elif kind == 14:
            emit(indent, "try: del %s" % self.pick(["a", "c[0]", "d['k']", "c[:1]", "b[0]", "e.x", "c[9]", "(a, b)"]))
            emit(indent, "except Exception as error: print(%d, type(error).__name__, error)" % self.fresh())
        else:
            emit(indent, self.pick(["print(a, b, sep='-', end='!\\n')", "print(*c if isinstance(c, list) else [c])",
                                    "print(sorted(globals().keys() & {'a', 'b', 'zz'}))", "print(type(a).__mro__)", "print(f'{b!r:>{10}}|')"]))


def program(chance):
    """A program of some ten to a hundred lines."""
    writer = Writer(chance)
    for _ in range(chance.randrange(3, 14)):
        writer.statement(0, 3)
    return PRELUDE + "\n".join(writer.lines) + "\n"
