import CPythonABI
import Objects

/// The transitions of a zone, as its file has them.
final class ZoneTable {
  /// What clocks show between two transitions. References are owned by the table.
  struct Info {
    var offset: Ref
    var summer: Ref
    var name: Ref
    var seconds: Int
  }

  private(set) var infos: [Info] = []
  /// Moments of the transitions in UTC and on local clocks, the latter for either fold; seconds
  /// since 1970.
  private var moments: [Int] = []
  private var local: ([Int], [Int]) = ([], [])
  /// The number of the info after each transition.
  private var after: [Int] = []
  /// Before the first transition.
  private var before: Int?
  /// After the last one: an info, or rules with their two infos.
  private var last = 0
  private var rules: ZoneRules?
  private var standard = 0
  private var summer = 0
  /// Whether the offset never depends on the date.
  private(set) var isFixed = false

  deinit {
    for info in infos {
      Py_DECREF(info.offset)
      Py_DECREF(info.summer)
      Py_DECREF(info.name)
    }
  }

  private func add(_ offset: Int, _ summer: Int, _ name: Ref) throws(Raised) -> Int {
    let first = try TimeDelta.normalized(0, offset, 0)
    let second = try TimeDelta.normalized(0, summer, 0)
    infos.append(
      Info(
        offset: first.give(), summer: second.give(), name: name.retained().give(), seconds: offset))
    return infos.count - 1
  }

  private static func ints(_ sequence: Ref) throws(Raised) -> [Int] {
    let list = try own(PySequence_Fast(sequence, "not a sequence"))
    var numbers: [Int] = []
    for index in 0..<PySequence_Size(list.ref) {
      let item = try own(PySequence_GetItem(list.ref, index))
      numbers.append(try check(PyLong_AsLong(item.ref)))
    }
    return numbers
  }

  /// - Parameter data: what `zoneinfo._common.load_data` gives.
  init(_ data: Ref) throws(Raised) {
    guard data.isTuple, apus_var_size(data) == 6 else {
      throw raise(.typeError, "invalid zone data")
    }
    after = try Self.ints(apus_tuple_item(data, 0))
    moments = try Self.ints(apus_tuple_item(data, 1))
    let offsets = try Self.ints(apus_tuple_item(data, 2))
    let isSummer = try Self.ints(apus_tuple_item(data, 3)).map { $0 != 0 }
    let names = apus_tuple_item(data, 4)
    guard after.count == moments.count, isSummer.count == offsets.count,
      PySequence_Size(names) == offsets.count, after.allSatisfy({ $0 >= 0 && $0 < offsets.count })
    else { throw raise(.valueError, "Invalid transition index found while reading TZif") }
    let shifts = Self.summerShifts(after, offsets, isSummer)
    for index in offsets.indices {
      let name = try own(PySequence_GetItem(names, index))
      _ = try add(offsets[index], shifts[index], name.ref)
    }
    setLocal(offsets)
    before = isSummer.firstIndex(of: false) ?? after.first
    let kinds = infos.count
    let text = apus_tuple_item(data, 5)
    if text.isBytes, apus_var_size(text) > 0 {
      let bytes = Array(UnsafeBufferPointer(start: apus_bytes_data(text), count: apus_var_size(text)))
      let read: ZoneRules
      do { read = try ZoneRules(bytes) } catch {
        throw raise(
          .valueError, "malformed TZ string: \(String(decoding: bytes, as: UTF8.self))")
      }
      let name = try own(newString(read.standard.name))
      standard = try add(read.standard.seconds, 0, name.ref)
      if let other = read.summer {
        let otherName = try own(newString(other.offset.name))
        summer = try add(
          other.offset.seconds, other.offset.seconds - read.standard.seconds, otherName.ref)
        rules = read
      }
      last = standard
    } else if let final = after.last {
      last = final
    } else if kinds > 0 {
      last = kinds - 1
    } else {
      throw raise(.valueError, "No time zone information found.")
    }
    if kinds > 1 || rules != nil {
      isFixed = false
    } else if kinds == 0 {
      isFixed = true
    } else {
      let same = try check(
        PyObject_RichCompareBool(infos[0].name, infos[last].name, Py_EQ)) != 0
      let sameShift =
        TimeDelta(infos[0].summer).compare(TimeDelta(infos[last].summer)) == 0
      isFixed = same && sameShift && infos[0].seconds == infos[last].seconds
    }
  }

