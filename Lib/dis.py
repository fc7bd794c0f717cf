"""Disassembler of code objects.

The interface is that of CPython 3.13, the listings are those of 3.6 to 3.10: line, offset, instruction,
argument. With adaptive=True the form that the instruction has taken on in the quickened code stands
beside it, with show_caches=True the counter of its inline cache too.
"""

import collections
import io
import sys
import types

from opcode import *
from opcode import __all__ as _opcode_names
from opcode import _intrinsics

__all__ = ["code_info", "dis", "disassemble", "distb", "disco", "findlinestarts", "findlabels",
           "show_code", "get_instructions", "Instruction", "Bytecode"] + _opcode_names
del _opcode_names

_have_code = (types.MethodType, types.FunctionType, types.CodeType, classmethod, staticmethod, type)

_CONVERSIONS = ('', 'str', 'repr', 'ascii')
_FUNCTION_PARTS = ('defaults', 'kwdefaults', 'annotations', 'closure')

# Names of the bits of co_flags.
COMPILER_FLAG_NAMES = {
    1: "OPTIMIZED",
    2: "NEWLOCALS",
    4: "VARARGS",
    8: "VARKEYWORDS",
    16: "NESTED",
    32: "GENERATOR",
    64: "NOFREE",
    128: "COROUTINE",
    256: "ITERABLE_COROUTINE",
    512: "ASYNC_GENERATOR",
}


def pretty_flags(flags):
    """Return the names of the bits that are set in co_flags."""
    names = []
    for bit in range(32):
        flag = 1 << bit
        if flags & flag:
            names.append(COMPILER_FLAG_NAMES.get(flag, hex(flag)))
            flags ^= flag
            if not flags:
                break
    else:
        names.append(hex(flags))
    return ", ".join(names)


# What can be disassembled

def _try_compile(source, name):
    """Compile a string, as an expression if it is one."""
    try:
        return compile(source, name, 'eval')
    except SyntaxError:
        return compile(source, name, 'exec')


def _get_code_object(x):
    """Return the code object behind a function, method, generator, class body, string..."""
    for attribute in ('__func__', '__code__', 'gi_code', 'ag_code', 'cr_code'):
        found = getattr(x, attribute, None)
        if found is not None:
            x = found
            if attribute != '__func__':
                break
    if isinstance(x, str):
        x = _try_compile(x, "<disassembly>")
    if hasattr(x, 'co_code'):
        return x
    raise TypeError(f"don't know how to disassemble {type(x).__name__} objects")


def _plain(x):
    """Take a method, function or generator down to what has a body, without compiling strings."""
    if hasattr(x, '__func__'):
        x = x.__func__
    for attribute in ('__code__', 'gi_code', 'ag_code', 'cr_code'):
        if hasattr(x, attribute):
            return getattr(x, attribute)
    return x


def dis(x=None, *, file=None, depth=None, show_caches=False, adaptive=False, show_offsets=False):
    """Disassemble a class, method, function, generator, code object, string or raw code.

    With no argument, disassemble the last traceback. Nested code objects follow, to the given depth.
    """
    if x is None:
        distb(file=file, show_caches=show_caches, adaptive=adaptive, show_offsets=show_offsets)
        return
    x = _plain(x)
    if hasattr(x, '__dict__') and not hasattr(x, 'co_code'):
        for name, member in sorted(x.__dict__.items()):
            if isinstance(member, _have_code):
                print("Disassembly of %s:" % name, file=file)
                try:
                    dis(member, file=file, depth=depth, show_caches=show_caches, adaptive=adaptive,
                        show_offsets=show_offsets)
                except TypeError as error:
                    print("Sorry:", error, file=file)
                print(file=file)
    elif hasattr(x, 'co_code'):
        _disassemble_recursive(x, file=file, depth=depth, show_caches=show_caches, adaptive=adaptive)
    elif isinstance(x, (bytes, bytearray)):
        _write_listing(_instructions(x), -1, {}, file)
    elif isinstance(x, str):
        _disassemble_recursive(_try_compile(x, '<dis>'), file=file, depth=depth, show_caches=show_caches,
                               adaptive=adaptive)
    else:
        raise TypeError("don't know how to disassemble %s objects" % type(x).__name__)


