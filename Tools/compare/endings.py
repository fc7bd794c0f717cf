"""Compares how programs end in apus and in CPython 3.13 when something goes wrong outside them: Ctrl-C while
they wait or compute, closed or full output, unreadable and damaged files, requests for more memory than exists.

    endings.py --apus PATH --oracle PATH [--only NAME] [--show N]

Exit code, standard output and standard error are compared, and the files left behind in the folder.
"""
import os, re, resource, shlex, signal, subprocess, sys, tempfile, time

import pair
from process import environment

# Each waits or computes for long and is sent SIGINT. What it prints before tells that it is ready.
INTERRUPTED = {
    "sleep": "time.sleep(60)",
    "sleep_caught": "try: time.sleep(60)\nexcept KeyboardInterrupt: print('caught')",
    "stdin_read": "sys.stdin.read()",
    "stdin_readline": "sys.stdin.readline()",
    "stdin_buffer": "sys.stdin.buffer.read(5)",
    "input": "input()",
    "os_read": "os.read(os.pipe()[0], 1)",
    "pipe_file": "open(os.pipe()[0], 'rb').read()",
    "lock": "l = threading.Lock(); l.acquire(); l.acquire()",
    "lock_timeout": "l = threading.Lock(); l.acquire(); l.acquire(timeout=60)",
    "rlock": "l = threading.RLock(); t = threading.Thread(target=lambda: (l.acquire(), time.sleep(3)), daemon=True); t.start(); time.sleep(.1); l.acquire()",
    "with_lock": "l = threading.Lock(); l.acquire()\nwith l: pass",
    "join": "t = threading.Thread(target=time.sleep, args=(3,), daemon=True); t.start(); t.join()",
    "join_timeout": "t = threading.Thread(target=time.sleep, args=(3,), daemon=True); t.start(); t.join(60)",
    "event": "threading.Event().wait()",
    "condition": "c = threading.Condition()\nwith c: c.wait()",
    "semaphore": "threading.Semaphore(0).acquire()",
    "queue": "import queue; queue.Queue().get()",
    "simple_queue": "import _queue; _queue.SimpleQueue().get()",
    "select": "import select; select.select([], [], [])",
    "poll": "import select; select.poll().poll()",
    "epoll": "import select; select.epoll().poll()",
    "accept": "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); s.accept()",
    "recv": "import socket; socket.socketpair()[0].recv(1)",
    "recv_timeout": "import socket; s = socket.socketpair()[0]; s.settimeout(60); s.recv(1)",
    "wait_child": "import subprocess; p = subprocess.Popen(['sleep', '2'], start_new_session=True); p.wait()",
    "waitpid": "p = os.fork()\nif p == 0: os.setsid(); time.sleep(2); os._exit(0)\nos.waitpid(p, 0)",
    "pause": "signal.pause()",
    "sigwait": "signal.sigwait([signal.SIGUSR1])\n",
    "flock": "import fcntl; a = open('lock', 'w'); b = open('lock', 'w'); fcntl.flock(a, fcntl.LOCK_EX); fcntl.flock(b, fcntl.LOCK_EX)",
    "fifo": "os.mkfifo('fifo'); open('fifo')",
    "loop": "while True: pass",
    "loop_in_try": "while True:\n try:\n  while True: pass\n except KeyboardInterrupt: break\nprint('left')",
    "generator": "def g():\n while True: yield\nfor x in g(): pass",
    "sum": "import itertools; sum(itertools.repeat(1))",
    "list_from_iterator": "class A:\n def __iter__(self): return self\n def __next__(self): return None\nany(A())",
    "power": "10 ** 10 ** 10",
    "to_text": "sys.set_int_max_str_digits(0); str(1 << 10 ** 8)",
    "comparison": "class A:\n def __lt__(self, o):\n  return False\nx = [A() for _ in range(10**4)]\nwhile True: x.sort()",
    "regex": "import re; re.match('(a+)+$', 'a' * 40 + 'b')",
    "asyncio_sleep": "import asyncio; asyncio.run(asyncio.sleep(60))",
    "atexit": "import atexit; atexit.register(print, 'at exit'); time.sleep(60)",
    "finally": "try: time.sleep(60)\nfinally: print('finally')",
    "nested_wait": "def f():\n  try: time.sleep(60)\n  finally: print('cleaned')\nf()",
    "handler": "signal.signal(signal.SIGINT, lambda *a: print('handled')); time.sleep(.5); print('slept')",
    "handler_raises": "def h(*a): raise ValueError('h')\nsignal.signal(signal.SIGINT, h); time.sleep(60)",
    "ignored": "signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(.5); print('slept')",
    "default": "signal.signal(signal.SIGINT, signal.SIG_DFL); time.sleep(60)",
    "in_thread_pool": "import concurrent.futures as c\nwith c.ThreadPoolExecutor() as p: p.submit(time.sleep, 1).result()",
    "getaddrinfo_loop": "import socket\nwhile True: socket.getaddrinfo('127.0.0.1', 80)",
    "fork_loop": "while True: os.waitpid(os.posix_spawn('/bin/true', ['true'], {}), 0)",
    "write_pipe": "r, w = os.pipe(); os.write(w, b'x' * 10**7)",
    "print_pipe": "r, w = os.pipe(); f = open(w, 'w'); f.write('x' * 10**7); f.flush()",
    "print_pipe_in_try": "r, w = os.pipe(); f = open(w, 'wb', 0)\ntry: f.write(b'x' * 10**7)\nexcept KeyboardInterrupt: print('caught')",
}

