# The machine made visible: apus.show, trace, profile, runtime, layers, opcode.explain. (Apus only.)
import apus
import dis
import io
import opcode
import os
import sys
import tempfile
from _run import error, main


def add(x, y):
    z = x + y
    return z


def caught(x):
    try:
        return 1 // x
    except ZeroDivisionError:
        return None


def test_depths_of_the_first_program():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'test.py')
        with open(path, 'w') as file:
            file.write('x = 1\ny = 2\nz = x + y\nprint(z)\n')
        steps, out, old, argv, was = [], io.StringIO(), sys.stdout, sys.argv[:], sys.modules['__main__']
        sys.stdout = out
        try:
            from apus.trace import run
            run(path, report=steps.append)
        finally:
            sys.stdout, sys.argv[:], sys.modules['__main__'] = old, argv, was
    assert out.getvalue() == '3\n'
    assert [step.depth for step in steps] == [1, 0, 1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 0]
    assert [step.name for step in steps[:4]] == ['LOAD_CONST', 'STORE_NAME', 'LOAD_CONST', 'STORE_NAME']
    assert [step.line for step in steps] == [1, 1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4]


def test_references():
    value = object()
    result, steps = apus.trace(add, [value], [value])
    assert len(result) == 2
    loads = [step for step in steps if step.name == 'LOAD_FAST'][:2]
    # The name and the stack, and whoever called.
    for step in loads:
        assert step.after[-1][1] >= 2
    assert steps[2].name == 'BINARY_ADD'
    assert [len(steps[2].before), len(steps[2].after)] == [2, 1]
    assert steps[2].after[-1] == ('<list>', 1)


def test_blocks():
    result, steps = apus.trace(caught, 0)
    assert result is None
    kinds = [step.blocks[-1][0] if step.blocks else None for step in steps]
    assert 'finally' in kinds and 'handler' in kinds
    handler = [step for step in steps if step.blocks and step.blocks[-1][0] == 'handler']
    assert len(handler[0].before) == 6


def test_text_of_a_step():
    steps = apus.trace(add, 1, 2)[1]
    assert str(steps[2]).split()[1:] == ['4', 'BINARY_ADD', '[1×∞,', '2×∞]', '->', '[3×∞]']
    assert str(steps[0]).split()[1:] == ['0', 'LOAD_FAST', '0', '(x)', '[]', '->', '[1×∞]']
    assert set(steps[0].as_dict()) >= {'line', 'offset', 'name', 'before', 'after', 'blocks', 'time', 'frame', 'stamp'}
    assert steps[0].as_dict()['after'] == [{'value': '1', 'references': None}]
    long = apus.trace(lambda: 'x' * 3 + '-' * 100, limit=1)[1][0]
    assert len(str(long)) < 120 and len(long.argument) > 100


def test_steps_of_calls_come_in_order():
    def inner(x):
        return x

    def outer():
        return inner(5)
    told = []
    result, steps = apus.trace(outer, everything=True, report=lambda step: told.append((step.name, step.after)))
    assert (result, steps) == (5, [])
    names = [name for name, _ in told]
    assert names == ['LOAD_DEREF', 'LOAD_CONST', 'CALL_FUNCTION', 'LOAD_FAST', 'RETURN_VALUE', 'RETURN_VALUE']
    # The call is told before what it runs, when its result is not known.
    assert told[2][1] is None and told[3][1] == [('5', None)]
    steps = apus.trace(outer, everything=True)[1]
    assert [step.frame for step in steps] == [0, 0, 0, 1, 1, 0]
    assert steps[2].after == [('5', None)]
    assert [step.name for step in apus.trace(outer)[1]] == names[:3] + names[5:]


def test_limit():
    result, steps = apus.trace(add, 1, 2, limit=2)
    assert result == 3 and [step.name for step in steps] == ['LOAD_FAST', 'LOAD_FAST']
    assert apus.trace(add, 1, 2, limit=0) == (3, [])


def test_generators_keep_their_frame():
    def numbers():
        for i in (1, 2):
            yield i
    steps = apus.trace(lambda: list(numbers()), everything=True)[1]
    mine = [step for step in steps if step.function.endswith('numbers')]
    assert {step.frame for step in mine} == {mine[0].frame}
    yields = [step for step in mine if step.name == 'YIELD_VALUE']
    assert [(len(step.before), len(step.after)) for step in yields] == [(2, 1), (2, 1)]


def test_unwinding():
    def fails():
        for i in (1,):
            1 / 0
    steps = []
    assert error(apus.trace, fails, report=steps.append) == 'ZeroDivisionError: division by zero'
    assert steps[-1].name == 'BINARY_TRUE_DIVIDE' and len(steps[-1].before) == 3 and steps[-1].after == []


