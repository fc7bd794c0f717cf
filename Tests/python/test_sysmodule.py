# The sys module.
import sys

from _run import describe, error, main



def test_identity():
    assert sys.version_info[:2] == (3, 13)
    assert sys.version_info.major == 3
    assert sys.version_info.releaselevel == "final"
    assert (sys.hexversion >> 16 == 0x030d) is True
    assert sys.byteorder == "little"
    assert sys.maxsize == 9223372036854775807
    assert sys.maxunicode == 1114111
    assert sys.api_version == 1013
    assert sys.platform == "linux"
    assert sys.copyright[:9] == "Copyright"
    assert type(sys.version).__name__ == "str"


def test_version_info():
    v = sys.version_info
    assert (v >= (3, 13)) is True
    assert type(v).__name__ == "version_info"
    assert len(v) == 5
    assert (v[0] is v.major) is True
    try:
        v.major = 5
    except BaseException as exception:
        assert describe(exception) == "AttributeError: readonly attribute"
    else:
        assert False, "nothing raised"
    assert error(lambda: type(v)()) == "TypeError: cannot create 'sys.version_info' instances"
    assert repr(v)[:28] == "sys.version_info(major=3, mi"


def test_flags():
    f = sys.flags
    assert type(f).__name__ == "flags"
    assert f.debug == 0
    assert (f.hash_randomization in (0, 1)) is True
    assert f.dev_mode is False
    assert (f.utf8_mode in (0, 1)) is True
    assert f.int_max_str_digits == 4300
    assert len(f) == 18


def test_hash_info():
    h = sys.hash_info
    assert ((h.width, h.modulus, h.inf, h.nan, h.imag, h.algorithm, h.hash_bits, h.seed_bits, h.cutoff)
            == (64, 2305843009213693951, 314159, 0, 1000003, "siphash13", 64, 128, 0))


def test_int_and_float_info():
    assert (repr(sys.int_info)
            == "sys.int_info(bits_per_digit=30, sizeof_digit=4, default_max_str_digits=4300, str_digits_check_threshold=640)")
    assert sys.float_info.max_exp == 1024
    assert sys.float_info.min_10_exp == -307
    assert sys.float_info.rounds == 1
    assert repr(sys.float_info)[:40] == "sys.float_info(max=1.7976931348623157e+3"


def test_thread_info():
    assert sys.thread_info.name == "pthread"
    assert sys.thread_info.lock == "semaphore"


def test_argv_and_path():
    assert repr(type(sys.argv)) == "<class 'list'>"
    assert repr(type(sys.path)) == "<class 'list'>"
    assert repr(type(sys.modules)) == "<class 'dict'>"
    assert (sys.modules['sys'] is sys) is True
    assert ('builtins' in sys.builtin_module_names) is True
    assert repr(type(sys.executable)) == "<class 'str'>"
    assert repr(type(sys.warnoptions)) == "<class 'list'>"
    assert repr(type(sys._xoptions)) == "<class 'dict'>"
    assert repr(type(sys.meta_path)) == "<class 'list'>"
    assert isinstance(sys.stdlib_module_names, frozenset) is True
    assert ('os' in sys.stdlib_module_names) is True
    assert repr(type(sys.orig_argv)) == "<class 'list'>"


def test_recursion_limit():
    old = sys.getrecursionlimit()
    assert old == 1000
    sys.setrecursionlimit(500)
    assert sys.getrecursionlimit() == 500
    sys.setrecursionlimit(old)
    assert (error(lambda: sys.setrecursionlimit(0))
            == "ValueError: recursion limit must be greater or equal than 1")
    assert (error(lambda: sys.setrecursionlimit('a'))
            == "TypeError: 'str' object cannot be interpreted as an integer")
    assert (error(lambda: sys.setrecursionlimit())
            == "TypeError: sys.setrecursionlimit() takes exactly one argument (0 given)")


def test_getrefcount():
    a = []
    assert sys.getrefcount(a) == 2
    b = a
    assert sys.getrefcount(a) == 3
    l = [a, a]
    assert sys.getrefcount(a) == 5
    del b, l
    assert sys.getrefcount(a) == 2
    assert (error(lambda: sys.getrefcount())
            == "TypeError: sys.getrefcount() takes exactly one argument (0 given)")
    assert (sys.getrefcount(None) > 2**31) is True


