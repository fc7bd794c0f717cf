import CPythonABI
import Objects

/// list_iterator and tuple_iterator, as the loop's fast path of FOR_ITER sees them.
struct SequenceIteratorLayout {
  var base: PyObject
  var index: Int
  /// Let go at the end.
  var sequence: Ref?
}

/// range_iterator over machine ints.
struct RangeIteratorLayout {
  var base: PyObject
  var start: Int
  var step: Int
  /// Items still to come.
  var left: Int
}
