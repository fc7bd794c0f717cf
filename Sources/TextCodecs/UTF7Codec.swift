import Numerics

/// UTF-7 (RFC 2152) as CPython does it: Objects/unicodeobject.c, PyUnicode_DecodeUTF7Stateful.
public enum UTF7Codec {
  private static func isBase64(_ c: UInt8) -> Bool {
    switch c {
    case 0x41...0x5A, 0x61...0x7A, 0x30...0x39, 0x2B, 0x2F: return true
    default: return false
    }
  }

  private static func base64Value(_ c: UInt8) -> UInt32 {
    switch c {
    case 0x41...0x5A: return UInt32(c &- 0x41)
    case 0x61...0x7A: return UInt32(c &- 0x61 &+ 26)
    case 0x30...0x39: return UInt32(c &- 0x30 &+ 52)
    default: return c == 0x2B ? 62 : 63
    }
  }

  private static func base64Letter(_ value: UInt32) -> UInt8 {
    let value = UInt8(truncatingIfNeeded: value & 63)
    switch value {
    case 0..<26: return 0x41 &+ value
    case 26..<52: return 0x61 &+ value &- 26
    case 52..<62: return 0x30 &+ value &- 52
    default: return value == 62 ? 0x2B : 0x2F
    }
  }

  /// May stand for itself when encoding: RFC 2152's sets D and O and white space.
  private static func isDirect(_ c: UInt32) -> Bool {
    switch c {
    case 0x09, 0x0A, 0x0D: return true
    case 0x2B, 0x5C, 0x7E: return false  // + \ ~
    default: return c >= 0x20 && c < 0x7F
    }
  }

  /// With `final` false an unfinished shift sequence is left for the next call, its output taken
  /// back.
  public static func decode(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, position: inout Int, final: Bool = true,
    into out: inout CodePointBuffer
  ) -> CodecStop {
    var inShift = false
    var buffer: UInt32 = 0, bits: UInt32 = 0
    var surrogate: UInt32 = 0
    var start = position, outStart = out.count
    var i = position

    func stop(_ reason: StaticString) -> CodecStop {
      position = start
      return .error(start: start, end: i, reason: reason)
    }

    while i < count {
      let c = bytes[i]
      if inShift {
        if isBase64(c) {
          buffer = buffer << 6 | base64Value(c)
          bits &+= 6
          i &+= 1
          if bits < 16 { continue }
          bits &-= 16
          let unit = buffer &>> bits & 0xFFFF
          buffer &= 1 &<< bits &- 1
          if surrogate != 0 {
            if unit & 0xFC00 == 0xDC00 {
              out.append(0x10000 &+ (surrogate & 0x3FF) << 10 &+ unit & 0x3FF)
              surrogate = 0
              continue
            }
            out.append(surrogate)
            surrogate = 0
          }
          if unit & 0xFC00 == 0xD800 { surrogate = unit } else { out.append(unit) }
          continue
        }
        inShift = false
        if bits >= 6 {
          i &+= 1
          return stop("partial character in shift sequence")
        }
        if bits > 0 && buffer != 0 {
          i &+= 1
          return stop("non-zero padding bits in shift sequence")
        }
        if surrogate != 0 && c < 0x80 && c != 0x2B { out.append(surrogate) }
        surrogate = 0
        if c == 0x2D { i &+= 1 }
      } else if c == 0x2B {
        start = i
        i &+= 1
        if i < count && bytes[i] == 0x2D {
          i &+= 1
          out.append(0x2B)
        } else if i < count && !isBase64(bytes[i]) {
          i &+= 1
          return stop("ill-formed sequence")
        } else {
          inShift = true
          surrogate = 0
          outStart = out.count
          (bits, buffer) = (0, 0)
        }
      } else if c < 0x80 {
        out.append(UInt32(c))
        i &+= 1
      } else {
        start = i
        i &+= 1
        return stop("unexpected special character")
      }
    }
    if inShift {
      if !final {
        out.truncate(to: outStart)
        position = start
        return out.failed ? .outOfMemory : .done
      }
      if surrogate != 0 || bits >= 6 || (bits > 0 && buffer != 0) {
        return stop("unterminated shift sequence")
      }
    }
    position = i
    return out.failed ? .outOfMemory : .done
  }

  /// Every text can be encoded, lone surrogates included.
  public static func encode(_ text: CodePoints, into out: inout TextBuffer) -> CodecStop {
    var inShift = false
    var buffer: UInt32 = 0, bits: UInt32 = 0
    func put(_ unit: UInt32) {
      buffer = buffer << 16 | unit
      bits &+= 16
      while bits >= 6 {
        bits &-= 6
        out.append(base64Letter(buffer &>> bits))
        buffer &= 1 &<< bits &- 1
      }
    }
    for i in 0..<text.count {
      let point = text[i]
      if inShift && isDirect(point) {
        if bits > 0 { out.append(base64Letter(buffer &<< (6 &- bits))) }
        (bits, buffer) = (0, 0)
        inShift = false
        // Other characters end the sequence by themselves.
        let c = UInt8(truncatingIfNeeded: point)
        if isBase64(c) || c == 0x2D { out.append(0x2D) }
        out.append(c)
        continue
      }
      if !inShift {
        if point == 0x2B {
          out.append(0x2B)
          out.append(0x2D)
          continue
        }
        if isDirect(point) {
          out.append(UInt8(truncatingIfNeeded: point))
          continue
        }
        out.append(0x2B)
        inShift = true
      }
      if point >= 0x10000 {
        put(0xD7C0 &+ point >> 10)
        put(0xDC00 | point & 0x3FF)
      } else {
        put(point)
      }
    }
    if bits > 0 { out.append(base64Letter(buffer &<< (6 &- bits))) }
    if inShift { out.append(0x2D) }
    return out.failed ? .outOfMemory : .done
  }
}
