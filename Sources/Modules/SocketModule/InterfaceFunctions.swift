import CPythonABI
import CSockets
import Glibc
import Interpreter
import Objects
import SystemCalls

/// Network interfaces and the host's own name.
enum InterfaceFunctions {
  static let methods = [list, number, name, hostName, setHostName]

  private static let list: Method = .noargs(
    "if_nameindex($self, /)",
    "if_nameindex()\n\nA list of the network interfaces as (index, name) pairs."
  ) { _, _ in
    new {
      guard let found = if_nameindex() else { throw raiseSystemError() }
      defer { if_freenameindex(found) }
      let result = try own(PyList_New(0))
      var entry = found
      while entry.pointee.if_index != 0, let name = entry.pointee.if_name {
        let pair = try tuple(int(Int(entry.pointee.if_index)), own(PyUnicode_DecodeFSDefault(name)))
        try check(PyList_Append(result.ref, pair.ref))
        entry += 1
      }
      return result
    }
  }

  private static let number: Method = .o(
    "if_nametoindex($self, oname, /)", "Returns the interface index corresponding to the interface name."
  ) { _, given in
    new {
      var encoded: Ref?
      if PyUnicode_FSConverter(given, &encoded) == 0 { throw Raised() }
      let bytes = try own(encoded)
      guard let name = PyBytes_AsString(bytes.ref) else { throw Raised() }
      let index = if_nametoindex(name)
      if index == 0 { throw raise(.osError, "no interface with this name") }
      return try int(Int(index))
    }
  }

  private static let name: Method = .o(
    "if_indextoname($self, object, /)",
    "if_indextoname(if_index)\n\nThe name of the network interface with an index."
  ) { _, given in
    new {
      guard given.isInt else { throw raise(.typeError, "an integer is required") }
      let index = PyLong_AsUnsignedLong(given)
      if index == .max && hasRaised() { throw Raised() }
      guard let narrow = UInt32(exactly: index) else {
        throw raise(.overflowError, "Python int too large to convert to C unsigned int")
      }
      var text = InlineArray<32, CChar>(repeating: 0)
      return try own(
        withUnsafeMutableBytes(of: &text) { target in
          let start = target.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: CChar.self)
          guard if_indextoname(narrow, start) != nil else {
            _ = PyErr_SetFromErrno(.osError)
            return nil
          }
          return PyUnicode_DecodeFSDefault(start)
        })
    }
  }

  private static let hostName: Method = .noargs(
    "gethostname($self, /)", "gethostname() -> string\n\nThe name of this machine."
  ) { _, _ in
    new {
      try audit("socket.gethostname", own(PyTuple_New(0)))
      var text = InlineArray<1024, CChar>(repeating: 0)
      return try own(
        withUnsafeMutableBytes(of: &text) { target in
          let start = target.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: CChar.self)
          guard withoutGIL({ gethostname(start, 1023) }) >= 0 else {
            _ = PyErr_SetFromErrno(.osError)
            return nil
          }
          return PyUnicode_DecodeFSDefault(start)
        })
    }
  }

  private static let setHostName: Method = .fast(
    "sethostname", "sethostname(name)\n\nSet the name of this machine."
  ) { _, args, count in
    none {
      let a = try TupleArguments("sethostname", args, count, least: 1, most: 1)
      var encoded: Ref?
      if a.object(0).isBytes {
        encoded = a.object(0).retained().give()
      } else if PyUnicode_FSConverter(a.object(0), &encoded) == 0 {
        throw Raised()
      }
      let bytes = try own(encoded)
      try audit("socket.sethostname", tuple(a.object(0).retained()))
      guard let name = PyBytes_AsString(bytes.ref) else { throw Raised() }
      if apus_sethostname(name, apus_var_size(bytes.ref)) < 0 { throw raiseSystemError() }
    }
  }
}
