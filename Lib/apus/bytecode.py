"""Editable bytecode: code objects as lists of instructions and labels, and back.

    from apus.bytecode import Body, Instruction

    body = Body.from_code(function.__code__)
    for item in body:
        if item == Instruction('LOAD_CONST', 1):
            item.arg = 2
    function.__code__ = body.to_code()

A Body is a list of Instruction and Label objects. A jump has a Label as its argument and goes to the
place where that label stands; the instructions that enter a `try` or `with` block are jumps to the
handler. Other arguments are what they stand for: a constant, a name, a variable, an operator. Offsets,
EXTENDED_ARG, the tables of constants and names, the tables of lines and columns and the stack size are
worked out by to_code(), which refuses what could not run.
"""

from _symbols import verify as _verify
from opcode import (EXTENDED_ARG, HAVE_ARGUMENT, cmp_op, hascompare, hasconst, hasfree, hasjabs, hasjrel,
                    haslocal, hasname, opmap, opname, stack_effect)

__all__ = ["Body", "Instruction", "Label"]

_JUMPS = frozenset(hasjrel + hasjabs)
_RELATIVE = frozenset(hasjrel)
_ENDS = frozenset(opmap[name] for name in ('JUMP_FORWARD', 'JUMP_ABSOLUTE', 'RETURN_VALUE', 'RAISE_VARARGS',
                                           'RERAISE', 'RERAISE_VALUE'))
_STARTS_WITH_VALUE = 0x20 | 0x80 | 0x200  # generators and coroutines begin with what is sent
_DEEPEST = (1 << 24) - 1  # what marshal takes


class Label:
    """A place in a Body that jumps go to."""

    __slots__ = ()

    def __repr__(self):
        return f"<Label {id(self):#x}>"


class Instruction:
    """An operation by name, its argument if it takes one, and the source line it belongs to.

    positions is (line, end line, column, end column), None where nothing is known; setting the line
    forgets them.
    """

    # _number is the argument as it was in the code the instruction comes from.
    __slots__ = ('name', 'arg', '_line', 'positions', '_number')

    def __init__(self, name, arg=None, line=None, positions=None):
        if name not in opmap or name == 'EXTENDED_ARG':
            raise ValueError(f"no such instruction: {name!r}")
        self.name = name
        self.arg = arg
        self._line = line
        self.positions = positions
        self._number = None

    @property
    def opcode(self):
        """The number of the operation."""
        return opmap[self.name]

    @property
    def is_jump(self):
        """True when the argument is a Label."""
        return opmap[self.name] in _JUMPS

    @property
    def line(self):
        """The source line, None where there is none."""
        return self._line

    @line.setter
    def line(self, value):
        if value != self._line:
            self.positions = None
        self._line = value

    def __eq__(self, other):
        if not isinstance(other, Instruction):
            return NotImplemented
        if self.name != other.name:
            return False
        if opmap[self.name] < HAVE_ARGUMENT:
            return True
        if isinstance(self.arg, Label) or isinstance(other.arg, Label):
            return self.arg is other.arg
        return _key(self.arg) == _key(other.arg)

    __hash__ = None

    def __repr__(self):
        text = f"Instruction({self.name!r}"
        if opmap[self.name] >= HAVE_ARGUMENT:
            text += f", {self.arg!r}"
        if self._line is not None:
            text += f", line={self._line}"
        return text + ")"