def distb(tb=None, *, file=None, show_caches=False, adaptive=False, show_offsets=False):
    """Disassemble the innermost frame of a traceback (default: the last one)."""
    if tb is None:
        try:
            tb = sys.last_exc.__traceback__ if hasattr(sys, 'last_exc') else sys.last_traceback
        except AttributeError:
            raise RuntimeError("no last traceback to disassemble") from None
        while tb.tb_next:
            tb = tb.tb_next
    disassemble(tb.tb_frame.f_code, tb.tb_lasti, file=file, show_caches=show_caches, adaptive=adaptive)


def disassemble(co, lasti=-1, *, file=None, show_caches=False, adaptive=False, show_offsets=False):
    """Disassemble a code object; an arrow marks the instruction at offset lasti."""
    starts = _line_starts(co)
    _write_listing(_code_instructions(co, starts, 0, show_caches, adaptive), lasti, starts, file)


disco = disassemble


def _disassemble_recursive(co, *, file=None, depth=None, show_caches=False, adaptive=False):
    disassemble(co, file=file, show_caches=show_caches, adaptive=adaptive)
    if depth is None or depth > 0:
        if depth is not None:
            depth -= 1
        for constant in co.co_consts:
            if hasattr(constant, 'co_code'):
                print(file=file)
                print("Disassembly of %r:" % (constant,), file=file)
                _disassemble_recursive(constant, file=file, depth=depth, show_caches=show_caches,
                                       adaptive=adaptive)


# Instructions

Positions = collections.namedtuple('Positions', ['lineno', 'end_lineno', 'col_offset', 'end_col_offset'],
                                   defaults=(None,) * 4)

_Instruction = collections.namedtuple(
    '_Instruction',
    ['opname', 'opcode', 'arg', 'argval', 'argrepr', 'offset', 'start_offset', 'starts_line',
     'line_number', 'label', 'positions', 'cache_info'],
    defaults=[None, None, None])

_Instruction.opname.__doc__ = "Name of the operation, of its quickened form with adaptive=True"
_Instruction.opcode.__doc__ = "Number of the operation"
_Instruction.arg.__doc__ = "Argument (with its extended bits), None when it has none"
_Instruction.argval.__doc__ = "What the argument stands for"
_Instruction.argrepr.__doc__ = "Text for the argument"
_Instruction.offset.__doc__ = "Where the operation is in the code, in bytes"
_Instruction.start_offset.__doc__ = "Where its EXTENDED_ARG prefixes begin"
_Instruction.starts_line.__doc__ = "True when a source line begins here"
_Instruction.line_number.__doc__ = "Source line, None when there is none"
_Instruction.label.__doc__ = "Number of the jump target, None when nothing jumps here"
_Instruction.positions.__doc__ = "Lines and columns it comes from"
_Instruction.cache_info.__doc__ = "(name, size, bytes) of the inline cache's counter, with show_caches=True"


class Instruction(_Instruction):
    """One instruction of a code string, as get_instructions() gives them."""

    @property
    def oparg(self):
        """The argument, under its other name."""
        return self.arg

    @property
    def baseopcode(self):
        """Number of the operation in the wordcode; quickened forms have none of their own."""
        return self.opcode

    @property
    def baseopname(self):
        """Name of the operation in the wordcode."""
        return opname[self.opcode]

    @property
    def cache_offset(self):
        """Where caches would begin: right after the instruction."""
        return self.end_offset

    @property
    def end_offset(self):
        """Where the next instruction begins."""
        return self.offset + 2

    @property
    def jump_target(self):
        """Offset of the instruction it jumps to, None when it is no jump."""
        return self.argval if self.opcode in hasjump else None

    @property
    def is_jump_target(self):
        """True when some instruction jumps here."""
        return self.label is not None

    def _line(self, line=None, line_width=0, offset_width=4, current=False):
        """The line of the listing for this instruction."""
        fields = []
        if line_width:
            fields.append(' ' * line_width if line is None else '%*d' % (line_width, line))
        fields.append('-->' if current else '   ')
        fields.append('>>' if self.is_jump_target else '  ')
        fields.append(repr(self.offset).rjust(offset_width))
        fields.append(self.baseopname.ljust(20))
        if self.arg is not None:
            fields.append(repr(self.arg).rjust(5))
            if self.argrepr:
                fields.append('(' + self.argrepr + ')')
        text = ' '.join(fields).rstrip()
        beside = []
        if self.opname != self.baseopname:
            beside.append(self.opname)
        if self.cache_info:
            beside += ['%s=%d' % (name, int.from_bytes(data, sys.byteorder, signed=True))
                       for name, size, data in self.cache_info]
        return text.ljust(line_width + offset_width + 50) + '  ' + ' '.join(beside) if beside else text

    def __str__(self):
        return self._line()


