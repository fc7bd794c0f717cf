// The functions on the builtin types that extension modules use most: numbers, text, bytes, tuples, lists, dicts,
// sets, and the abstract protocols over them.
#include <Python.h>
#include <limits.h>

// Every function takes what it works on and returns a list of what it found, an exception being its text.
static int put(PyObject *list, PyObject *value) {
  if (value == NULL) {
    PyObject *error = PyErr_GetRaisedException();
    value = error == NULL ? PyUnicode_FromString("NULL")
                          : PyUnicode_FromFormat("%s: %S", Py_TYPE(error)->tp_name, error);
    Py_XDECREF(error);
  }
  int status = PyList_Append(list, value);
  Py_DECREF(value);
  return status;
}
#define PUT(value) put(list, value)
#define NUMBER(value) put_number(list, (long long)(value))

static int put_number(PyObject *list, long long number) {
  if (number == -1 && PyErr_Occurred()) return put(list, NULL);
  return put(list, PyLong_FromLongLong(number));
}

static PyObject *numbers(PyObject *module, PyObject *object) {
  PyObject *list = PyList_New(0);
  int overflow = 5;
  NUMBER(PyLong_AsLong(object));
  NUMBER(PyLong_AsInt(object));
  NUMBER(PyLong_AsLongLong(object));
  NUMBER(PyLong_AsSsize_t(object));
  NUMBER(PyLong_AsLongAndOverflow(object, &overflow));
  NUMBER(overflow);
  unsigned long natural = PyLong_AsUnsignedLong(object);
  PUT(natural == (unsigned long)-1 && PyErr_Occurred() ? NULL : PyLong_FromUnsignedLong(natural));
  NUMBER(PyLong_AsUnsignedLongMask(object));
  NUMBER(PyLong_AsUnsignedLongLongMask(object));
  double real = PyFloat_AsDouble(object);
  PUT(real == -1.0 && PyErr_Occurred() ? NULL : PyFloat_FromDouble(real));
  NUMBER(PyNumber_Check(object) * 8 + PyIndex_Check(object) * 4 + PyLong_Check(object) * 2 + PyLong_CheckExact(object));
  PUT(PyNumber_Index(object));
  PUT(PyNumber_Long(object));
  PUT(PyNumber_Float(object));
  PUT(PyNumber_Absolute(object));
  PUT(PyNumber_Invert(object));
  PUT(PyNumber_ToBase(object, 16));
  NUMBER(PyNumber_AsSsize_t(object, NULL));
  NUMBER(PyNumber_AsSsize_t(object, PyExc_ValueError));
  unsigned char bytes[6] = {0};
  Py_ssize_t needed = PyLong_AsNativeBytes(object, bytes, sizeof bytes, Py_ASNATIVEBYTES_BIG_ENDIAN);
  NUMBER(needed);
  if (needed > 0) {
    PUT(PyBytes_FromStringAndSize((char *)bytes, sizeof bytes));
    PUT(PyLong_FromNativeBytes(bytes, sizeof bytes, Py_ASNATIVEBYTES_BIG_ENDIAN));
    PUT(PyLong_FromUnsignedNativeBytes(bytes, sizeof bytes, Py_ASNATIVEBYTES_BIG_ENDIAN));
  }
  PyErr_Clear();
  return list;
}

static PyObject *new_numbers(PyObject *module, PyObject *unused) {
  PyObject *list = PyList_New(0);
  char *end = NULL;
  PUT(PyLong_FromLongLong(LLONG_MIN));
  PUT(PyLong_FromUnsignedLongLong(ULLONG_MAX));
  PUT(PyLong_FromSize_t(SIZE_MAX));
  PUT(PyLong_FromDouble(-1e20));
  PUT(PyLong_FromDouble(Py_HUGE_VAL));
  PUT(PyLong_FromString("0x_ff rest", &end, 0));
  PUT(PyLong_FromString("  -077 ", &end, 8));
  PUT(PyLong_FromString("9", NULL, 8));
  PyObject *digits = PyUnicode_FromString(" 1e3 ");
  PUT(PyFloat_FromString(digits));
  Py_DECREF(digits);
  PUT(PyBool_FromLong(5));
  PUT(PyComplex_FromDoubles(1, -0.0));
  char *text = PyOS_double_to_string(1234.5, 'r', 0, Py_DTSF_ADD_DOT_0, NULL);
  PUT(PyUnicode_FromString(text));
  PyMem_Free(text);
  double number = PyOS_string_to_double("1.5e400", &end, PyExc_OverflowError);
  PUT(number == -1.0 ? NULL : PyFloat_FromDouble(number));
  PUT(PyFloat_FromDouble(PyOS_string_to_double("2.25z", &end, NULL)));
  PUT(PyUnicode_FromString(end));
  return list;
}

