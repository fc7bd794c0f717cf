import AST
import Parser

/// Parses a source that must be valid.
func parsed(_ source: String, _ options: ParseOptions = ParseOptions()) throws -> [Stmt] {
  guard
    case .module(let body, _) = try parseModule(source: Array(source.utf8), options: options).tree
  else { return [] }
  return body
}

/// The expression of a source that is one.
func expression(_ source: String) throws -> Expr {
  guard case .expression(let body) = try parseModule(source: Array(source.utf8), mode: .eval).tree
  else { throw ShapeError() }
  return body
}

struct ShapeError: Error {}

/// An expression with every grouping written out, to show how it was parsed.
func shape(_ expr: Expr) -> String {
  func all(_ exprs: [Expr]) -> String { exprs.map(shape).joined(separator: ", ") }
  func clauses(_ generators: [Comprehension]) -> String {
    generators.map { clause in
      (clause.isAsync ? " async" : "") + " for \(shape(clause.target)) in \(shape(clause.iter))"
        + clause.ifs.map { " if \(shape($0))" }.joined()
    }.joined()
  }
  switch expr.kind {
  case .boolOp(let op, let values): return "(\(op) \(all(values)))"
  case .namedExpr(let target, let value): return "(\(shape(target)) := \(shape(value)))"
  case .binOp(let left, let op, let right): return "(\(shape(left)) \(op) \(shape(right)))"
  case .unaryOp(let op, let operand): return "(\(op) \(shape(operand)))"
  case .lambda(let args, let body):
    return
      "(lambda \(args.posonlyargs.count)/\(args.args.count)/\(args.kwonlyargs.count): \(shape(body)))"
  case .ifExp(let test, let body, let orelse):
    return "(\(shape(body)) if \(shape(test)) else \(shape(orelse)))"
  case .dict(let keys, let values):
    let pairs = zip(keys, values).map { ($0.map(shape) ?? "**") + ": " + shape($1) }
    return "{\(pairs.joined(separator: ", "))}"
  case .set(let elts): return "{\(all(elts))}"
  case .listComp(let elt, let generators): return "[\(shape(elt))\(clauses(generators))]"
  case .setComp(let elt, let generators): return "{\(shape(elt))\(clauses(generators))}"
  case .dictComp(let key, let value, let generators):
    return "{\(shape(key)): \(shape(value))\(clauses(generators))}"
  case .generatorExp(let elt, let generators): return "(\(shape(elt))\(clauses(generators)))"
  case .await(let value): return "(await \(shape(value)))"
  case .yield(let value): return "(yield\(value.map { " " + shape($0) } ?? ""))"
  case .yieldFrom(let value): return "(yield from \(shape(value)))"
  case .compare(let left, let ops, let comparators):
    return "(" + shape(left) + zip(ops, comparators).map { " \($0) \(shape($1))" }.joined() + ")"
  case .call(let function, let args, let keywords):
    let named = keywords.map { ($0.arg.map { $0 + "=" } ?? "**") + shape($0.value) }
    return "\(shape(function))(\((args.map(shape) + named).joined(separator: ", ")))"
  case .formattedValue(let value, let conversion, let spec):
    let letter = conversion < 0 ? "" : "!\(Character(Unicode.Scalar(UInt8(conversion))))"
    return "{\(shape(value))\(letter)\(spec.map { ":" + shape($0) } ?? "")}"
  case .joinedStr(let values): return "f<\(values.map(shape).joined())>"
  case .constant(let value, let kind): return (kind ?? "") + text(value)
  case .attribute(let value, let attr, _): return "\(shape(value)).\(attr)"
  case .subscript(let value, let slice, _): return "\(shape(value))[\(shape(slice))]"
  case .starred(let value, _): return "*\(shape(value))"
  case .name(let id, _): return id
  case .list(let elts, _): return "[\(all(elts))]"
  case .tuple(let elts, _): return "(\(all(elts)),)"
  case .slice(let lower, let upper, let step):
    return [lower, upper, step].map { $0.map(shape) ?? "" }.joined(separator: ":")
  }
}

private func text(_ value: Constant) -> String {
  switch value {
  case .int(let value): "\(value)"
  case .float(let value): "\(value)"
  case .complex(let value): "\(value)j"
  case .string(let bytes): "'\(String(decoding: bytes, as: UTF8.self))'"
  case .bytes(let bytes): "b'\(String(decoding: bytes, as: UTF8.self))'"
  default: "\(value)"
  }
}
