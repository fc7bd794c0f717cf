import CPythonABI
import Objects

/// Functions of `builtins` on single objects and iterables. CPython: Python/bltinmodule.c.
enum BuiltinFunctions {
  static let abs: Method = .o("abs($module, x, /)", "The absolute value of a number.") {
    PyNumber_Absolute($1)
  }

  static let all: Method = .o(
    "all($module, iterable, /)", "True when every item is true, also when there is none."
  ) { _, iterable in
    bool { try anyItem(iterable, is: 0) == false }
  }

  static let any: Method = .o(
    "any($module, iterable, /)", "True when some item is true; False when there is none."
  ) { _, iterable in
    bool { try anyItem(iterable, is: 1) }
  }

  /// Whether some item's truth is the one asked for; stops at the first.
  private static func anyItem(_ iterable: Ref, is wanted: Int32) throws(Raised) -> Bool {
    let iterator = try own(PyObject_GetIter(iterable))
    guard let next = iterator.ref.type.pointee.tp_iternext else { return false }
    while let item = next(iterator.ref) {
      let truth = isTrue(item)
      Py_DECREF(item)
      if truth < 0 { throw Raised() }
      if truth == wanted { return true }
    }
    if hasRaised() {
      if PyErr_ExceptionMatches(.stopIteration) == 0 { throw Raised() }
      PyErr_Clear()
    }
    return false
  }

  static let ascii: Method = .o(
    "ascii($module, obj, /)", "repr() with everything beyond ASCII escaped."
  ) { PyObject_ASCII($1) }

  static let bin: Method = .o(
    "bin($module, number, /)",
    "Binary text of an integer.\n\n   >>> bin(10)\n   '0b1010'"
  ) {
    PyNumber_ToBase($1, 2)
  }

  static let oct: Method = .o(
    "oct($module, number, /)", "Octal text of an integer.\n\n   >>> oct(511)\n   '0o777'"
  ) {
    PyNumber_ToBase($1, 8)
  }

  static let hex: Method = .o(
    "hex($module, number, /)",
    "Hexadecimal text of an integer.\n\n   >>> hex(48879)\n   '0xbeef'"
  ) {
    PyNumber_ToBase($1, 16)
  }

  static let callable: Method = .o(
    "callable($module, obj, /)", "Whether the object can be called (classes can)."
  ) { boolObject(PyCallable_Check($1) != 0) }

  static let chr: Method = .o(
    "chr($module, i, /)", "The one-character string of a code point from 0 to 0x10FFFF."
  ) { _, value in
    new {
      let number = try own(PyNumber_Index(value))
      var overflow: Int32 = 0
      let code = PyLong_AsLongAndOverflow(number.ref, &overflow)
      if code == -1 && overflow == 0 && hasRaised() { throw Raised() }
      guard overflow == 0, code >= 0, code <= 0x10FFFF else {
        throw raise(.valueError, "chr() arg not in range(0x110000)")
      }
      return try own(PyUnicode_FromOrdinal(Int32(code)))
    }
  }

  static let ord: Method = .o(
    "ord($module, c, /)", "The code point of a one-character string."
  ) { _, value in
    new {
      if value.isBytes || value.isInstance(of: byteArrayType()) {
        let count = PyObject_Size(value)
        if count == 1 { return try own(PySequence_GetItem(value, 0)) }
        throw raise(
          .typeError, "ord() expected a character, but string of length \(count) found")
      }
      guard value.isStr else {
        throw raise(
          .typeError, "ord() expected string of length 1, but \(value.type.fullName) found")
      }
      let count = apus_str_length(value)
      guard count == 1 else {
        throw raise(
          .typeError, "ord() expected a character, but string of length \(count) found")
      }
      return try own(
        PyLong_FromLong(Int(apus_str_read(apus_str_kind(value), apus_str_data(value), 0))))
    }
  }

  static let divmod: Method = .fast(
    "divmod($module, x, y, /)", "The tuple (x//y, x%y)."
  ) { _, args, count in
    new {
      try checkPositional("divmod", count, least: 2, most: 2)
      guard let args else { throw Raised() }
      return try own(PyNumber_Divmod(args[0], args[1]))
    }
  }

