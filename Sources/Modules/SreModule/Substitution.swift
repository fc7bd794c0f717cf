import CPythonABI
import Objects

/// Replacing matches. CPython: Modules/_sre/sre.c, pattern_subx.
struct Substitution: ~Copyable {
  let text: Owned
  let count: Int

  private enum Filter {
    case literal, template, callable
  }

  static func run(
    _ pattern: Ref, _ replacement: Ref, _ string: Ref, _ most: Int
  ) throws(Raised) -> Substitution {
    let filter: Owned
    let kind: Filter
    if PyCallable_Check(replacement) != 0 {
      filter = replacement.retained()
      kind = .callable
    } else if isLiteral(replacement) {
      filter = replacement.retained()
      kind = .literal
    } else {
      let compiled = try template(pattern, replacement)
      if compiled.ref.type == Template.type {
        if Template(compiled.ref).count == 0 {
          filter = Template(compiled.ref).literal.retained()
          kind = .literal
        } else {
          filter = compiled
          kind = .template
        }
      } else {
        kind = PyCallable_Check(compiled.ref) != 0 ? .callable : .literal
        filter = compiled
      }
    }
    return try run(pattern, filter.ref, kind, string, most)
  }

  /// A replacement without backslashes stands for itself.
  private static func isLiteral(_ replacement: Ref) -> Bool {
    if replacement.isStr {
      return PyUnicode_FindChar(replacement, 92, 0, apus_str_length(replacement), 1) == -1
    }
    var view = Py_buffer()
    if PyObject_GetBuffer(replacement, &view, PyBUF_SIMPLE) < 0 {
      PyErr_Clear()
      return false
    }
    defer { PyBuffer_Release(&view) }
    return !UnsafeRawBufferPointer(start: view.buf, count: view.len).contains(92)
  }

  /// What the module `re` makes of a replacement with references.
  static func template(_ pattern: Ref, _ replacement: Ref) throws(Raised) -> Owned {
    let re = try own(PyImport_ImportModule("re"))
    let compile = try own(PyObject_GetAttrString(re.ref, "_compile_template"))
    let row: [Ref] = [pattern, replacement]
    return try own(
      row.withUnsafeBufferPointer { PyObject_Vectorcall(compile.ref, $0.baseAddress, 2, nil) })
  }

  private static func run(
    _ pattern: Ref, _ filter: Ref, _ kind: Filter, _ string: Ref, _ most: Int
  ) throws(Raised) -> Substitution {
    var subject = try Subject(Pattern(pattern), string, 0, Int.max)
    let pieces = try own(PyList_New(0))
    var done = 0
    var last = 0
    while most == 0 || done < most {
      guard try subject.find(.search) else { break }
      if last < subject.matchStart {
        let piece = try subject.slice(last, subject.matchStart)
        try check(PyList_Append(pieces.ref, piece.ref))
      }
      switch kind {
      case .literal: try check(PyList_Append(pieces.ref, filter))
      case .template:
        try Template(filter).expand(into: pieces.ref) { (group) throws(Raised) -> Owned? in
          if group > Pattern(pattern).groups { throw raise(.indexError, "no such group") }
          return try subject.group(group)
        }
      case .callable:
        let match = try Match.make(pattern, subject)
        let item = try own(PyObject_CallOneArg(filter, match.ref))
        if !item.ref.isNone { try check(PyList_Append(pieces.ref, item.ref)) }
      }
      last = subject.matchEnd
      done += 1
      subject.advance()
    }
    if done == 0 {
      // Nothing replaced: the string itself when it is of an exact type.
      let whole = try subject.slice(0, subject.end)
      return Substitution(text: whole, count: 0)
    }
    if last < subject.end {
      let piece = try subject.slice(last, subject.end)
      try check(PyList_Append(pieces.ref, piece.ref))
    }
    let text = try subject.join(pieces.ref)
    return Substitution(text: text, count: done)
  }

  private init(text: consuming Owned, count: Int) {
    self.text = text
    self.count = count
  }
}
