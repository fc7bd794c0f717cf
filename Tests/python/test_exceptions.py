# Exceptions: raising, catching, chaining, attributes, notes, tracebacks.
import sys

from _run import describe, error, main



def test_raise_forms():
    def f(): raise ValueError
    def g(): raise ValueError('x', 1)
    def h(): raise
    def i(): raise 5
    def j(): raise int
    def k(): raise ValueError('a') from 5
    def l(): raise None
    assert error(lambda: f()) == "ValueError: "
    assert error(lambda: g()) == "ValueError: ('x', 1)"
    assert error(lambda: h()) == "RuntimeError: No active exception to reraise"
    assert error(lambda: i()) == "TypeError: exceptions must derive from BaseException"
    assert error(lambda: j()) == "TypeError: exceptions must derive from BaseException"
    assert error(lambda: k()) == "TypeError: exception causes must derive from BaseException"
    assert error(lambda: l()) == "TypeError: exceptions must derive from BaseException"


def test_class_whose_call_returns_something_else():
    class E(Exception):
        def __new__(cls): return 5
    def f(): raise E
    assert (error(lambda: f())
            == "TypeError: calling <class '__main__.test_class_whose_call_returns_something_else.<locals>.E'> should have returned an instance of BaseException, not <class 'int'>")


def test_args_and_text():
    assert str(ValueError()) == ""
    assert str(ValueError(1)) == "1"
    assert str(ValueError(1, 2)) == "(1, 2)"
    assert repr(ValueError()) == "ValueError()"
    assert repr(ValueError('a')) == "ValueError('a')"
    assert repr(ValueError('a', 1)) == "ValueError('a', 1)"
    assert ValueError(1, 2).args == (1, 2)
    e = ValueError(1)
    e.args = [3, 4]
    assert e.args == (3, 4)
    try:
        e.args = 5
    except BaseException as exception:
        assert describe(exception) == "TypeError: 'int' object is not iterable"
    else:
        assert False, "nothing raised"
    try:
        del e.args
    except BaseException as exception:
        assert describe(exception) == "TypeError: args may not be deleted"
    else:
        assert False, "nothing raised"
    assert error(lambda: ValueError(x=1)) == "TypeError: ValueError() takes no keyword arguments"
    assert BaseException().args == ()


def test_except_matching():
    def f(e, *kinds):
        try:
            raise e
        except kinds as x:
            return 'caught ' + type(x).__name__
    assert f(KeyError(1), LookupError) == "caught KeyError"
    assert f(KeyError(1), ValueError, KeyError) == "caught KeyError"
    assert error(lambda: f(KeyError(1), ValueError)) == "KeyError: 1"
    assert error(lambda: f(KeyError(1))) == "KeyError: 1"
    assert (error(lambda: f(KeyError(1), 5))
            == "TypeError: catching classes that do not inherit from BaseException is not allowed")
    assert (error(lambda: f(KeyError(1), (ValueError, (KeyError,))))
            == "TypeError: catching classes that do not inherit from BaseException is not allowed")
    assert (error(lambda: f(KeyError(1), int))
            == "TypeError: catching classes that do not inherit from BaseException is not allowed")


def test_except_clauses_in_order():
    def f(e):
        try:
            raise e
        except LookupError:
            return 1
        except KeyError:
            return 2
        except Exception:
            return 3
        except:
            return 4
    assert f(KeyError()) == 1
    assert f(ValueError()) == 3
    assert f(SystemExit()) == 4


def test_else_and_finally():
    log = []
    def f(n):
        try:
            log.append('try')
            if n == 1: raise ValueError
            if n == 2: return 'try'
        except ValueError:
            log.append('except')
            return 'except'
        else:
            log.append('else')
            return 'else'
        finally:
            log.append('finally')
    assert f(0) == "else"
    assert f(1) == "except"
    assert f(2) == "try"
    assert log == ["try", "else", "finally", "try", "except", "finally", "try", "finally"]


