// The buffer protocol from both sides: an object that exports memory with shape and strides, and functions that
// ask other objects for theirs.
#include <Python.h>

// MARK: Grid: rows and columns of ints, exported as two dimensions; counts its exports.

typedef struct {
  PyObject_HEAD
  Py_ssize_t shape[2], strides[2];
  int exports, released, locked;
  int cells[24];
} Grid;

static int grid_get(PyObject *self, Py_buffer *view, int flags) {
  Grid *grid = (Grid *)self;
  if (grid->locked) {
    PyErr_SetString(PyExc_BufferError, "the grid is locked");
    view->obj = NULL;
    return -1;
  }
  if ((flags & PyBUF_STRIDES) != PyBUF_STRIDES && grid->strides[0] != grid->shape[1] * (Py_ssize_t)sizeof(int)) {
    PyErr_SetString(PyExc_BufferError, "the grid has gaps");
    view->obj = NULL;
    return -1;
  }
  *view = (Py_buffer){
      .buf = grid->cells, .obj = Py_NewRef(self), .len = grid->shape[0] * grid->shape[1] * (Py_ssize_t)sizeof(int),
      .itemsize = sizeof(int), .readonly = 0, .ndim = flags & PyBUF_ND ? 2 : 1,
      .format = flags & PyBUF_FORMAT ? "i" : NULL,
      .shape = flags & PyBUF_ND ? grid->shape : NULL,
      .strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? grid->strides : NULL,
  };
  grid->exports++;
  return 0;
}

static void grid_release(PyObject *self, Py_buffer *view) {
  ((Grid *)self)->exports--;
  ((Grid *)self)->released++;
}

static PyObject *grid_new(PyTypeObject *type, PyObject *args, PyObject *names) {
  Py_ssize_t rows, columns, gap = 0;
  if (!PyArg_ParseTuple(args, "nn|n:Grid", &rows, &columns, &gap)) return NULL;
  if (rows < 0 || columns < 0 || rows * (columns + gap) > 24) {
    PyErr_SetString(PyExc_ValueError, "no more than 24 cells");
    return NULL;
  }
  Grid *grid = (Grid *)type->tp_alloc(type, 0);
  if (grid == NULL) return NULL;
  grid->shape[0] = rows;
  grid->shape[1] = columns;
  grid->strides[0] = (columns + gap) * (Py_ssize_t)sizeof(int);
  grid->strides[1] = sizeof(int);
  for (int i = 0; i < 24; i++) grid->cells[i] = i;
  return (PyObject *)grid;
}

static PyObject *grid_state(PyObject *self, void *closure) {
  Grid *grid = (Grid *)self;
  return Py_BuildValue("(ii)", grid->exports, grid->released);
}
static int grid_lock(PyObject *self, PyObject *value, void *closure) {
  ((Grid *)self)->locked = PyObject_IsTrue(value);
  return 0;
}

static PyBufferProcs grid_buffer = {grid_get, grid_release};
static PyGetSetDef grid_properties[] = {
    {"exports", grid_state, NULL, NULL, NULL}, {"locked", NULL, grid_lock, NULL, NULL}, {NULL, NULL, NULL, NULL, NULL}};

// A static type, filled in by PyType_Ready.
static PyTypeObject GridType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "buffers.Grid",
    .tp_basicsize = sizeof(Grid),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_doc = "Grid(rows, columns, gap=0)\n--\n\nA field of numbers.",
    .tp_new = grid_new,
    .tp_as_buffer = &grid_buffer,
    .tp_getset = grid_properties,
};

// MARK: Consumers

static PyObject *tuple_of(const Py_ssize_t *numbers, int count) {
  if (numbers == NULL) return Py_NewRef(Py_None);
  PyObject *tuple = PyTuple_New(count);
  for (int i = 0; tuple != NULL && i < count; i++) PyTuple_SET_ITEM(tuple, i, PyLong_FromSsize_t(numbers[i]));
  return tuple;
}

