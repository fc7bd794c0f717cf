import Numerics

/// Runs a command about hashes and random numbers; nil when it is none.
func hashAnswer(_ p: [Substring]) -> String? {
  switch p[0] {
  case "siph":
    let data = bytes(p[2])
    let secret = HashSecret(seed: UInt32(p[1]) ?? 0)
    return lend(data, or: 0) { "\(ObjectHash.bytes($0, $1, secret))" }
  case "hdbl": return "\(ObjectHash.double(double(p[1])))"
  case "hint": return "\(ObjectHash.integer(Int(p[1]) ?? 0))"
  case "htup":
    var hash = ObjectHash.Tuple()
    for item in p.dropFirst() { hash.combine(Int(item) ?? 0) }
    return "\(hash.finish(count: p.count - 1))"
  case "hset":
    var hash = ObjectHash.Set()
    for item in p.dropFirst() { hash.combine(Int(item) ?? 0) }
    return "\(hash.finish(count: p.count - 1))"
  case "mt":
    var generator = MersenneTwister(key: p[1].split(separator: ",").map { UInt32($0) ?? 0 })
    var last = 0.0
    for _ in 0..<1000 { last = generator.nextDouble() }
    var text = [UInt8](repeating: 0, count: FloatText.reprLimit)
    let count = FloatText.repr(last, into: &text)
    let bits = generator.bits(100)
    return "\(String(decoding: text[..<count], as: UTF8.self)) \(bits) \(generator.index)"
  default: return nil
  }
}
