# What the files of this folder share. `main(globals())` at a file's end runs its functions named
# test_*, or those named on the command line, and prints a line for each. Imports only sys.
import sys


def describe(exception):
    """An exception as 'Type: message'."""
    return type(exception).__name__ + ": " + str(exception)


def error(call, *args, **keywords):
    """The exception that CALL raises, as 'Type: message'."""
    try:
        call(*args, **keywords)
    except BaseException as exception:
        return describe(exception)
    return "nothing raised"


def main(namespace):
    if namespace["__name__"] != "__main__":
        return
    names = sys.argv[1:] or [name for name in namespace if name.startswith("test_")]
    failed = 0
    for name in names:
        try:
            namespace[name]()
        except BaseException as exception:
            failed += 1
            line = 0
            trace = exception.__traceback__
            while trace is not None:
                if trace.tb_frame.f_globals is namespace:
                    line = trace.tb_lineno
                trace = trace.tb_next
            print("FAIL", name, "line", line, describe(exception).replace("\n", "\\n"), flush=True)
        else:
            print("ok", name, flush=True)
    print(len(names) - failed, "passed,", failed, "failed", flush=True)
    sys.exit(1 if failed else 0)
