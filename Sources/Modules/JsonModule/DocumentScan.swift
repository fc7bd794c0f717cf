import CPythonABI
import Glibc
import Numerics
import Objects

/// One call of a scanner over a document whose str has code units of one width.
struct DocumentScan<Unit: FixedWidthInteger & UnsignedInteger>: ~Copyable {
  private let strings: StringScan<Unit>
  private let layout: JsonScanner.Layout
  private let strict: Bool
  private let plainFloat: Bool
  private let plainInt: Bool
  private var keys = KeyTable()
  /// Finished items of the arrays that are open, and keys and values of the objects, owned.
  private var values: UnsafeMutablePointer<Ref>?
  private var depth = 0
  private var room = 0

  init(_ source: Ref, _ layout: JsonScanner.Layout) {
    strings = StringScan(source)
    self.layout = layout
    strict = layout.strict != 0
    plainFloat = layout.parseFloat == floatType().object
    plainInt = layout.parseInt == intType().object
  }

  deinit {
    guard let values else { return }
    for index in 0..<depth { Py_DECREF(values[index]) }
    free(values)
  }

  /// Puts a finished value on the stack.
  @inline(__always)
  private mutating func push(_ value: consuming Owned) throws(Raised) {
    if depth == room {
      let larger = Swift.max(16, room &* 2)
      guard let memory = realloc(values, larger &* MemoryLayout<Ref>.stride) else {
        throw raiseNoMemory()
      }
      values = memory.bindMemory(to: Ref.self, capacity: larger)
      room = larger
    }
    values.unsafelyUnwrapped[depth] = value.give()
    depth &+= 1
  }

  /// A list of what is on the stack from `base` on, taken off it.
  private mutating func pop(from base: Int) throws(Raised) -> Owned {
    let length = depth &- base
    let list = try own(PyList_New(length))
    if length > 0, let items = list.ref.view(PyListObject.self).pointee.ob_item, let values {
      for offset in 0..<length { items[offset] = values[base &+ offset] }
    }
    depth = base
    return list
  }

  private var text: UnsafePointer<Unit> { @inline(__always) get { strings.text } }
  private var count: Int { @inline(__always) get { strings.count } }

  @inline(__always)
  private func skipSpace(_ index: inout Int) {
    while index < count {
      let unit = text[index]
      guard unit == 32 || unit == 10 || unit == 13 || unit == 9 else { return }
      index &+= 1
    }
  }

  @inline(__always)
  private func has(_ unit: Unit, at index: Int) -> Bool { index < count && text[index] == unit }

  /// `StopIteration(index)`: no value starts here.
  private func nothing(at index: Int) -> Raised {
    do {
      let place = try int(index)
      return raise(.stopIteration, value: place.ref)
    } catch { return Raised() }
  }

  /// Reads the value at `index`; `next` is the index after it.
  mutating func value(at index: Int, next: inout Int) throws(Raised) -> Owned {
    guard index >= 0 else { throw raise(.valueError, "idx cannot be negative") }
    guard index < count else { throw nothing(at: index) }
    switch text[index] {
    case 34: return try strings.scan(from: index &+ 1, strict: strict, next: &next)
    case 123:
      guard Py_EnterRecursiveCall(" while decoding a JSON object from a unicode string") == 0 else {
        throw Raised()
      }
      defer { Py_LeaveRecursiveCall() }
      return try object(at: index &+ 1, next: &next)
    case 91:
      guard Py_EnterRecursiveCall(" while decoding a JSON array from a unicode string") == 0 else {
        throw Raised()
      }
      defer { Py_LeaveRecursiveCall() }
      return try array(at: index &+ 1, next: &next)
    case 110:
      if matches("null", at: index) {
        next = index &+ 4
        return noneObject().retained()
      }
    case 116:
      if matches("true", at: index) {
        next = index &+ 4
        return trueObject().retained()
      }
    case 102:
      if matches("false", at: index) {
        next = index &+ 5
        return falseObject().retained()
      }
    case 78:
      if matches("NaN", at: index) { return try constant("NaN", at: index, next: &next) }
    case 73:
      if matches("Infinity", at: index) { return try constant("Infinity", at: index, next: &next) }
    case 45:
      if matches("-Infinity", at: index) {
        return try constant("-Infinity", at: index, next: &next)
      }
    default: break
    }
    return try number(at: index, next: &next)
  }

