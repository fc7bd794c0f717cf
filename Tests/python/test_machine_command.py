# The options that show the machine: --show, --trace, --profile-opcodes; `python -m apus`. (Apus only.)
import json
import os
import re
import subprocess
import sys
import tempfile
from _run import main

folder = tempfile.TemporaryDirectory()
FIRST = 'x = 1\ny = 2\nz = x + y\nprint(z)\n'
USAGE = '''usage: apus [option] ... [-c cmd | -m mod | file | -] [arg] ...
Try `apus -h' for more information.
'''


def write(name, text):
    path = os.path.join(folder.name, name)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    return path


def apus(*arguments, input=''):
    """(exit code, output, errors) of a run in the temporary folder."""
    done = subprocess.run([sys.executable, *arguments], cwd=folder.name, input=input, encoding='utf-8',
                          capture_output=True, env={**os.environ, 'PYTHONIOENCODING': 'utf-8'})
    return done.returncode, done.stdout, done.stderr.replace(sys.executable, 'PY')


def steps(text):
    return [json.loads(line) for line in text.splitlines()]


def test_trace_of_the_first_program():
    write('test.py', FIRST)
    code, out, err = apus('--trace', 'test.py')
    assert (code, out) == (0, '3\n')
    lines = err.splitlines()
    assert lines[0] == 'frame 0: <module> in test.py'
    assert [line.split()[2] for line in lines[1:]] == [
        'LOAD_CONST', 'STORE_NAME', 'LOAD_CONST', 'STORE_NAME', 'LOAD_NAME', 'LOAD_NAME', 'BINARY_ADD', 'STORE_NAME',
        'LOAD_NAME', 'LOAD_NAME', 'CALL_FUNCTION', 'POP_TOP', 'LOAD_CONST', 'RETURN_VALUE']
    assert lines[7].split() == ['3', '12', 'BINARY_ADD', '[1×∞,', '2×∞]', '->', '[3×∞]']
    found = steps(apus('--trace=json', 'test.py')[2])
    assert [len(step['after']) for step in found] == [1, 0, 1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 0]


def test_trace_shows_references():
    write('refs.py', 'value = object()\nother = value\n')
    found = steps(apus('--trace=json', 'refs.py')[2])
    loads = [step for step in found if step['name'] == 'LOAD_NAME' and step['line'] == 2]
    # The name, and the stack.
    assert loads[0]['after'][-1] == {'value': '<object>', 'references': 2}


def test_trace_runs_the_program_as_ever():
    write('args.py', 'import sys\nprint(sys.argv, __name__, __file__ == sys.path[0] + "/args.py")\nsys.exit(3)\n')
    plain, traced = apus('args.py', 'a', '-b'), apus('--trace', 'args.py', 'a', '-b')
    assert plain[:2] == traced[:2] == (3, "['args.py', 'a', '-b'] __main__ True\n")
    write('fails.py', 'def f():\n    1 / 0\nf()\n')
    plain, traced = apus('fails.py'), apus('--trace', '--trace-file', 'out', 'fails.py')
    assert plain == traced and plain[0] == 1 and plain[2].endswith('ZeroDivisionError: division by zero\n')
    with open(os.path.join(folder.name, 'out'), encoding='utf-8') as file:
        assert 'frame 1: f in fails.py' in file.read()


def test_trace_of_text_module_and_input():
    code, out, err = apus('--trace', '-c', 'x = 1')
    assert code == 0 and err.splitlines()[0] == 'frame 0: <module> in <string>' and len(err.splitlines()) == 5
    assert apus('--trace', '-', input='x = 1')[2].splitlines()[0] == 'frame 0: <module> in <stdin>'
    write('mod.py', 'x = 1\n')
    code, out, err = apus('--trace', '-m', 'mod')
    assert code == 0 and err.splitlines()[0] == 'frame 0: <module> in mod.py' and len(err.splitlines()) == 5


def test_trace_limit_and_all():
    write('test.py', FIRST)
    err = apus('--trace', '--trace-limit', '3', 'test.py')[2]
    assert err.splitlines()[-1] == '--trace-limit: 3 instructions' and len(err.splitlines()) == 5
    assert apus('--trace=json', '--trace-limit=3', 'test.py')[2].count('\n') == 3
    assert apus('--trace', '--trace-limit', '0', 'test.py')[:2] == (0, '3\n')
    write('imports.py', 'import helper\nhelper.f()\n')
    write('helper.py', 'def f():\n    return 1\n')
    assert {step['function'] for step in steps(apus('--trace=json', 'imports.py')[2])} == {'<module>'}
    files = {os.path.basename(step['file']) for step in steps(apus('--trace=json', '--trace-all', 'imports.py')[2])}
    assert {'imports.py', 'helper.py'} <= files


def test_trace_stamps():
    write('test.py', FIRST)
    lines = apus('--trace', '--trace-stamps', 'test.py')[2].splitlines()[1:]
    stamps = [int(line.split()[0]) for line in lines]
    assert len(stamps) == 14 and stamps == sorted(stamps)


