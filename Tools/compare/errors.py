"""Calls every builtin function and every method of every builtin type with few, many, wrong and edge
arguments, in apus and in CPython 3.13, and compares the result or the exception of each call.

    errors.py --apus PATH --oracle PATH [--only NAME] [--show N] [--list]

Which methods there are is what CPython says, so that a missing method shows as a difference. A call
that kills the interpreter or hangs is reported and the rest is still made.
"""
import sys, tempfile
from pathlib import Path

import pair

# Expressions that make a fresh receiver for each call.
RECEIVERS = {
    "int": ["0", "5", "-7", "2**70"], "bool": ["True"], "float": ["0.0", "2.5", "-1e300", "nan"],
    "complex": ["1+2j"], "str": ["''", "'abc'", "'a b\\xe9\\u20ac'"], "bytes": ["b''", "b'ab c'"],
    "bytearray": ["bytearray(b'abc')"], "list": ["[]", "[3, 1, 2]"], "tuple": ["()", "(1, 'a')"],
    "dict": ["{}", "{'a': 1, 2: 'b'}"], "set": ["set()", "{1, 2, 3}"], "frozenset": ["frozenset([1, 2])"],
    "range": ["range(0)", "range(1, 10, 3)"], "slice": ["slice(1, 5, 2)"],
    "memoryview": ["memoryview(b'abcd')", "memoryview(bytearray(b'abcd'))"], "object": ["object()"],
    "NoneType": ["None"], "ellipsis": ["..."], "NotImplementedType": ["NotImplemented"],
    "enumerate": ["enumerate('ab')"], "zip": ["zip('ab', [1, 2])"], "map": ["map(str, [1, 2])"],
    "filter": ["filter(None, [0, 1])"], "reversed": ["reversed((1, 2))"], "property": ["property(len)"],
    "classmethod": ["classmethod(len)"], "staticmethod": ["staticmethod(len)"], "type": ["int", "Plain"],
    "super": ["super(Plain, Plain())"], "dict_keys": ["{'a': 1}.keys()"], "dict_values": ["{'a': 1}.values()"],
    "dict_items": ["{'a': 1}.items()"], "mappingproxy": ["Plain.__dict__"], "generator": ["generator()"],
    "coroutine": ["coroutine()"], "async_generator": ["asyncgen()"], "function": ["plain"],
    "method": ["Plain().method"], "builtin_function_or_method": ["len"], "method_descriptor": ["str.upper"],
    "wrapper_descriptor": ["int.__add__"], "method-wrapper": ["(5).__add__"], "getset_descriptor": ["int.real"],
    "code": ["plain.__code__"], "cell": ["cell()"], "list_iterator": ["iter([1, 2])"],
    "dict_keyiterator": ["iter({'a': 1})"], "range_iterator": ["iter(range(3))"], "str_ascii_iterator": ["iter('ab')"],
    "callable_iterator": ["iter(lambda: 1, 1)"], "GenericAlias": ["list[int]"], "UnionType": ["int | str"],
    "BaseException": ["BaseException(1, 2)"], "ValueError": ["ValueError('x')"], "OSError": ["OSError(2, 'x', 'f')"],
    "KeyError": ["KeyError('k')"], "StopIteration": ["StopIteration(3)"], "SystemExit": ["SystemExit(4)"],
    "SyntaxError": ["SyntaxError('m', ('f', 1, 2, 't'))"], "ImportError": ["ImportError('m', name='n')"],
    "UnicodeDecodeError": ["UnicodeDecodeError('ascii', b'\\xff', 0, 1, 'why')"],
    "UnicodeEncodeError": ["UnicodeEncodeError('ascii', '\\xff', 0, 1, 'why')"],
    "ExceptionGroup": ["ExceptionGroup('g', [ValueError(1), TypeError(2)])"],
    "module": ["type(sys)('m')"], "SimpleNamespace": ["type(sys.implementation)(a=1)"], "traceback": ["trace()"],
    "member_descriptor": ["Slotted.x"], "frame": [],
}
SKIPPED_METHODS = {
    "__class__", "__reduce__", "__reduce_ex__", "__dir__", "__subclasses__", "__del__", "__init_subclass__",
    "__getstate__", "__builtins__", "__globals__", "tb_frame", "__sizeof__", "gi_frame", "cr_frame", "ag_frame",
    "gi_code", "cr_code", "ag_code", "__prepare__", "__dict__", "co_positions", "co_lines", "_co_code_adaptive",
    "co_code", "co_linetable", "co_lnotab", "co_exceptiontable", "co_stacksize", "co_branches",
}
SKIPPED_FUNCTIONS = {
    "input", "exit", "quit", "help", "breakpoint", "open", "copyright", "credits", "license", "id", "globals",
    "locals", "vars", "dir", "__build_class__", "print", "__import__",
}
VALUE_HASH = {"int", "bool", "str", "bytes", "tuple", "frozenset", "range", "complex"}
ONE = ["0", "1", "-1", "2", "300", "10**20", "1.5", "nan", "'a'", "''", "'\\u20ac'", "b'a'", "None", "True", "[]", "[1]",
       "()", "('a', 1)", "{}", "{'a': 1}", "{1}", "int", "slice(1)", "object()", "Index()", "Plain()"]
