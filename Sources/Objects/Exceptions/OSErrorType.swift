import CPythonABI
import Glibc

/// OSError and the subclasses that its constructor picks by errno (PEP 3151).
/// CPython: Objects/exceptions.c, `OSError_new`.
enum OSErrorType {
  static let spec = TypeSpec(
    apus_exc_OSError(), "OSError", basicSize: MemoryLayout<PyOSErrorObject>.stride,
    flags: [.baseType, .haveGC, .baseExcSubclass], doc: "An operating system call failed.",
    base: apus_exc_Exception(), dictOffset: 16,
    slots: [
      .tp_dealloc { ExceptionFields.deallocate($0, objects: 4) },
      .tp_str { OSErrorType.str($0) },
      .tp_traverse { ExceptionFields.traverse($0, $1, $2, objects: 4) },
      .tp_clear { ExceptionFields.clear($0, objects: 4) },
      .tp_init(OSError_init),
      .tp_new(OSError_new),
    ],
    methods: [reduce],
    members: [
      Member("errno", _Py_T_OBJECT, offset: 72, "The error number (POSIX)."),
      Member("strerror", _Py_T_OBJECT, offset: 80, "Its text."),
      Member("filename", _Py_T_OBJECT, offset: 88, "The file's name."),
      Member("filename2", _Py_T_OBJECT, offset: 96, "The second file's name."),
    ],
    properties: [charactersWritten])

  static let subclasses: [TypeSpec] = [
    subclass(apus_exc_BlockingIOError(), "BlockingIOError", "The operation would block."),
    subclass(apus_exc_ConnectionError(), "ConnectionError", "The base of connection errors."),
    subclass(apus_exc_ChildProcessError(), "ChildProcessError", "A child process failed."),
    subclass(apus_exc_BrokenPipeError(), "BrokenPipeError", "The other end of the pipe is closed.", base: apus_exc_ConnectionError()),
    subclass(apus_exc_ConnectionAbortedError(), "ConnectionAbortedError", "The connection was aborted.", base: apus_exc_ConnectionError()),
    subclass(apus_exc_ConnectionRefusedError(), "ConnectionRefusedError", "The connection was refused.", base: apus_exc_ConnectionError()),
    subclass(apus_exc_ConnectionResetError(), "ConnectionResetError", "The peer reset the connection.", base: apus_exc_ConnectionError()),
    subclass(apus_exc_FileExistsError(), "FileExistsError", "The file exists already."),
    subclass(apus_exc_FileNotFoundError(), "FileNotFoundError", "There is no such file."),
    subclass(apus_exc_IsADirectoryError(), "IsADirectoryError", "A directory where a file is needed."),
    subclass(apus_exc_NotADirectoryError(), "NotADirectoryError", "Something else where a directory is needed."),
    subclass(apus_exc_InterruptedError(), "InterruptedError", "A signal interrupted the call."),
    subclass(apus_exc_PermissionError(), "PermissionError", "The operation is not permitted."),
    subclass(apus_exc_ProcessLookupError(), "ProcessLookupError", "There is no such process."),
    subclass(apus_exc_TimeoutError(), "TimeoutError", "The time ran out."),
  ]

  private static func subclass(
    _ type: TypeRef, _ name: StaticString, _ doc: StaticString, base: TypeRef = apus_exc_OSError()
  ) -> TypeSpec {
    TypeSpec(
      type, name, basicSize: MemoryLayout<PyOSErrorObject>.stride,
      flags: [.baseType, .haveGC, .baseExcSubclass], doc: doc, base: base, dictOffset: 16,
      slots: [
        .tp_dealloc { ExceptionFields.deallocate($0, objects: 4) },
        .tp_traverse { ExceptionFields.traverse($0, $1, $2, objects: 4) },
        .tp_clear { ExceptionFields.clear($0, objects: 4) },
        .tp_init(OSError_init),
      ])
  }

  /// The subclass for an error number, or nil.
  static func subclass(forErrno number: Int) -> TypeRef? {
    switch Int32(truncatingIfNeeded: number) {
    case EAGAIN, EALREADY, EINPROGRESS: apus_exc_BlockingIOError()
    case EPIPE, ESHUTDOWN: apus_exc_BrokenPipeError()
    case ECHILD: apus_exc_ChildProcessError()
    case ECONNABORTED: apus_exc_ConnectionAbortedError()
    case ECONNREFUSED: apus_exc_ConnectionRefusedError()
    case ECONNRESET: apus_exc_ConnectionResetError()
    case EEXIST: apus_exc_FileExistsError()
    case ENOENT: apus_exc_FileNotFoundError()
    case EISDIR: apus_exc_IsADirectoryError()
    case ENOTDIR: apus_exc_NotADirectoryError()
    case EINTR: apus_exc_InterruptedError()
    case EACCES, EPERM: apus_exc_PermissionError()
    case ESRCH: apus_exc_ProcessLookupError()
    case ETIMEDOUT: apus_exc_TimeoutError()
    default: nil
    }
  }

