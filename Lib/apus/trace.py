"""The trace of the machine: instruction by instruction, with the value stack before and after.

    python -m apus.trace [--json] [--limit N] [--all] PROGRAM [ARGUMENT...]
    python -m apus.trace --profile PROGRAM [ARGUMENT...]

One line for an instruction: line of the source, offset, name, argument, the stack before and after (top at
the right, each value with its number of references, `∞` for an immortal one), the blocks. Only the program's
own file is traced, unless --all is given.
"""
import dis
import sys
import time
import types

import _machine

__all__ = ['Step', 'trace', 'profile', 'run']


class Step:
    """One instruction that ran.

    frame is a number that tells frames apart; before and after are lists of (text, references) with the
    top of the stack last, blocks a list of (kind, handler, level); time is in nanoseconds.
    """

    __slots__ = ('frame', 'function', 'line', 'offset', 'name', 'argument', 'before', 'after', 'blocks', 'time')

    def __init__(self, **values):
        for name in self.__slots__:
            setattr(self, name, values.get(name))

    @property
    def depth(self):
        """The depth of the value stack after the instruction."""
        return len(self.after)

    def __str__(self):
        def show(stack):
            return '[%s]' % ', '.join('%s×%s' % (text, '∞' if count is None else count) for text, count in stack)
        blocks = ''.join('  {%s to %d at %d}' % block for block in self.blocks)
        return '%5s %5d %-22s %-16s %s -> %s%s' % (self.line or '', self.offset, self.name, self.argument or '',
                                                show(self.before), show(self.after), blocks)

    def as_dict(self):
        """Return the step as a dict of plain values."""
        return {name: getattr(self, name) for name in self.__slots__}


class _Tracer:
    def __init__(self, report, wanted, limit):
        self.report, self.wanted, self.limit = report, wanted, limit
        self.instructions, self.numbers, self.open, self.count = {}, {}, {}, 0

    def __call__(self, frame, event, argument):
        if event != 'call' or not self.wanted(frame.f_code):
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        # A generator comes here each time it goes on.
        self.numbers.setdefault(frame, len(self.numbers))
        return self.instruction

    def instruction(self, frame, event, argument):
        if event == 'opcode':
            self.close(frame, self.stack(frame))
            if self.limit is not None and self.count >= self.limit:
                sys.settrace(None)
                return None
            self.count += 1
            code = frame.f_code
            if code not in self.instructions:
                self.instructions[code] = {one.offset: one for one in dis.get_instructions(code)}
            one = self.instructions[code][frame.f_lasti]
            self.open[frame] = Step(frame=self.numbers[frame], function=code.co_qualname, line=frame.f_lineno,
                                    offset=one.offset, name=one.opname, argument=one.argrepr,
                                    before=self.stack(frame), blocks=_machine.blocks(frame),
                                    time=time.perf_counter_ns())
        elif event == 'return':
            self.close(frame, [])
        return self.instruction

    def close(self, frame, after):
        step = self.open.pop(frame, None)
        if step is not None:
            step.after, step.time = after, time.perf_counter_ns() - step.time
            self.report(step)

    def stack(self, frame):
        return [(_text(*entry[:1]), entry[1]) if entry else ('NULL', 0) for entry in _machine.stack(frame)]


def _text(value):
    """A short text for a value; nothing of the traced program runs for it."""
    if type(value) in (int, float, complex, str, bytes, bool, type(None), type(...)):
        shown = repr(value)
        return shown if len(shown) <= 24 else shown[:21] + '...'
    if isinstance(value, (types.FunctionType, types.BuiltinFunctionType, type)):
        return '<%s %s>' % (type(value).__name__, value.__name__)
    return '<%s>' % type(value).__name__


def trace(function, *args, report=None, limit=None, **keywords):
    """Call function and return (result, steps); only its own code is traced.

    With report, a function, each step is handed to it as it happens and steps is empty.
    """
    steps = []
    code = function.__code__
    tracer = _Tracer(report or steps.append, lambda one: one is code, limit)
    old = sys.gettrace()
    sys.settrace(tracer)
    try:
        result = function(*args, **keywords)
    finally:
        sys.settrace(old)
    return result, steps


def profile(function, *args, **keywords):
    """Call function and return {instruction: (count, nanoseconds)}; only its own code is counted."""
    counts = {}

    def count(step):
        number, total = counts.get(step.name, (0, 0))
        counts[step.name] = number + 1, total + step.time
    trace(function, *args, report=count, **keywords)
    return counts


def run(path, arguments=(), *, report, limit=None, everything=False):
    """Run a program file as `__main__`, each of its steps handed to report."""
    with open(path, 'rb') as file:
        code = compile(file.read(), path, 'exec')
    main = types.ModuleType('__main__')
    main.__file__ = path
    sys.modules['__main__'] = main
    sys.argv[:] = [path, *arguments]
    tracer = _Tracer(report, lambda one: everything or one.co_filename == path, limit)
    sys.settrace(tracer)
    try:
        exec(code, main.__dict__)
    finally:
        sys.settrace(None)


def _main():
    import argparse
    import json
    parser = argparse.ArgumentParser(prog='python -m apus.trace', description='Trace the machine.')
    parser.add_argument('--json', action='store_true', help='one JSON object for a step')
    parser.add_argument('--limit', type=int, help='stop after so many steps')
    parser.add_argument('--all', action='store_true', help='other files too')
    parser.add_argument('--profile', action='store_true', help='count instructions instead')
    parser.add_argument('program')
    parser.add_argument('arguments', nargs=argparse.REMAINDER)
    options = parser.parse_args()
    counts = {}

    def count(step):
        number, total = counts.get(step.name, (0, 0))
        counts[step.name] = number + 1, total + step.time

    def write(step):
        print(json.dumps(step.as_dict()) if options.json else step, file=sys.stderr)
    run(options.program, options.arguments, report=count if options.profile else write, limit=options.limit,
        everything=options.all)
    for name, (number, total) in sorted(counts.items(), key=lambda item: -item[1][1]):
        print('%-24s %10d times %12d ns %8d ns each' % (name, number, total, total // number), file=sys.stderr)


if __name__ == '__main__':
    _main()