# Shell commands; {python} stands for the interpreter.
COMMANDS = {
    "broken_pipe": "{python} -c 'for i in range(100000): print(i)' | head -n 1; echo ${{PIPESTATUS[0]}}",
    "broken_pipe_at_exit": "{python} -c 'import time; print(1); time.sleep(.4)' | true; echo ${{PIPESTATUS[0]}}",
    "broken_pipe_write": "{python} -c 'import sys; sys.stdout.write(\"x\" * 10**6)' | head -c 1; echo ${{PIPESTATUS[0]}}",
    "broken_pipe_caught": "{python} -c 'import sys\ntry:\n for i in range(100000): print(i)\nexcept BrokenPipeError as e: print(e, file=sys.stderr)' | head -n 1; echo ${{PIPESTATUS[0]}}",
    "broken_pipe_flush": "{python} -c 'import time; time.sleep(.3); print(1, flush=True)' | true; echo ${{PIPESTATUS[0]}}",
    "broken_stderr": "{python} -c 'import sys, time; time.sleep(.3); sys.stderr.write(\"x\"*100000)' 2>&1 >/dev/null | true; echo ${{PIPESTATUS[0]}}",
    "closed_stdout": "{python} -c 'print(1)' >&-; echo $?",
    "closed_stdout_name": "{python} -c 'import sys; print(sys.stdout, file=sys.stderr)' >&-; echo $?",
    "closed_stderr": "{python} -c '1/0' 2>&-; echo $?",
    "closed_stdin": "{python} -c 'import sys; print(sys.stdin)' <&-; echo $?",
    "closed_stdin_input": "{python} -c 'input()' <&-; echo $?",
    "closed_all": "{python} -c 'import os; os.write(1, b\"x\")' <&- >&- 2>&-; echo $?",
    "closed_by_program": "{python} -c 'import sys; sys.stdout.close(); print(1)'; echo $?",
    "closed_fd_by_program": "{python} -c 'import os; print(1); os.close(1)'; echo $?",
    "closed_fd_silent": "{python} -c 'import os; os.close(1)'; echo $?",
    "full_stdout": "{python} -c 'print(1)' > /dev/full; echo $?",
    "full_stdout_flush": "{python} -c 'print(1, flush=True)' > /dev/full; echo $?",
    "full_stdout_exit": "{python} -c 'import sys; print(1); sys.exit(3)' > /dev/full; echo $?",
    "full_stdout_error": "{python} -c 'print(1); 1/0' > /dev/full; echo $?",
    "full_stderr": "{python} -c '1/0' 2> /dev/full; echo $?",
    "stdin_directory": "{python} -c 'input()' < /; echo $?",
    "script_directory": "mkdir d; {python} d; echo $?",
    "script_missing": "{python} nosuch.py; echo $?",
    "script_device": "{python} /dev/null; echo $?",
    "script_nul": "printf 'x = 1\\0\\nprint(x)\\n' > n.py; {python} n.py; echo $?",
    "script_nul_start": "printf '\\0' > n.py; {python} n.py; echo $?",
    "script_nul_string": "printf 'x = \"a\\0b\"\\nprint(x)\\n' > n.py; {python} n.py; echo $?",
    "script_nul_comment": "printf '# a\\0b\\nprint(1)\\n' > n.py; {python} n.py; echo $?",
    "import_nul": "printf 'x = 1\\0\\n' > n.py; {python} -c 'import n'; echo $?",
    "command_nul_import": "printf 'x = \"\\0\"\\n' > n.py; {python} -c 'exec(open(\"n.py\").read())'; echo $?",
    "script_undecodable": "printf 'x = 1\\n# \\xff\\n' > n.py; {python} n.py; echo $?",
    "script_undecodable_string": "printf 'x = \"\\xe9\"\\n' > n.py; {python} n.py; echo $?",
    "import_undecodable": "printf 'x = 1\\n# \\xff\\n' > n.py; {python} -c 'import n'; echo $?",
    "script_coding_unknown": "printf '# coding: nosuch\\n' > n.py; {python} n.py; echo $?",
    "import_coding_unknown": "printf '# coding: nosuch\\n' > n.py; {python} -c 'import n'; echo $?",
    "stdin_undecodable": "printf 'x = \"\\xff\"\\n' | {python}; echo $?",
    "stdin_nul": "printf 'print(1)\\nx = \\0 1\\n' | {python}; echo $?",
    "script_bom_coding": "printf '\\xef\\xbb\\xbf# coding: latin-1\\n' > n.py; {python} n.py; echo $?",
    "script_utf16": "printf '\\xff\\xfep\\0r\\0' > n.py; {python} n.py; echo $?",
    "script_symlink_loop": "ln -s l.py l.py; {python} l.py; echo $?",
    "script_fifo": "mkfifo f.py; (echo 'print(5)' > f.py &) ; timeout 20 {python} f.py; echo $?",
    "zip_truncated": "printf 'PK\\3\\4 broken' > z.zip; {python} z.zip; echo $?",
    "zip_without_main": "{oracle} -m zipfile -c z.zip /etc/hostname; {python} z.zip; echo $?",
    "pyc_direct_truncated": "printf 'abc' > t.pyc; {python} t.pyc; echo $?",
    "pyc_direct_empty": ": > t.pyc; {python} t.pyc; echo $?",
    "pyc_cut": "echo 'x = 5' > m.py; {python} -c 'import m, os; os.truncate(m.__cached__, 20)'; {python} -c 'import m; print(m.x)'; echo $?",
    "pyc_cut_header": "echo 'x = 5' > m.py; {python} -c 'import m, os; os.truncate(m.__cached__, 8)'; {python} -c 'import m; print(m.x)'; echo $?",
    "pyc_empty": "echo 'x = 5' > m.py; {python} -c 'import m, os; os.truncate(m.__cached__, 0)'; {python} -c 'import m; print(m.x)'; echo $?",
    "pyc_garbage": "echo 'x = 5' > m.py; {python} -c 'import m\nf = open(m.__cached__, \"r+b\"); f.seek(16); f.write(bytes(range(200, 256)))'; {python} -c 'import m; print(m.x)' 2>&1 | tail -n 1 | cut -d: -f1; echo $?",
    "pyc_sourceless_magic": "printf 'aaaaaaaaaaaaaaaaaaaaaaaaaa' > q.pyc; {python} -c 'import q'; echo $?",
    "pyc_sourceless_short": "printf 'aaa' > q.pyc; {python} -c 'import q'; echo $?",
    "cache_is_file": "echo 'x = 5' > m.py; : > __pycache__; {python} -c 'import m; print(m.x)'; echo $?",
    "cache_to_nowhere": "echo 'x = 5' > m.py; {python} -X pycache_prefix=/proc/nowhere -c 'import m; print(m.x)'; echo $?",
    "cache_written": "echo 'x = 5' > m.py; {python} -c 'import m; print(m.x)'; ls __pycache__ | sed 's/[.].*[.]/./'; echo $?",
    "script_error_in_import": "echo 'def f(:' > m.py; {python} -c 'import m'; echo $?; ls",
    "missing_working_folder": "mkdir w; cd w; rmdir ../w; {python} -c 'print(1)'; echo $?",
    "long_argument": "{python} -c 'import sys; print(len(sys.argv[1]))' $(head -c 100000 /dev/zero | tr '\\0' a); echo $?",
    "undecodable_argument": "{python} -c 'import sys; print(ascii(sys.argv))' $'\\xff'; echo $?",
    "undecodable_command": "{python} -c $'print(\"\\xff\")'; echo $?",
    "killed": "{python} -c 'import os; os.kill(os.getpid(), 15)'; echo $?",
    "abort": "{python} -c 'import os; os.abort()' 2>/dev/null; echo $?",
    "exit_in_thread": "{python} -c 'import threading, sys; t = threading.Thread(target=sys.exit); t.start(); t.join(); print(1)'; echo $?",
    "error_in_thread": "{python} -c 'import threading; t = threading.Thread(target=lambda: 1/0, name=\"T\"); t.start(); t.join(); print(1)'; echo $?",
    "atexit_error": "{python} -c 'import atexit; atexit.register(lambda: 1/0); print(1)'; echo $?",
    "atexit_exit": "{python} -c 'import atexit, sys; atexit.register(sys.exit, 4); print(1)'; echo $?",
    "del_at_exit": "{python} -c 'class A:\n def __del__(self): 1/0\na = A()'; echo $?",
    "stdlib_missing_main": "{python} -m nosuch; {python} -m xml; {python} -m os.path; echo $?",
    "bad_hash_seed": "PYTHONHASHSEED=x {python} -c 1 2>&1 | tail -n 1; echo $?",
    "bad_x_option": "{python} -X int_max_str_digits=5 -c 1 2>&1 | head -n 1; {python} -X utf8=3 -c 1 2>&1 | head -n 1; echo $?",
    "bad_warning_option": "{python} -W nosuch -c 'print(1)'; {python} -W error::nosuch -c 'print(2)'; {python} -W a:b:c:d:e:f -c 1; echo $?",
}

