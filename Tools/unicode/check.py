#!/usr/bin/env python3
"""Compares Sources/UnicodeData with CPython 3.13 over every code point, and normalises random text.

    python3.13 Tools/unicode/check.py
"""
import ctypes
import glob
import os
import random
import subprocess
import sys
import tempfile
import unicodedata as ucd
from _sre import unicode_tolower
from unicodedata import ucd_3_2_0 as old

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCES = os.path.join(HERE, "..", "..", "Sources", "UnicodeData")
FORMS = ("NFD", "NFKD", "NFC", "NFKC")


class Points(ctypes.Structure):
    _fields_ = [("data", ctypes.POINTER(ctypes.c_uint32)), ("count", ctypes.c_size_t),
                ("capacity", ctypes.c_size_t), ("resize", ctypes.c_void_p)]


def build():
    path = os.path.join(tempfile.mkdtemp(), "unicodedata.so")
    subprocess.check_call(["clang", "-O2", "-shared", "-fPIC", "-o", path,
                           os.path.join(HERE, "driver.c"), *glob.glob(SOURCES + "/*.c")])
    library = ctypes.CDLL(path)
    for name in ("apus_category", "apus_bidirectional", "apus_east_asian_width"):
        getattr(library, name).restype = ctypes.c_char_p
    library.apus_name.restype = ctypes.c_size_t
    for name in ("apus_mirrored", "apus_numeric_in", "apus_normalize"):
        getattr(library, name).restype = ctypes.c_bool
    library.apus_normalize.argtypes = [ctypes.c_int, ctypes.c_bool, ctypes.c_void_p,
                                       ctypes.c_size_t, ctypes.c_void_p]
    return library


FAILURES = 0


def expect(what, got, wanted):
    global FAILURES
    if got != wanted:
        FAILURES += 1
        if FAILURES < 50:
            print("FAIL", what, "got", got, "wanted", wanted)


def check_types(lib):
    out = (ctypes.c_int32 * 24)()
    mappings = (ctypes.c_uint32 * 12)()
    numeric = ctypes.c_double()
    final = lambda text: text.lower().endswith("\u03c2")
    for code in range(0x110000):
        c = chr(code)
        lib.describe(code, out, mappings, ctypes.byref(numeric))
        flags = (c.isalpha(), c.isdecimal(), c.isdigit(), c.isnumeric(), c.isspace(), c.isupper(),
                 c.islower(), c.istitle() and not c.isupper(), c.isprintable(), c.isidentifier(),
                 ("_" + c).isidentifier(), len(("." + c + ".").splitlines()) == 2,
                 (c + "a").title()[-1] == "a", final("A" + c + "\u03a3") and not final(c + "\u03a3"),
                 c.isalnum())
        expect(("flags", hex(code)), out[0], sum(1 << i for i, flag in enumerate(flags) if flag))
        expect(("tolower", hex(code)), out[2], unicode_tolower(code))
        expect(("decimal", hex(code)), out[4], ucd.decimal(c, -1))
        expect(("digit", hex(code)), out[5], ucd.digit(c, -1))
        expect(("numeric", hex(code)), numeric.value, ucd.numeric(c, -12345))
        for i, text in enumerate((c.upper(), c.lower(), c.title(), c.casefold())):
            got = "".join(map(chr, mappings[3 * i:3 * i + out[6 + i]]))
            expect(("mapping", i, hex(code)), got, text)
            if len(text) == 1 and i in (0, 2):
                expect(("simple", i, hex(code)), out[1 if i == 0 else 3], ord(text))


