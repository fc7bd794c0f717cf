import CPythonABI

extension PySet {
  /// Where weak references to a set hang.
  private static var weakListOffset: Int { MemoryLayout<PySetObject>.offset(of: \.weakreflist) ?? 192 }

  private static var commonSlots: [Slot] {
    [
      .tp_dealloc(dealloc),
      .tp_repr { set in new { try PySet(set).repr() } },
      .tp_traverse(traverse),
      .tp_clear { set in
        PySet(set).clear()
        return 0
      },
      .tp_richcompare { set, other, operation in
        new { try PySet(set).compare(other, operation) }
      },
      .tp_iter { set in new { try PySetIterator.make(over: set) } },
      .tp_alloc(PyType_GenericAlloc),
      .freesTracked,
      .nb_subtract { left, right in
        new {
          guard PySet.isAnySet(left) && PySet.isAnySet(right) else {
            return Owned(adopting: notImplementedObject())
          }
          return try PySet(left).difference(right)
        }
      },
      .nb_and { left, right in
        new {
          guard PySet.isAnySet(left) && PySet.isAnySet(right) else {
            return Owned(adopting: notImplementedObject())
          }
          return try PySet(left).intersection(right)
        }
      },
      .nb_xor { left, right in
        new {
          guard PySet.isAnySet(left) && PySet.isAnySet(right) else {
            return Owned(adopting: notImplementedObject())
          }
          return try PySet(left).symmetricDifference(right)
        }
      },
      .nb_or { left, right in
        new {
          guard PySet.isAnySet(left) && PySet.isAnySet(right) else {
            return Owned(adopting: notImplementedObject())
          }
          let result = try PySet(left).copyForUnion()
          if left != right { try PySet(result.ref).update(right) }
          return result
        }
      },
      .sq_length { set in PySet(set).count },
      .sq_contains { set, key in truth { try PySet(set).contains(key) } },
    ]
  }

  static var spec: TypeSpec {
    TypeSpec(
      setType(), "set", basicSize: MemoryLayout<PySetObject>.size,
      flags: [.haveGC, .baseType, .matchSelf],
      doc: """
        set(iterable=(), /)
        --

        An unordered collection of different hashable objects.
        """,
      base: objectType(), weakListOffset: weakListOffset,
      slots: commonSlots + [
        .tp_hash(PyObject_HashNotImplemented),
        .tp_getattro(PyObject_GenericGetAttr),
        .tp_init { set, args, keywords in
          status { try PySet(set).initialize(args, keywords) }
        },
        .tp_new { type, _, _ in new { try PySet.make(type, from: nil) } },
        .tp_vectorcall { type, args, flags, names in
          new {
            let count = PyVectorcall_NARGS(flags)
            try checkNoKeywords("set", names: names)
            try checkPositional("set", count, least: 0, most: 1)
            return try PySet.make(type.asType, from: count == 0 ? nil : args.unsafelyUnwrapped[0])
          }
        },
        .nb_inplace_subtract { set, other in
          new {
            guard PySet.isAnySet(other) else { return Owned(adopting: notImplementedObject()) }
            try PySet(set).subtract(other)
            return set.retained()
          }
        },
        .nb_inplace_and { set, other in
          new {
            guard PySet.isAnySet(other) else { return Owned(adopting: notImplementedObject()) }
            let result = try PySet(set).intersection(other)
            PySet(set).swapBodies(with: PySet(result.ref))
            return set.retained()
          }
        },
        .nb_inplace_xor { set, other in
          new {
            guard PySet.isAnySet(other) else { return Owned(adopting: notImplementedObject()) }
            try PySet(set).updateSymmetricDifference(other)
            return set.retained()
          }
        },
        .nb_inplace_or { set, other in
          new {
            guard PySet.isAnySet(other) else { return Owned(adopting: notImplementedObject()) }
            try PySet(set).update(other)
            return set.retained()
          }
        },
      ],
      methods: [
        add, clearKeys, containsKey, copySet, discardKey, differenceOf, differenceUpdate,
        intersectionOf, intersectionUpdate, isDisjoint, isSubset, isSuperset, popKey, reduce, remove,
        sizeof, symmetricDifferenceOf, symmetricDifferenceUpdate, union, updateKeys, classGetItem,
      ])
  }

