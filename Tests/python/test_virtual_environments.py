# `python3 -m venv` and what lives in an environment: paths, .pth files, pip with local projects.
# Needs no network. Where the library has no `ensurepip`, what needs pip checks the refusal instead.
import importlib.util
import os
import subprocess
import sys
import tempfile
import textwrap
import zipfile
from _run import main


folder = tempfile.TemporaryDirectory()
has_pip = importlib.util.find_spec('ensurepip') is not None
environment = {name: value for name, value in os.environ.items()
               if not name.startswith(('PYTHON', 'PIP_', 'VIRTUAL_ENV'))}
environment.update(LC_ALL='C.UTF-8', PIP_CONFIG_FILE=os.devnull, PIP_NO_INDEX='1',
                   PIP_DISABLE_PIP_VERSION_CHECK='1')
made = {}


def path(*names):
    return os.path.join(folder.name, *names)


def run(*command, status=0, cwd=None):
    """The output of a command, errors included."""
    done = subprocess.run(command, env=environment, cwd=cwd or folder.name, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == status, (command, done.returncode, done.stdout)
    return done.stdout


def environment_with(pip):
    """The folder of an environment, made at the first call."""
    if pip not in made:
        target = path('with pip' if pip else 'plain')
        run(sys.executable, '-m', 'venv', *([] if pip else ['--without-pip']), target)
        made[pip] = target
    return made[pip]


def write(name, text):
    os.makedirs(os.path.dirname(path(name)), exist_ok=True)
    with open(path(name), 'w') as f:
        f.write(textwrap.dedent(text))


def site_packages(target):
    return os.path.join(target, 'lib', 'python%d.%d' % sys.version_info[:2], 'site-packages')


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


def test_files_of_an_environment():
    target = environment_with(pip=False)
    names = sorted(os.listdir(os.path.join(target, 'bin')))
    assert {'Activate.ps1', 'activate', 'activate.csh', 'activate.fish', 'python', 'python3'} <= set(names)
    with open(os.path.join(target, 'pyvenv.cfg')) as f:
        settings = dict(line.rstrip('\n').split(' = ', 1) for line in f)
    assert settings['include-system-site-packages'] == 'false'
    assert settings['version'] == '%d.%d.%d' % sys.version_info[:3]
    assert settings['home'] == os.path.dirname(sys.executable)
    assert os.listdir(site_packages(target)) == []


def test_paths_inside():
    target = environment_with(pip=False)
    for name in 'python', 'python3':
        program = os.path.join(target, 'bin', name)
        shown = run(program, '-c', textwrap.dedent('''
            import sys, sysconfig
            print(sys.prefix, sys.exec_prefix, sys.prefix != sys.base_prefix, sys.executable, sep='\\n')
            print(sysconfig.get_path('purelib'), sysconfig.get_path('scripts'), sep='\\n')
            print([entry for entry in sys.path if 'site-packages' in entry])
            import site
            print(site.ENABLE_USER_SITE)
        ''')).splitlines()
        packages = site_packages(target)
        assert shown == [target, target, 'True', program, packages, os.path.join(target, 'bin'),
                         repr([packages]), 'False'], shown


def test_activate():
    target = environment_with(pip=False)
    assert run('bash', '-c', '. "$0/bin/activate"; command -v python; python -c "import sys; print(sys.prefix)"; '
               'deactivate; echo "${VIRTUAL_ENV-none}"', target).splitlines() == \
        [os.path.join(target, 'bin', 'python'), target, 'none']


def test_path_files_and_modules():
    target = environment_with(pip=False)
    write('elsewhere/far.py', 'print("far")\n')
    write('plain/lib/python%d.%d/site-packages/near.py' % sys.version_info[:2], 'print("near")\n')
    with open(os.path.join(site_packages(target), 'extra.pth'), 'w') as f:
        f.write('# a comment\n%s\nimport sys; sys.from_pth = 1\n' % path('elsewhere'))
    program = os.path.join(target, 'bin', 'python')
    assert run(program, '-c', 'import far, near, sys; print(sys.from_pth)') == 'far\nnear\n1\n'
    assert run(program, '-S', '-c', 'import sys; print(hasattr(sys, "from_pth"))') == 'False\n'


def test_environment_of_an_environment():
    target = environment_with(pip=False)
    run(os.path.join(target, 'bin', 'python'), '-m', 'venv', '--without-pip', path('second'))
    shown = run(path('second', 'bin', 'python'), '-c', 'import sys; print(sys.prefix, sys.base_prefix)')
    assert shown == '%s %s\n' % (path('second'), sys.base_prefix)


def test_system_site_packages():
    run(sys.executable, '-m', 'venv', '--without-pip', '--system-site-packages', path('open'))
    with open(path('open', 'pyvenv.cfg')) as f:
        assert 'include-system-site-packages = true\n' in f.readlines()
    assert run(path('open', 'bin', 'python'), '-c', 'import sys; print(sys.prefix)') == path('open') + '\n'


def test_bad_arguments():
    assert 'required: ENV_DIR' in run(sys.executable, '-m', 'venv', status=2)
    write('file', '')
    assert 'Unable to create directory' in run(
        sys.executable, '-m', 'venv', '--without-pip', path('file'), status=1)


def test_without_ensurepip():
    if has_pip:
        return
    shown = run(sys.executable, '-m', 'venv', path('refused'), status=1)
    assert 'ensurepip' in shown, shown


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
