import CPythonABI

/// What the `_string` module offers `string.Formatter`: the pieces of a format string and the parts
/// of a field name, one after the other.
public enum FormatterIterator {
  /// The string and how far it has been read.
  struct Layout {
    var base: PyObject
    var text: Ref?
    var position: Int
  }

  private static func make(_ type: TypeRef, _ text: Ref, at position: Int) throws(Raised) -> Owned {
    let iterator = try own(_PyObject_New(type))
    Py_INCREF(text)
    iterator.ref.view(Layout.self).pointee.text = text
    iterator.ref.view(Layout.self).pointee.position = position
    return iterator
  }

  /// `_string.formatter_parser(text)`.
  public static func pieces(_ text: Ref) throws(Raised) -> Owned {
    guard text.isStr else {
      throw raise(.typeError, "expected str, got \(text.type.fullName)")
    }
    return try make(formatterIteratorType(), text, at: 0)
  }

  /// `_string.formatter_field_name_split(text)`: the first part, and an iterator of the others.
  public static func split(fieldName text: Ref) throws(Raised) -> Owned {
    guard text.isStr else {
      throw raise(.typeError, "expected str, got \(text.type.fullName)")
    }
    let view = PyUnicode(text)
    let end = BraceFormat.firstEnd(view, 0..<view.count)
    let number = try BraceFormat.integer(view, 0..<end)
    let first: Owned
    if let number {
      first = try own(PyLong_FromSsize_t(number))
    } else {
      first = try view.substring(0, end)
    }
    let rest = try make(fieldNameIteratorType(), text, at: end)
    let tuple = try own(PyTuple_New(2))
    apus_tuple_items(tuple.ref)[0] = first.give()
    apus_tuple_items(tuple.ref)[1] = rest.give()
    return tuple
  }

  private static func nextPiece(_ iterator: Ref) throws(Raised) -> Owned? {
    let layout = iterator.view(Layout.self)
    guard let text = layout.pointee.text else { return nil }
    let view = PyUnicode(text)
    guard let piece = try BraceFormat.next(view, &layout.pointee.position, view.count) else {
      return nil
    }
    let tuple = try own(PyTuple_New(4))
    let items = apus_tuple_items(tuple.ref)
    items[0] = try view.substring(piece.literal.lowerBound, piece.literal.upperBound).give()
    if piece.hasField {
      items[1] = try view.substring(piece.name.lowerBound, piece.name.upperBound).give()
      items[2] = try view.substring(piece.spec.lowerBound, piece.spec.upperBound).give()
    } else {
      items[1] = noneObject()
      items[2] = noneObject()
    }
    items[3] =
      piece.conversion == 0
      ? noneObject() : try PyUnicode.character(piece.conversion).give()
    return tuple
  }

  private static func nextAccessor(_ iterator: Ref) throws(Raised) -> Owned? {
    let layout = iterator.view(Layout.self)
    guard let text = layout.pointee.text else { return nil }
    let view = PyUnicode(text)
    guard
      let accessor = try BraceFormat.nextAccessor(view, &layout.pointee.position, view.count)
    else { return nil }
    let tuple = try own(PyTuple_New(2))
    apus_tuple_items(tuple.ref)[0] = boolObject(accessor.isAttribute)
    if let index = accessor.index {
      apus_tuple_items(tuple.ref)[1] = try own(PyLong_FromSsize_t(index)).give()
    } else {
      apus_tuple_items(tuple.ref)[1] = try view.substring(
        accessor.name.lowerBound, accessor.name.upperBound
      ).give()
    }
    return tuple
  }

  private static func deallocate(_ iterator: Ref) {
    Py_XDECREF(iterator.view(Layout.self).pointee.text)
    PyObject_Free(iterator)
  }

  static let specs = [
    TypeSpec(
      formatterIteratorType(), "formatteriterator", basicSize: MemoryLayout<Layout>.size,
      base: objectType(),
      slots: [
        .tp_dealloc { FormatterIterator.deallocate($0) },
        .tp_getattro(PyObject_GenericGetAttr),
        .tp_iter { $0.retained().give() },
        .tp_iternext { iterator in
          do { return try FormatterIterator.nextPiece(iterator)?.give() } catch { return nil }
        },
      ]),
    TypeSpec(
      fieldNameIteratorType(), "fieldnameiterator", basicSize: MemoryLayout<Layout>.size,
      base: objectType(),
      slots: [
        .tp_dealloc { FormatterIterator.deallocate($0) },
        .tp_getattro(PyObject_GenericGetAttr),
        .tp_iter { $0.retained().give() },
        .tp_iternext { iterator in
          do { return try FormatterIterator.nextAccessor(iterator)?.give() } catch { return nil }
        },
      ]),
  ]
}