TWO = ["0", "-1", "1.5", "'a'", "None", "[2]", "{'b': 2}", "10**20"]
THREE = ["(1, 2, 3)", "('a', 'b', 'c')", "(None, None, None)", "(0, [], 'x')", "(b'a', b'b', 1)", "('a', 'b', 1, 2)",
         "(1, 2, 3, 4, 5)", "(1, 2, 3, 4, 5, 6, 7)"]
KEYWORDS = ["{'x': 1}", "{'key': None}", "{'default': 1}", "{'sep': 'a'}", "{'encoding': 'ascii'}", "{'': 1}"]

PROGRAM = r'''
import sys
nan = float("nan")
class Plain:
    "Doc."
    def method(self): return "called"
    def __repr__(self): return "Plain()"
class Slotted: __slots__ = ("x",)
class Index:
    def __index__(self): return 1
    def __repr__(self): return "Index()"
def plain(a=1): return a
def generator(): yield 1; yield 2
async def coroutine(): return 1
async def asyncgen(): yield 1
def cell(): return (lambda x: (lambda: x))(1).__closure__[0]
def trace():
    try: 1 / 0
    except Exception as error: return error.__traceback__
started = int(sys.argv[1])
cases = CASES
def brief(value):
    text = ascii(value)
    if len(text) > 300: text = text[:200] + "..." + text[-60:] + str(len(text))
    return text
def attempt(number, text, receiver, name, args, keywords):
    if number < started: return
    print("#", number, text, flush=True)
    self = None
    try:
        if receiver is None:
            function = eval(name)
        else:
            self = eval(receiver)
            function = getattr(self, name)
        values = eval(args)
        if keywords: result = function(*values, **eval(keywords))
        else: result = function(*values)
        line = "= " + brief(result)
        if type(result).__name__ == "coroutine": result.close()
    except BaseException as error:
        line = "! " + type(error).__name__ + ": " + ascii(str(error))[:400]
    if receiver is not None:
        try: line += " -> " + brief(self)
        except BaseException as error: line += " -> ! " + ascii(str(error))
        if type(self).__name__ == "coroutine": self.close()
    print(line, flush=True)
for number, case in enumerate(cases): attempt(number, *case)
'''

LISTING = r'''
import sys
nan = float("nan")
class Plain:
    def method(self): pass
class Slotted: __slots__ = ("x",)
def plain(a=1): return a
def generator(): yield 1
async def coroutine(): return 1
async def asyncgen(): yield 1
def cell(): return (lambda x: (lambda: x))(1).__closure__[0]
def trace():
    try: 1 / 0
    except Exception as error: return error.__traceback__
for text in eval(sys.argv[1]):
    value = eval(text)
    print(text, *[name for name in dir(value) if callable(getattr(value, name, None))], sep="\t")
    if type(value).__name__ == "coroutine": value.close()
'''