// operate(a, b): every binary function of the number protocol.
static PyObject *operate(PyObject *module, PyObject *args) {
  PyObject *a, *b, *list = PyList_New(0);
  if (!PyArg_ParseTuple(args, "OO", &a, &b)) return NULL;
  binaryfunc functions[] = {PyNumber_Add, PyNumber_Subtract, PyNumber_Multiply, PyNumber_MatrixMultiply, PyNumber_FloorDivide,
                            PyNumber_TrueDivide, PyNumber_Remainder, PyNumber_Divmod, PyNumber_Lshift, PyNumber_Rshift,
                            PyNumber_And, PyNumber_Xor, PyNumber_Or, PyNumber_InPlaceAdd, PyNumber_InPlaceMultiply,
                            PySequence_Concat, PyUnicode_Concat};
  for (size_t i = 0; i < Py_ARRAY_LENGTH(functions) - (PyUnicode_Check(a) ? 0 : 1); i++) PUT(functions[i](a, b));
  PUT(PyNumber_Power(a, b, Py_None));
  for (int operator = Py_LT; operator <= Py_GE; operator++) NUMBER(PyObject_RichCompareBool(a, b, operator));
  return list;
}

static PyObject *text(PyObject *module, PyObject *object) {
  PyObject *list = PyList_New(0), *found, *other;
  Py_ssize_t size;
  NUMBER(PyUnicode_GetLength(object));
  if (PyErr_Occurred() || !PyUnicode_Check(object)) return list;
  NUMBER(PyUnicode_KIND(object));
  NUMBER(PyUnicode_MAX_CHAR_VALUE(object));
  NUMBER(PyUnicode_IS_ASCII(object));
  for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(object) && i < 3; i++) NUMBER(PyUnicode_READ_CHAR(object, i));
  NUMBER((int)PyUnicode_ReadChar(object, 99));
  const char *utf8 = PyUnicode_AsUTF8AndSize(object, &size);
  PUT(utf8 ? PyBytes_FromStringAndSize(utf8, size) : NULL);
  PUT(PyUnicode_AsUTF8String(object));
  PUT(PyUnicode_AsLatin1String(object));
  PUT(PyUnicode_AsASCIIString(object));
  PUT(PyUnicode_AsEncodedString(object, "utf-16-le", "strict"));
  PUT(PyUnicode_EncodeFSDefault(object));
  wchar_t *wide = PyUnicode_AsWideCharString(object, &size);
  PUT(wide ? PyUnicode_FromWideChar(wide, size) : NULL);
  PyMem_Free(wide);
  PUT(PyUnicode_Substring(object, 1, 3));
  found = PyUnicode_FromString("a");
  NUMBER(PyUnicode_Find(object, found, 0, 100, 1));
  NUMBER(PyUnicode_FindChar(object, 'a', 0, 100, -1));
  NUMBER(PyUnicode_Count(object, found, 0, 100));
  NUMBER(PyUnicode_Contains(object, found));
  NUMBER(PyUnicode_Tailmatch(object, found, 0, 100, -1));
  NUMBER(PyUnicode_Compare(object, found));
  NUMBER(PyUnicode_CompareWithASCIIString(object, "abc"));
  NUMBER(PyUnicode_EqualToUTF8(object, "abc"));
  other = PyUnicode_FromString("<->");
  PUT(PyUnicode_Replace(object, found, other, 1));
  PUT(PyUnicode_Split(object, found, -1));
  PUT(PyUnicode_RSplit(object, found, 1));
  PUT(PyUnicode_Partition(object, found));
  PUT(PyUnicode_Splitlines(object, 1));
  PUT(PyUnicode_Join(other, object));
  PyObject *nothing = PyTuple_New(0);
  PUT(PyUnicode_Format(other, nothing));
  Py_DECREF(nothing);
  NUMBER(PyUnicode_IsIdentifier(object));
  Py_DECREF(found);
  PyUnicode_Append(&other, object);
  PUT(Py_XNewRef(other));
  PyUnicode_AppendAndDel(&other, PyUnicode_FromString("!"));
  PUT(other);
  return list;
}

