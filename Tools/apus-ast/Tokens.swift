import Parser

/// Writes the tokens of files, one a line: type, text, start, end, line.
func dumpTokens(_ files: [String], _ path: String) {
  let out = Output(path)
  for file in files {
    guard let source = readFile(file) else { continue }
    out.write("== \(file)\n")
    source.withUnsafeBufferPointer { buffer in
      do throws(SyntaxFailure) {
        let reader = try TokenReader(buffer, extraTokens: true)
        while let token = try reader.next() {
          var text = TreeText()
          text.writeString(token.string)
          var line = TreeText()
          line.writeString(token.line)
          out.write(
            "\(token.type) \(text.text) (\(token.start.line), \(token.start.column)) "
              + "(\(token.end.line), \(token.end.column)) \(line.text)\n")
        }
      } catch {
        func shown(_ number: Int?) -> String { number.map(String.init) ?? "None" }
        out.write(
          "\(error.kind.exceptionName) \(error.message) \(shown(error.lineno)) "
            + "\(shown(error.offset))\n")
      }
    }
  }
  out.close()
}
