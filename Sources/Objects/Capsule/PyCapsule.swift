import CPythonABI
import Glibc

/// PyCapsule: a C pointer as an object, with the name its users agree on. CPython:
/// Objects/capsule.c.
enum CapsuleType {
  @inline(__always)
  static func view(_ object: Ref) -> UnsafeMutablePointer<PyCapsule> {
    object.view(PyCapsule.self)
  }

  static let spec = TypeSpec(
    capsuleType(), "PyCapsule", basicSize: MemoryLayout<PyCapsule>.size, flags: [.haveGC],
    doc: """
      Capsule objects wrap a pointer of one extension module for the C code of others.
      The name says what it points to; PyCapsule_Import() finds it as an attribute of
      the module that made it.
      """,
    base: objectType(),
    slots: [
      .tp_dealloc { capsule in
        PyObject_GC_UnTrack(capsule)
        view(capsule).pointee.destructor?(capsule)
        PyObject_GC_Del(capsule)
      },
      .tp_repr { capsule in
        guard let name = view(capsule).pointee.name else {
          return newString("<capsule object NULL at \(hexAddress(capsule))>")
        }
        return newString(
          "<capsule object \"\(String(cString: name))\" at \(hexAddress(capsule))>")
      },
      .tp_traverse { view($0).pointee.traverse_func?($0, $1, $2) ?? 0 },
      .tp_clear { view($0).pointee.clear_func?($0) ?? 0 },
    ])

  /// The capsule's struct, nil with ValueError for anything else, NULL included.
  static func checked(
    _ object: Ref?, _ function: StaticString
  ) -> UnsafeMutablePointer<PyCapsule>? {
    if let object, object.type == capsuleType(), view(object).pointee.pointer != nil { return view(object) }
    _ = raise(.valueError, "\(function) called with invalid PyCapsule object")
    return nil
  }

  static func isSame(_ a: UnsafePointer<CChar>?, _ b: UnsafePointer<CChar>?) -> Bool {
    guard let a, let b else { return a == b }
    return strcmp(a, b) == 0
  }
}

/// A capsule; `name` must outlive it. ValueError for a NULL pointer.
@c @implementation
public func PyCapsule_New(
  _ pointer: UnsafeMutableRawPointer?, _ name: UnsafePointer<CChar>?,
  _ destructor: PyCapsule_Destructor?
) -> Ref? {
  guard let pointer else {
    _ = raise(.valueError, "PyCapsule_New called with null pointer")
    return nil
  }
  // Tracked only when it says what it refers to.
  guard let capsule = _PyObject_GC_New(capsuleType()) else { return nil }
  let own = CapsuleType.view(capsule)
  own.pointee.pointer = pointer
  own.pointee.name = name
  own.pointee.context = nil
  own.pointee.destructor = destructor
  own.pointee.traverse_func = nil
  own.pointee.clear_func = nil
  return capsule
}

@c @implementation
public func PyCapsule_IsValid(_ capsule: Ref?, _ name: UnsafePointer<CChar>?) -> Int32 {
  guard let capsule, capsule.type == capsuleType(),
    CapsuleType.view(capsule).pointee.pointer != nil
  else { return 0 }
  return CapsuleType.isSame(CapsuleType.view(capsule).pointee.name, name) ? 1 : 0
}

@c @implementation
public func PyCapsule_GetPointer(
  _ capsule: Ref?, _ name: UnsafePointer<CChar>?
) -> UnsafeMutableRawPointer? {
  guard let own = CapsuleType.checked(capsule, "PyCapsule_GetPointer") else { return nil }
  guard CapsuleType.isSame(name, own.pointee.name) else {
    _ = raise(.valueError, "PyCapsule_GetPointer called with incorrect name")
    return nil
  }
  return own.pointee.pointer
}

@c @implementation
public func PyCapsule_GetName(_ capsule: Ref?) -> UnsafePointer<CChar>? {
  CapsuleType.checked(capsule, "PyCapsule_GetName")?.pointee.name
}

@c @implementation
public func PyCapsule_GetDestructor(_ capsule: Ref?) -> PyCapsule_Destructor? {
  CapsuleType.checked(capsule, "PyCapsule_GetDestructor")?.pointee.destructor
}

@c @implementation
public func PyCapsule_GetContext(_ capsule: Ref?) -> UnsafeMutableRawPointer? {
  CapsuleType.checked(capsule, "PyCapsule_GetContext")?.pointee.context
}

@c @implementation
public func PyCapsule_SetPointer(_ capsule: Ref?, _ pointer: UnsafeMutableRawPointer?) -> Int32 {
  guard let pointer else {
    _ = raise(.valueError, "PyCapsule_SetPointer called with null pointer")
    return -1
  }
  guard let own = CapsuleType.checked(capsule, "PyCapsule_SetPointer") else { return -1 }
  own.pointee.pointer = pointer
  return 0
}

@c @implementation
public func PyCapsule_SetName(_ capsule: Ref?, _ name: UnsafePointer<CChar>?) -> Int32 {
  guard let own = CapsuleType.checked(capsule, "PyCapsule_SetName") else { return -1 }
  own.pointee.name = name
  return 0
}

@c @implementation
public func PyCapsule_SetDestructor(_ capsule: Ref?, _ destructor: PyCapsule_Destructor?) -> Int32 {
  guard let own = CapsuleType.checked(capsule, "PyCapsule_SetDestructor") else { return -1 }
  own.pointee.destructor = destructor
  return 0
}

@c @implementation
public func PyCapsule_SetContext(_ capsule: Ref?, _ context: UnsafeMutableRawPointer?) -> Int32 {
  guard let own = CapsuleType.checked(capsule, "PyCapsule_SetContext") else { return -1 }
  own.pointee.context = context
  return 0
}

/// Lets the collector see what the capsule refers to.
@c @implementation
public func _PyCapsule_SetTraverse(
  _ capsule: Ref, _ traverse: traverseproc?, _ clear: inquiry?
) -> Int32 {
  guard let own = CapsuleType.checked(capsule, "_PyCapsule_SetTraverse") else { return -1 }
  own.pointee.traverse_func = traverse
  own.pointee.clear_func = clear
  PyObject_GC_Track(capsule)
  return 0
}

/// The pointer of the capsule that the dotted name leads to.
@c @implementation
public func PyCapsule_Import(
  _ name: UnsafePointer<CChar>, _ noBlock: Int32
) -> UnsafeMutableRawPointer? {
  let path = String(cString: name)
  var object: Ref?
  defer { Py_XDECREF(object) }
  for part in path.split(separator: ".", omittingEmptySubsequences: false).map(String.init) {
    if let holder = object {
      object = PyObject_GetAttrString(holder, part)
      Py_DECREF(holder)
    } else {
      object = PyImport_ImportModule(part)
      if object == nil {
        _ = raise(.importError, "PyCapsule_Import could not import module \"\(part)\"")
      }
    }
    if object == nil { return nil }
  }
  guard let object, PyCapsule_IsValid(object, name) != 0 else {
    _ = raise(.attributeError, "PyCapsule_Import \"\(path)\" is not valid")
    return nil
  }
  return CapsuleType.view(object).pointee.pointer
}
