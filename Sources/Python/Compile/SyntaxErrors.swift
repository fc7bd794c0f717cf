import AST
import CPythonABI
import Compiler
import Glibc
import Objects
import Parser

/// What the front end has to say, as Python exceptions and warnings.
enum SyntaxErrors {
  /// Sets the exception of a source that could not be parsed.
  static func raise(_ failure: SyntaxFailure, fileName: Ref) -> Raised {
    let type: Ref
    switch failure.kind {
    case .syntaxError: type = .syntaxError
    case .indentationError: type = .indentationError
    case .tabError: type = .tabError
    case .incompleteInput: type = .incompleteInputError
    case .unicodeDecodeError:
      guard let bytes = failure.undecoded else { return unicodeError(failure.message) }
      let decoded = bytes.withUnsafeBytes {
        PyUnicode_DecodeUTF8(
          $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count, "strict")
      }
      Py_XDECREF(decoded)
      return Raised()
    case .valueError: return Objects.raise(.valueError, failure.message)
    case .memoryError:
      return Objects.raise(.memoryError, failure.message)
    case .recursionError:
      return Objects.raise(.recursionError, failure.message)
    case .overflowError:
      return Objects.raise(.overflowError, failure.message)
    }
    if failure.isBare { return Objects.raise(type, failure.message) }
    return set(
      type, failure.message, fileName: fileName, line: failure.lineno, offset: failure.offset,
      endLine: failure.endLineno, endOffset: failure.endOffset, text: failure.text)
  }

  /// `(unicode error) …` as CPython words a source that is no UTF-8 where the parser has only text.
  private static func unicodeError(_ message: String) -> Raised {
    set(
      .syntaxError, message, fileName: noneObject(), line: nil, offset: nil, endLine: nil,
      endOffset: nil, text: nil)
  }

  /// Sets the exception of a tree without code.
  static func raise(_ error: CompileError, fileName: Ref) -> Raised {
    switch error {
    case .recursion(let message): return Objects.raise(.recursionError, message)
    case .system(let message): return Objects.raise(.systemError, message)
    case .value(let message): return Objects.raise(.valueError, message)
    case .type(let message): return Objects.raise(.typeError, message)
    case .unencodable(let text):
      let shown = text.withUnsafeBytes {
        PyUnicode_DecodeUTF8(
          $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count, "surrogatepass")
      }
      guard let shown else { return Raised() }
      let docstring = Owned(adopting: shown)
      _ = PyUnicode_AsUTF8AndSize(docstring.ref, nil)
      return Raised()
    case .warningRaised: return Raised()
    case .syntax(let message, let location):
      if location.lineno < 0 {
        return set(
          .syntaxError, message, fileName: fileName, line: nil, offset: nil, endLine: nil,
          endOffset: nil, text: nil)
      }
      // Compile-time positions count bytes; so do CPython's.
      return set(
        .syntaxError, message, fileName: fileName, line: Int(location.lineno),
        offset: Int(location.colOffset) + 1, endLine: Int(location.endLineno),
        endOffset: Int(location.endColOffset) + 1,
        text: sourceLine(fileName, Int(location.lineno)))
    }
  }

  static func set(
    _ type: Ref, _ message: String, fileName: Ref, line: Int?, offset: Int?, endLine: Int?,
    endOffset: Int?, text: String?
  ) -> Raised {
    do {
      func number(_ value: Int?) throws(Raised) -> Ref {
        guard let value else { return noneObject() }
        return try own(PyLong_FromSsize_t(value)).give()
      }
      let details = try own(PyTuple_New(6))
      let items = apus_tuple_items(details.ref)
      items[0] = fileName.retained().give()
      items[1] = try number(line)
      items[2] = try number(offset)
      if let text { items[3] = try own(newString(text)).give() } else { items[3] = noneObject() }
      items[4] = try number(endLine)
      items[5] = try number(endOffset)
      let arguments = try own(PyTuple_New(2))
      apus_tuple_items(arguments.ref)[0] = try own(newString(message)).give()
      apus_tuple_items(arguments.ref)[1] = details.give()
      PyErr_SetObject(type, arguments.ref)
    } catch {}
    return Raised()
  }

  /// A line of a source file with its end, decoded as the file declares; nil when the file cannot be
  /// read.
  static func sourceLine(_ fileName: Ref, _ line: Int) -> String? {
    let path = text(of: fileName)
    guard line > 0, !path.hasPrefix("<"), var source = SourceFile.read(path) else { return nil }
    if source.starts(with: [0xEF, 0xBB, 0xBF]) { source.removeFirst(3) }
    var start = 0
    var number = 1
    while number < line {
      guard let end = source[start...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
      start = end + 1
      number += 1
    }
    if start >= source.count { return nil }
    let end = source[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? source.count
    let bytes = Array(source[start..<end])
    guard let encoding = source.withUnsafeBufferPointer({ declaredSourceEncoding($0) }),
      encoding != "utf-8"
    else { return String(decoding: bytes, as: UTF8.self) }
    let decoded = bytes.withUnsafeBytes { buffer in
      encoding.withCString {
        PyUnicode_Decode(
          buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count, $0, "replace")
      }
    }
    guard let decoded else {
      PyErr_Clear()
      return nil
    }
    defer { Py_DECREF(decoded) }
    return text(of: decoded)
  }

  /// Issues a DeprecationWarning about the running code.
  static func deprecate(_ message: String) -> WarningVerdict {
    if PyErr_WarnEx(.deprecationWarning, message, 1) >= 0 { return .proceed }
    PyErr_Clear()
    return .raised
  }

  /// Issues a SyntaxWarning. The compiler's count as warnings of the running code, which are shown
  /// once per line; the parser's do not.
  static func warn(
    _ message: String, line: Int, fileName: Ref, isOfParser: Bool = false
  ) -> WarningVerdict {
    guard let text = newString(message) else { return .raised }
    defer { Py_DECREF(text) }
    let status =
      isOfParser
      ? PyErr_WarnExplicitObject(
        .syntaxWarning, text, fileName, Int32(truncatingIfNeeded: line), nil, nil)
      : warnWithContext(.syntaxWarning, text, fileName, line)
    if status >= 0 { return .proceed }
    if PyErr_ExceptionMatches(.syntaxWarning) != 0 {
      PyErr_Clear()
      return .syntaxError
    }
    return .raised
  }
}