  /// Whether `__init__` does the work: a class that overrides `__init__` but not `__new__` may take
  /// other arguments than OSError does.
  static func usesInit(_ type: TypeRef) -> Bool {
    let native = unsafeBitCast(OSError_init as initproc, to: UnsafeRawPointer.self)
    let nativeNew = unsafeBitCast(OSError_new as newfunc, to: UnsafeRawPointer.self)
    return unsafeBitCast(type.pointee.tp_init, to: UnsafeRawPointer?.self) != native
      && unsafeBitCast(type.pointee.tp_new, to: UnsafeRawPointer?.self) == nativeNew
  }

  /// Two to five arguments are errno, strerror, filename, winerror (ignored), filename2.
  static func initialize(_ exception: Ref, _ given: Ref) throws(Raised) {
    let fields = exception.view(PyOSErrorObject.self)
    let count = apus_var_size(given)
    var args = given.retained()
    if count >= 2 && count <= 5 {
      let name: Ref? = count >= 3 ? apus_tuple_item(given, 2) : nil
      let name2: Ref? = count == 5 ? apus_tuple_item(given, 4) : nil
      if let name, !name.isNone {
        if exception.type == apus_exc_BlockingIOError() && PyNumber_Check(name) != 0 {
          // BlockingIOError(errno, strerror, characters_written)
          let written = PyNumber_AsSsize_t(name, .valueError)
          if written == -1 && hasRaised() { throw Raised() }
          fields.pointee.written = written
        } else {
          ExceptionFields.set(ExceptionFields.field(exception, 88), name)
          if let name2, !name2.isNone {
            ExceptionFields.set(ExceptionFields.field(exception, 96), name2)
          }
          // The names are attributes, not arguments, as they have been since Python 2.
          args = try own(PyTuple_GetSlice(given, 0, 2))
        }
      }
      ExceptionFields.set(ExceptionFields.field(exception, 72), apus_tuple_item(given, 0))
      ExceptionFields.set(ExceptionFields.field(exception, 80), apus_tuple_item(given, 1))
    }
    ExceptionFields.set(ExceptionFields.field(exception, 24), args.ref)
  }

  private static func str(_ exception: Ref) -> Ref? {
    new {
      let fields = exception.view(PyOSErrorObject.self).pointee
      func shown(_ object: Ref?) throws(Raised) -> String {
        let text1 = try own(PyObject_Str(object ?? noneObject()))
        return text(of: text1.ref)
      }
      func quoted(_ object: Ref) throws(Raised) -> String {
        let text1 = try own(PyObject_Repr(object))
        return text(of: text1.ref)
      }
      if let name = fields.filename {
        let head = "[Errno \(try shown(fields.myerrno))] \(try shown(fields.strerror)): \(try quoted(name))"
        if let second = fields.filename2 {
          return try own(newString("\(head) -> \(try quoted(second))"))
        }
        return try own(newString(head))
      }
      if fields.myerrno != nil && fields.strerror != nil {
        return try own(
          newString("[Errno \(try shown(fields.myerrno))] \(try shown(fields.strerror))"))
      }
      return try own(BaseException.str(exception))
    }
  }

  private static let reduce: Method = .noargs("__reduce__($self, /)", "What pickle needs.") {
    exception, _ in
    new {
      let fields = exception.view(PyOSErrorObject.self).pointee
      var args = (fields.args ?? noneObject()).retained()
      if args.ref.isTuple, apus_var_size(args.ref) == 2, let name = fields.filename {
        let count = fields.filename2 == nil ? 3 : 5
        let tuple = try own(PyTuple_New(count))
        let items = apus_tuple_items(tuple.ref)
        for index in 0..<2 { items[index] = apus_tuple_item(args.ref, index).retained().give() }
        items[2] = name.retained().give()
        if let second = fields.filename2 {
          items[3] = noneObject()
          items[4] = second.retained().give()
        }
        args = tuple
      }
      if let dict = fields.dict {
        return try own(PyTuple_Pack3(exception.type.object, args.ref, dict))
      }
      return try own(PyTuple_Pack2(exception.type.object, args.ref))
    }
  }

