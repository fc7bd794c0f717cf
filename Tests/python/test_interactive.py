# The interactive session on a terminal: line editing of _pyrepl, completion, history; the plain session.
import os
import pty
import re
import select
import signal
import sys
import tempfile
import time
from _run import main

folder = tempfile.TemporaryDirectory()
CONTROL = re.compile(r'\x1b(\[[0-9;?]*[a-zA-Z@]|[=>])|\r|\x07')


def session(arguments, steps, **settings):
    """Runs this interpreter on a terminal of its own; each step waits for a text, then types one.

    Returns what the terminal got, without control sequences, and the exit code.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith('PYTHON')}
    environment.update({'TERM': 'xterm', 'NO_COLOR': '1', 'HOME': folder.name, 'LC_ALL': 'C.UTF-8', **settings})
    pid, terminal = pty.fork()
    if pid == 0:
        try:
            os.chdir(folder.name)
            os.execve(sys.executable, [sys.executable, *arguments], environment)
        finally:
            os._exit(127)
    got, seen = '', 0

    def read(until, seconds=20):
        nonlocal got, seen
        end = time.monotonic() + seconds
        while until is None or until not in got[seen:]:
            ready = select.select([terminal], [], [], max(0, end - time.monotonic()))[0]
            if not ready:
                return False
            try:
                data = os.read(terminal, 4096)
            except OSError:
                return False
            if not data:
                return False
            got += CONTROL.sub('', data.decode('utf-8', 'replace'))
        seen = got.index(until, seen) + len(until)
        return True
    try:
        for wait, keys in steps:
            assert read(wait), 'no %r in %r' % (wait, got[seen:])
            os.write(terminal, keys.encode())
        read(None, 10)
    finally:
        os.close(terminal)
        for _ in range(100):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                break
            time.sleep(0.05)
        else:
            os.kill(pid, signal.SIGKILL)
            status = os.waitpid(pid, 0)[1]
    return got, os.waitstatus_to_exitcode(status)


END = ('>>> ', 'raise SystemExit(7)\n')


def test_expression_and_exit_code():
    text, status = session(['-q'], [('>>> ', '6 * 7\n'), ('42', ''), END])
    assert status == 7
    assert 'warning' not in text


def test_banner():
    text, status = session([], [END])
    assert text.startswith('Python 3.') and 'Type "help"' in text


def test_block_of_lines():
    text, _ = session(['-q'], [('>>> ', 'for i in range(2):\n'), ('... ', 'print("line", i)\n'), ('... ', '\n'),
                              ('line 0', ''), ('line 1', ''), END])
    assert text.count('line ') >= 2


def test_completion():
    text, status = session(['-q'], [('>>> ', 'import sys\n'), ('>>> ', 'sys.getrefc\t'), ('getrefcount(', 'None) > 1\n'),
                                   ('True', ''), END])
    assert status == 7


def test_editing_a_line():
    # Left twice, then insert; beginning of line; delete.
    text, _ = session(['-q'], [('>>> ', '11\x02\x025\n'), ('511', ''), ('>>> ', '99\x0112\n'), ('1299', ''),
                              ('>>> ', '12x\x7f3\n'), ('123', ''), END])
    assert '511' in text


def test_history_goes_to_a_file():
    session(['-q'], [('>>> ', 'first = 1\n'), ('>>> ', 'second = first + 1\n'), END])
    with open(os.path.join(folder.name, '.python_history')) as file:
        lines = file.read().splitlines()
    assert 'second = first + 1' in lines
    text, _ = session(['-q'], [('>>> ', 'first = 10\n'), ('>>> ', '\x10\x10\x10\n'), ('>>> ', 'second\n'), ('11', ''), END])
    assert '11' in text


def test_error_shows_its_line():
    text, _ = session(['-q'], [('>>> ', '1 / 0\n'), ('ZeroDivisionError: division by zero', ''), END])
    assert '1 / 0' in text and '~~^~~' in text


def test_interrupt():
    text, status = session(['-q'], [('>>> ', 'x = 5\x03'), ('KeyboardInterrupt', ''), END])
    assert status == 7


def test_end_of_input():
    assert session(['-q'], [('>>> ', '\x04')])[1] == 0


def test_inspect_after_program():
    with open(os.path.join(folder.name, 'p.py'), 'w') as file:
        file.write('x = 5\nraise ValueError("kept")\n')
    text, status = session(['-q', '-i', 'p.py'], [('ValueError: kept', ''), ('>>> ', 'x + 1\n'), ('6', ''), END])
    assert status == 1
    text, status = session(['-q', 'p.py'], [('>>> ', 'x + 2\n'), ('7', ''), END], PYTHONINSPECT='1')
    assert status == 1
    text, status = session(['-q', '-i', '-c', 'raise SystemExit(3)'], [('SystemExit: 3', ''), ('>>> ', 'raise SystemExit(4)\n')])
    assert status == 1


def test_startup_file():
    path = os.path.join(folder.name, 'start.py')
    with open(path, 'w') as file:
        file.write('import sys\nstarted = 77\nsys.ps1 = "ready> "\n')
    text, status = session(['-q'], [('ready> ', 'started + 1\n'), ('78', ''), ('ready> ', 'raise SystemExit(7)\n')], PYTHONSTARTUP=path)
    assert status == 7


def test_plain_session():
    text, status = session(['-q'], [('>>> ', '1 + 1\n'), ('2', ''), ('>>> ', 'if 1:\n'), ('... ', '  3 + 4\n'), ('... ', '\n'),
                                   ('7', ''), END], PYTHON_BASIC_REPL='1')
    assert status == 7


def test_terminal_without_abilities():
    text, status = session(['-q'], [('>>> ', '1 + 1\n'), ('2', ''), END], TERM='dumb')
    assert "can't use pyrepl" in text
    assert status == 7


main(globals())
