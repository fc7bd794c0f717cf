import CPythonABI

/// A computed attribute of a builtin type (PyGetSetDef).
public struct Property: @unchecked Sendable {
  public typealias Getter = @convention(c) (Ref, UnsafeMutableRawPointer?) -> Ref?
  public typealias Setter = @convention(c) (Ref, Ref?, UnsafeMutableRawPointer?) -> Int32

  let name: StaticString
  let doc: StaticString?
  let get: Getter?
  let set: Setter?
  let closure: Int

  /// `closure` is handed to both functions as a pointer-sized number. A setter gets nil to delete.
  public init(
    _ name: StaticString, _ doc: StaticString? = nil, closure: Int = 0, get: Getter?,
    set: Setter? = nil
  ) {
    self.name = name
    self.doc = doc
    self.get = get
    self.set = set
    self.closure = closure
  }

  static func table(_ properties: [Property]) -> UnsafeMutablePointer<PyGetSetDef>? {
    if properties.isEmpty { return nil }
    let table = PermanentMemory.allocate(PyGetSetDef.self, count: properties.count + 1)
    for (index, property) in properties.enumerated() {
      (table + index).initialize(
        to: PyGetSetDef(
          name: cString(property.name), get: property.get, set: property.set,
          doc: property.doc.map(cString),
          closure: UnsafeMutableRawPointer(bitPattern: property.closure)))
    }
    return table
  }
}

/// A field of the object's struct shown as an attribute (PyMemberDef).
public struct Member: @unchecked Sendable {
  let name: StaticString
  let doc: StaticString?
  let type: Int32
  let offset: Int
  let flags: Int32

  /// `type` is one of `Py_T_*`, `offset` in bytes, `flags` of `Py_READONLY`, `Py_AUDIT_READ`.
  public init(
    _ name: StaticString, _ type: Int32, offset: Int, flags: Int32 = 0, _ doc: StaticString? = nil
  ) {
    self.name = name
    self.type = type
    self.offset = offset
    self.flags = flags
    self.doc = doc
  }

  static func table(_ members: [Member]) -> UnsafeMutablePointer<PyMemberDef>? {
    if members.isEmpty { return nil }
    let table = PermanentMemory.allocate(PyMemberDef.self, count: members.count + 1)
    for (index, member) in members.enumerated() {
      (table + index).initialize(
        to: PyMemberDef(
          name: cString(member.name), type: member.type, offset: member.offset,
          flags: member.flags, doc: member.doc.map(cString)))
    }
    return table
  }
}

/// A static string as a C string.
@inline(__always) public func cString(_ text: StaticString) -> UnsafePointer<CChar> {
  UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}
