// How arguments come in and results go out: every format of PyArg_Parse* and Py_BuildValue, every
// calling convention, and what happens to a function that breaks its contract.
#include <Python.h>
#include <float.h>

// parse(format, *values): what PyArg_ParseTuple makes of VALUES, built again as Python objects.
static PyObject *parse(PyObject *module, PyObject *args) {
  PyObject *values = PyTuple_GetSlice(args, 1, PyTuple_GET_SIZE(args));
  PyObject *result = NULL;
  const char *format = PyUnicode_AsUTF8(PyTuple_GET_ITEM(args, 0));
  if (values == NULL || format == NULL) {
    Py_XDECREF(values);
    return NULL;
  }
#define ONE(code, type, build)                                       \
  if (strcmp(format, code) == 0) {                                   \
    type value;                                                      \
    memset(&value, 0, sizeof value);                                 \
    if (PyArg_ParseTuple(values, code, &value)) result = Py_BuildValue(build, value); \
  }
  ONE("b", unsigned char, "B") else ONE("B", unsigned char, "B") else ONE("h", short, "h")
  else ONE("H", unsigned short, "H") else ONE("i", int, "i") else ONE("I", unsigned int, "I")
  else ONE("l", long, "l") else ONE("k", unsigned long, "k") else ONE("L", long long, "L")
  else ONE("K", unsigned long long, "K") else ONE("n", Py_ssize_t, "n") else ONE("c", char, "c")
  else ONE("C", int, "C") else ONE("f", float, "f") else ONE("d", double, "d")
  else ONE("p", int, "i") else ONE("s", const char *, "s") else ONE("z", const char *, "z")
  else ONE("y", const char *, "y") else ONE("O", PyObject *, "O") else ONE("U", PyObject *, "O")
  else ONE("S", PyObject *, "O") else ONE("Y", PyObject *, "O")
#undef ONE
  else if (strcmp(format, "D") == 0) {
    Py_complex value;
    if (PyArg_ParseTuple(values, "D", &value)) result = Py_BuildValue("D", &value);
  }
  else if (strcmp(format, "s#") == 0 || strcmp(format, "z#") == 0 || strcmp(format, "y#") == 0) {
    const char *text = NULL;
    Py_ssize_t size = -1;
    if (PyArg_ParseTuple(values, format, &text, &size)) result = Py_BuildValue("(y#n)", text, text ? size : 0, size);
  }
  else if (strcmp(format, "s*") == 0 || strcmp(format, "z*") == 0 || strcmp(format, "y*") == 0 || strcmp(format, "w*") == 0) {
    Py_buffer view;
    if (PyArg_ParseTuple(values, format, &view)) {
      result = Py_BuildValue("(y#ni)", (char *)view.buf, view.len, view.len, view.readonly);
      PyBuffer_Release(&view);
    }
  }
  else if (strcmp(format, "es") == 0 || strcmp(format, "et") == 0) {
    char *text = NULL;
    if (PyArg_ParseTuple(values, format, "latin-1", &text)) {
      result = PyBytes_FromString(text);
      PyMem_Free(text);
    }
  }
  else if (strcmp(format, "es#") == 0 || strcmp(format, "et#") == 0) {
    char *text = NULL, small[4], *fixed = small;
    Py_ssize_t size = 0;
    if (PyArg_ParseTuple(values, format, "utf-8", &text, &size)) {
      result = PyBytes_FromStringAndSize(text, size);
      PyMem_Free(text);
      size = sizeof small;
      if (!PyArg_ParseTuple(values, format, "utf-8", &fixed, &size)) Py_CLEAR(result);
    }
  }
  else if (strcmp(format, "O!") == 0) {
    PyObject *object;
    if (PyArg_ParseTuple(values, "O!", &PyList_Type, &object)) result = Py_NewRef(object);
  }
  else if (strcmp(format, "(ii)O") == 0) {
    int x, y;
    PyObject *object;
    if (PyArg_ParseTuple(values, "(ii)O", &x, &y, &object)) result = Py_BuildValue("[iiO]", x, y, object);
  }
  else if (strcmp(format, "i|is:spam") == 0) {
    int x, y = -1;
    const char *text = "none";
    if (PyArg_ParseTuple(values, "i|is:spam", &x, &y, &text)) result = Py_BuildValue("(iis)", x, y, text);
  }
  else if (strcmp(format, "ii;two numbers, please") == 0) {
    int x, y;
    if (PyArg_ParseTuple(values, format, &x, &y)) result = Py_BuildValue("(ii)", x, y);
  }
  else if (strcmp(format, "") == 0 || strcmp(format, ":none") == 0) {
    if (PyArg_ParseTuple(values, format)) result = PyUnicode_FromString("nothing");
  }
  else if (strcmp(format, "?") == 0) {
    int x;
    if (PyArg_ParseTuple(values, format, &x)) result = Py_NewRef(Py_None);
  }
  else if (!PyErr_Occurred()) PyErr_Format(PyExc_LookupError, "no case for %s", format);
  Py_DECREF(values);
  return result;
}

