"""Runs generated and mutated programs in apus and in CPython 3.13 and compares output, errors and exit code.

    fuzz.py --apus PATH --oracle PATH [--count 1000] [--seed 1] [--keep DIR] [--only NAME] [--library DIR]
            [--kind mutated|grammar|odd] [--whole]

A third of the programs comes from a grammar, a third calls builtins with values they do not expect, and a third
are the programs of Tests/, and with --library the modules of a standard library, with tokens or statements
swapped, removed, doubled or replaced. Each program runs in a fork of one process per interpreter (batch.py).
Differences of one kind are shown once, with their number; the programs are written to --keep (default: a
folder of the system's temporary one, named at the end), the first of each kind made smaller by leaving out lines.
"""
import collections, io, json, os, random, re, signal, sys, tempfile, tokenize
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grammar
import oddvalues
import pair

LIMIT = 5  # seconds for one program
BATCH = 100  # programs for one process
UNSAFE = re.compile(r"\bkill\b|rmtree|subprocess|unlink|killpg|fork|socket|os\.re(move|name|place)|truncate|"
                    r"ch(mod|own|root)|system\(|popen|exec[lv]|spawn|getpass|multiprocessing|webbrowser|setrlimit|/dev/")  # not to be run with changed tokens


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


def cut(text, chance):
    """TEXT with a line moved, removed or doubled, with what is indented below it."""
    lines = text.splitlines(keepends=True)
    full = [number for number, line in enumerate(lines) if line.strip()]
    if not full:
        return text

    def block(start):
        depth, end = len(lines[start]) - len(lines[start].lstrip()), start + 1
        while end < len(lines) and len(lines[end]) - len(lines[end].lstrip()) > depth:
            end += 1
        return start, end
    begin, end = block(chance.choice(full))
    action = chance.randrange(3)
    piece = lines[begin:end]
    if action == 0:
        del lines[begin:end]
    elif action == 1:
        lines[end:end] = piece
    else:
        other, rest = block(chance.choice(full))
        lines[begin:end] = lines[other:rest]
    return "".join(lines)


def program(number, options, pool):
    chance = random.Random("%s:%s" % (options.seed, number))
    kind = options.kind or ("mutated", "grammar", "odd")[number % 3]
    if kind == "grammar" or not pool and kind == "mutated":
        return grammar.program(chance)
    if kind == "odd":
        return oddvalues.program(chance)
    text = chance.choice(pool)
    return cut(text, chance) if chance.random() < 0.4 else mutate(text, chance)


