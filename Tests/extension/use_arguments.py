# Arguments into C, results out of it.
import arguments
from arguments import call, converted, keywords, parse, unpack


def show(function, *args, **named):
    try:
        return repr(function(*args, **named))
    except BaseException as error:
        text = "%s: %s" % (type(error).__name__, error)
        while error.__cause__ or error.__context__:
            error = error.__cause__ or error.__context__
            text += " <- %s: %s" % (type(error).__name__, error)
        return text


class Index:
    def __index__(self):
        return 41


class Float:
    def __float__(self):
        return 2.5


class Complex:
    def __complex__(self):
        return 3 - 1j


class Text(str):
    pass


values = [0, -1, 255, 256, -129, 32768, 65536, 2**31, 2**32, 2**63, 2**64, True, None, 1.5, 1 + 2j, "a", "ab", "é",
          "a\0b", "\U0001f40d", "\ud800", b"q", b"bytes", b"a\0b", bytearray(b"w"), memoryview(b"view"), [1], Index(), Float(), Complex(),
          Text("sub")]
for format in "b B h H i I l k L K n c C f d D p s z y s# z# y# s* z* y* w* O U S Y O! es et es# et#".split():
    for value in values:
        text = show(parse, format, value)
        print("%-3s %-22.22s %s" % (format, type(value).__name__ if " at 0x" in repr(value) else repr(value), text if " at 0x" not in text else "the object"))
for args in (), (1,), (1, 2), (1, 2, "x"), (1, 2, "x", 4), ("x",), (1, None):
    print("i|is:spam", args, show(parse, "i|is:spam", *args))
for args in (), (1, 2), (1,), (1, 2, 3), ("a", "b"):
    print("two", args, show(parse, "ii;two numbers, please", *args))
for args in ((1, 2), 3), ([1, 2], 3), ((1,), 3), (5, 3), ((1, "x"), 3), ("ab", 3), ((1, 2),):
    print("(ii)O", args, show(parse, "(ii)O", *args))
for format in "", ":none", "?":
    for args in (), (1,):
        if format != "?" or not args:
            print(repr(format), args, show(parse, format, *args))

for args in (4, "path"), (3, "path"), ("x", "path"), (4, b"p\0q"), (4, 5), (4,):
    print("converted", args, show(converted, *args))

for args, named in [((1,), {}), ((1, 5), {}), ((1,), {"height": 7}), ((1, 2, 3), {"title": "t", "strict": []}),
                    ((), {}), ((1, 2, 3, 4), {}), ((1,), {"depth": 1}), ((1, 2), {"width": 1}), ((1,), {"width": "x"}),
                    ((1,), {"wdth": 1}), ((), {"width": 1}), ((1, 2, 3, 4, 5, 6), {})]:
    print("keywords", args, named, show(keywords, *args, **named))

for args in (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4):
    print("unpack", args, show(unpack, *args))

print(show(arguments.build))
print(show(arguments.build_forms))
print(show(arguments.build_from_null))
print(show(arguments.build_badly))

for function in (arguments.no_arguments, arguments.one_argument, arguments.positional, arguments.positional_and_named,
                 arguments.vector, arguments.vector_and_named):
    for args, named in [((), {}), ((1,), {}), ((1, 2), {}), ((1,), {"k": 2}), ((), {"k": 2, "l": 3})]:
        print(function.__name__, args, named, show(function, *args, **named))
    print(function.__name__, function.__self__ is arguments, function.__module__)

# A function that returns NULL without an exception, and one that returns a result with one.
def broken(number):
    return (lambda: arguments.null_without_error(), lambda: arguments.result_with_error(),
            lambda: list(map(int.__add__, [1], [arguments.null_without_error()])), lambda: call("CallNoArgs", arguments.null_without_error, 1, 2),
            lambda: call("CallNoArgs", arguments.result_with_error, 1, 2))[number]()

for number in range(5):
    print(show(broken, number))


def target(*args, **named):
    return "target", args, named


class Callable:
    def __call__(self, *args, **named):
        return "callable", args, named


for kind in ["CallNoArgs", "CallOneArg", "CallFunctionObjArgs", "CallFunction", "CallFunction tuple", "CallFunction none",
             "CallMethod", "Vectorcall", "Vectorcall named", "VectorcallMethod", "VectorcallDict", "Call"]:
    for callable in target, Callable(), dict, max, "text".join, 5, arguments.null_without_error, arguments.vector_and_named:
        print(kind, getattr(callable, "__name__", type(callable).__name__), show(call, kind, callable, ("a", 1), "b"))

for function in arguments.more_units, arguments.fewer_units:
    for args, named in ((), {}), ((5,), {}), ((5, 6), {}), ((5, 6, 7), {}), ((), {"a": 5}), ((), {"b": 6}), ((), {"c": 7}), \
            ((), {"a": 5, "b": 6}), ((5,), {"c": 7}), ((5, 6), {"d": 7}), (("x",), {}):
        print(function.__name__, args, named, show(function, *args, **named))