  static var frozenSpec: TypeSpec {
    TypeSpec(
      frozenSetType(), "frozenset", basicSize: MemoryLayout<PySetObject>.size,
      flags: [.haveGC, .baseType, .matchSelf],
      doc: """
        frozenset(iterable=(), /)
        --

        An immutable unordered collection of different hashable objects.
        """,
      base: objectType(), weakListOffset: weakListOffset,
      slots: commonSlots + [
        .tp_hash(hash),
        .tp_new { type, args, keywords in
          new { try PySet.constructFrozen(type, args, keywords) }
        },
        .tp_vectorcall { type, args, flags, names in
          new {
            let count = PyVectorcall_NARGS(flags)
            try checkNoKeywords("frozenset", names: names)
            try checkPositional("frozenset", count, least: 0, most: 1)
            return try PySet.makeFrozen(
              type.asType, from: count == 0 ? nil : args.unsafelyUnwrapped[0])
          }
        },
      ],
      methods: [
        containsKey, copyFrozen, differenceOf, intersectionOf, isDisjoint, isSubset, isSuperset,
        reduce, sizeof, symmetricDifferenceOf, union, classGetItem,
      ])
  }

  // MARK: Construction

  func initialize(_ args: Ref, _ keywords: Ref?) throws(Raised) {
    try checkNoKeywords("set", dict: keywords)
    let given = apus_var_size(args)
    try checkPositional(ref.type.fullName, given, least: 0, most: 1)
    if object.pointee.fill != 0 { clear() }
    object.pointee.hash = -1
    if given == 1 { try update(apus_tuple_item(args, 0)) }
  }

  static func constructFrozen(_ type: TypeRef, _ args: Ref, _ keywords: Ref?) throws(Raised) -> Owned {
    if type == frozenSetType() || unsafeBitCast(type.pointee.tp_init, to: Int.self)
      == unsafeBitCast(frozenSetType().pointee.tp_init, to: Int.self)
    {
      try checkNoKeywords("frozenset", dict: keywords)
    }
    let given = apus_var_size(args)
    try checkPositional(type.fullName, given, least: 0, most: 1)
    return try makeFrozen(type, from: given == 0 ? nil : apus_tuple_item(args, 0))
  }

  static func makeFrozen(_ type: TypeRef, from iterable: Ref?) throws(Raised) -> Owned {
    if type == frozenSetType(), let iterable, iterable.type == frozenSetType() {
      return iterable.retained()
    }
    return try make(type, from: iterable)
  }

  /// A copy to add to; of a frozenset always a new object.
  func copyForUnion() throws(Raised) -> Owned { try copy() }

  // MARK: Methods of both types

  static let containsKey = Method.o(
    "__contains__($self, object, /)", "Whether the object is in the set."
  ) { set, key in
    bool { try PySet(set).contains(key) }
  }.coexisting

  static let differenceOf: Method = .fast(
    "difference($self, /, *others)", "A new set of what is in none of the others."
  ) { set, args, count in
    new {
      guard count > 0 else { return try PySet(set).copy() }
      let args = args.unsafelyUnwrapped
      let result = try PySet(set).difference(args[0])
      for index in 1..<count { try PySet(result.ref).subtract(args[index]) }
      return result
    }
  }

  static let intersectionOf: Method = .fast(
    "intersection($self, /, *others)", "A new set of what is in all of the others too."
  ) { set, args, count in
    new {
      var result = try count == 0 ? PySet(set).copy() : set.retained()
      for index in 0..<count {
        result = try PySet(result.ref).intersection(args.unsafelyUnwrapped[index])
      }
      return result
    }
  }

  static let union: Method = .fast(
    "union($self, /, *others)", "A new set of what is in the set or in any of the others."
  ) { set, args, count in
    new {
      let result = try PySet(set).copyForUnion()
      for index in 0..<count where args.unsafelyUnwrapped[index] != set {
        try PySet(result.ref).update(args.unsafelyUnwrapped[index])
      }
      return result
    }
  }

  static let symmetricDifferenceOf: Method = .o(
    "symmetric_difference($self, other, /)", "A new set of what is in exactly one of both."
  ) { set, other in
    new { try PySet(set).symmetricDifference(other) }
  }

