"""Runs one module of CPython's tests in the interpreter under test and prints a line for every method.

    APUS methods.py UNIT [FILE]

UNIT is a module of the package `test` as `python -m test` names it: test_int, test_asyncio.test_tasks.
FILE holds names of methods, one a line: those lines that start with + are the only ones to run, those
with - are left out. The surroundings are those of `python -m test` without -u: no resources, no big
memory, not verbose. A line of output that counts starts with "@@", and its fields are separated by
tabs: "begin NAME", "STATE NAME REASON", and "end COUNT" when the run got through. A name is the
method's id without the module's; it ends in "(class)" for what went wrong outside the methods.
"""
import importlib, os, sys, unittest

OUTPUT = sys.stdout
# Extension modules that exist to test CPython's own C code. Nobody else has them.
PRIVATE = {
    "_ctypes_test", "_testbuffer", "_testcapi", "_testclinic", "_testclinic_limited", "_testexternalinspection",
    "_testimportmultiple", "_testinternalcapi", "_testlimitedcapi", "_testmultiphase", "_testsinglephase",
    "_xxtestfuzz", "xxlimited", "xxlimited_35", "xxsubtype",
}
NEEDS = "needs CPython's private module "
SEVERITY = ["ok", "expected failure", "skip", "unexpected success", "fail", "error"]


def tell(*fields):
    text = "\t".join(" ".join(str(field).split("\n"))[:300].replace("\t", " ") for field in fields)
    try:
        OUTPUT.write("@@" + text + "\n")
        OUTPUT.flush()
    except (OSError, ValueError):  # a test has closed it
        os.write(1, ("@@" + text + "\n").encode("ascii", "backslashreplace"))


class Inert:
    """Anything that a private module would hold. A class body may use it; a test that does is skipped."""

    armed = False  # set once the tests are loaded

    def __init__(self, name):
        self.__dict__["name"] = name

    def touch(self, *arguments, **keywords):
        if Inert.armed:
            raise unittest.SkipTest(NEEDS + self.__dict__["name"])
        return self

    def __getattr__(self, name):
        if name[:2] == "__":
            raise AttributeError(name)
        return self.touch()

    def __mro_entries__(self, bases):
        return ()

    def __index__(self):
        self.touch()
        return 0

    def __bool__(self):
        self.touch()
        return False

    def __iter__(self):
        self.touch()
        return iter(())

    def __hash__(self):
        return id(self)

    def __eq__(self, other):
        self.touch()
        return self is other


for operation in ("call getitem enter exit neg invert lt le gt ge add radd sub rsub mul rmul floordiv truediv mod "
                  "pow rpow lshift rlshift rshift and or ror").split():
    setattr(Inert, "__%s__" % operation, Inert.touch)


def no_recursion_depth():
    raise ImportError  # test.support counts frames then


# What test.support asks of a private module on behalf of tests that have nothing private.
ANSWERS = {
    "get_config": lambda: {"code_debug_ranges": True},
    "get_recursion_depth": no_recursion_depth,
    "suppress_immortalization": lambda *arguments: None,
    "get_immortalize_deferred": lambda: False,
    "get_optimizer": lambda: None,
    "set_optimizer": lambda optimizer: None,
}


def free_tools():
    """A test that was cut short may have kept sys.monitoring's tools."""
    for tool in range(6):
        if sys.monitoring.get_tool(tool) is not None:
            sys.monitoring.free_tool_id(tool)


class InertModule(type(sys)):
    def __getattr__(self, name):
        if name[:2] == "__":
            raise AttributeError(name)
        if self.__name__ == "_testinternalcapi" and name in ANSWERS:
            return ANSWERS[name]
        return Inert(self.__name__).touch()


class InertModules:
    """Finds an inert module for every private one."""

    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self) if name in PRIVATE else None

    def create_module(self, spec):
        return InertModule(spec.name)

    def exec_module(self, module):
        pass


