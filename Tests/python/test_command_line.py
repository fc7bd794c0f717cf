# The command line: ways to start a program, options, environment, exit codes, closed streams.
import os
import re
import sys
import tempfile
from _run import main


folder = tempfile.TemporaryDirectory()
for name in [name for name in os.environ if name.startswith('PYTHON')]:
    del os.environ[name]
os.environ['LC_ALL'] = 'C.UTF-8'


def write(name, text):
    """Makes a file in the temporary folder and returns its path."""
    path = os.path.join(folder.name, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w') as f:
        f.write(text)
    return path


def sh(command):
    """Exit code, output and errors of a shell command in which PY stands for this interpreter."""
    out, err = write('out', ''), write('err', '')
    line = 'cd %s; (%s) >%s 2>%s </dev/null' % (folder.name, re.sub(r'\bPY\b', sys.executable, command), out, err)
    status = os.waitstatus_to_exitcode(os.system(line))
    with open(out) as f, open(err) as g:
        return status, f.read().replace(folder.name, 'DIR'), g.read().replace(folder.name, 'DIR').replace(sys.executable, 'PY')


def test_program_from_a_file():
    write('p.py', 'import sys\nprint(sys.argv, __name__)')
    assert sh('PY p.py a b') == (0, "['p.py', 'a', 'b'] __main__\n", "")
    assert sh('PY ./p.py -x') == (0, "['./p.py', '-x'] __main__\n", "")


def test_program_from_a_string():
    assert sh('PY -c "print(1 + 1)"') == (0, "2\n", "")
    # It is text already: a cookie says nothing.
    assert sh('PY -c "# coding: latin1\nprint(ascii(\'\u00e9\'))"') == (0, "'\\xe9'\n", "")
    assert sh('PY -c "import sys; print(sys.argv)" a b') == (0, "['-c', 'a', 'b']\n", "")
    assert sh('PY -c "raise ValueError(5)"')[0] == 1
    assert sh('PY -c "import sys; sys.exit(7)"') == (7, "", "")


def test_program_from_standard_input():
    assert sh('echo "print(5)" | PY') == (0, "5\n", "")
    assert sh('echo "print(5)" | PY -') == (0, "5\n", "")
    assert sh('echo "import sys; print(sys.argv)" | PY - x y') == (0, "['-', 'x', 'y']\n", "")
    assert sh('PY') == (0, "", "")


def test_modules():
    write('mod.py', 'import sys\nprint(__name__, sys.argv[1:], __package__, __spec__.name)')
    write('pkg/__init__.py', 'print("init")')
    write('pkg/__main__.py', 'print("main", __name__, __package__)')
    assert sh('PY -m mod a') == (0, "__main__ ['a']  mod\n", "")
    assert sh('PY -m pkg') == (0, "init\nmain __main__ pkg\n", "")
    assert sh('PY -m nothing_here') == (1, "", "PY: No module named nothing_here\n")
    assert sh('PY -m pkg.missing')[0] == 1


def test_folder_and_zip_with_main():
    write('app/__main__.py', 'import helper\nprint("app", helper.x)')
    write('app/helper.py', 'x = 5')
    assert sh('PY app') == (0, "app 5\n", "")
    import zipfile
    with zipfile.ZipFile(os.path.join(folder.name, 'z.pyz'), 'w') as z:
        z.writestr('__main__.py', 'import inside\nprint("zip", inside.y)')
        z.writestr('inside.py', 'y = 6')
    assert sh('PY z.pyz') == (0, "zip 6\n", "")


def test_file_that_is_not_there():
    assert (sh('PY nothing.py')
            == (2, "", "PY: can't open file 'DIR/nothing.py': [Errno 2] No such file or directory\n"))
    assert sh('PY /')[0] == 1
    assert sh('PY ""') == (1, "", "PY: can't find '__main__' module in 'DIR'\n")


def test_exit_codes():
    assert sh('PY -c "raise SystemExit(0)"') == (0, "", "")
    assert sh('PY -c "raise SystemExit(1)"') == (1, "", "")
    assert sh('PY -c "raise SystemExit(255)"') == (255, "", "")
    assert sh('PY -c "raise SystemExit(256)"') == (0, "", "")
    assert sh('PY -c "raise SystemExit(-1)"') == (255, "", "")
    assert sh('PY -c "raise SystemExit(None)"') == (0, "", "")
    assert sh('PY -c "raise SystemExit(True)"') == (1, "", "")
    assert sh('PY -c "raise SystemExit((1,))"') == (1, "", "(1,)\n")


def test_optimisation():
    assert sh('PY -O -c "assert 0; print(__debug__)"') == (0, "False\n", "")
    assert sh('PY -OO -c "def f(): \'doc\'\nprint(f.__doc__)"') == (0, "None\n", "")
    assert sh('PYTHONOPTIMIZE=1 PY -c "print(__debug__)"') == (0, "False\n", "")


def test_isolation():
    write('shadow/json.py', 'print("shadow")')
    assert sh('cd shadow; PY -c "import json"') == (0, "shadow\n", "")
    assert sh('cd shadow; PY -I -c "import json"') == (0, "", "")
    assert sh('PYTHONPATH=shadow PY -c "import json"') == (0, "shadow\n", "")
    assert sh('PYTHONPATH=shadow PY -E -c "import json"') == (0, "", "")
    assert sh('cd shadow; PY -P -c "import json"') == (0, "", "")


def test_hash_seed():
    a = sh('PYTHONHASHSEED=5 PY -c "print(hash(\'abc\'))"')
    assert (a == sh('PYTHONHASHSEED=5 PY -c "print(hash(\'abc\'))"')) is True
    assert sh('PYTHONHASHSEED=0 PY -c "print(hash(\'abc\'))"') == (0, "-4594863902769663758\n", "")
    assert ((len({sh('PYTHONHASHSEED=random PY -c "print(hash(\'abc\'))"') for _ in range(3)}) > 1)
            is True)
    assert sh('PYTHONHASHSEED=bad PY -c 1')[0] == 1


def test_bytecode_cache_switches():
    write('c/m.py', 'x = 1')
    assert sh('cd c; PY -B -c "import m"; ls') == (0, "m.py\n", "")
    assert sh('cd c; PYTHONDONTWRITEBYTECODE=1 PY -c "import m"; ls') == (0, "m.py\n", "")
    assert sh('cd c; PY -c "import m"; ls | sort') == (0, "__pycache__\nm.py\n", "")
    assert (sh('cd c; rm -rf __pycache__; PY -X pycache_prefix=../elsewhere -c "import m"; ls')
            == (0, "m.py\n", ""))


def test_read_only_cache_folder():
    write('ro/m.py', 'x = 1')
    assert (sh('cd ro; mkdir __pycache__; chmod 500 __pycache__ .; PY -c "import m; print(m.x)"; chmod 700 . __pycache__')
            == (0, "1\n", ""))


def test_cache_path_is_a_file():
    write('cf/m.py', 'x = 1')
    write('cf/__pycache__', 'not a folder')
    assert sh('cd cf; PY -c "import m; print(m.x)"') == (0, "1\n", "")


def test_closed_standard_output():
    assert sh('PY -c "print(1)" >&-')[0] == 0
    assert sh('PY -c "import sys; print(sys.stdout)" 2>&1 >&-')[0] == 0
    assert sh('PY -c "import sys; sys.stderr.write(str(sys.stdout))" >&-') == (0, "", "None")
    assert sh('PY -c "import sys; print(sys.stdin)" <&-') == (0, "None\n", "")
    assert sh('PY -c "1 / 0" 2>&-') == (1, "", "")


def test_full_disk():
    assert sh('PY -c "print(1)" >/dev/full')[0] == 120
    assert (sh('PY -c "print(1)" >/dev/full')[2].splitlines()[-1]
            == "OSError: [Errno 28] No space left on device")


def test_broken_pipe():
    assert sh('PY -c "for i in range(100000): print(i)" | head -n 1')[1] == "0\n"
    assert (('BrokenPipeError' in sh('PY -c "for i in range(100000): print(i)" | head -n 1')[2])
            is True)


def test_interrupt():
    assert sh('PY -c "import os, signal; os.kill(os.getpid(), signal.SIGINT); print(1)"')[0] == 130
    assert (sh('PY -c "import os, signal; os.kill(os.getpid(), signal.SIGINT); print(1)"')[2].splitlines()[-1:]
            == ["KeyboardInterrupt"])
    assert (sh('PY -c "import os, signal\ntry:\n  os.kill(os.getpid(), signal.SIGINT)\n  while True: pass\nexcept KeyboardInterrupt: print(2)"')
            == (0, "2\n", ""))


def test_interrupt_of_a_loop_that_begins_a_try():
    program = write('loop.py', """import _thread, threading
threading.Timer(0.3, _thread.interrupt_main).start()
try:
    while True: 3 ** 2000 % 7
except KeyboardInterrupt: print('caught')
""")
    assert sh('PY loop.py') == (0, 'caught\n', '')


def test_thread_with_a_small_stack():
    write('small.py', """import threading
threading.stack_size(65536)
def f(): f()
def g():
    try: f()
    except RecursionError: print('deep')
t = threading.Thread(target=g)
t.start()
t.join()
""")
    assert sh('PY small.py') == (0, 'deep\n', '')


def test_unbuffered():
    assert sh('PY -u -c "import os; print(1, end=\'\'); os._exit(0)"') == (0, "1", "")
    assert sh('PY -c "import os; print(1, end=\'\'); os._exit(0)"') == (0, "", "")
    assert (sh('PYTHONUNBUFFERED=1 PY -c "import os; print(1, end=\'\'); os._exit(0)"')
            == (0, "1", ""))


def test_warnings_options():
    assert sh('PY -W error -c "import warnings; warnings.warn(\'w\')"')[0] == 1
    assert sh('PY -W ignore -c "import warnings; warnings.warn(\'w\')"') == (0, "", "")
    assert sh('PYTHONWARNINGS=ignore PY -c "import warnings; warnings.warn(\'w\')"') == (0, "", "")
    assert sh('PY -W error::SyntaxWarning -c "1 is 1"')[0] == 1
    assert (sh('PY -c "1 is 1"')
            == (0, "", '<string>:1: SyntaxWarning: "is" with \'int\' literal. Did you mean "=="?\n'))


def test_version_and_help():
    assert sh('PY -V')[1].split('.')[0] == "Python 3"
    assert (sh('PY --version') == sh('PY -V')) is True
    assert sh('PY -VV')[0] == 0
    assert (sh('PY -h')[1].split(':')[0], sh('PY --help')[0]) == ("usage", 0)
    assert (sh('PY -Y')[0], sh('PY -Y')[2].splitlines()[0]) == (2, "Unknown option: -Y")
    assert sh('PY --nonsense')[2].splitlines()[0] == "unknown option --nonsense"
    assert sh('PY -c')[2].splitlines()[0] == "Argument expected for the -c option"
    assert sh('PY -m')[2].splitlines()[0] == "Argument expected for the -m option"
    assert sh('PY -W')[0] == 2


def test_combined_flags():
    assert (sh('PY -IBc "import sys; print(sys.flags.isolated, sys.flags.dont_write_bytecode)"')
            == (0, "1 1\n", ""))
    assert sh('PY -Bsc "print(3)" x') == (0, "3\n", "")
    assert (sh('PY -X dev -X utf8=1 -c "import sys; print(sys.flags.dev_mode, sys.flags.utf8_mode)"')
            == (0, "True 1\n", ""))
    assert sh('PY -q -S -c "import sys; print(\'site\' in sys.modules)"') == (0, "False\n", "")
    assert sh('PY -bb -c "b\'\' == \'\'"')[0] == 1


def test_interactive_after_program():
    write('i.py', 'x = 5')
    assert sh('echo "print(x + 1)" | PY -i i.py')[1] == "6\n"
    assert sh('echo "x" | PY -i -c "x = 7"')[1] == "7\n"


def test_startup_file():
    write('start.py', 's = 9')
    assert sh('echo "s" | PYTHONSTARTUP=start.py PY -i -q')[1] == "9\n"


def test_encoding_of_output():
    assert sh('PYTHONIOENCODING=ascii PY -c "print(chr(233))"')[0] == 1
    assert sh('PYTHONIOENCODING=ascii:replace PY -c "print(chr(233))"') == (0, "?\n", "")
    assert (sh('PYTHONIOENCODING=latin-1 PY -c "print(chr(233))" | od -An -c')[1].split()
            == ["351", "\\n"])
    assert (sh('PYTHONUTF8=1 LC_ALL=C PY -c "import sys; print(sys.stdout.encoding)"')
            == (0, "utf-8\n", ""))


def test_profile_and_trace_of_imports():
    assert ('import time' in sh('PY -X importtime -c "import json"')[2]) is True
    assert ('# ' in sh('PY -v -c 1')[2] or 'import ' in sh('PY -v -c 1')[2]) is True


def test_stages():
    write('test.py', 'x = 1\ny = 2\nz = x + y\nprint(z)\n')
    if sys.implementation.name == 'apus':
        status, out, err = sh('PY -X stages test.py')
        assert (status, out) == (0, '3\n')
        assert [line.split(':')[0] for line in err.splitlines()] == [
            'stage initialization', 'stage compilation', 'stage interpretation']
        assert sh('PY -m opcode BINARY_ADD')[1].split()[:2] == ['23', 'BINARY_ADD']
    # Tokens, tree, symbol table and code from the command line.
    assert 'NAME' in sh('PY -m tokenize test.py')[1]
    assert sh('PY -m ast test.py')[1].startswith('Module(')
    assert "symbol table for module from file 'test.py'" in sh('PY -m symtable test.py')[1]
    assert 'LOAD_NAME' in sh('PY -m dis test.py')[1]


def test_sys_argv_and_path_zero():
    write('q/prog.py', 'import sys, os\nprint(os.path.basename(sys.path[0]), sys.argv[0])')
    assert sh('PY q/prog.py') == (0, "q q/prog.py\n", "")
    assert sh('PY -c "import sys; print(repr(sys.path[0]))"') == (0, "''\n", "")
    assert sh('PY -P q/prog.py')[0] == 0


def test_safe_path_variable():
    write('sp/json.py', 'print("shadowed")')
    assert sh('cd sp; PYTHONSAFEPATH=1 PY -c "import json"') == (0, "", "")


def test_link_to_a_program():
    write('real/r.py', 'import sibling')
    write('real/sibling.py', 'print("found")')
    assert sh('ln -sf real/r.py link.py; PY link.py') == (0, "found\n", "")


def test_large_output_and_input():
    assert len(sh('PY -c "print(\'x\' * 1000000)"')[1]) == 1000001
    assert (sh('PY -c "print(\'y\' * 300000)" | PY -c "import sys; print(len(sys.stdin.read()))"')
            == (0, "300001\n", ""))


def test_threads_end_with_the_program():
    assert (sh('PY -c "import threading, time\nt = threading.Thread(target=lambda: (time.sleep(0.05), print(\'late\')))\nt.start()\nprint(\'main\')"')
            == (0, "main\nlate\n", ""))
    assert (sh('PY -c "import atexit; atexit.register(print, \'bye\'); print(\'hi\')"')
            == (0, "hi\nbye\n", ""))


def test_garbage_compiled_file():
    write('g.pyc', 'garbage')
    assert sh('PY g.pyc')[0] == 1
    assert sh('PY g.pyc')[2].splitlines()[-1] == "RuntimeError: Bad magic number in .pyc file"
    assert sh(': >e.pyc; PY e.pyc')[0] == 1


def test_compiled_file_runs_without_source():
    write('only.py', 'print("compiled")')
    assert (sh('PY -c "import py_compile; py_compile.compile(\'only.py\', \'only.pyc\')"; rm only.py; PY only.pyc; PY -c "import only"')
            == (0, "compiled\ncompiled\n", ""))


def test_virtual_environment():
    assert sh('PY -m venv --without-pip env') == (0, '', '')
    code, out, err = sh('env/bin/python -c "import sys; print(sys.prefix != sys.base_prefix, sys.prefix, sys.executable)"')
    assert (code, out, err) == (0, 'True DIR/env DIR/env/bin/python\n', '')


main(globals())
