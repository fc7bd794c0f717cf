import AST

/// Second pass: decides for every name of every block whether it is local, global, free or a cell,
/// from the outermost block inwards and back (`analyze_block` in `Python/symtable.c`).
struct SymbolAnalysis {
  /// PEP 709: list, set and dict comprehensions run in the frame around them.
  let inlineComprehensions: Bool

  typealias Failure = CompileError

  mutating func analyze(_ table: SymbolTable) throws(Failure) {
    _ = try analyze(table.top, bound: nil, global: [], typeParams: [], classEntry: nil)
  }

  /// - Parameters:
  ///   - bound: names that functions around bind; nil for the module.
  ///   - global: names declared global around.
  /// - Returns: the names that stay free in this block.
  private mutating func analyze(
    _ scope: Scope, bound outerBound: Set<String>?, global outerGlobal: Set<String>,
    typeParams outerTypeParams: Set<String>, classEntry: Scope?
  ) throws(Failure) -> Set<String> {
    var bound = outerBound
    var global = outerGlobal
    var typeParams = outerTypeParams
    // Free in this block itself, and in the blocks inside it.
    var ownFree: Set<String> = []
    var free: Set<String> = []
    var local: Set<String> = []
    var resolved: [String: NameScope] = [:]

    // A class body does not show its names to the functions in it.
    var childBound: Set<String> = []
    var childGlobal: Set<String> = []
    if scope.type == .class {
      childGlobal = global
      childBound = bound ?? []
    }
    for (name, flags) in scope.symbols {
      resolved[name] = try resolve(
        name, flags, scope, bound: &bound, global: &global, local: &local, free: &ownFree,
        typeParams: &typeParams, classEntry: classEntry)
    }
    if scope.type == .class {
      childBound.insert("__class__")
      childBound.insert("__classdict__")
    } else {
      childBound = bound ?? []
      if scope.isFunctionLike { childBound.formUnion(local) }
      childGlobal = global
    }

    var inlinedCells: Set<String> = []
    for child in scope.children {
      var childClass: Scope?
      if child.canSeeClassScope { childClass = scope.type == .class ? scope : classEntry }
      let inlines =
        inlineComprehensions && child.comprehension != .none && !child.isGenerator
        && !scope.canSeeClassScope
      var childFree = try analyze(
        child, bound: childBound, global: childGlobal, typeParams: typeParams,
        classEntry: childClass)
      if inlines {
        inline(child, into: scope, &resolved, &childFree, &inlinedCells)
        child.isInlined = true
      }
      free.formUnion(childFree)
    }
    if inlineComprehensions {
      scope.children = scope.children.flatMap { $0.isInlined ? $0.children : [$0] }
    }

    if scope.isFunctionLike {
      for (name, kind) in resolved where kind == .local {
        if free.contains(name) || inlinedCells.contains(name) {
          resolved[name] = .cell
          free.remove(name)
        }
      }
    } else if scope.type == .class {
      if free.remove("__class__") != nil { scope.needsClassClosure = true }
      if free.remove("__classdict__") != nil { scope.needsClassDict = true }
    }
    record(scope, resolved, outerBound, free, inlinedCells)
    return free.union(ownFree)
  }

  private func resolve(
    _ name: String, _ flags: SymbolFlags, _ scope: Scope, bound: inout Set<String>?,
    global: inout Set<String>, local: inout Set<String>, free: inout Set<String>,
    typeParams: inout Set<String>, classEntry: Scope?
  ) throws(Failure) -> NameScope {
    if flags.contains(.defGlobal) {
      if flags.contains(.defNonlocal) {
        throw directiveError("name '\(name)' is nonlocal and global", name, scope)
      }
      global.insert(name)
      bound?.remove(name)
      return .globalExplicit
    }
    if flags.contains(.defNonlocal) {
      guard let bound else {
        throw directiveError("nonlocal declaration not allowed at module level", name, scope)
      }
      if !bound.contains(name) {
        throw directiveError("no binding for nonlocal '\(name)' found", name, scope)
      }
      if typeParams.contains(name) {
        throw directiveError(
          "nonlocal binding not allowed for type parameter '\(name)'", name, scope)
      }
      free.insert(name)
      return .free
    }
    if !flags.isDisjoint(with: .defBound) {
      local.insert(name)
      global.remove(name)
      if flags.contains(.defTypeParam) { typeParams.insert(name) } else { typeParams.remove(name) }
      return .local
    }
    if let classEntry {
      // What the class body binds is found in its namespace, and if it is not there, in the
      // globals.
      let inClass = classEntry[name]
      if inClass.contains(.defGlobal) { return .globalExplicit }
      if !inClass.isDisjoint(with: .defBound), !inClass.contains(.defNonlocal) {
        return .globalImplicit
      }
    }
    if let bound, bound.contains(name) {
      free.insert(name)
      return .free
    }
    return .globalImplicit
  }

  private func directiveError(_ message: String, _ name: String, _ scope: Scope) -> Failure {
    let place = scope.directives.first { $0.name == name }?.location ?? scope.location
    return .syntax(message: message, location: place)
  }

  /// Merges the names of an inlined comprehension into the block around it.
  private func inline(
    _ comprehension: Scope, into scope: Scope, _ resolved: inout [String: NameScope],
    _ free: inout Set<String>, _ inlinedCells: inout Set<String>
  ) {
    // A class body does not see its own `__class__`, so a comprehension inlined into it does not
    // either.
    var hidden: [String] = []
    defer { for name in hidden { comprehension.remove(name) } }
    for (name, flags) in comprehension.symbols {
      if flags.contains(.defParam) { continue }
      var kind = flags.scope
      let definitions = flags.definitions
      if kind == .cell || definitions.contains(.defComprehensionCell) { inlinedCells.insert(name) }
      if kind == .free, scope.type == .class, name == "__class__" || name == "__classdict__" {
        // A function in the comprehension needs the cell of the class all the same.
        if isFree(name, inChildrenOf: comprehension) { continue }
        kind = .globalImplicit
        free.remove(name)
        hidden.append(name)
      }
      if !scope.contains(name) {
        scope[name] = definitions
        resolved[name] = kind
      } else if !scope[name].isDisjoint(with: .defBound), scope.type != .class,
        !isFree(name, inChildrenOf: comprehension)
      {
        // Free in the comprehension and local around it: now simply local.
        free.remove(name)
      }
    }
  }

  private func isFree(_ name: String, inChildrenOf scope: Scope) -> Bool {
    scope.children.contains { $0[name].scope == .free }
  }

  private func record(
    _ scope: Scope, _ resolved: [String: NameScope], _ bound: Set<String>?, _ free: Set<String>,
    _ inlinedCells: Set<String>
  ) {
    for (place, symbol) in scope.symbols.enumerated() {
      var flags = symbol.flags
      if inlinedCells.contains(symbol.name) { flags.insert(.defComprehensionCell) }
      scope.setFlags(flags.with(resolved[symbol.name] ?? .unknown), at: place)
    }
    let isClass = scope.type == .class || scope.canSeeClassScope
    for name in free.sorted() {
      if scope.contains(name) {
        if isClass {
          let flags = scope[name]
          scope[name] = flags.union(.defFreeClass)
        }
        continue
      }
      if let bound, !bound.contains(name) { continue }
      scope[name] = SymbolFlags().with(.free)
    }
  }
}
