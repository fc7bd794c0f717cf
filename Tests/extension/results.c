// Functions whose result and error indicator contradict each other; the interpreter must notice.
#include <Python.h>

static PyObject *null_noargs(PyObject *module, PyObject *unused) { return NULL; }
static PyObject *null_one(PyObject *module, PyObject *object) { return NULL; }
static PyObject *null_tuple(PyObject *module, PyObject *args) { return NULL; }
static PyObject *null_keywords(PyObject *module, PyObject *args, PyObject *keywords) { return NULL; }
static PyObject *null_fast(PyObject *module, PyObject *const *args, Py_ssize_t count) { return NULL; }
static PyObject *null_fast_keywords(PyObject *module, PyObject *const *args, Py_ssize_t count, PyObject *names) {
  return NULL;
}

static PyObject *both(void) {
  PyErr_SetString(PyExc_ValueError, "left behind");
  return PyLong_FromLong(5);
}
static PyObject *both_noargs(PyObject *module, PyObject *unused) { return both(); }
static PyObject *both_one(PyObject *module, PyObject *object) { return both(); }
static PyObject *both_tuple(PyObject *module, PyObject *args) { return both(); }
static PyObject *both_fast(PyObject *module, PyObject *const *args, Py_ssize_t count) { return both(); }

// The C API's own calls notice too.
static PyObject *call(PyObject *module, PyObject *callable) {
  PyObject *result = PyObject_CallNoArgs(callable);
  if (result == NULL && !PyErr_Occurred()) return PyUnicode_FromString("nothing noticed");
  return result;
}

static PyMethodDef methods[] = {
    {"null_noargs", null_noargs, METH_NOARGS, NULL},
    {"null_one", null_one, METH_O, NULL},
    {"null_tuple", null_tuple, METH_VARARGS, NULL},
    {"null_keywords", (PyCFunction)(void (*)(void))null_keywords, METH_VARARGS | METH_KEYWORDS, NULL},
    {"null_fast", (PyCFunction)(void (*)(void))null_fast, METH_FASTCALL, NULL},
    {"null_fast_keywords", (PyCFunction)(void (*)(void))null_fast_keywords, METH_FASTCALL | METH_KEYWORDS, NULL},
    {"both_noargs", both_noargs, METH_NOARGS, NULL},
    {"both_one", both_one, METH_O, NULL},
    {"both_tuple", both_tuple, METH_VARARGS, NULL},
    {"both_fast", (PyCFunction)(void (*)(void))both_fast, METH_FASTCALL, NULL},
    {"call", call, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "results", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_results(void) { return PyModuleDef_Init(&definition); }
