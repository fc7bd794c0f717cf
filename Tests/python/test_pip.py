# pip in a virtual environment, without network: local wheels and projects, console scripts, what it
# lists. Where the library has no `ensurepip` there is nothing to test.
import os
import zipfile
from _environments import environment_with, has_pip, path, run, site_packages, write
from _run import main


def wheel(name, version, source, scripts=''):
    """Makes a wheel of one module by hand; returns its path."""
    made = path('%s-%s-py3-none-any.whl' % (name, version))
    info = '%s-%s.dist-info/' % (name, version)
    files = {name + '.py': source,
             info + 'METADATA': 'Metadata-Version: 2.1\nName: %s\nVersion: %s\nSummary: A test\n' % (name, version),
             info + 'WHEEL': 'Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n'}
    if scripts:
        files[info + 'entry_points.txt'] = '[console_scripts]\n' + scripts
    files[info + 'RECORD'] = ''.join(file + ',,\n' for file in files) + info + 'RECORD,,\n'
    with zipfile.ZipFile(made, 'w') as archive:
        for file, text in files.items():
            archive.writestr(file, text)
    return made


def test_pip_is_there():
    if not has_pip:
        return
    target = environment_with(pip=True)
    program = os.path.join(target, 'bin', 'python')
    version = run(program, '-m', 'pip', '--version')
    assert version.startswith('pip ') and os.path.join(site_packages(target), 'pip') in version
    assert run(os.path.join(target, 'bin', 'pip'), '--version') == version
    assert [line.split()[0] for line in run(program, '-m', 'pip', 'list').splitlines()[2:]] == ['pip']
    assert run(program, '-m', 'pip', 'check') == 'No broken requirements found.\n'


def test_pip_installs_a_wheel():
    if not has_pip:
        return
    target = environment_with(pip=True)
    program, pip = (os.path.join(target, 'bin', name) for name in ('python', 'pip'))
    made = wheel('parrot', '1.5', 'def talk():\n    import sys\n    print("squawk", sys.argv[1:])\n    return 3\n',
                 'parrot-talk = parrot:talk\n')
    assert 'Successfully installed parrot-1.5' in run(pip, 'install', made)
    assert run(program, '-c', 'import parrot; parrot.talk()') == "squawk []\n"
    assert run(os.path.join(target, 'bin', 'parrot-talk'), 'a', 'b', status=3) == "squawk ['a', 'b']\n"
    assert run(pip, 'freeze') == 'parrot @ file://%s' % made.replace(' ', '%20') + '#sha256=' + digest(made) + '\n'
    shown = run(pip, 'show', '-f', 'parrot')
    assert 'Version: 1.5\n' in shown and 'Summary: A test\n' in shown and '../../../bin/parrot-talk' in shown
    assert run(program, '-c', 'from importlib.metadata import version; print(version("parrot"))') == '1.5\n'
    assert 'Successfully uninstalled parrot-1.5' in run(pip, 'uninstall', '-y', 'parrot')
    assert 'No module named' in run(program, '-c', 'import parrot', status=1)
    assert not os.path.exists(os.path.join(target, 'bin', 'parrot-talk'))


def digest(file):
    import hashlib
    with open(file, 'rb') as f:
        return hashlib.file_digest(f, 'sha256').hexdigest()


def test_pip_builds_a_project():
    # A build backend inside the project (PEP 517): the wheel is built in a process of its own.
    if not has_pip:
        return
    target = environment_with(pip=True)
    write('project/pyproject.toml', '''
        [build-system]
        requires = []
        build-backend = "backend"
        backend-path = ["."]
        [project]
        name = "lumberjack"
        version = "2.0"
    ''')
    write('project/lumberjack.py', 'song = "ok"\n')
    write('project/backend.py', '''
        import os, zipfile
        def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
            name = "lumberjack-2.0-py3-none-any.whl"
            info = "lumberjack-2.0.dist-info/"
            with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as wheel:
                wheel.write("lumberjack.py")
                wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: lumberjack\\nVersion: 2.0\\n")
                wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
                wheel.writestr(info + "RECORD", "lumberjack.py,,\\n")
            return name
    ''')
    program = os.path.join(target, 'bin', 'python')
    assert 'Successfully installed lumberjack-2.0' in run(program, '-m', 'pip', 'install', path('project'))
    assert run(program, '-c', 'import lumberjack; print(lumberjack.song)') == 'ok\n'


def test_pip_install_target():
    if not has_pip:
        return
    target = environment_with(pip=True)
    made = wheel('gumby', '0.1', 'hurt = True\n')
    run(os.path.join(target, 'bin', 'pip'), 'install', '--target', path('apart'), made)
    assert sorted(name for name in os.listdir(path('apart')) if name != '__pycache__') == \
        ['gumby-0.1.dist-info', 'gumby.py']
    program = os.path.join(target, 'bin', 'python')
    assert 'No module named' in run(program, '-c', 'import gumby', status=1)
    assert run('env', 'PYTHONPATH=' + path('apart'), program, '-c', 'import gumby; print(gumby.hurt)') == 'True\n'


def test_pip_says_what_is_missing():
    if not has_pip:
        return
    target = environment_with(pip=True)
    shown = run(os.path.join(target, 'bin', 'pip'), 'install', 'no-such-project', status=1)
    assert 'No matching distribution found for no-such-project' in shown


main(globals())
