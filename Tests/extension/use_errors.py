# Exceptions raised, caught and written about by C.
import sys
import warnings
import errors
from errors import caught, format, handle, handled, raise_, recurse


def show(function, *args):
    try:
        return repr(function(*args))
    except BaseException as error:
        text = describe(error)
        while error.__cause__ or error.__context__:
            error = error.__cause__ or error.__context__
            text += " <- " + describe(error)
        return text


def describe(error):
    extra = {name: getattr(error, name) for name in ("errno", "strerror", "filename", "filename2", "name", "path", "lineno", "offset", "text", "code")
             if getattr(error, name, None) is not None}
    return "%s: %s %s" % (type(error).__name__, error, extra)


class Own:
    class Inner:
        def __str__(self):
            return "str ä"
        def __repr__(self):
            return "repr ä"

for value in "text", "é€🐍":
    for line in format(value):
        print(repr(line))
print(show(format, Own.Inner()))
print(show(errors.format_badly))

for how in ["SetNone", "SetString", "SetObject", "Format", "SetRaisedException", "Restore", "NoMemory", "BadArgument", "SetFromErrno",
            "SetFromErrnoWithFilename", "SetFromErrnoWithFilenameObjects", "SetImportError", "SyntaxLocation", "cause", "chained", "nothing"]:
    for kind, value in [(ValueError, "value"), (OSError, (2, "text")), (KeyError, KeyError("given"))]:
        if how in ("SetRaisedException", "cause") and not isinstance(value, BaseException):
            continue
        print(how, kind.__name__, show(raise_, how, kind, value))
print(show(raise_, "SetString", int, 5), show(raise_, "SetObject", 5, 5))

for code in "1/0", "{}['k']", "[][1]", "open('/no/such/file')", "int('x')", "5":
    print(code, caught(lambda: eval(code)))
def chained():
    try:
        1 / 0
    except ZeroDivisionError as error:
        raise KeyError("later") from error
print(caught(chained))

print(handled())
try:
    1 / 0
except ZeroDivisionError:
    print(handled())
    try:
        [][0]
    except IndexError as inner:
        print(handled())
        handle(ValueError("instead"))
        print(handled(), sys.exc_info()[1])
        handle(inner)
    print(handled())
print(handled())

errors.unraisable("an object")
errors.unraisable(show)

with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    errors.warn(UserWarning, 1)
    errors.warn(DeprecationWarning, 2)
for warning in seen:
    print(warning.category.__name__, warning.message, warning.filename.rpartition("/")[2], warning.lineno)
with warnings.catch_warnings():
    warnings.simplefilter("error")
    print(show(errors.warn, UserWarning, 1))
print(show(errors.warn, int, 1))

for kind in errors.make():
    print(kind, kind.__module__, kind.__name__, kind.__doc__, kind.__mro__, getattr(kind, "code", None))
print(show(errors.make_badly))

def deeper(again):
    return recurse(again)
print(show(recurse, deeper).partition(" {")[0])
try:
    1 / 0
except ZeroDivisionError as error:
    print(errors.display(error), sys.last_value is error)