def test_finally_overrides():
    def f():
        try:
            return 1
        finally:
            return 2
    def g():
        try:
            raise ValueError
        finally:
            return 'swallowed'
    def h():
        for i in range(3):
            try:
                raise ValueError
            finally:
                continue
        return i
    def k():
        while True:
            try:
                return 'a'
            finally:
                break
        return 'b'
    assert f() == 2
    assert g() == "swallowed"
    assert h() == 2
    assert k() == "b"


def test_finally_sees_values():
    def f():
        x = 1
        try:
            return x
        finally:
            x = 2
    assert f() == 1
    def g():
        x = []
        try:
            return x
        finally:
            x.append(1)
    assert g() == [1]


def test_nested_finally():
    log = []
    def f():
        try:
            try:
                raise ValueError('inner')
            finally:
                log.append(1)
        finally:
            log.append(2)
    assert error(lambda: f()) == "ValueError: inner"
    assert log == [1, 2]


def test_implicit_context():
    try:
        try:
            1 / 0
        except ZeroDivisionError:
            raise ValueError('second')
    except ValueError as e:
        caught = e
    assert repr(caught.__context__) == "ZeroDivisionError('division by zero')"
    assert caught.__cause__ is None
    assert caught.__suppress_context__ is False


def test_explicit_cause():
    try:
        try:
            1 / 0
        except ZeroDivisionError as z:
            raise ValueError('v') from z
    except ValueError as e:
        caught = e
    assert repr(caught.__cause__) == "ZeroDivisionError('division by zero')"
    assert caught.__suppress_context__ is True
    try:
        raise ValueError('v') from KeyError
    except ValueError as e:
        caught = e
    assert repr(caught.__cause__) == "KeyError()"
    try:
        try:
            1 / 0
        except ZeroDivisionError:
            raise ValueError from None
    except ValueError as e:
        caught = e
    assert caught.__cause__ is None
    assert caught.__suppress_context__ is True
    assert repr(caught.__context__) == "ZeroDivisionError('division by zero')"


def test_chain_attributes():
    e = ValueError()
    try:
        e.__cause__ = 5
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: exception cause must be None or derive from BaseException")
    else:
        assert False, "nothing raised"
    try:
        e.__context__ = 'a'
    except BaseException as exception:
        assert (describe(exception)
                == "TypeError: exception context must be None or derive from BaseException")
    else:
        assert False, "nothing raised"
    try:
        e.__traceback__ = 5
    except BaseException as exception:
        assert describe(exception) == "TypeError: __traceback__ must be a traceback or None"
    else:
        assert False, "nothing raised"
    try:
        del e.__cause__
    except BaseException as exception:
        assert describe(exception) == "TypeError: __cause__ may not be deleted"
    else:
        assert False, "nothing raised"
    try:
        del e.__traceback__
    except BaseException as exception:
        assert describe(exception) == "TypeError: __traceback__ may not be deleted"
    else:
        assert False, "nothing raised"
    e.__cause__ = KeyError('k')
    assert e.__suppress_context__ is True
    e.__suppress_context__ = False
    e.__cause__ = None
    assert e.__cause__ is None
    try:
        e.__suppress_context__ = 'a'
    except BaseException as exception:
        assert describe(exception) == "TypeError: attribute value type must be bool"
    else:
        assert False, "nothing raised"


def test_context_of_self_raise_does_not_loop():
    e = ValueError('self')
    def f():
        try:
            raise e
        except ValueError:
            raise e
    assert error(lambda: f()) == "ValueError: self"
    assert e.__context__ is None
    a, b = ValueError('a'), KeyError('b')
    def g():
        try:
            try:
                raise a
            except ValueError:
                raise b
        except KeyError:
            raise a
    assert error(lambda: g()) == "ValueError: a"
    assert repr(a.__context__) == "KeyError('b')"
    assert b.__context__ is None


