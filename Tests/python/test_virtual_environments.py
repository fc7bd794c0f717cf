# `python3 -m venv` without pip: the files of an environment, its paths, .pth files, what is refused.
import os
import sys
import textwrap
from _environments import environment_with, has_pip, path, run, site_packages, write
from _run import main


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


main(globals())
