import CPythonABI
import Glibc
import Objects

/// The methods of array.array.
enum ArrayMethods {
  static let all: [Method] = [
    append, bufferInfo, byteswap, clear, copy, count, deepCopy, extend, fromFile, fromList,
    fromBytes, fromUnicode, index, insert, pop, reduce, remove, reverse, toFile, toList, toBytes,
    toUnicode, sizeOf, classGetItem,
  ]

  private static let append: Method = .o(
    "append($self, v, /)", "Append new value v to the end of the array."
  ) { object, value in none { try ArrayObject(object).append(value) } }

  private static let bufferInfo: Method = .noargs(
    "buffer_info($self, /)",
    "The address of the items and how many there are, for low-level input and output."
  ) { object, _ in
    new {
      let address = try own(PyLong_FromVoidPtr(ArrayObject(object).layout.pointee.items))
      return try tuple(address, int(ArrayObject(object).count))
    }
  }

  private static let byteswap: Method = .noargs(
    "byteswap($self, /)", "Swap the bytes of every item; RuntimeError for items of odd sizes."
  ) { object, _ in
    let array = ArrayObject(object)
    switch array.item.size {
    case 2:
      let items = array.data.assumingMemoryBound(to: UInt16.self)
      for index in 0..<array.count { items[index] = items[index].byteSwapped }
    case 4:
      let items = array.data.assumingMemoryBound(to: UInt32.self)
      for index in 0..<array.count { items[index] = items[index].byteSwapped }
    case 8:
      let items = array.data.assumingMemoryBound(to: UInt64.self)
      for index in 0..<array.count { items[index] = items[index].byteSwapped }
    default: break
    }
    return noneObject()
  }

  private static let clear: Method = .noargs("clear($self, /)", "Remove all items.") { object, _ in
    none { try ArrayObject(object).resize(0) }
  }

  private static let copy: Method = .noargs("__copy__($self, /)", "Return a copy of the array.") {
    object, _ in new { try ArrayObject(object).slice(0, ArrayObject(object).count) }
  }

  private static let deepCopy: Method = .o(
    "__deepcopy__($self, unused, /)", "Return a copy of the array."
  ) { object, _ in new { try ArrayObject(object).slice(0, ArrayObject(object).count) } }

  private static let count: Method = .o(
    "count($self, v, /)", "How often v occurs in the array."
  ) { object, value in
    new {
      let array = ArrayObject(object)
      var found = 0
      var index = 0
      while let next = try array.index(of: value, from: index, to: array.count) {
        found += 1
        index = next + 1
      }
      return try int(found)
    }
  }

  private static let extend: Method = .o(
    "extend($self, bb, /)", "Append the items of an array of the same kind, or of an iterable."
  ) { object, other in none { try ArrayObject(object).extend(other) } }

  private static let fromFile: Method = .fast(
    "fromfile($self, f, n, /)", "Read n items from a binary file and append them."
  ) { object, args, count in
    none {
      let a = try Arguments(fromFile, args, count)
      let wanted = try a.index(1)
      if wanted < 0 { throw raise(.valueError, "negative count") }
      let array = ArrayObject(object)
      let (bytes, overflow) = wanted.multipliedReportingOverflow(by: array.item.size)
      if overflow { throw raiseNoMemory() }
      let read = try own("read".withCString { PyObject_GetAttrString(a.object(0), $0) })
      let size = try int(bytes)
      let content = try own(PyObject_CallOneArg(read.ref, size.ref))
      guard content.ref.isBytes else { throw raise(.typeError, "read() didn't return bytes") }
      let got = apus_var_size(content.ref)
      _ = try array.frombytes(content.ref)
      if got != bytes {
        throw raise(.eofError, "read() didn't return enough bytes")
      }
    }
  }

  private static let fromList: Method = .o(
    "fromlist($self, list, /)", "Append the items of a list; none of them when one does not fit."
  ) { object, list in
    none {
      guard list.isList else { throw raise(.typeError, "arg must be list") }
      let array = ArrayObject(object)
      let added = apus_var_size(list)
      if added == 0 { return }
      let old = array.count
      try array.resize(old + added)
      memset(array.data + old * array.item.size, 0, added * array.item.size)
      for index in 0..<added {
        guard index < apus_var_size(list), apus_var_size(list) == added else {
          try array.resize(old)
          throw raise(.runtimeError, "list changed size during iteration")
        }
        let value = apus_list_item(list, index).retained()
        do {
          try array.store(value.ref, at: old + index, else: "array assignment index out of range")
        } catch {
          let exception = PyErr_GetRaisedException()
          if array.count >= old { try array.resize(old) }
          PyErr_SetRaisedException(exception)
          throw Raised()
        }
      }
    }
  }

  private static let fromBytes: Method = .o(
    "frombytes($self, buffer, /)", "Append items from bytes-like data, as they lie in memory."
  ) { object, source in none { _ = try ArrayObject(object).frombytes(source) } }

  private static let fromUnicode: Method = .o(
    "fromunicode($self, ustr, /)", "Append the characters of a str to an array of characters."
  ) { object, text in
    none {
      guard text.isStr else {
        throw badArgument("fromunicode", "argument", expected: "str", got: text)
      }
      guard ArrayObject(object).item.isText else {
        throw raise(
          .valueError, "fromunicode() may only be called on unicode type arrays ('u' or 'w')")
      }
      try ArrayObject(object).append(text: text)
    }
  }

