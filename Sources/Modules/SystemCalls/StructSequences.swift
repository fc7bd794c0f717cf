import CPythonABI
import Objects

/// Fills a struct sequence item by item.
public struct StructSequenceBuilder: ~Copyable {
  private let object: Owned
  private var next = 0

  public init(_ type: TypeRef) throws(Raised) {
    object = try own(PyStructSequence_New(type))
  }

  public mutating func append(_ item: consuming Owned) {
    PyStructSequence_SetItem(object.ref, next, item.give())
    next += 1
  }

  public mutating func append(_ number: Int) throws(Raised) { append(try int(number)) }

  public consuming func finish() -> Owned { object }
}
