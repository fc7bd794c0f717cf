# The symbols that the program exports to extension modules, read from its ELF file. (Apus only: CPython's may lie in
# a library.)
import os
import struct
import sys
from _run import main


def exported_symbols(path):
    """Name -> (kind, size) of the symbols defined in the dynamic symbol table; kind 1 is data, 2 a function."""
    with open(path, 'rb') as file:
        image = file.read()
    assert image[:6] == b'\x7fELF\x02\x01', 'a 64-bit little-endian ELF file'
    sections, = struct.unpack_from('<Q', image, 0x28)
    size, count = struct.unpack_from('<HH', image, 0x3A)
    headers = [struct.unpack_from('<IIQQQQIIQQ', image, sections + n * size) for n in range(count)]
    table, = [header for header in headers if header[1] == 11]  # SHT_DYNSYM
    names = headers[table[6]]
    found = {}
    for at in range(table[4], table[4] + table[5], table[9]):
        name, info, other, section, value, length = struct.unpack_from('<IBBHQQ', image, at)
        if section == 0:  # imported
            continue
        start = names[4] + name
        found[image[start:image.index(b'\0', start)].decode()] = info & 15, length
    return found


def test_the_eval_loop_is_exported_by_its_name():
    kind, size = exported_symbols(sys.executable)['_PyEval_EvalFrameDefault']
    assert kind == 2
    # The giant loop: the largest function there is by far.
    assert size > 10_000


def test_what_extensions_need_is_exported():
    symbols = exported_symbols(sys.executable)
    for name in ['PyObject_GetAttr', 'PyArg_ParseTuple', 'PyModule_Create2', 'PyType_FromSpec', '_Py_Dealloc', 'Py_IncRef', 'Py_DecRef']:
        assert symbols[name][0] == 2, name
    for name, size in [('_Py_NoneStruct', 16), ('PyExc_TypeError', 8), ('PyList_Type', 416), ('_Py_TrueStruct', 32)]:
        assert symbols[name] == (1, size), (name, symbols[name])


def test_the_stable_abi_is_exported():
    folder = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(folder, '..', 'layout', 'stable-abi.txt')) as file:
        wanted = {line.strip() for line in file if not line.startswith('#')}
    missing = wanted - exported_symbols(sys.executable).keys()
    # A program of its own, a second interpreter, running a frame object.
    known = {
        'Py_BytesMain', 'Py_EndInterpreter', 'Py_Main', 'Py_NewInterpreter', 'PyInterpreterState_Clear', 'PyInterpreterState_Delete', 'PyInterpreterState_New',
        '_PyThreadState_Init', '_PyThreadState_Prealloc', 'PyEval_EvalFrame', 'PyEval_EvalFrameEx', '_Py_CheckRecursiveCall'}
    assert missing <= known, sorted(missing - known)


def test_nothing_but_the_interface_is_exported():
    # Libraries that are linked in stay hidden: an extension module may bring its own.
    # The C library's streams are copied into a program that is linked at a fixed address.
    streams = 'stdin', 'stdout', 'stderr'
    strange = [name for name in exported_symbols(sys.executable)
               if not name.startswith(('Py', '_Py')) and name not in streams]
    assert strange == [], strange[:10]


main(globals())