  private static let charactersWritten = Property(
    "characters_written",
    get: { exception, _ in
      let written = exception.view(PyOSErrorObject.self).pointee.written
      if written == -1 {
        _ = raiseWritten()
        return nil
      }
      return PyLong_FromSsize_t(written)
    },
    set: { exception, value, _ in
      status {
        let fields = exception.view(PyOSErrorObject.self)
        guard let value else {
          if fields.pointee.written == -1 { throw raiseWritten() }
          fields.pointee.written = -1
          return
        }
        let number = PyNumber_AsSsize_t(value, .valueError)
        if number == -1 && hasRaised() { throw Raised() }
        fields.pointee.written = number
      }
    })

  private static func raiseWritten() -> Raised { raise(.attributeError, "characters_written") }
}

@c func OSError_new(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) -> Ref? {
  new {
    var type = type
    let usesInit = OSErrorType.usesInit(type)
    if !usesInit {
      try checkNoKeywords(type.fullName, keywords)
      if type == apus_exc_OSError() {
        let count = apus_var_size(args)
        if count >= 2 && count <= 5, apus_tuple_item(args, 0).isInt {
          let number = PyLong_AsLong(apus_tuple_item(args, 0))
          if number == -1 && hasRaised() {
            PyErr_Clear()
          } else if let better = OSErrorType.subclass(forErrno: number) {
            type = better
          }
        }
      }
    }
    guard let allocator = type.pointee.tp_alloc else { throw raiseNoMemory() }
    let exception = try own(allocator(type, 0))
    exception.ref.view(PyOSErrorObject.self).pointee.written = -1
    if usesInit {
      let empty = try own(PyTuple_New(0))
      ExceptionFields.set(ExceptionFields.field(exception.ref, 24), empty.ref)
    } else {
      try OSErrorType.initialize(exception.ref, args)
    }
    return exception
  }
}

@c func OSError_init(_ exception: Ref, _ args: Ref, _ keywords: Ref?) -> Int32 {
  // Done in __new__ unless a subclass calls this from its own __init__.
  guard OSErrorType.usesInit(exception.type) else { return 0 }
  return status {
    try checkNoKeywords(exception.type.fullName, keywords)
    try OSErrorType.initialize(exception, args)
  }
}

// MARK: From errno

@c @implementation public func PyErr_SetFromErrnoWithFilenameObjects(
  _ type: Ref, _ name: Ref?, _ name2: Ref?
) -> Ref? {
  let number = errno
  if number == EINTR && PyErr_CheckSignals() != 0 { return nil }
  _ = status {
    let code = try own(PyLong_FromLong(Int(number)))
    let message =
      number == 0 ? try own(PyUnicode_FromString("Error")) : try own(PyUnicode_DecodeLocale(strerror(number), "surrogateescape"))
    let args: Owned
    if let name {
      if let name2 {
        args = try own(PyTuple_New(5))
        let zero = apus_small_int(0)
        let values: [Ref] = [code.ref, message.ref, name, zero, name2]
        for (index, value) in values.enumerated() {
          apus_tuple_items(args.ref)[index] = value.retained().give()
        }
      } else {
        args = try own(PyTuple_Pack3(code.ref, message.ref, name))
      }
    } else {
      args = try own(PyTuple_Pack2(code.ref, message.ref))
    }
    let error = try own(PyObject_Call(type, args.ref, nil))
    PyErr_SetObject(error.ref.type.object, error.ref)
  }
  return nil
}

@c @implementation public func PyErr_SetFromErrnoWithFilenameObject(_ type: Ref, _ name: Ref?) -> Ref? {
  PyErr_SetFromErrnoWithFilenameObjects(type, name, nil)
}

@c @implementation public func PyErr_SetFromErrnoWithFilename(
  _ type: Ref, _ name: UnsafePointer<CChar>?
) -> Ref? {
  let number = errno
  var object: Ref?
  if let name {
    object = PyUnicode_DecodeFSDefault(name)
    if object == nil { return nil }
  }
  errno = number
  let result = PyErr_SetFromErrnoWithFilenameObjects(type, object, nil)
  Py_XDECREF(object)
  return result
}

@c @implementation public func PyErr_SetFromErrno(_ type: Ref) -> Ref? {
  PyErr_SetFromErrnoWithFilenameObjects(type, nil, nil)
}
