# Marshalled bytes, where they depend on how often a value is referred to. (As CPython 3.13.)
import marshal
import subprocess
import sys
from _run import error, main


def run(*arguments):
    """What a program prints."""
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True).stdout


def test_interned_strings_are_entered():
    name = "name"
    values = [sys.intern(name[:1] + name[1:] + str(len(name)))]
    assert marshal.dumps(values, 3) == b"\xdb\x01\0\0\0\xf4\x05\0\0\0name4"
    assert marshal.dumps(values, 4) == b"\xdb\x01\0\0\0\xda\x05name4"
    assert marshal.dumps([name[:1] + name[1:] + str(len(name))]) == b"[\x01\0\0\0z\x05name4"


def test_read_bytes_are_new():
    values = marshal.loads(b"[\x02\0\0\0s\x01\0\0\0as\x01\0\0\0a")
    assert values == [b"a", b"a"] and values[0] is not values[1]
    assert marshal.dumps(values) == b"\xdb\x02\0\0\0s\x01\0\0\0as\x01\0\0\0a"


def test_first_error_is_told():
    # The count is too large for the data; what is wrong with the items comes first.
    assert error(marshal.loads, b"(\xff\0\0\0NN?") == "ValueError: bad marshal data (unknown type code)"
    assert error(marshal.loads, b"(\xff\0\0\0NN0") == "TypeError: NULL object in marshal data for tuple"
    assert error(marshal.loads, b"(\xff\0\0\0NNi\0") == "EOFError: marshal data too short"
    assert error(marshal.loads, b"(\xff\0\0\0NN") == "EOFError: EOF read where object expected"
    assert error(marshal.loads, b"l\xff\0\0\0\x01\0\xff\xff") == "ValueError: bad marshal data (digit out of range in long)"
    assert error(marshal.loads, b"l\xff\0\0\0\x01\0") == "EOFError: marshal data too short"


def test_audit_events():
    program = """if 1:
        import marshal, io, sys
        data, seen = marshal.dumps((1,)), []
        sys.addaudithook(lambda event, details: event.startswith("marshal") and seen.append((event, details)))
        marshal.loads(marshal.dumps((1,), 2))
        marshal.dump(5, file := io.BytesIO()), file.seek(0), marshal.load(file)
        print(seen)"""
    assert run("-c", program) == (
        "[('marshal.dumps', ((1,), 2)), ('marshal.loads', (b'(\\x01\\x00\\x00\\x00i\\x01\\x00\\x00\\x00',)), "
        "('marshal.dumps', (5, 4)), ('marshal.load', ())]\n")


def test_columns_are_left_out():
    program = ("import marshal, sys; c = marshal.loads(bytes.fromhex(sys.argv[1])); d = compile('b + a', '', 'eval'); "
               "print(*(any(place[2] for place in code.co_positions()) for code in (c, d)))")
    code = marshal.dumps(compile("f(1,\n  2)", "t", "eval")).hex()
    assert run("-c", program, code) == "True True\n"
    assert run("-X", "no_debug_ranges", "-c", program, code) == "False False\n"


main(globals())