class Both:
    def __init__(self, oracle, apus):
        self.oracle, self.apus = oracle, apus

    def outcomes(self, interpreter, texts):
        """How each of TEXTS behaves: its ending, output and errors."""
        batch = Path(__file__).with_name("batch.py")
        with tempfile.TemporaryDirectory() as folder:
            work, results = Path(folder) / "work", Path(folder) / "results"
            work.mkdir()
            (Path(folder) / "programs").write_text(json.dumps(texts), encoding="utf-8")
            found = []
            while len(found) < len(texts):
                done = interpreter.run(batch, folder + "/programs", str(results), str(work), str(LIMIT),
                                       timeout=LIMIT * len(texts) + 60, folder=folder)
                lines = results.read_text().splitlines() if results.exists() else []
                if len(lines) == len(found):
                    raise SystemExit("batch.py does not run: %s %s" % (done.ending(), done.err[-2000:]))
                found = [json.loads(line) for line in lines]
        return [self.outcome(*one) for one in found]

    def outcome(self, code, out, err):
        if code in (-signal.SIGALRM, -signal.SIGXCPU):
            return ("timed out",)
        ending = "exit code %d" % code if code >= 0 else "killed by " + signal.Signals(-code).name
        # A warning may be given once or twice (code of `finally` is compiled twice in some releases), and in
        # another order: the classic wordcode has handlers before `else`, 3.13's behind it.
        lines = list(dict.fromkeys(pair.mask(err).splitlines()))
        warnings = [at for at, line in enumerate(lines) if re.search(r": \w+Warning: ", line)]
        shown = {at for found in warnings for at in (found, found + 1)}
        errors = "\n".join([line for at, line in enumerate(lines) if at not in shown]
                           + sorted(lines[at] for at in warnings if lines[at].startswith("program.py")))
        return ending, pair.mask(out)[:20000], "MemoryError" if "MemoryError" in errors else errors[-4000:]

    def differences(self, texts):
        """For each of TEXTS None, or the two outcomes."""
        found = []
        with ThreadPoolExecutor(2) as workers:
            answers = workers.map(lambda interpreter: self.outcomes(interpreter, texts), (self.oracle, self.apus))
        for expected, mine in zip(*answers):
            # Where CPython itself runs out of time there is nothing to compare with, unless apus dies.
            same = expected == mine or expected == ("timed out",) and not mine[0].startswith("killed")
            found.append(None if same else (expected, mine))
        return found

    def smaller(self, text, wanted, rounds=12):
        """A program with fewer lines that still differs in the same way."""
        lines, size = text.splitlines(), max(1, len(text.splitlines()) // 2)
        while size >= 1 and rounds > 0:
            starts = range(0, len(lines), size)
            tries = [lines[:at] + lines[at + size:] for at in starts][:60]
            rounds -= 1
            for at, shorter, difference in zip(starts, tries, self.differences(["\n".join(t) + "\n" for t in tries])):
                if difference and kind(difference) == wanted:
                    lines = shorter
                    break
            else:
                size //= 2
        return "\n".join(lines) + "\n"


def kind(difference):
    """What differs, without numbers, so that one bug is one kind."""
    return tuple(re.sub(r"\d+", "0", re.sub(r"'\d+ ", "'", side)) for side in first_difference(*difference))


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
    parser.add_argument("--start", type=int, default=0, help="number of the first program")
    parser.add_argument("--kind", choices=["mutated", "grammar", "odd"], help="only programs of this kind")
    parser.add_argument("--keep", help="folder for the programs that differ")
    parser.add_argument("--library", help="a standard library whose modules are mutated too")
    parser.add_argument("--only", default="", help="mutate only programs whose name contains this")
    parser.add_argument("--whole", action="store_true", help="do not make the programs smaller")
    options = parser.parse_args()
    pair.limit_memory(4)
    os.nice(10)
    keep = Path(options.keep or tempfile.mkdtemp(prefix="apus-fuzz-"))
    keep.mkdir(parents=True, exist_ok=True)
    both = Both(pair.Interpreter(options.oracle), pair.Interpreter(options.apus))
    pool = [text for path in sources(options.only) for text in functions(path)]
    if options.library:
        pool += library(Path(options.library), chosen=len(pool))
    pool = [text for text in pool if not UNSAFE.search(text)]
    report, kinds = pair.Report(options.show), collections.Counter()
    endings = collections.Counter()
    for start in range(options.start, options.start + options.count, BATCH):
        numbers = range(start, min(start + BATCH, options.start + options.count))
        texts = [program(number, options, pool) for number in numbers]
        for number, text, difference in zip(numbers, texts, both.differences(texts)):
            if difference is None:
                report.same()
                continue
            way = kind(difference)
            kinds[way] += 1
            endings[difference[1][0]] += 1
            path = keep / ("%s-%d.py" % (options.seed, number))
            if kinds[way] == 1 and not options.whole:
                small = both.smaller(text, way)
                path.with_suffix(".small.py").write_text(small, encoding="utf-8", errors="surrogatepass")
            path.write_text(text, encoding="utf-8", errors="surrogatepass")
            report.differs(str(path), *first_difference(*difference), quiet=kinds[way] > 1)
    for (expected, found), count in kinds.most_common():
        print("%5d times: oracle %s | apus %s" % (count, expected, found))
    print("endings of what differs:", dict(endings))
    print("programs that differ are in", keep)
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
