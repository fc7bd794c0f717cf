"""The trace of the machine: instruction by instruction, with the value stack before and after.

    apus --trace[=json] [--trace-limit N] [--trace-all] [--trace-stamps] [--trace-file FILE] PROGRAM
    result, steps = apus.trace(function, 1, 2)

In text, a line tells which frame runs, then there is a line for each of its instructions: line of the
source, offset, name, argument, the value stack before and after (top at the right, each value with its
number of references, `∞` for an immortal one), the block stack. Where an instruction runs another frame,
`…` stands for what comes after; the frame's next line shows it. In JSON there is an object for each line.
"""
import _thread
import dis
import functools
import json
import sys
import time
import types

import _machine

__all__ = ['Step', 'Tracer', 'Writer', 'run', 'trace']

_GENERATORS = 0x20 | 0x80 | 0x200  # flags of generators, coroutines, asynchronous generators
_LEAVES = frozenset(('RETURN_VALUE', 'YIELD_VALUE', 'YIELD_FROM'))
_name_of = type.__dict__['__name__'].__get__


class Step:
    """One instruction that ran.

    thread and frame are numbers that tell threads and frames apart. before and after are lists of
    (text, references), the top of the stack last; references is None for an immortal value, 0 for a NULL.
    after is None as long as the instruction is not over. blocks is a list of (kind, handler, level), the
    innermost last. stamp is the time-stamp counter at the start, time what the instruction took, tracing
    included, in nanoseconds.
    """

    __slots__ = ('thread', 'frame', 'function', 'file', 'line', 'offset', 'opcode', 'name', 'arg', 'argument',
                 'before', 'after', 'blocks', 'stamp', 'time')

    def __init__(self, **values):
        for name in self.__slots__:
            setattr(self, name, values.get(name))

    @property
    def depth(self):
        """The depth of the value stack after the instruction, None while it is not over."""
        return None if self.after is None else len(self.after)

    def __str__(self):
        argument = '' if self.arg is None else str(self.arg)
        if self.argument:
            argument += ' (%s)' % (self.argument if len(self.argument) <= 40 else self.argument[:37] + '...')
        blocks = ''.join('  {%s to %d at %d}' % block for block in self.blocks)
        return '%5s %5d %-20s %-18s %s -> %s%s' % (
            '' if self.line is None else self.line, self.offset, self.name, argument, _show_stack(self.before),
            '…' if self.after is None else _show_stack(self.after), blocks)

    def as_dict(self):
        """Return the step as a dict of what JSON knows."""
        def stack(entries):
            return entries and [{'value': text, 'references': count} for text, count in entries]
        values = {name: getattr(self, name) for name in self.__slots__}
        values.update(before=stack(self.before), after=stack(self.after),
                      blocks=[dict(zip(('kind', 'handler', 'level'), block)) for block in self.blocks])
        return values


def _show_stack(stack):
    return '[%s]' % ', '.join(text if count == 0 else '%s×%s' % (text, '∞' if count is None else count)
                              for text, count in stack)


def _text(value):
    """A short text for a value; nothing of the traced program runs for it."""
    if type(value) in (int, float, complex, str, bytes, bool, type(None), type(...)):
        if type(value) is int and value.bit_length() > 256:
            return '<int of %d bits>' % value.bit_length()
        if type(value) in (str, bytes):
            value = value[:32]
        shown = repr(value)
        return shown if len(shown) <= 24 else shown[:21] + '...'
    if type(value) in (types.FunctionType, types.BuiltinFunctionType):
        return '<%s %s>' % (type(value).__name__, value.__name__)
    if isinstance(value, type):
        return '<type %s>' % _name_of(value)
    return '<%s>' % _name_of(type(value))