def test_getsizeof():
    assert sys.getsizeof(0) == 28
    assert sys.getsizeof([]) == 56
    assert sys.getsizeof('') == 41
    assert sys.getsizeof(()) == 40
    assert sys.getsizeof({}) == 64
    assert sys.getsizeof(2**100) == 40
    class C:
        def __sizeof__(self): return 100
    class D:
        def __sizeof__(self): return 'x'
    class E:
        def __sizeof__(self): return -1
    assert (sys.getsizeof(C()) in (100, 116)) is False
    assert error(lambda: sys.getsizeof(D())) == "TypeError: an integer is required"
    assert sys.getsizeof(D(), 5) == 5
    assert error(lambda: sys.getsizeof(E())) == "ValueError: __sizeof__() should return >= 0"


def test_exc_info():
    assert sys.exc_info() == (None, None, None)
    assert sys.exception() is None
    try:
        1 / 0
    except ZeroDivisionError as e:
        inside = sys.exc_info()
        same = sys.exception() is e
    assert repr(inside[0]) == "<class 'ZeroDivisionError'>"
    assert same is True
    assert sys.exc_info() == (None, None, None)


def test_intern():
    assert (sys.intern('abc') == 'abc') is True
    assert error(lambda: sys.intern(5)) == "TypeError: intern() argument must be str, not int"
    class S(str): pass
    assert error(lambda: sys.intern(S('a'))) == "TypeError: can't intern S"
    assert sys._is_interned('abc') is True


def test_frames():
    def f(): return sys._getframe()
    fr = f()
    assert fr.f_code.co_name == "f"
    assert (fr.f_back is None or fr.f_back is not None) is True
    assert (fr.f_lineno > 0) is True
    assert (fr.f_globals is globals()) is True
    assert (fr.f_builtins['len'] is len) is True
    assert fr.f_trace is None
    assert fr.f_trace_lines is True
    assert (fr.f_lasti >= 0) is True
    assert error(lambda: sys._getframe(1000000)) == "ValueError: call stack is not deep enough"
    assert (error(lambda: sys._getframe('a'))
            == "TypeError: 'str' object cannot be interpreted as an integer")
    assert repr(fr).startswith('<frame at 0x') is True
    try:
        fr.f_code = 5
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: attribute 'f_code' of 'frame' objects is not writable")
    else:
        assert False, "nothing raised"
    try:
        fr.f_globals = {}
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: attribute 'f_globals' of 'frame' objects is not writable")
    else:
        assert False, "nothing raised"
    fr.clear()
    assert repr(fr.f_locals) == "{}"
    assert sys._getframemodulename() == "__main__"


def test_displayhook():
    class W:
        def __init__(self): self.t = ''
        def write(self, s): self.t += s
        def flush(self): pass
    old, sys.stdout = sys.stdout, W()
    try:
        sys.displayhook(5)
        sys.displayhook(None)
        sys.displayhook('a')
        text = sys.stdout.t
    finally:
        sys.stdout = old
    assert text == "5\n'a'\n"
    assert (__builtins__._ if hasattr(__builtins__, '_') else __builtins__['_']) == "a"


def test_excepthook_and_its_original():
    assert (sys.excepthook is sys.__excepthook__) is True
    assert (sys.displayhook is sys.__displayhook__) is True
    assert (sys.unraisablehook is sys.__unraisablehook__) is True
    assert (sys.breakpointhook is sys.__breakpointhook__) is True


def test_unraisable_hook():
    seen = []
    old = sys.unraisablehook
    sys.unraisablehook = lambda u: seen.append((type(u.exc_value).__name__, u.err_msg, str(u.exc_value)))
    class C:
        def __del__(self): raise ValueError('in del')
    try:
        C()
    finally:
        sys.unraisablehook = old
    assert seen == [("ValueError", None, "in del")]


def test_settrace():
    events = []
    def tracer(frame, event, arg):
        if frame.f_code.co_name == 'traced':
            events.append((event, frame.f_lineno - frame.f_code.co_firstlineno, arg if event == 'return' else None))
        return tracer
    def traced(x):
        y = x + 1
        if y > 1:
            y = 0
        return y
    sys.settrace(tracer)
    traced(1)
    sys.settrace(None)
    assert (events
            == [("call", 0, None), ("line", 1, None), ("line", 2, None), ("line", 3, None), ("line", 4, None), ("return", 4, 0)])
    assert sys.gettrace() is None


def test_settrace_exceptions():
    events = []
    def tracer(frame, event, arg):
        if frame.f_code.co_name == 'traced':
            events.append(event if event != 'exception' else arg[0].__name__)
        return tracer
    def traced():
        try:
            1 / 0
        except ZeroDivisionError:
            pass
    sys.settrace(tracer)
    traced()
    sys.settrace(None)
    assert events == ["call", "line", "line", "ZeroDivisionError", "line", "line", "return"]


