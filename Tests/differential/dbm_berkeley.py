# Recorded with a CPython that has Berkeley DB (Debian's).
import _dbm
import os
import tempfile


def show(what, function, *arguments):
    try:
        result = function(*arguments)
    except Exception as error:
        result = type(error).__name__, str(error).replace(folder, "FOLDER")
    print(what, type(result).__name__ if isinstance(result, _dbm_type) else result)


folder = tempfile.mkdtemp()
path = folder + "/names"
base = _dbm.open(path, "c")
_dbm_type = type(base)
print(_dbm.library, _dbm.error, _dbm.error.__mro__, _dbm.open.__text_signature__, _dbm_type)
for name in sorted(vars(_dbm_type)):
    print(name, getattr(vars(_dbm_type)[name], "__text_signature__", None))
base["a"] = "first"
base[b"\0\xff"] = b"\0"
print(len(base), bool(base), sorted(base.keys()), base["a"], base[b"a"], base[b"\0\xff"], "a" in base, b"zz" in base)
for key in [bytearray(b"a"), memoryview(b"a"), "\udcff", None, 3.0, "missing"]:
    show("item", base.__getitem__, key)
    show("in", base.__contains__, key)
    show("get", base.get, key)
    show("get", base.get, key, 5)
    show("delete", base.__delitem__, key)
    if key != "missing":
        show("setdefault", base.setdefault, key)
        show("set", base.__setitem__, key, "x")
        show("value", base.__setitem__, "t", key)
show("setdefault", base.setdefault, "q")
show("setdefault", base.setdefault, "q", b"z")
show("setdefault", base.setdefault, "q2", 1)
show("setdefault", base.setdefault, "q3", "text")
print(sorted(base.keys()), len(base))
base["q"] = "changed"
del base["q3"]
print(sorted(base.keys()), len(base), base["q"])
show("get", base.get)
show("get", base.get, 1, 2, 3)
show("clear", base.clear, 1)
show("iter", iter, base)
show("new", _dbm_type)
show("exit", base.__exit__)
base.close()
for method, *arguments in [["__getitem__", "a"], ["__len__"], ["__bool__"], ["__contains__", "a"], ["keys"], ["__enter__"],
                           ["clear"], ["get", "a"], ["setdefault", "a"], ["__setitem__", "a", "b"], ["close"]]:
    show(method, getattr(base, method), *arguments)
with _dbm.open(path) as base:
    print(sorted(base.keys()))
with _dbm.open(path, "w") as base:
    base.clear()
    print(base.keys(), len(base), bool(base))
show("read", lambda: _dbm.open(path).clear())
show("new", lambda: _dbm.open(path, "n").keys())
show("missing", _dbm.open, folder + "/nothing")
show("folder", _dbm.open, b"/nonexistent/x", "c")
show("flags", _dbm.open, path, "x")
show("flags", _dbm.open, path, "rw")
show("flags", _dbm.open, path, "é")
show("flags", _dbm.open, path, 2)
show("mode", _dbm.open, path, "r", "z")
show("name", _dbm.open, 3)
show("name", _dbm.open, path + "\0")
show("none", _dbm.open)
show("mode", lambda: _dbm.open(path + "2", "c", 0o600).close())
print(oct(os.stat(path + "2.db").st_mode))
for name in os.listdir(folder):
    os.remove(os.path.join(folder, name))
os.rmdir(folder)
