"""Runs interactive sessions in a terminal (a pty) with apus and with CPython 3.13 and compares what is shown.

    terminal.py --apus PATH --oracle PATH [--only NAME] [--show N]

A session is a list of keys; each is sent when the screen has stood still for a while. Compared is every
byte written to the terminal, without the version in the banner, and how the session ended. Sessions in the
library's line editor and in the plain one are told apart by PYTHON_BASIC_REPL.
"""
import fcntl, os, pty, re, select, shlex, signal, struct, sys, tempfile, termios, time

import pair

UP, DOWN, LEFT, RIGHT, BACK = "\x1b[A", "\x1b[B", "\x1b[D", "\x1b[C", "\x7f"
BASIC = {"PYTHON_BASIC_REPL": "1"}
PLAIN = {"NO_COLOR": "1"}
DUMB = {"TERM": "dumb"}

# name: (settings, arguments, keys)
SESSIONS = {
    "value": ({}, [], ["1 + 1\r", "exit()\r"]),
    "value_plain": (PLAIN, [], ["1 + 1\r", "exit()\r"]),
    "python_colors_off": ({"PYTHON_COLORS": "0"}, [], ["1 + \r", "1/0\r", "exit()\r"]),
    "force_color": ({"FORCE_COLOR": "1", "TERM": "xterm"}, [], ["1/0\r", "exit()\r"]),
    "both_color": ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], ["1/0\r", "exit()\r"]),
    "colors_win": ({"PYTHON_COLORS": "1", "NO_COLOR": "1"}, [], ["1/0\r", "exit()\r"]),
    "block": ({}, [], ["def f(x):\r", "return x + 1\r", "\r", "f(2)\r", "exit()\r"]),
    "block_plain": (PLAIN, [], ["for i in range(2):\r", "print(i)\r", "\r", "\x04"]),
    "error": ({}, [], ["1/0\r", "int('x')\r", "exit()\r"]),
    "error_nested": (PLAIN, [], ["def f(): g()\r", "\r", "f()\r", "exit()\r"]),
    "syntax": ({}, [], ["1 +\r", "x = (1,\r", "2]\r", "exit()\r"]),
    "syntax_plain": (PLAIN, [], ["a b\r", "'abc\r", "class\r", "exit()\r"]),
    "exit_word": ({}, [], ["exit\r"]),
    "quit_word": (PLAIN, [], ["quit\r"]),
    "exit_code": (PLAIN, [], ["import sys; sys.exit(3)\r"]),
    "control_d": ({}, [], ["\x04"]),
    "control_c": (PLAIN, [], ["abc", "\x03", "1\r", "\x04"]),
    "control_c_colors": ({}, [], ["abc", "\x03", "1\r", "\x04"]),
    "control_c_block": (PLAIN, [], ["if 1:\r", "\x03", "2\r", "\x04"]),
    "history": (PLAIN, [], ["1\r", "2\r", UP, UP, "\r", "\x04"]),
    "edit": (PLAIN, [], ["12", LEFT, "0", RIGHT, BACK, "\r", "\x01", "3", "\x05", "4\r", "\x04"]),
    "kill": (PLAIN, [], ["1 + 2 + 3", "\x17", "4\r", "abc\x015", "\x0b", "\r", "\x04"]),
    "paste": (PLAIN, [], ["\x1b[200~x = 1\ny = 2\nx + y\n\x1b[201~", "\r", "\x04"]),
    "complete": (PLAIN, [], ["import sys\r", "sys.maxs\t\r", "\x04"]),
    "complete_two": (PLAIN, [], ["impor\t", " sys\r", "sys.vers\t\t", "\r", "\x04"]),
    "multiline_history": (PLAIN, [], ["if 1:\r", "5\r", "\r", UP, "\r", "\r", "\x04"]),
    "underscore": (PLAIN, [], ["3\r", "_ + 1\r", "None\r", "_\r", "\x04"]),
    "unicode": (PLAIN, [], ["'é€'\r", "'日本'\r", "\x04"]),
    "search": (PLAIN, [], ["first = 1\r", "second = 2\r", "\x12", "fir", "\r", "\r", "\x04"]),
    "help_word": (PLAIN, [], ["help\r", "copyright\r", "\x04"]),
    "input": (PLAIN, [], ["input('? ')\r", "hello\r", "\x04"]),
    "stdin_read": (PLAIN, [], ["import sys; sys.stdin.readline()\r", "hello\r", "\x04"]),
    "indent_kept": (PLAIN, [], ["class A:\r", "def f(self):\r", "pass\r", "\r", "\r", "\x04"]),
    "suggestion": (PLAIN, [], ["import math\r", "math.sqr\r", "lenn\r", "\x04"]),
    "raise_exit": (PLAIN, [], ["raise SystemExit('bye')\r"]),
    "sleep_interrupted": (PLAIN, [], ["import time\r", "time.sleep(20)\r", "\x03", "\x04"]),
    "loop_interrupted": (PLAIN, [], ["while True: pass\r", "\r", "\x03", "\x04"]),
    "await_not_allowed": (PLAIN, [], ["await x\r", "return 1\r", "\x04"]),
    "dumb": (DUMB, [], ["1\r", "\x04"]),
    "basic_value": (BASIC, [], ["1 + 1\r", "exit()\r"]),
    "basic_block": (BASIC, [], ["def f(x):\r", "  return x\r", "\r", "f(2)\r", "\x04"]),
    "basic_error": (BASIC, [], ["1/0\r", "1 +\r", "exit()\r"]),
    "basic_control_c": (BASIC, [], ["abc", "\x03", "1\r", "\x04"]),
    "basic_history": (BASIC, [], ["1\r", "2\r", UP, UP, "\r", "\x04"]),
    "basic_complete": (BASIC, [], ["import sys\r", "sys.maxs\t\r", "\x04"]),
    "basic_input": (BASIC, [], ["input('? ')\r", "hello\r", "\x04"]),
    "after_command": (PLAIN, ["-i", "-c", "x = 5"], ["x\r", "\x04"]),
    "after_error": ({}, ["-i", "-c", "1/0"], ["1\r", "\x04"]),
    "quiet": (PLAIN, ["-q"], ["1\r", "\x04"]),
    "isolated": (PLAIN, ["-I"], ["1\r", "\x04"]),
    "asyncio": (PLAIN, ["-m", "asyncio"], ["await asyncio.sleep(0, 5)\r", "exit()\r"]),
    "code_colors": ({}, ["-c", "1/0"], []),
    "code_group": ({}, ["-c", "raise ExceptionGroup('g', [ValueError(1), TypeError(2)])"], []),
    "code_syntax": ({}, ["-c", "x = (1,\ny = 2"], []),
    "code_chain": ({}, ["-c", "try: 1/0\nexcept Exception as e: raise KeyError('a') from e"], []),
    "code_notes": ({}, ["-c", "e = ValueError('a\\nb'); e.add_note('n'); raise e"], []),
    "code_suggestion": ({}, ["-c", "import sys; sys.pth"], []),
    "unittest_colors": ({}, ["-m", "unittest", "nosuchmodule"], []),
    "doctest_help": ({}, ["-m", "pdb", "-h"], []),
    "version": ({}, ["-h"], []),
}
BANNER = re.compile(rb"Python 3\.[^\r\n]*\r?\n(\[[^\r\n]*)?")
VERSION = re.compile(rb"3\.13\.\d+ \([^\r\n]*?\) \[[^\]\r\n]*\]")
PLACES = re.compile(rb'File "[^"<][^"]*/')
PROMPTS = b">>> ", b"... ", b"? "
QUIET = 0.5  # seconds without output after which the next key is sent


