"""runtime(interpreter(thread(frame(eval loop)))): what runs in this process now."""
import sys

import _machine
from opcode import opname

__all__ = ['runtime']


def runtime():
    """Return the nesting runtime > interpreters > threads > frames as dicts and lists.

    Frames come innermost first. A frame's loop numbers the activations of the eval loop of its thread from
    the outermost, 0: frames of one loop called each other without native code between them.
    """
    interpreters = _machine.interpreters()
    names = _names()
    for interpreter in interpreters:
        for thread in interpreter['threads']:
            thread['name'] = names.get(thread['id'])
            frames, loop = [], -1
            for frame, entered in reversed(thread['frames']):
                loop += entered
                frames.insert(0, _describe(frame, loop))
            # This function is not part of what the caller asks for.
            thread['frames'] = frames[1:] if thread['holds_lock'] else frames
    return {'runtime': {'name': sys.implementation.name, 'version': sys.version.split()[0],
                        'switch_interval': sys.getswitchinterval(), 'interpreters': interpreters}}


def _names():
    """Names of the threads that Python knows, by identity."""
    threading = sys.modules.get('threading')
    if threading is not None:
        return {thread.ident: thread.name for thread in threading.enumerate()}
    return {}


def _describe(frame, loop):
    code, offset = frame.f_code, frame.f_lasti
    instruction = opname[code.co_code[offset]] if 0 <= offset < len(code.co_code) else None
    return {'function': code.co_qualname, 'file': code.co_filename, 'line': frame.f_lineno, 'offset': offset,
            'instruction': instruction, 'loop': loop}