  /// By how much clocks are put forward in each kind of time. Files only say whether they are: the
  /// standard time next to it tells the rest.
  private static func summerShifts(
    _ after: [Int], _ offsets: [Int], _ isSummer: [Bool]
  ) -> [Int] {
    var shifts = [Int](repeating: 0, count: offsets.count)
    let wanted = isSummer.count { $0 }
    var found = 0
    for index in after.indices.dropFirst() {
      if found == wanted { break }
      let kind = after[index]
      guard isSummer[kind], shifts[kind] == 0 else { continue }
      var shift = 0
      let previous = after[index - 1]
      if !isSummer[previous] { shift = offsets[kind] - offsets[previous] }
      if shift == 0, index + 1 < after.count {
        let next = after[index + 1]
        if isSummer[next] { continue }
        shift = offsets[kind] - offsets[next]
      }
      if shift != 0 {
        shifts[kind] = shift
        found += 1
      }
    }
    if found < wanted {
      // An hour is a better guess than none.
      for kind in shifts.indices where shifts[kind] == 0 && isSummer[kind] { shifts[kind] = 3600 }
    }
    return shifts
  }

  private func setLocal(_ offsets: [Int]) {
    guard let first = after.first else { return }
    local = (moments, moments)
    var (high, low) = (offsets[0], offsets.count > 1 ? offsets[first] : offsets[0])
    if low > high { swap(&high, &low) }
    local.0[0] &+= high
    local.1[0] &+= low
    for index in after.indices.dropFirst() {
      (high, low) = (offsets[after[index - 1]], offsets[after[index]])
      if low > high { swap(&high, &low) }
      local.0[index] &+= high
      local.1[index] &+= low
    }
  }

  /// How many of ascending numbers are at most `value`.
  private static func upperBound(_ numbers: [Int], _ value: Int) -> Int {
    var low = 0
    var high = numbers.count
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The info for what local clocks show.
  func info(local moment: Int, year: Int, fold: Int) -> Info? {
    let table = fold != 0 ? local.1 : local.0
    if let first = table.first, moment < first { return before.map { infos[$0] } }
    if table.isEmpty || moment > table[table.count - 1] {
      guard let rules, let other = rules.summer else { return infos[last] }
      var start = other.start.moment(in: year)
      var end = other.end.moment(in: year)
      let shift = other.offset.seconds - rules.standard.seconds
      // In the fold, and for negative shifts, the other side of the change counts.
      if (fold != 0) == (shift >= 0) { end -= shift } else { start += shift }
      return infos[Self.isInside(moment, start, end) ? summer : standard]
    }
    return infos[after[Self.upperBound(table, moment) - 1]]
  }

  private static func isInside(_ moment: Int, _ start: Int, _ end: Int) -> Bool {
    start < end ? start <= moment && moment < end : !(end <= moment && moment < start)
  }

  /// The info for a moment of UTC, and whether clocks show it for the second time.
  func info(utc moment: Int, year: Int) -> (info: Info, fold: Bool)? {
    if let first = moments.first, moment < first { return before.map { (infos[$0], false) } }
    if moments.isEmpty || moment > moments[moments.count - 1] {
      if let rules, let other = rules.summer {
        let start = other.start.moment(in: year) - rules.standard.seconds
        let end = other.end.moment(in: year) - other.offset.seconds
        let shift = other.offset.seconds - rules.standard.seconds
        let from = shift > 0 ? end : start
        let to = shift > 0 ? end + shift : start - shift
        let isSummer = Self.isInside(moment, start, end)
        return (infos[isSummer ? summer : standard], from <= moment && moment < to)
      }
      if moments.isEmpty { return (infos[last], false) }
    }
    let index = Self.upperBound(moments, moment)
    let info: Info
    let old: Info
    if moments.count > 1, moment >= moments[1] {
      info = infos[after[index - 1]]
      old = infos[after[index - 2]]
    } else if moment > moments[moments.count - 1] {
      info = infos[last]
      old = infos[after[after.count - 1]]
    } else {
      info = infos[after[0]]
      old = before.map { infos[$0] } ?? info
    }
    return (info, old.seconds - info.seconds > moment - moments[index - 1])
  }

  /// The info that holds for every date.
  var fixed: Info? { isFixed ? infos[last] : nil }
}