# Expressions that ask for more memory than there is, or nearly so. RLIMIT_AS is 2 GB.
MEMORY = [
    "[0] * 10**15", "[0] * 2**62", "[0] * 2**63", "(0,) * 10**15", "'a' * 10**15", "'a' * 2**63", "b'a' * 10**15", "bytes(10**15)",
    "bytes(10**18)", "bytes(2**63)", "bytearray(10**15)", "bytearray(b'a') * 10**15", "'ab' * 2**62", "list(range(10**12))",
    "list(range(10**20))", "tuple(range(10**12))", "set(range(10**9))", "1 << 10**15", "1 << 10**12", "1 << 2**70", "2 ** 2 ** 70",
    "10 ** 10 ** 20", "0 ** 10 ** 20", "1 ** 10 ** 20", "(-1) ** 10 ** 20", "0 << 10**20", "1 >> 10**20", "'%*d' % (10**12, 1)", "'%.*f' % (10**12, 1.0)",
    "'%1000000000000d' % 1", "format(1, '1000000000000')", "format('a', '>99999999999')", "format(1.5, '.99999999999f')", "format(1, '99999999999999999999')",
    "f'{1:{10**12}}'", "'x'.ljust(10**15)", "'x'.center(10**18)", "'x'.zfill(10**15)", "b'x'.ljust(10**15)", "b'x'.zfill(10**15)",
    "'\\t'.expandtabs(10**15)", "'\\t\\t'.expandtabs(2**62)", "b'\\t'.expandtabs(2**31)", "b'\\t'.expandtabs(10**15)", "'a'.replace('', 'b' * 10**6) * 10**10",
    "('a' * 10**6).replace('a', 'b' * 10**6)", "(b'a' * 10**6).replace(b'a', b'b' * 10**6)", "('a' * 10**5).join(['b'] * 10**6)",
    "__import__('array').array('b', b'a') * 10**15", "__import__('array').array('q', [1]) * 2**62", "__import__('collections').deque([1]) * 10**15",
    "__import__('collections').deque([1], 3) * 10**15", "int.from_bytes(b'a' * 10, 'big') ** 10**15", "(5).to_bytes(10**15, 'big')", "range(10**20)[10**19]",
    "len(range(10**20))", "list(__import__('itertools').repeat(1, 10**15))", "list(__import__('itertools').repeat(1, 10**12))", "[1] * -10**20", "'a' * -10**20",
    "memoryview(b'a' * 10)[:10**20]", "str(10 ** 5000)", "int('9' * 5000)", "repr(10 ** 5000)", "'%d' % 10 ** 5000", "float('1' + '0' * 400)", "float(10 ** 400)",
    "10 ** 400 / 3", "int('1' * 4300)", "f'{10**5000}'", "round(1.5, 10**20)", "round(15, -10**20)", "round(1.5, -10**20)", "math.factorial(10**20)", "math.factorial(-1)",
    "math.comb(10**20, 10**19)", "math.perm(10**20, 10**20)", "math.ldexp(1.0, 10**20)", "hash(10**10000)", "complex('1' * 400)", "1e400", "sum([10**400, 1.5])",
    "zip(*[[1]] * 10**6)", "max(range(10**15), key=1)", "dict.fromkeys(range(10**9))", "frozenset(range(10**9))", "bytes(range(256)) * 10**13",
    "bytes(iter([1] * 10**3)) * 10**15", "io.BytesIO(b'a').seek(10**20)", "io.BytesIO().truncate(10**15)", "io.StringIO().seek(10**20)", "io.BytesIO().seek(2**62) and 1",
    "(b := io.BytesIO()).seek(2**62) and b.write(b'a')", "(b := io.StringIO()).seek(2**62) and b.write('a')", "struct.pack('1000000000000s', b'a')",
    "struct.calcsize('99999999999999999999s')", "struct.calcsize('9999999999999999999q')", "struct.pack('5000000000x')", "os.urandom(10**15)", "os.read(0, 10**15)",
    "random.getrandbits(10**12)", "random.randbytes(10**12)", "zlib.decompressobj().decompress(b'', 10**20)", "zlib.decompress(b'', 15, 10**15)", "re.compile('a{99999999999}')",
    "re.compile('a' * 10**6).match('a')", "re.match('(?:a{4294967294}){2}', 'a')", "'a'.encode('utf-16') * 10**15", "time.sleep(10**20)", "time.sleep(-1)",
    "time.sleep(float('nan'))", "time.localtime(10**20)", "time.gmtime(1e20)", "datetime.timedelta(10**20)", "datetime.date.fromordinal(10**20)", "threading.stack_size(10**15)",
    "sys.setrecursionlimit(10**20)", "sys.set_int_max_str_digits(10**20)", "sys.getrefcount", "ctypes.create_string_buffer(10**15)", "mmap.mmap(-1, 10**15)", "mmap.mmap(-1, 0)",
    "open('/dev/null').read(10**20)", "open('/dev/zero', 'rb').read(10**15)", "open('/dev/zero', 'rb', 0).read(10**15)", "open('/dev/null', buffering=10**15)",
    "open('/dev/null', 'rb', buffering=10**15)", "pickle.loads(b'\\x8e\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x7fab')", "pickle.loads(b'\\x8a\\xff')", "marshal.loads(b'(\\xff\\xff\\xff\\x7f')",
    "marshal.loads(b's\\xff\\xff\\xff\\x7f')", "marshal.loads(b'[\\xff\\xff\\xff\\x7f')", "json.loads('[' * 10**5)", "json.loads('1' * 5000)", "ast.literal_eval('(' * 1000)",
    "eval('(' * 10**5)", "eval('-' * 10**5 + '1')", "eval('1' + '+1' * 10**4)", "eval('[' * 150 + ']' * 150)", "eval('[' * 250 + ']' * 250)", "compile('x' * 10**6, '', 'eval') and 1",
    "functools.reduce(lambda a, b: [a], range(10**5)) and 1", "repr(functools.reduce(lambda a, b: [a], range(10**5)))", "copy.deepcopy(functools.reduce(lambda a, b: [a], range(10**4)))",
    "hash(functools.reduce(lambda a, b: (a,), range(10**5)))", "(a := functools.reduce(lambda a, b: [a], range(10**5))) == copy.copy(a) and 1",
]
MEMORY_PROGRAM = r'''
import array, ast, collections, copy, ctypes, datetime, functools, io, itertools, json, marshal, math, mmap, os, pickle, random, re, struct, sys, threading, time, zlib
import resource
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
sys.setrecursionlimit(1000)
for number in range(int(sys.argv[1]), len(CASES)):
    print("#", number, flush=True)
    try:
        value = eval(CASES[number])
        text = ascii(value)
        line = text if len(text) < 200 else str(len(text))
    except BaseException as error:
        line = type(error).__name__ + ": " + ascii(str(error))[:300]
    value = text = None
    print(line, flush=True)
'''


