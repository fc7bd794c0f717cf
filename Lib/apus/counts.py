"""Counts of what the eval loop does: `apus --profile-opcodes[=json] PROGRAM`, `apus.profile(function)`.

Every instruction that runs is counted, with the time until its thread's next instruction begins and the
blocks of memory that it took from the object allocator. Instructions run in their general form meanwhile.
"""
import collections
import json

import _machine
from opcode import opname

__all__ = ['Count', 'Profile', 'profile']


class Count(collections.namedtuple('Count', ['runs', 'time', 'allocations'])):
    """How often something ran (runs), the time it took and the blocks it took from the object allocator.

    time is in units of Profile.unit; allocations is 0 when they could not be counted.
    """

    __slots__ = ()

    def plus(self, runs, time, allocations):
        """Return the sum of two."""
        return Count(self.runs + runs, self.time + time, self.allocations + allocations)


_NOTHING = Count(0, 0, 0)


class Profile:
    """What was counted.

    opcodes maps names to Count; lines maps (file, line) to Count; pairs maps (name, next name) to a number;
    instructions maps code objects to {offset: Count}. unit is 'cycles' of the time-stamp counter, or 'ns'.
    counts_allocations is false when tracemalloc or PYTHONMALLOC=debug was in the way. result is what the
    profiled function returned.
    """

    def __init__(self, counts, result=None):
        self.unit, self.counts_allocations, codes, pairs = counts
        self.result = result
        self.opcodes, self.lines, self.instructions = {}, {}, {}
        for code, rows in codes:
            lines = _lines(code)
            offsets = self.instructions[code] = {}
            for index, *numbers in rows:
                offsets[2 * index] = Count(*numbers)
                name = opname[code.co_code[2 * index]]
                self.opcodes[name] = self.opcodes.get(name, _NOTHING).plus(*numbers)
                place = code.co_filename, lines.get(2 * index)
                self.lines[place] = self.lines.get(place, _NOTHING).plus(*numbers)
        self.pairs = {(opname[first], opname[second]): count for first, second, count in pairs}

    @property
    def total(self):
        """The sum of everything."""
        total = _NOTHING
        for count in self.opcodes.values():
            total = total.plus(*count)
        return total

    def as_dict(self):
        """Return the counts as a dict of what JSON knows."""
        return {'unit': self.unit, 'counts_allocations': self.counts_allocations, 'total': self.total._asdict(),
                'opcodes': {name: count._asdict() for name, count in self.opcodes.items()},
                'pairs': [[first, second, count] for (first, second), count in _by_number(self.pairs.items())],
                'lines': [{'file': file, 'line': line, **count._asdict()}
                          for (file, line), count in self.lines.items()]}

    def report(self, most=20):
        """Return the counts as text: all opcodes, and as many pairs and lines as most says."""
        total = self.total
        rows = ['%d instructions, %d %s, %s' % (
            total.runs, total.time, self.unit, '%d allocations' % total.allocations
            if self.counts_allocations else 'allocations not counted')]

        def table(title, entries, name):
            rows.append('')
            rows.append('%-44s %12s %14s %8s %12s' % (title, 'times', self.unit, 'each', 'allocations'))
            for key, count in entries:
                rows.append('%-44s %12d %14d %8d %12d' % (name(key), count.runs, count.time,
                                                          count.time // count.runs, count.allocations))
        table('opcode', _by_count(self.opcodes.items()), str)
        rows.append('')
        rows.append('%-44s %12s' % ('pair', 'times'))
        for (first, second), count in _by_number(self.pairs.items())[:most]:
            rows.append('%-44s %12d' % (first + ' ' + second, count))
        table('line', _by_count(self.lines.items())[:most],
              lambda place: '%s:%s' % (place[0].rpartition('/')[2], place[1]))
        return '\n'.join(rows) + '\n'


def _by_count(items):
    return sorted(items, key=lambda item: (-item[1].runs, str(item[0])))


def _by_number(items):
    return sorted(items, key=lambda item: (-item[1], item[0]))


def _lines(code):
    lines = {}
    for start, end, line in code.co_lines():
        for offset in range(max(start, 0), end, 2):
            lines[offset] = line
    return lines


def profile(function, /, *args, **keywords):
    """Call function, count every instruction that runs until it returns, and return a Profile."""
    result, counts = _machine.profile(function, args, keywords)
    return Profile(counts, result)


def _write(stream, format):
    """Write what was counted last (for the command line)."""
    counts = Profile(_machine.profiled())
    stream.write(json.dumps(counts.as_dict()) + '\n' if format == 'json' else counts.report())
