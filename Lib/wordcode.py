"""Editable bytecode: code objects as lists of instructions and labels, and back.

    body = wordcode.Body.from_code(function.__code__)
    for item in body:
        if item == wordcode.Instruction('LOAD_CONST', 1):
            item.arg = 2
    function.__code__ = body.to_code()

A Body is a list of Instruction and Label objects. A jump has a Label as its argument and goes to the
place where that label stands. Other arguments are what they stand for: a constant, a name, a variable,
an operator. Offsets, EXTENDED_ARG, the tables of constants and names, the line tables and the stack size
are worked out by to_code().
"""

from opcode import (EXTENDED_ARG, HAVE_ARGUMENT, cmp_op, hascompare, hasconst, hasfree, hasjabs, hasjrel,
                    haslocal, hasname, opmap, opname, stack_effect)

__all__ = ["Body", "Instruction", "Label"]

_JUMPS = frozenset(hasjrel + hasjabs)
_ENDS = frozenset(opmap[name] for name in ('JUMP_FORWARD', 'JUMP_ABSOLUTE', 'RETURN_VALUE', 'RAISE_VARARGS',
                                           'RERAISE', 'RERAISE_VALUE'))
_STARTS_WITH_VALUE = 0x20 | 0x80 | 0x200  # generators and coroutines begin with what is sent


class Label:
    """A place in a Body that jumps go to."""

    __slots__ = ()

    def __repr__(self):
        return f"<Label {id(self):#x}>"


class Instruction:
    """An operation by name, its argument if it takes one, and the source line it belongs to.

    positions is (line, end line, column, end column), None where nothing is known.
    """

    __slots__ = ('name', 'arg', 'line', 'positions')

    def __init__(self, name, arg=None, line=None, positions=None):
        if name not in opmap or name == 'EXTENDED_ARG':
            raise ValueError(f"no such instruction: {name!r}")
        self.name = name
        self.arg = arg
        self.line = line
        self.positions = positions

    @property
    def opcode(self):
        """The number of the operation."""
        return opmap[self.name]

    @property
    def is_jump(self):
        """True when the argument is a Label."""
        return opmap[self.name] in _JUMPS

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
        if self.line is not None:
            text += f", line={self.line}"
        return text + ")"


class Body(list):
    """The instructions of a code object, with all it takes to make one again."""

    def __init__(self, items=(), *, template=None):
        """Make a body of items; counts of arguments and the like come from template, a code object.

        Without a template it is the code of an empty module.
        """
        super().__init__(items)
        if template is None:
            template = compile('', '<wordcode>', 'exec').replace(co_consts=(), co_names=())
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
        positions = list(code.co_positions()) if hasattr(code, 'co_positions') else []
        units = list(_units(code.co_code))
        labels = {_target(op, arg, unit): Label() for _, unit, op, arg in units if op in _JUMPS}
        for first, unit, op, arg in units:
            if first in labels:
                body.append(labels[first])
            if op in hasconst:
                arg = code.co_consts[arg]
            elif op in hasname:
                arg = code.co_names[arg]
            elif op in haslocal:
                arg = code.co_varnames[arg]
            elif op in hasfree:
                arg = cells[arg]
            elif op in hascompare:
                arg = cmp_op[arg]
            elif op in _JUMPS:
                arg = labels[_target(op, arg, unit)]
            place = positions[unit] if unit < len(positions) else None
            body.append(Instruction(opname[op], arg, lines[unit], place))
        return body

    def to_code(self):
        """Put a code object together.

        Raises ValueError for a jump whose label is missing, an unknown variable, or code whose ways
        meet with stacks of different depth.
        """
        assembly = _Assembly(self)
        code, instructions = assembly.code()
        values = {
            'co_code': code,
            'co_consts': tuple(assembly.consts),
            'co_names': tuple(assembly.names),
            'co_varnames': tuple(assembly.varnames),
            'co_nlocals': len(assembly.varnames),
            'co_cellvars': tuple(self.cellvars),
            'co_freevars': tuple(self.freevars),
            'co_name': self.name,
            'co_filename': self.filename,
            'co_firstlineno': self.firstlineno,
            'co_flags': self.flags,
            'co_stacksize': assembly.stack_size(),
            'co_linetable': _line_table(instructions, self.firstlineno),
        }
        if hasattr(self.template, '_co_locations'):
            values['_co_locations'] = _location_table(instructions, self.firstlineno)
        return self.template.replace(**values)


