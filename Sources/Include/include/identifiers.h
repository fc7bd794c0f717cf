// The names the runtime looks up itself, interned once at start-up. `id___add__()` is "__add__".
#ifndef APUS_IDENTIFIERS_H
#define APUS_IDENTIFIERS_H
#include "object.h"
#pragma clang assume_nonnull begin

#define APUS_IDENTIFIERS(ID) \
  ID(Py_Repr) \
  ID(__abs__) \
  ID(__abstractmethods__) \
  ID(__add__) \
  ID(__aenter__) \
  ID(__aexit__) \
  ID(__aiter__) \
  ID(__all__) \
  ID(__and__) \
  ID(__anext__) \
  ID(__annotations__) \
  ID(__args__) \
  ID(__await__) \
  ID(__bases__) \
  ID(__bool__) \
  ID(__buffer__) \
  ID(__build_class__) \
  ID(__builtins__) \
  ID(__bytes__) \
  ID(__call__) \
  ID(__cause__) \
  ID(__ceil__) \
  ID(__class__) \
  ID(__class_getitem__) \
  ID(__classcell__) \
  ID(__classdict__) \
  ID(__classdictcell__) \
  ID(__complex__) \
  ID(__contains__) \
  ID(__context__) \
  ID(__copy__) \
  ID(__debug__) \
  ID(__deepcopy__) \
  ID(__defaults__) \
  ID(__del__) \
  ID(__delattr__) \
  ID(__delete__) \
  ID(__delitem__) \
  ID(__dict__) \
  ID(__dictoffset__) \
  ID(__dir__) \
  ID(__divmod__) \
  ID(__doc__) \
  ID(__enter__) \
  ID(__eq__) \
  ID(__exit__) \
  ID(__file__) \
  ID(__firstlineno__) \
  ID(__float__) \
  ID(__floor__) \
  ID(__floordiv__) \
  ID(__format__) \
  ID(__fspath__) \
  ID(__func__) \
  ID(__ge__) \
  ID(__get__) \
  ID(__getattr__) \
  ID(__getattribute__) \
  ID(__getinitargs__) \
  ID(__getitem__) \
  ID(__getnewargs__) \
  ID(__getnewargs_ex__) \
  ID(__getstate__) \
  ID(__gt__) \
  ID(__hash__) \
  ID(__iadd__) \
  ID(__iand__) \
  ID(__ifloordiv__) \
  ID(__ilshift__) \
  ID(__imatmul__) \
  ID(__imod__) \
  ID(__import__) \
  ID(__imul__) \
  ID(__index__) \
  ID(__init__) \
  ID(__init_subclass__) \
  ID(__instancecheck__) \
  ID(__int__) \
  ID(__invert__) \
  ID(__ior__) \
  ID(__ipow__) \
  ID(__irshift__) \
  ID(__isabstractmethod__) \
  ID(__isub__) \
  ID(__iter__) \
  ID(__itruediv__) \
  ID(__ixor__) \
  ID(__kwdefaults__) \
  ID(__le__) \
  ID(__len__) \
  ID(__length_hint__) \
  ID(__loader__) \
  ID(__lshift__) \
  ID(__lt__) \
  ID(__main__) \
  ID(__match_args__) \
  ID(__matmul__) \
  ID(__missing__) \
  ID(__mod__) \
  ID(__module__) \
  ID(__mro_entries__) \
  ID(__mul__) \
  ID(__name__) \
  ID(__ne__) \
  ID(__neg__) \
  ID(__new__) \
  ID(__next__) \
  ID(__notes__) \
  ID(__objclass__) \
  ID(__or__) \
  ID(__orig_bases__) \
  ID(__orig_class__) \
  ID(__origin__) \
  ID(__package__) \
  ID(__parameters__) \
  ID(__path__) \
  ID(__pos__) \
  ID(__pow__) \
  ID(__prepare__) \
  ID(__qualname__) \
  ID(__radd__) \
  ID(__rand__) \
  ID(__rdivmod__) \
  ID(__reduce__) \
  ID(__reduce_ex__) \
  ID(__release_buffer__) \
  ID(__repr__) \
  ID(__reversed__) \
  ID(__rfloordiv__) \
  ID(__rlshift__) \
  ID(__rmatmul__) \
  ID(__rmod__) \
  ID(__rmul__) \
  ID(__ror__) \
  ID(__round__) \
  ID(__rpow__) \
  ID(__rrshift__) \
  ID(__rshift__) \
  ID(__rsub__) \
  ID(__rtruediv__) \
  ID(__rxor__) \
  ID(__self__) \
  ID(__set__) \
  ID(__set_name__) \
  ID(__setattr__) \
  ID(__setitem__) \
  ID(__setstate__) \
  ID(__signature__) \
  ID(__sizeof__) \
  ID(__slotnames__) \
  ID(__slots__) \
  ID(__spec__) \
  ID(__static_attributes__) \
  ID(__str__) \
  ID(__sub__) \
  ID(__subclasscheck__) \
  ID(__subclasshook__) \
  ID(__suppress_context__) \
  ID(__text_signature__) \
  ID(__traceback__) \
  ID(__truediv__) \
  ID(__trunc__) \
  ID(__type_params__) \
  ID(__typing_is_unpacked_typevartuple__) \
  ID(__typing_prepare_subst__) \
  ID(__typing_subst__) \
  ID(__typing_unpacked_tuple_args__) \
  ID(__warningregistry__) \
  ID(__weakref__) \
  ID(__wrapped__) \
  ID(__xor__) \
  ID(add_note) \
  ID(_initializing) \
  ID(_is_text_encoding) \
  ID(_slotnames) \
  ID(_uninitialized_submodules) \
  ID(_abc_impl) \
  ID(args) \
  ID(builtins) \
  ID(close) \
  ID(code) \
  ID(copy) \
  ID(copyreg) \
  ID(derive) \
  ID(encoding) \
  ID(end_lineno) \
  ID(end_offset) \
  ID(errors) \
  ID(excepthook) \
  ID(fdel) \
  ID(fget) \
  ID(filename) \
  ID(flush) \
  ID(fset) \
  ID(get) \
  ID(items) \
  ID(keys) \
  ID(lineno) \
  ID(metaclass) \
  ID(mro) \
  ID(msg) \
  ID(n_fields) \
  ID(n_sequence_fields) \
  ID(n_unnamed_fields) \
  ID(name) \
  ID(obj) \
  ID(offset) \
  ID(origin) \
  ID(path) \
  ID(print_file_and_line) \
  ID(read) \
  ID(readline) \
  ID(release) \
  ID(send) \
  ID(stderr) \
  ID(stdin) \
  ID(stdout) \
  ID(strict) \
  ID(sys) \
  ID(text) \
  ID(throw) \
  ID(unraisablehook) \
  ID(value) \
  ID(values) \
  ID(warn_explicit) \
  ID(warnings) \
  ID(write)