def test_setprofile():
    events = []
    def profiler(frame, event, arg):
        if frame.f_code.co_name == 'profiled':
            events.append((event, getattr(arg, '__name__', arg)))
    def profiled():
        len('abc')
        return 7
    sys.setprofile(profiler)
    profiled()
    sys.setprofile(None)
    assert events == [("call", None), ("c_call", "len"), ("c_return", "len"), ("return", 7)]
    assert sys.getprofile() is None


def test_audit():
    assert sys.audit('some.event', 1, 2) is None
    assert (error(lambda: sys.audit())
            == "TypeError: audit() missing 1 required positional argument: 'event'")
    assert sys.audit(5) is None


def test_switch_interval():
    old = sys.getswitchinterval()
    assert repr(old) == "0.005"
    sys.setswitchinterval(0.001)
    assert repr(sys.getswitchinterval()) == "0.001"
    sys.setswitchinterval(old)
    assert (error(lambda: sys.setswitchinterval(0))
            == "ValueError: switch interval must be strictly positive")
    assert error(lambda: sys.setswitchinterval('a')) == "TypeError: must be real number, not str"


def test_int_max_str_digits():
    assert sys.get_int_max_str_digits() == 4300
    assert (error(lambda: sys.set_int_max_str_digits(100))
            == "ValueError: maxdigits must be 0 or larger than 640")
    assert (error(lambda: sys.set_int_max_str_digits(-1))
            == "ValueError: maxdigits must be 0 or larger than 640")
    assert (error(lambda: sys.set_int_max_str_digits('a'))
            == "TypeError: 'str' object cannot be interpreted as an integer")
    sys.set_int_max_str_digits(640)
    assert (error(lambda: int('1' * 641))
            == "ValueError: Exceeds the limit (640 digits) for integer string conversion: value has 641 digits; use sys.set_int_max_str_digits() to increase the limit")
    assert (error(lambda: str(10**640))
            == "ValueError: Exceeds the limit (640 digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit")
    sys.set_int_max_str_digits(0)
    assert len(str(10**5000)) == 5001
    sys.set_int_max_str_digits(4300)


def test_exit():
    assert error(lambda: sys.exit()) == "SystemExit: "
    assert error(lambda: sys.exit(5)) == "SystemExit: 5"
    assert error(lambda: sys.exit('text')) == "SystemExit: text"
    assert error(lambda: sys.exit(1, 2)) == "TypeError: exit expected at most 1 argument, got 2"
    assert error(lambda: sys.exit(None)) == "SystemExit: "


def test_implementation():
    assert type(sys.implementation).__name__ == "SimpleNamespace"
    assert repr(type(sys.implementation.name)) == "<class 'str'>"
    assert sys.implementation.version[:2] == (3, 13)
    assert isinstance(sys.implementation.cache_tag, str) is True
    assert sys.implementation._multiarch == "x86_64-linux-gnu"


def test_streams():
    assert sys.stdout.encoding == "utf-8"
    assert sys.stdin.fileno() == 0
    assert sys.stderr.name == "<stderr>"
    assert sys.stdout.mode == "w"
    assert (sys.__stdout__ is sys.stdout) is True


def test_encoding_functions():
    assert sys.getdefaultencoding() == "utf-8"
    assert sys.getfilesystemencoding() == "utf-8"
    assert sys.getfilesystemencodeerrors() == "surrogateescape"


def test_call_counts_and_allocated_blocks():
    assert (sys.getallocatedblocks() > 0) is True
    assert (sys.getunicodeinternedsize() > 0) is True
    assert sys.is_finalizing() is False
    assert sys.activate_stack_trampoline.__name__ == "activate_stack_trampoline"
    assert sys.is_stack_trampoline_active() is False
    assert callable(sys._clear_type_cache) is True


def test_current_frames():
    assert type(sys._current_frames()).__name__ == "dict"
    assert type(sys._current_exceptions()).__name__ == "dict"
    assert (len(sys._current_frames()) >= 1) is True


def test_monitoring_namespace():
    assert (sys.monitoring.events.CALL > 0) is True
    assert sys.monitoring.DEBUGGER_ID == 0
    assert sys.monitoring.get_tool(0) is None


def test_path_variables():
    assert isinstance(sys.prefix, str) is True
    assert isinstance(sys.base_prefix, str) is True
    assert sys.platlibdir == "lib"
    assert sys.pycache_prefix is None
    assert (sys.dont_write_bytecode in (True, False)) is True
    assert sys.float_repr_style == "short"
    assert (sys.ps1 if hasattr(sys, 'ps1') else 'not interactive') == "not interactive"
    assert sys.abiflags == ""


def test_wrong_attribute():
    assert (error(lambda: sys.nothing_here)
            == "AttributeError: module 'sys' has no attribute 'nothing_here'")


main(globals())
