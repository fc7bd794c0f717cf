import CPythonABI

/// A method or function of a builtin type or module: signature, docstring and body in one
/// declaration.
///
/// The signature is CPython's text signature (`"pop($self, index=-1, /)"`). It gives the name, drives
/// `__text_signature__`, and through `Arguments` the arity checks, keywords and error messages.
/// A method that CPython shows without a text signature has only its name there (`"getattr"`).
public struct Method: @unchecked Sendable {
  public let signature: StaticString
  public let doc: StaticString
  /// METH_* flags.
  public let flags: Int32
  let function: UnsafeMutableRawPointer
  /// What the signature says, parsed at first use.
  let parsed: Signature.Box

  @inline(__always)
  init(_ signature: StaticString, _ doc: StaticString, _ flags: Int32, _ function: UnsafeMutableRawPointer) {
    self.signature = signature
    self.doc = doc
    self.flags = flags
    self.function = function
    self.parsed = Signature.Box()
  }

  /// METH_NOARGS.
  public typealias NoArguments = @convention(c) (Ref, Ref?) -> Ref?
  /// METH_O: the one argument.
  public typealias OneArgument = @convention(c) (Ref, Ref) -> Ref?
  /// METH_FASTCALL: positional arguments only.
  public typealias Fast = @convention(c) (Ref, UnsafePointer<Ref>?, Int) -> Ref?
  /// METH_FASTCALL | METH_KEYWORDS: `names` is the tuple of keyword names or nil.
  public typealias FastKeywords = @convention(c) (Ref, UnsafePointer<Ref>?, Int, Ref?) -> Ref?
  /// METH_VARARGS: the argument tuple.
  public typealias Variable = @convention(c) (Ref, Ref) -> Ref?
  /// METH_VARARGS | METH_KEYWORDS: the argument tuple and the keyword dict or nil.
  public typealias VariableKeywords = @convention(c) (Ref, Ref, Ref?) -> Ref?

  public static func noargs(_ signature: StaticString, _ doc: StaticString, _ body: @escaping NoArguments) -> Method {
    Method(signature, doc, METH_NOARGS, unsafeBitCast(body, to: UnsafeMutableRawPointer.self))
  }
  public static func o(_ signature: StaticString, _ doc: StaticString, _ body: @escaping OneArgument) -> Method {
    Method(signature, doc, METH_O, unsafeBitCast(body, to: UnsafeMutableRawPointer.self))
  }
  public static func fast(_ signature: StaticString, _ doc: StaticString, _ body: @escaping Fast) -> Method {
    Method(signature, doc, METH_FASTCALL, unsafeBitCast(body, to: UnsafeMutableRawPointer.self))
  }
  public static func keywords(_ signature: StaticString, _ doc: StaticString, _ body: @escaping FastKeywords) -> Method {
    Method(signature, doc, METH_FASTCALL | METH_KEYWORDS, unsafeBitCast(body, to: UnsafeMutableRawPointer.self))
  }
  public static func variable(_ signature: StaticString, _ doc: StaticString, _ body: @escaping Variable) -> Method {
    Method(signature, doc, METH_VARARGS, unsafeBitCast(body, to: UnsafeMutableRawPointer.self))
  }
  public static func variableKeywords(_ signature: StaticString, _ doc: StaticString, _ body: @escaping VariableKeywords) -> Method {
    Method(signature, doc, METH_VARARGS | METH_KEYWORDS, unsafeBitCast(body, to: UnsafeMutableRawPointer.self))
  }

  /// The same as a class method: the first argument is the type.
  public var classMethod: Method { adding(METH_CLASS) }
  /// The same as a static method.
  public var staticMethod: Method { adding(METH_STATIC) }
  /// The same, put in place even where a slot wrapper of that name exists.
  public var coexisting: Method { adding(METH_COEXIST) }

  private func adding(_ flag: Int32) -> Method {
    Method(copying: self, flags: flags | flag)
  }
  private init(copying other: Method, flags: Int32) {
    signature = other.signature
    doc = other.doc
    self.flags = flags
    function = other.function
    parsed = other.parsed
  }

  /// Writes the C method definition. `ml_name` and `ml_doc` live as long as the process. A docstring
  /// with a signature is put together when it is first asked for (`Docstring.text`).
  public func write(to definition: UnsafeMutablePointer<PyMethodDef>) {
    let text = UnsafeRawBufferPointer(start: signature.utf8Start, count: signature.utf8CodeUnitCount)
    let nameLength = text.firstIndex(of: UInt8(ascii: "(")) ?? text.count
    let name = PermanentMemory.string(text[..<nameLength])
    definition.initialize(
      to: PyMethodDef(
        ml_name: name, ml_meth: function, ml_flags: flags,
        ml_doc: cString(nameLength < text.count ? signature : doc)))
    apus_method_set_number(
      definition, nameLength < text.count ? Docstring.postpone(signature, doc) : 0)
  }

  /// A NULL-terminated C table of the methods, alive as long as the process.
  public static func table(_ methods: [Method]) -> UnsafeMutablePointer<PyMethodDef>? {
    if methods.isEmpty { return nil }
    let table = PermanentMemory.allocate(PyMethodDef.self, count: methods.count + 1)
    for (index, method) in methods.enumerated() { method.write(to: table + index) }
    (table + methods.count).initialize(
      to: PyMethodDef(ml_name: nil, ml_meth: nil, ml_flags: 0, ml_doc: nil))
    return table
  }
}
