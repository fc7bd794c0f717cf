import CPythonABI
import Objects

/// The methods of re.Pattern.
enum PatternMethods {
  static let all = [
    match, fullMatch, search, sub, subn, findAll, split, findIter, scanner, copy, deepCopy,
    classGetItem,
  ]

  private static func subject(
    _ pattern: Ref, _ a: borrowing Arguments
  ) throws(Raised) -> Subject {
    try Subject(Pattern(pattern), a.object(0), a.index(1), a.index(2, default: Int.max))
  }

  private static func find(
    _ pattern: Ref, _ mode: Subject.Mode, _ a: borrowing Arguments
  ) throws(Raised) -> Owned {
    var subject = try subject(pattern, a)
    guard try subject.find(mode) else { return noneObject().retained() }
    return try Match.make(pattern, subject)
  }

  private static let match: Method = .keywords(
    "match($self, /, string, pos=0, endpos=sys.maxsize)",
    "Matches zero or more characters at the beginning of the string."
  ) { pattern, args, count, names in
    new { try find(pattern, .match, Arguments(match, args, count, names)) }
  }

  private static let fullMatch: Method = .keywords(
    "fullmatch($self, /, string, pos=0, endpos=sys.maxsize)",
    "Matches against all of the string."
  ) { pattern, args, count, names in
    new { try find(pattern, .fullMatch, Arguments(fullMatch, args, count, names)) }
  }

  private static let search: Method = .keywords(
    "search($self, /, string, pos=0, endpos=sys.maxsize)",
    "Scan through string looking for a match, and return a corresponding match object instance.\n\nReturn None if no position in the string matches."
  ) { pattern, args, count, names in
    new { try find(pattern, .search, Arguments(search, args, count, names)) }
  }

  private static let findAll: Method = .keywords(
    "findall($self, /, string, pos=0, endpos=sys.maxsize)",
    "Return a list of all non-overlapping matches of pattern in string."
  ) { pattern, args, count, names in
    new {
      let a = try Arguments(findAll, args, count, names)
      var subject = try subject(pattern, a)
      let groups = Pattern(pattern).groups
      let result = try own(PyList_New(0))
      while try subject.find(.search) {
        let item: Owned
        if groups == 0 {
          item = try subject.group(0) ?? noneObject().retained()
        } else if groups == 1 {
          item = try subject.group(1) ?? empty(subject)
        } else {
          item = try own(PyTuple_New(groups))
          for index in 0..<groups {
            let text = try subject.group(index + 1) ?? empty(subject)
            apus_tuple_items(item.ref)[index] = text.give()
          }
        }
        try check(PyList_Append(result.ref, item.ref))
        subject.advance()
      }
      return result
    }
  }

  private static func empty(_ subject: borrowing Subject) -> Owned {
    Owned(retaining: subject.isBytes ? apus_bytes_empty() : apus_str_empty())
  }

  private static let split: Method = .keywords(
    "split($self, /, string, maxsplit=0)", "Split string by the occurrences of pattern."
  ) { pattern, args, count, names in
    new {
      let a = try Arguments(split, args, count, names)
      let most = try a.index(1)
      var subject = try Subject(Pattern(pattern), a.object(0), 0, Int.max)
      let groups = Pattern(pattern).groups
      let result = try own(PyList_New(0))
      var done = 0
      var last = 0
      while most == 0 || done < most {
        guard try subject.find(.search) else { break }
        let piece = try subject.slice(last, subject.matchStart)
        try check(PyList_Append(result.ref, piece.ref))
        for group in 0..<groups {
          let text = try subject.group(group + 1) ?? noneObject().retained()
          try check(PyList_Append(result.ref, text.ref))
        }
        done += 1
        last = subject.matchEnd
        subject.advance()
      }
      let rest = try subject.slice(last, subject.end)
      try check(PyList_Append(result.ref, rest.ref))
      return result
    }
  }

  private static let findIter: Method = .keywords(
    "finditer($self, /, string, pos=0, endpos=sys.maxsize)",
    "Return an iterator over all non-overlapping matches for the RE pattern in string.\n\nFor each match, the iterator returns a match object."
  ) { pattern, args, count, names in
    new {
      let a = try Arguments(findIter, args, count, names)
      let scanner = try Scanner.make(
        pattern, a.object(0), a.index(1), a.index(2, default: Int.max))
      let search = try own("search".withCString { PyObject_GetAttrString(scanner.ref, $0) })
      return try own(PyCallIter_New(search.ref, noneObject()))
    }
  }

  private static let scanner: Method = .keywords(
    "scanner($self, /, string, pos=0, endpos=sys.maxsize)", ""
  ) { pattern, args, count, names in
    new {
      let a = try Arguments(scanner, args, count, names)
      return try Scanner.make(pattern, a.object(0), a.index(1), a.index(2, default: Int.max))
    }
  }

  private static let sub: Method = .keywords(
    "sub($self, /, repl, string, count=0)",
    "Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string by the replacement repl."
  ) { pattern, args, count, names in
    new {
      let a = try Arguments(sub, args, count, names)
      let result = try Substitution.run(pattern, a.object(0), a.object(1), a.index(2))
      return result.text.ref.retained()
    }
  }

  private static let subn: Method = .keywords(
    "subn($self, /, repl, string, count=0)",
    "Return the tuple (new_string, number_of_subs_made) found by replacing the leftmost non-overlapping occurrences of pattern with the replacement repl."
  ) { pattern, args, count, names in
    new {
      let a = try Arguments(subn, args, count, names)
      let result = try Substitution.run(pattern, a.object(0), a.object(1), a.index(2))
      let number = try int(result.count)
      return try tuple(result.text, number)
    }
  }

  private static let copy: Method = .noargs("__copy__($self, /)", "") { pattern, _ in
    Py_NewRef(pattern)
  }

  private static let deepCopy: Method = .o("__deepcopy__($self, memo, /)", "") { pattern, _ in
    Py_NewRef(pattern)
  }

  private static let classGetItem = Method.o(
    "__class_getitem__($type, object, /)", "See PEP 585"
  ) { Py_GenericAlias($0, $1) }.classMethod
}
