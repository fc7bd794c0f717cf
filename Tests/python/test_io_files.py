# Files and streams.
import io
import os
import tempfile
from _run import error, main


folder = tempfile.TemporaryDirectory()


def temporary(text=b''):
    """The path of a new file with this content."""
    handle, path = tempfile.mkstemp(dir=folder.name)
    os.write(handle, text)
    os.close(handle)
    return path


def test_write_and_read_text():
    p = temporary()
    with open(p, 'w') as f: r = f.write('abc\n'), f.writable(), f.readable(), f.closed, f.mode, f.encoding
    assert repr(r) == "(4, True, False, False, 'w', 'UTF-8')"
    assert f.closed is True
    assert error(lambda: f.write('x')) == "ValueError: I/O operation on closed file."
    with open(p) as f: r = f.read(2), f.read(), f.read()
    assert r == ("ab", "c\n", "")


def test_lines():
    p = temporary(b'one\ntwo\r\nthree')
    with open(p) as f: r = list(f)
    assert r == ["one\n", "two\n", "three"]
    with open(p, newline='') as f: r = f.readlines()
    assert r == ["one\n", "two\r\n", "three"]
    with open(p) as f: r = f.readline(), f.readline(2), f.readline(), f.readline(), f.readline()
    assert r == ("one\n", "tw", "o\n", "three", "")
    with open(p) as f: r = f.readlines(4)
    assert r == ["one\n", "two\n"]


def test_binary():
    p = temporary(b'\x00\x01\xff')
    with open(p, 'rb') as f: r = f.read(1), f.tell(), f.seek(-1, 2), f.read(), f.seek(0), f.peek(1)[:1]
    assert r == (b'\x00', 1, 2, b'\xff', 0, b'\x00')
    with open(p, 'r+b') as f:
        f.seek(1)
        f.write(b'Z')
        f.truncate(2)
    with open(p, 'rb') as f: r = f.read()
    assert r == b'\x00Z'


def test_modes():
    p = temporary(b'x')
    with open(p, 'a') as f: f.write('y')
    with open(p, 'a+') as f:
        f.seek(0)
        r = f.read()
    assert r == "xy"
    with open(p, 'w+') as f:
        f.write('hello')
        f.seek(1)
        r = f.read(3)
    assert r == "ell"
    assert (error(lambda: open('/dev/null', 'rw').close())
            == "ValueError: must have exactly one of create/read/write/append mode")
    assert (error(lambda: open('/dev/null', '').close())
            == "ValueError: Must have exactly one of create/read/write/append mode and at most one plus")
    assert (error(lambda: open('/dev/null', 'rt+b').close())
            == "ValueError: can't have text and binary mode at once")
    assert error(lambda: open('/dev/null', 'U').close()) == "ValueError: invalid mode: 'U'"
    assert error(lambda: open('/dev/null', 'r++').close()) == "ValueError: invalid mode: 'r++'"
    assert error(lambda: open('/dev/null', 'z').close()) == "ValueError: invalid mode: 'z'"
    assert (error(lambda: open('/dev/null', 'rb', encoding='ascii'))
            == "ValueError: binary mode doesn't take an encoding argument")
    assert (error(lambda: open('/dev/null', 'rb', newline='\n'))
            == "ValueError: binary mode doesn't take a newline argument")
    assert error(lambda: open('/dev/null', newline='x')) == "ValueError: illegal newline value: x"
    assert (error(lambda: open('/dev/null', buffering=0))
            == "ValueError: can't have unbuffered text I/O")
    assert (error(lambda: open('/no/such/file'))
            == "FileNotFoundError: [Errno 2] No such file or directory: '/no/such/file'")
    assert error(lambda: open('/')) == "IsADirectoryError: [Errno 21] Is a directory: '/'"
    assert error(lambda: open('')) == "FileNotFoundError: [Errno 2] No such file or directory: ''"
    assert error(lambda: open('a\0b')) == "ValueError: embedded null byte"
    assert (error(lambda: open(None))
            == "TypeError: expected str, bytes or os.PathLike object, not NoneType")
    assert (error(lambda: open(1.5))
            == "TypeError: expected str, bytes or os.PathLike object, not float")


