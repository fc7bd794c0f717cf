# Exception groups and except*.
import sys

from _run import describe, error, main



def test_construction():
    g = ExceptionGroup('msg', [ValueError(1), TypeError(2)])
    assert repr(g) == "ExceptionGroup('msg', [ValueError(1), TypeError(2)])"
    assert str(g) == "msg (2 sub-exceptions)"
    assert g.message == "msg"
    assert repr(g.exceptions) == "(ValueError(1), TypeError(2))"
    assert repr(g.args) == "('msg', [ValueError(1), TypeError(2)])"
    assert type(BaseExceptionGroup('m', [ValueError()])).__name__ == "ExceptionGroup"
    assert type(BaseExceptionGroup('m', [KeyboardInterrupt()])).__name__ == "BaseExceptionGroup"
    assert (error(lambda: ExceptionGroup('m', [KeyboardInterrupt()]))
            == "TypeError: Cannot nest BaseExceptions in an ExceptionGroup")
    assert (error(lambda: ExceptionGroup('m', []))
            == "ValueError: second argument (exceptions) must be a non-empty sequence")
    assert (error(lambda: ExceptionGroup('m', [5]))
            == "ValueError: Item 0 of second argument (exceptions) is not an exception")
    assert (error(lambda: ExceptionGroup('m', [ValueError]))
            == "ValueError: Item 0 of second argument (exceptions) is not an exception")
    assert (error(lambda: ExceptionGroup('m', 5))
            == "TypeError: second argument (exceptions) must be a sequence")
    assert (error(lambda: ExceptionGroup(5, [ValueError()]))
            == "TypeError: BaseExceptionGroup.__new__() argument 1 must be str, not int")
    assert (error(lambda: ExceptionGroup('m'))
            == "TypeError: BaseExceptionGroup.__new__() takes exactly 2 arguments (1 given)")
    assert (error(lambda: ExceptionGroup())
            == "TypeError: BaseExceptionGroup.__new__() takes exactly 2 arguments (0 given)")
    assert repr(ExceptionGroup('m', (ValueError(),)).exceptions) == "(ValueError(),)"
    assert str(ExceptionGroup('m', [ValueError()])) == "m (1 sub-exception)"
    try:
        g.message = 'x'
    except BaseException as exception:
        assert describe(exception) == "AttributeError: readonly attribute"
    else:
        assert False, "nothing raised"
    try:
        g.exceptions = ()
    except BaseException as exception:
        assert describe(exception) == "AttributeError: readonly attribute"
    else:
        assert False, "nothing raised"


def test_subgroup_and_split():
    g = ExceptionGroup('m', [ValueError(1), TypeError(2), ExceptionGroup('n', [ValueError(3), KeyError(4)])])
    assert (repr(g.subgroup(ValueError))
            == "ExceptionGroup('m', [ValueError(1), ExceptionGroup('n', [ValueError(3)])])")
    assert (repr(g.subgroup((KeyError, TypeError)))
            == "ExceptionGroup('m', [TypeError(2), ExceptionGroup('n', [KeyError(4)])])")
    assert g.subgroup(OSError) is None
    assert (repr(g.subgroup(lambda e: isinstance(e, KeyError)))
            == "ExceptionGroup('m', [ExceptionGroup('n', [KeyError(4)])])")
    assert (g.subgroup(ExceptionGroup) is g) is True
    assert (repr(g.split(ValueError))
            == "(ExceptionGroup('m', [ValueError(1), ExceptionGroup('n', [ValueError(3)])]), ExceptionGroup('m', [TypeError(2), ExceptionGroup('n', [KeyError(4)])]))")
    assert (repr(g.split(OSError))
            == "(None, ExceptionGroup('m', [ValueError(1), TypeError(2), ExceptionGroup('n', [ValueError(3), KeyError(4)])]))")
    assert g.split(Exception)[1] is None
    assert (error(lambda: g.split(5))
            == "TypeError: expected an exception type, a tuple of exception types, or a callable (other than a class)")
    assert error(lambda: g.subgroup(lambda e: 1 / 0)) == "ZeroDivisionError: division by zero"
    assert (error(lambda: g.subgroup())
            == "TypeError: BaseExceptionGroup.subgroup() takes exactly one argument (0 given)")
    assert (error(lambda: g.subgroup(int))
            == "TypeError: expected an exception type, a tuple of exception types, or a callable (other than a class)")


