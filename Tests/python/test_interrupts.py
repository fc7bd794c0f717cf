# Ctrl-C while a program waits or computes, streams that cannot be written, arguments that are not text.
import os
import signal
import subprocess
import sys
import time
from _run import main

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith('PYTHON')}
ENVIRONMENT['LC_ALL'] = 'C.UTF-8'


def interrupted(*programs):
    """How each program ends that gets SIGINT while it runs: exit codes and the last lines of their errors."""
    children = []
    for text in programs:
        children.append(subprocess.Popen(
            [sys.executable, '-c', 'import os, signal, sys, threading, time; print(flush=True)\n' + text], env=ENVIRONMENT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
    found = []
    try:
        for child in children:
            child.stdout.readline()
        time.sleep(0.5)
        for child in children:
            child.send_signal(signal.SIGINT)
        for child in children:
            child.wait(30)
            lines = child.stderr.read().decode().splitlines()
            found.append((child.returncode, child.stdout.read().decode(), lines[-1] if lines else ''))
    finally:
        for child in children:
            child.kill()
            child.communicate()
    return found


KILLED = (-signal.SIGINT, '', 'KeyboardInterrupt')


def test_sleep_and_locks():
    programs = ['time.sleep(60)', 'a = threading.Lock(); a.acquire(); a.acquire()', 'threading.Event().wait()',
                't = threading.Thread(target=time.sleep, args=(2,), daemon=True); t.start(); t.join()']
    assert interrupted(*programs) == [KILLED] * len(programs)


def test_reads():
    programs = ['sys.stdin.read()', 'input()', 'os.read(os.pipe()[0], 1)', 'import select; select.select([], [], [])']
    assert interrupted(*programs) == [KILLED] * len(programs)


def test_computations():
    programs = ['while True: pass', '10 ** 10 ** 10', 'x = 3 ** 10 ** 7\nwhile True: y = x * x']
    assert interrupted(*programs) == [KILLED] * len(programs)


def test_caught():
    programs = ['try: time.sleep(60)\nexcept KeyboardInterrupt: print("caught")',
                'signal.signal(signal.SIGINT, lambda *a: print("handled")); time.sleep(1)']
    assert [one[:2] for one in interrupted(*programs)] == [(0, 'caught\n'), (0, 'handled\n')]


def run(*arguments, **options):
    done = subprocess.run([sys.executable, *arguments], env=ENVIRONMENT, stdin=options.pop('stdin', subprocess.DEVNULL),
                          capture_output='stdout' not in options, **options)
    return done.returncode, done.stdout, done.stderr


def test_full_output():
    with open('/dev/full', 'w') as full:
        for text in ('print(1)', 'print(1); 1/0', 'import sys; print(1); sys.exit(3)'):
            code, _, errors = run('-c', text, stdout=full, stderr=subprocess.PIPE)
            assert code == 120
            assert errors.count(b'Exception ignored') == 1
            assert errors.splitlines()[-1] == b'OSError: [Errno 28] No space left on device'


def test_input_is_a_folder():
    folder = os.open('/', os.O_RDONLY)
    code, out, errors = run('-c', 'print(1)', stdin=folder)
    os.close(folder)
    assert (code, out) == (1, b'')
    assert b'init_sys_streams: <stdin> is a directory, cannot continue' in errors


def test_arguments_that_are_not_text():
    program = b'import os, sys; print(ascii(sys.argv[1:]), ascii(sys.orig_argv[-1]), os.fsencode(sys.argv[1]))'
    assert run(b'-c', program, b'a\xff\xc3\xa9\xc3')[1] == b"['a\\udcff\\xe9\\udcc3'] 'a\\udcff\\xe9\\udcc3' b'a\\xff\\xc3\\xa9\\xc3'\n"
    code, out, errors = run(b'-c', b'print("\xff")')
    assert (code, out) == (1, b'')
    assert errors.startswith(b'Unable to decode the command from the command line:\nUnicodeEncodeError:')
    code, out, errors = run(b'nosuch\xff.py')
    assert code == 2 and b'nosuch\\udcff.py' in errors


def test_program_in_a_file_whose_name_is_not_text():
    import tempfile
    with tempfile.TemporaryDirectory() as folder:
        path = os.fsencode(folder) + b'/a\xff.py'
        with open(path, 'w') as file:
            file.write('import sys; print(ascii(sys.argv[0][-6:]), ascii(__file__[-6:]))')
        assert run(path)[:2] == (0, b"'/a\\udcff.py' '/a\\udcff.py'\n")


main(globals())