class Body(list):
    """The instructions of a code object, with all it takes to make one again."""

    def __init__(self, items=(), *, template=None):
        """Make a body of items; counts of arguments and the like come from template, a code object.

        Without a template it is the code of an empty module.
        """
        super().__init__(items)
        if template is None:
            template = compile('', '<bytecode>', 'exec').replace(co_consts=(), co_names=())
        self.template = template
        self.consts = list(template.co_consts)
        self.names = list(template.co_names)
        self.varnames = list(template.co_varnames)
        self.cellvars = list(template.co_cellvars)
        self.freevars = list(template.co_freevars)
        self.name = template.co_name
        self.filename = template.co_filename
        self.firstlineno = template.co_firstlineno
        self.flags = template.co_flags

    @classmethod
    def from_code(cls, code):
        """Take a code object apart."""
        body = cls(template=code)
        cells = body.cellvars + body.freevars
        lines = _lines(code)
        places = list(code.co_positions()) if code._co_locations else []
        units = list(_units(code.co_code))
        labels = {_target(op, arg, unit): Label() for _, unit, op, arg in units if op in _JUMPS}
        for first, unit, op, number in units:
            if first in labels:
                body.append(labels[first])
            if op in _JUMPS:
                arg = labels[_target(op, number, unit)]
            elif op in hascompare:
                arg = cmp_op[number]
            else:
                table = _table(op, code.co_consts, code.co_names, code.co_varnames, cells)
                arg = number if table is None else table[number]
            place = places[unit] if unit < len(places) else None
            item = Instruction(opname[op], arg, lines[unit], place)
            item._number = number
            body.append(item)
        return body

    def to_code(self):
        """Put a code object together.

        Raises ValueError for an argument of the wrong kind, a jump whose label does not stand before an
        instruction, an unknown cell, ways that meet with stacks of different depth, and whatever else
        could not run.
        """
        assembly = _Assembly(self)
        code, instructions = assembly.code()
        made = self.template.replace(
            co_code=code,
            co_consts=tuple(assembly.consts),
            co_names=tuple(assembly.names),
            co_varnames=tuple(assembly.varnames),
            co_nlocals=len(assembly.varnames),
            co_cellvars=tuple(self.cellvars),
            co_freevars=tuple(self.freevars),
            co_name=self.name,
            co_filename=self.filename,
            co_firstlineno=self.firstlineno,
            co_flags=self.flags,
            co_stacksize=assembly.stack_size(),
            co_linetable=_line_table(instructions, self.firstlineno),
            _co_locations=self._locations(instructions))
        try:
            _verify(made)
        except SystemError as error:
            raise ValueError(str(error)) from None
        return made

    def _locations(self, instructions):
        """The table of columns; code of `-X classic` has none and gets none."""
        if not self.template._co_locations and all(item.positions is None for item, _ in instructions):
            return b''
        return _location_table(instructions, self.firstlineno)


