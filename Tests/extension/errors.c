// Exceptions from C: raising, fetching, chaining, formatting, warning, and threads of control that end badly.
#include <Python.h>
#include <errno.h>
#include <stddef.h>

// format(kind): one call of PyUnicode_FromFormat for each conversion.
static PyObject *format(PyObject *module, PyObject *object) {
  PyObject *list = PyList_New(0);
#define LINE(...)                                                    \
  do {                                                               \
    PyObject *text = PyUnicode_FromFormat(__VA_ARGS__);              \
    if (text == NULL || PyList_Append(list, text) < 0) goto failed;  \
    Py_DECREF(text);                                                 \
  } while (0)
  LINE("plain %% text");
  LINE("%d %i %u %5d|%-5d|%05d", -3, 4, 5u, 6, 7, 8);
  LINE("%ld %lu %lld %llu %zd %zu %jd %td", -1L, 2UL, -3LL, 4ULL, (Py_ssize_t)-5, (size_t)6, (intmax_t)-7, (ptrdiff_t)8);
  LINE("%x %X %o %lx %08x %.3d %8.3d|", 255u, 255u, 8u, 4095UL, 48879u, 7, 7);
  LINE("%c%c%c", 'A', 0xe9, 0x1F40D);
  LINE("%s|%.3s|%10s|%-10s|%.*s", "text", "truncated", "right", "left", 2, "star");
  if (PyUnicode_Check(object)) LINE("%U %V %V", object, object, "unused", NULL, "fallback");
  LINE("%S %R %A", object, object, object);
  LINE("%.5R|%10S|%-10S|", object, object, object);
  LINE("%T %#T %N %#N", object, object, Py_TYPE(object), Py_TYPE(object));
  LINE("%ls|%.2ls", L"wide \x20ac", L"cut off");
  LINE("%lV", NULL, L"wide");
  LINE("%*d|%-*d|", 6, 42, 6, 42);
  LINE("%s", "\xc3\xa9 \xff");
#undef LINE
  return list;
failed:
  Py_DECREF(list);
  return NULL;
}

static PyObject *format_badly(PyObject *module, PyObject *unused) { return PyUnicode_FromFormat("%y", 1); }

// raise(how, type, value)
static PyObject *raise(PyObject *module, PyObject *args) {
  const char *how;
  PyObject *type, *value;
  if (!PyArg_ParseTuple(args, "sOO", &how, &type, &value)) return NULL;
#define CASE(name) if (strcmp(how, name) == 0)
  CASE("SetNone") PyErr_SetNone(type);
  CASE("SetString") PyErr_SetString(type, "a text");
  CASE("SetObject") PyErr_SetObject(type, value);
  CASE("Format") PyErr_Format(type, "<%R %d>", value, 5);
  CASE("SetRaisedException") PyErr_SetRaisedException(Py_NewRef(value));
  CASE("Restore") PyErr_Restore(Py_NewRef(type), Py_NewRef(value), NULL);
  CASE("NoMemory") PyErr_NoMemory();
  CASE("BadArgument") PyErr_BadArgument();
  CASE("SetFromErrno") errno = ENOENT, PyErr_SetFromErrno(type);
  CASE("SetFromErrnoWithFilename") errno = EACCES, PyErr_SetFromErrnoWithFilename(type, "some/file");
  CASE("SetFromErrnoWithFilenameObjects") errno = EEXIST, PyErr_SetFromErrnoWithFilenameObjects(type, value, value);
  CASE("SetImportError") {
    PyObject *name = PyUnicode_FromString("name"), *path = PyUnicode_FromString("path");
    PyErr_SetImportError(value, name, path);
    Py_DECREF(name);
    Py_DECREF(path);
  }
  CASE("SyntaxLocation") {
    PyErr_SetString(PyExc_SyntaxError, "wrong here");
    PyErr_SyntaxLocationEx("no/such/file", 3, 4);
  }
  CASE("cause") {
    PyObject *error = PyObject_CallFunction(type, "s", "outer");
    if (error != NULL) {
      PyException_SetCause(error, Py_NewRef(value));
      PyErr_SetObject(type, error);
      Py_DECREF(error);
    }
  }
  CASE("chained") {
    PyErr_SetString(PyExc_KeyError, "first");
    PyObject *first = PyErr_GetRaisedException();
    PyErr_SetString(type, "second");
    PyObject *second = PyErr_GetRaisedException();
    PyException_SetContext(second, first);
    PyErr_SetRaisedException(second);
  }
  CASE("nothing") Py_RETURN_NONE;
  if (!PyErr_Occurred()) PyErr_Format(PyExc_LookupError, "no case for %s", how);
  return NULL;
}