  private func matches(_ word: StaticString, at index: Int) -> Bool {
    let length = word.utf8CodeUnitCount
    guard count &- index >= length else { return false }
    for offset in 0..<length where text[index &+ offset] != Unit(word.utf8Start[offset]) {
      return false
    }
    return true
  }

  private func constant(
    _ word: StaticString, at index: Int, next: inout Int
  ) throws(Raised) -> Owned {
    let name = try own(PyUnicode_InternFromString(cString(word)))
    guard let function = layout.parseConstant else { throw Raised() }
    let result = try own(PyObject_CallOneArg(function, name.ref))
    next = index &+ word.utf8CodeUnitCount
    return result
  }

  // MARK: Containers

  private mutating func array(at start: Int, next: inout Int) throws(Raised) -> Owned {
    var index = start
    let base = depth
    skipSpace(&index)
    if !has(93, at: index) {
      while true {
        let item = try value(at: index, next: &index)
        try push(item)
        skipSpace(&index)
        if has(93, at: index) { break }
        guard has(44, at: index) else {
          throw raiseDecodeError("Expecting ',' delimiter", strings.source, index)
        }
        let comma = index
        index &+= 1
        skipSpace(&index)
        if has(93, at: index) {
          throw raiseDecodeError(
            "Illegal trailing comma before end of array", strings.source, comma)
        }
      }
    }
    next = index &+ 1
    return try pop(from: base)
  }

  private mutating func object(at start: Int, next: inout Int) throws(Raised) -> Owned {
    var index = start
    let base = depth
    // Pairs go on the stack when a hook wants them, else straight into the dict.
    let pairsHook = layout.pairsHook.flatMap { $0.isNone ? nil : $0 }
    let result: Owned = pairsHook == nil ? try own(PyDict_New()) : noneObject().retained()
    skipSpace(&index)
    if !has(125, at: index) {
      while true {
        guard has(34, at: index) else {
          throw raiseDecodeError(
            "Expecting property name enclosed in double quotes", strings.source, index)
        }
        let key = try self.key(at: index &+ 1, next: &index).retained()
        skipSpace(&index)
        guard has(58, at: index) else {
          throw raiseDecodeError("Expecting ':' delimiter", strings.source, index)
        }
        index &+= 1
        skipSpace(&index)
        let item = try value(at: index, next: &index)
        if pairsHook == nil {
          try check(PyDict_SetItem(result.ref, key.ref, item.ref))
        } else {
          let pair = try tuple(key, item)
          try push(pair)
        }
        skipSpace(&index)
        if has(125, at: index) { break }
        guard has(44, at: index) else {
          throw raiseDecodeError("Expecting ',' delimiter", strings.source, index)
        }
        let comma = index
        index &+= 1
        skipSpace(&index)
        if has(125, at: index) {
          throw raiseDecodeError(
            "Illegal trailing comma before end of object", strings.source, comma)
        }
      }
    }
    next = index &+ 1
    if let pairsHook {
      let pairs = try pop(from: base)
      return try own(PyObject_CallOneArg(pairsHook, pairs.ref))
    }
    if let hook = layout.objectHook, !hook.isNone {
      return try own(PyObject_CallOneArg(hook, result.ref))
    }
    return result
  }

  /// The key whose first character is at `start`, borrowed from the table.
  private mutating func key(at start: Int, next: inout Int) throws(Raised) -> Ref {
    if MemoryLayout<Unit>.size == 1 {
      let end = strings.stop(from: start, strict: strict)
      if end < count && text[end] == 34 {
        next = end &+ 1
        let found = strings
        return try keys.key(text + start, end &- start, kind: 1) { () throws(Raised) in
          try found.string(start, end &- start)
        }
      }
    }
    let made = try strings.scan(from: start, strict: strict, next: &next)
    let ref = made.ref
    return try keys.key(apus_str_data(ref), apus_str_length(ref), kind: apus_str_kind(ref)) {
      () throws(Raised) in ref.retained()
    }
  }

