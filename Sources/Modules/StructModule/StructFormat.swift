import CPythonABI
import Glibc
import Objects

/// A compiled format: items with their places, in one block of memory.
struct StructFormat {
  /// A run of items of one kind.
  struct Item {
    /// The format character; native items and standard items in either byte order.
    var code: UInt8
    var layout: Layout
    /// Bytes of one item (`s`, `p`: of the whole string).
    var size: Int
    /// Bytes before the first item.
    var offset: Int
    /// How many; 1 for `s` and `p`.
    var count: Int
  }

  enum Layout: UInt8 {
    /// C's sizes, alignment and byte order.
    case native
    case little
    case big
  }

  /// Bytes in all.
  var size = 0
  /// Values in all.
  var values = 0
  var items: [Item] = []

  /// Size and alignment of a format character; nil for one that means nothing in the layout.
  private static func facts(_ code: UInt8, _ layout: Layout) -> (size: Int, alignment: Int)? {
    switch code {
    case UInt8(ascii: "x"), UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "c"),
      UInt8(ascii: "s"), UInt8(ascii: "p"), UInt8(ascii: "?"):
      return (1, 1)
    case UInt8(ascii: "h"), UInt8(ascii: "H"), UInt8(ascii: "e"): return (2, 2)
    case UInt8(ascii: "i"), UInt8(ascii: "I"), UInt8(ascii: "f"): return (4, 4)
    case UInt8(ascii: "l"), UInt8(ascii: "L"): return layout == .native ? (8, 8) : (4, 4)
    case UInt8(ascii: "q"), UInt8(ascii: "Q"), UInt8(ascii: "d"): return (8, 8)
    case UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "P"):
      return layout == .native ? (8, 8) : nil
    default: return nil
    }
  }

  /// Raises struct.error.
  init(_ text: UnsafePointer<UInt8>, _ length: Int) throws(Raised) {
    var position = 0
    var layout = Layout.native
    var aligned = true
    if length > 0 {
      switch text[0] {
      case UInt8(ascii: "@"): position = 1
      case UInt8(ascii: "="), UInt8(ascii: "<"): (position, layout, aligned) = (1, .little, false)
      case UInt8(ascii: ">"), UInt8(ascii: "!"): (position, layout, aligned) = (1, .big, false)
      default: break
      }
    }
    while position < length {
      var code = text[position]
      position += 1
      if code == 32 || code &- 9 < 5 { continue }
      var count = 1
      if code &- 48 < 10 {
        count = Int(code - 48)
        var hasCode = false
        while position < length {
          code = text[position]
          position += 1
          if code &- 48 >= 10 {
            hasCode = true
            break
          }
          let (product, overflow) = count.multipliedReportingOverflow(by: 10)
          let (sum, carry) = product.addingReportingOverflow(Int(code - 48))
          if overflow || carry { throw Self.tooLong }
          count = sum
        }
        if !hasCode {
          throw StructError.raise("repeat count given without format specifier")
        }
      }
      guard let (itemSize, alignment) = Self.facts(code, layout) else {
        throw StructError.raise("bad char in struct format")
      }
      if aligned && alignment > 1 {
        let (padded, overflow) = size.addingReportingOverflow(alignment - 1)
        if overflow { throw Self.tooLong }
        size = padded & ~(alignment - 1)
      }
      let (bytes, overflow) = count.multipliedReportingOverflow(by: itemSize)
      let (total, carry) = size.addingReportingOverflow(bytes)
      if overflow || carry { throw Self.tooLong }
      switch code {
      case UInt8(ascii: "x"): break
      case UInt8(ascii: "s"), UInt8(ascii: "p"):
        items.append(Item(code: code, layout: layout, size: count, offset: size, count: 1))
        values += 1
      default:
        if count > 0 {
          items.append(
            Item(code: code, layout: layout, size: itemSize, offset: size, count: count))
          let (more, overflow) = values.addingReportingOverflow(count)
          if overflow { throw Self.tooLong }
          values = more
        }
      }
      size = total
    }
  }

  private static var tooLong: Raised { StructError.raise("total struct size too long") }
}

/// struct.error
enum StructError {
  /// The class: one per process, like the static types of this module.
  nonisolated(unsafe) private static var known: Ref?

  static func type() throws(Raised) -> Ref {
    if let known { return known }
    let made = try own(PyErr_NewException("struct.error", nil, nil))
    let type = made.give()
    known = type
    InterpreterEnd.add("struct.error") { InterpreterEnd.drop(&known) }
    return type
  }

  static func raise(_ message: String) -> Raised {
    do { return Objects.raise(try type(), message) } catch { return error }
  }
}
