"""Random programs that call the builtins and the methods of the builtin types with values they do not expect.

Each call is shown with its result or its error. The objects among the arguments have methods that lie: they
raise, return the wrong type, or change the container that is being worked on.
"""
TYPES = ["int", "float", "complex", "str", "bytes", "bytearray", "list", "tuple", "dict", "set", "frozenset", "range",
         "slice", "memoryview", "bool", "type", "object", "property", "classmethod", "staticmethod", "super",
         "enumerate", "zip", "map", "filter", "reversed", "BaseException", "OSError", "ImportError", "SyntaxError",
         "UnicodeDecodeError", "StopIteration", "ExceptionGroup", "KeyError", "AttributeError", "types.SimpleNamespace",
         "types.MappingProxyType", "types.FunctionType", "types.MethodType", "types.CellType", "types.ModuleType",
         "types.GenericAlias", "types.CodeType", "types.TracebackType", "collections.OrderedDict", "collections.deque",
         "collections.defaultdict", "functools.partial", "functools.cmp_to_key", "itertools.chain", "itertools.count",
         "itertools.islice", "itertools.product", "itertools.groupby", "itertools.tee", "itertools.accumulate",
         "itertools.combinations", "itertools.permutations", "itertools.zip_longest", "itertools.batched",
         "itertools.cycle", "itertools.repeat", "itertools.starmap", "itertools.compress", "array.array",
         "weakref.ref", "weakref.proxy", "re.compile", "struct.Struct", "io.StringIO", "io.BytesIO", "operator.itemgetter",
         "operator.attrgetter", "operator.methodcaller", "random.Random", "io.TextIOWrapper", "io.BufferedReader"]
FUNCTIONS = ["abs", "aiter", "all", "anext", "any", "ascii", "bin", "callable", "chr", "compile", "delattr", "dir", "divmod",
             "eval", "exec", "format", "getattr", "hasattr", "hash", "hex", "isinstance", "issubclass", "iter", "len", "max",
             "min", "next", "oct", "ord", "pow", "repr", "round", "setattr", "sorted", "sum", "vars", "__build_class__",
             "math.gcd", "math.comb", "math.fsum", "math.ldexp", "math.isclose", "math.prod", "math.hypot", "math.dist",
             "functools.reduce", "re.match", "re.sub", "re.split", "re.findall", "struct.pack", "struct.unpack",
             "struct.calcsize", "operator.index", "operator.concat", "operator.contains", "operator.length_hint",
             "copy.copy", "copy.deepcopy", "sys.getsizeof", "sys.intern", "marshal.dumps", "marshal.loads",
             "binascii.hexlify", "binascii.unhexlify", "binascii.a2b_base64", "unicodedata.normalize", "unicodedata.name",
             "bisect.bisect", "heapq.heappush", "heapq.heappop", "heapq.merge", "textwrap.fill", "types.new_class",
             "type.__call__", "object.__new__", "object.__reduce_ex__", "object.__setattr__", "type.__new__",
             "int.from_bytes", "str.maketrans", "dict.fromkeys", "bytes.fromhex", "float.fromhex", "codecs.encode",
             "codecs.decode", "warnings.warn_explicit", "time.strftime", "time.gmtime", "sum", "sorted", "list", "tuple"]