def test_tracing_keeps_nothing_alive():
    died = []

    class Value:
        def __del__(self):
            died.append(len(died))

    def inner():
        value = Value()
        return 1

    def outer():
        inner()
        return len(died)
    result, steps = apus.trace(outer, everything=True)
    assert result == 1


def test_what_can_be_traced():
    import functools
    class Point:
        def __init__(self, x):
            self.x = x
        def __call__(self, y):
            return self.x + y
        def double(self):
            return self.x * 2
    assert 'STORE_ATTR' in [step.name for step in apus.trace(Point, 3)[1]]
    assert apus.trace(Point(3), 4)[0] == 7 and apus.trace(Point(3).double)[1]
    assert apus.trace(functools.partial(add, 1), 2)[1][-1].name == 'RETURN_VALUE'
    assert error(apus.trace, len, []) == (
        'TypeError: trace() needs something written in Python, not builtin_function_or_method')


def test_tracing_is_off_afterwards():
    apus.trace(add, 1, 2)
    assert sys.gettrace() is None
    assert error(apus.trace, add, 1) == "TypeError: add() missing 1 required positional argument: 'y'"
    assert sys.gettrace() is None
    apus.profile(add, 1, 2)
    assert not [thread for interpreter in apus.runtime()['runtime']['interpreters']
                for thread in interpreter['threads'] if thread['traced']]


def test_time_stamps_and_profile():
    steps = apus.trace(add, 1, 2)[1]
    assert all(step.time >= 0 for step in steps)
    assert sorted(step.stamp for step in steps) == [step.stamp for step in steps]
    found = apus.profile(add, 1, 2)
    assert found.result == 3
    assert {name: count.runs for name, count in found.opcodes.items()} == {
        'LOAD_FAST': 3, 'BINARY_ADD': 1, 'STORE_FAST': 1, 'RETURN_VALUE': 1}
    assert found.pairs == {('LOAD_FAST', 'LOAD_FAST'): 1, ('LOAD_FAST', 'BINARY_ADD'): 1,
                           ('BINARY_ADD', 'STORE_FAST'): 1, ('STORE_FAST', 'LOAD_FAST'): 1,
                           ('LOAD_FAST', 'RETURN_VALUE'): 1}
    first = add.__code__.co_firstlineno
    assert {line: count.runs for (_, line), count in found.lines.items()} == {first + 1: 4, first + 2: 2}
    assert found.total.runs == 6 and sum(found.pairs.values()) == 5
    assert found.total.time == sum(count.time for count in found.opcodes.values()) > 0
    assert found.unit in ('cycles', 'ns')
    offsets = found.instructions[add.__code__]
    assert list(offsets) == [0, 2, 4, 6, 8, 10]


def test_profile_of_allocations():
    def blocks(n):
        kept = []
        for i in range(n):
            kept.append({i})
        return kept
    found = apus.profile(blocks, 50)
    assert found.counts_allocations
    assert found.opcodes['BUILD_SET'].runs == 50 and found.opcodes['BUILD_SET'].allocations == 50
    assert found.opcodes['LOAD_FAST'].allocations == 0
    text = found.report(most=2)
    assert 'BUILD_SET' in text and text.splitlines()[0].startswith('%d instructions, ' % found.total.runs)
    import json
    assert json.loads(json.dumps(found.as_dict()))['total']['runs'] == found.total.runs


def test_profile_of_a_loop():
    def loop(n):
        total = 0
        for i in range(n):
            total += add(i, 1)
        return total
    found = apus.profile(loop, 100)
    assert found.result == sum(range(1, 101))
    runs = {name: count.runs for name, count in found.opcodes.items()}
    assert (runs['FOR_ITER'], runs['CALL_FUNCTION'], runs['RETURN_VALUE']) == (101, 101, 101)
    assert found.pairs['CALL_FUNCTION', 'LOAD_FAST'] == 100  # the first instruction of add
    assert error(apus.profile, apus.profile, add, 1, 2) == (
        'RuntimeError: a profile of opcodes is being made already')
    assert error(apus.profile, add, 1) == "TypeError: add() missing 1 required positional argument: 'y'"