  static let format: Method = .fast(
    "format($module, value, format_spec='', /)", "Text of a value by a format specification."
  ) { _, args, count in
    new {
      let arguments = try Arguments(format, args, count)
      let spec = try arguments.str(1)
      return try own(PyObject_Format(arguments.object(0), spec))
    }
  }

  static let hash: Method = .o("hash($module, obj, /)", "The hash of an object.") { _, object in
    let hash = PyObject_Hash(object)
    return hash == -1 ? nil : PyLong_FromSsize_t(hash)
  }

  static let id: Method = .o(
    "id($module, obj, /)", "A number unique to the object while it lives: its address."
  ) { _, object in
    guard let number = PyLong_FromVoidPtr(object) else { return nil }
    if Audit.refuses("builtins.id", [.object(number)]) {
      Py_DECREF(number)
      return nil
    }
    return number
  }

  static let isinstance: Method = .fast(
    "isinstance($module, obj, class_or_tuple, /)",
    "Whether the object is an instance of the class, or of one of a tuple or union of classes."
  ) { _, args, count in
    new {
      try checkPositional("isinstance", count, least: 2, most: 2)
      guard let args else { throw Raised() }
      return boolObject(try check(PyObject_IsInstance(args[0], args[1])) != 0).retained()
    }
  }

  static let issubclass: Method = .fast(
    "issubclass($module, cls, class_or_tuple, /)",
    "Whether the class derives from the other, or from one of a tuple or union of classes."
  ) { _, args, count in
    new {
      try checkPositional("issubclass", count, least: 2, most: 2)
      guard let args else { throw Raised() }
      return boolObject(try check(PyObject_IsSubclass(args[0], args[1])) != 0).retained()
    }
  }

  static let len: Method = .o("len($module, obj, /)", "The number of items.") { _, object in
    let count = PyObject_Size(object)
    return count < 0 ? nil : PyLong_FromSsize_t(count)
  }

  static let repr: Method = .o(
    "repr($module, obj, /)", "Text that shows the object, where possible as an expression."
  ) { PyObject_Repr($1) }

  static let iter: Method = .fast(
    "iter", "An iterator of an iterable, or of a callable until it returns the sentinel."
  ) { _, args, count in
    new {
      try checkPositional("iter", count, least: 1, most: 2)
      guard let args else { throw Raised() }
      if count == 1 { return try own(PyObject_GetIter(args[0])) }
      guard PyCallable_Check(args[0]) != 0 else {
        throw raise(.typeError, "iter(v, w): v must be callable")
      }
      return try own(PyCallIter_New(args[0], args[1]))
    }
  }

  static let next: Method = .fast(
    "next", "The next item of an iterator, or the default at its end."
  ) { _, args, count in
    new {
      try checkPositional("next", count, least: 1, most: 2)
      guard let args else { throw Raised() }
      guard PyIter_Check(args[0]) != 0, let step = args[0].type.pointee.tp_iternext else {
        throw raise(.typeError, "'\(args[0].type.fullName)' object is not an iterator")
      }
      if let item = step(args[0]) { return Owned(adopting: item) }
      if count > 1 {
        if hasRaised() {
          if PyErr_ExceptionMatches(.stopIteration) == 0 { throw Raised() }
          PyErr_Clear()
        }
        return args[1].retained()
      }
      if !hasRaised() { throw raise(.stopIteration) }
      throw Raised()
    }
  }

  static let aiter: Method = .o(
    "aiter($module, async_iterable, /)", "An asynchronous iterator of an asynchronous iterable."
  ) { PyObject_GetAIter($1) }

  static let anext: Method = .fast(
    "anext($module, aiterator, default=<unrepresentable>, /)",
    "An awaitable of the next item, or of the default at the end."
  ) { _, args, count in
    new {
      let arguments = try Arguments(anext, args, count)
      let iterator = arguments.object(0)
      guard let step = iterator.type.pointee.tp_as_async?.pointee.am_anext else {
        throw raise(
          .typeError, "'\(iterator.type.fullName)' object is not an async iterator")
      }
      let awaitable = try own(step(iterator))
      guard let fallback = arguments[1] else { return awaitable }
      return try own(AnextAwaitable.make(awaitable.ref, fallback))
    }
  }

