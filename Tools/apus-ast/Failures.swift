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

/// Exception, message, line, offset, end line, end offset, text.
private func describe(_ failure: SyntaxFailure) -> String {
  func shown(_ number: Int?) -> String { number.map(String.init) ?? "None" }
  func quoted(_ text: String) -> String {
    var out = TreeText()
    out.writeString(Array(text.utf8))
    return out.text
  }
  return [
    failure.kind.exceptionName, quoted(failure.message), shown(failure.lineno),
    shown(failure.offset), shown(failure.endLineno), shown(failure.endOffset),
    failure.text.map(quoted) ?? "None",
  ].joined(separator: "\t")
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
    var warningsAreErrors = false
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
      case "warnings_are_errors": warningsAreErrors = true
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
      cautions = error.cautions
      line = describe(error.failure)
    }
    if warningsAreErrors, let first = cautions.first {
      line = describe(first.asError)
      cautions = []
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
