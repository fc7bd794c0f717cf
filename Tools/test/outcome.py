"""What a part of the tests found: how many passed, and which failed and why."""


def known_failures(path):
    """The names in Tests/known-failures.txt: a name a line, then what is wrong; # starts a comment."""
    if not path.exists():
        return set()
    lines = (line.partition("#")[0].split(None, 1) for line in path.read_text(encoding="utf-8").splitlines())
    return {words[0] for words in lines if words}


class Outcome:
    """Failures named in the list of known ones are counted apart: the list is work to do, and shrinks."""

    def __init__(self, part, known=frozenset()):
        self.part = part
        self.passed = 0
        self.failures = []  # (name, reason), reason possibly of several lines
        self.expected = []  # names of known failures that failed
        self.known = known

    def ok(self, count=1):
        self.passed += count

    def fail(self, name, reason):
        if name in self.known:
            self.expected.append(name)
        else:
            self.failures.append((name, reason))

    def report(self):
        for name, reason in self.failures:
            print("FAIL %s: %s" % (name, reason))
        print("%-12s %5d passed, %d failed, %d known failures" % (
            self.part, self.passed, len(self.failures), len(self.expected)), flush=True)


def shorten(text, lines=12):
    """The last LINES lines of TEXT, indented, to stand below a failure."""
    kept = text.rstrip().split("\n")[-lines:]
    return "".join("\n    " + line for line in kept)
