import CPythonABI
import Objects

/// One call of an encoder: the text so far and the containers that are open.
struct JsonEncoding: ~Copyable {
  private var text = JsonText(capacity: 512)
  /// Kept alive by the caller.
  private let encoder: Ref
  private let layout: JsonEncoder.Layout
  private var level: Int
  /// The containers around the current one; empty when cycles are not looked for.
  private var open: [Ref] = []
  private let marks: Bool
  /// A line end and as many levels of an ASCII indentation as were needed so far.
  private var margin: [UInt8] = []
  private let indents: Bool

  init(_ encoder: Ref, level: Int) {
    self.encoder = encoder
    layout = encoder.view(JsonEncoder.Layout.self).pointee
    self.level = level
    marks = layout.markers.map { !$0.isNone } ?? false
    indents = layout.indent.map { !$0.isNone } ?? false
  }

  consuming func finish() throws(Raised) -> Owned { try text.finish() }

  /// Appends any object.
  mutating func append(_ object: Ref) throws(Raised) {
    if object.isStr { return try append(string: object) }
    if object.isExactInt && apus_long_is_compact(object) != 0 {
      return try text.append(decimal: apus_long_compact_value(object))
    }
    if object.isNone { return try text.append(ascii: "null") }
    if object == trueObject() { return try text.append(ascii: "true") }
    if object == falseObject() { return try text.append(ascii: "false") }
    if object.isInt { return try append(integer: object) }
    if object.isInstance(of: floatType()) { return try append(float: object) }
    let isSequence = object.isList || object.isTuple
    guard isSequence || object.isDict else { return try append(other: object) }
    guard Py_EnterRecursiveCall(" while encoding a JSON object") == 0 else { throw Raised() }
    defer { Py_LeaveRecursiveCall() }
    if isSequence { try append(sequence: object) } else { try append(dict: object) }
  }

  // MARK: Atoms

  private mutating func append(string object: Ref) throws(Raised) {
    if layout.known != 0 { return try text.append(quoted: object, ascii: layout.known == 1) }
    guard let function = layout.encoder else { throw Raised() }
    let encoded = try own(PyObject_CallOneArg(function, object))
    guard encoded.ref.isStr else {
      throw raise(
        .typeError, "encoder() must return a string, not \(encoded.ref.type.fullName)")
    }
    try text.append(str: encoded.ref)
  }

  private mutating func append(integer object: Ref) throws(Raised) {
    if apus_long_is_compact(object) != 0 {
      return try text.append(decimal: apus_long_compact_value(object))
    }
    let digits = try own(intType().pointee.tp_repr?(object))
    try text.append(str: digits.ref)
  }

  private mutating func append(float object: Ref) throws(Raised) {
    let value = object.view(PyFloatObject.self).pointee.ob_fval
    if value.isFinite { return try text.append(double: value) }
    if layout.allowNaN == 0 {
      let shown = try own(PyObject_Repr(object))
      throw raise(
        .valueError,
        "Out of range float values are not JSON compliant: \(Objects.text(of: shown.ref))")
    }
    if value.isNaN {
      try text.append(ascii: "NaN")
    } else {
      try text.append(ascii: value > 0 ? "Infinity" : "-Infinity")
    }
  }

  // MARK: Containers

  /// Notes that an object is being encoded. Raises ValueError when it is already.
  private mutating func enter(_ object: Ref) throws(Raised) {
    guard marks else { return }
    for outer in open where outer == object { throw raise(.valueError, "Circular reference detected") }
    if let markers = layout.markers, PyDict_Size(markers) > 0 {
      let key = try own(PyLong_FromVoidPtr(object))
      if try check(PyDict_Contains(markers, key.ref)) != 0 {
        throw raise(.valueError, "Circular reference detected")
      }
    }
    open.append(object)
  }

  private mutating func leave() { if marks { open.removeLast() } }

