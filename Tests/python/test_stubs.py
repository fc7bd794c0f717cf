# The .pyi files of our own modules say what is there: names, signatures, defaults, members. (Apus only.)
import ast
import importlib
import inspect
import os

import apus
from _run import main

LIB = os.path.dirname(os.path.dirname(os.path.abspath(apus.__file__)))
# Modules that CPython does not have, with the native ones.
OWN = ['_failmalloc', '_machine', '_symbols', '_terminfo', 'apus', 'apus.bytecode', 'apus.counts', 'apus.memory',
       'apus.nesting', 'apus.stages', 'apus.trace']


def stub_of(name):
    base = os.path.join(LIB, *name.split('.'))
    path = os.path.join(base, '__init__.pyi') if os.path.isdir(base) else base + '.pyi'
    with open(path) as file:
        return ast.parse(file.read(), path)


def statements(body):
    """The definitions of a module or class, by name; an overload or setter comes first or is left out."""
    found = {}
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.setdefault(node.name, node)
        elif isinstance(node, ast.AnnAssign):
            found[node.target.id] = node
        elif isinstance(node, ast.Assign):
            found[node.targets[0].id] = node
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.asname is not None:
                    found[alias.asname] = node
    return found


def parameters_of_stub(node):
    """(name, kind, default as text or None) of each parameter."""
    kinds = inspect.Parameter
    found = []
    arguments = node.args
    positional = arguments.posonlyargs + arguments.args
    defaults = [None] * (len(positional) - len(arguments.defaults)) + arguments.defaults
    for index, (one, default) in enumerate(zip(positional, defaults)):
        kind = kinds.POSITIONAL_ONLY if index < len(arguments.posonlyargs) else kinds.POSITIONAL_OR_KEYWORD
        found.append((one.arg, kind, default))
    if arguments.vararg:
        found.append((arguments.vararg.arg, kinds.VAR_POSITIONAL, None))
    for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        found.append((one.arg, kinds.KEYWORD_ONLY, default))
    if arguments.kwarg:
        found.append((arguments.kwarg.arg, kinds.VAR_KEYWORD, None))
    return [(name, kind, None if default is None else repr(ast.literal_eval(default)))
            for name, kind, default in found]


def parameters(function):
    return [(one.name, one.kind, None if one.default is one.empty else repr(one.default))
            for one in inspect.signature(function).parameters.values()]


def is_property(node):
    return any(isinstance(one, ast.Name) and one.id == 'property' for one in node.decorator_list)


def compare_class(where, node, cls):
    bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
    members = statements(node.body)
    for name, member in members.items():
        if isinstance(member, ast.FunctionDef):
            there = inspect.getattr_static(cls, name)
            if is_property(member):
                assert isinstance(there, property), (where, name)
            else:
                there = getattr(there, '__func__', there)
                assert parameters_of_stub(member) == parameters(there), (where, name)
        elif 'NamedTuple' in bases:
            assert name in cls._fields, (where, name)
        elif '__slots__' in vars(cls) and name != '__hash__':
            assert name in cls.__slots__, (where, name)
    public = {name for name in vars(cls) if not name.startswith('_')}
    assert public <= set(members), (where, public - set(members))


def compare(name):
    module = importlib.import_module(name)
    stub = statements(stub_of(name).body)
    listed = stub.pop('__all__', None)
    if hasattr(module, '__all__'):
        assert listed is not None and sorted(ast.literal_eval(listed.value)) == sorted(module.__all__), name
        public = set(module.__all__)
    else:
        public = {one for one in vars(module) if not one.startswith('_')}
    said = {one for one in stub if not one.startswith('_')}
    assert said == public, (name, said ^ public)
    for one in sorted(said):
        node, there = stub[one], getattr(module, one)
        if isinstance(node, ast.FunctionDef):
            assert parameters_of_stub(node) == parameters(there), (name, one, parameters(there))
        elif isinstance(node, ast.ClassDef):
            assert isinstance(there, type), (name, one)
            compare_class(name + '.' + one, node, there)
        elif isinstance(node, ast.ImportFrom):
            assert there.__module__ == 'apus.' + node.module if hasattr(there, '__module__') else True, (name, one)


def test_stubs_of_native_modules():
    for name in OWN[:3]:
        compare(name)


def test_stubs_of_python_modules():
    for name in OWN[3:]:
        compare(name)


def test_every_module_has_one():
    found = {name[:-3] for name in os.listdir(os.path.join(LIB, 'apus')) if name.endswith('.py')}
    stubs = {name[:-4] for name in os.listdir(os.path.join(LIB, 'apus')) if name.endswith('.pyi')}
    assert found - stubs == {'__main__', '_command'}, found - stubs
    assert stubs - {'__init__'} == {name.partition('.')[2] for name in OWN if '.' in name}


main(globals())