  static let pow: Method = .keywords(
    "pow($module, /, base, exp, mod=None)", "base**exp, or base**exp % mod without the big power."
  ) { _, args, count, names in
    new {
      let arguments = try Arguments(pow, args, count, names)
      return try own(
        PyNumber_Power(
          arguments.object(0), arguments.object(1), arguments[2] ?? noneObject()))
    }
  }

  static let round: Method = .keywords(
    "round($module, /, number, ndigits=None)",
    "A number rounded to so many decimal digits; an integer without ndigits."
  ) { _, args, count, names in
    new {
      let arguments = try Arguments(round, args, count, names)
      let number = arguments.object(0)
      let name = id___round__().retained()
      guard let method = _PyObject_LookupSpecial(number, name.ref) else {
        if hasRaised() { throw Raised() }
        throw raise(
          .typeError, "type \(number.type.fullName) doesn't define __round__ method")
      }
      let bound = Owned(adopting: method)
      if let digits = arguments.optional(1) {
        return try own(PyObject_CallOneArg(bound.ref, digits))
      }
      return try own(PyObject_CallNoArgs(bound.ref))
    }
  }

  static let sorted: Method = .keywords(
    "sorted($module, iterable, /, *, key=None, reverse=False)",
    "A new list of the items in ascending order. The order of equals is kept."
  ) { _, args, count, names in
    new {
      try checkPositional("sorted", count, least: 1, most: 1)
      guard let args else { throw Raised() }
      let list = try own(PySequence_List(args[0]))
      let sort = try own(newString("sort"))
      let method = try own(PyObject_GetAttr(list.ref, sort.ref))
      let keywordCount = names.map { apus_var_size($0) } ?? 0
      let result = withUnsafeTemporaryAllocation(of: Ref.self, capacity: keywordCount + 1) {
        row -> Ref? in
        for index in 0..<keywordCount { row[index] = args[1 + index] }
        return PyObject_Vectorcall(method.ref, row.baseAddress, 0, names)
      }
      _ = try own(result)
      return list
    }
  }

  static let sum: Method = .keywords(
    "sum($module, iterable, /, start=0)", "The start value and all items added up."
  ) { _, args, count, names in
    new {
      let arguments = try Arguments(sum, args, count, names)
      return try Summation.sum(arguments.object(0), start: arguments[1])
    }
  }

  static let max: Method = .keywords(
    "max",
    "max(iterable, *[, default=obj, key=func]) -> value\nmax(arg1, arg2, *args, *[, key=func]) -> value\n\nThe largest item of an iterable (default when it is empty), or the largest of the arguments."
  ) { _, args, count, names in
    new { try Extremum.find("max", Py_GT, args, count, names) }
  }

  static let min: Method = .keywords(
    "min",
    "min(iterable, *[, default=obj, key=func]) -> value\nmin(arg1, arg2, *args, *[, key=func]) -> value\n\nThe smallest item of an iterable (default when it is empty), or the smallest of the arguments."
  ) { _, args, count, names in
    new { try Extremum.find("min", Py_LT, args, count, names) }
  }
}

/// `sum`: machine ints and floats are added without objects; floats with compensation, as 3.12+ does.
enum Summation {
  static func sum(_ iterable: Ref, start: Ref?) throws(Raised) -> Owned {
    let iterator = try own(PyObject_GetIter(iterable))
    if let start {
      if start.isStr {
        throw raise(.typeError, "sum() can't sum strings [use ''.join(seq) instead]")
      }
      if start.isBytes {
        throw raise(.typeError, "sum() can't sum bytes [use b''.join(seq) instead]")
      }
      if start.isInstance(of: byteArrayType()) {
        throw raise(.typeError, "sum() can't sum bytearray [use b''.join(seq) instead]")
      }
    }
    var total = start?.retained() ?? apus_small_int(0).retained()
    while true {
      if total.ref.isExactInt && apus_long_is_compact(total.ref) != 0 {
        guard let next = try addInts(iterator.ref, &total) else { return total }
        total = try own(PyNumber_Add(total.ref, next.ref))
        continue
      }
      if total.ref.isExactFloat {
        guard let next = try addFloats(iterator.ref, &total) else { return total }
        total = try own(PyNumber_Add(total.ref, next.ref))
        continue
      }
      guard let item = PyIter_Next(iterator.ref) else {
        if hasRaised() { throw Raised() }
        return total
      }
      let owned = Owned(adopting: item)
      total = try own(PyNumber_Add(total.ref, owned.ref))
    }
  }

