import CPythonABI
import Objects

/// A Swift closure that Python can call with positional arguments.
///
///     let double = PythonFunction("double") { arguments in try arguments[0] * 2 }
///     try Python.print(double.pythonObject()(21))
///
/// What the closure throws is raised in Python: a `PythonError` as its exception, any other error
/// as RuntimeError with its description.
public struct PythonFunction: PythonConvertible {
  public typealias Body = ([PythonObject]) throws -> any PythonConvertible

  let name: String
  let body: Body

  /// - Parameter name: the function's `__name__`.
  public init(_ name: String, _ body: @escaping Body) {
    self.name = name
    self.body = body
  }

  /// The closure and the method definition a builtin function points to: they live as long as the
  /// capsule that is the function's `self`.
  private final class Box {
    let body: Body
    let definition: UnsafeMutablePointer<PyMethodDef>
    private let name: UnsafeMutablePointer<CChar>

    init(_ name: String, _ body: @escaping Body) {
      self.body = body
      let bytes = name.utf8CString
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
      for (index, byte) in bytes.enumerated() { (copy + index).initialize(to: byte) }
      self.name = copy
      let entry: @convention(c) (Ref?, Ref?) -> Ref? = { PythonFunction.call($0, $1) }
      definition = .allocate(capacity: 1)
      definition.initialize(
        to: PyMethodDef(
          ml_name: UnsafePointer(copy), ml_meth: unsafeBitCast(entry, to: UnsafeMutableRawPointer.self),
          ml_flags: Int32(METH_VARARGS), ml_doc: nil))
    }

    deinit {
      definition.deallocate()
      name.deallocate()
    }
  }

  private static let capsuleName: StaticString = "apus.PythonFunction"

  private static var capsuleText: UnsafePointer<CChar> {
    UnsafeRawPointer(capsuleName.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  /// A new builtin function.
  public func pythonObject() throws -> PythonObject {
    try PythonObject.take {
      let box = Unmanaged.passRetained(Box(name, body))
      guard
        let capsule = PyCapsule_New(
          box.toOpaque(), PythonFunction.capsuleText, { PythonFunction.release($0) })
      else {
        box.release()
        return nil
      }
      defer { Py_DECREF(capsule) }
      return PyCFunction_New(box.takeUnretainedValue().definition, capsule)
    }
  }

  private static func release(_ capsule: Ref) {
    guard let pointer = PyCapsule_GetPointer(capsule, capsuleText) else { return }
    Unmanaged<Box>.fromOpaque(pointer).release()
  }

  private static func call(_ capsule: Ref?, _ arguments: Ref?) -> Ref? {
    guard let capsule, let arguments, let pointer = PyCapsule_GetPointer(capsule, capsuleText)
    else { return nil }
    let box = Unmanaged<Box>.fromOpaque(pointer).takeUnretainedValue()
    let values = (0..<apus_var_size(arguments)).map {
      PythonObject(retaining: apus_tuple_item(arguments, $0))
    }
    do {
      let result = try box.body(values).pythonObject()
      Py_INCREF(result.reference)
      return result.reference
    } catch let error as PythonError {
      Py_INCREF(error.exception.reference)
      PyErr_SetRaisedException(error.exception.reference)
    } catch {
      _ = raise(.runtimeError, "\(error)")
    }
    return nil
  }
}
