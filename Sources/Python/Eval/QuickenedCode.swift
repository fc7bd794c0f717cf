import Bytecode
import CPythonABI
import Objects

/// The quickened form of a code object, for listings that show it beside the wordcode.
enum QuickenedCode {
  static let method: Method = .o(
    "quickened($module, code, /)",
    """
    The quickened instructions of a code object: a list of (name, argument, counter), one for each two
    bytes of wordcode.

    name is that of the form the instruction has now, general, specialised or fused with the next one;
    argument is a distance for a jump, an index of all variables for a cell; counter is that of the inline
    cache, None without one. Code that has not run yet is quickened first.
    """
  ) { _, object in
    new {
      guard object.type == codeType() else {
        throw badArgument("quickened", "argument", expected: "code", got: object)
      }
      let code = object.view(PyCodeObject.self)
      let instructions = try Quickener.instructions(of: code)
      let wordcode = apus_bytes_data(code.pointee.co_wordcode)
      let count = Int(code.pointee.co_ninstructions)
      let result = try own(PyList_New(0))
      for index in 0..<count {
        let instruction = instructions + index
        let entry = try own(PyTuple_New(3))
        let items = apus_tuple_items(entry.ref)
        items[0] = try own(
          newString(name(QuickOpcode(instruction.pointee.opcode), of: wordcode[index * 2]))
        ).give()
        items[1] = try own(
          PyLong_FromLong(Int(Int32(bitPattern: instruction.pointee.oparg)))).give()
        items[2] =
          instruction.pointee.cache == 0
          ? noneObject().retained().give()
          : try own(PyLong_FromLong(Int(instruction.inlineCache.pointee.counter))).give()
        try check(PyList_Append(result.ref, entry.ref))
      }
      return result
    }
  }

  /// In the spelling of the wordcode: `LOAD_ATTR_SLOT` for `loadAttrSlot`.
  private static func name(_ quick: QuickOpcode, of byte: UInt8) -> String {
    if let opcode = Opcode(rawValue: byte), opcode != .extendedArg,
      QuickOpcode(wordcode: opcode) == quick
    {
      return opcode.name
    }
    var result = ""
    for letter in "\(quick)".utf8 {
      let isUpper = letter >= UInt8(ascii: "A") && letter <= UInt8(ascii: "Z")
      if isUpper { result += "_" }
      let isLower = letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z")
      result.unicodeScalars.append(Unicode.Scalar(isLower ? letter - 32 : letter))
    }
    return result
  }
}
