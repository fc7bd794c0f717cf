# Memory and start-up: the allocator's modes, frozen modules, the collector's walk over containers and
# instances, objects that take short ways through the object model.
import gc
import os
import re
import subprocess
import sys
import weakref
from _run import main


def run(*arguments, **environment):
    """Exit code, output and errors of this interpreter with other variables set."""
    variables = {**os.environ, **environment}
    done = subprocess.run([sys.executable, *arguments], env=variables, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def test_every_allocator_runs_a_program():
    program = "import json; d = {str(i): [i] * i for i in range(300)}; print(len(json.dumps(d)))"
    expected = run('-c', program)
    assert expected[0] == 0
    for name in ['default', 'malloc', 'debug', 'pymalloc', 'pymalloc_debug', 'malloc_debug']:
        assert run('-c', program, PYTHONMALLOC=name) == expected, name


def test_an_unknown_allocator_ends_the_process():
    status, out, err = run('-c', 'pass', PYTHONMALLOC='none such')
    assert (status, out) == (1, '')
    assert 'PYTHONMALLOC: unknown allocator' in err
    assert run('-I', '-c', 'print(1)', PYTHONMALLOC='none such')[:2] == (0, '1\n')


def test_debugmallocstats_reports_to_stderr():
    status, out, err = run('-c', 'import sys; print(sys._debugmallocstats())')
    assert (status, out) == (0, 'None\n')
    assert err.startswith('Small block threshold = 512, in 32 size classes.\n\nclass   size   num pools')
    for line in ['# arenas allocated total', '# bytes in allocated blocks', 'free PyFloatObjects * 24 bytes each']:
        assert line in err, line


def test_debugmallocstats_adds_up():
    program = 'import sys; kept = [object() for _ in range(20_000)]; del kept[::2]; sys._debugmallocstats()'
    status, out, err = run('-c', program)
    assert status == 0
    classes, values = [], {}
    for line in err.splitlines():
        if match := re.fullmatch(r' *(\d+) +(\d+) +(\d+) +(\d+) +(\d+)', line):
            classes.append([int(number) for number in match.groups()])
        elif match := re.fullmatch(r'(.*\S) += +([\d,]+)', line):
            values[match[1].lstrip('# ')] = int(match[2].replace(',', ''))
            if product := re.match(r'(\d+) (.*) \* (\d+) bytes', match[1].strip()):
                number, what, size = product.groups()
                assert int(number) * int(size) == values[match[1].lstrip('# ')], line
                values[what] = int(number)
    assert classes
    pools = 0
    for number, size, count, used, free in classes:
        assert size == 16 * (number + 1)
        # A pool of 16 KiB begins with a header; what is left is blocks.
        assert used + free == count * ((16384 - 48) // size), number
        pools += count
    assert sum(size * used for _, size, _, used, _ in classes) == values['bytes in allocated blocks']
    assert sum(size * free for _, size, _, _, free in classes) == values['bytes in available blocks']
    assert pools * 48 == values['bytes lost to pool headers']
    assert sum(count * ((16384 - 48) % size) for _, size, count, _, _ in classes) == values['bytes lost to quantization']
    assert values['arenas allocated total'] - values['arenas reclaimed'] == values['arenas allocated current'] == values['arenas']
    assert values['arenas highwater mark'] >= values['arenas']
    assert (pools + values['unused pools']) * 16384 + values['bytes lost to arena alignment'] == values['arenas'] * 1048576
    assert values['Total'] == values['arenas'] * 1048576
    assert sum(values[name] for name in values if name.startswith('bytes ')) + values['unused pools'] * 16384 == values['Total']


def test_modules_of_a_start_are_frozen():
    program = "import os; print(os.__spec__.origin, os.__spec__.loader.__name__, os.path.basename(os.__file__))"
    assert run('-c', program)[1] == 'frozen FrozenImporter os.py\n'
    program = "import os; print(os.__spec__.loader.__class__.__name__, os.path.basename(os.__spec__.origin))"
    assert run('-X', 'frozen_modules=off', '-c', program)[1] == 'SourceFileLoader os.py\n'


def test_frozen_modules_by_name():
    import _imp
    assert _imp.is_frozen('os') and not _imp.is_frozen('json')
    assert _imp.find_frozen('os')[1:] == (False, 'os')
    assert _imp.find_frozen('__phello__')[1:] == (True, '__phello__')
    assert _imp.find_frozen('json') is None
    assert _imp.is_frozen_package('__phello__')
    assert _imp.get_frozen_object('os').co_filename == '<frozen os>'
    for function, arguments in [(_imp.get_frozen_object, ('json',)), (_imp.is_frozen_package, ('json',))]:
        try:
            function(*arguments)
        except ImportError as error:
            assert str(error) == "No such frozen object named 'json'"
            assert error.name == 'json'
        else:
            raise AssertionError(function)


class Node:
    def __init__(self, *others):
        self.others = list(others)
        self.by_name = {'others': others}


class Slotted:
    __slots__ = ['value', '__weakref__']


class NamedTuple(tuple):
    pass


def cycle_of(make):
    """Whether the collector finds a cycle that `make` builds around a Node."""
    node = Node()
    make(node)
    reference = weakref.ref(node)
    del node
    gc.collect()
    return reference() is None


def test_cycles_through_every_kind_of_container():
    def slots(node):
        node.other = Slotted()
        node.other.value = node

    def cell(node):
        node.function = lambda: node

    def attributes(node):
        node.me = node

    def own_dict(node):
        node.__dict__[3] = node

    def split_dict(node):
        node.keep = vars(node)

    def many(node):
        for number in range(40):
            setattr(node, 'name%d' % number, node)

    assert cycle_of(slots) and cycle_of(cell) and cycle_of(attributes)
    assert cycle_of(own_dict) and cycle_of(split_dict) and cycle_of(many)
    assert cycle_of(lambda node: node.others.append([(node,), {'a': node}]))
    assert cycle_of(lambda node: node.by_name.update({1: node, (2, 3): [node]}))
    assert cycle_of(lambda node: setattr(node, 'pair', NamedTuple([node])))
    assert cycle_of(lambda node: setattr(node, 'reference', [weakref.ref(node), node]))


def test_what_is_reachable_stays():
    kept = [Node() for _ in range(100)]
    for number, node in enumerate(kept):
        node.next = kept[number - 1]
    references = [weakref.ref(node) for node in kept]
    first = kept[0]
    del kept, node
    gc.collect()
    assert all(reference() is not None for reference in references)
    del first
    gc.collect()
    assert all(reference() is None for reference in references)


def test_attributes_of_instances_keep_their_order():
    class Empty:
        pass
    instances = []
    for number in range(50):
        instance = Empty()
        names = ['a', 'b', 'c', 'd'] if number % 2 else ['d', 'c', 'b', 'a']
        for name in names:
            setattr(instance, name, number)
        assert list(vars(instance)) == names
        instances.append(instance)
    assert [vars(instance)['a'] for instance in instances] == list(range(50))


def test_appending_to_a_str_that_others_hold():
    text = 'a' * 100
    other = text
    text += 'b'
    assert other == 'a' * 100 and text == 'a' * 100 + 'b'
    for width in (10, 400, 600, 5000):
        grown = ''
        for _ in range(width):
            grown += 'xy'
        assert grown == 'xy' * width
    grown += grown
    assert len(grown) == 20000
    key = 'k' + grown[:0]
    table = {key: 1}
    key += 'ey'
    assert table == {'k': 1} and key == 'key'
    grown = 'abc'
    grown += '\xe9'
    grown += '\u20ac'
    assert grown == 'abc\xe9\u20ac'


def test_searching_text_at_every_place():
    for length in range(2, 40):
        for place in range(0, 60):
            hay = 'ab' * 30
            hay = hay[:place] + 'x' + 'y' * (length - 2) + 'z' + hay[place:]
            needle = 'x' + 'y' * (length - 2) + 'z'
            assert hay.find(needle) == place
            assert hay.find(needle, place + 1) == -1
            assert hay.encode().find(needle.encode()) == place
    assert ('ab' * 5000 + 'abc').find('ab' * 40 + 'abc') == 2 * 5000 - 80


def test_short_format_specifications():
    assert [format(255, spec) for spec in ['x', '02x', '#x', 'X', 'b', 'o', 'd', '5', '<5', '^6', '*>6']] == [
        'ff', 'ff', '0xff', 'FF', '11111111', '377', '255', '  255', '255  ', ' 255  ', '***255']
    assert [format(-42, spec) for spec in ['05', '<05', '=5', '>6', '^7', '1', 'x']] == [
        '-0042', '-4200', '-  42', '   -42', '  -42  ', '-42', '-2a']
    assert [format('ab', spec) for spec in ['5', '>5', '^5', '05', '*<4', '1', 's', '4s']] == [
        'ab   ', '   ab', ' ab  ', 'ab000', 'ab**', 'ab', 'ab', 'ab  ']
    for value, spec, message in [
        ('ab', '=5', "'=' alignment not allowed in string format specifier"),
        (1, 'q', "Unknown format code 'q' for object of type 'int'"),
        ('ab', 'd', "Unknown format code 'd' for object of type 'str'"),
    ]:
        try:
            format(value, spec)
        except ValueError as error:
            assert str(error) == message
        else:
            raise AssertionError(spec)


main(globals())