def test_runtime():
    nesting = apus.runtime()['runtime']
    assert nesting['name'] == 'apus'
    assert [interpreter['id'] for interpreter in nesting['interpreters']] == [0]
    threads = nesting['interpreters'][0]['threads']
    assert len([thread for thread in threads if thread['holds_lock']]) == 1
    here = [thread for thread in threads if thread['holds_lock']][0]
    frames = here['frames']
    assert frames[0]['function'] == 'test_runtime' and frames[-1]['function'] == '<module>'
    assert frames[0]['instruction'].startswith('CALL_') and frames[0]['file'] == __file__
    # Frames that called each other run in one activation of the eval loop, a sort key in another.
    assert {frame['loop'] for frame in frames} == {0}
    loops = []

    def key(value):
        threads = apus.runtime()['runtime']['interpreters'][0]['threads']
        loops.extend(frame['loop'] for thread in threads if thread['holds_lock'] for frame in thread['frames'])
    sorted([1], key=key)
    assert loops[:2] == [1, 0] and loops[-1] == 0
    assert here['native_id'] > 0 and here['id'] > 0
    assert nesting['interpreters'][0]['modules'] == len(sys.modules)


def test_runtime_with_threads():
    import threading
    ready, done = threading.Event(), threading.Event()

    def waits():
        ready.set()
        done.wait()
    thread = threading.Thread(target=waits, name='second')
    thread.start()
    ready.wait()
    threads = apus.runtime()['runtime']['interpreters'][0]['threads']
    done.set()
    thread.join()
    names = {one['name']: one for one in threads}
    assert set(names) == {'MainThread', 'second'}
    assert names['MainThread']['holds_lock'] and not names['second']['holds_lock']
    assert 'waits' in [frame['function'].rpartition('.')[2] for frame in names['second']['frames']]


def test_layers():
    kept = [bytes(3000) for _ in range(100)]
    found = apus.layers()
    assert list(found) == ['+3', '+2', '+1', '0', '-1', '-2', 'identities']
    for number in list(found)[:-1]:
        layer = found[number]
        assert layer['bytes'] == sum(layer['parts'].values()) and all(part >= 0 for part in layer['parts'].values())
    assert [one['text'] for one in found['identities'] if not one['holds']] == []
    assert len(found['identities']) == 8
    assert found['+1']['parts']['large blocks'] >= 100 * 3000
    assert sum(one['size'] * one['used'] for one in found['+2']['classes']) == found['+2']['parts']['blocks in use']
    assert found['+2']['parts']['blocks in use'] > found['+3']['bytes']
    assert found['+2']['bytes'] % (1 << 20) == 0


def test_layers_follow_memory():
    """What is allocated appears in its layer, and goes from it again."""
    def large():
        return apus.layers()['+1']['parts']['large blocks']

    def small():
        return apus.layers()['+2']['parts']['blocks in use']
    before = large()
    kept = [bytearray(1 << 20) for _ in range(10)]
    assert large() - before >= 10 << 20
    kept.clear()
    assert large() - before < 1 << 20
    import gc
    gc.collect()
    before = small()
    kept = [object() for _ in range(20000)]
    assert 20000 * 16 <= small() - before < 20000 * 16 + 200000
    del kept
    assert small() - before < 200000
    # Lists that died wait in their type's list.
    for _ in range(20):
        [[] for _ in range(50)]
    assert apus.layers()['+3']['parts']['PyListObject'] > 0


def test_stages():
    from apus import stages
    source = 'def g(x):\n    return x + 3\n'
    assert [token['string'] for token in stages.tokens(source)[:4]] == ['def', 'g', '(', 'x']
    assert stages.tokens(source.encode())[0]['type'] == 'ENCODING'
    tree = stages.tree(source)
    assert (tree['node'], tree['body'][0]['node'], tree['body'][0]['name']) == ('Module', 'FunctionDef', 'g')
    assert tree['body'][0]['body'][0]['value']['right'] == {
        'node': 'Constant', 'value': 3, 'kind': None, 'lineno': 2, 'end_lineno': 2, 'col_offset': 15,
        'end_col_offset': 16}
    table = stages.symbols(source)
    assert table['children'][0]['symbols'] == [{'name': 'x', 'is': ['parameter', 'local', 'referenced']}]
    code = stages.wordcode(source)
    assert code['consts'][0]['code']['bytes'] == '7c00640117005300'
    assert [one['name'] for one in code['consts'][0]['code']['instructions']] == [
        'LOAD_FAST', 'LOAD_CONST', 'BINARY_ADD', 'RETURN_VALUE']
    forms = stages.quickened(source)['consts'][0]['code']['instructions']
    assert [one['form']['name'] for one in forms] == [
        'LOAD_FAST_LOAD_CONST', 'LOAD_CONST', 'BINARY_ADD', 'RETURN_VALUE']
    for value in ('3j', "b'x'", '...', '1e999', '1 << 100', "'\\ud800'", 'None'):
        for stage in apus.STAGES:
            import json
            json.loads(apus.show(stage, 'x = ' + value, format='json'))
            assert apus.show(stage, 'x = ' + value).strip()
    assert error(apus.show, 'nothing', 'x') == (
        "ValueError: stage must be one of tokens, ast, symtable, wordcode, quickened, not 'nothing'")
    assert error(apus.show, 'ast', 'x', format='xml') == "ValueError: format must be 'text' or 'json', not 'xml'"
    assert error(apus.show, 'ast', 'x =').startswith('SyntaxError: invalid syntax')