def test_encodings():
    p = temporary('\xe9\u20ac'.encode('utf-8'))
    with open(p, encoding='utf-8') as f: r = f.read()
    assert r == "\xe9\u20ac"
    with open(p, encoding='latin-1') as f: r = f.read()
    assert r == "\xc3\xa9\xe2\x82\xac"
    with open(p, encoding='ascii') as f: e = error(f.read)
    assert (e
            == "UnicodeDecodeError: 'ascii' codec can't decode byte 0xc3 in position 0: ordinal not in range(128)")
    with open(p, encoding='ascii', errors='replace') as f: r = f.read()
    assert r == "\ufffd\ufffd\ufffd\ufffd\ufffd"
    with open(p, 'w', encoding='ascii') as f: e = error(f.write, '\xe9')
    assert (e
            == "UnicodeEncodeError: 'ascii' codec can't encode character '\\xe9' in position 0: ordinal not in range(128)")
    assert error(lambda: open(p, encoding='nope')) == "LookupError: unknown encoding: nope"
    with open(p, 'w', encoding='utf-16') as f: f.write('a')
    with open(p, 'rb') as f: r = f.read()
    assert r == b'\xff\xfea\x00'


def test_newlines_when_writing():
    def through(n):
        p = temporary()
        with open(p, 'w', newline=n) as f: f.write('a\nb\r\n')
        with open(p, 'rb') as f: return f.read()
    assert ([through(n) for n in (None, '', '\n', '\r', '\r\n')]
            == [b'a\nb\r\n', b'a\nb\r\n', b'a\nb\r\n', b'a\rb\r\r', b'a\r\nb\r\r\n'])


def test_seek_and_tell_in_text():
    p = temporary('a\u20acb\n'.encode())
    with open(p, encoding='utf-8') as f:
        f.read(2)
        where = f.tell()
        f.read()
        f.seek(where)
        r = f.read()
        e = error(f.seek, 1, 1)
        e2 = error(f.seek, -1)
    assert r == "b\n"
    assert e == "UnsupportedOperation: can't do nonzero cur-relative seeks"
    assert e2 == "ValueError: negative seek position -1"
    with open(p) as f:
        next(f)
        e = error(f.tell)
    assert e == "OSError: telling position disabled by next() call"


def test_iteration_and_closing():
    p = temporary(b'1\n2\n')
    f = open(p)
    assert (next(f), list(f), next(f, 'end')) == ("1\n", ["2\n"], "end")
    f.close()
    f.close()
    assert error(lambda: f.read()) == "ValueError: I/O operation on closed file."
    assert error(lambda: next(f)) == "ValueError: I/O operation on closed file."
    with open(p) as g: pass
    def use():
        with g: pass
    assert error(lambda: use()) == "ValueError: I/O operation on closed file."


def test_string_io():
    s = io.StringIO('ab\ncd')
    assert ((s.read(1), s.readline(), s.tell(), s.read(), s.getvalue())
            == ("a", "b\n", 3, "cd", "ab\ncd"))
    s.seek(0)
    s.truncate(2)
    s.seek(2)
    s.write('X\r\n')
    assert s.getvalue() == "abX\r\n"
    assert error(lambda: s.seek(-1)) == "ValueError: Negative seek position -1"
    assert (error(lambda: io.StringIO(b'x'))
            == "TypeError: initial_value must be str or None, not bytes")
    assert io.StringIO(newline=None).newlines is None
    s.close()
    assert error(lambda: s.read()) == "ValueError: I/O operation on closed file"