def test_derive_keeps_details():
    class MyGroup(ExceptionGroup):
        def derive(self, excs): return MyGroup(self.message + '!', excs)
    g = MyGroup('m', [ValueError(1), TypeError(2)])
    g.add_note('note')
    assert repr(g.subgroup(ValueError)) == "MyGroup('m!', [ValueError(1)])"
    assert g.subgroup(ValueError).__notes__ == ["note"]
    class Bad(ExceptionGroup):
        def derive(self, excs): return 5
    assert (error(lambda: Bad('m', [ValueError(1), KeyError()]).split(ValueError))
            == "TypeError: derive must return an instance of BaseExceptionGroup")


def test_subclass_new():
    class G(ExceptionGroup):
        def __new__(cls, excs): return super().__new__(cls, 'fixed', excs)
    assert repr(G([ValueError(1)])) == "G([ValueError(1)])"
    class E(BaseExceptionGroup, ValueError): pass
    assert repr(E('m', [ValueError(1)])) == "E('m', [ValueError(1)])"
    assert (error(lambda: E('m', [KeyboardInterrupt()]))
            == "TypeError: Cannot nest BaseExceptions in 'E'")


def test_except_star_splits():
    log = []
    try:
        raise ExceptionGroup('m', [ValueError(1), TypeError(2), KeyError(3)])
    except* ValueError as e:
        log.append(e)
    except* (TypeError, KeyError) as e:
        log.append(e)
    assert (repr(log)
            == "[ExceptionGroup('m', [ValueError(1)]), ExceptionGroup('m', [TypeError(2), KeyError(3)])]")


def test_except_star_leftovers():
    log = []
    def f():
        try:
            raise ExceptionGroup('m', [ValueError(1), TypeError(2)])
        except* ValueError as e:
            log.append(e.exceptions)
    try:
        f()
    except ExceptionGroup as g:
        caught = g
    assert repr(caught) == "ExceptionGroup('m', [TypeError(2)])"
    assert repr(log) == "[(ValueError(1),)]"


def test_except_star_wraps_plain_exceptions():
    log = []
    try:
        raise ValueError('plain')
    except* ValueError as e:
        log.append(e)
    assert repr(log) == "[ExceptionGroup('', (ValueError('plain'),))]"
    def f():
        try:
            raise KeyError('k')
        except* ValueError:
            pass
    assert error(lambda: f()) == "KeyError: 'k'"


def test_except_star_raising():
    def f():
        try:
            raise ExceptionGroup('m', [ValueError(1), TypeError(2)])
        except* ValueError:
            raise KeyError('new')
    try:
        f()
    except ExceptionGroup as g:
        caught = g
    assert (repr(caught)
            == "ExceptionGroup('', [KeyError('new'), ExceptionGroup('m', [TypeError(2)])])")
    assert repr(caught.exceptions[0]) == "KeyError('new')"
    assert repr(caught.exceptions[0].__context__) == "ExceptionGroup('m', [ValueError(1)])"


def test_except_star_reraise():
    def f():
        try:
            raise ExceptionGroup('m', [ValueError(1), TypeError(2)])
        except* ValueError:
            raise
    try:
        f()
    except ExceptionGroup as g:
        caught = g
    assert repr(caught) == "ExceptionGroup('m', [ValueError(1), TypeError(2)])"


def test_except_star_with_nothing_raised():
    log = []
    try:
        log.append('body')
    except* ValueError:
        log.append('no')
    else:
        log.append('else')
    finally:
        log.append('finally')
    assert log == ["body", "else", "finally"]


def test_except_star_else_not_run():
    log = []
    try:
        raise ExceptionGroup('m', [ValueError()])
    except* ValueError:
        log.append('handled')
    else:
        log.append('else')
    finally:
        log.append('finally')
    assert log == ["handled", "finally"]


