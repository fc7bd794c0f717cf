# The audit events of everyday functions.
import array
import gc
import marshal
import os
import sys
import tempfile
import time

folder = tempfile.mkdtemp()
path = os.path.join(folder, "file")
names = []


def hook(event, details):
    if listening:
        names.append((event, [detail.replace(folder, "FOLDER") if isinstance(detail, str) else detail
                              if isinstance(detail, int) and event not in ("os.kill", "builtins.id", "code.__new__") else type(detail).__name__ for detail in details]))


listening = False
sys.addaudithook(hook)


def listen(function, *arguments):
    global listening
    names.clear()
    listening = True
    try:
        function(*arguments)
    except Exception as error:
        listening = False
        print(type(error).__name__)
    listening = False
    print(function.__name__, *names)


class Plain:
    pass


class Other:
    pass


def function(a=1, *, b=2):
    yield


def plain():
    yield


listen(open, path, "w")
listen(os.open, path, os.O_RDONLY)
listen(os.listdir, folder)
listen(os.scandir, folder)
listen(os.mkdir, folder + "/a", 0o700)
listen(os.rename, folder + "/a", folder + "/b")
listen(os.rmdir, folder + "/b")
listen(os.symlink, "x", folder + "/link")
listen(os.link, path, folder + "/second")
listen(os.chmod, path, 0o600)
listen(os.chown, path, -1, -1)
listen(os.utime, path)
listen(os.truncate, path, 3)
listen(os.remove, folder + "/link")
listen(os.unlink, folder + "/second")
listen(os.chdir, folder)
listen(os.putenv, "AUDITED", "1")
listen(os.unsetenv, "AUDITED")
listen(os.system, "true")
listen(os.kill, os.getpid(), 0)
listen(time.sleep, 0)
listen(compile, "1", "<x>", "eval")
listen(eval, "1")
listen(exec, "a = 1")
listen(eval, compile("1", "<x>", "eval"))
listen(id, 1)
listen(gc.get_objects)
listen(gc.get_referrers)
listen(gc.get_referents, [])
listen(marshal.dumps, 1)
listen(marshal.loads, b"N")
listen(array.array, "i", [1])
listen(sys._getframe)
listen(sys._getframemodulename)
listen(sys._current_frames)
listen(sys._current_exceptions)
listen(sys.settrace, None)
listen(sys.setprofile, None)
listen(setattr, Plain, "__name__", "Named")
listen(setattr, Plain, "__doc__", "text")
listen(setattr, Plain(), "__class__", Other)
listen(getattr, function, "__code__")
listen(setattr, function, "__defaults__", (3,))
listen(delattr, function, "__kwdefaults__")
listen(getattr, plain(), "gi_frame")
listen(getattr, plain(), "gi_code")
listen(getattr, sys._getframe(), "f_code")
listen(plain.__code__.replace)
os.remove(path)
os.rmdir(folder)
