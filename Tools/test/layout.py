"""Compares the C structures and constants of Sources/Include with those of CPython 3.13.

Tests/layout/structs.tsv and constants.tsv hold the facts. A C program that prints offset and size of
every field is made from them, compiled with the headers and run. What the headers do not define is
counted, not failed: the list is printed by `python3 Tools/test/layout.py`.
"""
import re, subprocess, sys, tempfile
from pathlib import Path

from outcome import Outcome, shorten

NAME = re.compile(r"[A-Za-z_]\w*")


def rows(path):
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    return [line.split("\t") for line in lines[1:]]


class Headers:
    """The headers under test and the compiler that reads them."""

    def __init__(self, root):
        self.folder = root / "Sources/Include/include"
        names = sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*.h"))
        names.sort(key=lambda name: name != "Python.h")
        self.text = "#include <stdio.h>\n#include <stddef.h>\n#include <string.h>\n"
        self.text += "".join('#include "%s"\n' % name for name in names)
        self.present = bool(names)

    def compile(self, lines, *options):
        """Compiles the headers and LINES; returns the finished compiler with its messages."""
        source = self.text + "#line 1 \"rows\"\n" + "\n".join(lines) + "\n"
        return subprocess.run(
            ["clang", "-x", "c", "-std=gnu11", "-ferror-limit=0", "-w", "-fno-caret-diagnostics",
             "-I", str(self.folder), *options, "-"],
            input=source, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def rejected(self, lines):
        """The 0-based numbers of LINES that do not compile. Each line must stand for itself."""
        found = self.compile(lines, "-fsyntax-only")
        bad = {int(number) - 1 for number in re.findall(r"^rows:(\d+):\d+: error", found.stdout, re.M)}
        if found.returncode and not bad:
            raise RuntimeError("the headers do not compile" + shorten(found.stdout))
        return bad


def probe(struct, field, kind):
    """C statements that print two numbers: offset and size of the field, or its first bit and bit count."""
    if field == "(sizeof)":
        return 'printf("- %%zu\\n", sizeof(%s));' % struct
    if kind == "bitfield":
        return ("{ %s v; memset(&v, 0, sizeof v); v.%s = -1; unsigned char *b = (unsigned char *)&v; "
                "long first = -1, count = 0; for (size_t i = 0; i < sizeof v * 8; i++) "
                "if (b[i / 8] >> (i %% 8) & 1) { if (first < 0) first = i; count++; } "
                'printf("%%ld bits:%%ld\\n", first, count); }' % (struct, field))
    return 'printf("%%zu %%zu\\n", offsetof(%s, %s), sizeof(((%s *)0)->%s));' % (struct, field, struct, field)


def expected(offset, size, kind):
    if kind == "bitfield":
        first, count = size[5:].split("+")
        return "%d bits:%s" % (int(offset) * 8 + int(first), count)
    return "%s %s" % (offset, size)


def printed(headers, statements):
    """What a program of these statements prints, one line each."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "layout"
        done = headers.compile(["int main(void) {", *statements, "return 0; }"], "-o", str(program),
                               "-Wl,--unresolved-symbols=ignore-all", "-fuse-ld=lld")
        if done.returncode:
            raise RuntimeError("the program does not compile" + shorten(done.stdout))
        return subprocess.run([str(program)], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()


def check_structs(outcome, headers, path):
    """Returns the names of the structures that the headers do not define."""
    accepted = {row[0] for row in rows(path.with_name("differences.tsv"))}
    facts = [row for row in rows(path) if row[0] + "." + row[1] not in accepted]
    names = list(dict.fromkeys(row[0] for row in facts))
    unknown = {names[i] for i in headers.rejected(["typedef char probe%d[sizeof(%s)];" % (i, name)
                                                   for i, name in enumerate(names)])}
    facts = [row for row in facts if row[0] not in unknown]
    statements = [probe(struct, field, kind) for struct, field, _, _, kind in facts]
    missing = headers.rejected(["void probe%d(void) { %s }" % pair for pair in enumerate(statements)])
    for i in sorted(missing):
        outcome.fail("%s.%s" % (facts[i][0], facts[i][1]), "no such field")
    kept = [i for i in range(len(facts)) if i not in missing]
    for i, found in zip(kept, printed(headers, [statements[i] for i in kept])):
        struct, field, offset, size, kind = facts[i]
        wanted = expected(offset, size, kind)
        if found == wanted:
            outcome.ok()
        else:
            outcome.fail("%s.%s" % (struct, field), "offset and size are %s, must be %s" % (found, wanted))
    return [name for name in names if name in unknown]


def check_constants(outcome, headers, path):
    """Returns the names of the constants that the headers do not define."""
    facts = [(name, value) for _, name, value in rows(path)
             if NAME.fullmatch(name) and re.fullmatch(r"-?\d+", value)]
    unknown = headers.rejected(["long long probe%d(void) { return (long long)(%s); }" % (i, name)
                                for i, (name, _) in enumerate(facts)])
    kept = [fact for i, fact in enumerate(facts) if i not in unknown]
    found = printed(headers, ['printf("%%lld\\n", (long long)(%s));' % name for name, _ in kept])
    for (name, value), other in zip(kept, found):
        if (int(value) - int(other)) % 2 ** 64 == 0:
            outcome.ok()
        else:
            outcome.fail(name, "is %s, must be %s" % (other, value))
    return [facts[i][0] for i in sorted(unknown)]


def run_all(outcome, root):
    """Returns the structures and the constants not defined."""
    headers = Headers(root)
    if not headers.present:
        return [], []
    try:
        return (check_structs(outcome, headers, root / "Tests/layout/structs.tsv"),
                check_constants(outcome, headers, root / "Tests/layout/constants.tsv"))
    except (RuntimeError, subprocess.CalledProcessError) as error:
        outcome.fail("Sources/Include", str(error))
        return [], []


if __name__ == "__main__":
    result = Outcome("layout")
    structs, constants = run_all(result, Path(__file__).resolve().parents[2])
    print("%d structures not defined:" % len(structs), *structs)
    print("%d constants not defined:" % len(constants), *constants)
    result.report()
    sys.exit(bool(result.failures))
