// A module initialised in phases, with state, and types made from specs: members, properties, garbage
// collection, finalisers, weak references, operators, iteration, calls by vector.
#include <Python.h>
#include <structmember.h>

typedef struct {
  PyTypeObject *node;
  PyTypeObject *number;
  PyTypeObject *counter;
  PyTypeObject *function;
  PyObject *error;
  int executed;
} State;

static struct PyModuleDef definition;
static State *state_of(PyObject *module) { return PyModule_GetState(module); }

// MARK: Node: a container that takes part in collection, with a dict, weak references and members.

typedef struct {
  PyObject_HEAD
  PyObject *left, *right;
  PyObject *dict, *weak;
  int number;
  double weight;
  char flag;
  const char *label;
} Node;

static long live_nodes = 0, visited = 0, cleared = 0, finalized = 0;

static PyObject *node_new(PyTypeObject *type, PyObject *args, PyObject *names) {
  Node *node = (Node *)type->tp_alloc(type, 0);
  if (node == NULL) return NULL;
  live_nodes++;
  node->weight = 0.5;
  node->label = "a label";
  return (PyObject *)node;
}

static int node_init(PyObject *self, PyObject *args, PyObject *names) {
  static char *list[] = {"left", "right", "number", NULL};
  PyObject *left = NULL, *right = NULL;
  Node *node = (Node *)self;
  if (!PyArg_ParseTupleAndKeywords(args, names, "|OOi:Node", list, &left, &right, &node->number)) return -1;
  Py_XSETREF(node->left, Py_XNewRef(left));
  Py_XSETREF(node->right, Py_XNewRef(right));
  return 0;
}

static int node_traverse(PyObject *self, visitproc visit, void *arg) {
  Node *node = (Node *)self;
  visited++;
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(node->left);
  Py_VISIT(node->right);
  Py_VISIT(node->dict);
  return 0;
}

static int node_clear(PyObject *self) {
  Node *node = (Node *)self;
  cleared++;
  Py_CLEAR(node->left);
  Py_CLEAR(node->right);
  Py_CLEAR(node->dict);
  return 0;
}

static void node_finalize(PyObject *self) { finalized++; }

static void node_dealloc(PyObject *self) {
  PyTypeObject *type = Py_TYPE(self);
  if (PyObject_CallFinalizerFromDealloc(self) < 0) return;
  PyObject_GC_UnTrack(self);
  if (((Node *)self)->weak != NULL) PyObject_ClearWeakRefs(self);
  node_clear(self);
  live_nodes--;
  type->tp_free(self);
  Py_DECREF(type);
}

static PyObject *node_repr(PyObject *self) {
  Node *node = (Node *)self;
  int entered = Py_ReprEnter(self);
  if (entered != 0) return entered > 0 ? PyUnicode_FromString("Node(...)") : NULL;
  PyObject *text = PyUnicode_FromFormat("Node(%R, %R, %d)", node->left ? node->left : Py_None,
                                        node->right ? node->right : Py_None, node->number);
  Py_ReprLeave(self);
  return text;
}

static PyObject *node_double(PyObject *self, void *closure) {
  return PyLong_FromLong(2L * ((Node *)self)->number);
}

static int node_set_double(PyObject *self, PyObject *value, void *closure) {
  if (value == NULL) {
    PyErr_SetString(PyExc_AttributeError, "double stays");
    return -1;
  }
  long number = PyLong_AsLong(value);
  if (number == -1 && PyErr_Occurred()) return -1;
  ((Node *)self)->number = (int)(number / 2);
  return 0;
}

static PyObject *node_module_error(PyObject *self, PyTypeObject *defining, PyObject *const *args, Py_ssize_t count, PyObject *names) {
  State *state = PyType_GetModuleState(defining);
  if (state == NULL) return NULL;
  return PyErr_Format(state->error, "from %s with %zd arguments", defining->tp_name, count);
}

static PyObject *node_make(PyObject *type, PyObject *number) {
  return PyObject_CallFunction(type, "OOO", Py_None, Py_None, number);
}

static PyObject *node_twice(PyObject *unused, PyObject *value) { return PyNumber_Add(value, value); }

