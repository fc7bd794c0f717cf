import Glibc

/// What becomes of the C locale at the start: the UTF-8 mode is turned on (PEP 540), and the locale of
/// characters is C.UTF-8 where there is one (PEP 538).
enum LocaleChoice {
  /// The locales that take the place of C, the first that the system has.
  private static let substitutes = ["C.UTF-8", "C.utf8", "UTF-8"]

  /// Whether the locale of characters is C by the environment.
  static var isC: Bool {
    guard let locale = setlocale(LC_CTYPE, nil) else { return true }
    return ["C", "POSIX"].contains(String(cString: locale))
  }

  static func make(_ settings: inout Settings) {
    guard isC else { return }
    if !settings.isUTF8ModeGiven { settings.utf8Mode = true }
    if let all = getenv("LC_ALL"), all[0] != 0 { return }
    var warns = false
    if !settings.ignoreEnvironment, let wish = getenv("PYTHONCOERCECLOCALE") {
      if strcmp(wish, "0") == 0 { return }
      warns = strcmp(wish, "warn") == 0
    }
    for name in substitutes where setlocale(LC_CTYPE, name) != nil {
      setenv("LC_CTYPE", name, 1)
      if warns {
        RawOutput.write(
          "Python detected LC_CTYPE=C: LC_CTYPE coerced to \(name) (set another locale or "
            + "PYTHONCOERCECLOCALE=0 to disable this locale coercion behavior).\n", to: 2)
      }
      return
    }
  }
}
