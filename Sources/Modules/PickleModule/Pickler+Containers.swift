import CPythonABI
import Objects

/// Containers: opened, remembered, then filled, so that they may hold themselves.
extension Pickler {
  // MARK: Fast mode

  /// Counts nesting; without a memo a cycle would never end, so deep containers are looked up.
  private func enterFast(_ object: Ref) throws(Raised) {
    own.pointee.fastNesting &+= 1
    if own.pointee.fastNesting < Format.fastNesting { return }
    if own.pointee.fastMemo == nil {
      own.pointee.fastMemo = try Objects.own(PyDict_New()).give()
    }
    guard let seen = own.pointee.fastMemo else { return }
    let key = try Objects.own(PyLong_FromVoidPtr(object))
    if try check(PyDict_Contains(seen, key.ref)) != 0 {
      own.pointee.fastNesting = -1
      throw raise(
        .valueError,
        "fast mode: can't pickle cyclic objects including object type \(object.type.fullName) at "
          + "0x\(String(UInt(bitPattern: object), radix: 16))")
    }
    try check(PyDict_SetItem(seen, key.ref, noneObject()))
  }

  private func leaveFast(_ object: Ref) throws(Raised) {
    let nesting = own.pointee.fastNesting
    own.pointee.fastNesting &-= 1
    if nesting < Format.fastNesting { return }
    guard let seen = own.pointee.fastMemo else { return }
    let key = try Objects.own(PyLong_FromVoidPtr(object))
    try check(PyDict_DelItem(seen, key.ref))
  }

  @inline(__always)
  private func guarded(_ object: Ref, _ body: () throws(Raised) -> Void) throws(Raised) {
    if own.pointee.fast == 0 { return try body() }
    try enterFast(object)
    try body()
    try leaveFast(object)
  }

  // MARK: Tuples

  func saveTuple(_ object: Ref) throws(Raised) {
    let count = apus_var_size(object)
    if count == 0 {
      if own.pointee.isBinary != 0 { return try write(Opcode.emptyTuple) }
      try write(Opcode.mark)
      return try write(Opcode.tuple)
    }
    let short = count <= 3 && own.pointee.version >= 2
    if !short { try write(Opcode.mark) }
    for index in 0..<count { try save(apus_tuple_item(object, index)) }
    // A tuple that holds itself is in the memo by now: drop the items and take it from there.
    if let number = memo.find(object) {
      if short {
        for _ in 0..<count { try write(Opcode.pop) }
      } else if own.pointee.isBinary != 0 {
        try write(Opcode.popMark)
      } else {
        for _ in 0...count { try write(Opcode.pop) }
      }
      return try saveReference(number)
    }
    try write(short ? Opcode.tuple1 + UInt8(count - 1) : Opcode.tuple)
    try memoize(object)
  }

  // MARK: Lists

  func saveList(_ object: Ref) throws(Raised) {
    try guarded(object) { () throws(Raised) in
      if own.pointee.isBinary != 0 {
        try write(Opcode.emptyList)
      } else {
        try write(Opcode.mark)
        try write(Opcode.list)
      }
      try memoize(object)
      if apus_var_size(object) == 0 { return }
      if own.pointee.version > 0 { return try appendItems(ofList: object) }
      let iterator = try Objects.own(PyObject_GetIter(object))
      try appendItems(of: iterator.ref)
    }
  }

  /// The items of an exact list, in batches.
  private func appendItems(ofList list: Ref) throws(Raised) {
    if apus_var_size(list) == 1 {
      let item = apus_list_item(list, 0).retained()
      try save(item.ref)
      return try write(Opcode.append)
    }
    var index = 0
    repeat {
      try write(Opcode.mark)
      var batch = 0
      while index < apus_var_size(list) && batch < Format.batchSize {
        let item = apus_list_item(list, index).retained()
        try save(item.ref)
        index += 1
        batch += 1
      }
      try write(Opcode.appends)
    } while index < apus_var_size(list)
  }

  /// The items of an iterator, in batches; protocol 0 appends one by one.
  func appendItems(of iterator: Ref) throws(Raised) {
    if own.pointee.version == 0 {
      while let next = PyIter_Next(iterator) {
        let item = Owned(adopting: next)
        try save(item.ref)
        try write(Opcode.append)
      }
      if hasRaised() { throw Raised() }
      return
    }
    var more = true
    while more {
      guard let first = PyIter_Next(iterator) else { break }
      let item = Owned(adopting: first)
      guard let second = PyIter_Next(iterator) else {
        if hasRaised() { throw Raised() }
        try save(item.ref)
        return try write(Opcode.append)
      }
      var next: Ref? = second
      defer { Py_XDECREF(next) }
      try write(Opcode.mark)
      try save(item.ref)
      var count = 1
      more = false
      while let each = next {
        try save(each)
        next = nil
        Py_DECREF(each)
        count += 1
        if count == Format.batchSize {
          more = true
          break
        }
        next = PyIter_Next(iterator)
      }
      if hasRaised() { throw Raised() }
      try write(Opcode.appends)
    }
    if hasRaised() { throw Raised() }
  }

  // MARK: Dicts