  /// Adds machine ints. The first item that is none, or nil at the end; `total` is up to date.
  private static func addInts(_ iterator: Ref, _ total: inout Owned) throws(Raised) -> Owned? {
    var sum = apus_long_compact_value(total.ref)
    while true {
      guard let item = PyIter_Next(iterator) else {
        if hasRaised() { throw Raised() }
        total = try own(PyLong_FromSsize_t(sum))
        return nil
      }
      if (item.isExactInt || item.isBool) && apus_long_is_compact(item) != 0 {
        let (next, overflow) = sum.addingReportingOverflow(apus_long_compact_value(item))
        if !overflow {
          sum = next
          Py_DECREF(item)
          continue
        }
      }
      let owned = Owned(adopting: item)
      total = try own(PyLong_FromSsize_t(sum))
      return owned
    }
  }

  /// Adds floats and ints with Neumaier's compensation.
  private static func addFloats(_ iterator: Ref, _ total: inout Owned) throws(Raised) -> Owned? {
    var high = floatValue(total.ref)
    var low = 0.0
    func settle() -> Double { low != 0 && low.isFinite ? high + low : high }
    while true {
      guard let item = PyIter_Next(iterator) else {
        if hasRaised() { throw Raised() }
        total = try own(PyFloat_FromDouble(settle()))
        return nil
      }
      let owned = Owned(adopting: item)
      if owned.ref.isExactFloat {
        let x = floatValue(owned.ref)
        let t = high + x
        low += Swift.abs(high) >= Swift.abs(x) ? (high - t) + x : (x - t) + high
        high = t
        continue
      }
      if owned.ref.isExactInt && apus_long_is_compact(owned.ref) != 0 {
        high += Double(apus_long_compact_value(owned.ref))
        continue
      }
      total = try own(PyFloat_FromDouble(settle()))
      return owned
    }
  }
}

/// `min` and `max`.
enum Extremum {
  static func find(
    _ name: String, _ operation: Int32, _ args: UnsafePointer<Ref>?, _ count: Int, _ names: Ref?
  ) throws(Raised) -> Owned {
    guard count > 0, let args else {
      throw raise(.typeError, "\(name) expected at least 1 argument, got 0")
    }
    var key: Ref?
    var fallback: Ref?
    if let names {
      for index in 0..<apus_var_size(names) {
        let keyword = text(of: apus_tuple_item(names, index))
        switch keyword {
        case "key": key = args[count + index].isNone ? nil : args[count + index]
        case "default": fallback = args[count + index]
        default:
          throw unexpectedKeyword("\(name)()", keyword, among: ["key", "default"])
        }
      }
    }
    if count > 1 && fallback != nil {
      throw raise(
        .typeError,
        "Cannot specify a default for \(name)() with multiple positional arguments")
    }
    var bestItem: Owned?
    var bestKey: Owned?
    func consider(_ item: consuming Owned) throws(Raised) {
      let value = key == nil ? item.ref.retained() : try own(PyObject_CallOneArg(key.unsafelyUnwrapped, item.ref))
      if let current = bestKey.take() {
        let better =
          areCompactInts(value.ref, current.ref)
          ? (compare(
            apus_long_compact_value(value.ref), apus_long_compact_value(current.ref),
            UInt32(truncatingIfNeeded: operation)) ? 1 : 0)
          : PyObject_RichCompareBool(value.ref, current.ref, operation)
        if better <= 0 {
          bestKey = consume current
          if better < 0 { throw Raised() }
          return
        }
      }
      bestItem = consume item
      bestKey = consume value
    }
    if count > 1 {
      for index in 0..<count { try consider(args[index].retained()) }
    } else {
      let iterator = try own(PyObject_GetIter(args[0]))
      while let item = PyIter_Next(iterator.ref) { try consider(Owned(adopting: item)) }
      if hasRaised() { throw Raised() }
    }
    if let item = bestItem.take() { return item }
    if let fallback { return fallback.retained() }
    throw raise(.valueError, "\(name)() iterable argument is empty")
  }
}
