# What the tests of virtual environments and of pip share: a folder, clean settings, environments in it.
import importlib.util
import os
import subprocess
import sys
import tempfile
import textwrap


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
