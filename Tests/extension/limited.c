// suffix: .abi3.so
// A module of the stable ABI: built with 3.13's headers for every CPython from 3.11 on.
#define Py_LIMITED_API 0x030b0000
#include <Python.h>

typedef struct { PyObject *names; } Registry;  // behind the object's own memory, found through the type

static PyObject *registry_new(PyTypeObject *type, PyObject *args, PyObject *names) {
  allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
  PyObject *self = allocate(type, 0);
  if (self != NULL) ((Registry *)((char *)self + sizeof(PyObject)))->names = PyDict_New();
  return self;
}
static Registry *registry(PyObject *self) { return (Registry *)((char *)self + sizeof(PyObject)); }
static int registry_traverse(PyObject *self, visitproc visit, void *arg) {
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(registry(self)->names);
  return 0;
}
static int registry_clear(PyObject *self) {
  Py_CLEAR(registry(self)->names);
  return 0;
}
static void registry_dealloc(PyObject *self) {
  PyTypeObject *type = Py_TYPE(self);
  PyObject_GC_UnTrack(self);
  registry_clear(self);
  ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
  Py_DECREF(type);
}
static PyObject *registry_get(PyObject *self, PyObject *key) {
  PyObject *value = PyDict_GetItemWithError(registry(self)->names, key);
  if (value == NULL && !PyErr_Occurred()) PyErr_SetObject(PyExc_KeyError, key);
  Py_XINCREF(value);
  return value;
}
static int registry_set(PyObject *self, PyObject *key, PyObject *value) {
  return value ? PyDict_SetItem(registry(self)->names, key, value) : PyDict_DelItem(registry(self)->names, key);
}
static Py_ssize_t registry_length(PyObject *self) { return PyDict_Size(registry(self)->names); }
static PyObject *registry_iterate(PyObject *self) { return PyObject_GetIter(registry(self)->names); }

static PyType_Slot slots[] = {
    {Py_tp_new, registry_new},          {Py_tp_traverse, registry_traverse}, {Py_tp_clear, registry_clear},
    {Py_tp_dealloc, registry_dealloc},  {Py_mp_subscript, registry_get},     {Py_mp_ass_subscript, registry_set},
    {Py_mp_length, registry_length},    {Py_tp_iter, registry_iterate},      {0, NULL},
};
static PyType_Spec spec = {"limited.Registry", sizeof(PyObject) + sizeof(Registry), 0,
                           Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC, slots};

static PyObject *total(PyObject *module, PyObject *iterable) {
  PyObject *iterator = PyObject_GetIter(iterable), *item, *sum = PyLong_FromLong(0);
  while (iterator != NULL && sum != NULL && (item = PyIter_Next(iterator)) != NULL) {
    PyObject *next = PyNumber_Add(sum, item);
    Py_DECREF(item);
    Py_DECREF(sum);
    sum = next;
  }
  Py_XDECREF(iterator);
  if (PyErr_Occurred()) Py_CLEAR(sum);
  return sum;
}

static PyObject *version(PyObject *module, PyObject *unused) {
  return PyUnicode_FromFormat("%x", (unsigned)(Py_Version >> 16));
}

static PyMethodDef methods[] = {{"total", total, METH_O, NULL}, {"version", version, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};

static int execute(PyObject *module) {
  PyObject *type = PyType_FromModuleAndSpec(module, &spec, NULL);
  if (type == NULL) return -1;
  int status = PyModule_AddType(module, (PyTypeObject *)type);
  Py_DECREF(type);
  return status;
}
static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, execute}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "limited", "The stable ABI.", 0, methods, module_slots, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_limited(void) { return PyModuleDef_Init(&definition); }