def test_reraise():
    def f():
        try:
            raise ValueError('v')
        except ValueError:
            try:
                raise KeyError('k')
            except KeyError:
                pass
            raise
    assert error(lambda: f()) == "ValueError: v"
    def g():
        raise
    def h():
        try:
            raise ValueError('from h')
        except ValueError:
            g()
    assert error(lambda: h()) == "ValueError: from h"


def test_exc_info():
    def f():
        try:
            raise ValueError('v')
        except ValueError:
            a = sys.exc_info()
            b = sys.exception()
        return a[0].__name__, a[1] is b, sys.exc_info(), sys.exception()
    assert repr(f()) == "('ValueError', True, (None, None, None), None)"


def test_notes():
    e = ValueError('v')
    assert hasattr(e, '__notes__') is False
    assert e.add_note('one') is None
    assert e.add_note('two') is None
    assert e.__notes__ == ["one", "two"]
    assert error(lambda: e.add_note(5)) == "TypeError: note must be a str, not 'int'"
    assert (error(lambda: e.add_note())
            == "TypeError: BaseException.add_note() takes exactly one argument (0 given)")
    e.__notes__ = 'not a list'
    assert error(lambda: e.add_note('x')) == "TypeError: Cannot add note: __notes__ is not a list"


def test_with_traceback():
    e = ValueError('v')
    assert (e.with_traceback(None) is e) is True
    assert e.__traceback__ is None
    assert (error(lambda: e.with_traceback(5))
            == "TypeError: __traceback__ must be a traceback or None")
    try:
        raise e
    except ValueError:
        pass
    assert type(e.__traceback__).__name__ == "traceback"
    assert e.__traceback__.tb_next is None
    assert (e.__traceback__.tb_lineno > 0) is True
    assert e.__traceback__.tb_frame.f_code.co_name == "test_with_traceback"


def test_traceback_grows_while_unwinding():
    def a(): b()
    def b(): c()
    def c(): 1 / 0
    names = []
    try:
        a()
    except ZeroDivisionError as e:
        t = e.__traceback__
        while t:
            names.append(t.tb_frame.f_code.co_name)
            t = t.tb_next
    assert names[1:] == ["a", "b", "c"]


def test_traceback_objects():
    try:
        1 / 0
    except ZeroDivisionError as e:
        t = e.__traceback__
    T = type(t)
    n = T(None, t.tb_frame, 5, 77)
    assert n.tb_lineno == 77
    assert n.tb_lasti == 5
    n.tb_next = t
    assert (n.tb_next is t) is True
    try:
        t.tb_next = n
    except BaseException as exception:
        assert describe(exception) == "ValueError: traceback loop detected"
    else:
        assert False, "nothing raised"
    try:
        n.tb_next = 5
    except BaseException as exception:
        assert describe(exception) == "TypeError: expected traceback object, got 'int'"
    else:
        assert False, "nothing raised"
    try:
        n.tb_lineno = 1
    except BaseException as exception:
        assert (describe(exception)
                == "AttributeError: attribute 'tb_lineno' of 'traceback' objects is not writable")
    else:
        assert False, "nothing raised"
    assert (error(lambda: T(5, t.tb_frame, 1, 1))
            == "TypeError: expected traceback object or None, got 'int'")
    assert (error(lambda: T())
            == "TypeError: traceback() missing required argument 'tb_next' (pos 1)")
    n.tb_next = None
    assert n.tb_next is None


def test_exception_variable_scope():
    try:
        raise ValueError
    except ValueError as e:
        pass
    try:
        e
    except BaseException as exception:
        assert (describe(exception)
                == "UnboundLocalError: cannot access local variable 'e' where it is not associated with a value")
    else:
        assert False, "nothing raised"


