"""What the options --show, --trace and --profile-opcodes of the command line do.

Called by the launcher, with str or None for every argument.
"""
import sys


# --show

def show(*, stage, format, kind, program):
    """Print a stage of a program; return the exit status."""
    from . import stages
    try:
        source, name = _source(kind, program)
        if isinstance(source, type(show.__code__)) and stage not in ('wordcode', 'quickened'):
            raise ImportError('No source in ' + name)
    except OSError as error:
        sys.stderr.write("%s: can't open file %r: [Errno %s] %s\n" % (sys.executable, program, error.errno,
                                                                     error.strerror))
        return 2
    except (ImportError, EOFError, ValueError, TypeError) as error:
        sys.stderr.write('%s: %s\n' % (sys.executable, error))
        return 1
    try:
        text = stages.show(stage, source, name, format=format)
    except (SyntaxError, stages.tokenize.TokenError, ValueError, RecursionError) as error:
        import traceback
        sys.stderr.write(''.join(traceback.format_exception_only(error)))
        return 1
    sys.stdout.write(text)
    return 0


def _source(kind, program):
    """Return (source, file name)."""
    if kind == 'command':
        return program + '\n', '<string>'
    if kind == 'module':
        return _module(program)
    if program == '-':
        return sys.stdin.buffer.read(), '<stdin>'
    with open(program, 'rb') as file:
        content = file.read()
    return _compiled(content) or content, program


def _compiled(content):
    """The code in the content of a .pyc file; None for other files."""
    from importlib.util import MAGIC_NUMBER
    if content[:4] != MAGIC_NUMBER:
        return None
    import marshal
    return marshal.loads(content[16:])


def _module(name):
    import importlib.util
    if not sys.flags.safe_path:
        sys.path.insert(0, '')
    spec = importlib.util.find_spec(name)
    if spec is not None and spec.submodule_search_locations is not None:
        spec = importlib.util.find_spec(name + '.__main__') or spec
    if spec is None:
        raise ImportError('No module named ' + name)
    # A frozen module knows the file it was made of.
    path = getattr(spec.loader_state, 'filename', None) or spec.origin
    if path is None or not path.endswith('.py'):
        raise ImportError('No source for module ' + name)
    if hasattr(spec.loader, 'get_data'):
        return spec.loader.get_data(path), path
    with open(path, 'rb') as file:
        return file.read(), path


# --trace

class _ProgramOnly:
    """Tells the frames of the program's own file from others, once its first frame came by."""

    def __init__(self):
        self.file = self.globals = None

    def __call__(self, frame):
        code = frame.f_code
        if self.file is None:
            if code.co_name != '<module>' or frame.f_globals.get('__name__') != '__main__':
                return False
            self.file, self.globals = code.co_filename, frame.f_globals
        # `<string>` and the like may be the file of other code too.
        return code.co_filename == self.file and (frame.f_globals is self.globals
                                                  or not self.file.startswith('<'))


_running = None


def begin_trace(*, format, limit, file, everything, stamps):
    """Trace what runs from here on."""
    global _running
    from .trace import Tracer, Writer
    import threading
    if file is None:
        stream = open(2, 'w', buffering=1, encoding='utf-8', errors='backslashreplace', closefd=False)
    else:
        stream = open(file, 'w', encoding='utf-8', errors='backslashreplace')
    writer = Writer(stream, format, stamps is not None)

    def report(step):
        try:
            writer(step)
        except OSError:
            # Nobody reads on: the program must not notice.
            tracer.limit = 0
    tracer = Tracer(report, (lambda frame: True) if everything else _ProgramOnly(),
                    None if limit is None else int(limit))
    _running = tracer, stream, format
    threading.settrace(tracer)
    sys.settrace(tracer)


def end_trace():
    """Trace no more; write what is left."""
    sys.settrace(None)
    threading = sys.modules.get('threading')
    if threading is not None:
        threading.settrace(None)
    tracer, stream, format = _running
    try:
        tracer.finish()
        if tracer.limit and tracer.is_exhausted and format == 'text':
            stream.write('--trace-limit: %d instructions\n' % tracer.count)
        stream.close()
    except OSError:
        pass


# --profile-opcodes

def report_profile(*, format):
    """Write what was counted to standard error."""
    from . import counts
    stream = open(2, 'w', encoding='utf-8', errors='backslashreplace', closefd=False)
    counts._write(stream, format)
    stream.close()
