"""The stages of the compiler, each printable: tokens, syntax tree, symbol tables, wordcode, quickened code.

    apus --show tokens|ast|symtable|wordcode|quickened [--json] PROGRAM
    apus.show('ast', 'a + b')

Each function takes the source of a program, str or bytes, and returns dicts and lists of plain values, as
JSON has them. The last two take a code object or a function as well.
"""
import ast
import dis
import io
import json
import math
import symtable
import tokenize
import types

import _machine

__all__ = ['STAGES', 'quickened', 'show', 'symbols', 'tokens', 'tree', 'wordcode']

STAGES = ('tokens', 'ast', 'symtable', 'wordcode', 'quickened')


# Tokens

def _tokens(source):
    if isinstance(source, str):
        return tokenize.generate_tokens(io.StringIO(source).readline)
    return tokenize.tokenize(io.BytesIO(source).readline)


def tokens(source):
    """Return the tokens of a source, each with its type, text, start and end (line, column)."""
    return [{'type': tokenize.tok_name[token.exact_type], 'string': token.string,
             'start': list(token.start), 'end': list(token.end)} for token in _tokens(source)]


def _show_tokens(source, filename):
    return ''.join('%-16s %-15s %r\n' % ('%d,%d-%d,%d' % (token.start + token.end),
                                         tokenize.tok_name[token.exact_type], token.string)
                   for token in _tokens(source))


# The tree

def tree(source, filename='<string>'):
    """Return the syntax tree: a node is a dict of its fields, with 'node' for its type, and its place.

    A constant that JSON does not know is {'constant': its type, 'repr': its text}.
    """
    return _node(ast.parse(source, filename))


def _node(node):
    if isinstance(node, list):
        return [_node(item) for item in node]
    if not isinstance(node, ast.AST):
        return _constant(node)
    result = {'node': type(node).__name__}
    for name, value in ast.iter_fields(node):
        result[name] = _node(value)
    for name in node._attributes:
        if hasattr(node, name):
            result[name] = getattr(node, name)
    return result


def _constant(value):
    if value is None or type(value) in (bool, str) or type(value) is int and abs(value) < 1 << 53:
        return value
    if type(value) is float and math.isfinite(value):
        return value
    return {'constant': type(value).__name__, 'repr': repr(value)}


def _show_tree(source, filename):
    return ast.dump(ast.parse(source, filename), indent=2) + '\n'


# Symbol tables

_PROPERTIES = ('parameter', 'local', 'global', 'declared_global', 'nonlocal', 'free', 'imported', 'assigned',
               'annotated', 'referenced', 'namespace', 'type_parameter')


def symbols(source, filename='<string>'):
    """Return the symbol table of the module: name, type, line, symbols and the tables inside it.

    A symbol is its name and a list of what it is: parameter, local, global, free, assigned...
    """
    return _table(symtable.symtable(source, filename, 'exec'))


def _table(table):
    kind = table.get_type()
    return {'name': table.get_name(), 'type': getattr(kind, 'value', kind), 'line': table.get_lineno(),
            'nested': table.is_nested(),
            'symbols': [{'name': symbol.get_name(), 'is': _properties(symbol)}
                        for symbol in sorted(table.get_symbols(), key=lambda one: one.get_name())],
            'children': [_table(child) for child in table.get_children()]}


def _properties(symbol):
    return [name for name in _PROPERTIES
            if getattr(symbol, 'is_' + name, bool)()]


def _show_symbols(source, filename):
    rows = []

    def show(table, indent):
        rows.append('%s%s %s, line %d%s' % (indent, table['type'], table['name'], table['line'],
                                            ', nested' if table['nested'] else ''))
        for symbol in table['symbols']:
            rows.append('%s    %s: %s' % (indent, symbol['name'], ', '.join(symbol['is'])))
        for child in table['children']:
            show(child, indent + '    ')
    show(symbols(source, filename), '')
    return '\n'.join(rows) + '\n'


# Code

def _code(source, filename):
    if isinstance(source, types.MethodType):
        source = source.__func__
    if isinstance(source, types.FunctionType):
        source = source.__code__
    return source if isinstance(source, types.CodeType) else compile(source, filename, 'exec')


def wordcode(source, filename='<string>'):
    """Return the code object as a dict: its counts, flags, constants, names, bytes and instructions.

    A constant that is a code object is {'code': the same for it}.
    """
    return _describe(_code(source, filename), None)


def quickened(source, filename='<string>'):
    """Return what runs in the wordcode's place: as wordcode(), each instruction with its 'form'.

    A form is the name of the instruction as it is now, general, specialised or fused with the next one, its
    argument, and the counter of its inline cache or None. Code that has run shows what it has learned.
    """
    return _describe(_code(source, filename), _machine.quickened)


def _describe(code, forms):
    return {'name': code.co_name, 'qualname': code.co_qualname, 'file': code.co_filename,
            'line': code.co_firstlineno, 'flags': dis.pretty_flags(code.co_flags).split(', '),
            'argcount': code.co_argcount, 'posonlyargcount': code.co_posonlyargcount,
            'kwonlyargcount': code.co_kwonlyargcount, 'stacksize': code.co_stacksize,
            'consts': [{'code': _describe(value, forms)} if isinstance(value, types.CodeType)
                       else _constant(value) for value in code.co_consts],
            'names': list(code.co_names), 'varnames': list(code.co_varnames),
            'cellvars': list(code.co_cellvars), 'freevars': list(code.co_freevars),
            'bytes': code.co_code.hex(), 'instructions': _instructions(code, forms and forms(code))}


def _instructions(code, forms):
    result = []
    for one in dis.get_instructions(code):
        entry = {'offset': one.offset, 'opcode': one.opcode, 'name': one.opname, 'arg': one.arg,
                 'argument': one.argrepr, 'line': one.line_number, 'target': one.jump_target,
                 'is_target': one.is_jump_target, 'place': list(one.positions)}
        if forms is not None:
            name, argument, counter = forms[one.offset // 2]
            entry['form'] = {'name': name, 'argument': argument, 'counter': counter}
        result.append(entry)
    return result


def _show_wordcode(source, filename):
    output = io.StringIO()
    dis.dis(_code(source, filename), file=output)
    return output.getvalue()


def _show_quickened(source, filename):
    output = io.StringIO()
    dis.dis(_code(source, filename), file=output, adaptive=True, show_caches=True)
    return output.getvalue()


# All of them

_TEXTS = dict(zip(STAGES, (_show_tokens, _show_tree, _show_symbols, _show_wordcode, _show_quickened)))
_VALUES = dict(zip(STAGES, (lambda source, filename: tokens(source), tree, symbols, wordcode, quickened)))


def show(stage, source, filename='<string>', *, format='text'):
    """Return a stage of a program as text: stage is one of STAGES, format 'text' or 'json'.

    Raises SyntaxError for a program that is none, ValueError for an unknown stage or format.
    """
    if stage not in STAGES:
        raise ValueError('stage must be one of %s, not %r' % (', '.join(STAGES), stage))
    if format == 'json':
        return json.dumps(_VALUES[stage](source, filename), indent=1) + '\n'
    if format != 'text':
        raise ValueError("format must be 'text' or 'json', not %r" % (format,))
    return _TEXTS[stage](source, filename)