static int even(PyObject *object, void *place) {
  long value = PyLong_AsLong(object);
  if (value == -1 && PyErr_Occurred()) return 0;
  if (value % 2) {
    PyErr_Format(PyExc_ValueError, "%R is odd", object);
    return 0;
  }
  *(long *)place = value / 2;
  return 1;
}

static PyObject *converted(PyObject *module, PyObject *args) {
  long half;
  PyObject *name;
  if (!PyArg_ParseTuple(args, "O&O&:converted", even, &half, PyUnicode_FSConverter, &name)) return NULL;
  return Py_BuildValue("(lN)", half, name);
}

static PyObject *keywords(PyObject *module, PyObject *args, PyObject *names) {
  static char *list[] = {"", "width", "height", "title", "strict", NULL};
  PyObject *first, *title = Py_None;
  int width = 1, height = 2, strict = 0;
  if (!PyArg_ParseTupleAndKeywords(args, names, "O|ii$Op:keywords", list, &first, &width, &height, &title, &strict))
    return NULL;
  return Py_BuildValue("{s:O,s:i,s:i,s:O,s:O}", "first", first, "width", width, "height", height, "title", title,
                       "strict", strict ? Py_True : Py_False);
}

// Formats with more and with fewer units than names: an error only when an argument gets that far.
static PyObject *more_units(PyObject *module, PyObject *args, PyObject *names) {
  static char *list[] = {"a", "b", NULL};
  int a = 1, b = 2, c = 3;
  if (!PyArg_ParseTupleAndKeywords(args, names, "|iii:more_units", list, &a, &b, &c)) return NULL;
  return Py_BuildValue("(ii)", a, b);
}

static PyObject *fewer_units(PyObject *module, PyObject *args, PyObject *names) {
  static char *list[] = {"a", "b", "c", NULL};
  int a = 1, b = 2, c = 3;
  if (!PyArg_ParseTupleAndKeywords(args, names, "|ii:fewer_units", list, &a, &b, &c)) return NULL;
  return Py_BuildValue("(ii)", a, b);
}

static PyObject *unpack(PyObject *module, PyObject *args) {
  PyObject *a, *b = Py_None, *c = Py_None;
  if (!PyArg_UnpackTuple(args, "unpack", 1, 3, &a, &b, &c)) return NULL;
  return PyTuple_Pack(3, c, b, a);
}

static PyObject *build(PyObject *module, PyObject *unused) {
  Py_complex number = {1.5, -2.0};
  return Py_BuildValue(
      "(bBhHiIlkLKnccCfdDszzzy#u#NO){s:[i,i],s:()}", -5, 250, -300, 60000, -70000, 4000000000u, -5000000000l,
      5000000000ul, -9000000000ll, 18000000000000000000ull, (Py_ssize_t)-1, 'x', 'y', 0x1F40D, 0.5, DBL_MAX, &number,
      "text", NULL, "z", NULL, "a\0b", (Py_ssize_t)3, L"wide", (Py_ssize_t)2, PyLong_FromLong(11), Py_Ellipsis, "list", 1,
      2, "empty");
}

static PyObject *build_forms(PyObject *module, PyObject *unused) {
  PyObject *nothing = Py_BuildValue(""), *one = Py_BuildValue("i", 1), *two = Py_BuildValue("ii", 1, 2);
  PyObject *single = Py_BuildValue("(i)", 1), *set = Py_BuildValue("{s:i}", "k", 1);
  PyObject *cooked = Py_BuildValue("O&", PyLong_FromVoidPtr, (void *)(size_t)17);
  return Py_BuildValue("(NNNNNN)", nothing, one, two, single, set, cooked);
}

static PyObject *build_from_null(PyObject *module, PyObject *unused) { return Py_BuildValue("(iN)", 1, NULL); }
static PyObject *build_badly(PyObject *module, PyObject *unused) { return Py_BuildValue("(i", 1); }

// The calling conventions: each says what it got.
static PyObject *no_arguments(PyObject *module, PyObject *unused) { return PyUnicode_FromString(unused == NULL ? "nothing" : "something"); }
static PyObject *one_argument(PyObject *module, PyObject *object) { return Py_NewRef(object); }
static PyObject *positional(PyObject *module, PyObject *args) { return Py_NewRef(args); }
static PyObject *positional_and_named(PyObject *module, PyObject *args, PyObject *names) {
  return Py_BuildValue("(OO)", args, names ? names : Py_None);
}
static PyObject *as_tuple(PyObject *const *args, Py_ssize_t count) {
  PyObject *tuple = PyTuple_New(count);
  for (Py_ssize_t i = 0; tuple != NULL && i < count; i++) PyTuple_SET_ITEM(tuple, i, Py_NewRef(args[i]));
  return tuple;
}
static PyObject *vector(PyObject *module, PyObject *const *args, Py_ssize_t count) { return as_tuple(args, count); }
static PyObject *vector_and_named(PyObject *module, PyObject *const *args, Py_ssize_t count, PyObject *names) {
  Py_ssize_t named = names ? PyTuple_GET_SIZE(names) : 0;
  return Py_BuildValue("(NOn)", as_tuple(args, count + named), names ? names : Py_None, count);
}