class Tracer:
    """A trace function that makes steps.

    report is called with each step once, in the order in which they begin: when the step is over or
    something inside it begins. wanted tells for a frame whether it is traced. After limit steps no more
    are made.
    """

    def __init__(self, report, wanted, limit=None):
        self.report, self.wanted, self.limit = report, wanted, limit
        self.count = 0
        self._instructions = {}
        # Frames are known by their id, so that none lives longer than without the trace.
        self._numbers, self._open, self._made = {}, {}, 0
        self._threads, self._waiting = {}, {}

    @property
    def is_exhausted(self):
        """Whether the limit is reached."""
        return self.limit is not None and self.count >= self.limit

    def __call__(self, frame, event, argument):
        if event != 'call' or self.is_exhausted or not self.wanted(frame):
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        if id(frame) not in self._numbers:
            self._numbers[id(frame)] = self._made
            self._made += 1
        return self._event

    def _event(self, frame, event, argument):
        if event == 'opcode':
            stack = _stack(frame)
            self._close(frame, stack)
            if self.is_exhausted:
                return None
            self.count += 1
            self._begin(frame, stack)
        elif event == 'return':
            step = self._open.get(id(frame))
            leaves = step is not None and step.name in _LEAVES
            self._close(frame, _stack(frame) if leaves else [])
            if not (leaves and step.name != 'RETURN_VALUE' and frame.f_code.co_flags & _GENERATORS):
                self._numbers.pop(id(frame), None)
        return self._event

    def _begin(self, frame, stack):
        code = frame.f_code
        table = self._instructions.get(code)
        if table is None:
            table = self._instructions[code] = {one.offset: one for one in dis.get_instructions(code)}
        one = table[frame.f_lasti]
        step = Step(thread=self._threads.setdefault(_thread.get_ident(), len(self._threads)),
                    frame=self._numbers.get(id(frame), 0), function=code.co_qualname, file=code.co_filename,
                    line=frame.f_lineno, offset=one.offset, opcode=one.opcode, name=one.opname, arg=one.arg,
                    argument=one.argrepr, before=stack, blocks=_machine.blocks(frame),
                    stamp=_machine.time_stamp(), time=time.perf_counter_ns())
        self._tell(step.thread)
        self._open[id(frame)] = self._waiting[step.thread] = step

    def _close(self, frame, after):
        step = self._open.pop(id(frame), None)
        if step is not None:
            step.after, step.time = after, time.perf_counter_ns() - step.time
            if self._waiting.get(step.thread) is step:
                self._tell(step.thread)

    def _tell(self, thread):
        """Report the step that waits to be over."""
        step = self._waiting.pop(thread, None)
        if step is not None:
            self.report(step)

    def finish(self):
        """Report what never was over."""
        for thread in list(self._waiting):
            self._tell(thread)


def _stack(frame):
    return [(_text(entry[0]), entry[1]) if entry else ('NULL', 0) for entry in _machine.stack(frame)]


def _code_of(function):
    """The code that a call of something runs first."""
    found = function
    while True:
        if isinstance(found, types.FunctionType):
            return found.__code__
        if isinstance(found, types.MethodType):
            found = found.__func__
        elif isinstance(found, functools.partial):
            found = found.func
        else:
            found = found.__init__ if isinstance(found, type) else getattr(type(found), '__call__', None)
            if not isinstance(found, types.FunctionType):
                raise TypeError("trace() needs something written in Python, not %s" % type(function).__name__)


def trace(function, /, *args, report=None, limit=None, everything=False, **keywords):
    """Call function and return (result, steps).

    Only its own code is traced, with everything what it calls too. With report, a function, each step is
    handed to it as it happens and steps is empty. After limit steps the function runs on untraced.
    """
    steps = []
    code = _code_of(function)
    tracer = Tracer(report or steps.append, lambda frame: everything or frame.f_code is code, limit)
    old = sys.gettrace()
    sys.settrace(tracer)
    try:
        result = function(*args, **keywords)
    finally:
        sys.settrace(old)
        tracer.finish()
    return result, steps


class Writer:
    """Writes steps to a stream, as text or with a JSON object on each line."""

    def __init__(self, stream, format='text', stamps=False):
        self.stream, self.format, self.stamps = stream, format, stamps
        self._place = None

    def __call__(self, step):
        if self.format == 'json':
            self.stream.write(json.dumps(step.as_dict()) + '\n')
            return
        place = step.thread, step.frame
        if place != self._place:
            self._place = place
            thread = '' if step.thread == 0 else 'thread %d, ' % step.thread
            self.stream.write('%sframe %d: %s in %s\n' % (thread, step.frame, step.function,
                                                          step.file.rpartition('/')[2]))
        line = str(step)
        self.stream.write(('%16d %s\n' % (step.stamp, line)) if self.stamps else line + '\n')


def run(path, arguments=(), *, report, limit=None, everything=False):
    """Run a program file as `__main__`, each of its steps handed to report."""
    with open(path, 'rb') as file:
        code = compile(file.read(), path, 'exec')
    main = types.ModuleType('__main__')
    main.__file__ = path
    sys.modules['__main__'] = main
    sys.argv[:] = [path, *arguments]
    tracer = Tracer(report, lambda frame: everything or frame.f_code.co_filename == path, limit)
    sys.settrace(tracer)
    try:
        exec(code, main.__dict__)
    finally:
        sys.settrace(None)
        tracer.finish()
