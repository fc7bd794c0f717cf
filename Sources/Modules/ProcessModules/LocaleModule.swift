import CPosix
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The module `_locale`. CPython: Modules/_localemodule.c.
public let localeModule = ModuleSpec(
  "_locale", doc: "Support for POSIX locales.",
  methods: [
    setLocale, conventions, collate, transform, information, encoding, translate, domainTranslate,
    categoryTranslate, textDomain, bindDomain, bindCodeset,
  ],
  constants: [
    .int("ABDAY_1", 131072), .int("ABDAY_2", 131073), .int("ABDAY_3", 131074),
    .int("ABDAY_4", 131075), .int("ABDAY_5", 131076), .int("ABDAY_6", 131077),
    .int("ABDAY_7", 131078), .int("ABMON_1", 131086), .int("ABMON_10", 131095),
    .int("ABMON_11", 131096), .int("ABMON_12", 131097), .int("ABMON_2", 131087),
    .int("ABMON_3", 131088), .int("ABMON_4", 131089), .int("ABMON_5", 131090),
    .int("ABMON_6", 131091), .int("ABMON_7", 131092), .int("ABMON_8", 131093),
    .int("ABMON_9", 131094), .int("ALT_DIGITS", 131119), .int("AM_STR", 131110),
    .int("CHAR_MAX", 127), .int("CODESET", 14), .int("CRNCYSTR", 262159), .int("DAY_1", 131079),
    .int("DAY_2", 131080), .int("DAY_3", 131081), .int("DAY_4", 131082), .int("DAY_5", 131083),
    .int("DAY_6", 131084), .int("DAY_7", 131085), .int("D_FMT", 131113), .int("D_T_FMT", 131112),
    .int("ERA", 131116), .int("ERA_D_FMT", 131118), .int("ERA_D_T_FMT", 131120),
    .int("ERA_T_FMT", 131121), .int("LC_ALL", 6), .int("LC_COLLATE", 3), .int("LC_CTYPE", 0),
    .int("LC_MESSAGES", 5), .int("LC_MONETARY", 4), .int("LC_NUMERIC", 1), .int("LC_TIME", 2),
    .int("MON_1", 131098), .int("MON_10", 131107), .int("MON_11", 131108), .int("MON_12", 131109),
    .int("MON_2", 131099), .int("MON_3", 131100), .int("MON_4", 131101), .int("MON_5", 131102),
    .int("MON_6", 131103), .int("MON_7", 131104), .int("MON_8", 131105), .int("MON_9", 131106),
    .int("NOEXPR", 327681), .int("PM_STR", 131111), .int("RADIXCHAR", 65536),
    .int("THOUSEP", 65537), .int("T_FMT", 131114), .int("T_FMT_AMPM", 131115),
    .int("YESEXPR", 327680), .int("_DATE_FMT", 131180),
  ],
  exec: { module in
    status {
      if localeError == nil {
        localeError = try own("locale.Error".withCString { PyErr_NewException($0, nil, nil) }).give()
      }
      InterpreterEnd.add("locale.Error") { InterpreterEnd.drop(&localeError) }
      try check(PyModule_AddObjectRef(module, "Error", localeError ?? .valueError))
    }
  })

nonisolated(unsafe) private var localeError: Ref?

/// The items `nl_langinfo` takes.
private let informationKeys: [Int32] = [
  131072, 131073, 131074, 131075, 131076, 131077, 131078, 131086, 131095, 131096, 131097, 131087,
  131088, 131089, 131090, 131091, 131092, 131093, 131094, 131119, 131110, 14, 262159, 131079,
  131080, 131081, 131082, 131083, 131084, 131085, 131113, 131112, 131116, 131118, 131120, 131121,
  131098, 131107, 131108, 131109, 131099, 131100, 131101, 131102, 131103, 131104, 131105, 131106,
  327681, 131111, 65536, 65537, 131114, 131115, 327680, 131180,
]

private func decoded(_ text: UnsafePointer<CChar>?) throws(Raised) -> Owned {
  guard let text else { return noneObject().retained() }
  return try own(PyUnicode_DecodeLocale(text, nil))
}