  func saveDict(_ object: Ref) throws(Raised) {
    try guarded(object) { () throws(Raised) in
      if own.pointee.isBinary != 0 {
        try write(Opcode.emptyDict)
      } else {
        try write(Opcode.mark)
        try write(Opcode.dict)
      }
      try memoize(object)
      if PyDict_Size(object) == 0 { return }
      if own.pointee.version > 0 { return try setItems(ofDict: object) }
      let items = try Objects.own(PyObject_CallMethodNoArgs(object, id_items()))
      let iterator = try Objects.own(PyObject_GetIter(items.ref))
      try setItems(of: iterator.ref)
    }
  }

  /// The items of an exact dict, in batches.
  private func setItems(ofDict dict: Ref) throws(Raised) {
    let size = PyDict_Size(dict)
    var position = 0
    var key: Ref?
    var value: Ref?
    if size == 1 {
      if PyDict_Next(dict, &position, &key, &value) == 0 { return }
      try save(key, value)
      return try write(Opcode.setItem)
    }
    var batch = 0
    repeat {
      batch = 0
      try write(Opcode.mark)
      while PyDict_Next(dict, &position, &key, &value) != 0 {
        try save(key, value)
        batch += 1
        if batch == Format.batchSize { break }
      }
      try write(Opcode.setItems)
      if PyDict_Size(dict) != size {
        throw raise(.runtimeError, "dictionary changed size during iteration")
      }
    } while batch == Format.batchSize
  }

  @inline(__always)
  private func save(_ key: Ref?, _ value: Ref?) throws(Raised) {
    guard let key, let value else { return }
    Py_INCREF(key)
    Py_INCREF(value)
    defer {
      Py_DECREF(key)
      Py_DECREF(value)
    }
    try save(key)
    try save(value)
  }

  private func save(pair: Ref) throws(Raised) {
    guard pair.isTuple, apus_var_size(pair) == 2 else {
      throw raise(.typeError, "dict items iterator must return 2-tuples")
    }
    try save(apus_tuple_item(pair, 0))
    try save(apus_tuple_item(pair, 1))
  }

  /// The pairs of an iterator, in batches; protocol 0 sets one by one.
  func setItems(of iterator: Ref) throws(Raised) {
    if own.pointee.version == 0 {
      while let next = PyIter_Next(iterator) {
        let pair = Owned(adopting: next)
        try save(pair: pair.ref)
        try write(Opcode.setItem)
      }
      if hasRaised() { throw Raised() }
      return
    }
    var more = true
    while more {
      guard let first = PyIter_Next(iterator) else { break }
      let pair = Owned(adopting: first)
      guard pair.ref.isTuple, apus_var_size(pair.ref) == 2 else {
        throw raise(.typeError, "dict items iterator must return 2-tuples")
      }
      guard let second = PyIter_Next(iterator) else {
        if hasRaised() { throw Raised() }
        try save(pair: pair.ref)
        return try write(Opcode.setItem)
      }
      var next: Ref? = second
      defer { Py_XDECREF(next) }
      try write(Opcode.mark)
      try save(pair: pair.ref)
      var count = 1
      more = false
      while let each = next {
        try save(pair: each)
        next = nil
        Py_DECREF(each)
        count += 1
        if count == Format.batchSize {
          more = true
          break
        }
        next = PyIter_Next(iterator)
      }
      if hasRaised() { throw Raised() }
      try write(Opcode.setItems)
    }
    if hasRaised() { throw Raised() }
  }

  // MARK: Sets

  func saveSet(_ object: Ref) throws(Raised) {
    if own.pointee.version < 4 { return try saveAsCall(object, of: setType()) }
    try guarded(object) { () throws(Raised) in
      try write(Opcode.emptySet)
      try memoize(object)
      let size = PySet_Size(object)
      if size == 0 { return }
      var position = 0
      var batch = 0
      repeat {
        batch = 0
        try write(Opcode.mark)
        var key: Ref?
        var hash = 0
        while _PySet_NextEntry(object, &position, &key, &hash) != 0 {
          guard let key else { break }
          let item = key.retained()
          try save(item.ref)
          batch += 1
          if batch == Format.batchSize { break }
        }
        try write(Opcode.addItems)
        if PySet_Size(object) != size {
          throw raise(.runtimeError, "set changed size during iteration")
        }
      } while batch == Format.batchSize
    }
  }

  func saveFrozenSet(_ object: Ref) throws(Raised) {
    if own.pointee.version < 4 { return try saveAsCall(object, of: frozenSetType()) }
    try guarded(object) { () throws(Raised) in
      try write(Opcode.mark)
      var position = 0
      var key: Ref?
      var hash = 0
      while _PySet_NextEntry(object, &position, &key, &hash) != 0 {
        guard let key else { break }
        let item = key.retained()
        try save(item.ref)
      }
      if let number = memo.find(object) {
        try write(Opcode.popMark)
        return try saveReference(number)
      }
      try write(Opcode.frozenSet)
      try memoize(object)
    }
  }

  /// Before protocol 4: `set([…])`.
  private func saveAsCall(_ object: Ref, of type: TypeRef) throws(Raised) {
    let items = try Objects.own(PySequence_List(object))
    let reduced = try tuple(type.object.retained(), try tuple(items))
    try saveReduced(reduced.ref, of: object)
  }
}
