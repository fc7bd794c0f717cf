import CPythonABI
import Glibc
import Objects

/// A NULL-terminated array of C strings for exec: arguments or an environment.
public struct ProgramArguments: ~Copyable {
  public let pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  public private(set) var count = 0
  private let capacity: Int

  private init(capacity: Int) {
    self.capacity = capacity
    pointer = .allocate(capacity: capacity + 1)
    pointer.initialize(repeating: nil, count: capacity + 1)
  }

  deinit {
    for index in 0..<count { free(pointer[index]) }
    pointer.deallocate()
  }

  private mutating func append(_ text: UnsafeMutablePointer<CChar>?) throws(Raised) {
    guard let text else { throw raiseNoMemory() }
    pointer[count] = text
    count += 1
  }

  /// The encoded bytes of a path-like object without NUL.
  public static func encode(_ object: Ref) throws(Raised) -> Owned {
    var bytes: Ref?
    if PyUnicode_FSConverter(object, &bytes) == 0 { throw Raised() }
    return try own(bytes)
  }

  /// The items of a list or tuple.
  public static func list(_ sequence: Ref) throws(Raised) -> ProgramArguments {
    let count = try check(PySequence_Size(sequence))
    var result = ProgramArguments(capacity: count)
    for index in 0..<count {
      let item = try own(PySequence_GetItem(sequence, index))
      let bytes = try encode(item.ref)
      try result.append(strdup(PyBytes_AsString(bytes.ref).unsafelyUnwrapped))
    }
    return result
  }

  /// `NAME=value` of the entries of a mapping.
  public static func environment(_ mapping: Ref) throws(Raised) -> ProgramArguments {
    let keys = try own(PyMapping_Keys(mapping))
    let values = try own(PyMapping_Values(mapping))
    guard keys.ref.isList && values.ref.isList else {
      throw raise(.typeError, "env.keys() or env.values() is not a list")
    }
    var result = ProgramArguments(capacity: apus_var_size(keys.ref))
    for index in 0..<apus_var_size(keys.ref) where index < apus_var_size(values.ref) {
      let key = try encode(apus_list_item(keys.ref, index))
      let value = try encode(apus_list_item(values.ref, index))
      let name = PyBytes_AsString(key.ref).unsafelyUnwrapped
      let text = PyBytes_AsString(value.ref).unsafelyUnwrapped
      if name[0] == 0 || strchr(name + 1, 0x3D) != nil {
        throw raise(.valueError, "illegal environment variable name")
      }
      let (nameCount, textCount) = (strlen(name), strlen(text))
      guard let entry = malloc(nameCount + textCount + 2) else { throw raiseNoMemory() }
      memcpy(entry, name, nameCount)
      entry.storeBytes(of: 0x3D, toByteOffset: nameCount, as: UInt8.self)
      memcpy(entry + nameCount + 1, text, textCount + 1)
      try result.append(entry.assumingMemoryBound(to: CChar.self))
    }
    return result
  }
}
