import Parser

extension SyntaxFailure.Kind {
  /// The class CPython raises.
  var exceptionName: String {
    switch self {
    case .syntaxError: "SyntaxError"
    case .indentationError: "IndentationError"
    case .tabError: "TabError"
    case .incompleteInput: "_IncompleteInputError"
    case .memoryError: "MemoryError"
    case .recursionError: "RecursionError"
    case .unicodeDecodeError: "UnicodeDecodeError"
    case .valueError: "ValueError"
    case .overflowError: "OverflowError"
    }
  }
}

/// The CRC-32 of text, as `zlib.crc32` computes it.
func checksum(_ text: String) -> UInt32 {
  var crc: UInt32 = 0xFFFF_FFFF
  for byte in text.utf8 {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
  }
  return ~crc
}

/// Parses many sources and writes a line on each: `ok` and a checksum of the tree, or exception,
/// message, line, offset, end line, end offset, text.
///
/// The file `input` holds the sources with a byte 0 after each. The first line of a source is its
/// mode (`exec`, `eval`, `single`, `func_type`) and names of flags.
func reportFailures(_ input: String, _ output: String) {
  let out = Output(output)
  for source in (readFile(input) ?? []).split(separator: 0, omittingEmptySubsequences: false) {
    guard let newline = source.firstIndex(of: UInt8(ascii: "\n")) else { continue }
    let head = String(decoding: source[..<newline], as: UTF8.self).split(separator: " ")
    var mode = ParseMode.exec
    var options = ParseOptions()
    for word in head {
      switch word {
      case "eval": mode = .eval
      case "single": mode = .single
      case "func_type": mode = .functionType
      case "type_comments": options.flags.insert(.typeComments)
      case "incomplete": options.flags.insert(.allowIncompleteInput)
      case "dont_imply_dedent": options.flags.insert(.dontImplyDedent)
      case "only_ast": options.flags.insert(.onlyAST)
      case "ignore_cookie": options.flags.insert(.ignoreCookie)
      case "file": break
      default:
        if word.hasPrefix("/") { options.filename = String(word) }
        if word.hasPrefix("3."), let minor = Int(word.dropFirst(2)) {
          options.featureVersion = minor
        }
      }
    }
    var line = ""
    var cautions: [SyntaxCaution] = []
    do throws(ParseFailure) {
      let parsed = try parseModule(
        source: Array(source[(newline + 1)...]), mode: mode, options: options)
      cautions = parsed.cautions
      var tree = TreeText()
      tree.write(parsed.tree)
      line = "ok \(checksum(tree.text))"
    } catch {
      let failure = error.failure
      cautions = error.cautions
      func shown(_ number: Int?) -> String { number.map(String.init) ?? "None" }
      var text = TreeText()
      text.writeString(Array(failure.message.utf8))
      line =
        "\(failure.kind.exceptionName)\t\(text.text)\t\(shown(failure.lineno))\t"
        + "\(shown(failure.offset))\t\(shown(failure.endLineno))\t\(shown(failure.endOffset))"
      var quoted = TreeText()
      if let source = failure.text { quoted.writeString(Array(source.utf8)) }
      line += "\t" + (failure.text == nil ? "None" : quoted.text)
    }
    for caution in cautions {
      var text = TreeText()
      text.writeString(Array(caution.message.utf8))
      line += "\tW\(caution.lineno):\(text.text)"
    }
    out.write(line + "\n")
  }
  out.close()
}
