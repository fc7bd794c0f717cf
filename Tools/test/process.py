"""Runs the interpreter under test as a child process, in a clean environment and with a time limit."""
import os, signal, subprocess


class Finished:
    def __init__(self, code, out, err, timed_out):
        self.code, self.out, self.err, self.timed_out = code, out, err, timed_out

    def ending(self):
        """How the process ended, in words."""
        if self.timed_out:
            return "timed out"
        if self.code < 0:
            return "killed by " + signal.Signals(-self.code).name
        return "exit code %d" % self.code


def environment():
    """This process's environment without the settings that change what a Python does or prints."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "LC_", "LANG")) and name not in ("NO_COLOR", "FORCE_COLOR")}
    kept.update(LC_ALL="C.UTF-8", NO_COLOR="1", PYTHONDONTWRITEBYTECODE="1")
    return kept


def run(command, folder, timeout, stdin=b"", settings=None):
    """Runs COMMAND in FOLDER; kills it with its descendants after TIMEOUT seconds."""
    env = environment()
    env.update(settings or {})
    child = subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, start_new_session=True)
    try:
        out, err = child.communicate(stdin, timeout=timeout)
        timed_out = False
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        out, err = child.communicate()
        timed_out = True
    return Finished(child.returncode, out.decode("utf-8", "backslashreplace"),
                    err.decode("utf-8", "backslashreplace"), timed_out)
