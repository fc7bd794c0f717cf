"""Structures, unions, arrays, pointers, calls and callbacks of ctypes."""
from ctypes import *


def describe(call):
    try:
        return repr(call())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


class Point(Structure):
    _fields_ = [("x", c_int), ("y", c_double)]


class Bits(Structure):
    _fields_ = [("a", c_int, 3), ("b", c_int, 5), ("c", c_uint, 8), ("d", c_ulonglong, 40)]


class Packed(Structure):
    _pack_ = 1
    _fields_ = [("a", c_byte), ("b", c_int), ("c", c_short)]


class Either(Union):
    _fields_ = [("i", c_int), ("f", c_float), ("b", c_ubyte * 4)]


class Inner(Structure):
    _fields_ = [("p", c_int), ("q", c_int)]


class Anonymous(Structure):
    _anonymous_ = ["u"]
    _fields_ = [("u", Inner), ("r", c_int)]


class Big(BigEndianStructure):
    _fields_ = [("a", c_short), ("b", c_int)]


point = Point(1, 2.5)
print(point.x, point.y, sizeof(Point), Point.x, Point.y, alignment(Point))
bits = Bits(1, -2, 200, 2**39)
print(bits.a, bits.b, bits.c, bits.d, Bits.b, sizeof(Bits))
print(sizeof(Packed), Packed.b, Packed.c, bytes(Packed(1, 2, 3)))
either = Either(f=1.0)
print(hex(either.i), list(either.b))
anonymous = Anonymous()
anonymous.q = 5
print(anonymous.u.q, Anonymous.q)
print(bytes(Big(1, 2)), Big.b)
array = (c_int * 3)(1, 2, 3)
print(list(array), array[1:], array[::-1], len(array), (c_int * 3) is (c_int * 3))
for kind in (c_char, c_byte, c_int, c_wchar, c_float, c_bool, c_long, c_ubyte, c_longdouble):
    for value in (1, 300, -1, 2**70, 1.5, "a", "ab", b"a", b"ab", None, []):
        print(kind.__name__, repr(value), describe(lambda: kind(value).value))
    print(sizeof(kind), memoryview(kind()).format)
print(memoryview(array).format, memoryview(point).format, memoryview((Point * 2)()).shape)

library = CDLL(None)
print(library.strlen(b"hello"), library.abs(-3))
library.labs.restype = c_long
library.labs.argtypes = [c_long]
print(library.labs(-(2**40)), describe(lambda: library.labs("x")), describe(lambda: library.labs()))
print(describe(lambda: library.abs([])), describe(lambda: library.no_such_function_here).split(":")[0])
compare = CFUNCTYPE(c_int, POINTER(c_int), POINTER(c_int))
numbers = (c_int * 5)(5, 3, 1, 4, 2)
library.qsort(numbers, 5, sizeof(c_int), compare(lambda a, b: a[0] - b[0]))
print(list(numbers))
math = CDLL("libm.so.6")
math.pow.restype = c_double
math.pow.argtypes = [c_double, c_double]
print(math.pow(2, 10))
pair = CFUNCTYPE(c_int, c_int, c_int)(lambda a, b: a * b)
print(pair(6, 7), describe(lambda: pair(1)))

pointer_to_point = pointer(point)
pointer_to_point.contents.x = 7
print(point.x, pointer_to_point[0].y, bool(POINTER(c_int)()), describe(lambda: POINTER(c_int)().contents))
text = create_string_buffer(b"hello", 10)
print(text.value, text.raw, sizeof(text), describe(lambda: setattr(text, "value", b"x" * 11)))
wide = create_unicode_buffer("héllo")
print(wide.value, len(wide), wide[1])
print(string_at(b"abc"), wstring_at("abc"), cast(text, c_char_p).value, c_char_p(b"q").value)
print(c_int(5), c_double(1.5), c_int.from_buffer_copy(b"\1\2\0\0").value)
print(describe(lambda: c_int.from_buffer(b"abcd")), describe(lambda: c_int.from_buffer_copy(b"a")))
print(describe(lambda: Structure()), describe(lambda: Point(1, 2, 3)), describe(lambda: Point(1, x=2)))
print(describe(lambda: setattr(point, "x", "a")), describe(lambda: array[5]), describe(lambda: sizeof(3)))
print(describe(lambda: type("T", (Structure,), {"_fields_": [("a", 3)]})))
print(describe(lambda: type("T", (Structure,), {"_fields_": [("a", c_float, 3)]})))
print(describe(lambda: type("T", (Array,), {"_type_": c_int})), describe(lambda: c_int * -1))
print(repr(byref(point))[:13], byref(point)._obj is point, pythonapi.PyLong_AsLong(py_object(5)))
set_errno(3)
print(get_errno(), set_errno(0))