def test_user_exceptions():
    class MyError(Exception):
        def __init__(self, code):
            super().__init__('code %d' % code)
            self.code = code
    try:
        raise MyError(5)
    except MyError as e:
        caught = e
    assert str(caught) == "code 5"
    assert caught.code == 5
    assert caught.args == ("code 5",)
    assert repr(caught) == "MyError('code 5')"
    class Plain(Exception): pass
    assert repr(Plain(1, 2)) == "Plain(1, 2)"
    class Text(Exception):
        def __str__(self): return 'custom'
    assert str(Text(1)) == "custom"
    assert repr(Text(1)) == "Text(1)"


def test_subclass_with_init_not_calling_super():
    class E(Exception):
        def __init__(self, a, b): self.a = a
    e = E(1, b=2)
    assert e.args == (1,)
    assert str(E(1, 2)) == "(1, 2)"


def test_setstate_and_reduce():
    e = ValueError(1)
    e.x = 5
    assert repr(e.__reduce__()) == "(<class 'ValueError'>, (1,), {'x': 5})"
    assert e.__setstate__({'y': 6}) is None
    assert e.y == 6
    assert error(lambda: e.__setstate__(5)) == "TypeError: state is not a dictionary"
    assert e.__setstate__(None) is None


def test_os_error():
    assert OSError(2, 'No such file').errno == 2
    assert type(OSError(2, 'x')).__name__ == "FileNotFoundError"
    assert type(OSError(13, 'x')).__name__ == "PermissionError"
    assert type(OSError(17, 'x')).__name__ == "FileExistsError"
    assert type(OSError(32, 'x')).__name__ == "BrokenPipeError"
    assert type(OSError(9999, 'x')).__name__ == "OSError"
    assert str(OSError(2, 'msg', 'file')) == "[Errno 2] msg: 'file'"
    assert str(OSError(2, 'msg', 'file', None, 'file2')) == "[Errno 2] msg: 'file' -> 'file2'"
    assert str(OSError(2, 'msg')) == "[Errno 2] msg"
    assert str(OSError('only')) == "only"
    assert OSError(2, 'msg', 'file').filename == "file"
    assert OSError(2, 'msg', 'a', None, 'b').filename2 == "b"
    assert OSError(2, 'msg', 'file').args == (2, "msg")
    assert OSError(1).errno is None
    assert OSError(1, 2, 3, 4, 5, 6).args == (1, 2, 3, 4, 5, 6)
    assert (IOError is OSError) is True
    assert (EnvironmentError is OSError) is True
    assert BlockingIOError(11, 'x', 5).characters_written == 5
    assert (error(lambda: BlockingIOError(11, 'x').characters_written)
            == "AttributeError: characters_written")
    assert str(OSError(2, 'msg', 5)) == "[Errno 2] msg: 5"
    assert repr(OSError(2, 'msg', 'f')) == "FileNotFoundError(2, 'msg')"


def test_os_error_subclass():
    class E(OSError):
        def __init__(self, *a): super().__init__(*a)
    assert type(E(2, 'x')).__name__ == "E"
    assert E(2, 'x').errno == 2
    class F(OSError):
        def __new__(cls, *a): return super().__new__(cls, *a)
    assert F(2, 'x').strerror == "x"


def test_key_error_text():
    assert str(KeyError('a')) == "'a'"
    assert str(KeyError('')) == "''"
    assert str(KeyError('a', 'b')) == "('a', 'b')"
    assert str(KeyError()) == ""
    assert str(KeyError(1)) == "1"


def test_import_error():
    e = ImportError('m', name='n', path='p')
    assert (e.msg, e.name, e.path, e.args, e.name_from) == ("m", "n", "p", ("m",), None)
    assert (error(lambda: ImportError(foo=1))
            == "TypeError: ImportError() got an unexpected keyword argument 'foo'")
    assert ModuleNotFoundError('x', name='y').name == "y"
    assert ImportError('a', 'b').msg is None
    assert str(ImportError(5)) == "5"
    assert repr(ImportError('a', name='n')) == "ImportError('a')"


