"""The pages of Documentation, README.md and ARCHITECTURE.md: what they show is run, what they name must exist.

Listings. A fenced block marked `python` whose lines begin with `>>> ` is a session: its examples run in order, in one
process for the whole page, and must print what stands below them. Without `>>> ` it is a program: when its first line
is a comment with a file's name it is that file, for the commands that follow; otherwise it must run to its end. A block
marked `console` has commands (`$ apus …`,
run in the folder of the page's files) and what they print, errors included. Addresses are masked. A line `…` stands for
any lines, `…` in a line for any text. Other blocks are not run.

Names. In running text a path below Sources, Tests, Tools, Lib, Examples or Documentation, or ending in `.swift`, must
exist (its leading folders may be left out). A name in code style must occur in the sources. Where a list item begins
with a Swift or C file, the names behind it must be declared in that file. `test_file.test_name`, `seed_*` and `use_*`
must be tests of this repository.

Links to files must lead to one, and every page of Documentation is linked from Documentation/README.md or
Documentation/course/README.md.

The map. ARCHITECTURE.md must have a row for every folder of Sources, name every target of Package.swift, and list for
each what it imports.
"""
import json, re, shlex, tempfile
from fnmatch import fnmatch
from pathlib import Path

from outcome import shorten
from process import run

ADDRESS = re.compile(r"0x[0-9a-f]{6,}")
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.M | re.S)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#:\s]+)\)")
ROOTS = ("Sources/", "Tests/", "Tools/", "Lib/", "Examples/", "Documentation/")

# Runs the examples of a page, given as [[source, ...], ...], and writes what each printed.
SESSION = r'''
import io, json, sys, traceback
with open(sys.argv[1], encoding="utf-8") as file:
    examples = json.load(file)
shown, names = [], {"__name__": "__main__"}
stdout, stderr = sys.stdout, sys.stderr
for source in examples:
    sys.stdout = sys.stderr = out = io.StringIO()
    try:
        exec(compile(source, "<page>", "single"), names)
    except BaseException as error:
        out.write("Traceback (most recent call last):\n" + "".join(traceback.format_exception_only(error)))
    finally:
        sys.stdout, sys.stderr = stdout, stderr
    shown.append(out.getvalue())
with open(sys.argv[2], "w", encoding="utf-8") as file:
    json.dump(shown, file)
'''


def pages(root):
    return [root / "README.md", root / "ARCHITECTURE.md", *sorted((root / "Documentation").rglob("*.md"))]


def agrees(wanted, found):
    """Whether FOUND is what WANTED shows, where … stands for anything."""
    parts = []
    for line in ADDRESS.sub("0x…", wanted).rstrip("\n").split("\n"):
        parts.append("(?:[^\n]*\n)*?" if line.strip() == "…"
                     else ".*?".join(re.escape(part) for part in line.rstrip().split("…")) + "\n")
    text = "\n".join(line.rstrip() for line in ADDRESS.sub("0x…", found).rstrip("\n").split("\n")) + "\n"
    return re.fullmatch("".join(parts), text) is not None


def without_entries(text):
    """A traceback without its entries: sessions print the exception alone."""
    if not text.startswith("Traceback (most recent call last):"):
        return text
    return "\n".join(line for line in text.split("\n") if not line.startswith(" ") and line.strip() != "…")


def session_examples(block):
    """[(source, expected text)] of a block of `>>> ` lines."""
    examples, expects = [], False
    for line in block.split("\n"):
        if line.startswith(">>> "):
            examples.append([line[4:] + "\n", ""])
            expects = False
        elif examples and not expects and (line.startswith("... ") or line == "..."):
            examples[-1][0] += line[4:] + "\n"
        elif examples:
            expects = True
            if line.strip() or examples[-1][1]:
                examples[-1][1] += line + "\n"
    for example in examples:
        example[1] = example[1].strip("\n")
    return examples


def commands(block):
    """[(command, expected text)] of a block of `$ ` lines."""
    found = []
    for line in block.split("\n"):
        if line.startswith("$ "):
            found.append([line[2:], ""])
        elif found:
            found[-1][1] += line + "\n"
    return found


