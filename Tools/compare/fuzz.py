"""Runs generated and mutated programs in apus and in CPython 3.13 and compares output, errors and exit code.

    fuzz.py --apus PATH --oracle PATH [--count 1000] [--seed 1] [--jobs 2] [--keep DIR] [--only NAME]
            [--library DIR]

Half of the programs come from a grammar, half from the programs of Tests/, and with --library from the
modules of a standard library, with tokens swapped, removed, doubled or replaced. A program that behaves differently is made smaller by leaving out lines, and written
to --keep (default: a folder of the system's temporary one, named at the end).
"""
import io, random, re, sys, tempfile, tokenize
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grammar
import pair

LIMIT = 10  # seconds for one program
UNSAFE = re.compile(r"\bkill\b|rmtree|subprocess|unlink|killpg|fork|socket")  # not to be run with changed tokens


def sources(only):
    folders = ["Tests/differential", "Tests/python"]
    found = [path for folder in folders for path in sorted((pair.ROOT / folder).glob("*.py"))
             if only in path.name and path.name != "_run.py"]
    return found


def functions(path):
    """The program in pieces that can stand alone: the single test functions of a test file, or all of it."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if "from _run import" not in text:
        return [text]
    shared = (pair.ROOT / "Tests/python/_run.py").read_text(encoding="utf-8")
    text = re.sub(r"^from _run import .*$", "", text, flags=re.M).replace("main(globals())", "")
    head, *rest = re.split(r"^(?=def test_)", text, flags=re.M)
    # Only the helpers that tests use, without the runner.
    helpers = shared[shared.index("def describe"):shared.index("def main")]
    return [helpers + head + body + "\n" + re.match(r"def (\w+)", body)[1] + "()\n" for body in rest]


def library(folder, chosen):
    """CHOSEN modules of a standard library, small ones, some of them more than once."""
    found = [path for path in sorted(folder.glob("*.py")) + sorted(folder.glob("*/*.py"))
             if "packages" not in str(path) and "idlelib" not in str(path) and path.stat().st_size < 30000]
    chance = random.Random("library")
    return [chance.choice(found).read_text(encoding="utf-8", errors="replace") for _ in range(chosen)]


def tokens(text):
    try:
        return [token for token in tokenize.generate_tokens(io.StringIO(text).readline)
                if token.type in (tokenize.NAME, tokenize.NUMBER, tokenize.STRING, tokenize.OP)]
    except (tokenize.TokenError, SyntaxError):
        return []


def mutate(text, chance):
    """TEXT with one to three tokens changed."""
    for _ in range(chance.choice([1, 1, 2, 3])):
        found = tokens(text)
        if not found:
            return text
        lines = text.splitlines(keepends=True)
        starts = [0]
        for line in lines:
            starts.append(starts[-1] + len(line))
        one, other = chance.choice(found), chance.choice(found)
        begin, end = (starts[row - 1] + column for row, column in (one.start, one.end))
        action = chance.randrange(5)
        new = {0: "", 1: other.string, 2: one.string + " " + one.string, 3: one.string + " " + other.string,
               4: chance.choice(grammar.ATOMS)}[action]
        text = text[:begin] + new + text[end:]
    return text


def program(number, seed, pool):
    chance = random.Random("%s:%s" % (seed, number))
    if number % 2 or not pool:
        return grammar.program(chance)
    return mutate(chance.choice(pool), chance)


class Both:
    def __init__(self, oracle, apus):
        self.oracle, self.apus = oracle, apus

    def outcome(self, interpreter, text, folder):
        path = Path(folder) / "program.py"
        path.write_text(text, encoding="utf-8", errors="surrogatepass")
        done = interpreter.run(path, timeout=LIMIT, folder=folder)
        if done.timed_out:
            return ("timed out",)
        # A warning may be given once or twice (code of `finally` is compiled twice in some releases).
        errors = "\n".join(dict.fromkeys(pair.mask(done.err).splitlines()))
        return done.ending(), done.out[:20000], "MemoryError" if "MemoryError" in errors else errors[-4000:]

    def difference(self, text):
        """None, or the two outcomes."""
        with tempfile.TemporaryDirectory() as folder:
            expected = self.outcome(self.oracle, text, folder)
            found = self.outcome(self.apus, text, folder)
        # Where CPython itself runs out of time there is nothing to compare with, unless apus dies.
        if expected == found or expected == ("timed out",) and not found[0].startswith("killed"):
            return None
        return expected, found

    def smaller(self, text, rounds=60):
        """A program with fewer lines whose outcomes still differ in the same way."""
        def way(difference):
            return difference and (difference[1][0], difference[0][0])
        wanted = way(self.difference(text))
        lines, size = text.splitlines(), max(1, len(text.splitlines()) // 2)
        while size >= 1 and rounds > 0:
            at = 0
            while at < len(lines) and rounds > 0:
                shorter = lines[:at] + lines[at + size:]
                rounds -= 1
                if shorter and way(self.difference("\n".join(shorter) + "\n")) == wanted:
                    lines = shorter
                else:
                    at += size
            size //= 2
        return "\n".join(lines) + "\n"


def first_difference(expected, found):
    for name, a, b in zip(("ending", "output", "errors"), expected, found):
        if a != b:
            for left, right in zip(a.splitlines() + [""], b.splitlines() + [""]):
                if left != right:
                    return "%s: %.160r" % (name, left), "%s: %.160r" % (name, right)
    return expected[0], found[0]


def main():
    parser = pair.arguments(__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", help="folder for the programs that differ")
    parser.add_argument("--library", help="a standard library whose modules are mutated too")
    parser.add_argument("--only", default="", help="mutate only programs whose name contains this")
    parser.add_argument("--whole", action="store_true", help="do not make the programs smaller")
    options = parser.parse_args()
    pair.limit_memory(6)
    keep = Path(options.keep or tempfile.mkdtemp(prefix="apus-fuzz-"))
    keep.mkdir(parents=True, exist_ok=True)
    both = Both(pair.Interpreter(options.oracle), pair.Interpreter(options.apus))
    pool = [text for path in sources(options.only) for text in functions(path)]
    if options.library:
        pool += library(Path(options.library), chosen=len(pool))
    pool = [text for text in pool if not UNSAFE.search(text)]
    report = pair.Report(options.show)

    def one(number):
        text = program(number, options.seed, pool)
        difference = both.difference(text)
        if difference and not options.whole:
            text = both.smaller(text)
            difference = both.difference(text) or difference
        return number, text, difference

    with ThreadPoolExecutor(options.jobs) as workers:
        for number, text, difference in workers.map(one, range(options.count)):
            if difference is None:
                report.same()
                continue
            path = keep / ("%s-%d.py" % (options.seed, number))
            path.write_text(text, encoding="utf-8", errors="surrogatepass")
            report.differs(str(path), *first_difference(*difference))
    print("programs that differ are in", keep)
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