class _Assembly:
    """One run of Body.to_code()."""

    def __init__(self, body):
        self.body = body
        self.consts = list(body.consts)
        self.names = list(body.names)
        self.varnames = list(body.varnames)
        self.cells = body.cellvars + body.freevars
        self.const_index = {}
        for index, value in enumerate(self.consts):
            self.const_index.setdefault(_key(value), index)
        self.items = []
        # Index of the instruction each label stands before.
        self.labels = {}
        for item in body:
            if isinstance(item, Label):
                if id(item) in self.labels:
                    raise ValueError(f"{item!r} stands in the body twice")
                self.labels[id(item)] = len(self.items)
            elif isinstance(item, Instruction):
                self.items.append(item)
            else:
                raise ValueError(f"neither an Instruction nor a Label: {item!r}")
        self.args = [self.argument(index, item) for index, item in enumerate(self.items)]

    def fail(self, index, problem):
        raise ValueError(f"instruction {index}, {self.items[index].name}: {problem}")

    def argument(self, index, item):
        """The number an argument becomes; for a jump the index of the target instruction."""
        op, arg = opmap[item.name], item.arg
        if op in _JUMPS:
            if not isinstance(arg, Label):
                self.fail(index, f"goes to a Label, not to {arg!r}")
            target = self.labels.get(id(arg))
            if target is None:
                self.fail(index, "goes to a label that is not in the body")
            if target >= len(self.items):
                self.fail(index, "goes to a label that stands before no instruction")
            return target
        if op in hascompare:
            if arg not in cmp_op:
                self.fail(index, f"no such operator: {arg!r}")
            return cmp_op.index(arg)
        table = _table(op, self.consts, self.names, self.varnames, self.cells)
        if table is None:
            number = 0 if op < HAVE_ARGUMENT and arg is None else arg
            if type(number) is not int or not 0 <= number < 1 << 32:
                self.fail(index, f"takes a number below {1 << 32}, not {arg!r}")
            return number
        # An entry that stands in its table twice keeps its place.
        number = item._number
        if number is not None and number < len(table) and table[number] is arg:
            return number
        if table is self.consts:
            number = self.const_index.setdefault(_key(arg), len(table))
            if number == len(table):
                table.append(arg)
            return number
        if type(arg) is not str:
            self.fail(index, f"takes a name, not {arg!r}")
        if arg not in table:
            if table is self.cells:
                self.fail(index, f"{arg!r} is no cell or free variable")
            table.append(arg)
        return table.index(arg)

    def code(self):
        """The code string, and (instruction, units) pairs."""
        count = len(self.items)
        ops = [opmap[item.name] for item in self.items]
        sizes = [1 if op in _JUMPS else _size(arg) for op, arg in zip(ops, self.args)]
        numbers = list(self.args)
        jumps = [index for index, op in enumerate(ops) if op in _JUMPS]
        settled = False
        while not settled:
            starts = [0]
            for size in sizes:
                starts.append(starts[-1] + size)
            settled = True
            for index in jumps:
                number = starts[self.args[index]]
                if ops[index] in _RELATIVE:
                    number -= starts[index + 1]
                    if number < 0:
                        self.fail(index, "cannot jump back")
                numbers[index] = number
                if _size(number) > sizes[index]:
                    sizes[index] = _size(number)
                    settled = False
        code = bytearray()
        for op, number, size in zip(ops, numbers, sizes):
            for shift in range((size - 1) * 8, 0, -8):
                code += bytes((EXTENDED_ARG, number >> shift & 255))
            code += bytes((op, number & 255))
        return bytes(code), list(zip(self.items, sizes))

    def stack_size(self):
        """The deepest the stack gets on any way through the code."""
        depths = [None] * len(self.items)
        deepest = 0
        pending = [(0, 1 if self.body.flags & _STARTS_WITH_VALUE else 0)]
        while pending:
            index, depth = pending.pop()
            while index < len(self.items):
                if depths[index] is not None:
                    if depths[index] != depth:
                        self.fail(index, f"reached with stacks of different depth, {depths[index]} and {depth}")
                    break
                depths[index] = depth
                op, arg = opmap[self.items[index].name], self.args[index]
                if op in _JUMPS:
                    jumped = depth + stack_effect(op, arg, jump=True)
                    deepest = max(deepest, jumped)
                    pending.append((arg, jumped))
                depth += stack_effect(op, arg if op >= HAVE_ARGUMENT else None, jump=False)
                if depth < 0:
                    self.fail(index, "takes more than the stack holds")
                deepest = max(deepest, depth)
                if deepest > _DEEPEST:
                    self.fail(index, f"a stack of {deepest} values is too deep")
                if op in _ENDS:
                    break
                index += 1
            else:
                raise ValueError("the code runs off its end")
        return deepest


def _table(op, consts, names, varnames, cells):
    """The table that the argument of an operation is an index of, or None."""
    if op in hasconst:
        return consts
    if op in hasname:
        return names
    if op in haslocal:
        return varnames
    if op in hasfree:
        return cells
    return None


def _key(value):
    """Equal only for constants that one entry of co_consts serves."""
    kind = type(value)
    if kind is float:
        return kind, value.hex()
    if kind is complex:
        return kind, value.real.hex(), value.imag.hex()
    if kind is tuple:
        return kind, tuple(map(_key, value))
    if kind is frozenset:
        return kind, frozenset(map(_key, value))
    try:
        hash(value)
    except TypeError:
        return kind, id(value)
    return kind, value