LIBRARY = re.compile(r'(?<=File ")[^"]*/python3\.13/')
SHELL_LINE = re.compile(r"^bash: line 1: +\d+ Aborted.*\n", re.M)


def shown(stream):
    """A stream's text without what belongs to this machine."""
    return SHELL_LINE.sub("", LIBRARY.sub("<library>/", pair.mask(stream.decode("utf-8", "backslashreplace"))))


def folder_of(folder):
    return sorted(name.split(".")[0] for _, _, names in os.walk(folder) for name in names)


def interrupted(command, text):
    """Runs TEXT, sends SIGINT once it is ready, and tells how it ended and whether at once."""
    text = "import os, signal, sys, threading, time\nprint('ready', flush=True)\n" + text
    with tempfile.TemporaryDirectory() as folder:
        child = subprocess.Popen([*command, "-c", text], cwd=folder, env=environment(), stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        first = child.stdout.readline()
        time.sleep(0.4)
        begun = time.monotonic()
        if child.poll() is None:
            child.send_signal(signal.SIGINT)
        # The pipe to standard input stays open until the child has ended.
        try:
            child.wait(20)
            ended = child.returncode
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            ended = "goes on"
        took = time.monotonic() - begun
        child.stdin.close()
        out, err = child.stdout.read(), child.stderr.read()
        child.wait()
        child.stdout.close()
        child.stderr.close()
        return ended, first.decode() + shown(out), shown(err), "late" if took > 8 else ""


def shell(interpreter, oracle, line):
    with tempfile.TemporaryDirectory() as folder:
        program = shlex.join(interpreter)
        env = environment()
        del env["PYTHONDONTWRITEBYTECODE"]
        done = subprocess.run(["bash", "-c", line.format(python=program, oracle=shlex.join(oracle))], cwd=folder, env=env,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        streams = [shown(stream).replace(folder, "<folder>").replace(program, "<python>")
                   .replace(os.path.realpath(interpreter[0]), "<python>") for stream in (done.stdout, done.stderr)]
        return done.returncode, *streams, folder_of(folder)


def main():
    parser = pair.arguments(__doc__)
    parser.add_argument("--only", default="", help="cases whose name contains this")
    options = parser.parse_args()
    commands = [shlex.split(options.oracle), shlex.split(options.apus)]
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    report = pair.Report(options.show)
    for name, text in INTERRUPTED.items():
        if options.only in "interrupted " + name:
            report.compare("interrupted " + name, *(interrupted(command, text) for command in commands))
    for name, line in COMMANDS.items():
        if options.only in "command " + name:
            report.compare("command " + name, *(shell(command, commands[0], line) for command in commands))
    if options.only in "memory":
        with tempfile.NamedTemporaryFile("w", suffix=".py") as program:
            program.write("CASES = %r\n%s" % (MEMORY, MEMORY_PROGRAM))
            program.flush()
            expected, found = (pair.answers(pair.Interpreter(shlex.join(command)), program.name, len(MEMORY), timeout=100)
                               for command in commands)
        for number, text in enumerate(MEMORY):
            report.compare("memory " + text, expected.get(number), found.get(number))
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
