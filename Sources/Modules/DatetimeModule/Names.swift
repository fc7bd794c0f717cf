import CPythonABI
import Objects

/// The attribute names this module looks up, interned once and never freed.
enum Names {
  private static func intern(_ text: StaticString) -> Ref { PermanentName.make(text) }

  nonisolated(unsafe) static let asIntegerRatio = intern("as_integer_ratio")
  nonisolated(unsafe) static let dst = intern("dst")
  nonisolated(unsafe) static let fromTimestamp = intern("fromtimestamp")
  nonisolated(unsafe) static let fromUTC = intern("fromutc")
  nonisolated(unsafe) static let getInitArguments = intern("__getinitargs__")
  nonisolated(unsafe) static let isoformat = intern("isoformat")
  nonisolated(unsafe) static let strftime = intern("strftime")
  nonisolated(unsafe) static let timetuple = intern("timetuple")
  nonisolated(unsafe) static let tzname = intern("tzname")
  nonisolated(unsafe) static let utcoffset = intern("utcoffset")
}
