# The machine made visible: apus.trace, apus.profile, apus.runtime, opcode.explain. (Apus only.)
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
    assert set(steps[0].as_dict()) >= {'line', 'offset', 'name', 'before', 'after', 'blocks', 'time'}


def test_time_stamps_and_profile():
    assert all(step.time >= 0 for step in apus.trace(add, 1, 2)[1])
    counts = apus.profile(add, 1, 2)
    assert {name: count for name, (count, _) in counts.items()} == {
        'LOAD_FAST': 3, 'BINARY_ADD': 1, 'STORE_FAST': 1, 'RETURN_VALUE': 1}


def test_runtime():
    nesting = apus.runtime()['runtime']
    thread = nesting['interpreters'][0]['threads'][-1]
    assert nesting['name'] == 'apus'
    functions = [frame['function'] for thread in nesting['interpreters'][0]['threads'] for frame in thread['frames']]
    assert 'test_runtime' in functions


def test_every_instruction_is_explained():
    for name in opcode.opmap:
        effect, text = opcode.explain(name)
        assert effect.startswith('(') and text.endswith('.'), name


def test_only_frames():
    import _machine
    assert error(_machine.stack, 5) == "TypeError: stack() argument must be frame, not int"


main(globals())
