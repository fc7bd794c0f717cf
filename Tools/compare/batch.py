"""Runs many programs in one interpreter, each in a fork of its own (run by fuzz.py, not by hand).

    batch.py PROGRAMS RESULTS FOLDER SECONDS

PROGRAMS is a JSON list of source texts. RESULTS gets one JSON line for each: [status, output, errors], with
a negative status for the signal that ended it. The programs run in FOLDER, at most SECONDS each, one after
the other, as `__main__`, and end as a program ends: with finalisers, exit functions and flushed streams.
"""
import json, linecache, os, resource, signal, sys, types
# What programs import often is imported once, before the forks.
import abc, collections, contextlib, copy, dataclasses, enum, functools, io, itertools, math  # noqa: F401
import operator, random, re, string, struct, textwrap, threading, time, traceback, typing, warnings  # noqa: F401

NAME = "program.py"
LIMIT = 30000  # bytes kept of each stream


def run(text):
    """Runs TEXT as `__main__`; returns the exit status."""
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    sys.argv[:] = [NAME]
    linecache.cache[NAME] = len(text), None, text.splitlines(True), NAME
    main.__file__ = NAME
    try:
        exec(compile(text, NAME, "exec"), main.__dict__)
    except SystemExit:
        raise
    except BaseException as error:
        trace = error.__traceback__.tb_next  # without this function
        sys.excepthook(type(error), error.with_traceback(trace), trace)
        return 1
    return 0


def begin(out, err, seconds):
    """Makes the fork ready: its streams, its limits."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in (nothing, 0), (out, 1), (err, 2):
        os.dup2(source, target)
    signal.alarm(seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (20 << 20, 20 << 20))


def main():
    programs, results, folder, seconds = sys.argv[1:]
    with open(programs, encoding="utf-8", errors="surrogatepass") as file:
        texts = json.load(file)
    done = sum(1 for _ in open(results)) if os.path.exists(results) else 0
    os.chdir(folder)
    log = os.open(results, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for text in texts[done:]:
        files = [os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC) for name in ("out", "err")]
        child = os.fork()
        if child == 0:
            os.close(log)
            begin(*files, int(seconds))
            return run(text)
        _, status = os.waitpid(child, 0)
        streams = []
        for file in files:
            os.lseek(file, 0, os.SEEK_SET)
            streams.append(os.read(file, LIMIT).decode("utf-8", "backslashreplace"))
            os.close(file)
        for name in os.listdir("."):  # what a program left behind
            if os.path.isfile(name) and not os.path.islink(name):
                os.remove(name)
        line = json.dumps([os.waitstatus_to_exitcode(status), *streams])
        os.write(log, line.encode() + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