def test_except_star_errors():
    def f(kind):
        try:
            raise ExceptionGroup('m', [ValueError()])
        except* kind:
            pass
    assert (error(lambda: f(5))
            == "TypeError: catching classes that do not inherit from BaseException is not allowed")
    assert (error(lambda: f(ExceptionGroup))
            == "TypeError: catching ExceptionGroup with except* is not allowed. Use except instead.")
    assert (error(lambda: f((ValueError, ExceptionGroup)))
            == "TypeError: catching ExceptionGroup with except* is not allowed. Use except instead.")
    assert f(ValueError) is None


def test_nested_groups():
    log = []
    try:
        raise ExceptionGroup('a', [ExceptionGroup('b', [ValueError(1), TypeError(2)]), ValueError(3)])
    except* ValueError as e:
        log.append(e)
    except* TypeError as e:
        log.append(e)
    assert (repr(log)
            == "[ExceptionGroup('a', [ExceptionGroup('b', [ValueError(1)]), ValueError(3)]), ExceptionGroup('a', [ExceptionGroup('b', [TypeError(2)])])]")


def test_except_star_variable_is_deleted():
    def f():
        try:
            raise ValueError
        except* ValueError as e:
            pass
        return 'e' in locals()
    assert f() is False


def test_notes_and_cause_kept_in_parts():
    g = ExceptionGroup('m', [ValueError(1), TypeError(2)])
    g.__cause__ = KeyError('cause')
    g.add_note('n')
    a, b = g.split(ValueError)
    assert repr(a.__cause__) == "KeyError('cause')"
    assert b.__notes__ == ["n"]
    assert (a.__notes__ is b.__notes__) is False


def test_syntax():
    assert (error(lambda: compile('try:\n pass\nexcept* A:\n pass\nexcept B:\n pass', 'f', 'exec'))
            == "SyntaxError: cannot have both 'except' and 'except*' on the same 'try' (f, line 5)")
    assert (error(lambda: compile('try:\n pass\nexcept A:\n pass\nexcept* B:\n pass', 'f', 'exec'))
            == "SyntaxError: cannot have both 'except' and 'except*' on the same 'try' (f, line 5)")
    assert (error(lambda: compile('try:\n pass\nexcept*:\n pass', 'f', 'exec'))
            == "SyntaxError: expected one or more exception types (f, line 3)")
    assert (error(lambda: compile('for x in y:\n try:\n  pass\n except* A:\n  break', 'f', 'exec'))
            == "SyntaxError: 'break', 'continue' and 'return' cannot appear in an except* block (f, line 5)")
    assert (error(lambda: compile('for x in y:\n try:\n  pass\n except* A:\n  continue', 'f', 'exec'))
            == "SyntaxError: 'break', 'continue' and 'return' cannot appear in an except* block (f, line 5)")
    assert (error(lambda: compile('def f():\n try:\n  pass\n except* A:\n  return', 'f', 'exec'))
            == "SyntaxError: 'break', 'continue' and 'return' cannot appear in an except* block (f, line 5)")
    assert (type(compile('def f():\n try:\n  pass\n except* A:\n  for x in y:\n   break', 'f', 'exec')).__name__
            == "code")
    assert (error(lambda: compile('try:\n pass\nexcept* A, B: pass', 'f', 'exec'))
            == "SyntaxError: multiple exception types must be parenthesized (f, line 3)")
    assert (type(compile('def f():\n try:\n  pass\n except* A:\n  def g(): return 1', 'f', 'exec')).__name__
            == "code")


def test_sys_exception_inside_except_star():
    seen = []
    try:
        raise ExceptionGroup('m', [ValueError(1)])
    except* ValueError:
        seen.append(type(sys.exception()).__name__)
    assert seen == ["ExceptionGroup"]
    assert sys.exception() is None


def test_deep_nesting():
    e = ValueError(1)
    for i in range(50):
        e = ExceptionGroup(str(i), [e])
    assert e.subgroup(ValueError).message == "49"
    assert e.split(KeyError)[0] is None


main(globals())