  private static let index: Method = .fast(
    "index($self, v, start=0, stop=sys.maxsize, /)",
    "The position of the first v in the array; ValueError when there is none."
  ) { object, args, count in
    new {
      let a = try Arguments(index, args, count)
      let array = ArrayObject(object)
      var start = try bound(a[1], default: 0)
      var stop = try bound(a[2], default: Int.max)
      if start < 0 { start = Swift.max(start + array.count, 0) }
      if stop < 0 { stop = Swift.max(stop + array.count, 0) }
      guard let found = try array.index(of: a.object(0), from: start, to: stop) else {
        throw raise(.valueError, "array.index(x): x not in array")
      }
      return try int(found)
    }
  }

  private static func bound(_ object: Ref?, default fallback: Int) throws(Raised) -> Int {
    guard let object else { return fallback }
    var value = fallback
    if _PyEval_SliceIndexNotNone(object, &value) == 0 { throw Raised() }
    return value
  }

  private static let insert: Method = .fast(
    "insert($self, i, v, /)", "Insert a new item v into the array before position i."
  ) { object, args, count in
    none {
      let a = try Arguments(insert, args, count)
      let position = try a.index(0)
      try ArrayObject(object).insert(a.object(1), at: position)
    }
  }

  private static let pop: Method = .fast(
    "pop($self, i=-1, /)", "Take out the item at position i and return it."
  ) { object, args, count in
    new {
      let a = try Arguments(pop, args, count)
      var position = try a.index(0, default: -1)
      let array = ArrayObject(object)
      if array.count == 0 { throw raise(.indexError, "pop from empty array") }
      if position < 0 { position += array.count }
      guard position >= 0, position < array.count else {
        throw raise(.indexError, "pop index out of range")
      }
      let value = try array.load(position)
      try array.remove(position, position + 1)
      return value
    }
  }

  private static let remove: Method = .o(
    "remove($self, v, /)", "Take out the first v; ValueError when there is none."
  ) { object, value in
    none {
      let array = ArrayObject(object)
      guard let found = try array.index(of: value, from: 0, to: array.count) else {
        throw raise(.valueError, "array.remove(x): x not in array")
      }
      try array.remove(found, found + 1)
    }
  }

  private static let reverse: Method = .noargs(
    "reverse($self, /)", "Reverse the order of the items in the array."
  ) { object, _ in
    let array = ArrayObject(object)
    let size = array.item.size
    var low = 0
    var high = array.count - 1
    while low < high {
      for byte in 0..<size {
        let a = array.data + low * size + byte
        let b = array.data + high * size + byte
        let kept = a.load(as: UInt8.self)
        a.storeBytes(of: b.load(as: UInt8.self), as: UInt8.self)
        b.storeBytes(of: kept, as: UInt8.self)
      }
      low += 1
      high -= 1
    }
    return noneObject()
  }

  private static let toFile: Method = .o(
    "tofile($self, f, /)", "Write all items, as they lie in memory, to a binary file."
  ) { object, file in
    none {
      let array = ArrayObject(object)
      let block = 64 * 1024
      var offset = 0
      if array.count == 0 { return }
      let write = try own("write".withCString { PyObject_GetAttrString(file, $0) })
      while offset < array.byteCount {
        let size = Swift.min(block, array.byteCount - offset)
        let piece = try own(
          PyBytes_FromStringAndSize(
            (array.data + offset).assumingMemoryBound(to: CChar.self), size))
        _ = try own(PyObject_CallOneArg(write.ref, piece.ref))
        offset += size
      }
    }
  }

  private static let toList: Method = .noargs(
    "tolist($self, /)", "A list of the items."
  ) { object, _ in new { try ArrayObject(object).list() } }

  private static let toBytes: Method = .noargs(
    "tobytes($self, /)", "The items as bytes, as they lie in memory."
  ) { object, _ in new { try ArrayObject(object).bytes() } }

  private static let toUnicode: Method = .noargs(
    "tounicode($self, /)", "The str of an array of characters; ValueError for others."
  ) { object, _ in
    new {
      guard ArrayObject(object).item.isText else {
        throw raise(
          .valueError, "tounicode() may only be called on unicode type arrays ('u' or 'w')")
      }
      return try ArrayObject(object).text()
    }
  }

  private static let sizeOf: Method = .noargs(
    "__sizeof__($self, /)", "Size of the array in memory, in bytes."
  ) { object, _ in
    PyLong_FromSsize_t(
      object.type.pointee.tp_basicsize
        + ArrayObject(object).layout.pointee.allocated * ArrayObject(object).item.size)
  }

  private static let reduce: Method = .o(
    "__reduce_ex__($self, value, /)", "Return state information for pickling."
  ) { object, value in
    new {
      let protocolNumber = PyLong_AsLong(value)
      if protocolNumber == -1 && hasRaised() { throw Raised() }
      let array = ArrayObject(object)
      var state: Ref?
      if try check(PyObject_GetOptionalAttrString(object, "__dict__", &state)) == 0 {
        state = noneObject().retained().give()
      }
      let dict = try own(state)
      let code = try own(PyUnicode_FromOrdinal(Int32(array.item.code)))
      if protocolNumber < 3 {
        let items = try array.list()
        let arguments = try tuple(code, items)
        return try tuple(object.type.object.retained(), arguments, dict)
      }
      let module = try own(PyImport_ImportModule("array"))
      let make = try own(PyObject_GetAttrString(module.ref, "_array_reconstructor"))
      let format = try int(array.item.machineFormat)
      let bytes = try array.bytes()
      let arguments = try tuple(object.type.object.retained(), code, format, bytes)
      return try tuple(make, arguments, dict)
    }
  }

  private static let classGetItem = Method.o(
    "__class_getitem__($type, object, /)", "See PEP 585"
  ) { Py_GenericAlias($0, $1) }.classMethod
}