def _size(arg):
    """Code units an instruction takes with its EXTENDED_ARGs."""
    return 1 if arg <= 0xFF else 2 if arg <= 0xFFFF else 3 if arg <= 0xFFFFFF else 4


def _units(code):
    """Yield (first unit, unit, opcode, argument) of each instruction; EXTENDED_ARGs are part of it."""
    first, extended = None, 0
    for unit in range(len(code) // 2):
        op, arg = code[unit * 2], code[unit * 2 + 1]
        if first is None:
            first = unit
        if op == EXTENDED_ARG:
            extended = (extended | arg) << 8
            continue
        # What is not looked at counts, too: compilers leave arguments of instructions that were there.
        arg |= extended
        yield first, unit, op, arg if arg or op >= HAVE_ARGUMENT else None
        first, extended = None, 0


def _target(op, arg, unit):
    """The unit a jump goes to."""
    return arg + unit + 1 if op in _RELATIVE else arg


def _lines(code):
    """The line of every unit."""
    lines = [None] * (len(code.co_code) // 2)
    for start, end, line in code.co_lines():
        for unit in range(max(start, 0) // 2, end // 2):
            lines[unit] = line
    return lines


def _line_table(instructions, first_line):
    """co_linetable of 3.10: pairs of bytes of code and difference of lines."""
    table = bytearray()
    previous = first_line
    index = 0
    while index < len(instructions):
        line = instructions[index][0].line
        length = 0
        while index < len(instructions) and instructions[index][0].line == line:
            length += instructions[index][1] * 2
            index += 1
        difference = 128
        if line is not None:
            step = line - previous
            previous = line
            while step > 127:
                table += bytes((0, 127))
                step -= 127
            while step < -127:
                table += bytes((0, 129))
                step += 127
            difference = step & 255
        while length > 254:
            table += bytes((254, difference))
            difference = 128 if line is None else 0
            length -= 254
        table += bytes((length, difference))
    return bytes(table)


def _location_table(instructions, first_line):
    """Lines and columns in the format of 3.11: neighbours in one place share an entry."""
    writer = _LocationWriter(first_line)
    last, count = None, 0
    for item, units in instructions:
        place = item.positions or (item.line, item.line, None, None)
        if place != last:
            writer.add(last, count)
            last, count = place, 0
        count += units
    writer.add(last, count)
    return bytes(writer.table)


class _LocationWriter:
    """The bytes of a location table."""

    def __init__(self, first_line):
        self.table = bytearray()
        self.line = first_line

    def add(self, place, count):
        """Enter a place for so many code units, eight at most in an entry."""
        while count > 0:
            self.entry(place, min(count, 8))
            count -= 8

    def head(self, form, count):
        self.table.append(0x80 | form << 3 | count - 1)

    def number(self, value):
        while value >= 64:
            self.table.append(0x40 | value & 0x3F)
            value >>= 6
        self.table.append(value)

    def signed(self, value):
        self.number(value << 1 if value >= 0 else -value << 1 | 1)

    def entry(self, place, count):
        line, end, column, end_column = place
        if line is None:
            self.head(15, count)
            return
        step = line - self.line
        self.line = line
        if column is None or end_column is None:
            if end is None or end == line:
                self.head(13, count)
                self.signed(step)
                return
        elif end == line:
            width = end_column - column
            if step == 0 and column < 80 and 0 <= width < 16:
                self.head(column >> 3, count)
                self.table.append((column & 7) << 4 | width)
                return
            if 0 <= step < 3 and column < 128 and end_column < 128:
                self.head(10 + step, count)
                self.table += bytes((column, end_column))
                return
        self.head(14, count)
        self.signed(step)
        self.number(max((line if end is None else end) - line, 0))
        self.number(0 if column is None else column + 1)
        self.number(0 if end_column is None else end_column + 1)
