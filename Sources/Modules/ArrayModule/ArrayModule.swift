import CPythonABI
import Objects

/// The module `array`. CPython: Modules/arraymodule.c.
public let arrayModule = ModuleSpec(
  "array", doc: "Rows of numbers or characters of one machine type, as C has them.",
  methods: [reconstructor], constants: [.string("typecodes", ItemType.codes)],
  types: [ArrayObject.spec],
  exec: { module in
    status {
      if !ArrayIterator.spec.isReady { try ArrayIterator.spec.install() }
      try check(PyModule_AddObjectRef(module, "ArrayType", ArrayObject.type.object))
      // Arrays are mutable sequences.
      let abc = try own(PyImport_ImportModule("collections.abc"))
      let sequence = try own(PyObject_GetAttrString(abc.ref, "MutableSequence"))
      let register = try own(PyObject_GetAttrString(sequence.ref, "register"))
      _ = try own(PyObject_CallOneArg(register.ref, ArrayObject.type.object))
    }
  })

private let reconstructor: Method = .fast(
  "_array_reconstructor($module, arraytype, typecode, mformat_code, items,\n                     /)",
  "Internal. Used for pickling support."
) { _, args, count in
  new {
    let a = try Arguments(reconstructor, args, count)
    guard a.object(0).isType else {
      throw raise(.typeError, "first argument must be a type object, not \(a.object(0).type.fullName)")
    }
    let code = a.object(1)
    guard code.isStr, apus_str_length(code) == 1 else {
      throw raise(
        .typeError,
        "_array_reconstructor() argument 2 must be a unicode character, not \(code.type.fullName)")
    }
    let format = try a.int32(2)
    let type = a.object(0).asType
    guard PyType_IsSubtype(type, ArrayObject.type) != 0 else {
      throw raise(.typeError, "\(type.fullName) is not a subtype of \(ArrayObject.type.fullName)")
    }
    let letter = apus_str_read(apus_str_kind(code), apus_str_data(code), 0)
    guard ItemType(letter) != nil else {
      throw raise(.valueError, "second argument must be a valid type code")
    }
    guard format >= 0, format <= 21 else {
      throw raise(.valueError, "third argument must be a valid machine format code.")
    }
    guard a.object(3).isBytes else {
      throw raise(.typeError, "fourth argument should be bytes, not \(a.object(3).type.fullName)")
    }
    return try MachineFormat(format).array(type, letter, a.object(3))
  }
}

/// How the items of a pickled array lie in its bytes.
private struct MachineFormat {
  let size: Int
  let isSigned: Bool
  let isBig: Bool
  let isFloat: Bool
  /// UTF-16 (2) or UTF-32 (4), else 0.
  let text: Int

  init(_ number: Int32) {
    isBig = number >= 14 ? number & 1 == 1 : number >= 2 && (number == 3 || number == 5
      || number == 7 || number == 9 || number == 11 || number == 13)
    isFloat = number >= 14 && number <= 17
    text = number >= 20 ? 4 : number >= 18 ? 2 : 0
    switch number {
    case 0, 1: size = 1
    case 2...5, 18, 19: size = 2
    case 6...9, 14, 15, 20, 21: size = 4
    default: size = 8
    }
    isSigned = number == 1 || number == 4 || number == 5 || number == 8 || number == 9
      || number == 12 || number == 13
  }

