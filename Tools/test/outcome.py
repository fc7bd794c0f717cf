"""What a part of the tests found: how many passed, and which failed and why."""


class Outcome:
    def __init__(self, part):
        self.part = part
        self.passed = 0
        self.failures = []  # (name, reason), reason possibly of several lines

    def ok(self, count=1):
        self.passed += count

    def fail(self, name, reason):
        self.failures.append((name, reason))

    def report(self):
        for name, reason in self.failures:
            print("FAIL %s: %s" % (name, reason))
        print("%-12s %5d passed, %d failed" % (self.part, self.passed, len(self.failures)), flush=True)


def shorten(text, lines=12):
    """The last LINES lines of TEXT, indented, to stand below a failure."""
    kept = text.rstrip().split("\n")[-lines:]
    return "".join("\n    " + line for line in kept)
