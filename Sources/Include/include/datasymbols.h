// Type objects, exception classes and singletons, exported under the names extension modules bind
// to. Comparing with a link-time address is the fastest type check. The Swift spelling of each
// address is the accessor beside it.
#ifndef APUS_DATASYMBOLS_H
#define APUS_DATASYMBOLS_H
#include "object.h"
#include "numberobjects.h"
#pragma clang assume_nonnull begin

#define APUS_TYPE(symbol, accessor) \
  extern PyTypeObject symbol; \
  APUS_INLINE PyTypeObject *accessor(void) { return &symbol; }

/// An exception class: the type object itself, the exported pointer to it, and its accessor.
#define APUS_EXCEPTION(name) \
  extern PyTypeObject _PyExc_##name; \
  extern PyObject *PyExc_##name; \
  APUS_INLINE PyTypeObject *apus_exc_##name(void) { return &_PyExc_##name; }

APUS_TYPE(PyTuple_Type, tupleType)
APUS_TYPE(PyUnicode_Type, strType)
APUS_TYPE(PyType_Type, typeType)
APUS_TYPE(PyList_Type, listType)
APUS_TYPE(PyBaseObject_Type, objectType)
APUS_TYPE(PyDict_Type, dictType)
APUS_TYPE(PyLong_Type, intType)
APUS_TYPE(PyFloat_Type, floatType)
APUS_TYPE(PyBytes_Type, bytesType)
APUS_TYPE(PyByteArray_Type, byteArrayType)
APUS_TYPE(PyCFunction_Type, builtinFunctionType)
APUS_TYPE(PyBool_Type, boolType)
APUS_TYPE(PyMethod_Type, methodType)
APUS_TYPE(PyFrozenSet_Type, frozenSetType)
APUS_TYPE(PySet_Type, setType)
APUS_TYPE(PyMethodDescr_Type, methodDescrType)
APUS_TYPE(PyModule_Type, moduleType)
APUS_TYPE(PySlice_Type, sliceType)
APUS_TYPE(PyTraceBack_Type, tracebackType)
APUS_TYPE(PyCapsule_Type, capsuleType)
APUS_TYPE(PyMemoryView_Type, memoryViewType)
APUS_TYPE(PyGen_Type, generatorType)
APUS_TYPE(PyRange_Type, rangeType)
APUS_TYPE(PyCoro_Type, coroutineType)
APUS_TYPE(PyComplex_Type, complexType)
APUS_TYPE(PyProperty_Type, propertyType)
APUS_TYPE(PyWrapperDescr_Type, wrapperDescrType)
APUS_TYPE(PyDictValues_Type, dictValuesType)
APUS_TYPE(PyInstanceMethod_Type, instanceMethodType)
APUS_TYPE(PySuper_Type, superType)
APUS_TYPE(PyAsyncGen_Type, asyncGeneratorType)
APUS_TYPE(PyDictItems_Type, dictItemsType)
APUS_TYPE(PyDictKeys_Type, dictKeysType)
APUS_TYPE(PyFunction_Type, functionType)
APUS_TYPE(PyStaticMethod_Type, staticMethodType)
APUS_TYPE(Py_GenericAliasType, genericAliasType)
APUS_TYPE(_PyWeakref_RefType, weakrefType)
APUS_TYPE(PyClassMethod_Type, classMethodType)
APUS_TYPE(PyContext_Type, contextType)
APUS_TYPE(PyDictProxy_Type, mappingProxyType)
APUS_TYPE(PyFrame_Type, frameType)
APUS_TYPE(PyGetSetDescr_Type, getSetDescrType)
APUS_TYPE(PyMemberDescr_Type, memberDescrType)
APUS_TYPE(PyReversed_Type, reversedType)
APUS_TYPE(PyByteArrayIter_Type, byteArrayIterType)
APUS_TYPE(PyBytesIter_Type, bytesIterType)
APUS_TYPE(PyCMethod_Type, builtinMethodType)
APUS_TYPE(PyCallIter_Type, callIterType)
APUS_TYPE(PyCell_Type, cellType)
APUS_TYPE(PyClassMethodDescr_Type, classMethodDescrType)
APUS_TYPE(PyCode_Type, codeType)
APUS_TYPE(PyContextToken_Type, contextTokenType)
APUS_TYPE(PyContextVar_Type, contextVarType)
APUS_TYPE(PyDictIterItem_Type, dictIterItemType)
APUS_TYPE(PyDictIterKey_Type, dictIterKeyType)
APUS_TYPE(PyDictIterValue_Type, dictIterValueType)
APUS_TYPE(PyDictRevIterItem_Type, dictRevIterItemType)
APUS_TYPE(PyDictRevIterKey_Type, dictRevIterKeyType)
APUS_TYPE(PyDictRevIterValue_Type, dictRevIterValueType)
APUS_TYPE(PyEllipsis_Type, ellipsisType)
APUS_TYPE(PyEnum_Type, enumerateType)
APUS_TYPE(PyFilter_Type, filterType)
APUS_TYPE(PyFrameLocalsProxy_Type, frameLocalsProxyType)
APUS_TYPE(PyListIter_Type, listIterType)
APUS_TYPE(PyListRevIter_Type, listRevIterType)
APUS_TYPE(PyLongRangeIter_Type, longRangeIterType)
APUS_TYPE(PyMap_Type, mapType)
APUS_TYPE(PyModuleDef_Type, moduleDefType)
APUS_TYPE(PyODictItems_Type, oDictItemsType)
APUS_TYPE(PyODictIter_Type, oDictIterType)
APUS_TYPE(PyODictKeys_Type, oDictKeysType)
APUS_TYPE(PyODictValues_Type, oDictValuesType)
APUS_TYPE(PyODict_Type, orderedDictType)
APUS_TYPE(PyPickleBuffer_Type, pickleBufferType)
APUS_TYPE(PyRangeIter_Type, rangeIterType)
APUS_TYPE(PySeqIter_Type, seqIterType)
APUS_TYPE(PySetIter_Type, setIterType)
APUS_TYPE(PyStdPrinter_Type, stdPrinterType)
APUS_TYPE(PyTupleIter_Type, tupleIterType)
APUS_TYPE(PyUnicodeIter_Type, strAsciiIterType)
APUS_TYPE(PyZip_Type, zipType)
APUS_TYPE(_PyAsyncGenASend_Type, asyncGenASendType)
APUS_TYPE(_PyNone_Type, noneType)
APUS_TYPE(_PyNotImplemented_Type, notImplementedType)
APUS_TYPE(_PyUnion_Type, unionType)
APUS_TYPE(_PyWeakref_CallableProxyType, weakCallableProxyType)
APUS_TYPE(_PyWeakref_ProxyType, weakProxyType)
APUS_TYPE(_PyManagedBuffer_Type, managedBufferType)
APUS_TYPE(_PyAsyncGenAThrow_Type, asyncGenAThrowType)
APUS_TYPE(_PyAsyncGenWrappedValue_Type, asyncGenWrappedValueType)
APUS_TYPE(_PyCoroWrapper_Type, coroWrapperType)
APUS_TYPE(_PyMethodWrapper_Type, methodWrapperType)
APUS_TYPE(_PyNamespace_Type, namespaceType)
APUS_TYPE(_PyUnicodeIter_Type, strIterType)
APUS_TYPE(PyFormatterIter_Type, formatterIteratorType)
APUS_TYPE(PyFieldNameIter_Type, fieldNameIteratorType)
APUS_TYPE(_PyEncodingMap_Type, encodingMapType)
APUS_TYPE(_PyAnextAwaitable_Type, anextAwaitableType)
APUS_TYPE(_PyGenericAliasIter_Type, genericAliasIterType)
APUS_TYPE(_PyMemoryIter_Type, memoryIterType)
APUS_TYPE(_PyLineIterator, lineIteratorType)
APUS_TYPE(_PyPositionsIterator, positionsIteratorType)
APUS_TYPE(_PyTypeVar_Type, typeVarType)
APUS_TYPE(_PyTypeVarTuple_Type, typeVarTupleType)
APUS_TYPE(_PyParamSpec_Type, paramSpecType)
APUS_TYPE(_PyParamSpecArgs_Type, paramSpecArgsType)
APUS_TYPE(_PyParamSpecKwargs_Type, paramSpecKwargsType)
APUS_TYPE(_PyTypeAlias_Type, typeAliasType)
APUS_TYPE(_PyGeneric_Type, genericType)
APUS_TYPE(_PyNoDefault_Type, noDefaultType)
APUS_TYPE(_PyBufferWrapper_Type, bufferWrapperType)
APUS_TYPE(_PyUnraisableHookArgs_Type, unraisableHookArgsType)