static PyObject *new_text(PyObject *module, PyObject *unused) {
  PyObject *list = PyList_New(0);
  Py_UCS4 points[] = {'a', 0xe9, 0x1F40D};
  PUT(PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, points, 3));
  PUT(PyUnicode_FromKindAndData(7, points, 3));
  PUT(PyUnicode_DecodeUTF8("\xff", 1, "replace"));
  PUT(PyUnicode_DecodeUTF8("\xff", 1, NULL));
  PUT(PyUnicode_DecodeLatin1("\xe9", 1, NULL));
  PUT(PyUnicode_DecodeASCII("\xe9", 1, "backslashreplace"));
  PUT(PyUnicode_Decode("a\0", 2, "utf-16-le", NULL));
  PUT(PyUnicode_DecodeFSDefault("path"));
  PUT(PyUnicode_FromOrdinal(0x20ac));
  PUT(PyUnicode_FromOrdinal(-1));
  PyObject *made = PyUnicode_New(3, 0x20ac);
  for (Py_ssize_t i = 0; i < 3; i++) PyUnicode_WriteChar(made, i, 0x20a0 + (Py_UCS4)i);
  PUT(made);
  made = PyUnicode_New(2, 127);
  PyUnicode_Fill(made, 0, 2, 'x');
  PUT(made);
  PyObject *a = PyUnicode_InternFromString("interned"), *b = PyUnicode_FromString("interned");
  PyUnicode_InternInPlace(&b);
  NUMBER(a == b);
  Py_DECREF(a);
  Py_DECREF(b);
  PUT(PyBytes_FromFormat("%d %s %c %x", 5, "text", 'z', 255));
  PyObject *bytes = PyBytes_FromString("abc");
  _PyBytes_Resize(&bytes, 2);
  PyBytes_ConcatAndDel(&bytes, PyBytes_FromString("!"));
  PUT(bytes);
  PyObject *array = PyByteArray_FromStringAndSize("array", 5);
  PyByteArray_Resize(array, 3);
  PUT(array);
  return list;
}

static PyObject *lists(PyObject *module, PyObject *object) {
  PyObject *list = PyList_New(0), *made = PyList_New(2);
  PyList_SetItem(made, 0, Py_NewRef(object));
  PyList_SET_ITEM(made, 1, PyLong_FromLong(1));
  NUMBER(PyList_SetItem(made, 5, Py_NewRef(object)));
  NUMBER(PyList_Insert(made, 1, Py_True));
  NUMBER(PyList_Insert(made, -100, Py_False));
  NUMBER(PyList_Append(made, object));
  PUT(PySequence_List(made));
  PUT(Py_XNewRef(PyList_GetItem(made, 9)));
  PUT(PyList_GetItemRef(made, 0));
  PUT(PyList_GetSlice(made, 1, 3));
  NUMBER(PyList_SetSlice(made, 1, 3, NULL));
  PUT(PyList_AsTuple(made));
  NUMBER(PyList_Extend(made, object));
  NUMBER(PyList_Reverse(made));
  NUMBER(PyList_Size(object));
  PUT(Py_NewRef(made));
  NUMBER(PyList_Sort(made));
  NUMBER(PyList_Clear(made));
  PUT(made);
  PyObject *tuple = PyTuple_New(2);
  PyTuple_SetItem(tuple, 0, Py_NewRef(Py_None));
  PyTuple_SetItem(tuple, 1, Py_NewRef(object));
  NUMBER(PyTuple_SetItem(tuple, 2, Py_NewRef(object)));
  PUT(Py_XNewRef(PyTuple_GetItem(tuple, 2)));
  PUT(PyTuple_GetSlice(tuple, 1, 9));
  _PyTuple_Resize(&tuple, 1);
  PUT(tuple);
  PUT(PySlice_New(NULL, object, NULL));
  Py_ssize_t start, stop, step;
  PyObject *slice = PySlice_New(NULL, NULL, NULL);
  NUMBER(PySlice_Unpack(slice, &start, &stop, &step));
  NUMBER(PySlice_AdjustIndices(7, &start, &stop, step));
  Py_DECREF(slice);
  return list;
}