def _unpack_opargs(code):
    """Yield (offset, offset of its prefixes, opcode, argument) for every unit of a code string."""
    extended = 0
    start = None
    for offset in range(0, len(code) - 1, 2):
        opcode = code[offset]
        if start is None:
            start = offset
        if opcode >= HAVE_ARGUMENT:
            arg = code[offset + 1] | extended
            extended = arg << 8 if opcode == EXTENDED_ARG else 0
            if extended >= 1 << 31:
                extended -= 1 << 32
        else:
            arg = None
            extended = 0
        yield offset, start if opcode != EXTENDED_ARG else offset, opcode, arg
        if opcode != EXTENDED_ARG:
            start = None


def _jump_target(opcode, arg, offset):
    """Offset a jump goes to; None for other instructions."""
    if arg is None:
        return None
    if opcode in hasjrel:
        return offset + 2 + arg * 2
    if opcode in hasjabs:
        return arg * 2
    return None


def findlabels(code):
    """Return the offsets that the jumps of a code string go to, in order of the jumps."""
    labels = []
    for offset, _, opcode, arg in _unpack_opargs(code):
        target = _jump_target(opcode, arg, offset)
        if target is not None and target not in labels:
            labels.append(target)
    return labels


def findlinestarts(code):
    """Yield (offset, line) where the line changes; the line is None for code that has none."""
    last = False
    for start, _, line in code.co_lines():
        if start < 0:   # the definition, which has no code
            continue
        if line is not last and line != last:
            last = line
            yield start, line


def _line_starts(code):
    """Offsets at which a line number stands in the listing."""
    starts = {}
    last = None
    for start, end, line in code.co_lines():
        if start >= 0 and line is not None and line != last:
            last = line
            starts[start] = line
    return starts


def _describe(opcode, arg, offset, names, varnames, cells, constants):
    """Return (argval, argrepr) for an argument."""
    def entry(table):
        if table is None or not 0 <= arg < len(table):
            return arg, repr(arg)
        return table[arg], table[arg]

    if opcode in hasconst:
        if constants is None or not 0 <= arg < len(constants):
            return arg, repr(arg)
        return constants[arg], repr(constants[arg])
    if opcode in hasname:
        return entry(names)
    if opcode in hasjump:
        target = _jump_target(opcode, arg, offset)
        return target, "to " + repr(target)
    if opcode in haslocal:
        return entry(varnames)
    if opcode in hascompare and arg < len(cmp_op):
        return cmp_op[arg], cmp_op[arg]
    if opcode in hasfree:
        return entry(cells)
    name = opname[opcode]
    if name == 'FORMAT_VALUE':
        convert = (None, str, repr, ascii)[arg & 3]
        with_format = bool(arg & 4)
        text = _CONVERSIONS[arg & 3]
        if with_format:
            text += ', with format' if text else 'with format'
        return (convert, with_format), text
    if name == 'MAKE_FUNCTION':
        return arg, ', '.join(part for bit, part in enumerate(_FUNCTION_PARTS) if arg & 1 << bit)
    if opcode in _intrinsics:
        return arg, _intrinsics[opcode].get(arg, repr(arg))
    return arg, ''