  /// A line end and the indentation of the current level.
  private mutating func newline() throws(Raised) {
    guard let indent = layout.indent else { return }
    if indent.isStr && apus_str_is_ascii(indent) != 0 {
      let length = apus_str_length(indent)
      let (width, overflow) = length.multipliedReportingOverflow(by: Swift.max(level, 0))
      if !overflow && width < 4096 {
        if margin.isEmpty { margin.append(10) }
        let unit = apus_str_data(indent).assumingMemoryBound(to: UInt8.self)
        while margin.count <= width { margin.append(contentsOf: UnsafeBufferPointer(start: unit, count: length)) }
        return try text.append(ascii: margin, width &+ 1)
      }
    }
    try text.append(10)
    guard indent.isStr else {
      throw raise(.typeError, "indent must be a string, not \(indent.type.fullName)")
    }
    if level > 0 { for _ in 0..<level { try text.append(str: indent) } }
  }

  private mutating func separate() throws(Raised) {
    if let separator = layout.itemSeparator { try text.append(str: separator) }
    if indents { try newline() }
  }

  private mutating func append(sequence object: Ref) throws(Raised) {
    let isList = object.isList
    guard apus_var_size(object) > 0 else { return try text.append(ascii: "[]") }
    try enter(object)
    try text.append(91)
    if indents {
      level &+= 1
      try newline()
    }
    // Encoding an item may run code that changes the list.
    var index = 0
    while index < apus_var_size(object) {
      let item = (isList ? apus_list_item(object, index) : apus_tuple_item(object, index)).retained()
      if index > 0 { try separate() }
      try append(item.ref)
      index &+= 1
    }
    leave()
    if indents {
      level &-= 1
      try newline()
    }
    try text.append(93)
  }

  private mutating func append(dict object: Ref) throws(Raised) {
    guard PyDict_Size(object) > 0 else { return try text.append(ascii: "{}") }
    try enter(object)
    try text.append(123)
    if indents { level &+= 1 }
    var first = true
    if layout.sortKeys != 0 || !object.isExactDict {
      let items = try own(PyMapping_Items(object))
      if layout.sortKeys != 0 { try check(PyList_Sort(items.ref)) }
      var index = 0
      while index < apus_var_size(items.ref) {
        let item = apus_list_item(items.ref, index).retained()
        guard item.ref.isTuple, apus_var_size(item.ref) == 2 else {
          throw raise(.valueError, "items must return 2-tuples")
        }
        try append(
          key: apus_tuple_item(item.ref, 0), value: apus_tuple_item(item.ref, 1), first: &first)
        index &+= 1
      }
    } else {
      var position = 0
      var key: Ref?
      var value: Ref?
      while PyDict_Next(object, &position, &key, &value) != 0, let key, let value {
        let heldKey = key.retained()
        let heldValue = value.retained()
        try append(key: heldKey.ref, value: heldValue.ref, first: &first)
      }
    }
    leave()
    if indents {
      level &-= 1
      if !first { try newline() }
    }
    try text.append(125)
  }

  private mutating func append(key: Ref, value: Ref, first: inout Bool) throws(Raised) {
    let isStr = key.isStr
    if !isStr {
      let fits =
        key.isInt || key.isNone || key.isInstance(of: floatType())
      if !fits {
        if layout.skipKeys != 0 { return }
        throw raise(
          .typeError,
          "keys must be str, int, float, bool or None, not \(key.type.fullName)")
      }
    }
    if first {
      first = false
      if indents { try newline() }
    } else {
      try separate()
    }
    if isStr {
      try append(string: key)
    } else if layout.known != 0 {
      try text.append(34)
      try append(key)
      try text.append(34)
    } else {
      var name = JsonEncoding(encoder, level: 0)
      try name.append(key)
      let shown = try name.finish()
      try append(string: shown.ref)
    }
    if let separator = layout.keySeparator { try text.append(str: separator) }
    try append(value)
  }

  // MARK: The rest

  private mutating func append(other object: Ref) throws(Raised) {
    try enter(object)
    guard let fallback = layout.fallback else { throw Raised() }
    let replacement = try own(PyObject_CallOneArg(fallback, object))
    guard Py_EnterRecursiveCall(" while encoding a JSON object") == 0 else { throw Raised() }
    defer { Py_LeaveRecursiveCall() }
    try append(replacement.ref)
    leave()
  }
}
