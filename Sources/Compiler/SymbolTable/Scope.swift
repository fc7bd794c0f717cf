import AST

/// One block of the symbol table (`PySTEntryObject`).
public final class Scope {
  public let name: String
  public let type: ScopeType
  public let location: SourceRange
  public internal(set) var children: [Scope] = []
  /// Parameters in order.
  public internal(set) var varNames: [String] = []
  /// Inside a function, at any depth.
  public internal(set) var isNested = false
  public internal(set) var isGenerator = false
  public internal(set) var isCoroutine = false
  public internal(set) var hasVarArgs = false
  public internal(set) var hasVarKeywords = false
  public internal(set) var comprehension = ComprehensionKind.none
  /// A comprehension that runs in the frame around it (PEP 709).
  public internal(set) var isInlined = false
  /// Methods of this class use `__class__`.
  public internal(set) var needsClassClosure = false
  /// Type parameter scopes in this class use `__classdict__`.
  public internal(set) var needsClassDict = false
  /// Names are looked up in the class around it first.
  public internal(set) var canSeeClassScope = false
  /// What a type variable block is, for messages: "a TypeVar bound" and the like.
  public internal(set) var scopeInfo: String?

  // State while the table is built.
  var comprehensionIterableDepth = 0
  var isIterationTarget = false
  var directives: [(name: String, location: SourceRange)] = []
  /// In the type parameters of a generic class and the blocks inside: the names that are mangled;
  /// nil elsewhere.
  var mangledNames: MangledNames?

  private var index: [String: Int] = [:]
  public private(set) var symbols: [(name: String, flags: SymbolFlags)] = []

  init(name: String, type: ScopeType, location: SourceRange) {
    self.name = name
    self.type = type
    self.location = location
  }

  /// What the block does with a (mangled) name; empty when it does not occur.
  public subscript(name: String) -> SymbolFlags {
    get { index[name].map { symbols[$0].flags } ?? [] }
    set {
      if let place = index[name] {
        symbols[place].flags = newValue
      } else {
        index[name] = symbols.count
        symbols.append((name, newValue))
      }
    }
  }

  public func contains(_ name: String) -> Bool { index[name] != nil }

  func setFlags(_ flags: SymbolFlags, at place: Int) { symbols[place].flags = flags }

  /// Takes out a symbol again (temporary names of an inlined comprehension).
  func remove(_ name: String) {
    guard let place = index.removeValue(forKey: name) else { return }
    symbols.remove(at: place)
    for i in place..<symbols.count { index[symbols[i].name] = i }
  }

  /// Functions and the blocks that are compiled as functions.
  public var isFunctionLike: Bool {
    switch type {
    case .function, .typeVariable, .typeAlias, .typeParameters: true
    case .class, .module, .annotation: false
    }
  }

  public var lineno: Int { Int(location.lineno) }
}

/// The blocks of a tree with every name resolved.
public final class SymbolTable {
  public internal(set) var top: Scope
  var scopes: [ObjectIdentifier: Scope] = [:]
  /// The blocks of defaults of type parameters.
  var defaultScopes: [ObjectIdentifier: Scope] = [:]

  init(top: Scope) { self.top = top }

  /// The block a node opens. The node is a `Stmt` or `Expr`; type parameter scopes go by their
  /// `FunctionDef` or `ClassDef` or the name of the alias, bounds by the `TypeParam`.
  public func scope(of node: AnyObject) -> Scope? { scopes[ObjectIdentifier(node)] }

  /// The block of a type parameter's default; the expression itself may open another one.
  public func scope(ofDefault expression: Expr) -> Scope? {
    defaultScopes[ObjectIdentifier(expression)]
  }
}

/// The type parameters of a generic class, which the blocks in its bases share.
final class MangledNames {
  var names: Set<String> = []
}

/// Class-private names (`_Py_Mangle` in `Python/symtable.c`): `__x` in class `C` is `_C__x`.
///
/// - Parameter privateName: the class around, nil outside classes.
func mangle(_ name: String, in privateName: String?) -> String {
  guard let privateName, name.utf8.count > 2 else { return name }
  var bytes = name.utf8.makeIterator()
  guard bytes.next() == UInt8(ascii: "_"), bytes.next() == UInt8(ascii: "_") else { return name }
  // Names with a dot occur in imports.
  let underscore = UInt8(ascii: "_")
  if name.utf8.suffix(2).allSatisfy({ $0 == underscore }) || name.utf8.contains(UInt8(ascii: ".")) {
    return name
  }
  let stripped = privateName.utf8.drop { $0 == underscore }
  return stripped.isEmpty ? name : "_" + String(decoding: stripped, as: UTF8.self) + name
}

/// Like `mangle`, but in the type parameter scope of a class only names it defines are private.
func mangle(_ name: String, in privateName: String?, scope: Scope) -> String {
  if let mangled = scope.mangledNames, !mangled.names.contains(name) { return name }
  return mangle(name, in: privateName)
}
