"""What `_pyrepl` needs of curses: capabilities of terminals, read from the system's terminfo files.

The files are those that term(5) describes: a header of six numbers, names, booleans, numbers, the offsets of
the strings, the strings. The command line puts this module in the place of `_pyrepl._minimal_curses` where there
is no `_curses`.
"""
import os
import struct
import sys

__all__ = ['error', 'setupterm', 'tigetstr', 'tparm']


class error(Exception):
    """A terminal that is unknown, or a call before setupterm()."""


# Position of each string capability in the table of strings; those that nobody here asks for are left out.
_POSITIONS = {
    'bel': 1, 'cr': 2, 'clear': 5, 'el': 6, 'ed': 7, 'hpa': 8, 'cup': 10, 'cud1': 11, 'home': 12, 'civis': 13,
    'cub1': 14, 'cnorm': 16, 'cuf1': 17, 'cuu1': 19, 'cvvis': 20, 'dch1': 21, 'dl1': 22, 'bold': 27, 'smcup': 28,
    'rev': 34, 'smso': 35, 'smul': 36, 'sgr0': 39, 'rmcup': 40, 'rmso': 43, 'rmul': 44, 'ich1': 52, 'il1': 53,
    'kbs': 55, 'kdch1': 59, 'kcud1': 61, 'kf0': 65, 'kf1': 66, 'kf10': 67, 'kf2': 68, 'kf3': 69, 'kf4': 70,
    'kf5': 71, 'kf6': 72, 'kf7': 73, 'kf8': 74, 'kf9': 75, 'khome': 76, 'kich1': 77, 'kcub1': 79, 'knp': 81,
    'kpp': 82, 'kcuf1': 83, 'kcuu1': 87, 'rmkx': 88, 'smkx': 89, 'pad': 104, 'dch': 105, 'dl': 106, 'cud': 107,
    'ich': 108, 'il': 110, 'cub': 111, 'cuf': 112, 'cuu': 114, 'rc': 126, 'vpa': 127, 'sc': 128, 'ind': 129,
    'ri': 130, 'ht': 134, 'kcbt': 148, 'kend': 164, 'kent': 165,
    **{'kf%d' % number: 205 + number for number in range(11, 64)},
}

_strings = None


def _folders():
    """The places where terminfo looks, in its order."""
    if 'TERMINFO' in os.environ:
        yield os.environ['TERMINFO']
    yield os.path.expanduser('~/.terminfo')
    for folder in os.environ.get('TERMINFO_DIRS', '').split(':'):
        if folder:
            yield folder
    yield from ('/etc/terminfo', '/lib/terminfo', '/usr/share/terminfo', '/usr/lib/terminfo',
                '/usr/local/share/terminfo')


def _load(term):
    for folder in _folders():
        for letter in (term[0], '%x' % ord(term[0])):
            try:
                with open(os.path.join(folder, letter, term), 'rb') as file:
                    return file.read()
            except OSError:
                continue
    return None


def _parse(data):
    """Return {name: bytes} of a compiled entry."""
    magic, names, booleans, numbers, count, size = struct.unpack_from('<6h', data)
    if magic not in (0o432, 0o1036) or min(names, booleans, numbers, count, size) < 0:
        raise error('setupterm: not a terminfo entry')
    at = 12 + names + booleans
    at += at & 1
    at += numbers * (2 if magic == 0o432 else 4)
    offsets = struct.unpack_from('<%dh' % count, data, at)
    table = data[at + 2 * count:at + 2 * count + size]
    found = {}
    for name, position in _POSITIONS.items():
        if position < count and 0 <= offsets[position] < len(table):
            start = offsets[position]
            found[name] = table[start:table.index(b'\0', start)]
    return found


def setupterm(term=None, fd=-1):
    """Choose a terminal, by default that of the environment."""
    global _strings
    if term is None:
        term = os.environ.get('TERM', '')
    if fd == -1:
        fd = sys.stdout.fileno()
    if not term or '/' in term:
        raise error('setupterm: could not find terminal')
    data = _load(term)
    if data is None:
        raise error('setupterm: could not find terminal')
    try:
        _strings = _parse(data)
    except (struct.error, ValueError):
        raise error('setupterm: could not read the terminfo entry') from None


def tigetstr(name, /):
    """Return a string capability, None when the terminal does not have it."""
    if _strings is None:
        raise error('must call (at least) setupterm() first')
    return _strings.get(name.decode('ascii') if isinstance(name, bytes) else name)


_OPERATORS = {
    '+': lambda a, b: a + b, '-': lambda a, b: a - b, '*': lambda a, b: a * b, '/': lambda a, b: a // b if b else 0,
    'm': lambda a, b: a % b if b else 0, '&': lambda a, b: a & b, '|': lambda a, b: a | b, '^': lambda a, b: a ^ b,
    '=': lambda a, b: int(a == b), '>': lambda a, b: int(a > b), '<': lambda a, b: int(a < b),
    'A': lambda a, b: int(bool(a and b)), 'O': lambda a, b: int(bool(a or b)),
}


def tparm(capability, /, *values):
    """Return the capability with its parameters put in: the stack language of terminfo(5)."""
    text = capability.decode('latin-1')
    values = list(values) + [0] * (9 - len(values))
    stack, variables, out, at = [], {}, [], 0

    def pop():
        return stack.pop() if stack else 0

    def skip(start, ends):
        """The place behind the next of ENDS on this level of conditions."""
        depth = 0
        while start < len(text) - 1:
            if text[start] != '%':
                start += 1
                continue
            code = text[start + 1]
            start += 2
            if code == '?':
                depth += 1
            elif depth == 0 and code in ends:
                return start
            elif code == ';':
                depth -= 1
        return len(text)

    while at < len(text):
        letter = text[at]
        at += 1
        if letter != '%' or at >= len(text):
            out.append(letter)
            continue
        code = text[at]
        at += 1
        if code == '%':
            out.append('%')
        elif code == 'p':
            stack.append(values[int(text[at]) - 1])
            at += 1
        elif code == 'i':
            values[0] += 1
            values[1] += 1
        elif code == 'd':
            out.append(str(pop()))
        elif code == 'c':
            out.append(chr(pop() & 255))
        elif code == '{':
            end = text.index('}', at)
            stack.append(int(text[at:end]))
            at = end + 1
        elif code == "'":
            stack.append(ord(text[at]))
            at += 2
        elif code in 'Pg':
            if code == 'P':
                variables[text[at]] = pop()
            else:
                stack.append(variables.get(text[at], 0))
            at += 1
        elif code == 'l':
            stack.append(len(str(pop())))
        elif code in _OPERATORS:
            b, a = pop(), pop()
            stack.append(_OPERATORS[code](a, b))
        elif code == '!':
            stack.append(int(not pop()))
        elif code == '~':
            stack.append(~pop())
        elif code == 't':
            if not pop():
                at = skip(at, 'e;')
        elif code == 'e':
            at = skip(at, ';')
        elif code in '?;':
            pass
        else:
            # A printf format: flags behind an optional colon, width, precision, a letter.
            start = at - 1
            while text[at - 1] not in 'doxXs' and at < len(text):
                at += 1
            out.append(('%' + text[start:at].lstrip(':')) % pop())
    return ''.join(out).encode('latin-1')