static PyObject *sequences(PyObject *module, PyObject *object) {
  PyObject *list = PyList_New(0), *one = PyLong_FromLong(1);
  NUMBER(PySequence_Check(object) * 2 + PyMapping_Check(object));
  NUMBER(PySequence_Size(object));
  NUMBER(PyObject_LengthHint(object, 44));
  PUT(PySequence_GetItem(object, 0));
  PUT(PySequence_GetItem(object, -1));
  PUT(PySequence_GetSlice(object, 1, 3));
  PUT(PySequence_Repeat(object, 2));
  PUT(PySequence_Tuple(object));
  PUT(PySequence_Fast(object, "no sequence at all"));
  NUMBER(PySequence_Contains(object, one));
  NUMBER(PySequence_Count(object, one));
  NUMBER(PySequence_Index(object, one));
  NUMBER(PySequence_SetItem(object, 0, one));
  NUMBER(PySequence_DelItem(object, 99));
  PUT(PyObject_GetItem(object, one));
  PyObject *iterator = PyObject_GetIter(object), *item;
  if (iterator == NULL) PUT(NULL);
  while (iterator != NULL && (item = PyIter_Next(iterator)) != NULL) PUT(item);
  Py_XDECREF(iterator);
  iterator = PyObject_GetIter(object);
  if (iterator != NULL && PyIter_Check(iterator)) {
    NUMBER(PyIter_Send(iterator, Py_None, &item));
    PUT(item);
    Py_DECREF(iterator);
  }
  PyErr_Clear();
  Py_DECREF(one);
  return list;
}

static PyObject *dicts(PyObject *module, PyObject *object) {
  PyObject *list = PyList_New(0), *dict = PyDict_New(), *key, *value, *found;
  Py_ssize_t place = 0;
  NUMBER(PyDict_SetItemString(dict, "one", object));
  NUMBER(PyDict_SetItem(dict, object, Py_None));
  NUMBER(PyDict_Contains(dict, object));
  PUT(Py_XNewRef(PyDict_GetItemWithError(dict, object)));
  NUMBER(PyDict_GetItemStringRef(dict, "one", &found));
  PUT(found);
  NUMBER(PyDict_GetItemStringRef(dict, "two", &found));
  NUMBER(found == NULL);
  PUT(Py_XNewRef(PyDict_GetItemString(dict, "two")));
  key = PyUnicode_FromString("three");
  PUT(Py_XNewRef(PyDict_SetDefault(dict, key, Py_True)));
  NUMBER(PyDict_SetDefaultRef(dict, key, Py_False, &found));
  PUT(found);
  NUMBER(PyDict_Pop(dict, key, &found));
  PUT(found);
  NUMBER(PyDict_PopString(dict, "three", NULL));
  NUMBER(PyDict_DelItem(dict, key));
  Py_DECREF(key);
  NUMBER(PyDict_DelItemString(dict, "none"));
  while (PyDict_Next(dict, &place, &key, &value)) PUT(PyTuple_Pack(2, key, value));
  PUT(PyDict_Keys(dict));
  PUT(PyDict_Values(dict));
  PUT(PyDict_Items(dict));
  PUT(PyDict_Copy(dict));
  NUMBER(PyDict_Update(dict, object));
  NUMBER(PyDict_MergeFromSeq2(dict, object, 1));
  NUMBER(PyDict_Size(object));
  PUT(PyMapping_GetItemString(dict, "absent"));
  NUMBER(PyMapping_HasKeyString(dict, "one"));
  NUMBER(PyMapping_GetOptionalItemString(dict, "absent", &found));
  PUT(PyMapping_Keys(dict));
  PUT(PyDictProxy_New(dict));
  PyDict_Clear(dict);
  PUT(dict);
  PyObject *set = PySet_New(NULL), *frozen = PyFrozenSet_New(object);
  NUMBER(PySet_Add(set, object));
  NUMBER(PySet_Contains(set, object));
  NUMBER(PySet_Size(set));
  NUMBER(PySet_Discard(set, object));
  PUT(PySet_Pop(set));
  PUT(set);
  if (frozen == NULL) PUT(NULL);
  else NUMBER(PySet_GET_SIZE(frozen));
  Py_XDECREF(frozen);
  return list;
}

