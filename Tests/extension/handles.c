// Things that C holds on to: capsules, weak references, context variables, memory of the three families, states of
// threads and interpreters, pending calls, and modules that keep their own data.
#include <Python.h>
#include <pthread.h>

static int freed = 0;
static void free_capsule(PyObject *capsule) {
  freed++;
  PyMem_Free(PyCapsule_GetPointer(capsule, PyCapsule_GetName(capsule)));
}

static PyObject *capsule(PyObject *module, PyObject *unused) {
  long *number = PyMem_Malloc(sizeof(long));
  if (number == NULL) return PyErr_NoMemory();
  *number = 42;
  return PyCapsule_New(number, "handles.number", free_capsule);
}

static PyObject *open_capsule(PyObject *module, PyObject *args) {
  PyObject *object;
  const char *name;
  if (!PyArg_ParseTuple(args, "Os", &object, &name)) return NULL;
  int valid = PyCapsule_IsValid(object, name);
  long *number = PyCapsule_GetPointer(object, name);
  if (number == NULL) return NULL;
  static int context = 7;
  if (PyCapsule_SetContext(object, &context) < 0) return NULL;
  return Py_BuildValue("(lisi)", (*number)++, valid, PyCapsule_GetName(object), *(int *)PyCapsule_GetContext(object));
}

static PyObject *import_capsule(PyObject *module, PyObject *name) {
  const char *text = PyUnicode_AsUTF8(name);
  if (text == NULL) return NULL;
  void *pointer = PyCapsule_Import(text, 0);
  return pointer == NULL ? NULL : PyLong_FromLong(*(long *)pointer);
}

static PyObject *freed_capsules(PyObject *module, PyObject *unused) { return PyLong_FromLong(freed); }

static PyObject *weak(PyObject *module, PyObject *args) {
  PyObject *object, *callback = NULL, *found = NULL;
  if (!PyArg_ParseTuple(args, "O|O", &object, &callback)) return NULL;
  PyObject *reference = PyWeakref_NewRef(object, callback), *proxy;
  if (reference == NULL) return NULL;
  int status = PyWeakref_GetRef(reference, &found);
  int same = found == object && PyWeakref_Check(reference) && PyWeakref_CheckRef(reference);
  Py_XDECREF(found);
  proxy = PyWeakref_NewProxy(object, NULL);
  if (proxy == NULL) return NULL;
  same = same && PyWeakref_CheckProxy(proxy);
  Py_DECREF(proxy);
  return Py_BuildValue("(Nii)", reference, status, same);
}

static PyObject *follow(PyObject *module, PyObject *reference) {
  PyObject *found;
  int status = PyWeakref_GetRef(reference, &found);
  if (status < 0) return NULL;
  return Py_BuildValue("(iN)", status, found ? found : Py_NewRef(Py_None));
}

static PyObject *context(PyObject *module, PyObject *unused) {
  PyObject *variable = PyContextVar_New("handles.variable", Py_None), *value = NULL, *number = PyLong_FromLong(5);
  if (variable == NULL || PyContextVar_Get(variable, NULL, &value) < 0) return NULL;
  Py_XDECREF(value);
  PyObject *token = PyContextVar_Set(variable, number);
  PyContextVar_Get(variable, NULL, &value);
  PyObject *copy = PyContext_CopyCurrent();
  int reset = PyContextVar_Reset(variable, token);
  PyObject *after = NULL;
  PyContextVar_Get(variable, NULL, &after);
  PyObject *result = Py_BuildValue("(OOin)", value, after, reset, PyObject_Size(copy) >= 1 ? (Py_ssize_t)1 : (Py_ssize_t)0);
  Py_DECREF(number);
  Py_XDECREF(value);
  Py_XDECREF(after);
  Py_XDECREF(copy);
  Py_XDECREF(token);
  Py_DECREF(variable);
  return result;
}

// Memory of each family: made, grown, cleared, given back.
static PyObject *memory(PyObject *module, PyObject *unused) {
  int good = 1;
#define TRY(family)                                                             \
  for (size_t size = 0; size < 5000; size += 37) {                              \
    unsigned char *block = family##Malloc(size), *zeros = family##Calloc(size, 2); \
    memset(block, 0xAA, size);                                                  \
    for (size_t i = 0; i < 2 * size; i++) good &= zeros[i] == 0;                \
    block = family##Realloc(block, size * 3 + 1);                              \
    for (size_t i = 0; i < size; i++) good &= block[i] == 0xAA;                 \
    good &= ((size_t)block & 15) == 0;                                          \
    family##Free(block);                                                       \
    family##Free(zeros);                                                       \
  }                                                                             \
  family##Free(NULL);                                                          \
  good &= family##Malloc((size_t)PY_SSIZE_T_MAX + 1) == NULL;
  TRY(PyMem_Raw) TRY(PyMem_) TRY(PyObject_)
#undef TRY
  int *numbers = PyMem_New(int, 10);
  PyMem_Resize(numbers, int, 100);
  good &= numbers != NULL;
  PyMem_Del(numbers);
  return PyLong_FromLong(good);
}

