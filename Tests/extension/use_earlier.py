# Names that are old, and kept.
import os
import sys
import earlier
from earlier import bad_text, calls, frozen, locals_, module_of, run, texts


def target(*args, **named):
    return args, named


class Thing:
    def __call__(self, *args, **named):
        return "thing", args, named
    def method(self, *args, **named):
        return "method", args, named


for callable in target, Thing().method, len, [].append, Thing(), dict:
    print(calls(callable))


def show(function, *args):
    try:
        return repr(function(*args))
    except BaseException as error:
        return "%s: %s" % (type(error).__name__, error)


def function(a, b=2, *, c=3, d=4):
    return a, b, c, d, word

def outer(cell):
    def inner(a, *, c):
        return a, c, cell
    return inner

print(run(function.__code__, {"word": 5}, (20,), {"d": 40}, None), run(function.__code__, {"word": 5}, (20,), {"c": 1, "d": 2}, None))
inner = outer("cell")
print(run(inner.__code__, globals(), (), None, inner.__closure__), show(run, function.__code__, {}, (), {"d": 1}, None))
print(show(run, function.__code__, {}, (1,), {"d": 1}, None))

def variables(a):
    b = 2
    return locals_()
print(variables(1), locals_() is globals())
class Body:
    x = 1
    print(sorted(name for name in locals_() if name == "x"), locals_() is locals())

made = module_of("made", compile("x = __name__\ny = 1", "made.py", "exec"), None)
print(made.x, made.__file__, sys.modules["made"] is made, made.__spec__.name, made.__cached__)
print(module_of("other", compile("z = 1", "made.py", "exec"), "/a/path.py").__file__)
print(show(module_of, "bad", compile("1/0", "bad.py", "exec"), None), "bad" in sys.modules, show(module_of, "gone", compile("import sys; del sys.modules[__name__]", "bad.py", "exec"), None))
print(frozen("no_such_module"), frozen("zipimport"))

for value in b"plain", "é€🐍".encode(), b"\xff\xc3(\xed\xa0\x80\xf4\x90\x80\x80\xc0\x80", b"":
    text, size, same = texts(value)
    print(ascii(text), size, same, text == os.fsdecode(value))
print(bad_text())

prefix, exec_prefix, executable, *rest = earlier.settings()
print(prefix == sys.prefix, exec_prefix == sys.exec_prefix, executable == sys.executable, rest)
try:
    [][5]
except IndexError as error:
    earlier.show(error)
descriptor = os.open(os.devnull, os.O_WRONLY)
with earlier.open_descriptor(descriptor) as stream:
    print(type(stream).__name__, stream.name == descriptor, stream.mode, stream.encoding, stream.write("text"))
os.close(descriptor)