def test_bytes_io():
    b = io.BytesIO(b'hello')
    assert (b.read(2), b.read1(1), b.getbuffer()[0], b.tell()) == (b'he', b'l', 104, 3)
    b.seek(10)
    b.write(b'!')
    assert b.getvalue() == b'hello\x00\x00\x00\x00\x00!'
    v = b.getbuffer()
    assert (error(lambda: b.truncate(0))
            == "BufferError: Existing exports of data: object cannot be re-sized")
    v.release()
    b.truncate(0)
    assert b.getvalue() == b''
    assert error(lambda: b.write('text')) == "TypeError: a bytes-like object is required, not 'str'"
    ba = bytearray(3)
    assert repr((io.BytesIO(b'xy').readinto(ba), ba)) == "(2, bytearray(b'xy\\x00'))"


def test_buffered_readers():
    class Raw(io.RawIOBase):
        def __init__(self): self.parts = [b'ab', b'cd\ne', b'']
        def readable(self): return True
        def readinto(self, b):
            d = self.parts.pop(0)
            b[:len(d)] = d
            return len(d)
    r = io.BufferedReader(Raw())
    assert (r.read(3), r.readline(), r.read()) == (b'abc', b'd\n', b'e')


def test_buffered_writers():
    class Raw(io.RawIOBase):
        def __init__(self): self.got = []
        def writable(self): return True
        def write(self, b):
            self.got.append(bytes(b))
            return len(b)
    w = Raw()
    b = io.BufferedWriter(w, 4)
    b.write(b'ab')
    b.write(b'cdef')
    b.flush()
    assert b''.join(w.got) == b'abcdef'


def test_text_wrapper():
    raw = io.BytesIO()
    t = io.TextIOWrapper(raw, encoding='utf-8', write_through=True)
    t.write('\u20ac\n')
    assert (repr((raw.getvalue(), t.encoding, t.errors, t.line_buffering, t.newlines))
            == "(b'\\xe2\\x82\\xac\\n', 'utf-8', 'strict', False, None)")
    t.reconfigure(errors='ignore')
    assert t.errors == "ignore"
    d = t.detach()
    assert (d is raw) is True
    assert error(lambda: t.read()) == "ValueError: underlying buffer has been detached"


def test_print_to_files():
    s = io.StringIO()
    print('a', 1, sep='|', file=s)
    print('b', end='', file=s, flush=True)
    assert s.getvalue() == "a|1\nb"


def test_descriptors():
    r, w = os.pipe()
    os.write(w, b'through the pipe')
    os.close(w)
    with open(r, 'rb') as f: d = f.read()
    assert d == b'through the pipe'
    assert error(lambda: os.read(r, 1)) == "OSError: [Errno 9] Bad file descriptor"
    assert error(lambda: open(9999)) == "OSError: [Errno 9] Bad file descriptor"


def test_unsupported_operations():
    p = temporary(b'x')
    with open(p) as f: e = error(f.write, 'a')
    assert e == "UnsupportedOperation: not writable"
    with open(p, 'w') as f: e = error(f.read), error(next, f)
    assert e == ("UnsupportedOperation: not readable", "UnsupportedOperation: not readable")
    with open(p, 'rb') as f: e = error(f.write, b'a')
    assert e == "UnsupportedOperation: write"


def test_repr():
    p = temporary()
    with open(p, encoding='utf-8') as f: r = repr(f).replace(p, 'PATH')
    assert r == "<_io.TextIOWrapper name='PATH' mode='r' encoding='utf-8'>"
    with open(p, 'rb') as f: r = repr(f).replace(p, 'PATH')
    assert r == "<_io.BufferedReader name='PATH'>"
    assert repr(io.StringIO())[:22] == "<_io.StringIO object a"


def test_opener_and_fd_arguments():
    p = temporary(b'opened')
    with open(p, opener=lambda path, flags: os.open(path, flags)) as f: r = f.read()
    assert r == "opened"
    fd = os.open(p, os.O_RDONLY)
    with open(fd, closefd=False) as f: r = f.read()
    os.close(fd)
    assert r == "opened"


main(globals())