private let setLocale: Method = .fast(
  "setlocale($module, category, locale=<unrepresentable>, /)",
  "Activates/queries locale processing: sets the locale of a category when one is given. Returns its name."
) { _, args, count in
  new {
    try checkPositional("setlocale", count, least: 1, most: 2)
    guard let args else { throw Raised() }
    let category = PyLong_AsInt(args[0])
    if category == -1 && hasRaised() { throw Raised() }
    if count == 2, !args[1].isNone {
      guard args[1].isStr else {
        throw badArgument("setlocale", "argument 2", expected: "str or None", got: args[1])
      }
      guard let name = PyUnicode_AsUTF8(args[1]) else { throw Raised() }
      guard let result = setlocale(category, name) else {
        throw raise(localeError ?? .valueError, "unsupported locale setting")
      }
      return try decoded(result)
    }
    guard let result = setlocale(category, nil) else {
      throw raise(localeError ?? .valueError, "locale query failed")
    }
    return try decoded(result)
  }
}

/// The sizes of digit groups.
private func grouping(_ text: UnsafePointer<CChar>?) throws(Raised) -> Owned {
  let list = try own(PyList_New(0))
  guard let text, text[0] != 0 else { return list }
  var index = 0
  while true {
    let size = try int(Int(text[index]))
    try check(PyList_Append(list.ref, size.ref))
    if text[index] == 0 || text[index] == CChar.max { return list }
    index += 1
  }
}

private let conventions: Method = .noargs(
  "localeconv($module, /)", "Returns numeric and monetary locale-specific parameters."
) { _, _ in
  new {
    guard let found = localeconv() else { throw raiseNoMemory() }
    let c = found.pointee
    let result = try own(PyDict_New())
    func add(_ name: String, _ value: consuming Owned) throws(Raised) {
      try check(PyDict_SetItemString(result.ref, name, value.ref))
    }
    try add("int_curr_symbol", decoded(c.int_curr_symbol))
    try add("currency_symbol", decoded(c.currency_symbol))
    try add("mon_decimal_point", decoded(c.mon_decimal_point))
    try add("mon_thousands_sep", decoded(c.mon_thousands_sep))
    try add("mon_grouping", grouping(c.mon_grouping))
    try add("positive_sign", decoded(c.positive_sign))
    try add("negative_sign", decoded(c.negative_sign))
    for (name, value) in [
      ("int_frac_digits", c.int_frac_digits), ("frac_digits", c.frac_digits),
      ("p_cs_precedes", c.p_cs_precedes), ("p_sep_by_space", c.p_sep_by_space),
      ("n_cs_precedes", c.n_cs_precedes), ("n_sep_by_space", c.n_sep_by_space),
      ("p_sign_posn", c.p_sign_posn), ("n_sign_posn", c.n_sign_posn),
    ] {
      try add(name, int(Int(value)))
    }
    try add("decimal_point", decoded(c.decimal_point))
    try add("thousands_sep", decoded(c.thousands_sep))
    try add("grouping", grouping(c.grouping))
    return result
  }
}

/// A str argument in the locale's encoding.
private func encoded(_ object: Ref, _ function: String, _ which: String) throws(Raised) -> Owned {
  guard object.isStr else { throw badArgument(function, which, expected: "str", got: object) }
  return try own(PyUnicode_EncodeLocale(object, "surrogateescape"))
}

private let collate: Method = .fast("strcoll($module, os1, os2, /)", "Compares two strings according to the locale.") {
  _, args, count in
  new {
    let a = try Arguments(collate, args, count)
    let first = try encoded(a.object(0), "strcoll", "argument 1")
    let second = try encoded(a.object(1), "strcoll", "argument 2")
    guard let left = PyBytes_AsString(first.ref), let right = PyBytes_AsString(second.ref) else {
      throw Raised()
    }
    return try int(Int(strcoll(left, right)))
  }
}

private let transform: Method = .o(
  "strxfrm($module, string, /)", "Return a string that can be used as a key for locale-aware comparisons."
) { _, object in
  new {
    let bytes = try encoded(object, "strxfrm", "argument")
    guard let text = PyBytes_AsString(bytes.ref) else { throw Raised() }
    if strlen(text) != apus_var_size(bytes.ref) {
      throw raise(.valueError, "embedded null character")
    }
    let size = strxfrm(nil, text, 0)
    let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: size + 1)
    defer { buffer.deallocate() }
    _ = strxfrm(buffer, text, size + 1)
    return try own(PyUnicode_DecodeLocale(buffer, "surrogateescape"))
  }
}