class Result(unittest.TestResult):
    """Reports a method as soon as it stops; of several outcomes (subtests) the worst."""

    def __init__(self, unit):
        super().__init__()
        self.prefix = "test." + unit + "."
        self.test = self.name = None

    def startTest(self, test):
        self.testsRun += 1
        self.test, self.name = test, test.id().removeprefix(self.prefix)
        self.state, self.reason = "", ""
        tell("begin", self.name)

    def stopTest(self, test):
        tell(self.state or "error", self.name, self.reason)
        self.test = None

    def add(self, test, state, reason=""):
        if test is not self.test:  # a class's or the module's set-up
            if state not in ("ok", "skip"):
                tell(state, test.id().removeprefix(self.prefix) + "(class)", reason)
        elif not self.state or SEVERITY.index(state) > SEVERITY.index(self.state):
            self.state, self.reason = state, reason

    def raised(self, test, state, error, what=""):
        self.add(test, state, "%s%s: %s" % (what, error[0].__name__, error[1]))

    def addSuccess(self, test):
        self.add(test, "ok")

    def addFailure(self, test, error):
        self.raised(test, "fail", error)

    def addError(self, test, error):
        self.raised(test, "error", error)

    def addSubTest(self, test, subtest, error):
        if error is not None:
            failed = issubclass(error[0], test.failureException)
            self.raised(test, "fail" if failed else "error", error, subtest._subDescription() + " ")

    def addSkip(self, test, reason):
        self.add(getattr(test, "test_case", test), "skip", reason)
        if reason.startswith(NEEDS):
            free_tools()

    def addExpectedFailure(self, test, error):
        self.add(test, "expected failure")

    def addUnexpectedSuccess(self, test):
        self.add(test, "unexpected success")

    def addDuration(self, test, elapsed):
        pass


def set_up():
    import faulthandler, random
    from test import support
    from test.support import os_helper
    sys.stdout.reconfigure(errors="backslashreplace")
    faulthandler.enable(all_threads=True)
    sys.addaudithook(lambda event, arguments: None)
    random.seed(3_13)
    support.verbose, support.failfast, support.use_resources = 0, False, []
    support.max_memuse = support.real_max_memuse = 0
    support.record_original_stdout(sys.stdout)
    if os_helper.TESTFN_UNDECODABLE:
        os.environb.setdefault(b"PYTHONREGRTEST_UNICODE_GUARD", os_helper.TESTFN_UNDECODABLE)


def flat(suite):
    for test in suite:
        if isinstance(test, unittest.BaseTestSuite):
            yield from flat(test)
        else:
            yield test


def want_of_private(suite):
    """Could a part of the suite not be loaded because a private module is missing?"""
    for test in flat(suite):
        kind = type(test).__name__
        if kind == "_FailedTest":
            reason = str(getattr(test, "_exception", ""))
        elif kind == "ModuleSkipped":
            reason = str(getattr(getattr(test, test._testMethodName), "__unittest_skip_why__", ""))
        else:
            continue
        if any(name in reason for name in PRIVATE):
            return True
    return False


def load(name):
    """The tests of a module; with inert modules in the place of the private ones where it needs them."""
    try:
        suite = unittest.TestLoader().loadTestsFromModule(importlib.import_module(name))
        if not want_of_private(suite):
            return suite
    except (ImportError, unittest.SkipTest) as error:
        if not any(private in str(error) for private in PRIVATE):
            raise
    sys.meta_path.append(InertModules())
    for loaded in [loaded for loaded in sys.modules if loaded == name or loaded.startswith(name + ".")]:
        del sys.modules[loaded]
    return unittest.TestLoader().loadTestsFromModule(importlib.import_module(name))


def choose(suite, unwanted):
    suite._tests = [test for test in suite if isinstance(test, unittest.BaseTestSuite) or not unwanted(test)]
    for test in suite:
        if isinstance(test, unittest.BaseTestSuite):
            choose(test, unwanted)


def main():
    unit, *files = sys.argv[1:]
    del sys.argv[1:]
    sys.path[0] = os.getcwd()
    chosen = []
    for path in files:
        with open(path, encoding="utf-8") as file:
            chosen = file.read().splitlines()
    only = {line[1:] for line in chosen if line[0] == "+"}
    without = {line[1:] for line in chosen if line[0] == "-"}
    set_up()
    try:
        suite = load("test." + unit)
    except unittest.SkipTest as error:
        tell("end", 0, error)
        return
    result = Result(unit)

    def unwanted(test):
        name = test.id().removeprefix(result.prefix)
        return name in without or only and name not in only

    choose(suite, unwanted)
    Inert.armed = True
    suite(result)
    tell("end", result.testsRun)


if __name__ == "__main__":
    main()
