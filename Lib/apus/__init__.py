"""What the machine does, made visible: a trace of instructions, the nesting of the runtime, its stages.

    python -m apus.trace PROGRAM [ARGUMENT...]      every instruction with the value stack
    python -m apus.trace --profile PROGRAM          how often and how long each instruction ran
"""
import sys

from .trace import Step, profile, trace

__all__ = ['Step', 'profile', 'runtime', 'trace']


def runtime():
    """Return the nesting runtime > interpreters > threads > frames as dicts and lists.

    Frames come innermost first; each says what the eval loop is at.
    """
    import threading
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    threads = []
    for ident, frame in sorted(sys._current_frames().items()):
        frames = []
        while frame is not None:
            code = frame.f_code
            frames.append({'function': code.co_qualname, 'file': code.co_filename, 'line': frame.f_lineno,
                           'instruction': frame.f_lasti})
            frame = frame.f_back
        threads.append({'id': ident, 'name': names.get(ident, '?'), 'frames': frames})
    interpreter = {'id': 0, 'modules': len(sys.modules), 'threads': threads}
    return {'runtime': {'name': sys.implementation.name, 'version': sys.version.split()[0],
                        'interpreters': [interpreter]}}
