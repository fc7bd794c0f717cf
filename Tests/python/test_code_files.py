# .pyc files: our own with time stamp and hash, CPython 3.10's with -X classic. (Apus only.)
import importlib.util
import marshal
import os
import py_compile
import struct
import subprocess
import sys
import tempfile
from _run import error, main

SOURCE = """class A:
    def f(self):
        class B:
            def g(self): return [lambda: 1 for _ in (1,)][0]
        return B
print(A().f().__qualname__, A().f()().g().__qualname__, A.f.__code__.co_qualname)
def raising(): raise ValueError(1)
try: raising()
except ValueError as error: print(error.__traceback__.tb_next.tb_lineno)
"""


def run(folder, *arguments):
    """What apus prints."""
    done = subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True)
    return done.stdout + done.stderr


def header(path):
    """(magic number, flags, rest) of a .pyc file."""
    with open(path, "rb") as file:
        data = file.read(16)
    return struct.unpack("<H", data[:2])[0], struct.unpack("<I", data[4:8])[0], data[8:]


def in_folder(test):
    def run_test():
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "m.py")
            with open(path, "w") as file:
                file.write(SOURCE)
            test(folder, path)
    return run_test


@in_folder
def test_own_files(folder, path):
    cached = py_compile.compile(path)
    assert cached == os.path.join(folder, "__pycache__", "m.apus-313.pyc")
    assert header(cached) == (3990, 0, struct.pack("<II", int(os.stat(path).st_mtime), len(SOURCE)))
    assert run(folder, cached) == "A.f.<locals>.B A.f.<locals>.B.g.<locals>.<lambda> A.f\n7\n"
    assert os.listdir(os.path.dirname(cached)) == ["m.apus-313.pyc"]  # nothing left of writing it


@in_folder
def test_hashes(folder, path):
    for mode, flags in (py_compile.PycInvalidationMode.CHECKED_HASH, 3), (py_compile.PycInvalidationMode.UNCHECKED_HASH, 1):
        cached = py_compile.compile(path, invalidation_mode=mode)
        assert header(cached) == (3990, flags, importlib.util.source_hash(SOURCE.encode()))
        with open(path, "w") as file:
            file.write("print('new')\n")
        expected = "new\n" if flags == 3 else "A.f.<locals>.B A.f.<locals>.B.g.<locals>.<lambda> A.f\n7\n"
        assert run(folder, "-c", "import m") == expected
        assert run(folder, "--check-hash-based-pycs", "always", "-c", "import m") == "new\n"
        with open(path, "w") as file:
            file.write(SOURCE)


@in_folder
def test_classic_files(folder, path):
    assert run(folder, "-X", "classic", "-m", "py_compile", "m.py") == ""
    cached = os.path.join(folder, "__pycache__", "m.apus-310.pyc")
    assert header(cached)[:2] == (3439, 0)
    inlined = "A.f.<locals>.B A.f.<locals>.B.g.<locals>.<listcomp>.<lambda> A.f\n7\n"
    # As a program in either mode; from the cache in the classic mode.
    assert run(folder, cached) == inlined
    assert run(folder, "-X", "classic", cached) == inlined
    assert run(folder, "-X", "classic", "-c", "import m; print(m.__cached__)") == inlined + cached + "\n"
    assert run(folder, "-m", "py_compile", "m.py") == ""
    own = os.path.join(folder, "__pycache__", "m.apus-313.pyc")
    assert run(folder, "-X", "classic", own) == run(folder, own) == inlined.replace(".<listcomp>", "")


def test_archives():
    with tempfile.TemporaryDirectory() as folder:
        for name, text in ("app/__main__.py", "from pkg import m\n"), ("app/pkg/__init__.py", ""), ("app/pkg/m.py", "print(__file__[-11:])\n"):
            os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        assert run(folder, "-m", "zipapp", "app") == "" and run(folder, "app.pyz") == ".pyz/pkg/m.py"[-11:] + "\n"
        # Only compiled members, of either mode. (Its own mode's: importlib knows one number.)
        for mode in [], ["-X", "classic"]:
            assert run(folder, *mode, "-m", "compileall", "-q", "-b", "app/pkg") == ""
            for name in "__init__.py", "m.py":
                if os.path.exists(os.path.join(folder, "app/pkg", name)):
                    os.rename(os.path.join(folder, "app/pkg", name), os.path.join(folder, name))
            assert run(folder, *mode, "-m", "zipapp", "app") == ""
            assert run(folder, *mode, "app.pyz") == "z/pkg/m.pyc\n"
            for name in "__init__.py", "m.py":
                os.rename(os.path.join(folder, name), os.path.join(folder, "app/pkg", name))


