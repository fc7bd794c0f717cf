import CPythonABI

extension PyMemoryView {
  /// The same memory with another format or shape.
  func cast(to format: Ref, shape: Ref?) throws(Raised) -> Owned {
    try requireUsable()
    try requireUnrestricted()
    let ascii = try own(PyUnicode_AsASCIIString(format))
    _ = ascii.ref
    if object.pointee.flags & Flag.contiguousC == 0 {
      throw raise(.typeError, "memoryview: casts are restricted to C-contiguous views")
    }
    if (shape != nil || view.ndim != 1) && hasZero {
      throw raise(
        .typeError, "memoryview: cannot cast view with zeros in shape or strides")
    }
    var count = 1
    if let shape {
      guard shape.isList || shape.isTuple else {
        throw raise(.typeError, "shape must be a list or a tuple")
      }
      count = PySequence_Size(shape)
      if count > Int(PyBUF_MAX_NDIM) {
        throw raise(
          .valueError, "memoryview: number of dimensions must not exceed \(PyBUF_MAX_NDIM)")
      }
      if view.ndim != 1 && count != 1 {
        throw raise(.typeError, "memoryview: cast must be 1D -> ND or ND -> 1D")
      }
    }
    let result = try Self.make(managed, view, dimensions: shape == nil ? 1 : Swift.max(count, 1))
    let target = PyMemoryView(result.ref)
    try target.flatten(format)
    if let shape { try target.shape(as: shape, count) }
    return result
  }

  private var hasZero: Bool {
    for index in 0..<dimensions where view.shape?[index] == 0 || view.strides?[index] == 0 {
      return true
    }
    return false
  }

  /// Makes this new view one-dimensional with a native format.
  private func flatten(_ format: Ref) throws(Raised) {
    let text = try PyUnicode(format).cString()
    guard PyUnicode(format).isASCII, let target = MemoryItem.native(text) else {
      throw raise(
        .valueError,
        "memoryview: destination format must be a native single character format prefixed with "
          + "an optional '@'")
    }
    // Bytes may be made of and into anything.
    let isFromBytes = MemoryItem.native(view.format).map { MemoryItem.isByte($0.code) } ?? false
    if !isFromBytes && !MemoryItem.isByte(target.code) {
      throw raise(.typeError, "memoryview: cannot cast between two non-byte formats")
    }
    if view.len % target.size != 0 {
      throw raise(.typeError, "memoryview: length is not a multiple of itemsize")
    }
    object.pointee.view.format = MemoryItem.text(
      target.code, prefixed: PyUnicode(format).count == 2)
    object.pointee.view.itemsize = target.size
    object.pointee.view.ndim = 1
    object.pointee.view.shape?[0] = view.len / target.size
    object.pointee.view.strides?[0] = target.size
    object.pointee.view.suboffsets = nil
    updateFlags()
  }

  /// Gives this flat view a shape.
  private func shape(as shape: Ref, _ count: Int) throws(Raised) {
    var length = view.itemsize
    var sizes: [Int] = []
    for index in 0..<count {
      let item = shape.isList ? apus_list_item(shape, index) : apus_tuple_item(shape, index)
      guard item.isInt else {
        throw raise(.typeError, "memoryview.cast(): elements of shape must be integers")
      }
      let size = PyLong_AsSsize_t(item)
      if size == -1 && hasRaised() { throw Raised() }
      if size <= 0 {
        throw raise(
          .valueError, "memoryview.cast(): elements of shape must be integers > 0")
      }
      let (product, overflow) = length.multipliedReportingOverflow(by: size)
      if overflow {
        throw raise(.valueError, "memoryview.cast(): product(shape) > SSIZE_MAX")
      }
      length = product
      sizes.append(size)
    }
    if length != view.len {
      throw raise(
        .typeError, "memoryview: product(shape) * itemsize != buffer size")
    }
    object.pointee.view.ndim = Int32(count)
    if count == 0 {
      object.pointee.view.shape = nil
      object.pointee.view.strides = nil
    } else {
      for (index, size) in sizes.enumerated() { object.pointee.view.shape?[index] = size }
      setStridesFromShape()
    }
    updateFlags()
  }
}