VALUES = ["0", "1", "-1", "2", "10", "255", "256", "-2**63", "2**31", "2**63", "2**64", "-2**64", "sys.maxsize", "-sys.maxsize - 1",
          "0.0", "-0.0", "1e308", "float('inf')", "float('nan')", "1j", "True", "None", "...", "NotImplemented", "''", "'a'",
          "'abc' * 5", "'\\x00'", "'\\ud800'", "'\\U0010ffff'", "'%s'", "'{0}'", "'(a*)*'", "'utf-8'", "'strict'", "b''", "b'ab'",
          "bytearray(b'xyz')", "memoryview(b'abcd')", "[]", "[1, 2, 3]", "[[1], [2]]", "()", "(1, 2)", "{}", "{'a': 1}",
          "{1: 2, 3: 4}", "set()", "{1, 2}", "frozenset([1])", "range(3)", "range(0, -5, -2)", "slice(None)", "slice(1, 2, 0)",
          "iter([1, 2])", "(i for i in range(3))", "lambda *a: a", "len", "str.upper", "''.join", "int", "type", "object",
          "object()", "list[int]", "int | str", "types.SimpleNamespace(a=1)", "Liar()", "Liar()", "Raiser()", "Raiser()", "Shrinker()",
          "Shrinker().items", "Index(3)", "Index(2**70)", "Index('x')", "Sub([1, 2])", "SubStr('abc')", "SubInt(5)", "sys",
          "ValueError('v')", "Exception", "loop()", "deep(50)", "{}.keys()", "{1: 2}.items()", "Meta('M', (), {})", "print", "print"]
NAMES = ["'a'", "'__class__'", "'__dict__'", "'__doc__'", "'__name__'", "'real'", "'x'", "''", "'__init__'"]

PRELUDE = """\
import array, bisect, binascii, codecs, collections, copy, functools, heapq, io, itertools, marshal, math, operator
import random, re, struct, sys, textwrap, time, types, unicodedata, warnings, weakref

class Liar:
    def __len__(self): return -1
    def __iter__(self): return 5
    def __hash__(self): return "h"
    def __eq__(self, other): return Liar
    def __lt__(self, other): return None
    def __bool__(self): return 2
    def __index__(self): return "i"
    def __int__(self): return 1.5
    def __float__(self): return "f"
    def __complex__(self): return 1
    def __repr__(self): return 7
    def __str__(self): return b"s"
    def __format__(self, spec): return 1
    def __bytes__(self): return "b"
    def __getitem__(self, key): return self
    def __contains__(self, item): return Raiser()
    def __call__(self, *args, **keywords): return self
    def __length_hint__(self): return "n"
    def __fspath__(self): return 5
    def __reduce_ex__(self, protocol): return 8
    def __dir__(self): return 9
    def __add__(self, other): return NotImplemented
    __radd__ = __mul__ = __rmul__ = __and__ = __sub__ = __add__
    def __get__(self, *args): return args
    def __enter__(self): return self
    def __buffer__(self, flags): return 5
    def __mro_entries__(self, bases): return 3
    def __instancecheck__(self, other): return []
    def __round__(self, *n): return "r"

class Raiser:
    pass
for name in ("len iter hash eq lt gt bool index int float repr str format bytes getitem setitem delitem contains call next "
             "length_hint fspath reduce_ex dir add radd mul and sub getattr get set enter exit neg abs round divmod "
             "pow instancecheck subclasscheck buffer del_name").split():
    def method(self, *args, name=name, **keywords): raise ZeroDivisionError(name)
    setattr(Raiser, "__%s__" % name, method)

class Shrinker:
    # Empties its list whenever it is looked at.
    def __init__(self): self.items = [self, 1, 2, self]
    def __eq__(self, other): self.items.clear(); return False
    def __lt__(self, other): self.items.clear(); return True
    def __hash__(self): self.items.clear(); return 1
    def __repr__(self): self.items.clear(); return "S"
    def __index__(self): self.items.clear(); return 1
    def __len__(self): self.items.clear(); return 3
    def __iter__(self): self.items.clear(); return iter([1, self])
    def __str__(self): self.items.clear(); return "s"
    def __bool__(self): self.items.clear(); return True
    def __del__(self): self.items.clear()

class Index:
    def __init__(self, value): self.value = value
    def __index__(self): return self.value
    def __repr__(self): return "Index"

class Sub(list):
    def __iter__(self): self.clear(); return iter((9, 8))
    def __len__(self): return 10
class SubStr(str):
    def __str__(self): return "other"
    def __eq__(self, other): return True
    __hash__ = str.__hash__
class SubInt(int):
    def __index__(self): return 3
    def __int__(self): return 4
    def __repr__(self): return "SubInt"
class Meta(type):
    def mro(cls): return [cls, object]
    def __repr__(cls): return "Meta"
    def __len__(cls): return 4

def loop():
    found = []
    found.append(found)
    return found

def deep(n):
    found = ()
    for _ in range(n): found = (found,)
    return found

kept = {}
def show(number, make):
    try:
        kept[number] = value = make()
        text = repr(value)[:300]
        print(number, type(value).__name__, "object" if " at 0x" in text else text)
    except RecursionError:
        print(number, "RecursionError")
    except Exception as error:
        try:
            print(number, type(error).__name__, str(error)[:300])
        except Exception as other:
            print(number, "unprintable", type(other).__name__)
"""


