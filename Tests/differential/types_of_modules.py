# What CPython makes on the heap has __module__ in its dict; some of these types may be changed.
import array, asyncio, collections, functools, grp, io, operator, os, pickle, pwd, random, resource, select, signal
import struct, sys, threading, time, typing, _json, _lsprof, _thread

TYPES = [
    time.struct_time, os.stat_result, os.terminal_size, os.times_result, os.uname_result, os.statvfs_result,
    os.sched_param, os.waitid_result, grp.struct_group, pwd.struct_passwd, resource.struct_rusage, signal.struct_siginfo,
    _thread._ExceptHookArgs, ExceptionGroup, BaseExceptionGroup, type(sys.flags), type(sys.version_info), random.Random,
    _json.make_encoder, _json.make_scanner, typing.Generic, select.epoll, os.DirEntry, array.array, struct.Struct,
    collections.deque, functools.partial, operator.itemgetter, io.BytesIO, io.TextIOWrapper, io.BufferedReader,
    io.IncrementalNewlineDecoder, io.IOBase, io.RawIOBase, pickle.PickleBuffer, asyncio.Future, asyncio.Task, _thread.lock,
    threading.local,
]
for cls in TYPES:
    names = [name for name in vars(cls) if name in (
        "__module__", "__new__", "__hash__", "__getattribute__", "__setattr__", "__delattr__", "__vectorcalloffset__")]
    print(cls, sorted(names), cls.__hash__ is None, cls.__text_signature__ if cls in (_thread.lock, threading.local) else "")
    try:
        cls.added = 1
        print("added", cls.added)
        del cls.added
    except (TypeError, AttributeError) as error:
        print(error)
print(functools.partial(len).__vectorcalloffset__ != 0)
for function in (str.__dict__["maketrans"], bytes.__dict__["maketrans"]):
    print(type(function), getattr(function, "__name__", None))
for call in (lambda: hash(array.array("i")), lambda: {array.array("b"): 1}, lambda: sys.getsizeof(1, 2, 3), lambda: sys.getsizeof(default=1),
             lambda: sys.getsizeof(object=1, default=2) > 0, lambda: sys.getsizeof(1, object=2), lambda: _thread.lock(1), lambda: _thread.lock(x=1),
             lambda: sys.setrecursionlimit(10 ** 20), lambda: io.TextIOWrapper.__new__(io.TextIOWrapper).read(),
             lambda: io.BufferedReader.__new__(io.BufferedReader, 1, 2).read(), lambda: io.IOBase(1),
             lambda: (lambda: 0).__code__.replace(1), lambda: io.IncrementalNewlineDecoder.__new__(io.IncrementalNewlineDecoder).decode("")):
    try:
        print(call())
    except Exception as error:
        print(type(error).__name__, error)
