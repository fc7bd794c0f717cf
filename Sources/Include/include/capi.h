// The C API: what extension modules bind to and what the targets of the object model call across
// type boundaries. Implemented in Swift beside the type each function belongs to
// (`@c @implementation`). Prototypes: CPython 3.13's documented interface.
#ifndef APUS_CAPI_H
#define APUS_CAPI_H
#include "object.h"
#include "numberobjects.h"
#include "stringobjects.h"
#include "containerobjects.h"
#include "callobjects.h"
#include "iteratorobjects.h"
#include "frameobjects.h"
#include "pystate.h"
#include <stdarg.h>
#pragma clang assume_nonnull begin

typedef int PyGILState_STATE;
typedef int PyMemAllocatorDomain;

typedef struct PyStructSequence_Field {
  const char *_Nullable name;
  const char *_Nullable doc;
} PyStructSequence_Field;

typedef struct PyStructSequence_Desc {
  const char *name;
  const char *_Nullable doc;
  PyStructSequence_Field *fields;
  int n_in_sequence;
} PyStructSequence_Desc;

// abstract.h
int PyAIter_Check(PyObject *);
int PyIndex_Check(PyObject *);
int PyIter_Check(PyObject *);
PyObject *_Nullable PyIter_Next(PyObject *);
PySendResult PyIter_Send(PyObject *, PyObject *, PyObject *_Nullable *_Nonnull);
int PyMapping_Check(PyObject *_Nullable o);
PyObject *_Nullable PyMapping_GetItemString(PyObject *o, const char *key);
int PyMapping_GetOptionalItem(PyObject *, PyObject *, PyObject *_Nullable *_Nonnull);
int PyMapping_GetOptionalItemString(PyObject *, const char *, PyObject *_Nullable *_Nonnull);
int PyMapping_HasKey(PyObject *o, PyObject *key);
int PyMapping_HasKeyString(PyObject *o, const char *key);
int PyMapping_HasKeyStringWithError(PyObject *o, const char *key);
int PyMapping_HasKeyWithError(PyObject *o, PyObject *key);
PyObject *_Nullable PyMapping_Items(PyObject *o);
PyObject *_Nullable PyMapping_Keys(PyObject *o);
Py_ssize_t PyMapping_Length(PyObject *o);
int PyMapping_SetItemString(PyObject *o, const char *key, PyObject *value);
Py_ssize_t PyMapping_Size(PyObject *o);
PyObject *_Nullable PyMapping_Values(PyObject *o);
PyObject *_Nullable PyNumber_Absolute(PyObject *o);
PyObject *_Nullable PyNumber_Add(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_And(PyObject *o1, PyObject *o2);
Py_ssize_t PyNumber_AsSsize_t(PyObject *o, PyObject *_Nullable exc);
int PyNumber_Check(PyObject *_Nullable o);
PyObject *_Nullable PyNumber_Divmod(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_Float(PyObject *o);
PyObject *_Nullable PyNumber_FloorDivide(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_InPlaceAdd(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_InPlaceAnd(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_InPlaceFloorDivide(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_InPlaceLshift(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_InPlaceMatrixMultiply(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_InPlaceMultiply(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_InPlaceOr(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_InPlacePower(PyObject *o1, PyObject *o2, PyObject *o3);
PyObject *_Nullable PyNumber_InPlaceRemainder(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_InPlaceRshift(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_InPlaceSubtract(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_InPlaceTrueDivide(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_InPlaceXor(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_Index(PyObject *o);
PyObject *_Nullable PyNumber_Invert(PyObject *o);
PyObject *_Nullable PyNumber_Long(PyObject *o);
PyObject *_Nullable PyNumber_Lshift(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_MatrixMultiply(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_Multiply(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_Negative(PyObject *o);
PyObject *_Nullable PyNumber_Or(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_Positive(PyObject *o);
PyObject *_Nullable PyNumber_Power(PyObject *o1, PyObject *o2, PyObject *o3);
PyObject *_Nullable PyNumber_Remainder(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_Rshift(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_Subtract(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_ToBase(PyObject *n, int base);
PyObject *_Nullable PyNumber_TrueDivide(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyNumber_Xor(PyObject *o1, PyObject *o2);
PyObject *_Nullable PyObject_Call(PyObject *callable, PyObject *args, PyObject *_Nullable kwargs);
PyObject *_Nullable PyObject_CallNoArgs(PyObject *func);
PyObject *_Nullable PyObject_CallObject(PyObject *callable, PyObject *_Nullable args);
int PyObject_DelItem(PyObject *o, PyObject *key);
int PyObject_DelItemString(PyObject *o, const char *key);
PyObject *_Nullable PyObject_Format(PyObject *obj, PyObject *_Nullable format_spec);
PyObject *_Nullable PyObject_GetAIter(PyObject *);
PyObject *_Nullable PyObject_GetItem(PyObject *o, PyObject *key);
PyObject *_Nullable PyObject_GetIter(PyObject *);
int PyObject_IsInstance(PyObject *object, PyObject *typeorclass);
int PyObject_IsSubclass(PyObject *object, PyObject *typeorclass);
Py_ssize_t PyObject_Length(PyObject *o);
int PyObject_SetItem(PyObject *o, PyObject *key, PyObject *v);
Py_ssize_t PyObject_Size(PyObject *o);
PyObject *_Nullable PyObject_Type(PyObject *o);
PyObject *_Nullable PyObject_Vectorcall(PyObject *callable, PyObject *_Nonnull const *_Nullable args, size_t nargsf, PyObject *_Nullable kwnames);
PyObject *_Nullable PyObject_VectorcallMethod(PyObject *name, PyObject *_Nonnull const *_Nullable args, size_t nargsf, PyObject *_Nullable kwnames);
int PySequence_Check(PyObject *_Nullable o);
PyObject *_Nullable PySequence_Concat(PyObject *o1, PyObject *o2);
int PySequence_Contains(PyObject *seq, PyObject *ob);
Py_ssize_t PySequence_Count(PyObject *o, PyObject *value);
int PySequence_DelItem(PyObject *o, Py_ssize_t i);
int PySequence_DelSlice(PyObject *o, Py_ssize_t i1, Py_ssize_t i2);
PyObject *_Nullable PySequence_Fast(PyObject *o, const char *m);
PyObject *_Nullable PySequence_GetItem(PyObject *o, Py_ssize_t i);
PyObject *_Nullable PySequence_GetSlice(PyObject *o, Py_ssize_t i1, Py_ssize_t i2);
int PySequence_In(PyObject *o, PyObject *value);
PyObject *_Nullable PySequence_InPlaceConcat(PyObject *o1, PyObject *o2);
PyObject *_Nullable PySequence_InPlaceRepeat(PyObject *o, Py_ssize_t count);
Py_ssize_t PySequence_Index(PyObject *o, PyObject *value);
Py_ssize_t PySequence_Length(PyObject *o);
PyObject *_Nullable PySequence_List(PyObject *o);
PyObject *_Nullable PySequence_Repeat(PyObject *o, Py_ssize_t count);
int PySequence_SetItem(PyObject *o, Py_ssize_t i, PyObject *v);
int PySequence_SetSlice(PyObject *o, Py_ssize_t i1, Py_ssize_t i2, PyObject *_Nullable v);
Py_ssize_t PySequence_Size(PyObject *o);
PyObject *_Nullable PySequence_Tuple(PyObject *o);
PyObject *_Nullable PyVectorcall_Call(PyObject *callable, PyObject *tuple, PyObject *_Nullable dict);

// boolobject.h
PyObject *_Nullable PyBool_FromLong(long);
int Py_IsFalse(PyObject *x);
int Py_IsTrue(PyObject *x);

// bytearrayobject.h
char *_Nullable PyByteArray_AsString(PyObject *);
PyObject *_Nullable PyByteArray_Concat(PyObject *, PyObject *);
PyObject *_Nullable PyByteArray_FromObject(PyObject *);
PyObject *_Nullable PyByteArray_FromStringAndSize(const char *_Nullable, Py_ssize_t);
int PyByteArray_Resize(PyObject *, Py_ssize_t);
Py_ssize_t PyByteArray_Size(PyObject *);

// bytesobject.h
char *_Nullable PyBytes_AsString(PyObject *);
int PyBytes_AsStringAndSize(PyObject *obj, char *_Nullable *_Nonnull s, Py_ssize_t *_Nullable len);
void PyBytes_Concat(PyObject *_Nullable *_Nonnull, PyObject *_Nullable);
void PyBytes_ConcatAndDel(PyObject *_Nullable *_Nonnull, PyObject *_Nullable);
PyObject *_Nullable PyBytes_DecodeEscape(const char *, Py_ssize_t, const char *_Nullable, Py_ssize_t, const char *_Nullable);
PyObject *_Nullable PyBytes_FromObject(PyObject *);
PyObject *_Nullable PyBytes_FromString(const char *);
PyObject *_Nullable PyBytes_FromStringAndSize(const char *_Nullable, Py_ssize_t);
PyObject *_Nullable PyBytes_Repr(PyObject *, int);
Py_ssize_t PyBytes_Size(PyObject *);

// ceval.h
void PyEval_AcquireThread(PyThreadState *tstate);
PyObject *_Nullable PyEval_EvalCode(PyObject *, PyObject *, PyObject *_Nullable);
PyObject *_Nullable PyEval_EvalCodeEx(PyObject *co, PyObject *_Nullable globals, PyObject *_Nullable locals, PyObject *_Nonnull const *_Nullable args, int argc, PyObject *_Nonnull const *_Nullable kwds, int kwdc, PyObject *_Nonnull const *_Nullable defs, int defc, PyObject *_Nullable kwdefs, PyObject *_Nullable closure);
PyObject *_Nullable PyEval_EvalFrame(PyFrameObject *);
PyObject *_Nullable PyEval_EvalFrameEx(PyFrameObject *f, int exc);
PyObject *_Nullable PyEval_GetBuiltins(void);
PyFrameObject *_Nullable PyEval_GetFrame(void);
PyObject *_Nullable PyEval_GetFrameBuiltins(void);
PyObject *_Nullable PyEval_GetFrameGlobals(void);
PyObject *_Nullable PyEval_GetFrameLocals(void);
const char *_Nullable PyEval_GetFuncDesc(PyObject *);
const char *_Nullable PyEval_GetFuncName(PyObject *);
PyObject *_Nullable PyEval_GetGlobals(void);
PyObject *_Nullable PyEval_GetLocals(void);
void PyEval_InitThreads(void);
void PyEval_ReleaseThread(PyThreadState *tstate);
void PyEval_RestoreThread(PyThreadState *);
PyThreadState *_Nullable PyEval_SaveThread(void);
int Py_EnterRecursiveCall(const char *where);
int Py_GetRecursionLimit(void);
void Py_LeaveRecursiveCall(void);
int Py_MakePendingCalls(void);
void Py_SetRecursionLimit(int);

// codecs.h
PyObject *_Nullable PyCodec_BackslashReplaceErrors(PyObject *exc);
PyObject *_Nullable PyCodec_Decode(PyObject *object, const char *_Nullable encoding, const char *_Nullable errors);
PyObject *_Nullable PyCodec_Decoder(const char *_Nullable encoding);
PyObject *_Nullable PyCodec_Encode(PyObject *object, const char *_Nullable encoding, const char *_Nullable errors);
PyObject *_Nullable PyCodec_Encoder(const char *_Nullable encoding);
PyObject *_Nullable PyCodec_IgnoreErrors(PyObject *exc);
PyObject *_Nullable PyCodec_IncrementalDecoder(const char *_Nullable encoding, const char *_Nullable errors);
PyObject *_Nullable PyCodec_IncrementalEncoder(const char *_Nullable encoding, const char *_Nullable errors);
int PyCodec_KnownEncoding(const char *_Nullable encoding);
PyObject *_Nullable PyCodec_LookupError(const char *_Nullable name);
PyObject *_Nullable _PyCodec_Lookup(const char *encoding);
PyObject *_Nullable PyCodec_NameReplaceErrors(PyObject *exc);
int PyCodec_Register(PyObject *search_function);
int PyCodec_RegisterError(const char *name, PyObject *error);
PyObject *_Nullable PyCodec_ReplaceErrors(PyObject *exc);
PyObject *_Nullable PyCodec_StreamReader(const char *_Nullable encoding, PyObject *stream, const char *_Nullable errors);
PyObject *_Nullable PyCodec_StreamWriter(const char *_Nullable encoding, PyObject *stream, const char *_Nullable errors);
PyObject *_Nullable PyCodec_StrictErrors(PyObject *exc);
int PyCodec_Unregister(PyObject *search_function);
PyObject *_Nullable PyCodec_XMLCharRefReplaceErrors(PyObject *exc);

// complexobject.h
PyObject *_Nullable PyComplex_FromDoubles(double real, double imag);
double PyComplex_ImagAsDouble(PyObject *op);
double PyComplex_RealAsDouble(PyObject *op);

// cpython/abstract.h
PyObject *_Nullable PyObject_CallOneArg(PyObject *func, PyObject *arg);
Py_ssize_t PyObject_LengthHint(PyObject *o, Py_ssize_t);
PyObject *_Nullable PyObject_VectorcallDict(PyObject *callable, PyObject *_Nonnull const *_Nullable args, size_t nargsf, PyObject *_Nullable kwargs);
vectorcallfunc _Nullable PyVectorcall_Function(PyObject *callable);
PyObject *_Nullable _PyStack_AsDict(PyObject *_Nonnull const *_Nullable values, PyObject *_Nullable kwnames);

// cpython/bytesobject.h
PyObject *_Nullable _PyBytes_Join(PyObject *sep, PyObject *x);
int _PyBytes_Resize(PyObject *_Nullable *_Nonnull, Py_ssize_t);

// cpython/cellobject.h
PyObject *_Nullable PyCell_Get(PyObject *);
PyObject *_Nullable PyCell_New(PyObject *_Nullable);
int PyCell_Set(PyObject *, PyObject *_Nullable);

// cpython/ceval.h
void PyEval_SetProfile(Py_tracefunc _Nullable, PyObject *_Nullable);
void PyEval_SetProfileAllThreads(Py_tracefunc _Nullable, PyObject *);
void PyEval_SetTrace(Py_tracefunc _Nullable, PyObject *_Nullable);
void PyEval_SetTraceAllThreads(Py_tracefunc _Nullable, PyObject *);
int _PyEval_SliceIndex(PyObject *, Py_ssize_t *_Nullable);
int _PyEval_SliceIndexNotNone(PyObject *, Py_ssize_t *_Nullable);

// cpython/classobject.h
PyObject *_Nullable PyInstanceMethod_Function(PyObject *);
PyObject *_Nullable PyInstanceMethod_New(PyObject *);
PyObject *_Nullable PyMethod_Function(PyObject *);
PyObject *_Nullable PyMethod_New(PyObject *, PyObject *);
PyObject *_Nullable PyMethod_Self(PyObject *);

// cpython/code.h
int PyCode_Addr2Line(PyCodeObject *, int);
int PyCode_Addr2Location(PyCodeObject *, int, int *_Nullable, int *_Nullable, int *_Nullable, int *_Nullable);
int PyCode_ClearWatcher(int watcher_id);
PyObject *_Nullable PyCode_GetCellvars(PyCodeObject *code);
PyObject *_Nullable PyCode_GetCode(PyCodeObject *code);
PyObject *_Nullable PyCode_GetFreevars(PyCodeObject *code);
PyObject *_Nullable PyCode_GetVarnames(PyCodeObject *code);
PyCodeObject *_Nullable PyCode_NewEmpty(const char *_Nullable filename, const char *funcname, int firstlineno);
PyObject *_Nullable PyCode_Optimize(PyObject *code, PyObject *consts, PyObject *names, PyObject *lnotab);
int PyUnstable_Code_GetExtra(PyObject *code, Py_ssize_t index, void *_Nullable *_Nonnull extra);
PyCodeObject *_Nullable PyUnstable_Code_New(int, int, int, int, int, PyObject *, PyObject *, PyObject *, PyObject *, PyObject *, PyObject *, PyObject *, PyObject *, PyObject *, int, PyObject *, PyObject *);
PyCodeObject *_Nullable PyUnstable_Code_NewWithPosOnlyArgs(int, int, int, int, int, int, PyObject *, PyObject *, PyObject *, PyObject *, PyObject *, PyObject *, PyObject *, PyObject *, PyObject *, int, PyObject *, PyObject *);
int PyUnstable_Code_SetExtra(PyObject *code, Py_ssize_t index, void *_Nullable extra);
PyObject *_Nullable _PyCode_ConstantKey(PyObject *obj);

// cpython/compile.h
int PyCompile_OpcodeStackEffect(int opcode, int oparg);
int PyCompile_OpcodeStackEffectWithJump(int opcode, int oparg, int jump);

// cpython/complexobject.h
Py_complex PyComplex_AsCComplex(PyObject *op);
PyObject *_Nullable PyComplex_FromCComplex(Py_complex);
double _Py_c_abs(Py_complex);
Py_complex _Py_c_diff(Py_complex, Py_complex);
Py_complex _Py_c_neg(Py_complex);
Py_complex _Py_c_pow(Py_complex, Py_complex);
Py_complex _Py_c_prod(Py_complex, Py_complex);
Py_complex _Py_c_quot(Py_complex, Py_complex);
Py_complex _Py_c_sum(Py_complex, Py_complex);

// cpython/context.h
int PyContextVar_Get(PyObject *var, PyObject *_Nullable default_value, PyObject *_Nullable *_Nonnull value);
PyObject *_Nullable PyContextVar_New(const char *name, PyObject *_Nullable default_value);
int PyContextVar_Reset(PyObject *var, PyObject *token);
PyObject *_Nullable PyContextVar_Set(PyObject *var, PyObject *value);
PyObject *_Nullable PyContext_Copy(PyObject *);
PyObject *_Nullable PyContext_CopyCurrent(void);
int PyContext_Enter(PyObject *);
int PyContext_Exit(PyObject *);
PyObject *_Nullable PyContext_New(void);

// cpython/descrobject.h
int PyDescr_IsData(PyObject *);

// cpython/dictobject.h
int PyDict_ClearWatcher(int watcher_id);
int PyDict_ContainsString(PyObject *mp, const char *key);
int PyDict_Pop(PyObject *dict, PyObject *key, PyObject *_Nullable *_Nullable result);
int PyDict_PopString(PyObject *dict, const char *key, PyObject *_Nullable *_Nullable result);
PyObject *_Nullable PyDict_SetDefault(PyObject *mp, PyObject *key, PyObject *_Nullable defaultobj);
int PyDict_SetDefaultRef(PyObject *mp, PyObject *key, PyObject *_Nullable default_value, PyObject *_Nullable *_Nullable result);
int PyDict_Unwatch(int watcher_id, PyObject *dict);
int PyDict_Watch(int watcher_id, PyObject *dict);
PyObject *_Nullable _PyDict_GetItemStringWithError(PyObject *, const char *);
PyObject *_Nullable _PyDict_GetItem_KnownHash(PyObject *mp, PyObject *key, Py_hash_t hash);
PyObject *_Nullable _PyDict_NewPresized(Py_ssize_t minused);
PyObject *_Nullable _PyDict_Pop(PyObject *dict, PyObject *key, PyObject *_Nullable default_value);

// cpython/fileobject.h
PyObject *_Nullable PyFile_NewStdPrinter(int);
PyObject *_Nullable PyFile_OpenCode(const char *utf8path);
PyObject *_Nullable PyFile_OpenCodeObject(PyObject *path);

// cpython/floatobject.h
int PyFloat_Pack2(double x, char *p, int le);
int PyFloat_Pack4(double x, char *p, int le);
int PyFloat_Pack8(double x, char *p, int le);
double PyFloat_Unpack2(const char *p, int le);
double PyFloat_Unpack4(const char *p, int le);
double PyFloat_Unpack8(const char *p, int le);

// cpython/funcobject.h
PyObject *_Nullable PyClassMethod_New(PyObject *);
int PyFunction_ClearWatcher(int watcher_id);
PyObject *_Nullable PyFunction_GetAnnotations(PyObject *);
PyObject *_Nullable PyFunction_GetClosure(PyObject *);
PyObject *_Nullable PyFunction_GetCode(PyObject *);
PyObject *_Nullable PyFunction_GetDefaults(PyObject *);
PyObject *_Nullable PyFunction_GetGlobals(PyObject *);
PyObject *_Nullable PyFunction_GetKwDefaults(PyObject *);
PyObject *_Nullable PyFunction_GetModule(PyObject *);
PyObject *_Nullable PyFunction_New(PyObject *, PyObject *);
PyObject *_Nullable PyFunction_NewWithQualName(PyObject *, PyObject *, PyObject *_Nullable);
int PyFunction_SetAnnotations(PyObject *, PyObject *_Nullable);
int PyFunction_SetClosure(PyObject *, PyObject *_Nullable);
int PyFunction_SetDefaults(PyObject *, PyObject *_Nullable);
int PyFunction_SetKwDefaults(PyObject *, PyObject *_Nullable);
PyObject *_Nullable PyStaticMethod_New(PyObject *);

// cpython/genobject.h
PyObject *_Nullable PyAsyncGen_New(PyFrameObject *, PyObject *_Nullable name, PyObject *_Nullable qualname);
PyObject *_Nullable PyCoro_New(PyFrameObject *, PyObject *_Nullable name, PyObject *_Nullable qualname);
PyObject *_Nullable PyGen_New(PyFrameObject *);
PyObject *_Nullable PyGen_NewWithQualName(PyFrameObject *, PyObject *_Nullable name, PyObject *_Nullable qualname);

// cpython/listobject.h
int PyList_Clear(PyObject *self);
int PyList_Extend(PyObject *self, PyObject *iterable);

// cpython/longobject.h
Py_ssize_t PyLong_AsNativeBytes(PyObject *v, void *_Nullable buffer, Py_ssize_t n_bytes, int flags);
PyObject *_Nullable PyLong_FromNativeBytes(const void *_Nullable buffer, size_t n_bytes, int flags);
PyObject *_Nullable PyLong_FromUnicodeObject(PyObject *u, int base);
PyObject *_Nullable PyLong_FromUnsignedNativeBytes(const void *_Nullable buffer, size_t n_bytes, int flags);
PyObject *_Nullable _PyLong_FromByteArray(const unsigned char *bytes, size_t n, int little_endian, int is_signed);
PyObject *_Nullable _PyLong_GCD(PyObject *, PyObject *);
size_t _PyLong_NumBits(PyObject *v);
int _PyLong_Sign(PyObject *v);

// cpython/monitoring.h
int PyMonitoring_ExitScope(void);

// cpython/object.h
void PyObject_CallFinalizer(PyObject *);
int PyObject_CallFinalizerFromDealloc(PyObject *);
void PyObject_ClearManagedDict(PyObject *obj);
void *_Nullable PyObject_GetItemData(PyObject *obj);
int PyObject_VisitManagedDict(PyObject *obj, visitproc visit, void *_Nullable arg);
int PyType_ClearWatcher(int watcher_id);
PyObject *_Nullable PyType_GetDict(PyTypeObject *);
int PyType_Unwatch(int watcher_id, PyObject *type);
int PyType_Watch(int watcher_id, PyObject *type);
void PyUnstable_Object_ClearWeakRefsNoCallbacks(PyObject *);
int PyUnstable_Type_AssignVersionTag(PyTypeObject *type);
void _PyObject_AssertFailed(PyObject *obj, const char *expr, const char *msg, const char *file, int line, const char *function);
void _PyObject_Dump(PyObject *);
PyObject *_Nullable _PyObject_FunctionStr(PyObject *);
PyObject *_Nullable _PyObject_GenericGetAttrWithDict(PyObject *, PyObject *, PyObject *_Nullable, int);
int _PyObject_GenericSetAttrWithDict(PyObject *, PyObject *, PyObject *_Nullable, PyObject *_Nullable);
int _PyObject_SetManagedDict(PyObject *obj, PyObject *_Nullable new_dict);
void _PyTrash_thread_deposit_object(PyThreadState *tstate, PyObject *op);
void _PyTrash_thread_destroy_chain(PyThreadState *tstate);
PyObject *_Nullable _PyType_Lookup(PyTypeObject *, PyObject *);
PyObject *_Nullable _PyType_LookupRef(PyTypeObject *, PyObject *);
const char *_Nullable _PyType_Name(PyTypeObject *);
void _Py_BreakPoint(void);
void _Py_NewReference(PyObject *op);
void _Py_NewReferenceNoTotal(PyObject *op);
void _Py_ResurrectReference(PyObject *op);

// cpython/objimpl.h
int PyObject_IS_GC(PyObject *obj);
int PyType_SUPPORTS_WEAKREFS(PyTypeObject *type);
PyObject *_Nullable PyUnstable_Object_GC_NewWithExtraData(PyTypeObject *, size_t);

// cpython/odictobject.h
int PyODict_DelItem(PyObject *od, PyObject *key);
PyObject *_Nullable PyODict_New(void);
int PyODict_SetItem(PyObject *od, PyObject *key, PyObject *item);

// cpython/picklebufobject.h
PyObject *_Nullable PyPickleBuffer_FromObject(PyObject *);
const Py_buffer *_Nullable PyPickleBuffer_GetBuffer(PyObject *);
int PyPickleBuffer_Release(PyObject *);

// cpython/pydebug.h
char *_Nullable Py_GETENV(const char *name);

// cpython/pyerrors.h
PyObject *_Nullable PyErr_ProgramTextObject(PyObject *_Nullable filename, int lineno);
void PyErr_RangedSyntaxLocationObject(PyObject *_Nullable filename, int lineno, int col_offset, int end_lineno, int end_col_offset);
void PyErr_SyntaxLocationObject(PyObject *_Nullable filename, int lineno, int col_offset);
int PySignal_SetWakeupFd(int fd);
PyObject *_Nullable PyUnstable_Exc_PrepReraiseStar(PyObject *orig, PyObject *excs);
void _PyErr_ChainExceptions1(PyObject *);
__attribute__((noreturn)) void _Py_FatalErrorFunc(const char *func, const char *message);

// cpython/pyframe.h
PyFrameObject *_Nullable PyFrame_GetBack(PyFrameObject *frame);
PyObject *_Nullable PyFrame_GetBuiltins(PyFrameObject *frame);
PyObject *_Nullable PyFrame_GetGenerator(PyFrameObject *frame);
PyObject *_Nullable PyFrame_GetGlobals(PyFrameObject *frame);
int PyFrame_GetLasti(PyFrameObject *frame);
PyFrameObject *_Nullable PyFrame_New(PyThreadState *, PyCodeObject *, PyObject *, PyObject *_Nullable);
PyObject *_Nullable PyFrame_GetLocals(PyFrameObject *frame);
PyObject *_Nullable PyFrame_GetVar(PyFrameObject *frame, PyObject *name);
PyObject *_Nullable PyFrame_GetVarString(PyFrameObject *frame, const char *name);

// cpython/pyhash.h
Py_hash_t PyObject_GenericHash(PyObject *);
Py_hash_t Py_HashPointer(const void *_Nullable ptr);
Py_hash_t _Py_HashDouble(PyObject *, double);

// cpython/pylifecycle.h
int Py_FrozenMain(int argc, char *_Nullable *_Nonnull argv);
int Py_RunMain(void);

// cpython/pymem.h
void PyMem_SetupDebugHooks(void);

// cpython/pystate.h
int PyGILState_Check(void);
PyInterpreterState *_Nullable PyInterpreterState_Head(void);
PyInterpreterState *_Nullable PyInterpreterState_Main(void);
PyInterpreterState *_Nullable PyInterpreterState_Next(PyInterpreterState *);
PyThreadState *_Nullable PyInterpreterState_ThreadHead(PyInterpreterState *);
void PyThreadState_DeleteCurrent(void);
void PyThreadState_EnterTracing(PyThreadState *tstate);
PyThreadState *_Nullable PyThreadState_GetUnchecked(void);
void PyThreadState_LeaveTracing(PyThreadState *tstate);
PyThreadState *_Nullable PyThreadState_Next(PyThreadState *);
PyObject *_Nullable PyUnstable_InterpreterState_GetMainModule(PyInterpreterState *);
void _PyInterpreterState_RequireIDRef(PyInterpreterState *, int);
int _PyInterpreterState_RequiresIDRef(PyInterpreterState *);
PyObject *_Nullable _PyThread_CurrentFrames(void);

// cpython/pythonrun.h
int PyRun_SimpleString(const char *s);
PyObject *_Nullable PyRun_String(const char *str, int s, PyObject *g, PyObject *l);

// cpython/sysmodule.h
int PyUnstable_CopyPerfMapFile(const char *parent_filename);
void PyUnstable_PerfMapState_Fini(void);
int PyUnstable_PerfMapState_Init(void);
int PyUnstable_PerfTrampoline_CompileCode(PyCodeObject *);
int PyUnstable_PerfTrampoline_SetPersistAfterFork(int enable);
int PyUnstable_WritePerfMapEntry(const void *_Nullable code_addr, unsigned int code_size, const char *entry_name);

// cpython/tupleobject.h
int _PyTuple_Resize(PyObject *_Nullable *_Nonnull, Py_ssize_t);

// cpython/unicodeobject.h
const char *_Nullable PyUnicode_AsUTF8(PyObject *unicode);
Py_ssize_t PyUnicode_CopyCharacters(PyObject *to, Py_ssize_t to_start, PyObject *from, Py_ssize_t from_start, Py_ssize_t how_many);
Py_ssize_t PyUnicode_Fill(PyObject *unicode, Py_ssize_t start, Py_ssize_t length, Py_UCS4 fill_char);
PyObject *_Nullable PyUnicode_FromKindAndData(int kind, const void *_Nullable buffer, Py_ssize_t size);
PyObject *_Nullable PyUnicode_New(Py_ssize_t size, Py_UCS4 maxchar);
void _PyUnicodeWriter_Dealloc(_PyUnicodeWriter *writer);
PyObject *_Nullable _PyUnicodeWriter_Finish(_PyUnicodeWriter *writer);
void _PyUnicodeWriter_Init(_PyUnicodeWriter *writer);
int _PyUnicodeWriter_PrepareInternal(_PyUnicodeWriter *writer, Py_ssize_t length, Py_UCS4 maxchar);
int _PyUnicodeWriter_PrepareKindInternal(_PyUnicodeWriter *writer, int kind);
int _PyUnicodeWriter_WriteASCIIString(_PyUnicodeWriter *writer, const char *str, Py_ssize_t len);
int _PyUnicodeWriter_WriteChar(_PyUnicodeWriter *writer, Py_UCS4 ch);
int _PyUnicodeWriter_WriteLatin1String(_PyUnicodeWriter *writer, const char *str, Py_ssize_t len);
int _PyUnicodeWriter_WriteStr(_PyUnicodeWriter *writer, PyObject *str);
int _PyUnicodeWriter_WriteSubstring(_PyUnicodeWriter *writer, PyObject *str, Py_ssize_t start, Py_ssize_t end);
int _PyUnicode_IsAlpha(Py_UCS4 ch);
int _PyUnicode_IsDecimalDigit(Py_UCS4 ch);
int _PyUnicode_IsDigit(Py_UCS4 ch);
int _PyUnicode_IsLinebreak(Py_UCS4 ch);
int _PyUnicode_IsLowercase(Py_UCS4 ch);
int _PyUnicode_IsNumeric(Py_UCS4 ch);
int _PyUnicode_IsPrintable(Py_UCS4 ch);
int _PyUnicode_IsTitlecase(Py_UCS4 ch);
int _PyUnicode_IsUppercase(Py_UCS4 ch);
int _PyUnicode_IsWhitespace(Py_UCS4 ch);
int _PyUnicode_ToDecimalDigit(Py_UCS4 ch);
int _PyUnicode_ToDigit(Py_UCS4 ch);
Py_UCS4 _PyUnicode_ToLowercase(Py_UCS4 ch);
double _PyUnicode_ToNumeric(Py_UCS4 ch);
Py_UCS4 _PyUnicode_ToTitlecase(Py_UCS4 ch);
Py_UCS4 _PyUnicode_ToUppercase(Py_UCS4 ch);

// cpython/warnings.h
int PyErr_WarnExplicitObject(PyObject *category, PyObject *message, PyObject *_Nullable filename, int lineno, PyObject *_Nullable module, PyObject *_Nullable registry);

// descrobject.h
PyObject *_Nullable PyDescr_NewClassMethod(PyTypeObject *, PyMethodDef *);
PyObject *_Nullable PyDescr_NewGetSet(PyTypeObject *, PyGetSetDef *);
PyObject *_Nullable PyDescr_NewMember(PyTypeObject *, PyMemberDef *);
PyObject *_Nullable PyDescr_NewMethod(PyTypeObject *, PyMethodDef *);
PyObject *_Nullable PyDictProxy_New(PyObject *);
PyObject *_Nullable PyMember_GetOne(const char *, PyMemberDef *);
int PyMember_SetOne(char *, PyMemberDef *, PyObject *_Nullable);
PyObject *_Nullable PyWrapper_New(PyObject *, PyObject *);

// dictobject.h
void PyDict_Clear(PyObject *mp);
int PyDict_Contains(PyObject *mp, PyObject *key);
PyObject *_Nullable PyDict_Copy(PyObject *mp);
int PyDict_DelItem(PyObject *mp, PyObject *key);
int PyDict_DelItemString(PyObject *dp, const char *key);
PyObject *_Nullable PyDict_GetItem(PyObject *mp, PyObject *key);
int PyDict_GetItemRef(PyObject *mp, PyObject *key, PyObject *_Nullable *_Nonnull result);
PyObject *_Nullable PyDict_GetItemString(PyObject *dp, const char *key);
int PyDict_GetItemStringRef(PyObject *mp, const char *key, PyObject *_Nullable *_Nonnull result);
PyObject *_Nullable PyDict_GetItemWithError(PyObject *mp, PyObject *key);
PyObject *_Nullable PyDict_Items(PyObject *mp);
PyObject *_Nullable PyDict_Keys(PyObject *mp);
int PyDict_Merge(PyObject *mp, PyObject *other, int override);
int PyDict_MergeFromSeq2(PyObject *d, PyObject *seq2, int override);
PyObject *_Nullable PyDict_New(void);
int PyDict_Next(PyObject *mp, Py_ssize_t *_Nonnull pos, PyObject *_Nullable *_Nullable key, PyObject *_Nullable *_Nullable value);
int PyDict_SetItem(PyObject *mp, PyObject *key, PyObject *item);
int PyDict_SetItemString(PyObject *dp, const char *key, PyObject *item);
Py_ssize_t PyDict_Size(PyObject *mp);
int PyDict_Update(PyObject *mp, PyObject *other);
PyObject *_Nullable PyDict_Values(PyObject *mp);
PyObject *_Nullable PyObject_GenericGetDict(PyObject *, void *_Nullable);

// fileobject.h
PyObject *_Nullable PyFile_FromFd(int fd, const char *_Nullable name, const char *_Nullable mode, int buffering, const char *_Nullable encoding, const char *_Nullable errors, const char *_Nullable newline, int closefd);
PyObject *_Nullable PyFile_GetLine(PyObject *, int);
int PyFile_WriteObject(PyObject *, PyObject *, int);
int PyFile_WriteString(const char *, PyObject *);
int PyObject_AsFileDescriptor(PyObject *);

// floatobject.h
double PyFloat_AsDouble(PyObject *_Nullable);
PyObject *_Nullable PyFloat_FromDouble(double);
PyObject *_Nullable PyFloat_FromString(PyObject *);
PyObject *_Nullable PyFloat_GetInfo(void);
double PyFloat_GetMax(void);
double PyFloat_GetMin(void);

// genericaliasobject.h
PyObject *_Nullable Py_GenericAlias(PyObject *, PyObject *);

// import.h
PyObject *_Nullable PyImport_AddModule(const char *name);
PyObject *_Nullable PyImport_AddModuleObject(PyObject *name);
PyObject *_Nullable PyImport_AddModuleRef(const char *name);
PyObject *_Nullable PyImport_ExecCodeModule(const char *name, PyObject *co);
PyObject *_Nullable PyImport_ExecCodeModuleEx(const char *name, PyObject *co, const char *_Nullable pathname);
PyObject *_Nullable PyImport_ExecCodeModuleObject(PyObject *name, PyObject *co, PyObject *_Nullable pathname, PyObject *_Nullable cpathname);
PyObject *_Nullable PyImport_ExecCodeModuleWithPathnames(const char *name, PyObject *co, const char *_Nullable pathname, const char *_Nullable cpathname);
PyObject *_Nullable PyImport_GetImporter(PyObject *path);
long PyImport_GetMagicNumber(void);
const char *_Nullable PyImport_GetMagicTag(void);
PyObject *_Nullable PyImport_GetModule(PyObject *name);
PyObject *_Nullable PyImport_GetModuleDict(void);
PyObject *_Nullable PyImport_Import(PyObject *name);
int PyImport_ImportFrozenModule(const char *name);
int PyImport_ImportFrozenModuleObject(PyObject *name);
PyObject *_Nullable PyImport_ImportModule(const char *name);
PyObject *_Nullable PyImport_ImportModuleLevel(const char *name, PyObject *_Nullable globals, PyObject *_Nullable locals, PyObject *_Nullable fromlist, int level);
PyObject *_Nullable PyImport_ImportModuleLevelObject(PyObject *name, PyObject *_Nullable globals, PyObject *_Nullable locals, PyObject *_Nullable fromlist, int level);
PyObject *_Nullable PyImport_ImportModuleNoBlock(const char *name);
PyObject *_Nullable PyImport_ReloadModule(PyObject *m);

// intrcheck.h
void PyOS_AfterFork(void);
void PyOS_AfterFork_Child(void);
void PyOS_AfterFork_Parent(void);
void PyOS_BeforeFork(void);
int PyOS_InterruptOccurred(void);

// iterobject.h
PyObject *_Nullable PyCallIter_New(PyObject *, PyObject *);
PyObject *_Nullable PySeqIter_New(PyObject *);

// listobject.h
int PyList_Append(PyObject *, PyObject *);
PyObject *_Nullable PyList_AsTuple(PyObject *);
PyObject *_Nullable PyList_GetItem(PyObject *, Py_ssize_t);
PyObject *_Nullable PyList_GetItemRef(PyObject *, Py_ssize_t);
PyObject *_Nullable PyList_GetSlice(PyObject *, Py_ssize_t, Py_ssize_t);
int PyList_Insert(PyObject *, Py_ssize_t, PyObject *);
PyObject *_Nullable PyList_New(Py_ssize_t size);
int PyList_Reverse(PyObject *);
int PyList_SetItem(PyObject *, Py_ssize_t, PyObject *_Nullable);
int PyList_SetSlice(PyObject *, Py_ssize_t, Py_ssize_t, PyObject *_Nullable);
Py_ssize_t PyList_Size(PyObject *);
int PyList_Sort(PyObject *);

// longobject.h
double PyLong_AsDouble(PyObject *_Nullable);
int PyLong_AsInt(PyObject *_Nullable);
long PyLong_AsLong(PyObject *_Nullable);
long PyLong_AsLongAndOverflow(PyObject *_Nullable, int *_Nullable);
long long PyLong_AsLongLong(PyObject *_Nullable);
long long PyLong_AsLongLongAndOverflow(PyObject *_Nullable, int *_Nullable);
size_t PyLong_AsSize_t(PyObject *_Nullable);
Py_ssize_t PyLong_AsSsize_t(PyObject *_Nullable);
unsigned long PyLong_AsUnsignedLong(PyObject *_Nullable);
unsigned long long PyLong_AsUnsignedLongLong(PyObject *_Nullable);
unsigned long long PyLong_AsUnsignedLongLongMask(PyObject *_Nullable);
unsigned long PyLong_AsUnsignedLongMask(PyObject *_Nullable);
void *_Nullable PyLong_AsVoidPtr(PyObject *);
PyObject *_Nullable PyLong_FromDouble(double);
PyObject *_Nullable PyLong_FromLong(long);
PyObject *_Nullable PyLong_FromLongLong(long long);
PyObject *_Nullable PyLong_FromSize_t(size_t);
PyObject *_Nullable PyLong_FromSsize_t(Py_ssize_t);
PyObject *_Nullable PyLong_FromString(const char *, char *_Nullable *_Nullable, int);
PyObject *_Nullable PyLong_FromUnsignedLong(unsigned long);
PyObject *_Nullable PyLong_FromUnsignedLongLong(unsigned long long);
PyObject *_Nullable PyLong_FromVoidPtr(void *_Nullable);
PyObject *_Nullable PyLong_GetInfo(void);
long PyOS_strtol(const char *, char *_Nullable *_Nullable, int);
unsigned long PyOS_strtoul(const char *, char *_Nullable *_Nullable, int);

// memoryobject.h
PyObject *_Nullable PyMemoryView_FromBuffer(const Py_buffer *info);
PyObject *_Nullable PyMemoryView_FromMemory(char *mem, Py_ssize_t size, int flags);
PyObject *_Nullable PyMemoryView_FromObject(PyObject *base);
PyObject *_Nullable PyMemoryView_GetContiguous(PyObject *base, int buffertype, char order);

// methodobject.h
int PyCFunction_GetFlags(PyObject *);
PyObject *_Nullable PyCFunction_GetSelf(PyObject *);
PyObject *_Nullable PyCFunction_New(PyMethodDef *, PyObject *_Nullable);
PyObject *_Nullable PyCFunction_NewEx(PyMethodDef *, PyObject *_Nullable, PyObject *_Nullable);
PyObject *_Nullable PyCMethod_New(PyMethodDef *, PyObject *_Nullable, PyObject *_Nullable, PyTypeObject *_Nullable);

// modsupport.h
int PyArg_ValidateKeywordArguments(PyObject *);
int PyModule_Add(PyObject *mod, const char *name, PyObject *_Nullable value);
int PyModule_AddFunctions(PyObject *, PyMethodDef *);
int PyModule_AddIntConstant(PyObject *, const char *, long);
int PyModule_AddObject(PyObject *mod, const char *, PyObject *_Nullable value);
int PyModule_AddObjectRef(PyObject *mod, const char *name, PyObject *_Nullable value);
int PyModule_AddStringConstant(PyObject *, const char *, const char *);
int PyModule_AddType(PyObject *_Nullable module, PyTypeObject *type);
PyObject *_Nullable PyModule_Create2(PyModuleDef *, int apiver);
int PyModule_ExecDef(PyObject *_Nullable module, PyModuleDef *def);
PyObject *_Nullable PyModule_FromDefAndSpec2(PyModuleDef *def, PyObject *spec, int module_api_version);
int PyModule_SetDocString(PyObject *, const char *_Nullable);

// moduleobject.h
PyObject *_Nullable PyModuleDef_Init(PyModuleDef *);
PyModuleDef *_Nullable PyModule_GetDef(PyObject *);
PyObject *_Nullable PyModule_GetDict(PyObject *);
const char *_Nullable PyModule_GetFilename(PyObject *);
PyObject *_Nullable PyModule_GetFilenameObject(PyObject *);
const char *_Nullable PyModule_GetName(PyObject *);
PyObject *_Nullable PyModule_GetNameObject(PyObject *);
void *_Nullable PyModule_GetState(PyObject *);
PyObject *_Nullable PyModule_New(const char *name);
PyObject *_Nullable PyModule_NewObject(PyObject *name);

// object.h
int PyCallable_Check(PyObject *_Nullable);
PyObject *_Nullable PyObject_ASCII(PyObject *_Nullable);
PyObject *_Nullable PyObject_Bytes(PyObject *);
void PyObject_ClearWeakRefs(PyObject *);
int PyObject_DelAttr(PyObject *v, PyObject *name);
int PyObject_DelAttrString(PyObject *v, const char *name);
PyObject *_Nullable PyObject_Dir(PyObject *_Nullable);
PyObject *_Nullable PyObject_GenericGetAttr(PyObject *, PyObject *);
int PyObject_GenericSetAttr(PyObject *, PyObject *, PyObject *_Nullable);
int PyObject_GenericSetDict(PyObject *, PyObject *_Nullable, void *_Nullable);
PyObject *_Nullable PyObject_GetAttr(PyObject *, PyObject *);
PyObject *_Nullable PyObject_GetAttrString(PyObject *, const char *);
int PyObject_GetOptionalAttr(PyObject *, PyObject *, PyObject *_Nullable *_Nonnull);
int PyObject_GetOptionalAttrString(PyObject *, const char *, PyObject *_Nullable *_Nonnull);
void *_Nullable PyObject_GetTypeData(PyObject *obj, PyTypeObject *cls);
int PyObject_HasAttr(PyObject *, PyObject *);
int PyObject_HasAttrString(PyObject *, const char *);
int PyObject_HasAttrStringWithError(PyObject *, const char *);
int PyObject_HasAttrWithError(PyObject *, PyObject *);
Py_hash_t PyObject_Hash(PyObject *);
Py_hash_t PyObject_HashNotImplemented(PyObject *);
int PyObject_IsTrue(PyObject *);
int PyObject_Not(PyObject *);
PyObject *_Nullable PyObject_Repr(PyObject *_Nullable);
PyObject *_Nullable PyObject_RichCompare(PyObject *, PyObject *, int);
int PyObject_RichCompareBool(PyObject *, PyObject *, int);
PyObject *_Nullable PyObject_SelfIter(PyObject *);
int PyObject_SetAttr(PyObject *, PyObject *, PyObject *_Nullable);
int PyObject_SetAttrString(PyObject *, const char *, PyObject *_Nullable);
PyObject *_Nullable PyObject_Str(PyObject *_Nullable);
unsigned int PyType_ClearCache(void);
PyObject *_Nullable PyType_FromMetaclass(PyTypeObject *_Nullable, PyObject *_Nullable, PyType_Spec *, PyObject *_Nullable);
PyObject *_Nullable PyType_FromModuleAndSpec(PyObject *_Nullable, PyType_Spec *, PyObject *_Nullable);
PyObject *_Nullable PyType_FromSpec(PyType_Spec *);
PyObject *_Nullable PyType_FromSpecWithBases(PyType_Spec *, PyObject *_Nullable);
PyObject *_Nullable PyType_GenericAlloc(PyTypeObject *, Py_ssize_t);
PyObject *_Nullable PyType_GenericNew(PyTypeObject *, PyObject *, PyObject *_Nullable);
unsigned long PyType_GetFlags(PyTypeObject *);
PyObject *_Nullable PyType_GetFullyQualifiedName(PyTypeObject *type);
PyObject *_Nullable PyType_GetModule(PyTypeObject *);
PyObject *_Nullable PyType_GetModuleByDef(PyTypeObject *, PyModuleDef *);
PyObject *_Nullable PyType_GetModuleName(PyTypeObject *type);
void *_Nullable PyType_GetModuleState(PyTypeObject *);
PyObject *_Nullable PyType_GetName(PyTypeObject *);
PyObject *_Nullable PyType_GetQualName(PyTypeObject *);
void *_Nullable PyType_GetSlot(PyTypeObject *, int);
Py_ssize_t PyType_GetTypeDataSize(PyTypeObject *cls);
int PyType_IsSubtype(PyTypeObject *, PyTypeObject *);
void PyType_Modified(PyTypeObject *);
int PyType_Ready(PyTypeObject *);
void Py_DecRef(PyObject *_Nullable);
PyObject *_Nullable Py_GetConstant(unsigned int constant_id);
PyObject *_Nullable Py_GetConstantBorrowed(unsigned int constant_id);
void Py_IncRef(PyObject *_Nullable);
int Py_IsNone(PyObject *x);
PyObject *_Nullable Py_NewRef(PyObject *obj);
int Py_ReprEnter(PyObject *);
void Py_ReprLeave(PyObject *);
PyObject *_Nullable Py_XNewRef(PyObject *_Nullable obj);
void _Py_DecRef(PyObject *);
void _Py_IncRef(PyObject *);
void _Py_SetRefcnt(PyObject *ob, Py_ssize_t refcnt);

// objimpl.h
Py_ssize_t PyGC_Collect(void);
int PyGC_Disable(void);
int PyGC_Enable(void);
int PyGC_IsEnabled(void);
void *_Nullable PyObject_Calloc(size_t nelem, size_t elsize);
void PyObject_Free(void *_Nullable ptr);
void PyObject_GC_Del(void *_Nullable);
int PyObject_GC_IsFinalized(PyObject *);
int PyObject_GC_IsTracked(PyObject *);
void PyObject_GC_Track(void *_Nullable);
void PyObject_GC_UnTrack(void *_Nullable);
PyObject *_Nullable PyObject_Init(PyObject *, PyTypeObject *);
void *_Nullable PyObject_Malloc(size_t size);
void *_Nullable PyObject_Realloc(void *_Nullable ptr, size_t new_size);
PyObject *_Nullable _PyObject_GC_New(PyTypeObject *);
PyObject *_Nullable _PyObject_New(PyTypeObject *);

// osmodule.h
PyObject *_Nullable PyOS_FSPath(PyObject *path);

// pybuffer.h
void PyBuffer_FillContiguousStrides(int ndims, Py_ssize_t *_Nullable shape, Py_ssize_t *_Nullable strides, int itemsize, char fort);
int PyBuffer_FillInfo(Py_buffer *view, PyObject *_Nullable o, void *_Nullable buf, Py_ssize_t len, int readonly, int flags);
int PyBuffer_FromContiguous(const Py_buffer *view, const void *_Nullable buf, Py_ssize_t len, char order);
void *_Nullable PyBuffer_GetPointer(const Py_buffer *view, const Py_ssize_t *_Nullable indices);
int PyBuffer_IsContiguous(const Py_buffer *view, char fort);
void PyBuffer_Release(Py_buffer *view);
Py_ssize_t PyBuffer_SizeFromFormat(const char *format);
int PyBuffer_ToContiguous(void *_Nullable buf, const Py_buffer *view, Py_ssize_t len, char order);
int PyObject_CheckBuffer(PyObject *obj);
int PyObject_CopyData(PyObject *dest, PyObject *src);
int PyObject_GetBuffer(PyObject *obj, Py_buffer *view, int flags);

// pycapsule.h
void *_Nullable PyCapsule_GetContext(PyObject *_Nullable capsule);
const char *_Nullable PyCapsule_GetName(PyObject *_Nullable capsule);
void *_Nullable PyCapsule_GetPointer(PyObject *_Nullable capsule, const char *_Nullable name);
void *_Nullable PyCapsule_Import(const char *name, int no_block);
int PyCapsule_IsValid(PyObject *_Nullable capsule, const char *_Nullable name);
int PyCapsule_SetContext(PyObject *_Nullable capsule, void *_Nullable context);
int PyCapsule_SetName(PyObject *_Nullable capsule, const char *_Nullable name);
int PyCapsule_SetPointer(PyObject *_Nullable capsule, void *_Nullable pointer);

// pyerrors.h
int PyErr_BadArgument(void);
void PyErr_BadInternalCall(void);
int PyErr_CheckSignals(void);
void PyErr_Clear(void);
int PyErr_ExceptionMatches(PyObject *);
void PyErr_Fetch(PyObject *_Nullable *_Nonnull, PyObject *_Nullable *_Nonnull, PyObject *_Nullable *_Nonnull);
void PyErr_GetExcInfo(PyObject *_Nullable *_Nonnull, PyObject *_Nullable *_Nonnull, PyObject *_Nullable *_Nonnull);
PyObject *_Nullable PyErr_GetHandledException(void);
PyObject *_Nullable PyErr_GetRaisedException(void);
int PyErr_GivenExceptionMatches(PyObject *_Nullable, PyObject *_Nullable);
PyObject *_Nullable PyErr_NewException(const char *name, PyObject *_Nullable base, PyObject *_Nullable dict);
PyObject *_Nullable PyErr_NewExceptionWithDoc(const char *name, const char *_Nullable doc, PyObject *_Nullable base, PyObject *_Nullable dict);
PyObject *_Nullable PyErr_NoMemory(void);
void PyErr_NormalizeException(PyObject *_Nullable *_Nonnull, PyObject *_Nullable *_Nonnull, PyObject *_Nullable *_Nonnull);
PyObject *_Nullable PyErr_Occurred(void);
PyObject *_Nullable PyErr_ProgramText(const char *_Nullable filename, int lineno);
void PyErr_Restore(PyObject *_Nullable, PyObject *_Nullable, PyObject *_Nullable);
void PyErr_SetExcInfo(PyObject *_Nullable, PyObject *_Nullable, PyObject *_Nullable);
PyObject *_Nullable PyErr_SetFromErrno(PyObject *);
PyObject *_Nullable PyErr_SetFromErrnoWithFilename(PyObject *exc, const char *_Nullable filename);
PyObject *_Nullable PyErr_SetFromErrnoWithFilenameObject(PyObject *, PyObject *_Nullable);
PyObject *_Nullable PyErr_SetFromErrnoWithFilenameObjects(PyObject *, PyObject *_Nullable, PyObject *_Nullable);
void PyErr_SetHandledException(PyObject *_Nullable);
PyObject *_Nullable PyErr_SetImportError(PyObject *_Nullable, PyObject *_Nullable, PyObject *_Nullable);
PyObject *_Nullable PyErr_SetImportErrorSubclass(PyObject *, PyObject *, PyObject *_Nullable, PyObject *_Nullable);
void PyErr_SetInterrupt(void);
int PyErr_SetInterruptEx(int signum);
void PyErr_SetNone(PyObject *);
void PyErr_SetObject(PyObject *_Nullable, PyObject *_Nullable);
void PyErr_SetRaisedException(PyObject *_Nullable);
void PyErr_SetString(PyObject *exception, const char *string);
void PyErr_SyntaxLocation(const char *_Nullable filename, int lineno);
void PyErr_SyntaxLocationEx(const char *_Nullable filename, int lineno, int col_offset);
void PyErr_WriteUnraisable(PyObject *_Nullable);
const char *_Nullable PyExceptionClass_Name(PyObject *);
PyObject *_Nullable PyException_GetArgs(PyObject *);
PyObject *_Nullable PyException_GetCause(PyObject *);
PyObject *_Nullable PyException_GetContext(PyObject *);
PyObject *_Nullable PyException_GetTraceback(PyObject *);
void PyException_SetArgs(PyObject *, PyObject *);
void PyException_SetCause(PyObject *, PyObject *_Nullable);
void PyException_SetContext(PyObject *, PyObject *_Nullable);
int PyException_SetTraceback(PyObject *, PyObject *_Nullable);
PyObject *_Nullable PyUnicodeDecodeError_Create(const char *_Nullable encoding, const char *object, Py_ssize_t length, Py_ssize_t start, Py_ssize_t end, const char *reason);
PyObject *_Nullable PyUnicodeDecodeError_GetEncoding(PyObject *);
int PyUnicodeDecodeError_GetEnd(PyObject *, Py_ssize_t *_Nullable);
PyObject *_Nullable PyUnicodeDecodeError_GetObject(PyObject *);
PyObject *_Nullable PyUnicodeDecodeError_GetReason(PyObject *);
int PyUnicodeDecodeError_GetStart(PyObject *, Py_ssize_t *_Nullable);
int PyUnicodeDecodeError_SetEnd(PyObject *, Py_ssize_t);
int PyUnicodeDecodeError_SetReason(PyObject *exc, const char *reason);
int PyUnicodeDecodeError_SetStart(PyObject *, Py_ssize_t);
PyObject *_Nullable PyUnicodeEncodeError_GetEncoding(PyObject *);
int PyUnicodeEncodeError_GetEnd(PyObject *, Py_ssize_t *_Nullable);
PyObject *_Nullable PyUnicodeEncodeError_GetObject(PyObject *);
PyObject *_Nullable PyUnicodeEncodeError_GetReason(PyObject *);
int PyUnicodeEncodeError_GetStart(PyObject *, Py_ssize_t *_Nullable);
int PyUnicodeEncodeError_SetEnd(PyObject *, Py_ssize_t);
int PyUnicodeEncodeError_SetReason(PyObject *exc, const char *reason);
int PyUnicodeEncodeError_SetStart(PyObject *, Py_ssize_t);
int PyUnicodeTranslateError_GetEnd(PyObject *, Py_ssize_t *_Nullable);
PyObject *_Nullable PyUnicodeTranslateError_GetObject(PyObject *);
PyObject *_Nullable PyUnicodeTranslateError_GetReason(PyObject *);
int PyUnicodeTranslateError_GetStart(PyObject *, Py_ssize_t *_Nullable);
int PyUnicodeTranslateError_SetEnd(PyObject *, Py_ssize_t);
int PyUnicodeTranslateError_SetReason(PyObject *exc, const char *reason);
int PyUnicodeTranslateError_SetStart(PyObject *, Py_ssize_t);
__attribute__((noreturn)) void Py_FatalError(const char *message);
void _PyErr_BadInternalCall(const char *_Nullable filename, int lineno);

// pyframe.h
PyCodeObject *_Nullable PyFrame_GetCode(PyFrameObject *frame);
int PyFrame_GetLineNumber(PyFrameObject *);

// pylifecycle.h
int Py_BytesMain(int argc, char *_Nullable *_Nonnull argv);
void Py_EndInterpreter(PyThreadState *);
void Py_Exit(int);
void Py_Finalize(void);
int Py_FinalizeEx(void);
const char *_Nullable Py_GetBuildInfo(void);
const char *_Nullable Py_GetCompiler(void);
const char *_Nullable Py_GetCopyright(void);
const char *_Nullable Py_GetPlatform(void);
const char *_Nullable Py_GetVersion(void);
void Py_Initialize(void);
void Py_InitializeEx(int);
int Py_IsFinalizing(void);
int Py_IsInitialized(void);
PyThreadState *_Nullable Py_NewInterpreter(void);

// pymem.h
void *_Nullable PyMem_Calloc(size_t nelem, size_t elsize);
void PyMem_Free(void *_Nullable ptr);
void *_Nullable PyMem_Malloc(size_t size);
void *_Nullable PyMem_RawCalloc(size_t nelem, size_t elsize);
void PyMem_RawFree(void *_Nullable ptr);
void *_Nullable PyMem_RawMalloc(size_t size);
void *_Nullable PyMem_RawRealloc(void *_Nullable ptr, size_t new_size);
void *_Nullable PyMem_Realloc(void *_Nullable ptr, size_t new_size);

// pystate.h
PyGILState_STATE PyGILState_Ensure(void);
PyThreadState *_Nullable PyGILState_GetThisThreadState(void);
void PyGILState_Release(PyGILState_STATE);
void PyInterpreterState_Clear(PyInterpreterState *);
void PyInterpreterState_Delete(PyInterpreterState *);
PyInterpreterState *_Nullable PyInterpreterState_Get(void);
PyObject *_Nullable PyInterpreterState_GetDict(PyInterpreterState *);
int64_t PyInterpreterState_GetID(PyInterpreterState *);
PyInterpreterState *_Nullable PyInterpreterState_New(void);
int PyState_AddModule(PyObject *, PyModuleDef *);
PyObject *_Nullable PyState_FindModule(PyModuleDef *);
int PyState_RemoveModule(PyModuleDef *);
void PyThreadState_Clear(PyThreadState *);
void PyThreadState_Delete(PyThreadState *);
PyThreadState *_Nullable PyThreadState_Get(void);
PyObject *_Nullable PyThreadState_GetDict(void);
PyFrameObject *_Nullable PyThreadState_GetFrame(PyThreadState *tstate);
uint64_t PyThreadState_GetID(PyThreadState *tstate);
PyInterpreterState *_Nullable PyThreadState_GetInterpreter(PyThreadState *tstate);
PyThreadState *_Nullable PyThreadState_New(PyInterpreterState *);
int PyThreadState_SetAsyncExc(unsigned long, PyObject *_Nullable);
PyThreadState *_Nullable PyThreadState_Swap(PyThreadState *_Nullable);

// pystrcmp.h
int PyOS_mystricmp(const char *, const char *);
int PyOS_mystrnicmp(const char *, const char *, Py_ssize_t);

// pystrtod.h
char *_Nullable PyOS_double_to_string(double val, char format_code, int precision, int flags, int *_Nullable type);
double PyOS_string_to_double(const char *str, char *_Nullable *_Nullable endptr, PyObject *_Nullable overflow_exception);

// pythonrun.h
void PyErr_Display(PyObject *_Nullable, PyObject *_Nullable, PyObject *_Nullable);
void PyErr_DisplayException(PyObject *);
void PyErr_Print(void);
void PyErr_PrintEx(int);
PyObject *_Nullable Py_CompileString(const char *, const char *, int);

// setobject.h
PyObject *_Nullable PyFrozenSet_New(PyObject *_Nullable);
int PySet_Add(PyObject *set, PyObject *key);
int PySet_Clear(PyObject *set);
int PySet_Contains(PyObject *anyset, PyObject *key);
int PySet_Discard(PyObject *set, PyObject *key);
PyObject *_Nullable PySet_New(PyObject *_Nullable);
PyObject *_Nullable PySet_Pop(PyObject *set);
Py_ssize_t PySet_Size(PyObject *anyset);

// sliceobject.h
Py_ssize_t PySlice_AdjustIndices(Py_ssize_t length, Py_ssize_t *_Nullable start, Py_ssize_t *_Nullable stop, Py_ssize_t step);
int PySlice_GetIndices(PyObject *r, Py_ssize_t length, Py_ssize_t *_Nullable start, Py_ssize_t *_Nullable stop, Py_ssize_t *_Nullable step);
int PySlice_GetIndicesEx(PyObject *r, Py_ssize_t length, Py_ssize_t *_Nullable start, Py_ssize_t *_Nullable stop, Py_ssize_t *_Nullable step, Py_ssize_t *_Nullable slicelength);
PyObject *_Nullable PySlice_New(PyObject *_Nullable start, PyObject *_Nullable stop, PyObject *_Nullable step);
int PySlice_Unpack(PyObject *slice, Py_ssize_t *_Nullable start, Py_ssize_t *_Nullable stop, Py_ssize_t *_Nullable step);
PyObject *_Nullable _PySlice_FromIndices(Py_ssize_t start, Py_ssize_t stop);

// structseq.h
PyObject *_Nullable PyStructSequence_GetItem(PyObject *, Py_ssize_t);
PyObject *_Nullable PyStructSequence_New(PyTypeObject *type);
void PyStructSequence_SetItem(PyObject *, Py_ssize_t, PyObject *_Nullable);
int PyStructSequence_InitType2(PyTypeObject *type, PyStructSequence_Desc *desc);
void PyStructSequence_InitType(PyTypeObject *type, PyStructSequence_Desc *desc);
PyTypeObject *_Nullable PyStructSequence_NewType(PyStructSequence_Desc *desc);

// sysmodule.h
int PySys_AuditTuple(const char *event, PyObject *args);
PyObject *_Nullable PySys_GetObject(const char *);
PyObject *_Nullable PySys_GetXOptions(void);
void PySys_ResetWarnOptions(void);
int PySys_SetObject(const char *, PyObject *_Nullable);

// traceback.h
int PyTraceBack_Here(PyFrameObject *);
int PyTraceBack_Print(PyObject *, PyObject *);

// tupleobject.h
PyObject *_Nullable PyTuple_GetItem(PyObject *, Py_ssize_t);
PyObject *_Nullable PyTuple_GetSlice(PyObject *, Py_ssize_t, Py_ssize_t);
PyObject *_Nullable PyTuple_New(Py_ssize_t size);
int PyTuple_SetItem(PyObject *, Py_ssize_t, PyObject *_Nullable);
Py_ssize_t PyTuple_Size(PyObject *);

// unicodeobject.h
void PyUnicode_Append(PyObject *_Nullable *_Nonnull pleft, PyObject *_Nullable right);
void PyUnicode_AppendAndDel(PyObject *_Nullable *_Nonnull pleft, PyObject *_Nullable right);
PyObject *_Nullable PyUnicode_AsASCIIString(PyObject *unicode);
PyObject *_Nullable PyUnicode_AsCharmapString(PyObject *unicode, PyObject *_Nullable mapping);
PyObject *_Nullable PyUnicode_AsDecodedObject(PyObject *unicode, const char *_Nullable encoding, const char *_Nullable errors);
PyObject *_Nullable PyUnicode_AsDecodedUnicode(PyObject *unicode, const char *_Nullable encoding, const char *_Nullable errors);
PyObject *_Nullable PyUnicode_AsEncodedObject(PyObject *unicode, const char *_Nullable encoding, const char *_Nullable errors);
PyObject *_Nullable PyUnicode_AsEncodedString(PyObject *unicode, const char *_Nullable encoding, const char *_Nullable errors);
PyObject *_Nullable PyUnicode_AsEncodedUnicode(PyObject *unicode, const char *_Nullable encoding, const char *_Nullable errors);
PyObject *_Nullable PyUnicode_AsLatin1String(PyObject *unicode);
PyObject *_Nullable PyUnicode_AsRawUnicodeEscapeString(PyObject *unicode);
Py_UCS4 *_Nullable PyUnicode_AsUCS4(PyObject *unicode, Py_UCS4 *buffer, Py_ssize_t buflen, int copy_null);
Py_UCS4 *_Nullable PyUnicode_AsUCS4Copy(PyObject *unicode);
PyObject *_Nullable PyUnicode_AsUTF16String(PyObject *unicode);
PyObject *_Nullable PyUnicode_AsUTF32String(PyObject *unicode);
const char *_Nullable PyUnicode_AsUTF8AndSize(PyObject *unicode, Py_ssize_t *_Nullable size);
PyObject *_Nullable PyUnicode_AsUTF8String(PyObject *unicode);
PyObject *_Nullable PyUnicode_AsUnicodeEscapeString(PyObject *unicode);
PyObject *_Nullable PyUnicode_BuildEncodingMap(PyObject *string);
int PyUnicode_Compare(PyObject *left, PyObject *right);
int PyUnicode_CompareWithASCIIString(PyObject *left, const char *right);
PyObject *_Nullable PyUnicode_Concat(PyObject *left, PyObject *right);
int PyUnicode_Contains(PyObject *container, PyObject *element);
Py_ssize_t PyUnicode_Count(PyObject *str, PyObject *substr, Py_ssize_t start, Py_ssize_t end);
PyObject *_Nullable PyUnicode_Decode(const char *_Nullable s, Py_ssize_t size, const char *_Nullable encoding, const char *_Nullable errors);
PyObject *_Nullable PyUnicode_DecodeASCII(const char *string, Py_ssize_t length, const char *_Nullable errors);
PyObject *_Nullable PyUnicode_DecodeCharmap(const char *string, Py_ssize_t length, PyObject *_Nullable mapping, const char *_Nullable errors);
PyObject *_Nullable PyUnicode_DecodeFSDefault(const char *s);
PyObject *_Nullable PyUnicode_DecodeFSDefaultAndSize(const char *s, Py_ssize_t size);
PyObject *_Nullable PyUnicode_DecodeLatin1(const char *string, Py_ssize_t length, const char *_Nullable errors);
PyObject *_Nullable PyUnicode_DecodeLocale(const char *str, const char *_Nullable errors);
PyObject *_Nullable PyUnicode_DecodeLocaleAndSize(const char *str, Py_ssize_t len, const char *_Nullable errors);
PyObject *_Nullable PyUnicode_DecodeRawUnicodeEscape(const char *string, Py_ssize_t length, const char *_Nullable errors);
PyObject *_Nullable PyUnicode_DecodeUTF16(const char *string, Py_ssize_t length, const char *_Nullable errors, int *_Nullable byteorder);
PyObject *_Nullable PyUnicode_DecodeUTF16Stateful(const char *string, Py_ssize_t length, const char *_Nullable errors, int *_Nullable byteorder, Py_ssize_t *_Nullable consumed);
PyObject *_Nullable PyUnicode_DecodeUTF32(const char *string, Py_ssize_t length, const char *_Nullable errors, int *_Nullable byteorder);
PyObject *_Nullable PyUnicode_DecodeUTF32Stateful(const char *string, Py_ssize_t length, const char *_Nullable errors, int *_Nullable byteorder, Py_ssize_t *_Nullable consumed);
PyObject *_Nullable PyUnicode_DecodeUTF7(const char *string, Py_ssize_t length, const char *_Nullable errors);
PyObject *_Nullable PyUnicode_DecodeUTF7Stateful(const char *string, Py_ssize_t length, const char *_Nullable errors, Py_ssize_t *_Nullable consumed);
PyObject *_Nullable PyUnicode_DecodeUTF8(const char *_Nullable string, Py_ssize_t length, const char *_Nullable errors);
PyObject *_Nullable PyUnicode_DecodeUTF8Stateful(const char *string, Py_ssize_t length, const char *_Nullable errors, Py_ssize_t *_Nullable consumed);
PyObject *_Nullable PyUnicode_DecodeUnicodeEscape(const char *string, Py_ssize_t length, const char *_Nullable errors);
PyObject *_Nullable PyUnicode_EncodeFSDefault(PyObject *unicode);
PyObject *_Nullable PyUnicode_EncodeLocale(PyObject *unicode, const char *_Nullable errors);
int PyUnicode_EqualToUTF8(PyObject *, const char *);
int PyUnicode_EqualToUTF8AndSize(PyObject *, const char *, Py_ssize_t);
int PyUnicode_FSConverter(PyObject *_Nullable, void *_Nullable);
int PyUnicode_FSDecoder(PyObject *_Nullable, void *_Nullable);
Py_ssize_t PyUnicode_Find(PyObject *str, PyObject *substr, Py_ssize_t start, Py_ssize_t end, int direction);
Py_ssize_t PyUnicode_FindChar(PyObject *str, Py_UCS4 ch, Py_ssize_t start, Py_ssize_t end, int direction);
PyObject *_Nullable PyUnicode_Format(PyObject *format, PyObject *args);
PyObject *_Nullable PyUnicode_FromEncodedObject(PyObject *obj, const char *_Nullable encoding, const char *_Nullable errors);
PyObject *_Nullable PyUnicode_FromObject(PyObject *obj);
PyObject *_Nullable PyUnicode_FromOrdinal(int ordinal);
PyObject *_Nullable PyUnicode_FromString(const char *u);
PyObject *_Nullable PyUnicode_FromStringAndSize(const char *_Nullable u, Py_ssize_t size);
const char *_Nullable PyUnicode_GetDefaultEncoding(void);
Py_ssize_t PyUnicode_GetLength(PyObject *unicode);
PyObject *_Nullable PyUnicode_InternFromString(const char *u);
void PyUnicode_InternImmortal(PyObject *_Nullable *_Nonnull);
void PyUnicode_InternInPlace(PyObject *_Nullable *_Nonnull);
int PyUnicode_IsIdentifier(PyObject *s);
PyObject *_Nullable PyUnicode_Join(PyObject *_Nullable separator, PyObject *seq);
PyObject *_Nullable PyUnicode_Partition(PyObject *s, PyObject *sep);
PyObject *_Nullable PyUnicode_RPartition(PyObject *s, PyObject *sep);
PyObject *_Nullable PyUnicode_RSplit(PyObject *s, PyObject *_Nullable sep, Py_ssize_t maxsplit);
Py_UCS4 PyUnicode_ReadChar(PyObject *unicode, Py_ssize_t index);
PyObject *_Nullable PyUnicode_Replace(PyObject *str, PyObject *substr, PyObject *replstr, Py_ssize_t maxcount);
int PyUnicode_Resize(PyObject *_Nullable *_Nonnull unicode, Py_ssize_t length);
PyObject *_Nullable PyUnicode_RichCompare(PyObject *left, PyObject *right, int op);
PyObject *_Nullable PyUnicode_Split(PyObject *s, PyObject *_Nullable sep, Py_ssize_t maxsplit);
PyObject *_Nullable PyUnicode_Splitlines(PyObject *s, int keepends);
PyObject *_Nullable PyUnicode_Substring(PyObject *str, Py_ssize_t start, Py_ssize_t end);
Py_ssize_t PyUnicode_Tailmatch(PyObject *str, PyObject *substr, Py_ssize_t start, Py_ssize_t end, int direction);
PyObject *_Nullable PyUnicode_Translate(PyObject *str, PyObject *table, const char *_Nullable errors);
int PyUnicode_WriteChar(PyObject *unicode, Py_ssize_t index, Py_UCS4 character);
PyObject *_Nullable PyUnicode_FromFormat(const char *format, ...);
PyObject *_Nullable PyUnicode_FromFormatV(const char *format, va_list arguments);
PyObject *_Nullable PyBytes_FromFormat(const char *format, ...);
PyObject *_Nullable PyBytes_FromFormatV(const char *format, va_list arguments);
// `wchar_t` is a 32-bit integer here.
PyObject *_Nullable PyUnicode_FromWideChar(const int32_t *_Nullable text, Py_ssize_t size);
Py_ssize_t PyUnicode_AsWideChar(PyObject *text, int32_t *_Nullable buffer, Py_ssize_t size);
int32_t *_Nullable PyUnicode_AsWideCharString(PyObject *text, Py_ssize_t *_Nullable size);
/// 1 when two str objects are equal.
int _PyUnicode_Equal(PyObject *left, PyObject *right);
PyObject *_Nullable _PyUnicode_JoinArray(PyObject *separator, PyObject *_Nonnull const *_Nullable items, Py_ssize_t count);

// warnings.h
int PyErr_WarnEx(PyObject *_Nullable category, const char *message, Py_ssize_t stack_level);
int PyErr_WarnExplicit(PyObject *category, const char *message, const char *_Nullable filename, int lineno, const char *_Nullable module, PyObject *_Nullable registry);

// weakrefobject.h
PyObject *_Nullable PyWeakref_GetObject(PyObject *ref);
int PyWeakref_GetRef(PyObject *ref, PyObject *_Nullable *_Nonnull pobj);
PyObject *_Nullable PyWeakref_NewProxy(PyObject *ob, PyObject *_Nullable callback);
PyObject *_Nullable PyWeakref_NewRef(PyObject *ob, PyObject *_Nullable callback);

// Variadic functions (Include/{calls,buildvalue,getargs,format}.c)
PyObject *_Nullable PyErr_Format(PyObject *exception, const char *format, ...);
PyObject *_Nullable PyErr_FormatV(PyObject *exception, const char *format, va_list arguments);
void PyErr_FormatUnraisable(const char *_Nullable format, ...);
int PyErr_WarnFormat(PyObject *_Nullable category, Py_ssize_t level, const char *format, ...);
int PyErr_ResourceWarning(PyObject *_Nullable source, Py_ssize_t level, const char *format, ...);
PyObject *_Nullable PyTuple_Pack(Py_ssize_t count, ...);
PyObject *_Nullable PyObject_CallFunctionObjArgs(PyObject *callable, ...);
PyObject *_Nullable PyObject_CallMethodObjArgs(PyObject *object, PyObject *name, ...);
PyObject *_Nullable PyObject_CallFunction(PyObject *callable, const char *_Nullable format, ...);
PyObject *_Nullable PyObject_CallMethod(PyObject *object, const char *name, const char *_Nullable format, ...);
PyObject *_Nullable _PyObject_CallFunction_SizeT(PyObject *callable, const char *_Nullable format, ...);
PyObject *_Nullable _PyObject_CallMethod_SizeT(PyObject *object, const char *name, const char *_Nullable format, ...);
void PySys_WriteStdout(const char *format, ...);
void PySys_WriteStderr(const char *format, ...);
void PySys_FormatStdout(const char *format, ...);
void PySys_FormatStderr(const char *format, ...);
int PySys_Audit(const char *event, const char *_Nullable format, ...);
int PyOS_snprintf(char *text, size_t size, const char *format, ...);
int PyOS_vsnprintf(char *text, size_t size, const char *format, va_list arguments);
PyObject *_Nullable Py_BuildValue(const char *format, ...);
PyObject *_Nullable Py_VaBuildValue(const char *format, va_list arguments);
PyObject *_Nullable _Py_BuildValue_SizeT(const char *format, ...);
int PyArg_Parse(PyObject *args, const char *format, ...);
int PyArg_ParseTuple(PyObject *args, const char *format, ...);
int PyArg_ParseTupleAndKeywords(PyObject *args, PyObject *_Nullable keywords, const char *format, char *_Nullable const *_Nonnull names, ...);
int PyArg_VaParse(PyObject *args, const char *format, va_list targets);
int PyArg_VaParseTupleAndKeywords(PyObject *args, PyObject *_Nullable keywords, const char *format, char *_Nullable const *_Nonnull names, va_list targets);
int PyArg_UnpackTuple(PyObject *args, const char *_Nullable name, Py_ssize_t least, Py_ssize_t most, ...);
/// The index of the name that a wrong keyword is most like, -1 when none is near.
int _PyArg_NearestName(char *_Nullable const *_Nonnull names, int count, PyObject *wrong);
int _PyArg_Parse_SizeT(PyObject *args, const char *format, ...);
int _PyArg_ParseTuple_SizeT(PyObject *args, const char *format, ...);
int _PyArg_ParseTupleAndKeywords_SizeT(PyObject *args, PyObject *_Nullable keywords, const char *format, char *_Nullable const *_Nonnull names, ...);

// Private to CPython's own files, used by several of ours
PyObject *_Nullable _Py_union_type_or(PyObject *left, PyObject *right);
PyObject *_Nullable _PyNamespace_New(PyObject *_Nullable keywords);
PyCapsule_Destructor _Nullable PyCapsule_GetDestructor(PyObject *_Nullable capsule);
int PyCapsule_SetDestructor(PyObject *_Nullable capsule, PyCapsule_Destructor _Nullable destructor);
int _PyCapsule_SetTraverse(PyObject *capsule, traverseproc _Nullable traverse, inquiry _Nullable clear);
PyObject *_Nullable _PyObject_NextNotImplemented(PyObject *);
int _PyObject_RealIsInstance(PyObject *object, PyObject *cls);
int _PyObject_RealIsSubclass(PyObject *derived, PyObject *cls);
PyObject *_Nullable PyObject_CallMethodNoArgs(PyObject *self, PyObject *name);
PyObject *_Nullable PyObject_CallMethodOneArg(PyObject *self, PyObject *name, PyObject *arg);
PyObject *_Nullable _PyObject_MakeTpCall(PyThreadState *tstate, PyObject *callable, PyObject *_Nonnull const *_Nullable args, Py_ssize_t nargs, PyObject *_Nullable keywords);
PyObject *_Nullable _Py_CheckFunctionResult(PyThreadState *tstate, PyObject *callable, PyObject *_Nullable result, const char *_Nullable where);
PyObject *_Nullable _PyObject_Call_Prepend(PyThreadState *tstate, PyObject *callable, PyObject *obj, PyObject *args, PyObject *_Nullable kwargs);
int _PyObject_IsAbstract(PyObject *);
PyVarObject *_Nullable PyObject_InitVar(PyVarObject *op, PyTypeObject *type, Py_ssize_t size);
PyVarObject *_Nullable _PyObject_NewVar(PyTypeObject *type, Py_ssize_t nitems);
PyVarObject *_Nullable _PyObject_GC_NewVar(PyTypeObject *type, Py_ssize_t nitems);
/// Prepares the header of a new GC object (untracked) and counts it for the collector.
void _PyObject_GC_Link(PyObject *op);
/// Runs a due collection; the eval loop calls it for APUS_BREAK_GC.
void _Py_RunGC(PyThreadState *tstate);
int PyUnstable_GC_VisitObjects(int (*callback)(PyObject *, void *_Nullable), void *_Nullable arg);
PyVarObject *_Nullable _PyObject_GC_Resize(PyVarObject *op, Py_ssize_t nitems);
PyLongObject *_Nullable _PyLong_New(Py_ssize_t digits);
/// The text of an int in base 2, 8, 10 or 16, with its prefix.
PyObject *_Nullable _PyLong_Format(PyObject *op, int base);
/// A memoryview whose buffer comes from this function instead of the type's `bf_getbuffer`.
PyObject *_Nullable _PyMemoryView_FromBufferProc(PyObject *v, int flags, getbufferproc bufferproc);
/// operation 1 count, 2 index, 3 contains.
Py_ssize_t _PySequence_IterSearch(PyObject *seq, PyObject *obj, int operation);
/// `X | Y` of types.
PyObject *_Nullable _Py_union_type_or(PyObject *self, PyObject *other);
// Instance attributes: the dict owner's side (Dict/)
struct _dictkeysobject *_Nullable _PyDict_NewKeysForClass(PyHeapTypeObject *cls);
void _PyDictKeys_DecRef(struct _dictkeysobject *keys);
void _PyObject_InitInlineValues(PyObject *obj, PyTypeObject *type);
/// The managed dict, made from the inline values when there is none yet (borrowed).
PyObject *_Nullable _PyObject_MaterializeManagedDict(PyObject *obj);
int _PyObject_StoreInstanceAttribute(PyObject *obj, PyObject *name, PyObject *_Nullable value);
/// 1 when the inline values decide: `*attr` is then a new reference or NULL. 0: look in the dict.
int _PyObject_TryGetInstanceAttribute(PyObject *obj, PyObject *name, PyObject *_Nullable *_Nonnull attr);
/// Ends the sharing of a managed dict with the inline values of its object.
int _PyDict_DetachFromObject(PyObject *dict, PyObject *obj);
int _PyObject_IsInstanceDictEmpty(PyObject *obj);
int _PyObjectDict_SetItem(PyTypeObject *type, PyObject *obj, PyObject *_Nullable *_Nonnull dictptr, PyObject *name, PyObject *_Nullable value);
// Instance attributes and types: the object owner's side (Object/, Type/, Descriptor/)
PyObject *_Nullable *_Nullable _PyObject_GetDictPtr(PyObject *obj);
PyObject *_Nullable *_Nullable _PyObject_ComputedDictPointer(PyObject *obj);
/// 1: `*method` is an unbound function to call with `obj` first. 0: a bound attribute, or NULL.
int _PyObject_GetMethod(PyObject *obj, PyObject *name, PyObject *_Nullable *_Nonnull method);
/// A special method found on the type and bound to `self`; NULL without an exception when missing.
PyObject *_Nullable _PyObject_LookupSpecial(PyObject *self, PyObject *name);
/// The same unbound: `*unbound` is 1 when `self` has to be passed first.
PyObject *_Nullable _PyObject_LookupSpecialMethod(PyObject *self, PyObject *name, int *unbound);
PyObject *_Nullable _PyObject_GetState(PyObject *obj);
/// The attribute after the type of `super(type, obj)` in the MRO; see `_PyObject_GetMethod` for `meth_found`.
PyObject *_Nullable _PySuper_Lookup(PyTypeObject *su_type, PyObject *su_obj, PyObject *name, int *_Nullable meth_found);
PyTypeObject *_Nullable _PyType_CalculateMetaclass(PyTypeObject *metatype, PyObject *bases);
PyObject *_Nullable _PyType_GetSubclasses(PyTypeObject *type);
int _PyType_AddMethod(PyTypeObject *type, PyMethodDef *method);
PyObject *_Nullable PyDescr_NewWrapper(PyTypeObject *type, struct wrapperbase *base, void *wrapped);
/// `__name` inside `class_name` as `_class_name__name`; a new reference.
PyObject *_Nullable _Py_Mangle(PyObject *_Nullable class_name, PyObject *name);
int _PyException_AddNote(PyObject *exc, PyObject *note);
int _PyObject_SetAttributeErrorContext(PyObject *obj, PyObject *name);
void _PyErr_SetKeyError(PyObject *key);
/// Reports the exception that is set to sys.unraisablehook with a text of its own.
void _PyErr_WriteUnraisableMsg(PyObject *_Nullable message, PyObject *_Nullable object);
/// A warning with a text object, blamed on the frame `stack_level` levels up.
int _PyErr_WarnUnicode(PyObject *_Nullable category, PyObject *message, Py_ssize_t stack_level, PyObject *_Nullable source);
PyObject *_Nullable _PyErr_FormatFromCause(PyObject *exception, PyObject *text);
PyObject *_Nullable PyCapsule_New(void *_Nullable pointer, const char *_Nullable name, PyCapsule_Destructor _Nullable destructor);

// Type parameters: implemented in the Interpreter target
PyObject *_Nullable _Py_make_typevar(PyObject *name, PyObject *_Nullable evaluate_bound, PyObject *_Nullable evaluate_constraints);
PyObject *_Nullable _Py_make_paramspec(PyObject *name);
PyObject *_Nullable _Py_make_typevartuple(PyObject *name);
PyObject *_Nullable _Py_subscript_generic(PyObject *type_params);
PyObject *_Nullable _Py_make_typealias(PyObject *arguments);
PyObject *_Nullable _Py_set_typeparam_default(PyObject *type_param, PyObject *evaluate_default);

#pragma clang assume_nonnull end
#endif
