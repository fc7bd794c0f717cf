#!/usr/bin/env python3
"""Writes Tests/NumericsTests/Vectors: questions and the answers CPython 3.13 gives.

    python3.13 Tools/numerics/vectors.py [directory [count [seed]]]

Each line is a command, a tab and the expected answer; Tests/NumericsTests/Vectors.swift executes the
commands. Doubles travel as the hexadecimal of their bits, integers in hexadecimal, text as code
points, bytes in hexadecimal, "-" for nothing.
"""
import cmath
import codecs
import ctypes
import math
import operator
import os
import random
import struct
import subprocess
import sys
import warnings
from fractions import Fraction

sys.set_int_max_str_digits(0)
warnings.simplefilter("ignore")
rng = random.Random()
inf, nan = math.inf, math.nan


def bits(value):
    return "%x" % struct.unpack("<Q", struct.pack("<d", value))[0]


def show(value):
    return value if isinstance(value, str) else "nan" if value != value else bits(value)


def show_complex(value):
    return value if isinstance(value, str) else show(value.real) + " " + show(value.imag)


def points(text):
    return ",".join("%x" % ord(c) for c in text) or "-"


def hexadecimal(value):
    return "%x" % value


def attempt(function, *arguments):
    try:
        return function(*arguments)
    except ValueError:
        return "DOM"
    except OverflowError:
        return "OVF"
    except ZeroDivisionError:
        return "ZERO"


# -- integers --------------------------------------------------------------------------------

def integer(most=None):
    if most is None:
        most = rng.choice([8, 30, 31, 60, 61, 64, 90, 120, 200, 600, 1200])
    size = rng.randrange(most + 1)
    kind = rng.random()
    if kind < .3:
        value = abs((1 << size) + rng.choice([-2, -1, 0, 1, 2]))
    elif kind < .5:
        value = 0
        while value.bit_length() < size:
            run = rng.randrange(1, 80)
            value = value << run | (rng.random() < .5 and (1 << run) - 1) or 1
    else:
        value = rng.getrandbits(size)
    return -value if rng.random() < .4 else value


def in_base(value, base):
    if value == 0:
        return "0"
    text, rest = "", abs(value)
    while rest:
        rest, digit = divmod(rest, base)
        text += "0123456789abcdefghijklmnopqrstuvwxyz"[digit]
    return ("-" if value < 0 else "") + text[::-1]