// describe(object, flags): every field of the buffer that the object exports.
static PyObject *describe(PyObject *module, PyObject *args) {
  PyObject *object;
  int flags;
  Py_buffer view;
  if (!PyArg_ParseTuple(args, "Oi", &object, &flags)) return NULL;
  if (!PyObject_CheckBuffer(object)) return PyUnicode_FromString("no buffer");
  if (PyObject_GetBuffer(object, &view, flags) < 0) return NULL;
  PyObject *result = Py_BuildValue("(nnizNNiiii)", view.len, view.itemsize, view.ndim, view.format, tuple_of(view.shape, view.ndim),
                                   tuple_of(view.strides, view.ndim), view.suboffsets == NULL, PyBuffer_IsContiguous(&view, 'C'),
                                   PyBuffer_IsContiguous(&view, 'F'), PyBuffer_IsContiguous(&view, 'A'));
  PyBuffer_Release(&view);
  return result;
}

static PyObject *gather(PyObject *module, PyObject *args) {
  PyObject *object;
  int order;
  Py_buffer view;
  if (!PyArg_ParseTuple(args, "OC", &object, &order) || PyObject_GetBuffer(object, &view, PyBUF_FULL_RO) < 0) return NULL;
  PyObject *bytes = PyBytes_FromStringAndSize(NULL, view.len);
  if (bytes != NULL && PyBuffer_ToContiguous(PyBytes_AS_STRING(bytes), &view, view.len, (char)order) < 0) Py_CLEAR(bytes);
  PyBuffer_Release(&view);
  return bytes;
}

static PyObject *item(PyObject *module, PyObject *args) {
  PyObject *object;
  Py_ssize_t place[2];
  Py_buffer view;
  if (!PyArg_ParseTuple(args, "Onn", &object, &place[0], &place[1]) || PyObject_GetBuffer(object, &view, PyBUF_FULL) < 0) return NULL;
  int *cell = PyBuffer_GetPointer(&view, place);
  long number = (*cell)++;
  PyBuffer_Release(&view);
  return PyLong_FromLong(number);
}

static PyObject *fill(PyObject *module, PyObject *args) {
  Py_buffer view;
  int byte;
  if (!PyArg_ParseTuple(args, "w*i", &view, &byte)) return NULL;
  memset(view.buf, byte, (size_t)view.len);
  PyBuffer_Release(&view);
  Py_RETURN_NONE;
}

static char memory[] = "memory of C";
static PyObject *view_of_memory(PyObject *module, PyObject *writable) {
  return PyMemoryView_FromMemory(memory, sizeof memory - 1, PyObject_IsTrue(writable) ? PyBUF_WRITE : PyBUF_READ);
}

static PyObject *view_of_object(PyObject *module, PyObject *object) { return PyMemoryView_FromObject(object); }

static PyObject *contiguous(PyObject *module, PyObject *args) {
  PyObject *object;
  int order;
  if (!PyArg_ParseTuple(args, "OC", &object, &order)) return NULL;
  return PyMemoryView_GetContiguous(object, PyBUF_READ, (char)order);
}

static PyObject *sizes(PyObject *module, PyObject *unused) {
  return Py_BuildValue("(nnnn)", PyBuffer_SizeFromFormat("i"), PyBuffer_SizeFromFormat("3d"), PyBuffer_SizeFromFormat("<hq"),
                       PyBuffer_SizeFromFormat("B"));
}

static PyMethodDef methods[] = {
    {"describe", describe, METH_VARARGS, NULL}, {"gather", gather, METH_VARARGS, NULL}, {"item", item, METH_VARARGS, NULL},
    {"fill", fill, METH_VARARGS, NULL}, {"view_of_memory", view_of_memory, METH_O, NULL},
    {"view_of_object", view_of_object, METH_O, NULL}, {"contiguous", contiguous, METH_VARARGS, NULL},
    {"sizes", sizes, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "buffers", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_buffers(void) {
  PyObject *module = PyModule_Create(&definition);
  if (module == NULL || PyModule_AddType(module, &GridType) < 0) return NULL;
  PyModule_AddIntMacro(module, PyBUF_SIMPLE);
  PyModule_AddIntMacro(module, PyBUF_WRITABLE);
  PyModule_AddIntMacro(module, PyBUF_ND);
  PyModule_AddIntMacro(module, PyBUF_STRIDES);
  PyModule_AddIntMacro(module, PyBUF_FULL);
  PyModule_AddIntMacro(module, PyBUF_FULL_RO);
  PyModule_AddIntMacro(module, PyBUF_C_CONTIGUOUS);
  PyModule_AddIntMacro(module, PyBUF_F_CONTIGUOUS);
  PyModule_AddIntMacro(module, PyBUF_CONTIG);
  return module;
}