def check_page(path, interpreter, timeout):
    """[(what, reason)]: an entry for every listing of the page, reason None where it is right."""
    results, sessions = [], []
    text = path.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "page"
        folder.mkdir()
        for language, block in FENCE.findall(text):
            if language == "python" and not block.startswith(">>> "):
                name = re.match(r"# (\w+\.py)\n", block)
                if name is not None:
                    (folder / name[1]).write_text(block.split("\n", 1)[1], encoding="utf-8")
                else:
                    (folder / "listing.py").write_text(block, encoding="utf-8")
                    done = run([*interpreter, "listing.py"], folder, timeout)
                    results.append((block.split("\n")[0], None if done.code == 0 else done.ending() + shorten(done.err)))
            elif language == "python":
                sessions += session_examples(block)
            elif language == "console":
                for command, wanted in commands(block):
                    words = shlex.split(command)
                    if words[:1] != ["apus"]:
                        results.append((command, "only `apus` is run here"))
                        continue
                    done = run([*interpreter, *words[1:]], folder, timeout)
                    found = done.out + done.err
                    results.append((command, None if agrees(wanted, found) else
                                    "prints" + shorten(found, 40) + ("" if done.code >= 0 else "\n    " + done.ending())))
        if sessions:
            results += run_session(sessions, interpreter, Path(temporary), timeout)
    return results


def run_session(examples, interpreter, folder, timeout):
    (folder / "session.py").write_text(SESSION, encoding="utf-8")
    (folder / "examples.json").write_text(json.dumps([source for source, _ in examples]), encoding="utf-8")
    done = run([*interpreter, "session.py", "examples.json", "shown.json"], folder, timeout)
    if not (folder / "shown.json").exists():
        return [("the session", done.ending() + shorten(done.err))]
    shown = json.loads((folder / "shown.json").read_text(encoding="utf-8"))
    return [(source.rstrip("\n").split("\n")[0],
             None if agrees(wanted, found) or agrees(without_entries(wanted), found) else "prints" + shorten(found, 40))
            for (source, wanted), found in zip(examples, shown)]


# MARK: Names


class Sources:
    """What there is to name: files, folders, and the words of the sources."""

    def __init__(self, root):
        self.root = root
        self.paths = set()
        self.words = set()
        for top in ("Sources", "Lib", "Tools", "Tests", "Examples", "Documentation"):
            for path in (root / top).rglob("*"):
                if "__pycache__" in path.parts:
                    continue
                name = str(path.relative_to(root))
                self.paths.add(name)
                if path.is_file() and path.suffix in (".swift", ".c", ".h", ".py", ".pyi", ".sh") and path.name != "documentation.py":
                    self.words.update(re.findall(r"\w+", path.read_text(encoding="utf-8", errors="replace")))
        for name in ("Package.swift", "dev"):
            self.paths.add(name)
            self.words.update(re.findall(r"\w+", (root / name).read_text(encoding="utf-8")))
        self.suffixes = {path for path in self.paths}
        for path in self.paths:
            parts = path.split("/")
            self.suffixes.update("/".join(parts[i:]) for i in range(len(parts)))

    def has_path(self, name):
        name = name.rstrip("/")
        if "*" in name or "<" in name:
            return any(Path(path).match(re.sub(r"<\w+>", "*", name)) for path in self.paths)
        return name in self.suffixes

    def files(self, name):
        return [self.root / path for path in self.paths if path == name or path.endswith("/" + name)]

    def has_test(self, name):
        if name.startswith("seed_"):
            return "Tests/differential/%s.py" % name in self.paths
        if name.startswith("use_"):
            return "Tests/extension/%s.py" % name in self.paths
        file, _, function = name.partition(".")
        path = self.root / "Tests/python" / (file + ".py")
        return path.exists() and (not function or "def %s(" % function in path.read_text(encoding="utf-8"))


def check_names(path, sources):
    """[(name, reason)] of a page, reason None where the name exists."""
    results = []
    prose = FENCE.sub("", path.read_text(encoding="utf-8"))
    for line in prose.split("\n"):
        spans = SPAN.findall(line)
        for span in spans:
            reason = wrong_name(span, sources)
            if reason != "":
                results.append((span, reason))
        item = re.match(r"\s*[-*] `([\w/+.-]+\.(?:swift|c|h|py))`", line)
        if item:
            texts = [file.read_text(encoding="utf-8") for file in sources.files(item[1])]
            for span in spans[1:]:
                name = re.fullmatch(r"(?:\w+\.)*(\w+)(?:\([\w:]*\))?", span)
                if name and "/" not in span:
                    declared = any(re.search(r"\b%s\b" % re.escape(name[1]), text) for text in texts)
                    results.append((span, None if declared else "is not in " + item[1]))
    return results