def test_classic_names():
    program = "import sys, importlib.util, _imp; print(sys.implementation.cache_tag, importlib.util.MAGIC_NUMBER.hex(), _imp.pyc_magic_number_token & 65535)"
    assert run(".", "-X", "classic", "-c", program) == "apus-310 6f0d0d0a 3439\n"
    assert run(".", "-c", program) == "apus-313 960f0d0a 3990\n"


def test_code_that_cpython_310_wrote():
    # marshal.dumps(compile("x = 5\nprint(x)\n", "t", "exec")) of CPython 3.10.13 in a file.
    code = bytes.fromhex(
        "e300000000000000000000000000000000020000004000000073100000006400"
        "5a0065016500830101006401530029026905000000"
        "4e2902da0178da057072696e74a900720300000072030000007206000000")
    assert code  # the layout is checked by test_classic_files; this one is cut short on purpose
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "cut.pyc")
        with open(path, "wb") as file:
            file.write(struct.pack("<HHIII", 3439, 0x0A0D, 0, 0, 0) + code)
        assert run(folder, path) == "RuntimeError: Bad code object in .pyc file\n"
        with open(path, "wb") as file:
            file.write(struct.pack("<HHIII", 3438, 0x0A0D, 0, 0, 0) + code)
        assert run(folder, path) == "RuntimeError: Bad magic number in .pyc file\n"


def test_library_in_the_classic_mode():
    modules = "ast asyncio collections.abc dataclasses dis enum functools inspect json pickle re typing unittest apus apus.bytecode"
    assert run(".", "-X", "classic", "-c", "import importlib\nfor name in %r.split(): importlib.import_module(name)" % modules) == ""
    assert run(".", "-X", "classic", "-c", "import ast; print(ast.unparse(ast.parse('x = [i for i in y]')))") == "x = [i for i in y]\n"


def test_differences_between_the_modes():
    """Each entry of Sources/Compiler/Dialect.swift that shows in a running program, in both modes."""
    programs = {
        "inlinedComprehensions": ("print(len(compile('[i for i in y]', '', 'eval').co_consts))", "0", "2"),
        "cleanDocstrings": ("exec('''def f():\n  \"\"\"a\n  b\"\"\"\nprint(repr(f.__doc__))''')", "'a\\nb'", "'a\\n  b'"),
        "staticAttributes": ("exec('''class A:\n  def f(self): self.x = 1\nprint(A.__dict__.get('__static_attributes__'))''')", "('x',)", "None"),
        "classFirstLine": ("exec('''class A: pass\nprint('__firstlineno__' in A.__dict__)''')", "True", "False"),
        "columns": ("print([p[2] for p in compile('a', '', 'eval').co_positions()])", "[0, 0]", "[]"),
        "withoutNoFree": ("print(compile('a', '', 'eval').co_flags & 64)", "0", "64"),
        "percentFormats": ("print('%' in str(compile('\"%s!\" % (a,)', '', 'eval').co_consts))", "False", "True"),
        "deeperBlocks": ("s = ''.join(' ' * i + 'while x:\\n' for i in range(21)) + ' ' * 21 + 'y'\n"
                         "try: compile(s, '', 'exec'); print('fine')\nexcept SyntaxError as e: print(e.msg)",
                         "fine", "too many statically nested blocks"),
        "annotationsInMatch": ("exec('''match 1:\n  case 1:\n    y: int''', d := {}); print('__annotations__' in d)", "True", None),
        "parameterCellsFirst": ("def f(z):\n a = 1\n return lambda: (a, z)\nprint(f.__code__.co_cellvars)", "('z', 'a')", "('a', 'z')"),
        "codeFiles": ("import importlib.util as u; print(u.MAGIC_NUMBER[:2].hex())", "960f", "6f0d"),
    }
    for name, (program, current, classic) in programs.items():
        assert run(".", "-c", program) == current + "\n", name
        if classic is not None:
            assert run(".", "-X", "classic", "-c", program) == classic + "\n", name
        else:
            assert run(".", "-X", "classic", "-c", program) != current + "\n", name


main(globals())