private let information: Method = .o("nl_langinfo($module, key, /)", "Return the value for the locale information associated with key.") {
  _, object in
  new {
    let key = PyLong_AsInt(object)
    if key == -1 && hasRaised() { throw Raised() }
    guard informationKeys.contains(key) else {
      throw raise(.valueError, "unsupported langinfo constant")
    }
    guard let text = nl_langinfo(key) else { return try own(newString("")) }
    return try decoded(text)
  }
}

private let encoding: Method = .noargs("getencoding($module, /)", "Get the current locale encoding.") { _, _ in
  new {
    guard let text = nl_langinfo(nl_item(CODESET)), text[0] != 0 else {
      return try own(newString("UTF-8"))
    }
    return try decoded(text)
  }
}

// MARK: Message catalogues

private func name(_ object: Ref, _ function: String) throws(Raised) -> Owned {
  if object.isNone { return object.retained() }
  return try encoded(object, function, "argument")
}
private func text(_ object: Ref) -> UnsafePointer<CChar>? {
  object.isNone ? nil : PyBytes_AsString(object).map { UnsafePointer($0) }
}

private let translate: Method = .o("gettext($module, msg, /)", "Return translation of msg.") { _, object in
  new {
    let message = try encoded(object, "gettext", "argument")
    return try decoded(apus_dcgettext(nil, text(message.ref).unsafelyUnwrapped, LC_MESSAGES))
  }
}
private let domainTranslate: Method = .fast("dgettext($module, domain, msg, /)", "Return translation of msg in domain.") {
  _, args, count in
  new {
    let a = try Arguments(domainTranslate, args, count)
    let domain = try name(a.object(0), "dgettext")
    let message = try encoded(a.object(1), "dgettext", "argument 2")
    return try decoded(
      apus_dcgettext(text(domain.ref), text(message.ref).unsafelyUnwrapped, LC_MESSAGES))
  }
}
private let categoryTranslate: Method = .fast(
  "dcgettext($module, domain, msg, category, /)", "Return translation of msg in domain and category."
) { _, args, count in
  new {
    let a = try Arguments(categoryTranslate, args, count)
    let domain = try name(a.object(0), "dcgettext")
    let message = try encoded(a.object(1), "dcgettext", "argument 2")
    let category = try a.int32(2)
    return try decoded(
      apus_dcgettext(text(domain.ref), text(message.ref).unsafelyUnwrapped, category))
  }
}
private let textDomain: Method = .o("textdomain($module, domain, /)", "Set the C library's textdmain to domain, returning the new domain.") {
  _, object in
  new {
    let domain = try name(object, "textdomain")
    guard let result = apus_textdomain(text(domain.ref)) else { throw raiseSystemError() }
    return try decoded(result)
  }
}
private let bindDomain: Method = .fast("bindtextdomain($module, domain, dir, /)", "Bind the C library's domain to dir.") {
  _, args, count in
  new {
    let a = try Arguments(bindDomain, args, count)
    let domain = try encoded(a.object(0), "bindtextdomain", "argument 1")
    guard let spelled = text(domain.ref), spelled[0] != 0 else {
      throw raise(localeError ?? .valueError, "domain must be a non-empty string")
    }
    let directory = try a.object(1).isNone ? noneObject().retained() : ProgramArguments.encode(a.object(1))
    guard let result = apus_bindtextdomain(spelled, text(directory.ref)) else {
      throw raiseSystemError()
    }
    return try decoded(result)
  }
}
private let bindCodeset: Method = .fast(
  "bind_textdomain_codeset($module, domain, codeset, /)", "Bind the C library's domain to codeset."
) { _, args, count in
  new {
    let a = try Arguments(bindCodeset, args, count)
    let domain = try encoded(a.object(0), "bind_textdomain_codeset", "argument 1")
    let codeset = try name(a.object(1), "bind_textdomain_codeset")
    guard let spelled = text(domain.ref) else { throw Raised() }
    return try decoded(apus_bind_textdomain_codeset(spelled, text(codeset.ref)))
  }
}