def argument_lists():
    yield "()", ""
    for one in ONE:
        yield "(%s,)" % one, ""
    for first in TWO:
        for second in TWO:
            yield "(%s, %s)" % (first, second), ""
    for three in THREE:
        yield three, ""
    for keywords in KEYWORDS:
        yield "()", keywords
        yield "(1,)", keywords


def endless(receiver, name, args):
    """Would the call compute a number that no memory holds?"""
    if "pow" not in name:
        return False
    return "10**20" in args or "2**70" in (receiver or "") and name == "__rpow__"


def by_address(args):
    """Does an argument's place in a set depend on its address?"""
    return any(word in args for word in ("object", "Plain", "Index", "int"))


def method_cases(oracle, folder, only):
    """(group, cases) for every type."""
    listing = folder / "listing.py"
    listing.write_text(LISTING, encoding="utf-8")
    texts = [text for group in RECEIVERS.values() for text in group]
    done = oracle.run(listing, repr(texts))
    if done.code:
        sys.exit("errors: the oracle ended with %s" % done.err)
    methods = {}
    for line in done.out.splitlines():
        text, *names = line.split("\t")
        methods[text] = [name for name in names if name not in SKIPPED_METHODS]
    for group, receivers in RECEIVERS.items():
        cases = []
        for receiver in receivers:
            for name in methods[receiver]:
                if name == "__hash__" and group not in VALUE_HASH:
                    continue
                if only and only not in group + "." + name:
                    continue
                for args, keywords in argument_lists():
                    if endless(receiver, name, args) or group == "set" and name == "add" and by_address(args):
                        continue
                    text = "(%s).%s(*%s%s)" % (receiver, name, args, keywords and ", **" + keywords)
                    cases.append((text, receiver, name, args, keywords))
        yield group, cases


def function_cases(oracle, folder, only):
    listing = folder / "builtins.py"
    listing.write_text("import sys\nb = sys.modules['builtins']\nprint(*[n for n in dir(b) if callable(getattr(b, n))])\n")
    for name in oracle.run(listing).out.split():
        if name in SKIPPED_FUNCTIONS or name.startswith("_") or only and only not in "builtins." + name:
            continue
        cases = []
        for args, keywords in argument_lists():
            if endless(None, name, args) or name == "hash" and (by_address(args) or "nan" in args or "None" in args):
                continue
            cases.append(("%s(*%s%s)" % (name, args, keywords and ", **" + keywords), None, name, args, keywords))
        yield "builtins." + name, cases


def main():
    parser = pair.arguments(__doc__)
    parser.add_argument("--only", default="", help="calls whose TYPE.METHOD contains this (builtins.NAME for functions)")
    parser.add_argument("--list", action="store_true", help="print how many calls there are, make none")
    options = parser.parse_args()
    oracle, apus = pair.Interpreter(options.oracle), pair.Interpreter(options.apus)
    pair.limit_memory(8)
    report = pair.Report(options.show)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        groups = [*method_cases(oracle, folder, options.only), *function_cases(oracle, folder, options.only)]
        if options.list:
            print(sum(len(cases) for _, cases in groups), "calls")
            return 0
        for group, cases in groups:
            if not cases:
                continue
            program = folder / "calls.py"
            program.write_text(PROGRAM.replace("CASES", "[\n" + ",\n".join(map(repr, cases)) + "]"), encoding="utf-8")
            expected = pair.answers(oracle, program, len(cases))
            found = pair.answers(apus, program, len(cases))
            before = report.differences
            for number, case in enumerate(cases):
                report.compare(case[0], expected.get(number, "not reached"), found.get(number, "not reached"))
            print("%-28s %6d calls, %d different" % (group, len(cases), report.differences - before), flush=True)
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
