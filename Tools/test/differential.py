"""Tests/differential/*.py: programs whose whole behaviour is compared with what CPython recorded.

NAME.out holds standard output, standard error and the exit code. A program may begin with lines
    # command: -W error NAME.py argument     (the arguments of the interpreter; default: NAME.py)
    # stdin: text                            (with \\n for line ends)
    # set: VARIABLE=value                    (an environment variable)
    # oracle: 3.10                           (the CPython that records; default 3.13)
Addresses, the folder of the program and the path of the interpreter are masked.
"""
import difflib, re, shlex, shutil
from pathlib import Path

from process import run

ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
COMMAND = re.compile(r"(?<=Try `)(python|apus)(?= -h')|(?<=^usage: )apus(?= \[)", re.M)  # the usage text
DIRECTIVE = re.compile(r"# (command|stdin|set|oracle): (.*)")


def directives(path):
    found = {"command": path.name, "stdin": "", "set": [], "oracle": "3.13"}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        match = DIRECTIVE.fullmatch(line)
        if not match:
            break
        key, value = match.groups()
        if key == "set":
            found["set"].append(value.split("=", 1))
        else:
            found[key] = value
    return found


def behaviour(path, interpreter, timeout, settings={}):
    """The text that PATH's .out file must equal."""
    options = directives(path)
    done = run([*interpreter, *shlex.split(options["command"])], path.parent, timeout,
               options["stdin"].encode().decode("unicode_escape").encode("utf-8"),
               dict(options["set"]) | {"PYTHONHASHSEED": "0"} | settings)
    text = "%s--- stderr\n%s--- %s\n" % (ended(done.out), ended(done.err), done.ending())
    text = text.replace(str(path.parent.resolve()) + "/", "<folder>/")
    found = shutil.which(interpreter[-1]) or interpreter[-1]  # `env` and its settings may stand in front
    for name in sorted({found, str(Path(found).resolve()), interpreter[-1]}, key=len, reverse=True):
        text = text.replace(name, "<python>")
    return COMMAND.sub("<python>", ADDRESS.sub("0x…", text))


def ended(text):
    return text if not text or text.endswith("\n") else text + "\n--- no line end\n"


def compare(path, interpreter, timeout, settings={}):
    """None, or how the program's behaviour differs from the recorded one."""
    expected = path.with_suffix(".out")
    if not expected.exists():
        return "no recorded output; run ./dev record " + path.stem
    wanted = expected.read_text(encoding="utf-8")
    found = behaviour(path, interpreter, timeout, settings)
    if wanted == found:
        return None
    lines = list(difflib.unified_diff(wanted.splitlines(), found.splitlines(), "expected", "found", lineterm="", n=1))
    return "differs" + "".join("\n    " + line for line in lines[2:24])


def programs(folder, selected):
    return [path for path in sorted(folder.glob("*.py")) if not path.name.startswith("_") and selected(path.stem)]


def run_all(outcome, folder, interpreter, selected, pool, timeout):
    paths = programs(folder, selected)
    for path, difference in zip(paths, pool.map(lambda path: compare(path, interpreter, timeout), paths)):
        if difference is None:
            outcome.ok()
        else:
            outcome.fail(path.stem, difference)
