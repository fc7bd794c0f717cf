"""What each instruction is, asked by number."""

import _opcode_metadata as _metadata
from opcode import hasexc as _hasexc, stack_effect

__all__ = ["stack_effect", "is_valid", "has_arg", "has_const", "has_name", "has_jump", "has_free",
           "has_local", "has_exc"]

# The wordcode itself never changes; specialised forms live beside it.
ENABLE_SPECIALIZATION = True

_valid = frozenset(_metadata.opmap.values())


def is_valid(opcode):
    """True when an instruction has this number."""
    return opcode in _valid


def has_arg(opcode):
    """True when the instruction uses its argument."""
    return opcode in _valid and opcode >= _metadata.HAVE_ARGUMENT


def has_const(opcode):
    """True when the argument is an index of co_consts."""
    return opcode in _metadata.hasconst


def has_name(opcode):
    """True when the argument is an index of co_names."""
    return opcode in _metadata.hasname


def has_jump(opcode):
    """True when the argument is the target of a jump."""
    return opcode in _metadata.hasjrel or opcode in _metadata.hasjabs


def has_free(opcode):
    """True when the argument is the index of a cell."""
    return opcode in _metadata.hasfree


def has_local(opcode):
    """True when the argument is the index of a local variable."""
    return opcode in _metadata.haslocal


def has_exc(opcode):
    """True when the instruction sets up a handler."""
    return opcode in _hasexc


def get_specialization_stats():
    """Return None: no statistics are kept."""
    return None


def get_nb_ops():
    """Return the binary operators as (name, text) pairs, in-place ones after the others."""
    symbols = [('ADD', '+'), ('AND', '&'), ('FLOOR_DIVIDE', '//'), ('LSHIFT', '<<'),
               ('MATRIX_MULTIPLY', '@'), ('MULTIPLY', '*'), ('REMAINDER', '%'), ('OR', '|'),
               ('POWER', '**'), ('RSHIFT', '>>'), ('SUBTRACT', '-'), ('TRUE_DIVIDE', '/'),
               ('XOR', '^')]
    return ([('NB_' + name, text) for name, text in symbols]
            + [('NB_INPLACE_' + name, text + '=') for name, text in symbols])


def _descriptions(table):
    return [table.get(number, '') for number in range(max(table) + 1)]


def get_intrinsic1_descs():
    """Return the names of what CALL_INTRINSIC_1 calls, by oparg."""
    return _descriptions(_metadata.intrinsic_1)


def get_intrinsic2_descs():
    """Return the names of what CALL_INTRINSIC_2 calls, by oparg."""
    return _descriptions(_metadata.intrinsic_2)


def get_executor(*, code, offset):
    """There are no optimised traces to ask for."""
    raise RuntimeError("Executors are not available in this build")
