import Glibc
import Testing

/// Asks what CPython 3.13 was asked by Tools/numerics/vectors.py and compares the answers.
@Suite("answers of CPython 3.13")
struct VectorTests {
  @Test(
    "every recorded answer is matched",
    arguments: ["digits", "floats", "formats", "hashes", "maths", "texts"])
  func answersMatch(_ family: String) throws {
    let lines = try #require(readLines("Vectors/\(family).txt"))
    #expect(lines.count == 1000)
    for line in lines {
      let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      try #require(parts.count == 2)
      let words = parts[0].split(separator: " ")
      #expect(answer(words) == parts[1], "\(parts[0])")
    }
  }

  private func answer(_ words: [Substring]) -> String {
    integerAnswer(words) ?? floatAnswer(words) ?? formatAnswer(words) ?? hashAnswer(words)
      ?? mathAnswer(words) ?? textAnswer(words) ?? "unknown command"
  }

  /// The lines of a file beside this one.
  private func readLines(_ name: String) -> [String]? {
    let path = "\(#filePath)"
    guard let slash = path.lastIndex(of: "/"),
      let file = fopen(path[...slash] + name, "r")
    else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let n = fread(&chunk, 1, chunk.count, file)
      if n == 0 { break }
      bytes += chunk[..<n]
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

// MARK: How arguments and answers are written

func double(_ text: Substring) -> Double {
  Double(bitPattern: UInt64(text, radix: 16) ?? 0)
}

func show(_ value: Double) -> String {
  value.isNaN ? "nan" : String(value.bitPattern, radix: 16)
}

func bytes(_ text: Substring) -> [UInt8] {
  var result: [UInt8] = []
  var rest = text == "-" ? "" : text
  while !rest.isEmpty {
    result.append(UInt8(rest.prefix(2), radix: 16) ?? 0)
    rest = rest.dropFirst(2)
  }
  return result
}

func show(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> String {
  if count == 0 { return "-" }
  return (0..<count).map { (bytes[$0] < 16 ? "0" : "") + String(bytes[$0], radix: 16) }.joined()
}

func points(_ text: Substring) -> [UInt32] {
  text == "-" ? [] : text.split(separator: ",").map { UInt32($0, radix: 16) ?? 0 }
}

func show(_ points: [UInt32]) -> String {
  points.isEmpty ? "-" : points.map { String($0, radix: 16) }.joined(separator: ",")
}

func show(_ text: String) -> String { show(text.unicodeScalars.map(\.value)) }

/// Lends an array's elements, also of an empty one.
func lend<Element, Result>(
  _ array: [Element], or filler: Element, _ body: (UnsafePointer<Element>, Int) -> Result
) -> Result {
  let padded = array + [filler]
  return padded.withUnsafeBufferPointer { body($0.baseAddress!, array.count) }
}