class _Assembly:
    """One run of Body.to_code()."""

    def __init__(self, body):
        self.body = body
        self.consts = list(body.consts)
        self.names = list(body.names)
        self.varnames = list(body.varnames)
        self.const_index = {}
        for index, value in enumerate(self.consts):
            self.const_index.setdefault(_key(value), index)
        self.items = [item for item in body if not isinstance(item, Label)]
        # Index of the instruction each label stands before.
        self.labels = {}
        count = 0
        for item in body:
            if isinstance(item, Label):
                self.labels[id(item)] = count
            else:
                count += 1
        self.args = [self.argument(item) for item in self.items]

    def argument(self, item):
        """The number an argument becomes; for a jump the index of the target instruction."""
        op, arg = opmap[item.name], item.arg
        if op < HAVE_ARGUMENT:
            return (arg or 0) & 255  # ignored, but compilers leave bytes here
        if op in hasconst:
            key = _key(arg)
            index = self.const_index.get(key)
            if index is None:
                index = self.const_index[key] = len(self.consts)
                self.consts.append(arg)
            return index
        if op in hasname:
            return _index(self.names, arg)
        if op in haslocal:
            return _index(self.varnames, arg)
        if op in hasfree:
            cells = self.body.cellvars + self.body.freevars
            if arg not in cells:
                raise ValueError(f"{arg!r} is no cell or free variable")
            return cells.index(arg)
        if op in hascompare:
            return cmp_op.index(arg)
        if op in _JUMPS:
            target = self.labels.get(id(arg))
            if target is None or target >= len(self.items):
                raise ValueError(f"{item.name} goes to a label that stands before no instruction")
            return target
        return arg

    def code(self):
        """The code string, and (instruction, units) pairs."""
        count = len(self.items)
        sizes = [_size(arg) if opmap[item.name] not in _JUMPS else 1
                 for item, arg in zip(self.items, self.args)]
        while True:
            starts = [0] * (count + 1)
            for index in range(count):
                starts[index + 1] = starts[index] + sizes[index]
            settled = True
            numbers = list(self.args)
            for index, item in enumerate(self.items):
                op = opmap[item.name]
                if op in _JUMPS:
                    number = starts[self.args[index]]
                    if op in hasjrel:
                        number -= starts[index + 1]
                        if number < 0:
                            raise ValueError(f"{item.name} cannot jump back")
                    numbers[index] = number
                    if _size(number) > sizes[index]:
                        sizes[index] = _size(number)
                        settled = False
            if settled:
                break
        code = bytearray()
        for item, number, size in zip(self.items, numbers, sizes):
            for shift in range((size - 1) * 8, 0, -8):
                code += bytes((EXTENDED_ARG, number >> shift & 255))
            code += bytes((opmap[item.name], number & 255))
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
                        raise ValueError(f"instruction {index} is reached with stacks of different depth")
                    break
                depths[index] = depth
                op, arg = opmap[self.items[index].name], self.args[index]
                if op in _JUMPS:
                    jumped = depth + stack_effect(op, arg, jump=True)
                    deepest = max(deepest, jumped)
                    pending.append((arg, jumped))
                depth += stack_effect(op, arg if op >= HAVE_ARGUMENT else None, jump=False)
                if depth < 0:
                    raise ValueError(f"instruction {index} takes more than the stack holds")
                deepest = max(deepest, depth)
                if op in _ENDS:
                    break
                index += 1
            else:
                raise ValueError("the code runs off its end")
        return deepest


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


def _index(table, entry):
    """Where a name stands in a table; it is added when it is new."""
    if entry not in table:
        table.append(entry)
    return table.index(entry)


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
        yield first, unit, op, arg | extended if op >= HAVE_ARGUMENT else arg or None
        first, extended = None, 0


def _target(op, arg, unit):
    """The unit a jump goes to."""
    return arg + unit + 1 if op in hasjrel else arg


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
    """Lines and columns in the format of 3.11."""
    table = bytearray()
    previous = first_line

    def number(value):
        while value >= 64:
            table.append(0x40 | value & 0x3F)
            value >>= 6
        table.append(value)

    def add(line, positions, count):
        nonlocal previous
        start, end, column, end_column = positions or (None,) * 4
        if line is None:
            table.append(0x80 | 15 << 3 | count - 1)
            return
        step = line - previous
        previous = line
        if start != line or column is None or end_column is None:
            table.append(0x80 | 13 << 3 | count - 1)
            number(step << 1 if step >= 0 else -step << 1 | 1)
        else:
            table.append(0x80 | 14 << 3 | count - 1)
            number(step << 1 if step >= 0 else -step << 1 | 1)
            number(max((end or line) - line, 0))
            number(column + 1)
            number(end_column + 1)

    for item, units in instructions:
        add(item.line, item.positions, units)
    return bytes(table)
