import Bytecode
import CPythonABI
import Objects

/// Finds the qualified names of code objects where CPython 3.10 keeps them: a class stores its own at
/// the start of its body, that of a function is a constant that MAKE_FUNCTION takes.
enum QualifiedNames {
  /// The name that the body of a class stores; nil for other code. Borrowed from `constants`.
  static func classBody(_ wordcode: Ref, _ names: Ref, _ constants: Ref) -> Ref? {
    guard apus_var_size(wordcode) >= 8 else { return nil }
    let bytes = apus_bytes_data(wordcode)
    func stands(_ unit: Int, _ opcode: Opcode, _ name: String) -> Bool {
      let index = Int(bytes[unit * 2 + 1])
      return bytes[unit * 2] == opcode.rawValue && index < apus_var_size(names)
        && text(of: apus_tuple_item(names, index)) == name
    }
    let index = Int(bytes[5])
    guard stands(0, .loadName, "__name__"), stands(1, .storeName, "__module__"),
      bytes[4] == Opcode.loadConst.rawValue, stands(3, .storeName, "__qualname__"),
      index < apus_var_size(constants)
    else { return nil }
    let name = apus_tuple_item(constants, index)
    return name.isExactStr ? name : nil
  }

  /// Gives the functions that a code object makes their names.
  static func give(by code: Ref) {
    let code = code.view(PyCodeObject.self)
    guard let wordcode = code.pointee.co_wordcode as Ref?, let constants = code.pointee.co_consts as Ref?
    else { return }
    let bytes = apus_bytes_data(wordcode)
    // The constants that the last two instructions loaded, or nil.
    var (inner, name): (Ref?, Ref?) = (nil, nil)
    var extended = 0
    for unit in 0..<(apus_var_size(wordcode) / 2) {
      let argument = extended &<< 8 | Int(bytes[unit * 2 + 1])
      extended = 0
      switch Opcode(rawValue: bytes[unit * 2]) {
      case .extendedArg: extended = argument & 0xFF_FFFF
      case .loadConst:
        inner = name
        name = argument < apus_var_size(constants) ? apus_tuple_item(constants, argument) : nil
      case .makeFunction:
        if let inner, let name, inner.type == codeType(), name.isExactStr { set(name, of: inner) }
        (inner, name) = (nil, nil)
      default: (inner, name) = (nil, nil)
      }
    }
  }

  /// Unless the code, a class then, has told its name itself.
  private static func set(_ name: Ref, of inner: Ref) {
    let inner = inner.view(PyCodeObject.self)
    let old = inner.pointee.co_qualname
    guard old == inner.pointee.co_name else { return }
    Py_INCREF(name)
    inner.pointee.co_qualname = name
    Py_DECREF(old)
  }
}