  /// An array of the bytes: as they are when the typecode's items look the same, of the typecode
  /// that fits best, or item by item.
  func array(_ type: TypeRef, _ letter: UInt32, _ bytes: Ref) throws(Raised) -> Owned {
    let length = apus_var_size(bytes)
    let data = UnsafeRawPointer(apus_bytes_data(bytes))
    guard length % size == 0 else {
      throw raise(.valueError, "bytes length not a multiple of item size")
    }
    guard let wanted = ItemType(letter) else { throw Raised() }
    if text != 0 {
      var order: Int32 = isBig ? 1 : -1
      let start = data.assumingMemoryBound(to: CChar.self)
      let string = try own(
        text == 2
          ? PyUnicode_DecodeUTF16(start, length, nil, &order)
          : PyUnicode_DecodeUTF32(start, length, nil, &order))
      guard wanted.isText else {
        return try ArrayObject.filled(type, wanted, with: string.ref)
      }
      let result = try ArrayObject.make(type, wanted, 0)
      try ArrayObject(result.ref).append(text: string.ref)
      return result
    }
    if isFloat {
      let list = try own(PyList_New(0))
      for place in stride(from: 0, to: length, by: size) {
        let value: Double
        if size == 4 {
          let bits = (data + place).loadUnaligned(as: UInt32.self)
          value = Double(Float(bitPattern: isBig ? bits.byteSwapped : bits))
        } else {
          let bits = (data + place).loadUnaligned(as: UInt64.self)
          value = Double(bitPattern: isBig ? bits.byteSwapped : bits)
        }
        let item = try own(PyFloat_FromDouble(value))
        try check(PyList_Append(list.ref, item.ref))
      }
      return try ArrayObject.filled(type, wanted, with: list.ref)
    }
    // The first typecode whose items have the layout's size and sign.
    var item = wanted
    for code in "bBhHiIlLqQ".utf8 {
      guard let candidate = ItemType(UInt32(code)) else { continue }
      if candidate.size == size && candidate.isSigned == isSigned {
        if wanted.size != size || wanted.isSigned != isSigned || wanted.isFloat || wanted.isText {
          item = candidate
        }
        break
      }
    }
    let result = try ArrayObject.make(type, item, 0)
    try ArrayObject(result.ref).append(bytes: data, length)
    if isBig {
      let array = ArrayObject(result.ref)
      for index in 0..<array.count {
        let place = array.data + index * size
        switch size {
        case 2: place.storeBytes(of: place.load(as: UInt16.self).byteSwapped, as: UInt16.self)
        case 4: place.storeBytes(of: place.load(as: UInt32.self).byteSwapped, as: UInt32.self)
        case 8: place.storeBytes(of: place.load(as: UInt64.self).byteSwapped, as: UInt64.self)
        default: break
        }
      }
    }
    return result
  }
}

extension ArrayObject {
  /// An array of an iterable's items.
  static func filled(
    _ type: TypeRef, _ item: ItemType, with items: Ref
  ) throws(Raised) -> Owned {
    let result = try make(type, item, 0)
    try ArrayObject(result.ref).extend(items)
    return result
  }
}

/// array.arrayiterator.
enum ArrayIterator {
  struct Layout {
    var base: PyObject
    var index: Int
    var array: Ref?
  }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  static func make(_ array: Ref) throws(Raised) -> Owned {
    guard let allocate = type.pointee.tp_alloc else { throw Raised() }
    let object = try own(allocate(type, 0))
    object.ref.view(Layout.self).pointee.array = array.retained().give()
    return object
  }

  static let spec = TypeSpec(
    type, "array.arrayiterator", basicSize: MemoryLayout<Layout>.size,
    flags: [.haveGC, .disallowInstantiation], base: objectType(),
    slots: [
      .tp_dealloc { object in
        PyObject_GC_UnTrack(object)
        Py_XDECREF(object.view(Layout.self).pointee.array)
        object.type.pointee.tp_free?(object)
      },
      .tp_traverse { visitReference($0.view(Layout.self).pointee.array, $1, $2) },
      .tp_iter { Py_NewRef($0) },
      .tp_iternext { object in
        let layout = object.view(Layout.self)
        guard let array = layout.pointee.array else { return nil }
        let index = layout.pointee.index
        if index < ArrayObject(array).count {
          layout.pointee.index += 1
          return new { try ArrayObject(array).load(index) }
        }
        layout.pointee.array = nil
        Py_DECREF(array)
        return nil
      },
      .tp_free { PyObject_GC_Del($0) },
    ],
    methods: [
      .noargs("__reduce__($self, /)", "Return state information for pickling.") { object, _ in
        new {
          let layout = object.view(Layout.self)
          guard let array = layout.pointee.array else {
            let name = try own(PyUnicode_FromString("iter"))
            let iter = try builtin(name.ref)
            let empty = try own(PyTuple_New(0))
            let arguments = try tuple(empty)
            return try tuple(iter, arguments)
          }
          let name = try own(PyUnicode_FromString("iter"))
          let iter = try builtin(name.ref)
          let arguments = try tuple(array.retained())
          let position = try int(layout.pointee.index)
          return try tuple(iter, arguments, position)
        }
      },
      .o("__setstate__($self, state, /)", "Set state information for unpickling.") {
        object, state in
        none {
          var index = PyLong_AsSsize_t(state)
          if index == -1 && hasRaised() { throw Raised() }
          let layout = object.view(Layout.self)
          guard let array = layout.pointee.array else { return }
          index = Swift.max(0, Swift.min(index, ArrayObject(array).count))
          layout.pointee.index = index
        }
      },
    ])
}