static PyObject *objects(PyObject *module, PyObject *object) {
  PyObject *list = PyList_New(0), *found;
  PUT(PyObject_Str(object));
  PUT(PyObject_Repr(object));
  PUT(PyObject_ASCII(object));
  PUT(PyObject_Bytes(object));
  PUT(PyObject_Type(object));
  NUMBER(PyObject_IsTrue(object));
  NUMBER(PyObject_Not(object));
  Py_hash_t hash = PyObject_Hash(object);
  NUMBER(hash == -1 ? -1 : hash == PyObject_Hash(object));
  NUMBER(PyObject_Size(object));
  NUMBER(PyCallable_Check(object));
  NUMBER(PyObject_IsInstance(object, (PyObject *)&PyLong_Type));
  NUMBER(PyObject_IsInstance(object, object));
  NUMBER(PyObject_IsSubclass(object, (PyObject *)&PyLong_Type));
  PUT(PyObject_GetAttrString(object, "__class__"));
  PUT(PyObject_GetAttrString(object, "absent"));
  NUMBER(PyObject_HasAttrString(object, "__add__"));
  NUMBER(PyObject_HasAttrStringWithError(object, "absent"));
  NUMBER(PyObject_GetOptionalAttrString(object, "absent", &found));
  NUMBER(found == NULL && !PyErr_Occurred());
  NUMBER(PyObject_SetAttrString(object, "absent", Py_None));
  NUMBER(PyObject_DelAttrString(object, "absent"));
  PUT(PyObject_Format(object, NULL));
  found = PyUnicode_FromString(">9");
  PUT(PyObject_Format(object, found));
  Py_DECREF(found);
  found = PyObject_Dir(object);
  NUMBER(found != NULL && PyList_Check(found));
  Py_XDECREF(found);
  return list;
}

static PyObject *imports(PyObject *module, PyObject *unused) {
  PyObject *list = PyList_New(0), *found = PyImport_ImportModule("collections.abc");
  PUT(found ? PyModule_GetNameObject(found) : NULL);
  Py_XDECREF(found);
  PUT(PyImport_ImportModule("no_such_module"));
  found = PyImport_AddModuleRef("made_by_c");
  NUMBER(PyModule_AddStringConstant(found, "word", "text"));
  NUMBER(PyModule_AddObjectRef(found, "none", Py_None));
  PUT(PyObject_GetAttrString(found, "word"));
  PyObject *name = PyModule_GetNameObject(found);
  NUMBER(PyDict_Contains(PyImport_GetModuleDict(), name));
  NUMBER(PyDict_DelItemString(PyImport_GetModuleDict(), "made_by_c"));
  Py_XDECREF(found);
  PUT(PyImport_GetModule(name));
  Py_DECREF(name);
  found = PyModule_New("fresh");
  PUT(PyModule_GetFilenameObject(found));
  NUMBER(PyModule_SetDocString(found, "its text"));
  PUT(PyObject_GetAttrString(found, "__doc__"));
  Py_XDECREF(found);
  PyObject *globals = PyDict_New();
  PUT(PyRun_String("x = 6\ny = x * 7\n", Py_file_input, globals, globals));
  PUT(PyRun_String("y + 1", Py_eval_input, globals, globals));
  PUT(PyRun_String("1 +", Py_eval_input, globals, globals));
  PyObject *code = Py_CompileString("[x for x in range(3)]", "<c>", Py_eval_input);
  PUT(PyEval_EvalCode(code, globals, globals));
  Py_XDECREF(code);
  Py_DECREF(globals);
  PUT(Py_XNewRef(PySys_GetObject("no_such_value")));
  NUMBER(PySys_SetObject("value_of_c", list));
  NUMBER(PySys_GetObject("value_of_c") == list);
  NUMBER(PySys_SetObject("value_of_c", NULL));
  PySys_WriteStdout("written by %s, %d\n", "C", 5);
  PySys_FormatStdout("formatted %R\n", Py_None);
  return list;
}

static PyMethodDef methods[] = {
    {"numbers", numbers, METH_O, NULL},     {"new_numbers", new_numbers, METH_NOARGS, NULL},
    {"operate", operate, METH_VARARGS, NULL}, {"text", text, METH_O, NULL},
    {"new_text", new_text, METH_NOARGS, NULL}, {"lists", lists, METH_O, NULL},
    {"sequences", sequences, METH_O, NULL}, {"dicts", dicts, METH_O, NULL},
    {"objects", objects, METH_O, NULL},     {"imports", imports, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "containers", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_containers(void) { return PyModuleDef_Init(&definition); }
