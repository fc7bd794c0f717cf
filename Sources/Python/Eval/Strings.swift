import CPythonABI
import Objects

/// Concatenation of str in the loop.
enum Strings {
  /// In `s = s + x` and `s += x` the left operand is held by the stack and by the variable that is
  /// about to be overwritten. Clearing the variable first leaves one reference, so that the text can
  /// grow in place instead of being copied. CPython: specialised BINARY_OP_INPLACE_ADD_UNICODE.
  @inline(__always)
  static func release(_ left: Ref, before next: InstructionRef, _ locals: StackRef) {
    let opcode = QuickOpcode(next.pointee.opcode)
    guard opcode == .storeFast || opcode == .storeFastLoadFast || opcode == .storeFastStoreFast
    else { return }
    let slot = Int(next.pointee.oparg)
    if locals[slot] == left {
      locals[slot] = nil
      Py_DECREF(left)
    }
  }

  /// `sp[-1] += sp[0]`, both exact str, taking the reference of `sp[0]` over.
  @inline(__always)
  static func append(_ sp: StackRef) -> Bool {
    let right = sp[0].unsafelyUnwrapped
    var text = sp[-1]
    PyUnicode_Append(&text, right)
    Py_DECREF(right)
    sp[-1] = text
    return text != nil
  }
}
