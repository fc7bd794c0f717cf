// Types whose instances are laid out in less usual ways: members of every kind, data behind a base of unknown size,
// managed dicts and weak references, subtypes of builtin types, struct sequences, metaclasses, dates.
#include <Python.h>
#include <datetime.h>
#include <stddef.h>
#include <structmember.h>

// MARK: Members of every kind

typedef struct {
  PyObject_HEAD
  char a_bool, a_char;
  signed char a_byte;
  unsigned char an_ubyte;
  short a_short;
  unsigned short an_ushort;
  int an_int;
  unsigned int an_uint;
  long a_long;
  unsigned long an_ulong;
  long long a_longlong;
  unsigned long long an_ulonglong;
  Py_ssize_t a_size;
  float a_float;
  double a_double;
  const char *a_string;
  char in_place[8];
  PyObject *an_object, *an_object_ex;
} Members;

#define FIELD(name, kind) {#name, kind, offsetof(Members, name), 0, "field " #name}
static PyMemberDef members[] = {
    FIELD(a_bool, Py_T_BOOL), FIELD(a_char, Py_T_CHAR), FIELD(a_byte, Py_T_BYTE), FIELD(an_ubyte, Py_T_UBYTE),
    FIELD(a_short, Py_T_SHORT), FIELD(an_ushort, Py_T_USHORT), FIELD(an_int, Py_T_INT), FIELD(an_uint, Py_T_UINT),
    FIELD(a_long, Py_T_LONG), FIELD(an_ulong, Py_T_ULONG), FIELD(a_longlong, Py_T_LONGLONG),
    FIELD(an_ulonglong, Py_T_ULONGLONG), FIELD(a_size, Py_T_PYSSIZET), FIELD(a_float, Py_T_FLOAT),
    FIELD(a_double, Py_T_DOUBLE), FIELD(a_string, Py_T_STRING), FIELD(in_place, Py_T_STRING_INPLACE),
    FIELD(an_object, _Py_T_OBJECT), FIELD(an_object_ex, Py_T_OBJECT_EX),
    {"always_none", _Py_T_NONE, 0, 0, NULL},
    {"audited", Py_T_INT, offsetof(Members, an_int), Py_READONLY | Py_AUDIT_READ, NULL},
    {NULL, 0, 0, 0, NULL},
};

static void members_dealloc(PyObject *self) {
  Py_CLEAR(((Members *)self)->an_object);
  Py_CLEAR(((Members *)self)->an_object_ex);
  Py_TYPE(self)->tp_free(self);
}

static PyTypeObject MembersType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "layouts.Members", .tp_basicsize = sizeof(Members),
    .tp_flags = Py_TPFLAGS_DEFAULT, .tp_new = PyType_GenericNew, .tp_members = members, .tp_dealloc = members_dealloc,
};

// MARK: Data behind a base whose size is not known here (PEP 697)

typedef struct { int number; PyObject *note; } Behind;
static PyTypeObject *behind_type;