static PyMemberDef node_members[] = {
    {"left", Py_T_OBJECT_EX, offsetof(Node, left), 0, "the left child"},
    {"right", _Py_T_OBJECT, offsetof(Node, right), 0, NULL},
    {"number", Py_T_INT, offsetof(Node, number), 0, NULL},
    {"weight", Py_T_DOUBLE, offsetof(Node, weight), Py_READONLY, NULL},
    {"flag", Py_T_BOOL, offsetof(Node, flag), 0, NULL},
    {"label", Py_T_STRING, offsetof(Node, label), 0, NULL},
    {"__dictoffset__", Py_T_PYSSIZET, offsetof(Node, dict), Py_READONLY, NULL},
    {"__weaklistoffset__", Py_T_PYSSIZET, offsetof(Node, weak), Py_READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyGetSetDef node_properties[] = {
    {"double", node_double, node_set_double, "twice the number", NULL},
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef node_methods[] = {
    {"fail", (PyCFunction)(void (*)(void))node_module_error, METH_METHOD | METH_FASTCALL | METH_KEYWORDS, NULL},
    {"make", node_make, METH_O | METH_CLASS, "make($type, number, /)\n--\n\nA node without children."},
    {"twice", node_twice, METH_O | METH_STATIC, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot node_slots[] = {
    {Py_tp_doc, "Node(left=None, right=None, number=0)\n--\n\nTwo children and a number."},
    {Py_tp_new, node_new},
    {Py_tp_init, node_init},
    {Py_tp_traverse, node_traverse},
    {Py_tp_clear, node_clear},
    {Py_tp_finalize, node_finalize},
    {Py_tp_dealloc, node_dealloc},
    {Py_tp_repr, node_repr},
    {Py_tp_members, node_members},
    {Py_tp_getset, node_properties},
    {Py_tp_methods, node_methods},
    {0, NULL},
};

static PyType_Spec node_spec = {
    "heaptypes.Node", sizeof(Node), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC, node_slots};

// MARK: Number: arithmetic modulo 97, comparison, hash, conversions.

typedef struct {
  PyObject_HEAD
  long value;
} Number;

static PyObject *number_of(PyTypeObject *type, long value) {
  Number *number = (Number *)type->tp_alloc(type, 0);
  if (number != NULL) number->value = ((value % 97) + 97) % 97;
  return (PyObject *)number;
}

static PyTypeObject *number_type(PyObject *a, PyObject *b) {
  PyObject *module = PyType_GetModuleByDef(Py_TYPE(a), &definition);
  if (module == NULL) {
    PyErr_Clear();
    module = PyType_GetModuleByDef(Py_TYPE(b), &definition);
  }
  return module ? state_of(module)->number : NULL;
}

// 1 with the value, 0 when the object is no number of ours, -1 with an exception.
static int value_of(PyTypeObject *type, PyObject *object, long *value) {
  if (PyObject_TypeCheck(object, type)) {
    *value = ((Number *)object)->value;
    return 1;
  }
  if (!PyLong_Check(object)) return 0;
  *value = PyLong_AsLong(object);
  return *value == -1 && PyErr_Occurred() ? -1 : 1;
}

#define OPERATOR(name, expression)                                   \
  static PyObject *number_##name(PyObject *left, PyObject *right) {  \
    PyTypeObject *type = number_type(left, right);                   \
    long a, b;                                                       \
    if (type == NULL) return NULL;                                   \
    int one = value_of(type, left, &a), two = value_of(type, right, &b); \
    if (one < 0 || two < 0) return NULL;                             \
    if (!one || !two) Py_RETURN_NOTIMPLEMENTED;                      \
    return number_of(type, expression);                              \
  }
OPERATOR(add, a + b)
OPERATOR(subtract, a - b)
OPERATOR(multiply, a % 97 * (b % 97))
#undef OPERATOR

static PyObject *number_new(PyTypeObject *type, PyObject *args, PyObject *names) {
  long value = 0;
  return PyArg_ParseTuple(args, "|l", &value) ? number_of(type, value) : NULL;
}
static void number_dealloc(PyObject *self) {
  PyTypeObject *type = Py_TYPE(self);
  type->tp_free(self);
  Py_DECREF(type);
}
static PyObject *number_negative(PyObject *self) { return number_of(Py_TYPE(self), -((Number *)self)->value); }
static PyObject *number_index(PyObject *self) { return PyLong_FromLong(((Number *)self)->value); }
static PyObject *number_float(PyObject *self) { return PyFloat_FromDouble((double)((Number *)self)->value); }
static int number_bool(PyObject *self) { return ((Number *)self)->value != 0; }
static Py_hash_t number_hash(PyObject *self) { return (Py_hash_t)((Number *)self)->value; }
static PyObject *number_repr(PyObject *self) { return PyUnicode_FromFormat("%s(%ld)", Py_TYPE(self)->tp_name, ((Number *)self)->value); }
static PyObject *number_compare(PyObject *left, PyObject *right, int operator) {
  long a, b;
  PyTypeObject *type = number_type(left, right);
  if (type == NULL) return NULL;
  int one = value_of(type, left, &a), two = value_of(type, right, &b);
  if (one < 0 || two < 0) return NULL;
  if (!one || !two) Py_RETURN_NOTIMPLEMENTED;
  Py_RETURN_RICHCOMPARE(a, b, operator);
}

static PyType_Slot number_slots[] = {
    {Py_tp_new, number_new},         {Py_tp_dealloc, number_dealloc}, {Py_tp_repr, number_repr},
    {Py_tp_hash, number_hash},       {Py_tp_richcompare, number_compare},
    {Py_nb_add, number_add},         {Py_nb_subtract, number_subtract}, {Py_nb_multiply, number_multiply},
    {Py_nb_negative, number_negative}, {Py_nb_bool, number_bool},     {Py_nb_index, number_index},
    {Py_nb_int, number_index},       {Py_nb_float, number_float},     {0, NULL},
};
static PyType_Spec number_spec = {
    "heaptypes.Number", sizeof(Number), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE, number_slots};

// MARK: Counter: an iterator, sequence and mapping that holds nothing but its bounds; not to be made by calling.

typedef struct {
  PyObject_HEAD
  Py_ssize_t next, end;
} Counter;

static PyObject *counter_next(PyObject *self) {
  Counter *counter = (Counter *)self;
  if (counter->next == counter->end) return NULL;
  if (counter->next == 13) return PyErr_Format(PyExc_RuntimeError, "%zd brings bad luck", counter->next);
  return PyLong_FromSsize_t(counter->next++);
}
static Py_ssize_t counter_length(PyObject *self) { return ((Counter *)self)->end - ((Counter *)self)->next; }
static PyObject *counter_item(PyObject *self, Py_ssize_t index) {
  Counter *counter = (Counter *)self;
  if (index < 0 || index >= counter->end - counter->next) {
    PyErr_SetString(PyExc_IndexError, "no such number");
    return NULL;
  }
  return PyLong_FromSsize_t(counter->next + index);
}
static int counter_contains(PyObject *self, PyObject *value) {
  Py_ssize_t number = PyNumber_AsSsize_t(value, PyExc_OverflowError);
  if (number == -1 && PyErr_Occurred()) return -1;
  return number >= ((Counter *)self)->next && number < ((Counter *)self)->end;
}
static int counter_assign(PyObject *self, PyObject *key, PyObject *value) {
  if (value == NULL) return PyErr_Format(PyExc_KeyError, "%S is not deleted", key), -1;
  Py_ssize_t number = PyNumber_AsSsize_t(value, NULL);
  if (number == -1 && PyErr_Occurred()) return -1;
  if (PyUnicode_Check(key) && PyUnicode_EqualToUTF8(key, "end")) return ((Counter *)self)->end = number, 0;
  return PyErr_SetObject(PyExc_KeyError, key), -1;
}
static PyType_Slot counter_slots[] = {
    {Py_tp_dealloc, number_dealloc}, {Py_tp_iter, PyObject_SelfIter}, {Py_tp_iternext, counter_next},
    {Py_sq_length, counter_length},  {Py_sq_item, counter_item},      {Py_sq_contains, counter_contains},
    {Py_mp_ass_subscript, counter_assign}, {0, NULL},
};
static PyType_Spec counter_spec = {
    "heaptypes.Counter", sizeof(Counter), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, counter_slots};

static PyObject *count_up(PyObject *module, PyObject *args) {
  PyTypeObject *type = state_of(module)->counter;
  Py_ssize_t start, end;
  if (!PyArg_ParseTuple(args, "nn:count_up", &start, &end)) return NULL;
  Counter *counter = (Counter *)type->tp_alloc(type, 0);
  if (counter != NULL) counter->next = start, counter->end = end;
  return (PyObject *)counter;
}

// MARK: Function: called by vector; a method when found in a class.

typedef struct {
  PyObject_HEAD
  vectorcallfunc vectorcall;
  long calls;
} Function;

static PyObject *function_call(PyObject *self, PyObject *const *args, size_t flags, PyObject *names) {
  PyObject *list = PyList_New(0);
  Py_ssize_t count = PyVectorcall_NARGS(flags), named = names ? PyTuple_GET_SIZE(names) : 0;
  ((Function *)self)->calls++;
  for (Py_ssize_t i = 0; list != NULL && i < count + named; i++)
    if (PyList_Append(list, args[i]) < 0) Py_CLEAR(list);
  if (list == NULL) return NULL;
  return Py_BuildValue("(NOn)", list, names ? names : Py_None, count);
}
static PyObject *function_new(PyTypeObject *type, PyObject *args, PyObject *names) {
  Function *function = (Function *)type->tp_alloc(type, 0);
  if (function != NULL) function->vectorcall = function_call;
  return (PyObject *)function;
}
static PyObject *function_get(PyObject *self, PyObject *object, PyObject *type) {
  if (object == NULL || object == Py_None) return Py_NewRef(self);
  return PyMethod_New(self, object);
}
static PyMemberDef function_members[] = {
    {"__vectorcalloffset__", Py_T_PYSSIZET, offsetof(Function, vectorcall), Py_READONLY, NULL},
    {"calls", Py_T_LONG, offsetof(Function, calls), Py_READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};
static PyType_Slot function_slots[] = {
    {Py_tp_new, function_new}, {Py_tp_dealloc, number_dealloc}, {Py_tp_call, PyVectorcall_Call},
    {Py_tp_descr_get, function_get}, {Py_tp_members, function_members}, {0, NULL},
};
static PyType_Spec function_spec = {
    "heaptypes.Function", sizeof(Function), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR, function_slots};

// MARK: The module

static PyObject *statistics(PyObject *module, PyObject *unused) {
  return Py_BuildValue("{s:l,s:O,s:l,s:l}", "live", live_nodes, "visited", visited ? Py_True : Py_False, "cleared",
                       cleared, "finalized", finalized);
}

static PyObject *is_tracked(PyObject *module, PyObject *object) {
  return Py_BuildValue("(iii)", PyObject_IS_GC(object), PyObject_GC_IsTracked(object), PyObject_GC_IsFinalized(object));
}

static PyObject *subtype(PyObject *module, PyObject *base) {
  static PyType_Slot slots[] = {{Py_tp_doc, "made at run time"}, {0, NULL}};
  PyType_Spec spec = {"heaptypes.Subtype", 0, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, slots};
  return PyType_FromModuleAndSpec(module, &spec, base);
}

// Facts about a type as C code asks for them.
static PyObject *facts(PyObject *module, PyObject *object) {
  if (!PyType_Check(object)) return PyErr_Format(PyExc_TypeError, "expected a type, got %T", object);
  PyTypeObject *type = (PyTypeObject *)object;
  PyObject *name = PyType_GetName(type), *qualified = PyType_GetQualName(type), *full = PyType_GetFullyQualifiedName(type);
  PyObject *where = PyType_GetModuleName(type);
  return Py_BuildValue("{s:N,s:N,s:N,s:N,s:i,s:i,s:i,s:i}", "name", name, "qualified", qualified, "full", full, "module", where,
                       "gc", PyType_HasFeature(type, Py_TPFLAGS_HAVE_GC) != 0, "heap",
                       (PyType_GetFlags(type) & Py_TPFLAGS_HEAPTYPE) != 0, "has repr", PyType_GetSlot(type, Py_tp_repr) != NULL,
                       "subtype of list", PyType_IsSubtype(type, &PyList_Type));
}

static PyMethodDef methods[] = {
    {"statistics", statistics, METH_NOARGS, NULL},
    {"is_tracked", is_tracked, METH_O, NULL},
    {"subtype", subtype, METH_O, NULL},
    {"facts", facts, METH_O, NULL},
    {"count_up", count_up, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static int add_type(PyObject *module, PyType_Spec *spec, PyTypeObject **place) {
  *place = (PyTypeObject *)PyType_FromModuleAndSpec(module, spec, NULL);
  return *place == NULL ? -1 : PyModule_AddType(module, *place);
}

static int execute(PyObject *module) {
  State *state = state_of(module);
  state->executed++;
  if (add_type(module, &node_spec, &state->node) < 0 || add_type(module, &number_spec, &state->number) < 0 ||
      add_type(module, &counter_spec, &state->counter) < 0 || add_type(module, &function_spec, &state->function) < 0)
    return -1;
  state->error = PyErr_NewExceptionWithDoc("heaptypes.error", "What this module raises.", PyExc_LookupError, NULL);
  return PyModule_AddObjectRef(module, "error", state->error);
}

static int traverse(PyObject *module, visitproc visit, void *arg) {
  State *state = state_of(module);
  Py_VISIT(state->node);
  Py_VISIT(state->number);
  Py_VISIT(state->counter);
  Py_VISIT(state->function);
  Py_VISIT(state->error);
  return 0;
}

static int clear(PyObject *module) {
  State *state = state_of(module);
  Py_CLEAR(state->node);
  Py_CLEAR(state->number);
  Py_CLEAR(state->counter);
  Py_CLEAR(state->function);
  Py_CLEAR(state->error);
  return 0;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, execute},
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "heaptypes", "Types made from specs.", sizeof(State), methods, slots, traverse, clear, NULL};

PyMODINIT_FUNC PyInit_heaptypes(void) { return PyModuleDef_Init(&definition); }
