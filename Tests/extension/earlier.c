// compile: -Wno-deprecated-declarations
// Names that are old, and kept: for calling, for running code objects, for settings, for text of the system.
#include <Python.h>

// What 3.13's headers do not declare any more.
PyAPI_FUNC(PyObject *) PyCFunction_Call(PyObject *, PyObject *, PyObject *);
PyAPI_FUNC(PyObject *) PyEval_CallObjectWithKeywords(PyObject *, PyObject *, PyObject *);
PyAPI_FUNC(PyObject *) PyEval_CallFunction(PyObject *, const char *, ...);
PyAPI_FUNC(PyObject *) PyEval_CallMethod(PyObject *, const char *, const char *, ...);
PyAPI_FUNC(void) PySys_AddWarnOption(const wchar_t *);
PyAPI_FUNC(int) PySys_HasWarnOptions(void);
PyAPI_FUNC(void) PySys_AddXOption(const wchar_t *);
PyAPI_FUNC(void) PySys_SetPath(const wchar_t *);
PyAPI_FUNC(int) PyEval_ThreadsInitialized(void);

static PyObject *put(PyObject *list, PyObject *value) {
  if (value == NULL) {
    PyObject *error = PyErr_GetRaisedException();
    value = error == NULL ? PyUnicode_FromString("NULL") : PyUnicode_FromFormat("%s: %S", Py_TYPE(error)->tp_name, error);
    Py_XDECREF(error);
  }
  PyList_Append(list, value);
  Py_DECREF(value);
  return list;
}
#define PUT(value) put(list, value)

static PyObject *calls(PyObject *module, PyObject *callable) {
  PyObject *list = PyList_New(0), *one = PyLong_FromLong(1), *args = PyTuple_Pack(1, one), *names = Py_BuildValue("{s:i}", "k", 2);
  PUT(PyCFunction_Call(callable, args, names));
  PUT(PyEval_CallObjectWithKeywords(callable, args, names));
  PUT(PyEval_CallObjectWithKeywords(callable, NULL, NULL));
  PUT(PyEval_CallObjectWithKeywords(callable, one, NULL));
  PUT(PyEval_CallObjectWithKeywords(callable, NULL, one));
  PUT(PyEval_CallFunction(callable, "ii", 1, 2));
  PUT(PyEval_CallFunction(callable, "(i)", 1));
  PUT(PyEval_CallFunction(callable, NULL));
  PUT(PyEval_CallMethod(callable, "__call__", "(s)", "text"));
  PUT(PyUnicode_FromString(PyEval_GetFuncName(callable)));
  PUT(PyUnicode_FromString(PyEval_GetFuncDesc(callable)));
  Py_DECREF(one);
  Py_DECREF(args);
  Py_DECREF(names);
  return list;
}

static PyObject *run(PyObject *module, PyObject *args) {
  PyObject *code, *globals, *defaults, *keyword_defaults, *closure;
  if (!PyArg_ParseTuple(args, "OOO!OO", &code, &globals, &PyTuple_Type, &defaults, &keyword_defaults, &closure)) return NULL;
  PyObject *one = PyLong_FromLong(10), *key = PyUnicode_FromString("c"), *value = PyLong_FromLong(30);
  PyObject *named[] = {key, value};
  PyObject *result = PyEval_EvalCodeEx(code, globals, NULL, &one, 1, named, 1, &PyTuple_GET_ITEM(defaults, 0),
                                       (int)PyTuple_GET_SIZE(defaults), keyword_defaults == Py_None ? NULL : keyword_defaults,
                                       closure == Py_None ? NULL : closure);
  Py_DECREF(one);
  Py_DECREF(key);
  Py_DECREF(value);
  return result;
}

static PyObject *locals(PyObject *module, PyObject *unused) { return Py_XNewRef(PyEval_GetLocals()); }

static PyObject *module_of(PyObject *module, PyObject *args) {
  const char *name, *path;
  PyObject *code;
  if (!PyArg_ParseTuple(args, "sOz", &name, &code, &path)) return NULL;
  return path ? PyImport_ExecCodeModuleEx(name, code, path) : PyImport_ExecCodeModule(name, code);
}

