import CPythonABI
import Objects

/// The module `_sre`: the matching engine behind `re`. CPython: Modules/_sre/sre.c.
public let sreModule = ModuleSpec(
  "_sre",
  methods: [
    compile, template, getCodeSize, asciiIsCased, unicodeIsCased, asciiToLower, unicodeToLower,
  ],
  constants: [
    .int("MAGIC", Op.magic), .int("CODESIZE", 4), .int("MAXREPEAT", Int(Op.maxRepeat)),
    .int("MAXGROUPS", Op.maxGroups),
    .string("copyright", " SRE 2.2.2 Copyright (c) 1997-2002 by Secret Labs AB "),
  ],
  exec: { _ in
    status {
      for spec in [Pattern.spec, Match.spec, Scanner.spec, Template.spec] where !spec.isReady {
        try spec.install()
      }
    }
  })

private let compile: Method = .keywords(
  "compile($module, /, pattern, flags, code, groups, groupindex,\n        indexgroup)", ""
) { _, args, count, names in
  new {
    let a = try Arguments(compile, args, count, names)
    let flags = try a.int32(1)
    guard a.object(2).isList else { throw a.badArgument(2, expected: "list") }
    let groups = try a.index(3)
    guard a.object(4).isDict else { throw a.badArgument(4, expected: "dict") }
    guard a.object(5).isTuple else { throw a.badArgument(5, expected: "tuple") }
    return try Pattern.make(
      pattern: a.object(0), flags: flags, code: a.object(2), groups: groups,
      groupIndex: a.object(4), indexGroup: a.object(5))
  }
}

private let template: Method = .fast(
  "template($module, pattern, template, /)",
  "\n\n  template\n    A list containing interleaved literal strings (str or bytes) and group\n    indices (int), as returned by re._parser.parse_template():\n        [literal1, group1, ..., literalN, groupN]"
) { _, args, count in
  new {
    let a = try Arguments(template, args, count)
    guard a.object(0).type == Pattern.type else {
      throw a.badArgument(0, expected: "_sre.SRE_Pattern")
    }
    guard a.object(1).isList else { throw a.badArgument(1, expected: "list") }
    return try Template.make(a.object(1))
  }
}

private let getCodeSize: Method = .noargs("getcodesize($module, /)", "") { _, _ in
  PyLong_FromLong(4)
}

/// A code point argument.
private func character(_ object: Ref) throws(Raised) -> UInt32 {
  let number = try own(PyNumber_Index(object))
  let value = PyLong_AsLong(number.ref)
  if value == -1 && hasRaised() { throw Raised() }
  return UInt32(truncatingIfNeeded: value)
}

private let asciiIsCased: Method = .o("ascii_iscased($module, character, /)", "") { _, value in
  bool {
    let c = try character(value)
    return (c | 32) &- 97 < 26
  }
}

private let unicodeIsCased: Method = .o("unicode_iscased($module, character, /)", "") { _, value in
  bool {
    let c = try character(value)
    return _PyUnicode_ToLowercase(c) != c || _PyUnicode_ToUppercase(c) != c
  }
}

private let asciiToLower: Method = .o("ascii_tolower($module, character, /)", "") { _, value in
  new { try int(Int(Characters.asciiLower(try character(value)))) }
}

private let unicodeToLower: Method = .o("unicode_tolower($module, character, /)", "") { _, value in
  new { try int(Int(_PyUnicode_ToLowercase(try character(value)))) }
}