def test_name_and_attribute_error():
    e = NameError('m', name='n')
    assert (e.name, e.args) == ("n", ("m",))
    e = AttributeError('m', name='n', obj=5)
    assert (e.name, e.obj) == ("n", 5)
    assert (error(lambda: AttributeError(foo=1))
            == "TypeError: AttributeError() got an unexpected keyword argument 'foo'")
    assert (error(lambda: NameError(x=1))
            == "TypeError: NameError() got an unexpected keyword argument 'x'")
    try:
        (5).missing
    except AttributeError as e:
        caught = e
    assert (caught.name, caught.obj) == ("missing", 5)
    try:
        undefined_thing
    except NameError as e:
        caught = e
    assert caught.name == "undefined_thing"


def test_system_exit():
    assert SystemExit(5).code == 5
    assert SystemExit().code is None
    assert SystemExit(1, 2).code == (1, 2)
    assert SystemExit('bye').code == "bye"
    e = SystemExit(1)
    e.code = 'changed'
    assert e.code == "changed"


def test_stop_iteration_and_unicode_errors():
    assert StopIteration(5).value == 5
    assert StopAsyncIteration(1).args == (1,)
    assert UnicodeDecodeError('a', b'xyz', 1, 2, 'r').object == b'xyz'
    assert (str(UnicodeDecodeError('a', b'xyz', 1, 3, 'r'))
            == "'a' codec can't decode bytes in position 1-2: r")
    assert (str(UnicodeEncodeError('a', 'xyz', 1, 2, 'r'))
            == "'a' codec can't encode character '\\x79' in position 1: r")
    assert (str(UnicodeTranslateError('x\u20acz', 1, 2, 'r'))
            == "can't translate character '\\u20ac' in position 1: r")
    e = UnicodeEncodeError('a', 'xyz', 1, 2, 'r')
    e.start = 0
    e.end = 3
    e.reason = 'new'
    assert str(e) == "'a' codec can't encode characters in position 0-2: new"


def test_syntax_error_attributes():
    e = SyntaxError('m', ('f', 3, 4, 'text', 5, 6))
    assert ((e.msg, e.filename, e.lineno, e.offset, e.text, e.end_lineno, e.end_offset, e.print_file_and_line)
            == ("m", "f", 3, 4, "text", 5, 6, None))
    assert str(e) == "m (f, line 3)"
    assert str(SyntaxError('m', (None, 3, 4, 'text'))) == "m (line 3)"
    assert str(SyntaxError('m')) == "m"
    assert (error(lambda: SyntaxError('m', (1, 2)))
            == "TypeError: function takes at least 4 arguments (2 given)")
    assert error(lambda: SyntaxError('m', 5)) == "TypeError: 'int' object is not iterable"
    assert (error(lambda: SyntaxError('m', ('f', 1, 2, 't', 3)))
            == "TypeError: end_offset must be provided when end_lineno is provided")
    assert IndentationError.__mro__[1].__name__ == "SyntaxError"
    assert TabError.__mro__[1].__name__ == "IndentationError"


def test_hierarchy():
    assert Exception.__bases__[0].__name__ == "BaseException"
    assert ArithmeticError.__bases__[0].__name__ == "Exception"
    assert ZeroDivisionError.__bases__[0].__name__ == "ArithmeticError"
    assert KeyError.__bases__[0].__name__ == "LookupError"
    assert UnicodeError.__bases__[0].__name__ == "ValueError"
    assert FileNotFoundError.__bases__[0].__name__ == "OSError"
    assert ConnectionResetError.__bases__[0].__name__ == "ConnectionError"
    assert NotImplementedError.__bases__[0].__name__ == "RuntimeError"
    assert RecursionError.__bases__[0].__name__ == "RuntimeError"
    assert TabError.__bases__[0].__name__ == "IndentationError"
    assert ModuleNotFoundError.__bases__[0].__name__ == "ImportError"
    assert UnboundLocalError.__bases__[0].__name__ == "NameError"
    assert GeneratorExit.__bases__[0].__name__ == "BaseException"
    assert KeyboardInterrupt.__bases__[0].__name__ == "BaseException"
    assert StopIteration.__bases__[0].__name__ == "Exception"
    assert BytesWarning.__bases__[0].__name__ == "Warning"
    assert EncodingWarning.__bases__[0].__name__ == "Warning"
    assert PythonFinalizationError.__bases__[0].__name__ == "RuntimeError"
    assert repr(ExceptionGroup.__bases__) == "(<class 'BaseExceptionGroup'>, <class 'Exception'>)"


