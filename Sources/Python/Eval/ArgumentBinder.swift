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
    if slot < 0 {
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
    let defaults = function.pointee.func_defaults
    let defaultCount = defaults.map { apus_var_size($0) } ?? 0
    let firstDefault = positionalCount - defaultCount
    if count < positionalCount {
      var missing: [String] = []
      var index = count
      while index < firstDefault {
        if locals[index] == nil { missing.append(text(of: parameter(index))) }
        index += 1
      }
      if !missing.isEmpty {
        raiseMissing(missing, "positional")
        return false
      }
      index = Swift.max(count, firstDefault)
      while index < positionalCount {
        if locals[index] == nil, let defaults {
          let value = apus_tuple_item(defaults, index - firstDefault)
          Py_INCREF(value)
          locals[index] = value
        }
        index += 1
      }
    }
    if keywordOnlyCount == 0 { return true }
    var missing: [String] = []
    for index in positionalCount..<parameterCount where locals[index] == nil {
      if let table = function.pointee.func_kwdefaults {
        var value: Ref?
        if PyDict_GetItemRef(table, parameter(index), &value) < 0 { return false }
        if let value {
          locals[index] = value
          continue
        }
      }
      missing.append(text(of: parameter(index)))
    }
    if missing.isEmpty { return true }
    raiseMissing(missing, "keyword-only")
    return false
  }

  // MARK: Messages

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