def test_trace_of_blocks():
    write('blocks.py', 'try:\n    1 / 0\nexcept ZeroDivisionError:\n    x = 1\n')
    found = steps(apus('--trace=json', 'blocks.py')[2])
    kinds = [step['blocks'][-1]['kind'] if step['blocks'] else None for step in found]
    assert kinds[0] is None and 'finally' in kinds and 'handler' in kinds and kinds[-1] is None
    division = [step for step in found if step['name'] == 'BINARY_TRUE_DIVIDE'][0]
    # The stack is unwound to the level of the block, then six values are pushed.
    assert len(division['after']) == division['blocks'][-1]['level'] + 6


def test_trace_of_threads():
    write('threads.py', '''import threading
def work():
    x = 1
for _ in range(2):
    t = threading.Thread(target=work)
    t.start()
    t.join()
''')
    found = steps(apus('--trace=json', 'threads.py')[2])
    assert {step['thread'] for step in found if step['function'] == 'work'} <= {1, 2}
    assert {step['thread'] for step in found if step['function'] == '<module>'} == {0}
    assert len([step for step in found if step['function'] == 'work']) == 8


def test_trace_to_nobody():
    write('loop.py', 'for i in range(2000):\n    pass\nprint("end")\n')
    done = subprocess.run('%s --trace loop.py 2>&1 >/dev/null | head -1' % sys.executable, shell=True, cwd=folder.name,
                          capture_output=True, encoding='utf-8')
    assert done.stdout == 'frame 0: <module> in loop.py\n'
    done = subprocess.run('(%s --trace loop.py; echo $? >&3) 3>&1 >out 2>/dev/full' % sys.executable, shell=True,
                          cwd=folder.name, capture_output=True, encoding='utf-8')
    assert done.stdout == '0\n'
    with open(os.path.join(folder.name, 'out')) as file:
        assert file.read() == 'end\n'


def test_profile():
    write('test.py', FIRST)
    code, out, err = apus('--profile-opcodes', 'test.py')
    assert (code, out) == (0, '3\n') and err.startswith('14 instructions, ')
    found = json.loads(apus('--profile-opcodes=json', 'test.py')[2])
    assert {name: count['runs'] for name, count in found['opcodes'].items()} == {
        'LOAD_CONST': 3, 'STORE_NAME': 3, 'LOAD_NAME': 4, 'BINARY_ADD': 1, 'CALL_FUNCTION': 1, 'POP_TOP': 1,
        'RETURN_VALUE': 1}
    assert sum(count for _, _, count in found['pairs']) == 13
    assert [(line['line'], line['runs']) for line in found['lines']] == [(1, 2), (2, 2), (3, 4), (4, 6)]
    assert found['counts_allocations'] and found['total']['runs'] == 14
    assert not json.loads(apus('-X', 'tracemalloc', '--profile-opcodes=json', 'test.py')[2])['counts_allocations']
    write('fails.py', 'import sys\nsys.exit(5)\n')
    code, out, err = apus('--profile-opcodes', 'fails.py')
    assert code == 5 and 'instructions, ' in err


def test_show():
    write('a.py', 'def first_func():\n    pass\n')
    assert apus('--show', 'tokens', 'a.py')[1].splitlines()[:3] == [
        "0,0-0,0          ENCODING        'utf-8'", "1,0-1,3          NAME            'def'",
        "1,4-1,14         NAME            'first_func'"]
    assert apus('--show', 'ast', 'a.py')[1].startswith('Module(\n  body=[\n    FunctionDef(\n')
    assert apus('--show=symtable', 'a.py')[1] == (
        'module top, line 0\n    first_func: local, global, assigned, namespace\n    function first_func, line 1\n')
    code, listing, err = apus('--show', 'wordcode', 'a.py')
    assert re.sub('0x[0-9a-f]+', '', listing) == re.sub('0x[0-9a-f]+', '', apus('-m', 'dis', 'a.py')[1]) != ''
    assert 'MAKE_FUNCTION' in apus('--show', 'quickened', 'a.py')[1]
    for stage in ('tokens', 'ast', 'symtable', 'wordcode', 'quickened'):
        one, other = (re.sub('0x[0-9a-f]+', '', apus('--show', stage, *arguments)[1])
                      for arguments in (('--json', 'a.py'), ('a.py', '--json')))
        assert json.loads(one) == json.loads(other)
        with open(os.path.join(folder.name, 'a.py')) as file:
            assert apus('--show', stage, '-', input=file.read())[0] == 0


def test_show_of_text_and_modules():
    assert apus('--show', 'ast', '-c', 'a')[1].endswith("value=Name(id='a', ctx=Load()))])\n")
    write('mod.py', 'x = 1\n')
    assert apus('--show', 'wordcode', '-m', 'mod')[1].split()[:3] == ['1', '0', 'LOAD_CONST']
    assert apus('--show', 'wordcode', '-m', 'json')[0] == 0
    assert apus('--show', 'tokens', '-m', 'runpy')[0] == 0
    # -O and -X classic hold as for a run.
    assert apus('--show', 'wordcode', '-c', 'assert x')[1].count('\n') > apus('-O', '--show', 'wordcode', '-c', 'assert x')[1].count('\n')


