import CCompression
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The module `_lzma`. CPython: Modules/_lzmamodule.c.
public let lzmaModule = ModuleSpec(
  "_lzma",
  methods: [checkSupport, encodeProperties, decodeProperties],
  constants: [
    .int("FORMAT_AUTO", 0), .int("FORMAT_XZ", 1), .int("FORMAT_ALONE", 2), .int("FORMAT_RAW", 3),
    .int("CHECK_NONE", 0), .int("CHECK_CRC32", 1), .int("CHECK_CRC64", 4), .int("CHECK_SHA256", 10),
    .int("CHECK_ID_MAX", 15), .int("CHECK_UNKNOWN", 16),
    .int("FILTER_LZMA1", 0x4000_0000_0000_0001), .int("FILTER_LZMA2", 0x21),
    .int("FILTER_DELTA", 3), .int("FILTER_X86", 4), .int("FILTER_POWERPC", 5),
    .int("FILTER_IA64", 6), .int("FILTER_ARM", 7), .int("FILTER_ARMTHUMB", 8),
    .int("FILTER_SPARC", 9), .int("MF_HC3", 3), .int("MF_HC4", 4), .int("MF_BT2", 0x12),
    .int("MF_BT3", 0x13), .int("MF_BT4", 0x14), .int("MODE_FAST", 1), .int("MODE_NORMAL", 2),
    .int("PRESET_DEFAULT", 6), .int("PRESET_EXTREME", 0x8000_0000),
  ], types: [LzmaCompressor.spec, LzmaDecompressor.spec],
  exec: { module in
    status {
      if LzmaError.type == nil {
        LzmaError.type = try own(
          PyErr_NewExceptionWithDoc("_lzma.LZMAError", "Call to liblzma failed.", nil, nil)
        ).give()
      }
      InterpreterEnd.add("_lzma.LZMAError") { InterpreterEnd.drop(&LzmaError.type) }
      try check(PyModule_AddObjectRef(module, "LZMAError", borrow(LzmaError.type)))
    }
  })

/// `_lzma.LZMAError`
enum LzmaError {
  nonisolated(unsafe) static var type: Ref?

  static func raise(_ message: String) -> Raised { Objects.raise(type ?? .exception, message) }

  /// Raises what a status of liblzma means, if it is an error.
  static func check(_ status: lzma_ret) throws(Raised) {
    switch status {
    case LZMA_OK, LZMA_GET_CHECK, LZMA_NO_CHECK, LZMA_STREAM_END: return
    case LZMA_UNSUPPORTED_CHECK: throw raise("Unsupported integrity check")
    case LZMA_MEM_ERROR: throw raiseNoMemory()
    case LZMA_MEMLIMIT_ERROR: throw raise("Memory usage limit exceeded")
    case LZMA_FORMAT_ERROR: throw raise("Input format not supported by decoder")
    case LZMA_OPTIONS_ERROR: throw raise("Invalid or unsupported options")
    case LZMA_DATA_ERROR: throw raise("Corrupt input data")
    case LZMA_BUF_ERROR: throw raise("Insufficient buffer space")
    case LZMA_PROG_ERROR: throw raise("Internal error")
    default: throw raise("Unrecognized error from liblzma: \(status.rawValue)")
    }
  }
}

private let checkSupport: Method = .o(
  "is_check_supported($module, check_id, /)",
  "Test whether the given integrity check is supported.\n\nAlways returns True for CHECK_NONE and CHECK_CRC32."
) { _, given in
  bool {
    let number = try NumberConversion.int32(given)
    return lzma_check_is_supported(lzma_check(rawValue: UInt32(bitPattern: number))) != 0
  }
}

private let encodeProperties: Method = .o(
  "_encode_filter_properties($module, filter, /)",
  "Return the options of a filter (a dict) as bytes, without its ID."
) { _, given in
  new {
    let chain = try FilterChain(one: given)
    var size: UInt32 = 0
    try LzmaError.check(lzma_properties_size(&size, chain.filters))
    let bytes = try own(PyBytes_FromStringAndSize(nil, Int(size)))
    let target = PyBytes_AsString(bytes.ref).map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: UInt8.self) }
    try LzmaError.check(lzma_properties_encode(chain.filters, target))
    return bytes
  }
}

private let decodeProperties: Method = .fast(
  "_decode_filter_properties($module, filter_id, encoded_props, /)",
  "Return the dict of a filter from its ID and its options as bytes."
) { _, args, count in
  new {
    let a = try Arguments(decodeProperties, args, count)
    let id = PyLong_AsUnsignedLongLong(a.object(0))
    if id == .max && hasRaised() { throw Raised() }
    let bytes = try a.buffer(1)
    var filter = lzma_filter()
    filter.id = id
    try LzmaError.check(
      lzma_properties_decode(
        &filter, nil, bytes.start?.assumingMemoryBound(to: UInt8.self), bytes.count))
    defer { free(filter.options) }
    return try FilterChain.dictionary(of: filter)
  }
}
