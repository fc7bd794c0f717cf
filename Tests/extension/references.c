// The reference counting of Python.h, macro by macro: what each does to the count of an object.
#include <Python.h>

static Py_ssize_t count_of(PyObject *object) { return Py_REFCNT(object); }

// What became of the count of OBJECT after STATEMENT, as a number to add to a list.
#define CHANGE(list, object, statement)                              \
  do {                                                               \
    Py_ssize_t before = count_of(object);                            \
    statement;                                                       \
    append(list, #statement, count_of(object) - before);             \
  } while (0)

static void append(PyObject *list, const char *what, Py_ssize_t change) {
  PyObject *pair = Py_BuildValue("(sn)", what, change);
  if (pair != NULL) PyList_Append(list, pair);
  Py_XDECREF(pair);
}

// changes(object, other) -> [(statement, what the count of `object` grew by)].
static PyObject *changes(PyObject *module, PyObject *args) {
  PyObject *object, *other, *list = PyList_New(0), *nothing = NULL, *variable = NULL;
  if (list == NULL || !PyArg_ParseTuple(args, "OO", &object, &other)) {
    Py_XDECREF(list);
    return NULL;
  }
  CHANGE(list, object, Py_INCREF(object));
  CHANGE(list, object, Py_DECREF(object));
  CHANGE(list, object, Py_XINCREF(object));
  CHANGE(list, object, Py_XDECREF(object));
  CHANGE(list, object, Py_XINCREF(nothing));
  CHANGE(list, object, Py_XDECREF(nothing));
  CHANGE(list, object, Py_CLEAR(nothing));
  CHANGE(list, object, Py_IncRef(object));
  CHANGE(list, object, Py_DecRef(object));
  CHANGE(list, object, Py_IncRef(NULL));
  CHANGE(list, object, Py_DecRef(NULL));
  CHANGE(list, object, variable = Py_NewRef(object));
  CHANGE(list, object, Py_CLEAR(variable));
  append(list, "variable is NULL", variable == NULL);
  CHANGE(list, object, variable = Py_XNewRef(object));
  CHANGE(list, object, Py_SETREF(variable, Py_NewRef(other)));
  CHANGE(list, object, Py_SETREF(variable, Py_NewRef(object)));
  CHANGE(list, object, Py_XSETREF(variable, NULL));
  append(list, "variable is NULL", variable == NULL);
  CHANGE(list, object, Py_XSETREF(variable, Py_NewRef(object)));
  CHANGE(list, object, Py_XSETREF(variable, Py_XNewRef(nothing)));
  CHANGE(list, object, Py_SET_REFCNT(object, Py_REFCNT(object) + 3));
  CHANGE(list, object, Py_SET_REFCNT(object, Py_REFCNT(object) - 3));
  return list;
}

// The counts of immortal objects stand still.
static PyObject *immortals(PyObject *module, PyObject *unused) {
  PyObject *list = PyList_New(0);
  if (list == NULL) return NULL;
  PyObject *objects[] = {Py_None, Py_True, Py_False, Py_Ellipsis, Py_NotImplemented,
                         (PyObject *)&PyLong_Type, (PyObject *)&PyType_Type};
  for (size_t i = 0; i < Py_ARRAY_LENGTH(objects); i++) {
    PyObject *object = objects[i];
    Py_ssize_t before = count_of(object);
    for (int turn = 0; turn < 1000; turn++) Py_INCREF(object);
    Py_ssize_t up = count_of(object) - before;
    for (int turn = 0; turn < 2000; turn++) Py_DECREF(object);
    append(list, "immortal", up + count_of(object) - before);
    for (int turn = 0; turn < 1000; turn++) Py_INCREF(object);
  }
  PyObject *small = PyLong_FromLong(7), *again = PyLong_FromLong(7);
  append(list, "7 is 7", Py_Is(small, again));
  append(list, "1 << 31", small == NULL ? 0 : count_of(small) >= ((Py_ssize_t)1 << 31));
  Py_XDECREF(small);
  Py_XDECREF(again);
  return list;
}

// Holds one object; dropping it runs Python code that must find the holder already changed.
static PyObject *held = NULL;

static PyObject *hold(PyObject *module, PyObject *object) {
  Py_XSETREF(held, Py_NewRef(object));
  Py_RETURN_NONE;
}

static PyObject *clear(PyObject *module, PyObject *unused) {
  Py_CLEAR(held);
  Py_RETURN_NONE;
}

static PyObject *peek(PyObject *module, PyObject *unused) {
  if (held == NULL) Py_RETURN_NONE;
  return Py_NewRef(held);
}

static PyObject *count(PyObject *module, PyObject *object) { return PyLong_FromSsize_t(count_of(object)); }

// Py_Is and its relatives over all pairs of the constants.
static PyObject *identities(PyObject *module, PyObject *object) {
  return Py_BuildValue("(iiiii)", Py_Is(object, object), Py_Is(object, Py_None), Py_IsNone(object),
                       Py_IsTrue(object), Py_IsFalse(object));
}

// The constants by number (Py_GetConstant), strong and borrowed.
static PyObject *constants(PyObject *module, PyObject *unused) {
  PyObject *list = PyList_New(0);
  if (list == NULL) return NULL;
  for (unsigned int number = Py_CONSTANT_NONE; number <= Py_CONSTANT_EMPTY_TUPLE; number++) {
    PyObject *constant = Py_GetConstant(number);
    int same = constant == Py_GetConstantBorrowed(number);
    if (constant == NULL || !same || PyList_Append(list, constant) < 0) {
      Py_XDECREF(constant);
      Py_DECREF(list);
      return NULL;
    }
    Py_DECREF(constant);
  }
  return list;
}

static PyObject *unknown_constant(PyObject *module, PyObject *unused) { return Py_GetConstant(1000); }

// The first two words of an object: its count and its type.
static PyObject *head(PyObject *module, PyObject *object) {
  Py_ssize_t words[2];
  memcpy(words, object, sizeof words);
  return Py_BuildValue("(nO)", words[0] == Py_REFCNT(object) ? (Py_ssize_t)1 : (Py_ssize_t)0, (PyObject *)words[1]);
}

static PyMethodDef methods[] = {
    {"changes", changes, METH_VARARGS, PyDoc_STR("changes($module, object, other, /)\n--\n\nCounts, statement by statement.")},
    {"immortals", immortals, METH_NOARGS, NULL},
    {"hold", hold, METH_O, NULL},
    {"clear", clear, METH_NOARGS, NULL},
    {"peek", peek, METH_NOARGS, NULL},
    {"count", count, METH_O, NULL},
    {"identities", identities, METH_O, NULL},
    {"constants", constants, METH_NOARGS, NULL},
    {"unknown_constant", unknown_constant, METH_NOARGS, NULL},
    {"head", head, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "references", PyDoc_STR("Reference counts seen from C."), -1, methods,
};

PyMODINIT_FUNC PyInit_references(void) {
  PyObject *module = PyModule_Create(&definition);
  if (module == NULL) return NULL;
  if (PyModule_AddIntConstant(module, "IMMORTAL", 1) < 0 || PyModule_AddStringConstant(module, "KIND", "single-phase") < 0 ||
      PyModule_AddIntMacro(module, METH_O) < 0) {
    Py_DECREF(module);
    return NULL;
  }
  return module;
}
