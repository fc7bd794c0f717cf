import CPythonABI
import Objects

/// Sorts the arguments of a call into the parameters of a Python function, with CPython's messages.
/// CPython: Python/ceval.c, initialize_locals.
struct ArgumentBinder {
  let function: UnsafeMutablePointer<PyFunctionObject>
  let code: CodeRef
  let locals: StackRef

  private var positionalCount: Int { Int(code.pointee.co_argcount) }
  private var keywordOnlyCount: Int { Int(code.pointee.co_kwonlyargcount) }
  private var hasVarArgs: Bool { code.pointee.co_flags & 0x4 != 0 }
  private var hasVarKeywords: Bool { code.pointee.co_flags & 0x8 != 0 }
  private var parameterCount: Int { positionalCount + keywordOnlyCount }
  private var qualifiedName: String {
    function.pointee.func_qualname.map { text(of: $0) } ?? "function"
  }

  private func parameter(_ index: Int) -> Ref { apus_tuple_item(code.pointee.co_varnames, index) }

  /// Takes all argument references over. False when an exception is set; what was bound is in the
  /// locals then, everything else is released.
  mutating func bind(_ arguments: StackRef, _ count: Int, _ names: Ref?) -> Bool {
    let keywordCount = names.map { apus_var_size($0) } ?? 0
    var keywords: Ref?
    if hasVarKeywords {
      keywords = PyDict_New()
      locals[parameterCount + (hasVarArgs ? 1 : 0)] = keywords
      if keywords == nil {
        release(arguments, 0, count + keywordCount)
        return false
      }
    }
    let taken = Swift.min(count, positionalCount)
    for index in 0..<taken { locals[index] = arguments[index] }
    if hasVarArgs {
      let extra = count - taken
      guard let tuple = PyTuple_New(extra) else {
        release(arguments, taken, count + keywordCount)
        return false
      }
      for index in 0..<extra { apus_tuple_items(tuple)[index] = arguments[taken + index] }
      locals[parameterCount] = tuple
    } else {
      // The surplus is counted in the message below.
      release(arguments, taken, count)
    }
    var ok = true
    for index in 0..<keywordCount {
      let value = arguments[count + index].unsafelyUnwrapped
      if ok {
        ok = bindKeyword(apus_tuple_item(names.unsafelyUnwrapped, index), value, keywords, names)
      }
      Py_DECREF(value)
    }
    if !ok { return false }
    if count > positionalCount && !hasVarArgs {
      raiseTooMany(count)
      return false
    }
    return fillDefaults(count)
  }

  private func release(_ arguments: StackRef, _ start: Int, _ end: Int) {
    var index = start
    while index < end {
      Py_XDECREF(arguments[index])
      index += 1
    }
  }

  private func bindKeyword(_ key: Ref, _ value: Ref, _ keywords: Ref?, _ names: Ref?) -> Bool {
    guard key.isStr else {
      _ = raise(.typeError, "\(qualifiedName)() keywords must be strings")
      return false
    }
    let first = Int(code.pointee.co_posonlyargcount)
    var slot = -1
    var index = first
    while index < parameterCount {
      if parameter(index) == key {
        slot = index
        break
      }
      index &+= 1
    }
    // Names of parameters are interned, so another interned string is another name.
    if slot < 0 && apus_str_interned(key) == 0 {
      index = first
      while index < parameterCount {
        if PyUnicode_Compare(parameter(index), key) == 0 {
          slot = index
          break
        }
        index &+= 1
      }
    }
    if slot >= 0 {
      if locals[slot] != nil {
        _ = raise(
          .typeError, "\(qualifiedName)() got multiple values for argument '\(text(of: key))'")
        return false
      }
      Py_INCREF(value)
      locals[slot] = value
      return true
    }
    if let keywords { return PyDict_SetItem(keywords, key, value) >= 0 }
    if first > 0, let names, let wrong = positionalOnlyNames(names) {
      _ = raise(
        .typeError,
        "\(qualifiedName)() got some positional-only arguments passed as keyword arguments: '\(wrong)'")
      return false
    }
    var message = "\(qualifiedName)() got an unexpected keyword argument '\(text(of: key))'"
    var candidates: [String] = []
    for index in first..<parameterCount { candidates.append(text(of: parameter(index))) }
    if let suggestion = Suggestions.closest(to: text(of: key), among: candidates) {
      message += ". Did you mean '\(suggestion)'?"
    }
    _ = raise(.typeError, message)
    return false
  }