#define APUS_ID_FIELD(name) PyObject *_Nullable field_##name;
typedef struct { APUS_IDENTIFIERS(APUS_ID_FIELD) } ApusIdentifiers;
/// Strong references to immortal strings, in the order of the list.
extern ApusIdentifiers apus_identifiers;
/// The spellings in the same order.
extern const char *const _Nonnull apus_identifier_spellings[sizeof(ApusIdentifiers) / sizeof(void *)];

APUS_INLINE Py_ssize_t apus_identifier_count(void) { return sizeof(ApusIdentifiers) / sizeof(void *); }
APUS_INLINE const char *apus_identifier_spelling(Py_ssize_t index) { return apus_identifier_spellings[index]; }
APUS_INLINE PyObject *_Nullable *_Nonnull apus_identifier_slot(Py_ssize_t index) {
  return (PyObject *_Nullable *)&apus_identifiers + index;
}

APUS_INLINE PyObject *id_Py_Repr(void) { return (PyObject *)apus_identifiers.field_Py_Repr; }
APUS_INLINE PyObject *id___abs__(void) { return (PyObject *)apus_identifiers.field___abs__; }
APUS_INLINE PyObject *id___abstractmethods__(void) { return (PyObject *)apus_identifiers.field___abstractmethods__; }
APUS_INLINE PyObject *id___add__(void) { return (PyObject *)apus_identifiers.field___add__; }
APUS_INLINE PyObject *id___aenter__(void) { return (PyObject *)apus_identifiers.field___aenter__; }
APUS_INLINE PyObject *id___aexit__(void) { return (PyObject *)apus_identifiers.field___aexit__; }
APUS_INLINE PyObject *id___aiter__(void) { return (PyObject *)apus_identifiers.field___aiter__; }
APUS_INLINE PyObject *id___all__(void) { return (PyObject *)apus_identifiers.field___all__; }
APUS_INLINE PyObject *id___and__(void) { return (PyObject *)apus_identifiers.field___and__; }
APUS_INLINE PyObject *id___anext__(void) { return (PyObject *)apus_identifiers.field___anext__; }
APUS_INLINE PyObject *id___annotations__(void) { return (PyObject *)apus_identifiers.field___annotations__; }
APUS_INLINE PyObject *id___args__(void) { return (PyObject *)apus_identifiers.field___args__; }
APUS_INLINE PyObject *id___await__(void) { return (PyObject *)apus_identifiers.field___await__; }
APUS_INLINE PyObject *id___bases__(void) { return (PyObject *)apus_identifiers.field___bases__; }
APUS_INLINE PyObject *id___bool__(void) { return (PyObject *)apus_identifiers.field___bool__; }
APUS_INLINE PyObject *id___buffer__(void) { return (PyObject *)apus_identifiers.field___buffer__; }
APUS_INLINE PyObject *id___build_class__(void) { return (PyObject *)apus_identifiers.field___build_class__; }
APUS_INLINE PyObject *id___builtins__(void) { return (PyObject *)apus_identifiers.field___builtins__; }
APUS_INLINE PyObject *id___bytes__(void) { return (PyObject *)apus_identifiers.field___bytes__; }
APUS_INLINE PyObject *id___call__(void) { return (PyObject *)apus_identifiers.field___call__; }
APUS_INLINE PyObject *id___cause__(void) { return (PyObject *)apus_identifiers.field___cause__; }
APUS_INLINE PyObject *id___ceil__(void) { return (PyObject *)apus_identifiers.field___ceil__; }
APUS_INLINE PyObject *id___class__(void) { return (PyObject *)apus_identifiers.field___class__; }
APUS_INLINE PyObject *id___class_getitem__(void) { return (PyObject *)apus_identifiers.field___class_getitem__; }
APUS_INLINE PyObject *id___classcell__(void) { return (PyObject *)apus_identifiers.field___classcell__; }
APUS_INLINE PyObject *id___classdict__(void) { return (PyObject *)apus_identifiers.field___classdict__; }
APUS_INLINE PyObject *id___classdictcell__(void) { return (PyObject *)apus_identifiers.field___classdictcell__; }
APUS_INLINE PyObject *id___complex__(void) { return (PyObject *)apus_identifiers.field___complex__; }
APUS_INLINE PyObject *id___contains__(void) { return (PyObject *)apus_identifiers.field___contains__; }
APUS_INLINE PyObject *id___context__(void) { return (PyObject *)apus_identifiers.field___context__; }
APUS_INLINE PyObject *id___copy__(void) { return (PyObject *)apus_identifiers.field___copy__; }
APUS_INLINE PyObject *id___debug__(void) { return (PyObject *)apus_identifiers.field___debug__; }
APUS_INLINE PyObject *id___deepcopy__(void) { return (PyObject *)apus_identifiers.field___deepcopy__; }
APUS_INLINE PyObject *id___defaults__(void) { return (PyObject *)apus_identifiers.field___defaults__; }
APUS_INLINE PyObject *id___del__(void) { return (PyObject *)apus_identifiers.field___del__; }
APUS_INLINE PyObject *id___delattr__(void) { return (PyObject *)apus_identifiers.field___delattr__; }
APUS_INLINE PyObject *id___delete__(void) { return (PyObject *)apus_identifiers.field___delete__; }
APUS_INLINE PyObject *id___delitem__(void) { return (PyObject *)apus_identifiers.field___delitem__; }
APUS_INLINE PyObject *id___dict__(void) { return (PyObject *)apus_identifiers.field___dict__; }
APUS_INLINE PyObject *id___dictoffset__(void) { return (PyObject *)apus_identifiers.field___dictoffset__; }
APUS_INLINE PyObject *id___dir__(void) { return (PyObject *)apus_identifiers.field___dir__; }
APUS_INLINE PyObject *id___divmod__(void) { return (PyObject *)apus_identifiers.field___divmod__; }
APUS_INLINE PyObject *id___doc__(void) { return (PyObject *)apus_identifiers.field___doc__; }
APUS_INLINE PyObject *id___enter__(void) { return (PyObject *)apus_identifiers.field___enter__; }
APUS_INLINE PyObject *id___eq__(void) { return (PyObject *)apus_identifiers.field___eq__; }
APUS_INLINE PyObject *id___exit__(void) { return (PyObject *)apus_identifiers.field___exit__; }
APUS_INLINE PyObject *id___file__(void) { return (PyObject *)apus_identifiers.field___file__; }
APUS_INLINE PyObject *id___firstlineno__(void) { return (PyObject *)apus_identifiers.field___firstlineno__; }
APUS_INLINE PyObject *id___float__(void) { return (PyObject *)apus_identifiers.field___float__; }
APUS_INLINE PyObject *id___floor__(void) { return (PyObject *)apus_identifiers.field___floor__; }
APUS_INLINE PyObject *id___floordiv__(void) { return (PyObject *)apus_identifiers.field___floordiv__; }
APUS_INLINE PyObject *id___format__(void) { return (PyObject *)apus_identifiers.field___format__; }
APUS_INLINE PyObject *id___fspath__(void) { return (PyObject *)apus_identifiers.field___fspath__; }
APUS_INLINE PyObject *id___func__(void) { return (PyObject *)apus_identifiers.field___func__; }
APUS_INLINE PyObject *id___ge__(void) { return (PyObject *)apus_identifiers.field___ge__; }
APUS_INLINE PyObject *id___get__(void) { return (PyObject *)apus_identifiers.field___get__; }
APUS_INLINE PyObject *id___getattr__(void) { return (PyObject *)apus_identifiers.field___getattr__; }
APUS_INLINE PyObject *id___getattribute__(void) { return (PyObject *)apus_identifiers.field___getattribute__; }
APUS_INLINE PyObject *id___getinitargs__(void) { return (PyObject *)apus_identifiers.field___getinitargs__; }
APUS_INLINE PyObject *id___getitem__(void) { return (PyObject *)apus_identifiers.field___getitem__; }
APUS_INLINE PyObject *id___getnewargs__(void) { return (PyObject *)apus_identifiers.field___getnewargs__; }
APUS_INLINE PyObject *id___getnewargs_ex__(void) { return (PyObject *)apus_identifiers.field___getnewargs_ex__; }
APUS_INLINE PyObject *id___getstate__(void) { return (PyObject *)apus_identifiers.field___getstate__; }
APUS_INLINE PyObject *id___gt__(void) { return (PyObject *)apus_identifiers.field___gt__; }
APUS_INLINE PyObject *id___hash__(void) { return (PyObject *)apus_identifiers.field___hash__; }
APUS_INLINE PyObject *id___iadd__(void) { return (PyObject *)apus_identifiers.field___iadd__; }
APUS_INLINE PyObject *id___iand__(void) { return (PyObject *)apus_identifiers.field___iand__; }
APUS_INLINE PyObject *id___ifloordiv__(void) { return (PyObject *)apus_identifiers.field___ifloordiv__; }
APUS_INLINE PyObject *id___ilshift__(void) { return (PyObject *)apus_identifiers.field___ilshift__; }
APUS_INLINE PyObject *id___imatmul__(void) { return (PyObject *)apus_identifiers.field___imatmul__; }
APUS_INLINE PyObject *id___imod__(void) { return (PyObject *)apus_identifiers.field___imod__; }
APUS_INLINE PyObject *id___import__(void) { return (PyObject *)apus_identifiers.field___import__; }
APUS_INLINE PyObject *id___imul__(void) { return (PyObject *)apus_identifiers.field___imul__; }
APUS_INLINE PyObject *id___index__(void) { return (PyObject *)apus_identifiers.field___index__; }
APUS_INLINE PyObject *id___init__(void) { return (PyObject *)apus_identifiers.field___init__; }
APUS_INLINE PyObject *id___init_subclass__(void) { return (PyObject *)apus_identifiers.field___init_subclass__; }
APUS_INLINE PyObject *id___instancecheck__(void) { return (PyObject *)apus_identifiers.field___instancecheck__; }
APUS_INLINE PyObject *id___int__(void) { return (PyObject *)apus_identifiers.field___int__; }
APUS_INLINE PyObject *id___invert__(void) { return (PyObject *)apus_identifiers.field___invert__; }
APUS_INLINE PyObject *id___ior__(void) { return (PyObject *)apus_identifiers.field___ior__; }
APUS_INLINE PyObject *id___ipow__(void) { return (PyObject *)apus_identifiers.field___ipow__; }
APUS_INLINE PyObject *id___irshift__(void) { return (PyObject *)apus_identifiers.field___irshift__; }
APUS_INLINE PyObject *id___isabstractmethod__(void) { return (PyObject *)apus_identifiers.field___isabstractmethod__; }
APUS_INLINE PyObject *id___isub__(void) { return (PyObject *)apus_identifiers.field___isub__; }
APUS_INLINE PyObject *id___iter__(void) { return (PyObject *)apus_identifiers.field___iter__; }
APUS_INLINE PyObject *id___itruediv__(void) { return (PyObject *)apus_identifiers.field___itruediv__; }
APUS_INLINE PyObject *id___ixor__(void) { return (PyObject *)apus_identifiers.field___ixor__; }
APUS_INLINE PyObject *id___kwdefaults__(void) { return (PyObject *)apus_identifiers.field___kwdefaults__; }
APUS_INLINE PyObject *id___le__(void) { return (PyObject *)apus_identifiers.field___le__; }
APUS_INLINE PyObject *id___len__(void) { return (PyObject *)apus_identifiers.field___len__; }
APUS_INLINE PyObject *id___length_hint__(void) { return (PyObject *)apus_identifiers.field___length_hint__; }
APUS_INLINE PyObject *id___loader__(void) { return (PyObject *)apus_identifiers.field___loader__; }
APUS_INLINE PyObject *id___lshift__(void) { return (PyObject *)apus_identifiers.field___lshift__; }
APUS_INLINE PyObject *id___lt__(void) { return (PyObject *)apus_identifiers.field___lt__; }
APUS_INLINE PyObject *id___main__(void) { return (PyObject *)apus_identifiers.field___main__; }
APUS_INLINE PyObject *id___match_args__(void) { return (PyObject *)apus_identifiers.field___match_args__; }
APUS_INLINE PyObject *id___matmul__(void) { return (PyObject *)apus_identifiers.field___matmul__; }
APUS_INLINE PyObject *id___missing__(void) { return (PyObject *)apus_identifiers.field___missing__; }
APUS_INLINE PyObject *id___mod__(void) { return (PyObject *)apus_identifiers.field___mod__; }
APUS_INLINE PyObject *id___module__(void) { return (PyObject *)apus_identifiers.field___module__; }
APUS_INLINE PyObject *id___mro_entries__(void) { return (PyObject *)apus_identifiers.field___mro_entries__; }
APUS_INLINE PyObject *id___mul__(void) { return (PyObject *)apus_identifiers.field___mul__; }
APUS_INLINE PyObject *id___name__(void) { return (PyObject *)apus_identifiers.field___name__; }
APUS_INLINE PyObject *id___ne__(void) { return (PyObject *)apus_identifiers.field___ne__; }
APUS_INLINE PyObject *id___neg__(void) { return (PyObject *)apus_identifiers.field___neg__; }
APUS_INLINE PyObject *id___new__(void) { return (PyObject *)apus_identifiers.field___new__; }
APUS_INLINE PyObject *id___next__(void) { return (PyObject *)apus_identifiers.field___next__; }
APUS_INLINE PyObject *id___notes__(void) { return (PyObject *)apus_identifiers.field___notes__; }
APUS_INLINE PyObject *id___objclass__(void) { return (PyObject *)apus_identifiers.field___objclass__; }
APUS_INLINE PyObject *id___or__(void) { return (PyObject *)apus_identifiers.field___or__; }
APUS_INLINE PyObject *id___orig_bases__(void) { return (PyObject *)apus_identifiers.field___orig_bases__; }
APUS_INLINE PyObject *id___orig_class__(void) { return (PyObject *)apus_identifiers.field___orig_class__; }
APUS_INLINE PyObject *id___origin__(void) { return (PyObject *)apus_identifiers.field___origin__; }
APUS_INLINE PyObject *id___package__(void) { return (PyObject *)apus_identifiers.field___package__; }
APUS_INLINE PyObject *id___parameters__(void) { return (PyObject *)apus_identifiers.field___parameters__; }
APUS_INLINE PyObject *id___path__(void) { return (PyObject *)apus_identifiers.field___path__; }
APUS_INLINE PyObject *id___pos__(void) { return (PyObject *)apus_identifiers.field___pos__; }
APUS_INLINE PyObject *id___pow__(void) { return (PyObject *)apus_identifiers.field___pow__; }
APUS_INLINE PyObject *id___prepare__(void) { return (PyObject *)apus_identifiers.field___prepare__; }
APUS_INLINE PyObject *id___qualname__(void) { return (PyObject *)apus_identifiers.field___qualname__; }
APUS_INLINE PyObject *id___radd__(void) { return (PyObject *)apus_identifiers.field___radd__; }
APUS_INLINE PyObject *id___rand__(void) { return (PyObject *)apus_identifiers.field___rand__; }
APUS_INLINE PyObject *id___rdivmod__(void) { return (PyObject *)apus_identifiers.field___rdivmod__; }
APUS_INLINE PyObject *id___reduce__(void) { return (PyObject *)apus_identifiers.field___reduce__; }
APUS_INLINE PyObject *id___reduce_ex__(void) { return (PyObject *)apus_identifiers.field___reduce_ex__; }
APUS_INLINE PyObject *id___release_buffer__(void) { return (PyObject *)apus_identifiers.field___release_buffer__; }
APUS_INLINE PyObject *id___repr__(void) { return (PyObject *)apus_identifiers.field___repr__; }
APUS_INLINE PyObject *id___reversed__(void) { return (PyObject *)apus_identifiers.field___reversed__; }
APUS_INLINE PyObject *id___rfloordiv__(void) { return (PyObject *)apus_identifiers.field___rfloordiv__; }
APUS_INLINE PyObject *id___rlshift__(void) { return (PyObject *)apus_identifiers.field___rlshift__; }
APUS_INLINE PyObject *id___rmatmul__(void) { return (PyObject *)apus_identifiers.field___rmatmul__; }
APUS_INLINE PyObject *id___rmod__(void) { return (PyObject *)apus_identifiers.field___rmod__; }
APUS_INLINE PyObject *id___rmul__(void) { return (PyObject *)apus_identifiers.field___rmul__; }
APUS_INLINE PyObject *id___ror__(void) { return (PyObject *)apus_identifiers.field___ror__; }
APUS_INLINE PyObject *id___round__(void) { return (PyObject *)apus_identifiers.field___round__; }
APUS_INLINE PyObject *id___rpow__(void) { return (PyObject *)apus_identifiers.field___rpow__; }
APUS_INLINE PyObject *id___rrshift__(void) { return (PyObject *)apus_identifiers.field___rrshift__; }
APUS_INLINE PyObject *id___rshift__(void) { return (PyObject *)apus_identifiers.field___rshift__; }
APUS_INLINE PyObject *id___rsub__(void) { return (PyObject *)apus_identifiers.field___rsub__; }
APUS_INLINE PyObject *id___rtruediv__(void) { return (PyObject *)apus_identifiers.field___rtruediv__; }
APUS_INLINE PyObject *id___rxor__(void) { return (PyObject *)apus_identifiers.field___rxor__; }
APUS_INLINE PyObject *id___self__(void) { return (PyObject *)apus_identifiers.field___self__; }
APUS_INLINE PyObject *id___set__(void) { return (PyObject *)apus_identifiers.field___set__; }
APUS_INLINE PyObject *id___set_name__(void) { return (PyObject *)apus_identifiers.field___set_name__; }
APUS_INLINE PyObject *id___setattr__(void) { return (PyObject *)apus_identifiers.field___setattr__; }
APUS_INLINE PyObject *id___setitem__(void) { return (PyObject *)apus_identifiers.field___setitem__; }
APUS_INLINE PyObject *id___setstate__(void) { return (PyObject *)apus_identifiers.field___setstate__; }
APUS_INLINE PyObject *id___signature__(void) { return (PyObject *)apus_identifiers.field___signature__; }
APUS_INLINE PyObject *id___sizeof__(void) { return (PyObject *)apus_identifiers.field___sizeof__; }
APUS_INLINE PyObject *id___slotnames__(void) { return (PyObject *)apus_identifiers.field___slotnames__; }
APUS_INLINE PyObject *id___slots__(void) { return (PyObject *)apus_identifiers.field___slots__; }
APUS_INLINE PyObject *id___spec__(void) { return (PyObject *)apus_identifiers.field___spec__; }
APUS_INLINE PyObject *id___static_attributes__(void) { return (PyObject *)apus_identifiers.field___static_attributes__; }
APUS_INLINE PyObject *id___str__(void) { return (PyObject *)apus_identifiers.field___str__; }
APUS_INLINE PyObject *id___sub__(void) { return (PyObject *)apus_identifiers.field___sub__; }
APUS_INLINE PyObject *id___subclasscheck__(void) { return (PyObject *)apus_identifiers.field___subclasscheck__; }
APUS_INLINE PyObject *id___subclasshook__(void) { return (PyObject *)apus_identifiers.field___subclasshook__; }
APUS_INLINE PyObject *id___suppress_context__(void) { return (PyObject *)apus_identifiers.field___suppress_context__; }
APUS_INLINE PyObject *id___text_signature__(void) { return (PyObject *)apus_identifiers.field___text_signature__; }
APUS_INLINE PyObject *id___traceback__(void) { return (PyObject *)apus_identifiers.field___traceback__; }
APUS_INLINE PyObject *id___truediv__(void) { return (PyObject *)apus_identifiers.field___truediv__; }
APUS_INLINE PyObject *id___trunc__(void) { return (PyObject *)apus_identifiers.field___trunc__; }
APUS_INLINE PyObject *id___type_params__(void) { return (PyObject *)apus_identifiers.field___type_params__; }
APUS_INLINE PyObject *id___typing_is_unpacked_typevartuple__(void) { return (PyObject *)apus_identifiers.field___typing_is_unpacked_typevartuple__; }
APUS_INLINE PyObject *id___typing_prepare_subst__(void) { return (PyObject *)apus_identifiers.field___typing_prepare_subst__; }
APUS_INLINE PyObject *id___typing_subst__(void) { return (PyObject *)apus_identifiers.field___typing_subst__; }
APUS_INLINE PyObject *id___typing_unpacked_tuple_args__(void) { return (PyObject *)apus_identifiers.field___typing_unpacked_tuple_args__; }
APUS_INLINE PyObject *id___warningregistry__(void) { return (PyObject *)apus_identifiers.field___warningregistry__; }
APUS_INLINE PyObject *id___weakref__(void) { return (PyObject *)apus_identifiers.field___weakref__; }
APUS_INLINE PyObject *id___wrapped__(void) { return (PyObject *)apus_identifiers.field___wrapped__; }
APUS_INLINE PyObject *id___xor__(void) { return (PyObject *)apus_identifiers.field___xor__; }
APUS_INLINE PyObject *id_add_note(void) { return (PyObject *)apus_identifiers.field_add_note; }
APUS_INLINE PyObject *id__initializing(void) { return (PyObject *)apus_identifiers.field__initializing; }
APUS_INLINE PyObject *id__is_text_encoding(void) { return (PyObject *)apus_identifiers.field__is_text_encoding; }
APUS_INLINE PyObject *id__slotnames(void) { return (PyObject *)apus_identifiers.field__slotnames; }
APUS_INLINE PyObject *id__uninitialized_submodules(void) { return (PyObject *)apus_identifiers.field__uninitialized_submodules; }
APUS_INLINE PyObject *id__abc_impl(void) { return (PyObject *)apus_identifiers.field__abc_impl; }
APUS_INLINE PyObject *id_args(void) { return (PyObject *)apus_identifiers.field_args; }
APUS_INLINE PyObject *id_builtins(void) { return (PyObject *)apus_identifiers.field_builtins; }
APUS_INLINE PyObject *id_close(void) { return (PyObject *)apus_identifiers.field_close; }
APUS_INLINE PyObject *id_code(void) { return (PyObject *)apus_identifiers.field_code; }
APUS_INLINE PyObject *id_copy(void) { return (PyObject *)apus_identifiers.field_copy; }
APUS_INLINE PyObject *id_copyreg(void) { return (PyObject *)apus_identifiers.field_copyreg; }
APUS_INLINE PyObject *id_derive(void) { return (PyObject *)apus_identifiers.field_derive; }
APUS_INLINE PyObject *id_encoding(void) { return (PyObject *)apus_identifiers.field_encoding; }
APUS_INLINE PyObject *id_end_lineno(void) { return (PyObject *)apus_identifiers.field_end_lineno; }
APUS_INLINE PyObject *id_end_offset(void) { return (PyObject *)apus_identifiers.field_end_offset; }
APUS_INLINE PyObject *id_errors(void) { return (PyObject *)apus_identifiers.field_errors; }
APUS_INLINE PyObject *id_excepthook(void) { return (PyObject *)apus_identifiers.field_excepthook; }
APUS_INLINE PyObject *id_fdel(void) { return (PyObject *)apus_identifiers.field_fdel; }
APUS_INLINE PyObject *id_fget(void) { return (PyObject *)apus_identifiers.field_fget; }
APUS_INLINE PyObject *id_filename(void) { return (PyObject *)apus_identifiers.field_filename; }
APUS_INLINE PyObject *id_flush(void) { return (PyObject *)apus_identifiers.field_flush; }
APUS_INLINE PyObject *id_fset(void) { return (PyObject *)apus_identifiers.field_fset; }
APUS_INLINE PyObject *id_get(void) { return (PyObject *)apus_identifiers.field_get; }
APUS_INLINE PyObject *id_items(void) { return (PyObject *)apus_identifiers.field_items; }
APUS_INLINE PyObject *id_keys(void) { return (PyObject *)apus_identifiers.field_keys; }
APUS_INLINE PyObject *id_lineno(void) { return (PyObject *)apus_identifiers.field_lineno; }
APUS_INLINE PyObject *id_metaclass(void) { return (PyObject *)apus_identifiers.field_metaclass; }
APUS_INLINE PyObject *id_mro(void) { return (PyObject *)apus_identifiers.field_mro; }
APUS_INLINE PyObject *id_msg(void) { return (PyObject *)apus_identifiers.field_msg; }
APUS_INLINE PyObject *id_n_fields(void) { return (PyObject *)apus_identifiers.field_n_fields; }
APUS_INLINE PyObject *id_n_sequence_fields(void) { return (PyObject *)apus_identifiers.field_n_sequence_fields; }
APUS_INLINE PyObject *id_n_unnamed_fields(void) { return (PyObject *)apus_identifiers.field_n_unnamed_fields; }
APUS_INLINE PyObject *id_name(void) { return (PyObject *)apus_identifiers.field_name; }
APUS_INLINE PyObject *id_obj(void) { return (PyObject *)apus_identifiers.field_obj; }
APUS_INLINE PyObject *id_offset(void) { return (PyObject *)apus_identifiers.field_offset; }
APUS_INLINE PyObject *id_origin(void) { return (PyObject *)apus_identifiers.field_origin; }
APUS_INLINE PyObject *id_path(void) { return (PyObject *)apus_identifiers.field_path; }
APUS_INLINE PyObject *id_print_file_and_line(void) { return (PyObject *)apus_identifiers.field_print_file_and_line; }
APUS_INLINE PyObject *id_read(void) { return (PyObject *)apus_identifiers.field_read; }
APUS_INLINE PyObject *id_readline(void) { return (PyObject *)apus_identifiers.field_readline; }
APUS_INLINE PyObject *id_release(void) { return (PyObject *)apus_identifiers.field_release; }
APUS_INLINE PyObject *id_send(void) { return (PyObject *)apus_identifiers.field_send; }
APUS_INLINE PyObject *id_stderr(void) { return (PyObject *)apus_identifiers.field_stderr; }
APUS_INLINE PyObject *id_stdin(void) { return (PyObject *)apus_identifiers.field_stdin; }
APUS_INLINE PyObject *id_stdout(void) { return (PyObject *)apus_identifiers.field_stdout; }
APUS_INLINE PyObject *id_strict(void) { return (PyObject *)apus_identifiers.field_strict; }
APUS_INLINE PyObject *id_sys(void) { return (PyObject *)apus_identifiers.field_sys; }
APUS_INLINE PyObject *id_text(void) { return (PyObject *)apus_identifiers.field_text; }
APUS_INLINE PyObject *id_throw(void) { return (PyObject *)apus_identifiers.field_throw; }
APUS_INLINE PyObject *id_unraisablehook(void) { return (PyObject *)apus_identifiers.field_unraisablehook; }
APUS_INLINE PyObject *id_value(void) { return (PyObject *)apus_identifiers.field_value; }
APUS_INLINE PyObject *id_values(void) { return (PyObject *)apus_identifiers.field_values; }
APUS_INLINE PyObject *id_warn_explicit(void) { return (PyObject *)apus_identifiers.field_warn_explicit; }
APUS_INLINE PyObject *id_warnings(void) { return (PyObject *)apus_identifiers.field_warnings; }
APUS_INLINE PyObject *id_write(void) { return (PyObject *)apus_identifiers.field_write; }

#pragma clang assume_nonnull end
#endif