  static let isDisjoint: Method = .o(
    "isdisjoint($self, other, /)", "Whether the set has nothing in common with the other."
  ) { set, other in
    bool { try PySet(set).isDisjoint(from: other) }
  }

  static let isSubset: Method = .o(
    "issubset($self, other, /)", "Whether everything in the set is in the other."
  ) { set, other in
    bool { try PySet(set).isSubset(of: other) }
  }

  static let isSuperset: Method = .o(
    "issuperset($self, other, /)", "Whether everything in the other is in the set."
  ) { set, other in
    bool { try PySet(set).isSuperset(of: other) }
  }

  static let reduce: Method = .noargs("__reduce__($self, /)", "The state for pickle.") { set, _ in
    new {
      let keys = try own(PySequence_List(set))
      let args = try PyTuple.single(keys.ref)
      let state = try own(_PyObject_GetState(set))
      return try PyTuple.triple(set.type.object, args.ref, state.ref)
    }
  }

  static let sizeof: Method = .noargs(
    "__sizeof__($self, /)", "The bytes of the set and its table."
  ) { object, _ in
    let set = PySet(object)
    let table = set.table == set.small ? 0 : (set.mask + 1) * MemoryLayout<setentry>.stride
    return PyLong_FromSsize_t(object.type.pointee.tp_basicsize + table)
  }

  static let classGetItem = Method.o(
    "__class_getitem__($type, object, /)", "See PEP 585."
  ) { type, item in
    Py_GenericAlias(type, item)
  }.classMethod

  static let copyFrozen: Method = .noargs(
    "copy($self, /)", "The frozenset itself, or a copy of an instance of a subclass."
  ) { set, _ in
    new { set.type == frozenSetType() ? set.retained() : try PySet(set).copy() }
  }

  // MARK: Methods of set

  static let copySet: Method = .noargs("copy($self, /)", "A new set with the same items.") { set, _ in
    new { try PySet(set).copy() }
  }

  static let add: Method = .o("add($self, object, /)", "Adds an object.") { set, key in
    none { try PySet(set).add(key) }
  }

  static let clearKeys: Method = .noargs("clear($self, /)", "Removes everything.") { set, _ in
    none { PySet(set).clear() }
  }

  static let discardKey: Method = .o(
    "discard($self, object, /)", "Removes an object if it is in the set."
  ) { set, key in
    none { _ = try PySet(set).discard(key) }
  }

  static let remove: Method = .o(
    "remove($self, object, /)",
    "Removes an object.\n\nRaises KeyError if it is not in the set."
  ) { set, key in
    none { if try !PySet(set).discard(key) { throw raiseKeyError(key) } }
  }

  static let popKey: Method = .noargs(
    "pop($self, /)", "Removes and returns some object.\n\nRaises KeyError if the set is empty."
  ) { set, _ in
    new { try PySet(set).pop() }
  }

  static let updateKeys: Method = .fast(
    "update($self, /, *others)", "Adds what is in any of the others."
  ) { set, args, count in
    none {
      for index in 0..<count { try PySet(set).update(args.unsafelyUnwrapped[index]) }
    }
  }

  static let differenceUpdate: Method = .fast(
    "difference_update($self, /, *others)", "Removes what is in any of the others."
  ) { set, args, count in
    none {
      for index in 0..<count { try PySet(set).subtract(args.unsafelyUnwrapped[index]) }
    }
  }

  static let intersectionUpdate: Method = .fast(
    "intersection_update($self, /, *others)", "Keeps what is in all of the others too."
  ) { set, args, count in
    none {
      var result = try count == 0 ? PySet(set).copy() : set.retained()
      for index in 0..<count {
        result = try PySet(result.ref).intersection(args.unsafelyUnwrapped[index])
      }
      PySet(set).swapBodies(with: PySet(result.ref))
    }
  }

  static let symmetricDifferenceUpdate: Method = .o(
    "symmetric_difference_update($self, other, /)", "Keeps what is in exactly one of both."
  ) { set, other in
    none { try PySet(set).updateSymmetricDifference(other) }
  }
}

/// The types of this folder.
enum SetTypes {
  static var specs: [TypeSpec] { [PySet.spec, PySet.frozenSpec, PySetIterator.spec] }
}
