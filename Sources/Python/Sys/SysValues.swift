import CPythonABI
import Glibc
import Objects

/// The values of `sys` that start-up sets.
public enum SysValues {
  nonisolated(unsafe) static var dlopenFlags: Int32 = RTLD_NOW

  /// The types of the records, by name, with what they were made of.
  nonisolated(unsafe) private static var recordTypes:
    [String: (type: UnsafeMutablePointer<PyTypeObject>, description: PyStructSequence_Desc)] = [:]

  public static let versionInfo = (major: 3, minor: 13, micro: 5)

  static let copyrightText = "Copyright (c) the Apus authors. All rights reserved."

  static var versionText: String {
    let (major, minor, micro) = versionInfo
    return "\(major).\(minor).\(micro) (Apus 0.1, \(buildDate)) [Swift 6.3.1]"
  }

  /// Sets everything that does not depend on where Python was found.
  static func install(_ sys: Ref, _ settings: Settings) throws(Raised) {
    func set(_ name: String, _ value: consuming Owned) throws(Raised) {
      try check(name.withCString { PyModule_AddObjectRef(sys, $0, value.ref) })
    }
    func string(_ text: String) throws(Raised) -> Owned { try own(newString(text)) }
    func int(_ value: Int) throws(Raised) -> Owned { try own(PyLong_FromLong(value)) }
    let (major, minor, micro) = versionInfo
    try set("version", try string(versionText))
    try set("hexversion", try int(0x030D_05F0))
    try set("api_version", try int(1013))
    try set("copyright", try string(copyrightText))
    try set("platform", try string("linux"))
    try set("byteorder", try string("little"))
    try set("maxsize", try int(Int.max))
    try set("maxunicode", try int(0x10FFFF))
    try set("float_repr_style", try string("short"))
    try set("platlibdir", try string("lib"))
    try set("_git", try names(["Apus", "", ""]))
    try set("_framework", try string(""))
    try set("abiflags", try string(""))
    try set("executable", try string(settings.executable))
    try set("_base_executable", try string(settings.baseExecutable))
    for (name, value) in [
      ("prefix", settings.prefix), ("base_prefix", settings.prefix),
      ("exec_prefix", settings.prefix), ("base_exec_prefix", settings.prefix),
    ] {
      try set(name, try string(value))
    }
    try set("dont_write_bytecode", boolObject(settings.dontWriteBytecode).retained())
    if let prefix = settings.pycachePrefix {
      try set("pycache_prefix", try string(prefix))
    } else {
      try set("pycache_prefix", noneObject().retained())
    }
    try set("_stdlib_dir", settings.stdlib.isEmpty ? noneObject().retained() : try string(settings.stdlib))
    try set("argv", try list(settings.argv))
    try set("orig_argv", try list(settings.originalArgv))
    try set("path", try list(settings.path))
    try set("meta_path", try own(PyList_New(0)))
    try set("path_hooks", try own(PyList_New(0)))
    try set("path_importer_cache", try own(PyDict_New()))
    try set("warnoptions", try list(settings.warnOptions))
    apus_bytes_warning_flag().pointee = Int32(clamping: settings.bytesWarning)
    try set("_xoptions", try xoptions(settings.xOptions))
    try set("builtin_module_names", try names(BuiltinModules.names))
    let standard = try names(StandardModules.names)
    try set("stdlib_module_names", try own(PyFrozenSet_New(standard.ref)))
    for hook in ["displayhook", "excepthook", "unraisablehook", "breakpointhook"] {
      let function = try own(hook.withCString { PyObject_GetAttrString(sys, $0) })
      try set("__\(hook)__", function)
    }
    try set(
      "version_info",
      try record(
        "sys.version_info", "The version as five fields.",
        ["major", "minor", "micro", "releaselevel", "serial"],
        [PyLong_FromLong(major), PyLong_FromLong(minor), PyLong_FromLong(micro), newString("final"), PyLong_FromLong(0)]))
    try set("implementation", try implementation())
    try set(
      "float_info",
      try record(
        "sys.float_info", "What a double can hold.",
        ["max", "max_exp", "max_10_exp", "min", "min_exp", "min_10_exp", "dig", "mant_dig",
          "epsilon", "radix", "rounds"],
        [
          PyFloat_FromDouble(.greatestFiniteMagnitude), PyLong_FromLong(1024), PyLong_FromLong(308),
          PyFloat_FromDouble(.leastNormalMagnitude), PyLong_FromLong(-1021), PyLong_FromLong(-307), PyLong_FromLong(15),
          PyLong_FromLong(53), PyFloat_FromDouble(.ulpOfOne), PyLong_FromLong(2), PyLong_FromLong(1),
        ]))
    try set(
      "int_info",
      try record(
        "sys.int_info", "How ints are stored.",
        ["bits_per_digit", "sizeof_digit", "default_max_str_digits",
          "str_digits_check_threshold"],
        [PyLong_FromLong(30), PyLong_FromLong(4), PyLong_FromLong(4300), PyLong_FromLong(640)]))
    try set(
      "hash_info",
      try record(
        "sys.hash_info", "How hashes are made.",
        ["width", "modulus", "inf", "nan", "imag", "algorithm", "hash_bits", "seed_bits",
          "cutoff"],
        [
          PyLong_FromLong(64), PyLong_FromLong((1 << 61) - 1), PyLong_FromLong(314159), PyLong_FromLong(0),
          PyLong_FromLong(1_000_003), newString("siphash13"), PyLong_FromLong(64), PyLong_FromLong(128),
          PyLong_FromLong(0),
        ]))
    var confstr = [CChar](repeating: 0, count: 64)
    _ = Glibc.confstr(Int32(_CS_GNU_LIBPTHREAD_VERSION), &confstr, confstr.count)
    let library = confstr.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { String(cString: $0) } ?? ""
    }
    try set(
      "thread_info",
      try record(
        "sys.thread_info", "How threads are made.", ["name", "lock", "version"],
        [newString("pthread"), newString("semaphore"), newString(library)]))
    try set("flags", try flags(settings))
  }

  static let buildDate = "Nov 2026"

  static func list(_ items: [String]) throws(Raised) -> Owned {
    let list = try own(PyList_New(0))
    for item in items {
      let text = try own(fileSystemString(item))
      try check(PyList_Append(list.ref, text.ref))
    }
    return list
  }

  /// A str of text that came from the system.
  static func fileSystemString(_ text: String) -> Ref? {
    ArgumentText.bytes(text).withUnsafeBufferPointer {
      $0.baseAddress.flatMap { PyUnicode_DecodeFSDefault($0) }
    }
  }

  private static func names(_ items: [String]) throws(Raised) -> Owned {
    let list = try list(items)
    return try own(PyList_AsTuple(list.ref))
  }

  private static func xoptions(_ options: [String]) throws(Raised) -> Owned {
    let dict = try own(PyDict_New())
    for option in options {
      let parts = option.split(separator: "=", maxSplits: 1).map(String.init)
      let key = try own(fileSystemString(parts.first ?? ""))
      if parts.count > 1 {
        let value = try own(fileSystemString(parts[1]))
        try check(PyDict_SetItem(dict.ref, key.ref, value.ref))
      } else {
        try check(PyDict_SetItem(dict.ref, key.ref, trueObject()))
      }
    }
    return dict
  }

  // MARK: Records

  /// What the fields of the records say about themselves.
  private static let fieldDocs: [String: StaticString] = [
    "name": "the kind of threads",
    "lock": "what locks are made of",
    "version": "the version of the thread library",
    "max": "the largest finite value",
    "max_exp": "the largest e for which 2**(e-1) is finite",
    "max_10_exp": "the largest e for which 10**e is finite",
    "min": "the least positive normal value",
    "min_exp": "the least e for which 2**(e-1) is normal",
    "min_10_exp": "the least e for which 10**e is normal",
    "dig": "decimal digits that always survive",
    "mant_dig": "binary digits of the mantissa",
    "epsilon": "the distance from 1 to the next value",
    "radix": "the base of the exponent",
    "rounds": "the rounding mode of additions",
    "bits_per_digit": "bits in a digit of an int",
    "sizeof_digit": "bytes of a digit of an int",
    "default_max_str_digits": "the limit on decimal conversions at the start",
    "str_digits_check_threshold": "the least limit that may be set",
    "width": "bits of a hash",
    "modulus": "the prime that number hashes are taken by",
    "inf": "the hash of infinity",
    "nan": "not used any more",
    "imag": "the factor of the imaginary part",
    "algorithm": "what hashes str and bytes",
    "hash_bits": "bits the algorithm gives",
    "seed_bits": "bits of its seed",
    "cutoff": "below this length another algorithm is used",
    "major": "the first number",
    "minor": "the second number",
    "micro": "the third number",
    "releaselevel": "'alpha', 'beta', 'candidate' or 'final'",
    "serial": "the number of the prerelease",
    "firstiter": "called when one is first iterated",
    "finalizer": "called when one is finalized",
    "debug": "-d",
    "inspect": "-i",
    "interactive": "-i",
    "optimize": "-O or -OO",
    "dont_write_bytecode": "-B",
    "no_user_site": "-s",
    "no_site": "-S",
    "ignore_environment": "-E",
    "verbose": "-v",
    "bytes_warning": "-b",
    "quiet": "-q",
    "hash_randomization": "-R",
    "isolated": "-I",
    "dev_mode": "-X dev",
    "utf8_mode": "-X utf8",
    "warn_default_encoding": "-X warn_default_encoding",
    "safe_path": "-P",
    "int_max_str_digits": "-X int_max_str_digits",
    "gil": "-X gil",
  ]

  private static func recordType(
    _ name: String, _ doc: String, _ fields: [String], visible: Int? = nil
  ) throws(Raised) -> UnsafeMutablePointer<PyTypeObject> {
    // Programs make neither versions nor flags.
    let isConstructible = name != "sys.version_info" && name != "sys.flags"
    if var known = recordTypes[name] {
      if PyStructSequence_InitType2(known.type, &known.description) < 0 { throw Raised() }
      return known.type
    }
    let table = PermanentMemory.allocate(PyStructSequence_Field.self, count: fields.count + 1)
    for (index, field) in fields.enumerated() {
      table[index] = PyStructSequence_Field(
        name: PermanentMemory.string(field), doc: fieldDocs[field].map(cString))
    }
    table[fields.count] = PyStructSequence_Field(name: nil, doc: nil)
    var description = PyStructSequence_Desc(
      name: PermanentMemory.string(name), doc: PermanentMemory.string(doc), fields: table,
      n_in_sequence: Int32(visible ?? fields.count))
    guard let type = PyStructSequence_NewType(&description) else { throw Raised() }
    recordTypes[name] = (type, description)
    if !isConstructible {
      type.pointee.tp_flags |= UInt(Py_TPFLAGS_DISALLOW_INSTANTIATION)
      type.pointee.tp_new = nil
      if let dict = type.pointee.tp_dict, PyDict_DelItemString(dict, "__new__") < 0 { PyErr_Clear() }
    }
    return type
  }

  /// A record of given values, whose references it takes over; nil among them is failure.
  private static func record(
    _ name: String, _ doc: String, _ fields: [String], _ values: [Ref?], visible: Int? = nil
  ) throws(Raised) -> Owned {
    let type = try recordType(name, doc, fields, visible: visible)
    return try fill(type, values)
  }

  private static func fill(
    _ type: UnsafeMutablePointer<PyTypeObject>, _ values: [Ref?]
  ) throws(Raised) -> Owned {
    let object = try own(PyStructSequence_New(type))
    for (index, value) in values.enumerated() {
      guard let value else { throw Raised() }
      PyStructSequence_SetItem(object.ref, index, value)
    }
    return object
  }

  /// `sys.get_asyncgen_hooks()`.
  static func asyncgenHooks(_ first: Ref?, _ final: Ref?) throws(Raised) -> Owned {
    let type = try recordType(
      "asyncgen_hooks", "The hooks of asynchronous generators.", ["firstiter", "finalizer"])
    let values = [first ?? noneObject(), final ?? noneObject()]
    for value in values { Py_INCREF(value) }
    return try fill(type, values)
  }

  private static func flags(_ settings: Settings) throws(Raised) -> Owned {
    func int(_ value: Int) -> Ref? { PyLong_FromLong(value) }
    return try record(
      "sys.flags", "Settings of the command line and the environment.",
      [
        "debug", "inspect", "interactive", "optimize", "dont_write_bytecode", "no_user_site",
        "no_site", "ignore_environment", "verbose", "bytes_warning", "quiet",
        "hash_randomization", "isolated", "dev_mode", "utf8_mode", "warn_default_encoding",
        "safe_path", "int_max_str_digits", "gil",
      ],
      [
        int(settings.debug), int(settings.inspect ? 1 : 0), int(settings.interactive ? 1 : 0),
        int(settings.optimize), int(settings.dontWriteBytecode ? 1 : 0),
        int(settings.noUserSite ? 1 : 0), int(settings.noSite ? 1 : 0),
        int(settings.ignoreEnvironment ? 1 : 0), int(settings.verbose),
        int(settings.bytesWarning), int(settings.quiet ? 1 : 0),
        int(settings.hashRandomization ? 1 : 0), int(settings.isolated ? 1 : 0),
        boolObject(settings.devMode), int(settings.utf8Mode ? 1 : 0),
        int(settings.warnDefaultEncoding ? 1 : 0), boolObject(settings.safePath),
        int(Int(settings.intMaxStrDigits)), int(1),
      ], visible: 18)
  }

  /// `sys.implementation`.
  private static func implementation() throws(Raised) -> Owned {
    let dict = try own(PyDict_New())
    func set(_ name: String, _ value: Ref?) throws(Raised) {
      let owned = try own(value)
      try check(name.withCString { PyDict_SetItemString(dict.ref, $0, owned.ref) })
    }
    try set("name", newString("apus"))
    try set("cache_tag", newString("\(PycFile.cacheTag)"))
    let (major, minor, micro) = versionInfo
    try set(
      "version",
      try record(
        "sys.version_info", "The version as five fields.",
        ["major", "minor", "micro", "releaselevel", "serial"],
        [
          PyLong_FromLong(major), PyLong_FromLong(minor), PyLong_FromLong(micro),
          newString("final"), PyLong_FromLong(0),
        ]
      ).give())
    try set("hexversion", PyLong_FromLong(0x030D_05F0))
    try set("_multiarch", newString("x86_64-linux-gnu"))
    return try own(_PyNamespace_New(dict.ref))
  }
}