def digits():
    h = hexadecimal
    operation = rng.choice("add sub mul sqr div shl shr and or xor inv pow powm gcd isqrt str parse "
                           "float frexp trunc truediv hash bits tob fromb".split())
    a, b = integer(), integer()
    if operation in ("add", "sub", "mul", "and", "or", "xor"):
        name = operation + "_" if operation in ("and", "or") else operation
        return "%s %x %x" % (operation, a, b), h(getattr(operator, name)(a, b))
    if operation == "sqr":
        return "sqr %x" % a, h(a * a)
    if operation == "div":
        b = b or 1
        if rng.random() < .3:
            a = a * b + rng.choice([-1, 0, 1])
        return "div %x %x" % (a, b), "%x %x" % divmod(a, b)
    if operation in ("shl", "shr"):
        count = rng.randrange(200)
        return "%s %x %d" % (operation, a, count), h(a << count if operation == "shl" else a >> count)
    if operation == "inv":
        return "inv %x" % a, h(~a)
    if operation == "pow":
        a, exponent = integer(100), rng.randrange(30)
        return "pow %x %d" % (a, exponent), h(a ** exponent)
    if operation == "powm":
        most = rng.choice([10, 30, 59, 60, 61, 64, 90, 200, 500])
        m = abs(integer(most)) or 1
        a, e = abs(integer(most)) % m, abs(integer(rng.choice([5, 60, 200])))
        return "powm %x %x %x" % (a, e, m), h(pow(a, e, m))
    if operation == "gcd":
        g = abs(integer(rng.choice([1, 30, 100, 400])))
        a, b = abs(a) * g, abs(b) * g
        return "gcd %x %x" % (a, b), h(math.gcd(a, b))
    if operation == "isqrt":
        a = abs(a)
        if rng.random() < .5:
            a = max(a * a + rng.choice([-1, 0, 1]), 0)
        return "isqrt %x" % a, h(math.isqrt(a))
    if operation == "str":
        base = rng.choice([10, 10, 10, 2, 8, 16, 32, rng.randrange(2, 37)])
        return "str %x %d" % (a, base), in_base(a, base)
    if operation == "parse":
        base = rng.choice([10, 10, 10, 2, 8, 16, 0, rng.randrange(2, 37)])
        text = in_base(a, base or 10)
        if rng.random() < .3:
            i = rng.randrange(len(text) + 1)
            text = text[:i] + rng.choice(["_", "__", "x", "0x", "+", "-", "0"]) + text[i:]
        if rng.random() < .1:
            text = "0" * rng.randrange(1, 400) + text
        if rng.random() < .2:
            text = rng.choice(["0x", "0b", "0o", "0X_", "0_", "+0b", "-0o"]) + text
        try:
            return "parse %s %d" % (text, base), h(int(text, base))
        except ValueError:
            return "parse %s %d" % (text, base), "None"
    if operation == "float":
        a = integer(rng.choice([53, 54, 64, 65, 100, 1100]))
        try:
            return "float %x" % a, bits(float(a))
        except OverflowError:
            return "float %x" % a, "overflow"
    if operation == "frexp":
        a = abs(integer(rng.choice([53, 54, 64, 65, 100, 3000])))
        if a == 0:
            return "frexp 0", "0 0"
        exponent = a.bit_length()
        fraction = Fraction(a, 1 << exponent)
        fraction = fraction.numerator / fraction.denominator
        if fraction == 1.0:
            fraction, exponent = .5, exponent + 1
        return "frexp %x" % a, "%s %d" % (bits(fraction), exponent)
    if operation == "trunc":
        value = math.ldexp(rng.random() * 2 - 1, rng.randrange(-5, 1024))
        return "trunc " + bits(value), h(int(value))
    if operation == "truediv":
        a, b = (abs(integer(rng.choice([60, 100, 1100, 2200]))) for _ in "ab")
        b = b or 1
        if rng.random() < .4:
            b = 1 << rng.randrange(1000, 1080)
            a = rng.getrandbits(rng.choice([10, 53, 54, 55, 56, 60, 100])) * 2 + 1
        try:
            return "truediv %x %x" % (a, b), bits(a / b)
        except OverflowError:
            return "truediv %x %x" % (a, b), "overflow"
    if operation == "hash":
        return "hash %x" % abs(a), str(hash(abs(a)))
    if operation == "bits":
        return "bits %x" % a, "%d %d" % (a.bit_length(), a.bit_count())
    order, sign = rng.choice("lb"), rng.choice("su")
    name = "little" if order == "l" else "big"
    if operation == "tob":
        a = integer(rng.choice([8, 16, 60, 64, 200]))
        count = max(0, (a.bit_length() + 7) // 8 + rng.choice([-1, 0, 0, 1, 3]))
        sign = "s" if a < 0 else sign
        try:
            answer = a.to_bytes(count, name, signed=sign == "s").hex() or "-"
        except OverflowError:
            answer = "big"
        return "tob %x %d %s %s" % (a, count, order, sign), answer
    data = bytes(rng.choice([0, 255, 128, rng.randrange(256)]) for _ in range(rng.randrange(40)))
    return ("fromb %s %s %s" % (data.hex() or "-", order, sign),
            h(int.from_bytes(data, name, signed=sign == "s")))


# -- float text ------------------------------------------------------------------------------

def double():
    kind = rng.random()
    if kind < .25:
        return struct.unpack("<d", struct.pack("<Q", rng.getrandbits(64)))[0]
    if kind < .4:
        return rng.choice([1, -1]) * rng.randrange(10 ** rng.randrange(1, 20)) / 10 ** rng.randrange(20)
    if kind < .5:
        return math.ldexp(rng.choice([1.0, 1 + 2 ** -52, 2 - 2 ** -52]), rng.randrange(-1074, 1024))
    if kind < .6:
        return float(rng.getrandbits(rng.randrange(1, 70)))
    if kind < .7:
        return rng.choice([0.0, -0.0, inf, -inf, nan, 5e-324, 1.7976931348623157e308,
                           2.2250738585072014e-308, 1e16, 1e17, 9999999999999998.0, 1e-4, 1e-5, .5,
                           1.5, 2.5, 123456.5, 1e22, 1e23, 9.5, 99.5, .05, .00015])
    if kind < .8:
        return struct.unpack("<d", struct.pack("<Q", rng.getrandbits(rng.randrange(1, 53))))[0]
    return rng.choice([1, -1]) * rng.random() * 10 ** rng.randrange(-10, 25)


api = ctypes.pythonapi
api.PyOS_double_to_string.restype = ctypes.c_void_p
api.PyOS_double_to_string.argtypes = [ctypes.c_double, ctypes.c_char, ctypes.c_int, ctypes.c_int,
                                      ctypes.c_void_p]
api.PyMem_Free.argtypes = [ctypes.c_void_p]


def floats():
    operation = rng.choice("repr repr fmt fmt fmt fhex fparse fparse fparsehex round ratio".split())
    value = double()
    if operation == "repr":
        return "repr " + bits(value), repr(value)
    if operation == "fhex":
        return "fhex " + bits(value), value.hex()
    if operation == "fmt":
        code = rng.choice("refgefg")
        precision = 0 if code == "r" else rng.choice([0, 1, 2, 3, 5, 6, 10, 15, 16, 17, 18, 20, 50])
        flags = rng.choice([0, 0, 1, 2, 4, 8, 15, rng.randrange(16)])
        upper = code != "r" and rng.random() < .2
        text = api.PyOS_double_to_string(value, (code.upper() if upper else code).encode(),
                                         precision, flags, None)
        answer = ctypes.string_at(text).decode()
        api.PyMem_Free(text)
        return "fmt %s %s %d %d" % (bits(value), code, precision, flags | 16 * upper), answer
    if operation == "round":
        places = rng.choice([0, 1, 2, 3, 5, 10, 15, 17, 20, -1, -2, -3, -5, -10, -300, -308, -309,
                             300, 323, 324, 400, rng.randrange(-30, 30)])
        try:
            return "round %s %d" % (bits(value), places), show(round(value, places))
        except OverflowError:
            return "round %s %d" % (bits(value), places), "overflow"
    if operation == "ratio":
        if not math.isfinite(value) or value == 0:
            return "ratio 0", "0 0"
        numerator, denominator = value.as_integer_ratio()
        exponent = 1 - denominator.bit_length()
        while numerator % 2 == 0:
            numerator //= 2
            exponent += 1
        return "ratio " + bits(value), "%d %d" % (numerator, exponent)
    kind = rng.random()
    if operation == "fparse":
        if kind < .4:
            text = repr(value)
        elif kind < .6:
            text = "%.*e" % (rng.randrange(40), value)
        elif kind < .7:  # half-way between two doubles
            exponent = rng.randrange(-300, 300)
            half = Fraction(2 * (rng.getrandbits(52) | 1 << 52) + 1) * Fraction(2) ** (exponent - 1)
            text = (str(half.numerator) if exponent > 0
                    else str(half.numerator * 10 ** 60 // half.denominator) + "e-60")
        elif kind < .8:
            text = "".join(rng.choice("0123456789._eE+-") for _ in range(rng.randrange(12)))
        else:
            text = repr(value)
            i = rng.randrange(len(text) + 1)
            text = text[:i] + rng.choice(["_", ".", "e", "0", "__", " ", "x", "-"]) + text[i:]
        if rng.random() < .1:
            text = " " + text + "\t\n"
        try:
            answer = show(float(text))
        except ValueError:
            answer = "invalid"
        return "fparse " + (text.encode().hex() or "-"), answer
    if kind < .3:
        text = value.hex()
    elif kind < .7:
        text = rng.choice(["", "0x", "0X", "-0x"])
        text += "".join(rng.choice("0123456789abcdefF0") for _ in range(rng.randrange(25)))
        if rng.random() < .6:
            text += "." + "".join(rng.choice("0123456789abcdef0008") for _ in range(rng.randrange(25)))
        if rng.random() < .7:
            text += "p%d" % rng.choice([0, 1, -1, rng.randrange(-1200, 1100), 1023, 1024, -1022,
                                        -1074, -1075, 10 ** 20, -10 ** 20])
    elif kind < .9:
        text = "0x%x%sp%d" % (rng.getrandbits(53) * rng.choice([2, 4, 8, 16, 256]) + rng.choice(
            [0, 1, 2, 4, 8]), rng.choice(["", "0", "8", "01"]), rng.randrange(-1150, -1000))
    else:
        text = "".join(rng.choice("0x1.p+-a ") for _ in range(rng.randrange(8)))
    try:
        answer = show(float.fromhex(text))
    except ValueError:
        answer = "invalid"
    except OverflowError:
        answer = "overflow"
    return "fparsehex " + (text.encode().hex() or "-"), answer


# -- formatting ------------------------------------------------------------------------------

def specification(types):
    text = ""
    if rng.random() < .4:
        text += rng.choice(["", "", "*", "0", "\xe9", "\U0001f600", "<"]) + rng.choice("<>^=")
    text += rng.choice(["", "", "", "+", "-", " "])
    text += "z" * (rng.random() < .1) + "#" * (rng.random() < .15) + "0" * (rng.random() < .2)
    if rng.random() < .5:
        text += rng.choice([str(rng.randrange(30)), "\u0663", "10", "1\u0662"])
    if rng.random() < .25:
        text += rng.choice([",", "_", ",", "_", ",_", "_,", ",,", "__"])
    if rng.random() < .3:
        text += "." + rng.choice(["", str(rng.randrange(12)), str(rng.randrange(12)), "3"])
    if rng.random() < .8:
        text += rng.choice(types)
    return text + rng.choice("xd{ \xe9") * (rng.random() < .04)


def simple_double():
    if rng.random() < .15:
        return rng.choice([0.0, -0.0, inf, -inf, nan, 1e100, .5, -.0001, 1e16])
    if rng.random() < .7:
        return rng.choice([1, -1]) * rng.random() * 10 ** rng.randrange(-6, 12)
    return float(rng.randrange(-10 ** 7, 10 ** 7))


def formats():
    kind = rng.choice("int float float complex str pint pfloat".split())

    def answer(make):
        try:
            return points(make())
        except Exception as error:
            return "E " + str(error)

    if kind == "int":
        value = rng.choice([0, 1, -1, rng.randrange(-1000, 1000), rng.randrange(-10 ** 30, 10 ** 30)])
        spec = specification("dbxXoneEfFgG%sr\x01\xe9")
        return "format int %s %x" % (points(spec), value), answer(lambda: format(value, spec))
    if kind == "float":
        value, spec = simple_double(), specification("eEfFgGn%ds") or "f"
        return "format float %s %s" % (points(spec), bits(value)), answer(lambda: format(value, spec))
    if kind == "complex":
        value = complex(simple_double(), simple_double())
        spec = specification("eEfFgGn%d") or "f"
        return ("format complex %s %s %s" % (points(spec), bits(value.real), bits(value.imag)),
                answer(lambda: format(value, spec)))
    if kind == "str":
        length, spec = rng.randrange(1, 12), specification("ssssd")
        return ("format str %s %d" % (points(spec), length),
                answer(lambda: format("Q" * length, spec)))
    flags = "".join(rng.choice("-+ #0") for _ in range(rng.randrange(4)))
    width = rng.choice(["", "", str(rng.randrange(1, 40))])
    precision = rng.choice(["", "", ".", ".5", ".12"])
    if kind == "pint":
        value = rng.choice([0, 1, -1, rng.randrange(-1000, 1000), rng.randrange(-10 ** 30, 10 ** 30)])
        if rng.random() < .05:
            width = "9" * 20
        if rng.random() < .05:
            precision = "." + "9" * 11
        spec = flags + width + precision + rng.choice(["", "l", "h"]) + rng.choice(
            ["d", "i", "u", "x", "X", "o", ""])
        return "percent int %s %x" % (points(spec), value), answer(lambda: ("%" + spec) % value)
    value, spec = simple_double(), flags + width + precision + rng.choice("eEfFgG")
    return ("percent float %s %s" % (points(spec), bits(value)), answer(lambda: ("%" + spec) % value))


# -- hashing and random numbers --------------------------------------------------------------

def hashes():
    kind = rng.random()
    if kind < .4:
        value = double()
        return "hdbl " + bits(value), str(hash(value)) if value == value else "0"
    if kind < .6:
        items = [rng.choice([0, 1, -2, rng.randrange(-2 ** 60, 2 ** 60)])
                 for _ in range(rng.randrange(12))]
        if rng.random() < .5:
            return " ".join(["htup", *map(str, items)]), str(hash(tuple(items)))
        items = list(set(items))
        return " ".join(["hset", *map(str, items)]), str(hash(frozenset(items)))
    if kind < .7:
        value = rng.choice([0, 1, -1, -2, 2 ** 61 - 1, 2 ** 61, 2 ** 63 - 1, -2 ** 63,
                            rng.randrange(-2 ** 62, 2 ** 62)])
        return "hint %d" % value, str(hash(value))
    if kind < .72:
        seed = rng.getrandbits(rng.choice([1, 32, 33, 64, 100, 30000]))
        generator = random.Random(seed)
        for _ in range(1000):
            last = generator.random()
        many = generator.getrandbits(100)
        words = [many >> shift & 0xFFFFFFFF for shift in (0, 32, 64, 96)]
        key = [seed >> shift & 0xFFFFFFFF for shift in range(0, max(seed.bit_length(), 1), 32)]
        return ("mt " + ",".join(map(str, key)),
                "%r %s %d" % (last, words, generator.getstate()[1][-1]))
    return SIPHASH.pop() if SIPHASH else ("hint 0", "0")


def siphash_vectors():
    result = []
    data = [bytes(rng.getrandbits(8) for _ in range(size)) for size in [*range(40), 100, 1000]]
    program = "import sys\nfor line in sys.stdin: print(hash(bytes.fromhex(line.strip())))"
    for seed in (0, 1, 42, 4294967295):
        answers = subprocess.run(
            [sys.executable, "-c", program], input="\n".join(d.hex() for d in data) + "\n",
            capture_output=True, text=True, env={**os.environ, "PYTHONHASHSEED": str(seed)}).stdout
        result += [("siph %d %s" % (seed, d.hex() or "-"), answer)
                   for d, answer in zip(data, answers.split())]
    return result


# -- math and cmath --------------------------------------------------------------------------

UNARY = ("acos acosh asin asinh atan atanh cbrt cos cosh erf erfc exp exp2 expm1 fabs gamma lgamma "
         "log log10 log1p log2 sin sinh sqrt tan tanh").split()
COMPLEX = ("sqrt log log10 exp acos acosh asin asinh atan atanh cos cosh sin sinh tan tanh").split()


def argument():
    kind = rng.random()
    if kind < .2:
        return rng.choice([0.0, -0.0, 1.0, -1.0, inf, -inf, nan, .5, -.5, 2.0, 1e-310, 5e-324, 1e308,
                           -1e308, 1e-20, 1e-21, 170.0, 171.5, -.1, 3.0, -3.0, 710.0, 711.0, -745.2,
                           1e300, 1e200, 1e155, 1e-155])
    if kind < .6:
        return rng.uniform(-10, 10)
    if kind < .7:
        return float(rng.randrange(-30, 40))
    if kind < .8:
        return rng.uniform(-200, 200)
    if kind < .9:
        return rng.choice([1, -1]) * math.ldexp(rng.random() + .5, rng.randrange(-1070, 1024))
    return rng.choice([1, -1]) * (1 + rng.uniform(-1e-3, 1e-3))


def maths():
    kind = rng.random()
    x, y, z = argument(), argument(), argument()
    if kind < .35:
        name = rng.choice(UNARY)
        return "u %s %s" % (name, bits(x)), show(attempt(getattr(math, name), x))
    if kind < .45:
        name = rng.choice(["atan2", "fmod", "remainder", "pow", "nextafter", "ulp"])
        given = (x,) if name == "ulp" else (x, y)
        return "b %s %s %s" % (name, bits(x), bits(y)), show(attempt(getattr(math, name), *given))
    if kind < .47:
        exponent = rng.choice([0, 1, -1, 1000, -1000, -1080, 2 ** 31, -2 ** 31 - 1])
        return "ldexp %s %d" % (bits(x), exponent), show(attempt(math.ldexp, x, exponent))
    if kind < .5:
        steps = rng.choice([0, 1, 2, 3, 2 ** 52, 2 ** 63, 2 ** 64 - 1, rng.randrange(2 ** 62)])
        return ("nexts %s %s %d" % (bits(x), bits(y), steps), show(math.nextafter(x, y, steps=steps)))
    if kind < .52:
        return "fma %s %s %s" % (bits(x), bits(y), bits(z)), show(attempt(math.fma, x, y, z))
    if kind < .56:
        values = [argument() if rng.random() < .5 else rng.uniform(-1, 1) * 10 ** rng.randrange(-20, 20)
                  for _ in range(rng.randrange(12))]
        if rng.random() < .8:
            values = [value for value in values if math.isfinite(value)]
        try:
            answer = show(math.fsum(values))
        except OverflowError:
            answer = "OVF"
        except ValueError:
            answer = "VAL"
        return " ".join(["fsum", *map(bits, values)]), answer
    if kind < .58:
        values = [argument() for _ in range(rng.randrange(1, 12))]
        return " ".join(["sum", *map(bits, values)]), show(sum(values, 0.0))
    if kind < .61:
        values = [rng.uniform(-1, 1) * 10 ** rng.randrange(-10, 10)
                  for _ in range(2 * rng.randrange(1, 12))]
        return (" ".join(["sumprod", *map(bits, values)]),
                show(math.sumprod(values[::2], values[1::2])))
    if kind < .65:
        values = [argument() for _ in range(rng.randrange(1, 6))]
        return " ".join(["hypot", *map(bits, values)]), show(math.hypot(*values))
    if kind < .66:
        n = rng.randrange(300)
        return "fact %d" % n, hexadecimal(math.factorial(n))
    if kind < .68:
        n = rng.choice([rng.randrange(100), rng.randrange(2000), 2 ** 63, 2 ** 64 - 1, 2 ** 70])
        k = rng.randrange(min(n, 40) + 1)
        if rng.random() < .5:
            return "comb %d %d" % (n, k), hexadecimal(math.comb(n, k))
        return "perm %d %d" % (n, k), hexadecimal(math.perm(n, k))
    if kind < .92:
        name = rng.choice(COMPLEX)
        return ("c %s %s %s" % (name, bits(x), bits(y)),
                show_complex(attempt(getattr(cmath, name), complex(x, y))))
    if kind < .95:
        return "c rect %s %s" % (bits(x), bits(y)), show_complex(attempt(cmath.rect, x, y))
    a, b = complex(x, y), complex(z, argument() if rng.random() < .7 else 0.0)
    if rng.random() < .3:
        b = complex(float(rng.randrange(-110, 110)), 0.0)
    name = rng.choice(["mul", "div", "pow", "pow"])
    function = {"mul": operator.mul, "div": operator.truediv, "pow": operator.pow}[name]
    return ("cb %s %s %s %s %s" % (name, bits(x), bits(y), bits(b.real), bits(b.imag)),
            show_complex(attempt(function, a, b)))


# -- codecs ----------------------------------------------------------------------------------

DECODERS = {"utf-8": codecs.utf_8_decode, "utf-16-le": codecs.utf_16_le_decode,
            "utf-16-be": codecs.utf_16_be_decode, "utf-32-le": codecs.utf_32_le_decode,
            "utf-32-be": codecs.utf_32_be_decode, "utf-7": codecs.utf_7_decode,
            "unicode_escape": codecs.unicode_escape_decode,
            "raw_unicode_escape": codecs.raw_unicode_escape_decode}


def some_text():
    return "".join(rng.choice(["a", "\xe9", "\u20ac", "\U0001f600", "\ud800", "\udc00", "\udc80",
                               "\udcff", "+", "-", "\\", "~", "\n", "\0", "\x7f", "z", "Z", " ",
                               "\xff", "\u0100", "\uffff", "\U0010ffff", "\t"])
                   for _ in range(rng.randrange(9)))


def some_bytes(encoding):
    if encoding == "utf-8":
        return b"".join(rng.choice([
            b"a", b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJ", bytes([rng.randrange(256)]), b"\xc3\xa9",
            b"\xe2\x82\xac", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"\xf4\x90", b"\xe0\x80",
            b"\xf0\x80\x80\x80", b"\xc0\x80", bytes([rng.randrange(0xC0, 0xF8)]),
            bytes([rng.randrange(0x80, 0xC0)])]) for _ in range(rng.randrange(7)))
    if encoding.startswith(("utf-16", "utf-32")):
        data = some_text().encode(encoding, "surrogatepass")
        if rng.random() < .5:
            i = rng.randrange(len(data) + 1)
            junk = bytes(rng.choice([0, 0xD8, 0xDC, 16, 17, 255, 65]) for _ in range(rng.randrange(5)))
            data = data[:i] + junk + data[i:]
        return data
    if encoding == "utf-7":
        if rng.random() < .3:
            return some_text().encode("utf-7")
        return bytes(rng.choice(b"+-AGE/2D3cqQ!~\\a\xff +") for _ in range(rng.randrange(12)))
    if "escape" in encoding:
        return b"".join(rng.choice([
            b"\\", b"x", b"u", b"U", b"N", b"{", b"}", b"0", b"00", b"1f", b"d8", b"\\u00e9",
            b"\\x41", b"\\N{DIGIT ONE}", b"\\N{em}", b"0011", b"\xe9", b"\n", b"'", b"n", b"7",
            b"\\777", b"q"]) for _ in range(rng.randrange(8)))
    return bytes(rng.randrange(256) for _ in range(rng.randrange(8)))


def texts():
    encoding = rng.choice(["utf-8", "utf-8", "utf-8", "ascii", "latin-1", "utf-7", *DECODERS])
    if rng.random() < .6:
        handler = rng.choice(["strict", "strict", "ignore", "replace", "backslashreplace",
                              "surrogateescape", "surrogatepass"])
        data = some_bytes(encoding)
        partial = encoding in DECODERS and rng.random() < .3
        try:
            if partial:
                answer = "%s %d" % ((lambda r: (points(r[0]), r[1]))(
                    DECODERS[encoding](data, handler, False)))
            else:
                answer = "%s %d" % (points(data.decode(encoding, handler)), len(data))
        except UnicodeDecodeError as error:
            answer = "E %d %d %s" % (error.start, error.end, error.reason)
        return ("%s %s %s %s" % ("inc" if partial else "dec", encoding, handler, data.hex() or "-"),
                answer)
    handler = rng.choice(["strict", "strict", "ignore", "replace", "backslashreplace",
                          "surrogateescape", "surrogatepass", "xmlcharrefreplace", "namereplace"])
    text = some_text()
    try:
        answer = text.encode(encoding, handler).hex() or "-"
    except UnicodeEncodeError as error:
        answer = "E %d %d %s" % (error.start, error.end, error.reason)
    return "enc %s %s %s" % (encoding, handler, points(text)), answer


FAMILIES = (digits, floats, formats, hashes, maths, texts)
SIPHASH = []


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    directory = sys.argv[1] if len(sys.argv) > 1 else here + "/../../Tests/NumericsTests/Vectors"
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 313
    for family in FAMILIES:
        rng.seed(seed)
        if family is hashes:
            SIPHASH.extend(siphash_vectors())
        with open(os.path.join(directory, family.__name__ + ".txt"), "w") as out:
            for _ in range(count):
                out.write("%s\t%s\n" % family())


if __name__ == "__main__":
    main()
