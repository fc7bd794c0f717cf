/// What a block does with a name. The bits are those of CPython 3.13's
/// `Include/internal/pycore_symtable.h` (and so of the `_symtable` module); bits from 12 on hold
/// the `NameScope`.
public struct SymbolFlags: OptionSet, Sendable, Hashable {
  public var rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Named in a `global` statement.
  public static let defGlobal = SymbolFlags(rawValue: 1)
  /// Assigned to.
  public static let defLocal = SymbolFlags(rawValue: 2)
  public static let defParam = SymbolFlags(rawValue: 4)
  /// Named in a `nonlocal` statement.
  public static let defNonlocal = SymbolFlags(rawValue: 8)
  public static let use = SymbolFlags(rawValue: 16)
  /// Free in a method and bound in the class body as well.
  public static let defFreeClass = SymbolFlags(rawValue: 64)
  public static let defImport = SymbolFlags(rawValue: 128)
  public static let defAnnotation = SymbolFlags(rawValue: 256)
  /// Iteration variable of a comprehension.
  public static let defComprehensionIteration = SymbolFlags(rawValue: 512)
  public static let defTypeParam = SymbolFlags(rawValue: 1024)
  /// A cell of an inlined comprehension.
  public static let defComprehensionCell = SymbolFlags(rawValue: 2048)

  public static let defBound: SymbolFlags = [.defLocal, .defParam, .defImport, .defTypeParam]

  static let scopeShift: UInt32 = 12

  /// The flags without the resolved scope.
  var definitions: SymbolFlags { SymbolFlags(rawValue: rawValue & ((1 << Self.scopeShift) - 1)) }

  /// Where the name is found at run time, once the table has been analysed.
  public var scope: NameScope {
    get {
      NameScope(rawValue: UInt8(truncatingIfNeeded: rawValue >> Self.scopeShift & 15)) ?? .unknown
    }
    set { rawValue = definitions.rawValue | UInt32(newValue.rawValue) << Self.scopeShift }
  }

  func with(_ scope: NameScope) -> SymbolFlags {
    var result = self
    result.scope = scope
    return result
  }
}

/// How a name is resolved; numbers of `_symtable`.
public enum NameScope: UInt8, Sendable {
  case unknown = 0
  case local = 1
  /// By a `global` statement.
  case globalExplicit = 2
  case globalImplicit = 3
  case free = 4
  case cell = 5
}

/// The kinds of blocks; numbers of `_symtable`'s `TYPE_…` constants.
public enum ScopeType: Int, Sendable {
  case function = 0
  case `class` = 1
  case module = 2
  /// An annotation that becomes text.
  case annotation = 3
  /// The value of a `type` statement.
  case typeAlias = 4
  /// The scope around a generic function, class or alias that holds its type parameters.
  case typeParameters = 5
  /// Bound, constraints or default of a type parameter.
  case typeVariable = 6
}

/// Which comprehension a function block is.
public enum ComprehensionKind: Sendable { case none, list, dict, set, generator }
