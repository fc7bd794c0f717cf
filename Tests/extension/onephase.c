// A module initialised in one phase that keeps its state in C variables (m_size -1), and what C code
// is told about NULL.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

static struct PyModuleDef definition;
static int initialised;

static PyObject *count(PyObject *module, PyObject *unused) { return PyLong_FromLong(initialised); }

static PyObject *found(PyObject *module, PyObject *unused) {
  PyObject *known = PyState_FindModule(&definition);
  return Py_NewRef(known ? known : Py_None);
}

/// The type of the exception that is set, or None; clears it.
static PyObject *raised(void) {
  PyObject *error = PyErr_GetRaisedException();
  if (!error) Py_RETURN_NONE;
  PyObject *type = Py_NewRef((PyObject *)Py_TYPE(error));
  Py_DECREF(error);
  return type;
}

static PyObject *nulls(PyObject *module, PyObject *unused) {
  PyObject *list = PyList_New(0);
  if (!list) return NULL;
#define NOTE(expression)                                                            \
  do {                                                                              \
    long long value = (long long)(expression);                                      \
    PyObject *error = raised();                                                     \
    PyObject *entry = Py_BuildValue("(sLN)", #expression, value, error);            \
    if (!entry || PyList_Append(list, entry) < 0) return NULL;                      \
    Py_DECREF(entry);                                                               \
  } while (0)
  PyObject *dict = PyDict_New(), *key = PyUnicode_FromString("key");
  if (!dict || !key) return NULL;
  NOTE(PyDict_SetDefaultRef(dict, key, key, NULL));
  NOTE(PyDict_SetDefaultRef(dict, key, key, NULL));
  NOTE(PyDict_Pop(dict, key, NULL));
  NOTE(PyDict_PopString(dict, "key", NULL));
  NOTE(PyCapsule_IsValid(NULL, "x"));
  NOTE((size_t)PyCapsule_GetPointer(NULL, "x"));
  NOTE((size_t)PyCapsule_GetName(NULL));
  NOTE(PyCapsule_SetName(NULL, "x"));
  NOTE(PyCallable_Check(NULL));
  NOTE(PyNumber_Check(NULL));
  NOTE(PyMapping_Check(NULL));
  NOTE(PyLong_AsLong(NULL));
  NOTE(PyLong_AsInt(NULL));
  NOTE(PyLong_AsSsize_t(NULL));
  NOTE(PyLong_AsLongLong(NULL));
  NOTE(PyLong_AsUnsignedLong(NULL));
  NOTE(PyLong_AsUnsignedLongLong(NULL));
  NOTE(PyLong_AsUnsignedLongMask(NULL));
  NOTE(PyLong_AsDouble(NULL));
  NOTE(PyFloat_AsDouble(NULL));
  NOTE(PyModule_AddObjectRef(module, "x", NULL));
  Py_DECREF(dict);
  Py_DECREF(key);
  return list;
}

static PyMethodDef methods[] = {
    {"count", count, METH_NOARGS, NULL},
    {"found", found, METH_NOARGS, NULL},
    {"nulls", nulls, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "onephase", "In one phase.", -1, methods,
                                        NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_onephase(void) {
  PyObject *module = PyModule_Create(&definition);
  if (!module) return NULL;
  initialised++;
  if (PyModule_AddIntConstant(module, "answer", 42) < 0) {
    Py_DECREF(module);
    return NULL;
  }
  return module;
}
