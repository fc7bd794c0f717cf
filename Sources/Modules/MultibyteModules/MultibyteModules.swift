import CPythonABI
import Glibc
import Objects
import SystemCalls

/// The module `_multibytecodec`. CPython: Modules/cjkcodecs/multibytecodec.c.
public let multibytecodecModule = ModuleSpec(
  "_multibytecodec", methods: [createCodec],
  types: [
    IncrementalEncoder.spec, IncrementalDecoder.spec, StreamReader.spec, StreamWriter.spec,
  ])

/// CPython makes codecs of capsules that its codec modules hold; these make them directly.
private let createCodec: Method = .o("__create_codec($module, arg, /)", "") { _, given in
  new {
    if given.type == CodecObject.type { return given.retained() }
    throw raise(.valueError, "argument type invalid")
  }
}

/// `getcodec` of a module: a codec of the given ones.
private func find(_ given: Ref, _ names: [String]) -> Ref? {
  new {
    guard given.isStr else { throw raise(.typeError, "encoding name must be a string.") }
    let name = text(of: given)
    guard names.contains(name) else {
      throw raise(.lookupError, "no such codec is supported.")
    }
    if !CodecObject.spec.isReady { try CodecObject.spec.install() }
    return try CodecObject.make(name)
  }
}

public let chineseCodecsModule = ModuleSpec(
  "_codecs_cn",
  methods: [.o("getcodec($self, object, /)", "") { _, name in find(name, CodecRegistry.chinese) }])

public let taiwaneseCodecsModule = ModuleSpec(
  "_codecs_tw",
  methods: [.o("getcodec($self, object, /)", "") { _, name in find(name, CodecRegistry.taiwanese) }])

public let hongkongCodecsModule = ModuleSpec(
  "_codecs_hk",
  methods: [.o("getcodec($self, object, /)", "") { _, name in find(name, CodecRegistry.hongkong) }])

public let japaneseCodecsModule = ModuleSpec(
  "_codecs_jp",
  methods: [.o("getcodec($self, object, /)", "") { _, name in find(name, CodecRegistry.japanese) }])

public let koreanCodecsModule = ModuleSpec(
  "_codecs_kr",
  methods: [.o("getcodec($self, object, /)", "") { _, name in find(name, CodecRegistry.korean) }])

public let escapingCodecsModule = ModuleSpec(
  "_codecs_iso2022",
  methods: [.o("getcodec($self, object, /)", "") { _, name in find(name, CodecRegistry.escaping) }])