def test_exceptions_in_except_matching_expression():
    def f():
        try:
            raise ValueError('v')
        except undefined_name:
            pass
    try:
        f()
    except NameError as e:
        caught = e
    assert repr(caught.__context__) == "ValueError('v')"


def test_exceptions_compare_and_hash_by_identity():
    assert (ValueError(1) == ValueError(1)) is False
    e = ValueError(1)
    assert (e == e) is True
    assert {e: 1}[e] == 1


def test_assertion():
    def f(x): assert x, 'message'
    def g(x): assert x
    def h(x): assert x, (1, 2)
    assert error(lambda: f(0)) == "AssertionError: message"
    assert f(1) is None
    assert error(lambda: g(0)) == "AssertionError: "
    assert error(lambda: h([])) == "AssertionError: (1, 2)"


def test_deep_chains():
    def f(n):
        try:
            if n: f(n - 1)
            else: raise ValueError('bottom')
        except Exception as e:
            raise KeyError(n) from e
    try:
        f(20)
    except KeyError as e:
        depth = 0
        while e:
            depth += 1
            e = e.__cause__
    assert depth == 22


def test_exceptions_and_loops():
    out = []
    for i in range(4):
        try:
            if i == 1: continue
            if i == 3: break
            out.append(i)
        except Exception:
            pass
        else:
            out.append('else')
        finally:
            out.append('f%d' % i)
    assert out == [0, "else", "f0", "f1", 2, "else", "f2", "f3"]


def test_try_in_comprehension_via_function():
    def safe(f):
        try:
            return f()
        except Exception as e:
            return type(e).__name__
    assert ([safe(g) for g in [lambda: 1, lambda: 1 / 0, lambda: [][0], lambda: {}[1], lambda: int('x')]]
            == [1, "ZeroDivisionError", "IndexError", "KeyError", "ValueError"])


def test_syntax():
    assert (error(lambda: compile('try: pass', 'f', 'exec'))
            == "SyntaxError: expected 'except' or 'finally' block (f, line 1)")
    assert (error(lambda: compile('try:\n pass\nexcept:\n pass\nexcept ValueError:\n pass', 'f', 'exec'))
            == "SyntaxError: default 'except:' must be last (f, line 3)")
    assert (error(lambda: compile('try:\n pass\nexcept A, B:\n pass', 'f', 'exec'))
            == "SyntaxError: multiple exception types must be parenthesized (f, line 3)")
    assert (error(lambda: compile('try:\n pass\nexcept A as b.c:\n pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 3)")
    assert (error(lambda: compile('try:\n pass\nelse:\n pass', 'f', 'exec'))
            == "SyntaxError: expected 'except' or 'finally' block (f, line 3)")
    assert (error(lambda: compile('except: pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('finally: pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('raise from x', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('raise x from', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert type(compile('try:\n pass\nexcept (A, B) as c:\n pass', 'f', 'exec')).__name__ == "code"
    assert (error(lambda: compile('try:\n pass\nexcept A as:\n pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 3)")
    assert (error(lambda: compile('try:\n pass\nexcept A as 1: pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 3)")
    assert (error(lambda: compile('raise a, b', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('try:\n pass\nfinally:\n pass\nexcept: pass', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 5)")
    assert (error(lambda: compile('assert', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert (error(lambda: compile('assert x,', 'f', 'exec'))
            == "SyntaxError: invalid syntax (f, line 1)")
    assert type(compile('assert(x, "m")', 'f', 'exec')).__name__ == "code"


main(globals())