  // MARK: Numbers

  private func number(at start: Int, next: inout Int) throws(Raised) -> Owned {
    var index = start
    let negative = text[index] == 45
    if negative {
      index &+= 1
      guard index < count else { throw nothing(at: start) }
    }
    let firstDigit = index
    // The first digits as a number, exact while there are at most 18.
    var mantissa: Int = 0
    guard text[index] >= 48, text[index] <= 57 else { throw nothing(at: start) }
    if text[index] == 48 {
      index &+= 1
    } else {
      while index < count, text[index] >= 48, text[index] <= 57 {
        mantissa = mantissa &* 10 &+ Int(truncatingIfNeeded: text[index] &- 48)
        index &+= 1
      }
    }
    var digits = index &- firstDigit
    var isFloat = false
    var exponent = 0
    if index &+ 1 < count, text[index] == 46, text[index &+ 1] >= 48, text[index &+ 1] <= 57 {
      isFloat = true
      let point = index
      index &+= 1
      while index < count, text[index] >= 48, text[index] <= 57 {
        mantissa = mantissa &* 10 &+ Int(truncatingIfNeeded: text[index] &- 48)
        index &+= 1
      }
      exponent = point &+ 1 &- index
      digits &-= exponent
    }
    var exponentIsSmall = true
    if index &+ 1 < count, text[index] == 101 || text[index] == 69 {
      var ahead = index &+ 1
      let signed = text[ahead] == 45 || text[ahead] == 43
      let minus = text[ahead] == 45
      if signed { ahead &+= 1 }
      let from = ahead
      var power = 0
      while ahead < count, text[ahead] >= 48, text[ahead] <= 57 {
        power = power &* 10 &+ Int(truncatingIfNeeded: text[ahead] &- 48)
        ahead &+= 1
      }
      if ahead > from {
        isFloat = true
        exponentIsSmall = ahead &- from < 5
        exponent = minus ? exponent &- power : exponent &+ power
        index = ahead
      }
    }
    next = index
    if isFloat ? !plainFloat : !plainInt {
      guard let function = isFloat ? layout.parseFloat : layout.parseInt else { throw Raised() }
      let part = try strings.string(start, index &- start)
      return try own(PyObject_CallOneArg(function, part.ref))
    }
    if digits <= 18 {
      if !isFloat { return try int(negative ? -mantissa : mantissa) }
      if exponentIsSmall, mantissa < 1 << 53, exponent >= -22, exponent <= 22 {
        // Both factors are exact doubles: one rounding (Clinger 1990).
        let value = Double(mantissa)
        let scaled =
          exponent < 0 ? value / JsonNumbers.powers[-exponent] : value * JsonNumbers.powers[exponent]
        return try own(PyFloat_FromDouble(negative ? -scaled : scaled))
      }
    }
    return try JsonNumbers.parse(index &- start, isFloat: isFloat) { [strings] offset in
      UInt8(truncatingIfNeeded: strings.text[start &+ offset])
    }
  }
}

/// Numbers that need all their digits.
enum JsonNumbers {
  static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The float or int that a run of ASCII characters denotes.
  static func parse(
    _ count: Int, isFloat: Bool, _ byte: (Int) -> UInt8
  ) throws(Raised) -> Owned {
    guard let room = malloc(count + 1) else { throw raiseNoMemory() }
    defer { free(room) }
    let bytes = room.bindMemory(to: UInt8.self, capacity: count + 1)
    for index in 0..<count { bytes[index] = byte(index) }
    bytes[count] = 0
    if isFloat {
      switch FloatText.parse(bytes, count) {
      case .value(let value): return try own(PyFloat_FromDouble(value))
      case .outOfMemory: throw raiseNoMemory()
      case .invalid: throw raise(.valueError, "could not convert string to float")
      }
    }
    return try own(
      PyLong_FromString(UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self), nil, 10))
  }
}