// A thread of C's own calls a Python function; the caller waits without the lock.
typedef struct { PyObject *function; int result, held_before, held_inside; } Task;

static void *run_task(void *argument) {
  Task *task = argument;
  task->held_before = PyGILState_Check();
  PyGILState_STATE state = PyGILState_Ensure();
  task->held_inside = PyGILState_Check();
  PyObject *value = PyObject_CallFunction(task->function, "i", 20);
  task->result = value == NULL ? -1 : (int)PyLong_AsLong(value);
  if (value == NULL) PyErr_Clear();
  Py_XDECREF(value);
  PyGILState_Release(state);
  return NULL;
}

static PyObject *from_other_thread(PyObject *module, PyObject *function) {
  Task task = {function, 0, 5, 0};
  pthread_t thread;
  if (pthread_create(&thread, NULL, run_task, &task) != 0) return PyErr_SetFromErrno(PyExc_OSError);
  Py_BEGIN_ALLOW_THREADS
  pthread_join(thread, NULL);
  Py_END_ALLOW_THREADS
  return Py_BuildValue("(iiii)", task.result, task.held_before, task.held_inside, PyGILState_Check());
}

// Pending calls run between instructions of the main thread.
static int pending_value = 0;
static int pending(void *argument) {
  pending_value += (int)(size_t)argument;
  return 0;
}
static int pending_error(void *argument) {
  PyErr_SetString(PyExc_RuntimeError, "from a pending call");
  return -1;
}
static PyObject *add_pending(PyObject *module, PyObject *number) {
  return PyLong_FromLong(Py_AddPendingCall(pending, (void *)(size_t)PyLong_AsLong(number)));
}
static PyObject *add_pending_error(PyObject *module, PyObject *unused) {
  return PyLong_FromLong(Py_AddPendingCall(pending_error, NULL));
}
static PyObject *pending_total(PyObject *module, PyObject *unused) { return PyLong_FromLong(pending_value); }

static PyObject *states(PyObject *module, PyObject *unused) {
  PyThreadState *thread = PyThreadState_Get();
  PyInterpreterState *interpreter = PyThreadState_GetInterpreter(thread);
  PyFrameObject *frame = PyEval_GetFrame();
  PyCodeObject *code = PyFrame_GetCode(frame);
  PyObject *result = Py_BuildValue(
      "{s:i,s:i,s:L,s:i,s:O,s:i,s:i,s:i}", "same thread", thread == PyGILState_GetThisThreadState(), "same interpreter",
      interpreter == PyInterpreterState_Get(), "interpreter", (long long)PyInterpreterState_GetID(interpreter), "is main",
      interpreter == PyInterpreterState_Main(), "code", code->co_name, "line", PyFrame_GetLineNumber(frame) > 0, "dict",
      PyDict_Check(PyInterpreterState_GetDict(interpreter)), "initialized", Py_IsInitialized() && !Py_IsFinalizing());
  Py_DECREF(code);
  return result;
}

static PyObject *tss(PyObject *module, PyObject *unused) {
  static Py_tss_t key = Py_tss_NEEDS_INIT;
  int before = PyThread_tss_is_created(&key), made = PyThread_tss_create(&key);
  int set = PyThread_tss_set(&key, &key), same = PyThread_tss_get(&key) == &key;
  PyThread_tss_delete(&key);
  PyThread_type_lock lock = PyThread_allocate_lock();
  int first = PyThread_acquire_lock(lock, WAIT_LOCK), second = PyThread_acquire_lock(lock, NOWAIT_LOCK);
  PyThread_release_lock(lock);
  PyThread_free_lock(lock);
  return Py_BuildValue("(iiiiiii)", before, made, set, same, PyThread_tss_is_created(&key), first, second);
}

static PyMethodDef methods[] = {
    {"capsule", capsule, METH_NOARGS, NULL},   {"open_capsule", open_capsule, METH_VARARGS, NULL},
    {"import_capsule", import_capsule, METH_O, NULL}, {"freed_capsules", freed_capsules, METH_NOARGS, NULL},
    {"weak", weak, METH_VARARGS, NULL},        {"follow", follow, METH_O, NULL},
    {"context", context, METH_NOARGS, NULL},   {"memory", memory, METH_NOARGS, NULL},
    {"from_other_thread", from_other_thread, METH_O, NULL}, {"add_pending", add_pending, METH_O, NULL},
    {"add_pending_error", add_pending_error, METH_NOARGS, NULL}, {"pending_total", pending_total, METH_NOARGS, NULL},
    {"states", states, METH_NOARGS, NULL},     {"tss", tss, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "handles", NULL, -1, methods, NULL, NULL, NULL, NULL};

static long exported = 1234;

PyMODINIT_FUNC PyInit_handles(void) {
  PyObject *module = PyModule_Create(&definition);
  if (module == NULL || PyModule_Add(module, "exported", PyCapsule_New(&exported, "handles.exported", NULL)) < 0) return NULL;
  if (PyState_FindModule(&definition) != NULL) return PyErr_Format(PyExc_RuntimeError, "found before it was added");
  return module;
}