  /// The positional-only parameters among the keywords, joined; nil when there are none.
  private func positionalOnlyNames(_ names: Ref) -> String? {
    var wrong: [String] = []
    for index in 0..<Int(code.pointee.co_posonlyargcount) {
      for keyword in 0..<apus_var_size(names)
      where PyUnicode_Compare(parameter(index), apus_tuple_item(names, keyword)) == 0 {
        wrong.append(text(of: parameter(index)))
      }
    }
    return wrong.isEmpty ? nil : wrong.joined(separator: ", ")
  }

  private func fillDefaults(_ count: Int) -> Bool {
    var index = count
    while index < positionalCount {
      if locals[index] == nil {
        guard let value = Self.positionalDefault(function, index, of: positionalCount) else {
          raiseMissingPositional(from: index)
          return false
        }
        Py_INCREF(value)
        locals[index] = value
      }
      index &+= 1
    }
    index = positionalCount
    while index < parameterCount {
      if locals[index] == nil {
        guard let value = Self.keywordDefault(function, parameter(index)) else {
          if PyErr_Occurred() == nil { raiseMissingKeywordOnly(from: index) }
          return false
        }
        Py_INCREF(value)
        locals[index] = value
      }
      index &+= 1
    }
    return true
  }

  /// The default of positional parameter `index` out of `count`, borrowed; nil when it has none.
  @inline(__always)
  static func positionalDefault(
    _ function: UnsafeMutablePointer<PyFunctionObject>, _ index: Int, of count: Int
  ) -> Ref? {
    guard let defaults = function.pointee.func_defaults else { return nil }
    let place = index &- (count &- apus_var_size(defaults))
    return place >= 0 ? apus_tuple_item(defaults, place) : nil
  }

  /// The default of a keyword-only parameter, borrowed; nil when it has none or an exception is set.
  @inline(__always)
  static func keywordDefault(
    _ function: UnsafeMutablePointer<PyFunctionObject>, _ name: Ref
  ) -> Ref? {
    guard let table = function.pointee.func_kwdefaults else { return nil }
    return PyDict_GetItemWithError(table, name)
  }

  // MARK: Messages

  @inline(never)
  private func raiseMissingPositional(from first: Int) {
    let defaults = function.pointee.func_defaults.map { apus_var_size($0) } ?? 0
    let missing = (first..<(positionalCount - defaults)).filter { locals[$0] == nil }
    raiseMissing(missing.map { text(of: parameter($0)) }, "positional")
  }

  @inline(never)
  private func raiseMissingKeywordOnly(from first: Int) {
    var missing: [String] = []
    for index in first..<parameterCount where locals[index] == nil {
      if Self.keywordDefault(function, parameter(index)) != nil { continue }
      if PyErr_Occurred() != nil { return }
      missing.append(text(of: parameter(index)))
    }
    raiseMissing(missing, "keyword-only")
  }

  private func raiseMissing(_ names: [String], _ kind: String) {
    let quoted = names.map { "'\($0)'" }
    let list: String
    switch quoted.count {
    case 1: list = quoted[0]
    case 2: list = "\(quoted[0]) and \(quoted[1])"
    default:
      list = quoted.dropLast().joined(separator: ", ") + ", and " + quoted[quoted.count - 1]
    }
    _ = raise(
      .typeError,
      "\(qualifiedName)() missing \(names.count) required \(kind) "
        + "argument\(names.count == 1 ? "" : "s"): \(list)")
  }

  private func raiseTooMany(_ given: Int) {
    let defaultCount = function.pointee.func_defaults.map { apus_var_size($0) } ?? 0
    var keywordOnlyGiven = 0
    for index in positionalCount..<parameterCount where locals[index] != nil {
      keywordOnlyGiven += 1
    }
    let takes =
      defaultCount > 0
      ? "from \(positionalCount - defaultCount) to \(positionalCount)" : "\(positionalCount)"
    let plural = defaultCount > 0 || positionalCount != 1
    var given = "\(given)"
    if keywordOnlyGiven > 0 {
      given +=
        " positional argument\(given == "1" ? "" : "s") (and \(keywordOnlyGiven) keyword-only "
        + "argument\(keywordOnlyGiven == 1 ? "" : "s"))"
    }
    let verb = given == "1" && keywordOnlyGiven == 0 ? "was" : "were"
    _ = raise(
      .typeError,
      "\(qualifiedName)() takes \(takes) positional argument\(plural ? "s" : "") "
        + "but \(given) \(verb) given")
  }
}
