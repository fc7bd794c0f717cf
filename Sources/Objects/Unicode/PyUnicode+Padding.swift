import CPythonABI

extension PyUnicode {
  /// The text with `left` and `right` fill characters around it.
  func padded(_ left: Int, _ right: Int, _ fill: UInt32) throws(Raised) -> Owned {
    let left = Swift.max(left, 0)
    let right = Swift.max(right, 0)
    if left == 0 && right == 0 { return try exact() }
    let (sum, overflow) = left.addingReportingOverflow(count)
    let (size, tooLong) = sum.addingReportingOverflow(right)
    if overflow || tooLong { throw raise(.overflowError, "padded string is too long") }
    if size == 1 { return try Self.character(fill) }
    let result = try Self.make(size, max: Swift.max(limit, fill))
    let target = PyUnicode(result.ref)
    CodeUnits.fill(target.data, width: target.kind, from: 0, left, fill)
    target.copy(self, count, at: left)
    CodeUnits.fill(target.data, width: target.kind, from: left + count, right, fill)
    return result
  }

  /// The text with zeros between a sign and the rest, to at least `width`.
  func zeroFilled(_ width: Int) throws(Raised) -> Owned {
    if count >= width { return try exact() }
    let zeros = width - count
    let result = try padded(zeros, 0, 48)
    if count > 0 && (self[0] == 43 || self[0] == 45) {
      let target = PyUnicode(result.ref)
      target.write(self[0], at: 0)
      target.write(48, at: zeros)
    }
    return result
  }

  /// Tabs replaced by spaces up to the next multiple of `size` columns.
  func tabsExpanded(_ size: Int) throws(Raised) -> Owned {
    if find(character: 9, 0, count) < 0 { return try exact() }
    var writer = TextWriter(minimum: count)
    var column = 0
    var start = 0
    for index in 0..<count {
      let value = self[index]
      if value == 9 {
        try writer.append(self, start, index)
        start = index + 1
        if size > 0 {
          let spaces = size - column % size
          if spaces > Int.max - column - writer.count {
            throw raise(.overflowError, "new string is too long")
          }
          try writer.append(32, times: spaces)
          column += spaces
        }
      } else {
        column += 1
        if value == 10 || value == 13 { column = 0 }
      }
    }
    try writer.append(self, start, count)
    return try writer.finish()
  }
}

extension PyUnicode.Methods {
  /// Width and fill character of `center`, `ljust`, `rjust`.
  private static func padding(
    _ method: Method, _ args: UnsafePointer<Ref>?, _ count: Int
  ) throws(Raised) -> (width: Int, fill: UInt32) {
    let a = try Arguments(method, args, count)
    let width = try a.index(0)
    guard let fill = a[1] else { return (width, 32) }
    guard fill.isStr else {
      throw raise(
        .typeError, "The fill character must be a unicode character, not \(fill.type.fullName)")
    }
    if PyUnicode(fill).count != 1 {
      throw raise(.typeError, "The fill character must be exactly one character long")
    }
    return (width, PyUnicode(fill)[0])
  }

  static let center: Method = .fast(
    "center($self, width, fillchar=' ', /)",
    "The text in the middle of a field of the given width."
  ) { text, args, count in
    new {
      let (width, fill) = try padding(center, args, count)
      let view = PyUnicode(text)
      if width <= view.count { return try view.exact() }
      let space = width - view.count
      let left = space / 2 + (space & width & 1)
      return try view.padded(left, space - left, fill)
    }
  }

  static let ljust: Method = .fast(
    "ljust($self, width, fillchar=' ', /)", "The text at the left of a field of the given width."
  ) { text, args, count in
    new {
      let (width, fill) = try padding(ljust, args, count)
      let view = PyUnicode(text)
      return try view.padded(0, width <= view.count ? 0 : width - view.count, fill)
    }
  }

  static let rjust: Method = .fast(
    "rjust($self, width, fillchar=' ', /)", "The text at the right of a field of the given width."
  ) { text, args, count in
    new {
      let (width, fill) = try padding(rjust, args, count)
      let view = PyUnicode(text)
      return try view.padded(width <= view.count ? 0 : width - view.count, 0, fill)
    }
  }

  static let zfill: Method = .o(
    "zfill($self, width, /)", "The text padded with zeros at its left, behind a sign if it has one."
  ) { text, width in
    new { try PyUnicode(text).zeroFilled(try index(width)) }
  }

  /// A size argument (`__index__`).
  static func index(_ object: Ref) throws(Raised) -> Int {
    let number = try own(PyNumber_Index(object))
    return try check(PyLong_AsSsize_t(number.ref))
  }

  static let expandtabs: Method = .keywords(
    "expandtabs($self, /, tabsize=8)",
    "The text with tabs replaced by spaces up to the next multiple of tabsize columns."
  ) { text, args, count, names in
    new {
      let a = try Arguments(expandtabs, args, count, names)
      return try PyUnicode(text).tabsExpanded(Int(try a.int32(0, default: 8)))
    }
  }
}
