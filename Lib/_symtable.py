"""Symbol tables of the compiler, in the shape that `symtable` expects."""

import _symbols

# What a block does with a name: bits of the values of `symbols`.
DEF_GLOBAL = 1
DEF_LOCAL = 2
DEF_PARAM = 4
DEF_NONLOCAL = 8
USE = 16
DEF_FREE = 32
DEF_FREE_CLASS = 64
DEF_IMPORT = 128
DEF_BOUND = DEF_LOCAL | DEF_PARAM | DEF_IMPORT
DEF_ANNOT = 256

TYPE_FUNCTION = 0
TYPE_CLASS = 1
TYPE_MODULE = 2
TYPE_ANNOTATION = 3
TYPE_TYPE_ALIAS = 4
TYPE_TYPE_PARAMETERS = 5
TYPE_TYPE_VARIABLE = 6

# Where a name is found: the bits above SCOPE_OFF.
LOCAL = 1
GLOBAL_EXPLICIT = 2
GLOBAL_IMPLICIT = 3
FREE = 4
CELL = 5
SCOPE_OFF = 12
SCOPE_MASK = 15


class _Entry:
    """One block: its name, kind, first line, symbols and the blocks inside it."""

    def __init__(self, name, type, lineno, nested, varnames, symbols, children):
        self.name = name
        self.type = type
        self.lineno = lineno
        self.nested = nested
        self.varnames = varnames
        self.symbols = symbols
        self.children = [_Entry(*child) for child in children]
        self.id = id(self)

    def __repr__(self):
        return f"<symtable entry {self.name}({self.id}), line {self.lineno}>"


_Entry.__name__ = _Entry.__qualname__ = 'symtable entry'


def symtable(source, filename, startstr, /):
    """Return the outermost block of a source; startstr is 'exec', 'eval' or 'single'."""
    return _Entry(*_symbols.table(source, filename, startstr))