def environment(home, settings):
    kept = {"PATH": os.environ.get("PATH", ""), "HOME": home, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1", "PYTHON_HISTORY": home + "/history"}
    if "APUS_STDLIB" in os.environ:
        kept["APUS_STDLIB"] = os.environ["APUS_STDLIB"]
    kept.update(settings)
    return kept


def read_until_quiet(master, quiet, first, until=()):
    """What the terminal shows until nothing has come for QUIET seconds; at first FIRST seconds are waited, and
    as long for one of the texts UNTIL."""
    shown, wait = b"", first
    while True:
        ready, _, _ = select.select([master], [], [], wait)
        if not ready:
            return shown, False
        try:
            part = os.read(master, 65536)
        except OSError:
            part = b""
        if not part:
            return shown, True
        shown += part
        wait = first if until and not any(text in shown for text in until) else quiet


def session(command, settings, arguments, keys, seconds=60):
    """The bytes shown and how the program ended."""
    with tempfile.TemporaryDirectory() as home:
        child, master = pty.fork()
        if child == 0:
            os.chdir(home)
            os.execvpe(command[0], [*command, *arguments], environment(home, settings))
        fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        shown, ended = read_until_quiet(master, QUIET, 15, PROMPTS)
        parts = [shown]
        for key in keys:
            if ended:
                break
            os.write(master, key.encode())
            shown, ended = read_until_quiet(master, QUIET, 5, PROMPTS if key.endswith("\r") else ())
            parts.append(shown)
        deadline = time.monotonic() + (10 if keys else seconds)
        while not ended and time.monotonic() < deadline:
            shown, ended = read_until_quiet(master, QUIET, 1)
            parts.append(shown)
        if not ended:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        os.close(master)
        try:
            with open(home + "/history") as file:
                history = history_lines(file.read())
        except OSError:
            history = None
    return [clean(part, command[0]) for part in parts], os.waitstatus_to_exitcode(status) if ended else "hangs", history


def history_lines(text):
    """The lines of a history, of GNU readline or of libedit."""
    lines = text.splitlines()
    if lines[:1] != ["_HiStOrY_V2_"]:
        return lines
    return [re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), line) for line in lines[1:]]


def clean(shown, program):
    shown = VERSION.sub(b"<version>", shown)
    shown = BANNER.sub(b"<banner>", shown)
    shown = PLACES.sub(b'File "', shown)
    shown = shown.replace(os.path.realpath(program).encode(), b"<python>").replace(program.encode(), b"<python>")
    return pair.mask(shown.decode("utf-8", "backslashreplace"))


def main():
    parser = pair.arguments(__doc__)
    parser.add_argument("--only", default="", help="sessions whose name contains this")
    options = parser.parse_args()
    oracle, apus = shlex.split(options.oracle), shlex.split(options.apus)
    report = pair.Report(options.show)
    for name, (settings, arguments, keys) in SESSIONS.items():
        if options.only not in name:
            continue
        expected, found = (session(command, settings, arguments, keys) for command in (oracle, apus))
        if expected == found:
            report.same()
            continue
        for at, (left, right) in enumerate(zip(expected[0] + [""] * 9, found[0] + [""] * 9)):
            if left != right:
                report.differs("%s: after %r" % (name, keys[at - 1] if at else "start"), repr(left), repr(right))
                break
        else:
            report.differs(name + ": end, history", expected[1:], found[1:])
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