static PyObject *frozen(PyObject *module, PyObject *name) { return PyLong_FromLong(PyImport_ImportFrozenModuleObject(name)); }

static PyObject *texts(PyObject *module, PyObject *bytes) {
  size_t size = 0, place = 0;
  wchar_t *wide = Py_DecodeLocale(PyBytes_AsString(bytes), &size);
  if (wide == NULL) return PyErr_NoMemory();
  char *back = Py_EncodeLocale(wide, &place);
  PyObject *result = Py_BuildValue("(Nni)", PyUnicode_FromWideChar(wide, -1), (Py_ssize_t)size,
                                   back != NULL && strcmp(back, PyBytes_AS_STRING(bytes)) == 0 && place == (size_t)-1);
  PyMem_RawFree(wide);
  PyMem_Free(back);
  return result;
}

static PyObject *bad_text(PyObject *module, PyObject *unused) {
  const wchar_t text[] = {L'a', 0xd800, 0};
  size_t place = 0;
  char *encoded = Py_EncodeLocale(text, &place);
  return Py_BuildValue("(in)", encoded == NULL, (Py_ssize_t)place);
}

static PyObject *settings(PyObject *module, PyObject *unused) {
  PyObject *list = PyList_New(0);
  PUT(PyUnicode_FromWideChar(Py_GetPrefix(), -1));
  PUT(PyUnicode_FromWideChar(Py_GetExecPrefix(), -1));
  PUT(PyUnicode_FromWideChar(Py_GetProgramFullPath(), -1));
  PUT(PyBool_FromLong(Py_GetPythonHome() == NULL));
  PUT(PyBool_FromLong(strlen(Py_GetBuildInfo()) > 0));
  PUT(Py_NewRef(PySys_GetXOptions()));
  PySys_AddXOption(L"plain");
  PySys_AddXOption(L"key=value=more");
  PUT(PyDict_Copy(PySys_GetXOptions()));
  PySys_ResetWarnOptions();
  PUT(PyLong_FromLong(PySys_HasWarnOptions()));
  PySys_AddWarnOption(L"error::UserWarning");
  PUT(PyLong_FromLong(PySys_HasWarnOptions()));
  PUT(PySequence_List(PySys_GetObject("warnoptions")));
  wchar_t *words[] = {L"/some/folder/program.py", L"argument"};
  PySys_SetArgvEx(2, words, 1);
  PUT(PySequence_List(PySys_GetObject("argv")));
  PUT(PySequence_GetItem(PySys_GetObject("path"), 0));
  PySys_SetPath(L"one:two");
  PUT(PySequence_List(PySys_GetObject("path")));
  PUT(PyLong_FromLong(PyOS_InterruptOccurred()));
  PUT(PyLong_FromLong(PyEval_ThreadsInitialized()));
  return list;
}

static PyObject *show(PyObject *module, PyObject *error) {
  PyErr_DisplayException(error);
  PyErr_Display(NULL, error, NULL);
  Py_RETURN_NONE;
}

static PyObject *open_descriptor(PyObject *module, PyObject *number) {
  return PyFile_FromFd((int)PyLong_AsLong(number), "name", "w", -1, "utf-8", NULL, NULL, 0);
}

static PyMethodDef methods[] = {
    {"calls", calls, METH_O, NULL},           {"run", run, METH_VARARGS, NULL},       {"locals_", locals, METH_NOARGS, NULL},
    {"module_of", module_of, METH_VARARGS, NULL}, {"frozen", frozen, METH_O, NULL},   {"texts", texts, METH_O, NULL},
    {"bad_text", bad_text, METH_NOARGS, NULL}, {"settings", settings, METH_NOARGS, NULL}, {"show", show, METH_O, NULL},
    {"open_descriptor", open_descriptor, METH_O, NULL}, {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "earlier", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_earlier(void) { return PyModuleDef_Init(&definition); }