def methods(name):
    """The names of a type's attributes, as this Python has them; few for what it does not know."""
    import array, collections, functools, io, itertools, operator, random, re, struct, types, weakref  # noqa: E401, F401
    try:
        return sorted(attribute for attribute in dir(eval(name)) if attribute not in SKIPPED)
    except (NameError, AttributeError):
        return ["__init__", "__new__", "__reduce__"]


SKIPPED = {"__sizeof__", "__subclasses__", "__dir__", "__doc__", "__subclasshook__", "__init_subclass__", "__hash__"}


def program(chance):
    """A program of ten to forty calls."""
    pick = chance.choice
    cached = {}

    def value():
        if chance.random() < 0.08:
            return "kept.get(%d)" % chance.randrange(20)
        return pick(VALUES)

    def arguments():
        found = [pick(NAMES) if chance.random() < 0.1 else value() for _ in range(pick([0, 1, 1, 1, 2, 2, 3, 4]))]
        if chance.random() < 0.06:
            found.append("*" + pick(VALUES))
        if chance.random() < 0.06:
            found.append("%s=%s" % (pick(["key", "default", "reverse", "start", "strict", "encoding", "x", "sep", "maxlen"]), value()))
        if chance.random() < 0.03:
            found.append("**" + pick(VALUES))
        return ", ".join(found)

    lines = []
    for number in range(chance.randrange(10, 40)):
        kind = chance.randrange(10)
        name = pick(TYPES)
        if kind < 2:
            call = "%s(%s)" % (name, arguments())
        elif kind < 4:
            call = "%s(%s)" % (pick(FUNCTIONS), arguments())
        elif kind < 7:
            method = pick(cached.setdefault(name, methods(name)))
            call = "%s(%s).%s(%s)" % (name, arguments(), method, arguments())
        elif kind < 9:
            method = pick(cached.setdefault(name, methods(name)))
            call = "%s.%s(%s)" % (value() if chance.random() < 0.4 else name, method, arguments())
            if call[0].isdigit() or call[0] == "-":
                call = "(%s).%s" % tuple(call.split(".", 1))
        else:
            call = pick(["%s %s %s" % (value(), pick(["+", "-", "*", "%", "@", "in", "<", "==", "|", "//"]), value()),
                         "(%s)[%s]" % (value(), value()), "(%s)[%s:%s]" % (value(), value(), value()),
                         "exec('x = y; x[i] = v; del y[i]', {'y': %s, 'i': %s, 'v': %s})" % (value(), value(), value()),
                         "exec('x += y', {'x': %s, 'y': %s})" % (value(), value()), "f'{%s!r:%s}'" % (pick(["kept", "Liar()"]), "5"),
                         "'%%s %%d' %% (%s, %s)" % (value(), value()), "'{:{}}'.format(%s, %s)" % (value(), value()),
                         "type('T', (%s,), %s)" % (value(), value()), "[*%s, *%s]" % (value(), value()),
                         "{**%s, **%s}" % (value(), value()), "(lambda a, *b, **c: (a, b, c))(*%s, **%s)" % (value(), value())])
        lines.append("show(%d, lambda: %s)" % (number, call))
    return PRELUDE + "\n".join(lines) + "\n"
