import Parser
import Testing

@Suite struct TokenReaderTests {
  private func tokens(_ source: String, extra: Bool = true) throws -> [String] {
    try Array(source.utf8).withUnsafeBufferPointer { buffer in
      let reader = try TokenReader(buffer, extraTokens: extra)
      var all: [String] = []
      while let token = try reader.next() {
        let text = String(decoding: token.string, as: UTF8.self)
          .replacing("\n", with: "\\n")
        all.append("\(token.type)'\(text)'\(token.start.line):\(token.start.column)")
      }
      return all
    }
  }

  @Test func commentsAndBlankLines() throws {
    #expect(
      try tokens("if é: # c\n\n  x\n") == [
        "1'if'1:0", "1'é'1:3", "55':'1:4", "62'# c'1:6", "4'\\n'1:9", "63'\\n'2:0", "5'  '3:0",
        "1'x'3:2", "4'\\n'3:3", "6''4:0", "0''4:0",
      ])
  }

  @Test func stringsWithFields() throws {
    #expect(
      try tokens("f'a{b:c}'") == [
        "59'f''1:0", "60'a'1:2", "55'{'1:3", "1'b'1:4", "55':'1:5", "60'c'1:6", "55'}'1:7",
        "61'''1:8", "4''1:9", "0''2:0",
      ])
  }

  @Test func exactOperators() throws {
    #expect(
      try tokens("a:=b", extra: false) == ["1'a'1:0", "53':='1:1", "1'b'1:3", "4''1:4", "0''1:-1"])
  }
}