APUS_EXCEPTION(TypeError)
APUS_EXCEPTION(ValueError)
APUS_EXCEPTION(RuntimeError)
APUS_EXCEPTION(OverflowError)
APUS_EXCEPTION(SystemError)
APUS_EXCEPTION(AttributeError)
APUS_EXCEPTION(ImportError)
APUS_EXCEPTION(IndexError)
APUS_EXCEPTION(KeyError)
APUS_EXCEPTION(StopIteration)
APUS_EXCEPTION(Exception)
APUS_EXCEPTION(RuntimeWarning)
APUS_EXCEPTION(NameError)
APUS_EXCEPTION(NotImplementedError)
APUS_EXCEPTION(DeprecationWarning)
APUS_EXCEPTION(MemoryError)
APUS_EXCEPTION(AssertionError)
APUS_EXCEPTION(BaseException)
APUS_EXCEPTION(BufferError)
APUS_EXCEPTION(UnboundLocalError)
APUS_EXCEPTION(GeneratorExit)
APUS_EXCEPTION(OSError)
APUS_EXCEPTION(ZeroDivisionError)
APUS_EXCEPTION(UserWarning)
APUS_EXCEPTION(ModuleNotFoundError)
APUS_EXCEPTION(UnicodeDecodeError)
APUS_EXCEPTION(FutureWarning)
APUS_EXCEPTION(KeyboardInterrupt)
APUS_EXCEPTION(ArithmeticError)
APUS_EXCEPTION(FileNotFoundError)
APUS_EXCEPTION(PermissionError)
APUS_EXCEPTION(SystemExit)
APUS_EXCEPTION(TimeoutError)
APUS_EXCEPTION(UnicodeEncodeError)
APUS_EXCEPTION(ConnectionResetError)
APUS_EXCEPTION(LookupError)
APUS_EXCEPTION(Warning)
APUS_EXCEPTION(BlockingIOError)
APUS_EXCEPTION(ConnectionAbortedError)
APUS_EXCEPTION(ConnectionRefusedError)
APUS_EXCEPTION(FileExistsError)
APUS_EXCEPTION(ImportWarning)
APUS_EXCEPTION(RecursionError)
APUS_EXCEPTION(StopAsyncIteration)
APUS_EXCEPTION(SyntaxError)
APUS_EXCEPTION(BrokenPipeError)
APUS_EXCEPTION(EOFError)
APUS_EXCEPTION(InterruptedError)
APUS_EXCEPTION(IsADirectoryError)
APUS_EXCEPTION(UnicodeError)
APUS_EXCEPTION(BaseExceptionGroup)
APUS_EXCEPTION(ConnectionError)
APUS_EXCEPTION(FloatingPointError)
APUS_EXCEPTION(NotADirectoryError)
APUS_EXCEPTION(ProcessLookupError)
APUS_EXCEPTION(ReferenceError)
APUS_EXCEPTION(ResourceWarning)
APUS_EXCEPTION(BytesWarning)
APUS_EXCEPTION(ChildProcessError)
APUS_EXCEPTION(EncodingWarning)
APUS_EXCEPTION(IndentationError)
APUS_EXCEPTION(InterpreterError)
APUS_EXCEPTION(InterpreterNotFoundError)
APUS_EXCEPTION(PendingDeprecationWarning)
APUS_EXCEPTION(PythonFinalizationError)
APUS_EXCEPTION(SyntaxWarning)
APUS_EXCEPTION(TabError)
APUS_EXCEPTION(UnicodeTranslateError)
APUS_EXCEPTION(UnicodeWarning)
APUS_EXCEPTION(ExceptionGroup)
APUS_EXCEPTION(IncompleteInputError)
extern PyObject *PyExc_IOError;
extern PyObject *PyExc_EnvironmentError;