// caught(callable): what C sees of an exception: fetched, normalised, matched, put back.
static PyObject *caught(PyObject *module, PyObject *callable) {
  PyObject *result = PyObject_CallNoArgs(callable);
  if (result != NULL) return result;
  int lookup = PyErr_ExceptionMatches(PyExc_LookupError);
  PyObject *kinds = PyTuple_Pack(2, PyExc_ValueError, PyExc_OSError);
  int either = PyErr_ExceptionMatches(kinds);
  Py_DECREF(kinds);
  PyObject *type, *value, *trace;
  PyErr_Fetch(&type, &value, &trace);
  int clean = PyErr_Occurred() == NULL;
  PyErr_NormalizeException(&type, &value, &trace);
  int same = type == (PyObject *)Py_TYPE(value);
  PyErr_Restore(type, value, trace);
  PyObject *error = PyErr_GetRaisedException();
  PyObject *cause = PyException_GetCause(error), *context = PyException_GetContext(error), *args = PyException_GetArgs(error);
  PyObject *traceback = PyException_GetTraceback(error);
  return Py_BuildValue("{s:i,s:i,s:i,s:i,s:N,s:N,s:N,s:N,s:i}", "lookup", lookup, "value or os", either, "clean", clean, "same",
                       same, "error", error, "cause", cause ? cause : Py_NewRef(Py_None), "context",
                       context ? context : Py_NewRef(Py_None), "args", args, "traceback",
                       traceback ? (Py_DECREF(traceback), 1) : 0);
}

// What is being handled just now, and how to change it.
static PyObject *handled(PyObject *module, PyObject *unused) {
  PyObject *type, *value, *trace, *now = PyErr_GetHandledException();
  PyErr_GetExcInfo(&type, &value, &trace);
  PyObject *result = Py_BuildValue("(OOi)", now ? now : Py_None, type ? type : Py_None, now == value);
  Py_XDECREF(now);
  Py_XDECREF(type);
  Py_XDECREF(value);
  Py_XDECREF(trace);
  return result;
}

static PyObject *handle(PyObject *module, PyObject *error) {
  PyErr_SetHandledException(error);
  Py_RETURN_NONE;
}

static PyObject *unraisable(PyObject *module, PyObject *object) {
  PyErr_SetString(PyExc_ValueError, "nobody hears this");
  PyErr_WriteUnraisable(object);
  PyErr_SetString(PyExc_ValueError, "nor this");
  PyErr_FormatUnraisable("while doing %d things", 3);
  Py_RETURN_NONE;
}

static PyObject *warn(PyObject *module, PyObject *args) {
  PyObject *category;
  Py_ssize_t level;
  if (!PyArg_ParseTuple(args, "On", &category, &level)) return NULL;
  if (PyErr_WarnEx(category, "a warning from C", level) < 0) return NULL;
  if (PyErr_WarnFormat(category, level, "number %d", 2) < 0) return NULL;
  if (PyErr_WarnExplicit(category, "explicit", "file.py", 12, "module", NULL) < 0) return NULL;
  if (PyErr_ResourceWarning(module, level, "left open: %s", "it") < 0) return NULL;
  Py_RETURN_NONE;
}

static PyObject *make(PyObject *module, PyObject *unused) {
  PyObject *names = Py_BuildValue("{s:i}", "code", 7);
  PyObject *plain = PyErr_NewException("errors.Plain", NULL, names);
  PyObject *documented = PyErr_NewExceptionWithDoc("errors.sub.Documented", "Its text.", plain, NULL);
  PyObject *both = Py_BuildValue("(OO)", plain, PyExc_KeyError);
  PyObject *mixed = PyErr_NewException("errors.Mixed", both, NULL);
  Py_XDECREF(names);
  Py_XDECREF(both);
  return Py_BuildValue("(NNN)", plain, documented, mixed);
}

static PyObject *make_badly(PyObject *module, PyObject *unused) { return PyErr_NewException("nodot", NULL, NULL); }

// Deep native recursion is an exception, not a crash.
static PyObject *recurse(PyObject *module, PyObject *callable) {
  if (Py_EnterRecursiveCall(" in errors.recurse")) return NULL;
  PyObject *result = PyObject_CallOneArg(callable, callable);
  Py_LeaveRecursiveCall();
  return result;
}

static PyObject *display(PyObject *module, PyObject *error) {
  PyErr_SetRaisedException(Py_NewRef(error));
  PyErr_PrintEx(1);
  return PySys_GetObject("last_exc") == error ? Py_NewRef(Py_True) : Py_NewRef(Py_False);
}

static PyMethodDef methods[] = {
    {"format", format, METH_O, NULL},
    {"format_badly", format_badly, METH_NOARGS, NULL},
    {"raise_", raise, METH_VARARGS, NULL},
    {"caught", caught, METH_O, NULL},
    {"handled", handled, METH_NOARGS, NULL},
    {"handle", handle, METH_O, NULL},
    {"unraisable", unraisable, METH_O, NULL},
    {"warn", warn, METH_VARARGS, NULL},
    {"make", make, METH_NOARGS, NULL},
    {"make_badly", make_badly, METH_NOARGS, NULL},
    {"recurse", recurse, METH_O, NULL},
    {"display", display, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static int execute(PyObject *module) {
  if (PyModule_AddIntConstant(module, "ENOENT", ENOENT) < 0) return -1;
  return PyModule_Add(module, "nothing", Py_NewRef(Py_None));
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, execute}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "errors", NULL, 0, methods, slots, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_errors(void) { return PyModuleDef_Init(&definition); }