static PyObject *behind_get(PyObject *self, PyObject *unused) {
  Behind *data = PyObject_GetTypeData(self, behind_type);
  return Py_BuildValue("(iOn)", data->number, data->note ? data->note : Py_None, PyType_GetTypeDataSize(behind_type));
}
static PyObject *behind_set(PyObject *self, PyObject *note) {
  Behind *data = PyObject_GetTypeData(self, behind_type);
  data->number++;
  Py_XSETREF(data->note, Py_NewRef(note));
  Py_RETURN_NONE;
}
static int behind_traverse(PyObject *self, visitproc visit, void *arg) {
  Behind *data = PyObject_GetTypeData(self, behind_type);
  Py_VISIT(data->note);
  Py_VISIT(Py_TYPE(self));
  return PyList_Type.tp_traverse(self, visit, arg);
}
static int behind_clear(PyObject *self) {
  Behind *data = PyObject_GetTypeData(self, behind_type);
  Py_CLEAR(data->note);
  return PyList_Type.tp_clear(self);
}
static void behind_dealloc(PyObject *self) {
  PyTypeObject *type = Py_TYPE(self);
  PyObject_GC_UnTrack(self);
  Behind *data = PyObject_GetTypeData(self, behind_type);
  Py_CLEAR(data->note);
  PyObject_GC_Track(self);
  PyList_Type.tp_dealloc(self);
  Py_DECREF(type);
}
static PyMethodDef behind_methods[] = {{"get", behind_get, METH_NOARGS, NULL}, {"set", behind_set, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyMemberDef behind_members[] = {
    {"number", Py_T_INT, offsetof(Behind, number), Py_RELATIVE_OFFSET, NULL}, {NULL, 0, 0, 0, NULL}};
static PyType_Slot behind_slots[] = {
    {Py_tp_base, &PyList_Type}, {Py_tp_methods, behind_methods}, {Py_tp_members, behind_members},
    {Py_tp_traverse, behind_traverse}, {Py_tp_clear, behind_clear}, {Py_tp_dealloc, behind_dealloc}, {0, NULL}};
static PyType_Spec behind_spec = {"layouts.Behind", -(int)sizeof(Behind), 0,
                                  Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC, behind_slots};

// MARK: Managed dict and weak references

typedef struct { PyObject_HEAD int number; } Managed;
static int managed_traverse(PyObject *self, visitproc visit, void *arg) {
  Py_VISIT(Py_TYPE(self));
  return PyObject_VisitManagedDict(self, visit, arg);
}
static int managed_clear(PyObject *self) {
  PyObject_ClearManagedDict(self);
  return 0;
}
static void managed_dealloc(PyObject *self) {
  PyTypeObject *type = Py_TYPE(self);
  PyObject_GC_UnTrack(self);
  PyObject_ClearWeakRefs(self);
  PyObject_ClearManagedDict(self);
  type->tp_free(self);
  Py_DECREF(type);
}
static PyGetSetDef managed_properties[] = {
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL}, {NULL, NULL, NULL, NULL, NULL}};
static PyType_Slot managed_slots[] = {
    {Py_tp_getset, managed_properties}, {Py_tp_traverse, managed_traverse}, {Py_tp_clear, managed_clear}, {Py_tp_dealloc, managed_dealloc}, {0, NULL}};
static PyType_Spec managed_spec = {
    "layouts.Managed", sizeof(Managed), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_MANAGED_DICT | Py_TPFLAGS_MANAGED_WEAKREF, managed_slots};

// MARK: Static subtypes of builtin types, with a field more

typedef struct { PyDictObject base; int changes; } Watched;
static int watched_assign(PyObject *self, PyObject *key, PyObject *value) {
  ((Watched *)self)->changes++;
  return PyDict_Type.tp_as_mapping->mp_ass_subscript(self, key, value);
}
static PyMappingMethods watched_mapping = {NULL, NULL, watched_assign};
static PyMemberDef watched_members[] = {{"changes", Py_T_INT, offsetof(Watched, changes), Py_READONLY, NULL}, {NULL, 0, 0, 0, NULL}};
static PyTypeObject WatchedType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "layouts.Watched", .tp_basicsize = sizeof(Watched), .tp_base = &PyDict_Type,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, .tp_as_mapping = &watched_mapping, .tp_members = watched_members,
};

static PyObject *shout_repr(PyObject *self) {
  PyObject *plain = PyUnicode_Type.tp_repr(self);
  PyObject *text = plain ? PyUnicode_FromFormat("Shout(%U)", plain) : NULL;
  Py_XDECREF(plain);
  return text;
}
static PyObject *shout_getattro(PyObject *self, PyObject *name) {
  if (PyUnicode_EqualToUTF8(name, "loud")) return PyObject_CallMethod(self, "upper", NULL);
  return PyObject_GenericGetAttr(self, name);
}
static PyObject *shout_call(PyObject *self, PyObject *args, PyObject *names) {
  return PyUnicode_FromFormat("%U!%zd", self, PyTuple_GET_SIZE(args) + (names ? PyDict_GET_SIZE(names) : 0));
}
static PyTypeObject ShoutType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "layouts.Shout", .tp_base = &PyUnicode_Type, .tp_repr = shout_repr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, .tp_getattro = shout_getattro, .tp_call = shout_call,
};

// MARK: A metaclass made from a spec, and a type of it