extern PyObject _Py_NoneStruct;
extern PyObject _Py_NotImplementedStruct;
extern PyObject _Py_EllipsisObject;
extern PyLongObject _Py_TrueStruct;
extern PyLongObject _Py_FalseStruct;
extern const unsigned long Py_Version;
/// The name that marks a field of a struct sequence without one.
extern const char *const PyStructSequence_UnnamedField;
APUS_INLINE const char *apus_unnamed_field(void) { return PyStructSequence_UnnamedField; }

APUS_INLINE PyObject *noneObject(void) { return &_Py_NoneStruct; }
APUS_INLINE PyObject *notImplementedObject(void) { return &_Py_NotImplementedStruct; }
APUS_INLINE PyObject *ellipsisObject(void) { return &_Py_EllipsisObject; }
APUS_INLINE PyObject *trueObject(void) { return (PyObject *)&_Py_TrueStruct; }
APUS_INLINE PyObject *falseObject(void) { return (PyObject *)&_Py_FalseStruct; }

/// The small ints -5 ... 256, immortal, in one table.
extern PyLongObject apus_small_ints[_PY_NSMALLNEGINTS + _PY_NSMALLPOSINTS];
APUS_INLINE PyObject *apus_small_int(Py_ssize_t value) { return (PyObject *)&apus_small_ints[value + _PY_NSMALLNEGINTS]; }

#pragma clang assume_nonnull end
#endif
