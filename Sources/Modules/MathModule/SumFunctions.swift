import CPythonABI
import Numerics
import Objects

/// Sums and products of iterables.
enum SumFunctions {
  static let all: [Method] = [fsum, prod, sumProd]

  /// The next item, nil at the end.
  private static func next(_ iterator: Ref) throws(Raised) -> Owned? {
    guard let item = PyIter_Next(iterator) else {
      if hasRaised() { throw Raised() }
      return nil
    }
    return Owned(adopting: item)
  }

  private static let fsum: Method = .o(
    "fsum($module, seq, /)", "The sum of floats, rounded only once at the end."
  ) { _, iterable in
    new {
      let iterator = try own(PyObject_GetIter(iterable))
      var sum = ExactSum()
      while let item = try next(iterator.ref) {
        if !sum.add(try real(item.ref)) {
          throw raise(.overflowError, "intermediate overflow in fsum")
        }
      }
      switch sum.finish() {
      case .value(let value): return try float(value)
      case .oppositeInfinities: throw raise(.valueError, "-inf + inf in fsum")
      }
    }
  }

  private static let prod: Method = .keywords(
    "prod($module, iterable, /, *, start=1)",
    "The product of the start value and all items; the start value when there are none."
  ) { _, args, count, names in
    new {
      let a = try Arguments(prod, args, count, names)
      let iterator = try own(PyObject_GetIter(a.object(0)))
      var result = try a[1].map { $0.retained().give() }.map { Owned(adopting: $0) } ?? int(1)
      // Machine words and doubles while they last.
      if result.ref.isExactInt && apus_long_is_compact(result.ref) != 0 {
        var word = apus_long_compact_value(result.ref)
        while true {
          guard let item = try next(iterator.ref) else { return try int(word) }
          if item.ref.isExactInt && apus_long_is_compact(item.ref) != 0 {
            let (product, overflow) = word.multipliedReportingOverflow(
              by: apus_long_compact_value(item.ref))
            if !overflow {
              word = product
              continue
            }
          }
          let soFar = try int(word)
          result = try own(PyNumber_Multiply(soFar.ref, item.ref))
          break
        }
      }
      if result.ref.isExactFloat {
        var value = try real(result.ref)
        while true {
          guard let item = try next(iterator.ref) else { return try float(value) }
          if item.ref.isExactFloat
            || (item.ref.isExactInt && apus_long_is_compact(item.ref) != 0)
          {
            value *= try real(item.ref)
            continue
          }
          let soFar = try float(value)
          result = try own(PyNumber_Multiply(soFar.ref, item.ref))
          break
        }
      }
      while let item = try next(iterator.ref) {
        result = try own(PyNumber_Multiply(result.ref, item.ref))
      }
      return result
    }
  }

  private static let sumProd: Method = .fast(
    "sumprod($module, p, q, /)",
    "The sum of the products of the items of two iterables of one length; exact for ints, and for floats rounded once."
  ) { _, args, count in
    new {
      let a = try Arguments(sumProd, args, count)
      let p = try own(PyObject_GetIter(a.object(0)))
      let q = try own(PyObject_GetIter(a.object(1)))
      var total = try int(0)
      var words: Int? = 0
      var usesWords = false
      var floats: ProductSum? = ProductSum()
      var usesFloats = false
      while true {
        let x = PyIter_Next(p.ref)
        defer { Py_XDECREF(x) }
        if x == nil && hasRaised() { throw Raised() }
        let y = PyIter_Next(q.ref)
        defer { Py_XDECREF(y) }
        if y == nil && hasRaised() { throw Raised() }
        guard (x == nil) == (y == nil) else {
          throw raise(.valueError, "Inputs are not the same length")
        }
        let isFinished = x == nil
        let pair = (x ?? noneObject(), y ?? noneObject())
        if let sum = words {
          if !isFinished, pair.0.isExactInt, pair.1.isExactInt, let a = word(pair.0),
            let b = word(pair.1)
          {
            let (product, overflow) = a.multipliedReportingOverflow(by: b)
            let (next, tooLarge) = sum.addingReportingOverflow(product)
            if !overflow && !tooLarge {
              words = next
              usesWords = true
              continue
            }
          }
          if usesWords {
            let part = try int(sum)
            total = try own(PyNumber_Add(total.ref, part.ref))
          }
          words = nil
        }
        if var sum = floats {
          if !isFinished, let a = double(pair.0), let b = double(pair.1),
            pair.0.isExactFloat || pair.1.isExactFloat
          {
            let before = sum
            sum.add(a, b)
            if sum.value.isFinite {
              floats = sum
              usesFloats = true
              continue
            }
            sum = before
          }
          if usesFloats {
            let part = try float(sum.value)
            total = try own(PyNumber_Add(total.ref, part.ref))
          }
          floats = nil
        }
        if isFinished { return total }
        let product = try own(PyNumber_Multiply(pair.0, pair.1))
        total = try own(PyNumber_Add(total.ref, product.ref))
      }
    }
  }

  private static func word(_ object: Ref) -> Int? {
    var overflow: Int32 = 0
    let value = PyLong_AsLongAndOverflow(object, &overflow)
    return overflow == 0 ? value : nil
  }

  /// A float, or an int that fits one.
  private static func double(_ object: Ref) -> Double? {
    if object.isExactFloat { return object.view(PyFloatObject.self).pointee.ob_fval }
    guard object.isExactInt else { return nil }
    let value = PyLong_AsDouble(object)
    if value == -1 && hasRaised() {
      PyErr_Clear()
      return nil
    }
    return value
  }
}