def test_stages_of_what_has_run():
    def attribute(x):
        return x.value
    class Box:
        pass
    box = Box()
    box.value = 5
    before = apus.show('quickened', attribute)
    for _ in range(100):
        attribute(box)
    after = apus.show('quickened', attribute)
    assert before != after and 'LOAD_ATTR_' in after
    assert apus.show('wordcode', attribute).splitlines()[0].split()[2:4] == ['LOAD_FAST', '0']


def test_library_works_on_every_stage():
    """`ast.unparse`, `symtable` and `tokenize` of the library, over themselves."""
    import ast
    import symtable
    import tokenize
    for module in (ast, symtable, tokenize):
        with open(module.__file__, 'rb') as file:
            source = file.read()
        tree = ast.parse(source)
        assert ast.dump(ast.parse(ast.unparse(tree))) == ast.dump(tree)
        names = [child.get_name() for child in symtable.symtable(source, module.__file__, 'exec').get_children()]
        assert names and set(names) <= {node.name for node in ast.walk(tree)
                                        if isinstance(node, (ast.FunctionDef, ast.ClassDef))} | {'lambda', 'genexpr', 'listcomp', 'setcomp', 'dictcomp'}
        tokens = list(tokenize.tokenize(iter(source.splitlines(True)).__next__))
        assert tokenize.untokenize(tokens) == source


def test_every_instruction_is_explained():
    for name in opcode.opmap:
        effect, text = opcode.explain(name)
        assert effect.startswith('(') and text.endswith('.'), name


def test_only_frames():
    import _machine
    assert error(_machine.stack, 5) == "TypeError: stack() argument must be frame, not int"
    assert error(_machine.blocks, None) == "TypeError: blocks() argument must be frame, not None"
    assert error(_machine.quickened, 5) == "TypeError: quickened() argument must be code, not int"
    assert error(_machine.profile, len, [], {}) == "TypeError: profile() argument 2 must be tuple, not list"
    assert error(_machine.profile, len, (), None) == "TypeError: profile() argument 3 must be dict, not None"
    assert error(_machine.profile, len) == "TypeError: profile expected 3 arguments, got 1"


def test_the_stack_is_asked_in_time():
    """Elsewhere the frame's own notes are not of now, and what they say may be gone."""
    import _machine
    unknown = 'ValueError: the stack is known only to a trace function that is told of an instruction'

    def g(*values):
        return values

    def f():
        x = [1, [2], g([1], [2], [3], object(), g(object(), object()))]
        return error(_machine.stack, sys._getframe())
    assert f() == unknown

    def numbers():
        yield 1
    suspended = numbers()
    next(suspended)
    assert error(_machine.stack, suspended.gi_frame) == unknown
    frame = suspended.gi_frame
    suspended.close()
    assert error(_machine.stack, frame) == 'ValueError: the frame does not run'
    seen = []

    def tracer(frame, event, argument):
        seen.append((event, error(_machine.stack, frame)))
        frame.f_trace_opcodes = True
        return tracer

    def fails():
        1 / 0
    sys.settrace(tracer)
    try:
        fails()
    except ZeroDivisionError:
        pass
    sys.settrace(None)
    # While it is unwound the stack is not whole.
    assert [event for event, found in seen if found == 'nothing raised'] == ['line', 'opcode', 'opcode', 'opcode']
    assert {event for event, found in seen if found == unknown} == {'call', 'exception', 'return'}


def test_delegation():
    """What a `yield from` sent may be gone when its frame is left."""
    class Echo:
        def __iter__(self):
            return self
        def __next__(self):
            return [0]
        def send(self, value):
            return [1]

    def outer():
        yield from Echo()

    def drive():
        generator = outer()
        next(generator)
        for _ in range(20):
            generator.send([object(), object()])
        generator.close()
    steps = apus.trace(drive, everything=True)[1]
    delegations = [step for step in steps if step.name == 'YIELD_FROM']
    assert len(delegations) == 21 and delegations[3].before[-1] == ('<list>', 2)
    assert [len(step.after) for step in delegations[:20]] == [1] * 20


main(globals())