static PyObject *meta_instances(PyObject *type, PyObject *unused) { return PyUnicode_FromFormat("a type named %s", ((PyTypeObject *)type)->tp_name); }
static PyMethodDef meta_methods[] = {{"describe", meta_instances, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static PyType_Slot meta_slots[] = {{Py_tp_base, &PyType_Type}, {Py_tp_methods, meta_methods}, {0, NULL}};
static PyType_Spec meta_spec = {"layouts.Meta", 0, 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, meta_slots};
static PyType_Slot made_slots[] = {{Py_tp_doc, "of another metaclass"}, {0, NULL}};
static PyType_Spec made_spec = {"layouts.Made", sizeof(PyObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, made_slots};

// MARK: An object that is awaited, iterated and sent to from C

typedef struct { PyObject_HEAD int left; } Steps;
static PySendResult steps_send(PyObject *self, PyObject *value, PyObject **result) {
  Steps *steps = (Steps *)self;
  if (steps->left == 0) {
    *result = PyUnicode_FromString("done");
    return PYGEN_RETURN;
  }
  *result = Py_BuildValue("(iO)", steps->left--, value);
  return *result ? PYGEN_NEXT : PYGEN_ERROR;
}
static PyObject *steps_next(PyObject *self) {
  PyObject *result;
  switch (steps_send(self, Py_None, &result)) {
    case PYGEN_NEXT: return result;
    case PYGEN_RETURN:
      PyErr_SetObject(PyExc_StopIteration, result);
      Py_DECREF(result);
      return NULL;
    default: return NULL;
  }
}
static PyObject *steps_new(PyTypeObject *type, PyObject *args, PyObject *names) {
  int left = 2;
  if (!PyArg_ParseTuple(args, "|i", &left)) return NULL;
  Steps *steps = (Steps *)type->tp_alloc(type, 0);
  if (steps) steps->left = left;
  return (PyObject *)steps;
}
static PyAsyncMethods steps_async = {.am_await = PyObject_SelfIter, .am_send = steps_send};
static PyTypeObject StepsType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "layouts.Steps", .tp_basicsize = sizeof(Steps), .tp_new = steps_new,
    .tp_flags = Py_TPFLAGS_DEFAULT, .tp_iter = PyObject_SelfIter, .tp_iternext = steps_next, .tp_as_async = &steps_async,
};

// MARK: Struct sequences and dates

static PyStructSequence_Field fields[] = {{"x", "the first"}, {"y", NULL}, {NULL, NULL}, {"hidden", NULL}, {NULL, NULL}};
static PyStructSequence_Desc description = {"layouts.Point", "Two numbers.", fields, 3};
static PyTypeObject *point_type;

static PyObject *point(PyObject *module, PyObject *args) {
  PyObject *values = PyStructSequence_New(point_type);
  for (int i = 0; values && i < 4; i++) PyStructSequence_SetItem(values, i, PyLong_FromLong(i * 10));
  return values;
}

static PyObject *dates(PyObject *module, PyObject *unused) {
  PyObject *moment = PyDateTime_FromDateAndTimeAndFold(2026, 11, 20, 17, 30, 5, 123456, 1), *day = PyDate_FromDate(2024, 2, 29);
  PyObject *time = PyTime_FromTime(1, 2, 3, 4), *delta = PyDelta_FromDSU(1, -5, 7), *zone = PyTimeZone_FromOffsetAndName(delta, NULL);
  PyObject *parts = Py_BuildValue("(iiiiiiii)", PyDateTime_GET_YEAR(moment), PyDateTime_GET_MONTH(moment), PyDateTime_GET_DAY(moment),
                                  PyDateTime_DATE_GET_HOUR(moment), PyDateTime_DATE_GET_MINUTE(moment), PyDateTime_DATE_GET_SECOND(moment),
                                  PyDateTime_DATE_GET_MICROSECOND(moment), PyDateTime_DATE_GET_FOLD(moment));
  PyObject *other = Py_BuildValue("(iiiiii)", PyDateTime_DELTA_GET_DAYS(delta), PyDateTime_DELTA_GET_SECONDS(delta),
                                  PyDateTime_DELTA_GET_MICROSECONDS(delta), PyDateTime_TIME_GET_HOUR(time), PyDate_Check(moment),
                                  PyDateTime_CheckExact(day));
  PyObject *stamp = Py_BuildValue("(iO)", 0, PyDateTime_TimeZone_UTC), *since = PyDateTime_FromTimestamp(stamp);
  Py_XDECREF(stamp);
  PyErr_Clear();
  return Py_BuildValue("[NNNNNNNN]", moment, day, time, delta, zone ? zone : Py_NewRef(Py_None), parts, other,
                       since ? since : Py_NewRef(Py_None));
}

static PyMethodDef methods[] = {{"point", point, METH_NOARGS, NULL}, {"dates", dates, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "layouts", NULL, -1, NULL, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_layouts(void) {
  PyDateTime_IMPORT;
  if (PyDateTimeAPI == NULL) return NULL;
  PyObject *module = PyModule_Create(&definition);
  if (module == NULL || PyModule_AddFunctions(module, methods) < 0 || PyModule_SetDocString(module, "Layouts.") < 0) return NULL;
  ShoutType.tp_basicsize = PyUnicode_Type.tp_basicsize;
  PyTypeObject *types[] = {&MembersType, &WatchedType, &ShoutType, &StepsType};
  for (size_t i = 0; i < Py_ARRAY_LENGTH(types); i++)
    if (PyModule_AddType(module, types[i]) < 0) return NULL;
  behind_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &behind_spec, NULL);
  PyObject *managed = PyType_FromSpec(&managed_spec), *meta = PyType_FromSpec(&meta_spec);
  if (behind_type == NULL || managed == NULL || meta == NULL) return NULL;
  PyObject *made = PyType_FromMetaclass((PyTypeObject *)meta, module, &made_spec, NULL);
  fields[2].name = PyStructSequence_UnnamedField;
  point_type = PyStructSequence_NewType(&description);
  if (made == NULL || point_type == NULL) return NULL;
  if (PyModule_AddType(module, behind_type) < 0 || PyModule_Add(module, "Managed", managed) < 0 ||
      PyModule_Add(module, "Meta", meta) < 0 || PyModule_Add(module, "Made", made) < 0 ||
      PyModule_AddObjectRef(module, "Point", (PyObject *)point_type) < 0)
    return NULL;
  return module;
}