def test_show_of_compiled_files():
    import py_compile
    write('mod.py', 'x = 1\n')
    py_compile.compile(os.path.join(folder.name, 'mod.py'), os.path.join(folder.name, 'mod.pyc'), 'mod.py')
    assert apus('--show', 'wordcode', 'mod.pyc') == apus('--show', 'wordcode', 'mod.py')
    assert apus('--show', 'quickened', 'mod.pyc')[0] == 0
    assert apus('--show', 'ast', 'mod.pyc') == (1, '', 'PY: No source in mod.pyc\n')
    with open(os.path.join(folder.name, 'mod.pyc'), 'rb') as file:
        content = file.read()
    with open(os.path.join(folder.name, 'cut.pyc'), 'wb') as file:
        file.write(content[:20])
    assert apus('--show', 'wordcode', 'cut.pyc') == (1, '', 'PY: marshal data too short\n')


def test_show_runs_nothing():
    write('test.py', FIRST)
    for stage in ('tokens', 'ast', 'symtable', 'wordcode', 'quickened'):
        assert '3\n' != apus('--show', stage, 'test.py')[1]


def test_show_of_bad_programs():
    assert apus('--show', 'wordcode', '-c', '1 +') == (
        1, '', '  File "<string>", line 1\n    1 +\n       ^\nSyntaxError: invalid syntax\n')
    assert apus('--show', 'tokens', '-c', '(')[0] == 1
    assert apus('--show', 'ast', 'none.py') == (
        2, '', "PY: can't open file 'none.py': [Errno 2] No such file or directory\n")
    assert apus('--show', 'ast', '-m', 'none_such') == (1, '', 'PY: No module named none_such\n')
    assert apus('--show', 'ast', '-m', 'sys') == (1, '', 'PY: No source for module sys\n')


def test_wrong_options():
    for arguments, text in [
            (['--show'], 'Argument expected for the --show option'),
            (['--show', 'all', 'a.py'], '--show must be one of tokens, ast, symtable, wordcode, quickened'),
            (['--show', 'ast', 'a.py', 'b.py'], '--show takes one program, not also b.py'),
            (['--show', 'ast', '--trace', 'a.py'], '--show prints a stage and runs nothing to trace or to profile'),
            (['--json', 'a.py'], '--json is for --show; there are --trace=json, --profile-opcodes=json'),
            (['--trace=xml', 'a.py'], '--trace must be one of text, json'),
            (['--trace-all=yes', 'a.py'], '--trace-all takes no value'),
            (['--trace', '--trace-limit', 'x', 'a.py'], '--trace-limit must be a number of instructions'),
            (['--trace-limit', '3', 'a.py'], '--trace-limit, -all, -stamps and -file are for --trace'),
            (['--trace', '--profile-opcodes', 'a.py'], '--trace and --profile-opcodes do not go together'),
            (['--traces', 'a.py'], 'unknown option --traces')]:
        assert apus(*arguments) == (2, '', text + '\n' + USAGE), arguments


def test_help_names_them():
    text = apus('-h')[1]
    for option in ('--show STAGE', '--json', '--trace[=json]', '--trace-limit N', '--trace-all', '--trace-stamps',
                   '--trace-file F', '--profile-opcodes[=json]'):
        assert option in text
    # Behind the options of python3, in front of what the program is.
    assert text.index('--check-hash-based-pycs') < text.index('--show') < text.index('\nfile ')


def test_options_behind_the_program_are_its_own():
    write('argv.py', 'import sys\nprint(sys.argv[1:])\n')
    assert apus('argv.py', '--trace', '--show', 'ast') == (0, "['--trace', '--show', 'ast']\n", '')
    assert apus('-c', 'import sys; print(sys.argv)', '--trace')[1] == "['-c', '--trace']\n"


def test_layers_of_every_allocator():
    program = """if True:
        import apus
        found = apus.layers()
        assert all(one['holds'] for one in found['identities']), found['identities']
        print(found['+2']['allocator'], found['+2']['bytes'] > 0, found['+1']['blocks']['large blocks'] > 0)
        apus.profile(sum, [1, 2])
        assert all(one['holds'] for one in apus.layers()['identities'])
    """
    for choice, expected in [('', 'pymalloc True True'), ('malloc', 'malloc False False'), ('debug', 'debug False False')]:
        os.environ['PYTHONMALLOC'] = choice
        try:
            assert apus('-c', program) == (0, expected + '\n', '')
        finally:
            del os.environ['PYTHONMALLOC']
    assert apus('-X', 'tracemalloc', '-c', program)[1] == 'traced True True\n'


def test_package_as_a_program():
    code, out, err = apus('-m', 'apus', 'layers')
    assert (code, err) == (0, '') and out.startswith('+3 free lists of the types') and 'not so' not in out
    nesting = json.loads(apus('-m', 'apus', 'runtime')[1])
    assert nesting['runtime']['name'] == 'apus'
    assert apus('-m', 'apus')[0] == 1


main(globals())
