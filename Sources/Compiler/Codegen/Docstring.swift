/// Takes the indentation out of a docstring (3.13, `_PyCompile_CleanDoc`): tabs become spaces, the
/// first line loses its leading spaces, the others the spaces they have in common; lines of spaces
/// only do not count. Throws `unencodable` for a text with surrogates.
func cleanedDocstring(_ text: [UInt8]) throws(CompileError) -> [UInt8] {
  let space = UInt8(ascii: " ")
  let expanded = text.contains(UInt8(ascii: "\t")) ? expandingTabs(text) : text
  // CPython does this on UTF-8, which has no surrogates.
  for (index, byte) in expanded.enumerated().dropLast() where byte == 0xED {
    if expanded[index + 1] >= 0xA0 { throw .unencodable(text: expanded) }
  }
  var lines = expanded.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  var margin = Int.max
  for line in lines.dropFirst() {
    if let content = line.firstIndex(where: { $0 != space }) {
      margin = min(margin, content - line.startIndex)
    }
  }
  lines[0] = lines[0].drop { $0 == space }
  if margin == .max { margin = 0 }
  for index in lines.indices.dropFirst() {
    let spaces = lines[index].prefix { $0 == space }.count
    lines[index] = lines[index].dropFirst(min(spaces, margin))
  }
  var result: [UInt8] = []
  result.reserveCapacity(expanded.count)
  for (index, line) in lines.enumerated() {
    if index > 0 { result.append(UInt8(ascii: "\n")) }
    result.append(contentsOf: line)
  }
  return result
}

/// `str.expandtabs(8)`; columns count code points.
private func expandingTabs(_ text: [UInt8]) -> [UInt8] {
  var result: [UInt8] = []
  var column = 0
  for byte in text {
    switch byte {
    case UInt8(ascii: "\t"):
      let count = 8 - column % 8
      result.append(contentsOf: repeatElement(UInt8(ascii: " "), count: count))
      column += count
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
      result.append(byte)
      column = 0
    default:
      result.append(byte)
      if byte & 0xC0 != 0x80 { column += 1 }
    }
  }
  return result
}