def linked(path):
    """The files that a page links to."""
    prose = SPAN.sub("", FENCE.sub("", path.read_text(encoding="utf-8")))
    return [(name, (path.parent / name).resolve()) for name in LINK.findall(prose)]


def check_links(root):
    """{page: [(link, reason)]} of all pages, and the pages that no index lists."""
    found = {}
    for page in pages(root):
        found[page] = [(name, None if target.exists() else "leads nowhere") for name, target in linked(page)]
    indices = [root / "Documentation/README.md", root / "Documentation/course/README.md"]
    listed = {target for index in indices if index.exists() for _, target in linked(index)}
    for page in sorted((root / "Documentation").rglob("*.md")):
        if page not in indices:
            found[page].append(("index", None if page.resolve() in listed else "no index of Documentation lists this page"))
    return found


def wrong_name(span, sources):
    """None for a name that exists, a reason for one that does not, "" for what is no name."""
    if re.fullmatch(r"(test_\w+(\.test_\w+)?|seed_\w+|use_\w+)", span):
        return None if sources.has_test(span) else "no such test"
    if re.fullmatch(r"[\w./<>*+-]+/?", span) and (span.startswith(ROOTS) or span.endswith(".swift")):
        return None if sources.has_path(span) else "no such file"
    name = re.fullmatch(r"(?:\w+\.)*([A-Za-z_]\w*)(?:\([\w:, ]*\))?", span)
    if name and "." in span and span.split(".")[0] not in sources.words:
        return ""  # of somebody else's package
    if name and re.search(r"[a-z][A-Z]|^_?Py[A-Z_]|_", name[1]):
        return None if name[1] in sources.words else "is not in the sources"
    return ""


# MARK: The map


def check_map(root):
    """[(what, reason)] of ARCHITECTURE.md's table against Sources and Package.swift."""
    results = []
    text = (root / "ARCHITECTURE.md").read_text(encoding="utf-8")
    package = (root / "Package.swift").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.split("\n") if line.startswith("| `Sources")]
    folders, imports = {}, {}
    for row in rows:
        named = re.findall(r"`(Sources/[\w/*]+)`(?: \((\w+))?", row[0])
        for folder, target in named:
            folders[folder] = row
            if "*" not in folder:
                results.append((folder, None if (root / folder).is_dir() else "ARCHITECTURE.md has no such folder"))
                imports[target or Path(folder).name] = (folder, row[3])
    for path in sorted((root / "Sources").iterdir()):
        if path.is_dir():
            name = "Sources/" + path.name
            known = any(fnmatch(name, folder) or folder.startswith(name + "/") for folder in folders)
            results.append((name, None if known else "ARCHITECTURE.md has no row for it"))
    for target, folder in re.findall(r'\.(?:target|executableTarget)\(\s*name: "([\w-]+)".*?path: "([\w/-]+)"', package, re.S):
        known = folder.startswith(("Tools/", "Tests/", "Examples/")) or any(fnmatch(folder, row) for row in folders)
        results.append(("target " + target, None if known else "ARCHITECTURE.md does not name it"))
    modules = sorted(path.name for path in (root / "Sources/Modules").iterdir() if path.is_dir())
    for name in modules:
        results.append(("module " + name, None if re.search(r'module\(\s*"%s"' % name, package) else "is no target of Package.swift"))
    every = set(imports) | {"CPythonABI"}
    for target, (folder, allowed) in imports.items():
        used = set()
        for path in (root / folder).rglob("*.swift"):
            used.update(re.findall(r"^(?:@\w+ )?(?:public )?import (\w+)$", path.read_text(encoding="utf-8"), re.M))
        for name in sorted(used & every - {target}):
            granted = "all above" in allowed or re.search(r"\b%s\b" % name, allowed)
            results.append(("%s imports %s" % (target, name), None if granted else "ARCHITECTURE.md does not allow it"))
    return results


def run_all(outcome, root, interpreter, selected, pool, timeout):
    sources, links = Sources(root), check_links(root)
    chosen = [path for path in pages(root) if selected(str(path.relative_to(root)))]
    for path, listings in zip(chosen, pool.map(lambda path: check_page(path, interpreter, timeout), chosen)):
        record(outcome, path.relative_to(root), listings + check_names(path, sources) + links[path])
    if selected("ARCHITECTURE.md"):
        record(outcome, "ARCHITECTURE.md", check_map(root))


def record(outcome, page, results):
    for what, reason in results:
        if reason is None:
            outcome.ok()
        else:
            outcome.fail("%s: %s" % (page, what), reason)