def check_database(lib):
    points = ctypes.POINTER(ctypes.c_uint32)()
    tag = ctypes.c_char_p()
    value = ctypes.c_double()
    buffer = ctypes.create_string_buffer(256)
    found = (ctypes.c_uint32 * 4)()
    for database, is_old in ((ucd, False), (old, True)):
        for code in range(0x110000):
            c = chr(code)
            expect(("category", hex(code)), lib.apus_category(code, is_old).decode(),
                   database.category(c))
            expect(("bidi", hex(code)), lib.apus_bidirectional(code, is_old).decode(),
                   database.bidirectional(c))
            expect(("width", hex(code)), lib.apus_east_asian_width(code, is_old).decode(),
                   database.east_asian_width(c))
            expect(("combining", hex(code)), lib.apus_combining(code, is_old),
                   database.combining(c))
            expect(("mirrored", hex(code)), lib.apus_mirrored(code, is_old), database.mirrored(c))
            expect(("decimal", hex(code)), lib.apus_decimal_in(code, is_old),
                   database.decimal(c, -1))
            expect(("digit", hex(code)), lib.apus_digit_in(code, is_old), database.digit(c, -1))
            has = lib.apus_numeric_in(code, is_old, ctypes.byref(value))
            expect(("numeric", hex(code)), value.value if has else None, database.numeric(c, None))
            count = lib.apus_decomposition(code, is_old, ctypes.byref(points), ctypes.byref(tag))
            parts = ["%04X" % points[i] for i in range(count)]
            if count and tag.value:
                parts.insert(0, tag.value.decode())
            expect(("decomposition", hex(code)), " ".join(parts), database.decomposition(c))
            name = database.name(c, None)
            length = lib.apus_name(code, is_old, buffer)
            expect(("name", hex(code)), buffer.raw[:length].decode() or None, name)
            if name:
                count = lib.apus_lookup(name.encode(), len(name), 0, found)
                expect(("lookup", name), found[:count], [code])
    with open(os.path.join(HERE, "name-aliases.txt")) as lines:
        for line in lines:
            if line[0] != "#":
                name, codes = line.rstrip().split(";")
                for text in (name, name.lower()):
                    count = lib.apus_lookup(text.encode(), len(text), 2, found)
                    expect(("alias", text), found[:count], list(map(ord, ucd.lookup(text))))
                    count = lib.apus_lookup(text.encode(), len(text), 0, found)
                    expect(("alias", text), count, 0)
    odd = ("hangul syllable ga", "HANGUL SYLLABLE ", "HANGUL SYLLABLE GAX", "HANGUL SYLLABLE A",
           "cjk unified ideograph-4E00", "CJK UNIFIED IDEOGRAPH-04E00", "CJK UNIFIED IDEOGRAPH-",
           "CJK UNIFIED IDEOGRAPH-4e00", "CJK UNIFIED IDEOGRAPH-AC00", "nushu character-1b170",
           "NUSHU CHARACTER-01B170", "CJK COMPATIBILITY IDEOGRAPH-0F900", "A", " ", "LATIN",
           "LATIN SMALL LETTER A ", "LATIN  SMALL LETTER A", "HANGUL SYLLABLE G", "latin Small lettEr B")
    for text in odd:
        try:
            wanted = list(map(ord, ucd.lookup(text)))
        except KeyError:
            wanted = []
        count = lib.apus_lookup(text.encode(), len(text), 2, found)
        expect(("lookup", text), found[:count], wanted)


def normalize(lib, form, is_old, text):
    count = len(text)
    array = (ctypes.c_uint32 * count)(*map(ord, text))
    out = Points()
    lib.apus_normalize(FORMS.index(form), is_old, array, count, ctypes.byref(out))
    result = "".join(map(chr, out.data[:out.count]))
    ctypes.CDLL(None).free(out.data)
    check = lib.apus_quick_check(FORMS.index(form), array, count)
    return result, check


def check_normalization(lib):
    interesting = [c for c in map(chr, range(0x30000))
                   if ucd.combining(c) or ucd.decomposition(c)
                   or c < "\u0180" or 0x1100 <= ord(c) < 0x1200]
    interesting += [chr(0xAC00 + i) for i in range(0, 11172, 37)]
    interesting += [c for c in interesting if ucd.combining(c)] * 3
    rng = random.Random(1)
    texts = [chr(c) for c in range(0x110000)]
    texts += ["".join(rng.choices(interesting, k=rng.randrange(1, 9))) for _ in range(200000)]
    texts += ["a" + "".join(rng.choices(interesting[-3000:], k=200)) for _ in range(50)]
    for i, text in enumerate(texts):
        for form in FORMS:
            wanted = ucd.normalize(form, text)
            got, check = normalize(lib, form, False, text)
            expect((form, ascii(text)), ascii(got), ascii(wanted))
            if check != 1:
                expect(("quick", form, ascii(text)), check == 2, wanted == text)
            if i < 0x30000 or i >= 0x110000:
                expect(("old", form, ascii(text)), ascii(normalize(lib, form, True, text)[0]),
                       ascii(old.normalize(form, text)))


def main():
    library = build()
    check_types(library)
    print("types checked")
    check_database(library)
    print("database checked")
    check_normalization(library)
    print("normalization checked;", FAILURES, "failures")
    sys.exit(FAILURES != 0)


if __name__ == "__main__":
    main()