// Functions that break the contract of results and exceptions.
static PyObject *null_without_error(PyObject *module, PyObject *unused) { return NULL; }
static PyObject *result_with_error(PyObject *module, PyObject *unused) {
  PyErr_SetString(PyExc_ValueError, "left behind");
  return PyLong_FromLong(1);
}

// call(kind, callable, ...): the ways to call an object from C.
static PyObject *call(PyObject *module, PyObject *args) {
  const char *kind;
  PyObject *callable, *first, *second;
  if (!PyArg_ParseTuple(args, "sOOO", &kind, &callable, &first, &second)) return NULL;
  PyObject *stack[4] = {NULL, first, second, first}, *named = NULL, *result = NULL;
  if (strcmp(kind, "CallNoArgs") == 0) return PyObject_CallNoArgs(callable);
  if (strcmp(kind, "CallOneArg") == 0) return PyObject_CallOneArg(callable, first);
  if (strcmp(kind, "CallFunctionObjArgs") == 0) return PyObject_CallFunctionObjArgs(callable, first, second, NULL);
  if (strcmp(kind, "CallFunction") == 0) return PyObject_CallFunction(callable, "Oi", first, 5);
  if (strcmp(kind, "CallFunction tuple") == 0) return PyObject_CallFunction(callable, "(OO)", first, second);
  if (strcmp(kind, "CallFunction none") == 0) return PyObject_CallFunction(callable, NULL);
  if (strcmp(kind, "CallMethod") == 0) return PyObject_CallMethod(callable, "__call__", "OO", first, second);
  if (strcmp(kind, "Vectorcall") == 0) return PyObject_Vectorcall(callable, stack + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
  if (strcmp(kind, "Vectorcall named") == 0) {
    if ((named = Py_BuildValue("(ss)", "x", "y")) != NULL) result = PyObject_Vectorcall(callable, stack + 1, 1, named);
    Py_XDECREF(named);
    return result;
  }
  if (strcmp(kind, "VectorcallMethod") == 0) {
    PyObject *name = PyUnicode_FromString("__call__");
    stack[0] = callable;
    result = PyObject_VectorcallMethod(name, stack, 3, NULL);
    Py_DECREF(name);
    return result;
  }
  if (strcmp(kind, "VectorcallDict") == 0) {
    if ((named = Py_BuildValue("{s:O}", "x", second)) != NULL) result = PyObject_VectorcallDict(callable, stack + 1, 1, named);
    Py_XDECREF(named);
    return result;
  }
  if (strcmp(kind, "Call") == 0) {
    PyObject *tuple = PyTuple_Pack(1, first);
    if ((named = Py_BuildValue("{s:O}", "y", second)) != NULL) result = PyObject_Call(callable, tuple, named);
    Py_XDECREF(named);
    Py_XDECREF(tuple);
    return result;
  }
  return PyErr_Format(PyExc_LookupError, "no case for %s", kind);
}

#define CAST(function) ((PyCFunction)(void (*)(void))(function))
static PyMethodDef methods[] = {
    {"parse", parse, METH_VARARGS, NULL},
    {"converted", converted, METH_VARARGS, NULL},
    {"keywords", CAST(keywords), METH_VARARGS | METH_KEYWORDS, NULL},
    {"more_units", CAST(more_units), METH_VARARGS | METH_KEYWORDS, NULL},
    {"fewer_units", CAST(fewer_units), METH_VARARGS | METH_KEYWORDS, NULL},
    {"unpack", unpack, METH_VARARGS, NULL},
    {"build", build, METH_NOARGS, NULL},
    {"build_forms", build_forms, METH_NOARGS, NULL},
    {"build_from_null", build_from_null, METH_NOARGS, NULL},
    {"build_badly", build_badly, METH_NOARGS, NULL},
    {"no_arguments", no_arguments, METH_NOARGS, NULL},
    {"one_argument", one_argument, METH_O, NULL},
    {"positional", positional, METH_VARARGS, NULL},
    {"positional_and_named", CAST(positional_and_named), METH_VARARGS | METH_KEYWORDS, NULL},
    {"vector", CAST(vector), METH_FASTCALL, NULL},
    {"vector_and_named", CAST(vector_and_named), METH_FASTCALL | METH_KEYWORDS, NULL},
    {"null_without_error", null_without_error, METH_NOARGS, NULL},
    {"result_with_error", result_with_error, METH_NOARGS, NULL},
    {"call", call, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "arguments", NULL, 0, methods};

PyMODINIT_FUNC PyInit_arguments(void) { return PyModuleDef_Init(&definition); }
