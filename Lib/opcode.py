"""The instruction set: names, numbers, kinds of arguments and stack effects.

The tables come from `_opcode_metadata`, which is derived from the instruction table of the interpreter.
"""

from _opcode_metadata import (HAVE_ARGUMENT, effects as _effects, hascompare, hasconst, hasfree, hasjabs,
                              hasjrel, haslocal, hasname, intrinsic_1 as _intrinsic_1,
                              intrinsic_2 as _intrinsic_2, meanings as _meanings, opmap)

__all__ = ["cmp_op", "stack_effect", "hascompare", "opname", "opmap", "HAVE_ARGUMENT", "EXTENDED_ARG",
           "hasarg", "hasconst", "hasname", "hasjump", "hasjrel", "hasjabs", "hasfree", "haslocal",
           "hasexc"]

cmp_op = ('<', '<=', '==', '!=', '>', '>=')
EXTENDED_ARG = opmap['EXTENDED_ARG']

opname = ['<%r>' % (number,) for number in range(256)]
for _name, _number in opmap.items():
    opname[_number] = _name
del _name, _number

hasarg = [number for number in opmap.values() if number >= HAVE_ARGUMENT]
hasjump = sorted(hasjrel + hasjabs)
# Instructions whose jump goes to an exception handler.
hasexc = [opmap[name] for name in ('SETUP_FINALLY', 'SETUP_WITH', 'SETUP_ASYNC_WITH')]

# Names of what the intrinsic instructions call, by oparg.
_intrinsics = {opmap['CALL_INTRINSIC_1']: _intrinsic_1, opmap['CALL_INTRINSIC_2']: _intrinsic_2}


def stack_effect(opcode, oparg=None, /, *, jump=None):
    """Return by how many entries an instruction makes the stack grow.

    With jump=True or jump=False it is the effect of jumping or of running on; without, the larger one.
    """
    opcode = opcode.__index__()
    oparg = 0 if oparg is None else oparg.__index__()
    if jump is not None and jump is not True and jump is not False:
        raise ValueError('stack_effect: jump must be False, True or None')
    effect = _effects.get(opcode)
    if effect is None or oparg < 0:
        raise ValueError('invalid opcode or oparg')
    ways = effect if isinstance(effect, tuple) else (effect, effect)
    values = [way(oparg) if callable(way) else way for way in ways]
    return max(values) if jump is None else values[jump]


def explain(name):
    """Return the stack effect of the named instruction in notation and a sentence on what it does."""
    return _meanings[opmap[name]]


def _main(names):
    """Print what the named instructions do, or all of them: `python -m opcode [NAME...]`."""
    for name in names or opmap:
        if name.upper() not in opmap:
            print("%s: no such instruction" % name)
            continue
        effect, text = explain(name.upper())
        print("%3d %-24s %s\n    %s" % (opmap[name.upper()], name.upper(), effect, text))


if __name__ == '__main__':
    import sys
    _main(sys.argv[1:])