def _instructions(code, names=None, varnames=None, cells=None, constants=None, lines=None, starts=None,
                  line_offset=0, positions=None, forms=None, show_caches=False, adaptive=False):
    """Yield the instructions of a code string.

    lines maps offsets to line numbers, starts has the offsets at which a line begins, forms is what
    _machine.quickened() tells.
    """
    labels = {target: number for number, target in enumerate(sorted(findlabels(code)), 1)}
    for offset, start, opcode, arg in _unpack_opargs(code):
        argval, argrepr = None, ''
        if arg is not None:
            argval, argrepr = _describe(opcode, arg, offset, names, varnames, cells, constants)
        line = lines.get(offset) if lines else None
        place = positions[offset // 2] if positions and offset // 2 < len(positions) else Positions()
        name, caches = opname[opcode], None
        if forms is not None and opcode != EXTENDED_ARG:
            quick, _, counter = forms[offset // 2]
            if adaptive:
                name = quick
            if show_caches and counter is not None:
                caches = [('counter', 2, counter.to_bytes(2, sys.byteorder, signed=True))]
        yield Instruction(name, opcode, arg, argval, argrepr, offset, start,
                          starts is not None and offset in starts,
                          None if line is None else line + line_offset, labels.get(offset), place, caches)


def _code_instructions(co, starts, line_offset=0, show_caches=False, adaptive=False):
    """Yield the instructions of a code object."""
    forms = None
    if show_caches or adaptive:
        from _machine import quickened
        forms = quickened(co)
    lines = {}
    for start, end, line in co.co_lines():
        for offset in range(start, end, 2):
            lines[offset] = line
    positions = None
    if hasattr(co, 'co_positions'):
        positions = [Positions(*place) for place in co.co_positions()]
    return _instructions(co.co_code, co.co_names, co.co_varnames, co.co_cellvars + co.co_freevars,
                         co.co_consts, lines, starts, line_offset, positions, forms, show_caches, adaptive)


def get_instructions(x, *, first_line=None, show_caches=None, adaptive=False):
    """Iterate over the instructions of a function, method, generator, string or code object.

    first_line is reported for the first source line, and the other lines move with it. With adaptive,
    opname is the form that the instruction has in the quickened code, baseopname that of the wordcode.
    """
    co = _get_code_object(x)
    line_offset = 0 if first_line is None else first_line - co.co_firstlineno
    return _code_instructions(co, _line_starts(co), line_offset, bool(show_caches), adaptive)


def _find_imports(co):
    """Yield (name, level, names) for the import statements of a code object, for modulefinder."""
    loaded = []
    for _, _, opcode, arg in _unpack_opargs(co.co_code):
        if opcode == opmap['LOAD_CONST']:
            loaded.append(co.co_consts[arg])
        elif opcode == opmap['IMPORT_NAME']:
            level, names = loaded[-2:]
            yield co.co_names[arg], level, names
            loaded.clear()
        elif opcode != EXTENDED_ARG:
            loaded.clear()


def _find_store_names(co):
    """Yield the names that a code object stores, for modulefinder."""
    stores = opmap['STORE_NAME'], opmap['STORE_GLOBAL']
    seen = set()
    for _, _, opcode, arg in _unpack_opargs(co.co_code):
        if opcode in stores and co.co_names[arg] not in seen:
            seen.add(co.co_names[arg])
            yield co.co_names[arg]


def _write_listing(instructions, lasti, starts, file, line_offset=0):
    """Print a listing; an empty starts leaves the column of lines out."""
    instructions = list(instructions)
    line_width = max(3, len(str(max(starts.values()) + line_offset))) if starts else 0
    last_offset = instructions[-1].offset if instructions else 0
    offset_width = max(4, len(str(last_offset)))
    for instruction in instructions:
        line = starts.get(instruction.offset)
        if line is not None:
            line += line_offset
            if instruction.offset > 0:
                print(file=file)
        print(instruction._line(line, line_width, offset_width, instruction.offset == lasti), file=file)


# Summaries

def code_info(x):
    """Return a text about a code object: its counts, flags, constants and names."""
    return _format_code_info(_get_code_object(x))


def _format_code_info(co):
    lines = ["Name:              %s" % co.co_name,
             "Filename:          %s" % co.co_filename,
             "Argument count:    %s" % co.co_argcount,
             "Positional-only arguments: %s" % co.co_posonlyargcount,
             "Kw-only arguments: %s" % co.co_kwonlyargcount,
             "Number of locals:  %s" % co.co_nlocals,
             "Stack size:        %s" % co.co_stacksize,
             "Flags:             %s" % pretty_flags(co.co_flags)]
    for title, items, show in (("Constants", co.co_consts, repr), ("Names", co.co_names, str),
                               ("Variable names", co.co_varnames, str),
                               ("Free variables", co.co_freevars, str),
                               ("Cell variables", co.co_cellvars, str)):
        if items:
            lines.append(title + ":")
            lines.extend("%4d: %s" % (index, show(item)) for index, item in enumerate(items))
    return "\n".join(lines)


def show_code(co, *, file=None):
    """Print what code_info() says."""
    print(code_info(co), file=file)


class Bytecode:
    """The instructions of a function, method, generator, string or code object.

    Iterating gives Instruction objects, dis() the listing, info() the summary.
    """

    def __init__(self, x, *, first_line=None, current_offset=None, show_caches=False, adaptive=False,
                 show_offsets=False):
        self.codeobj = co = _get_code_object(x)
        self.first_line = co.co_firstlineno if first_line is None else first_line
        self._line_offset = self.first_line - co.co_firstlineno
        self._original_object = x
        self.current_offset = current_offset
        self.exception_entries = ()
        self.show_caches = show_caches
        self.adaptive = adaptive
        self.show_offsets = show_offsets

    def __iter__(self):
        co = self.codeobj
        return _code_instructions(co, _line_starts(co), self._line_offset, self.show_caches, self.adaptive)

    def __repr__(self):
        return "{}({!r})".format(self.__class__.__name__, self._original_object)

    @classmethod
    def from_traceback(cls, tb, *, show_caches=False, adaptive=False):
        """Make one of the innermost frame of a traceback, with its current instruction marked."""
        while tb.tb_next:
            tb = tb.tb_next
        return cls(tb.tb_frame.f_code, current_offset=tb.tb_lasti, show_caches=show_caches,
                   adaptive=adaptive)

    def info(self):
        """Return the summary of the code object."""
        return _format_code_info(self.codeobj)

    def dis(self):
        """Return the listing as a string."""
        starts = _line_starts(self.codeobj)
        lasti = -1 if self.current_offset is None else self.current_offset
        with io.StringIO() as output:
            instructions = _code_instructions(self.codeobj, starts, self._line_offset, self.show_caches,
                                              self.adaptive)
            _write_listing(instructions, lasti, starts, output, self._line_offset)
            return output.getvalue()


def main(args=None):
    """Disassemble a file, standard input or a text: `python -m dis [-S [-R]] [-C] [infile | -c text]`."""
    import argparse

    parser = argparse.ArgumentParser()
    parser.add_argument('-C', '--show-caches', action='store_true',
                        help="show the counters of the quickened code's inline caches")
    parser.add_argument('-O', '--show-offsets', action='store_true', help='accepted; always shown')
    parser.add_argument('-S', '--specialized', action='store_true',
                        help='show the quickened form of each instruction beside it')
    parser.add_argument('-R', '--run', action='store_true',
                        help='run the program first, so that its instructions specialise')
    parser.add_argument('-c', metavar='text', dest='text', help='disassemble this text')
    parser.add_argument('infile', nargs='?', default='-')
    options = parser.parse_args(args=args)
    if options.text is not None:
        name = '<string>'
        source = options.text
    elif options.infile == '-':
        name = '<stdin>'
        source = sys.stdin.buffer.read()
    else:
        name = options.infile
        with open(name, 'rb') as infile:
            source = infile.read()
    code = compile(source, name, "exec")
    if options.run:
        _run(code, name)
    dis(code, show_caches=options.show_caches, adaptive=options.specialized)


def _run(code, name):
    """Run a program as __main__; what ends it ends the run only."""
    module = types.ModuleType('__main__')
    module.__file__ = name
    sys.modules['__main__'] = module
    try:
        exec(code, module.__dict__)
    except SystemExit:
        pass
    except BaseException:
        sys.excepthook(*sys.exc_info())
    sys.stdout.flush()


if __name__ == "__main__":
    main()
