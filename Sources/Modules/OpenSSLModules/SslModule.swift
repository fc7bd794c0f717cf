import COpenSSL
import CPythonABI
import Glibc
import Objects
import SystemCalls

/// The module `_ssl`: TLS with OpenSSL. CPython: Modules/_ssl.c.
public let sslModule = ModuleSpec(
  "_ssl", doc: "TLS connections with OpenSSL; the module ssl has what programs use.",
  methods: SslFunctions.methods,
  constants: [
    .bool("HAS_SNI", true), .bool("HAS_TLS_UNIQUE", true), .bool("HAS_ECDH", true),
    .bool("HAS_NPN", false), .bool("HAS_ALPN", true), .bool("HAS_SSLv2", false),
    .bool("HAS_SSLv3", false), .bool("HAS_TLSv1", true), .bool("HAS_TLSv1_1", true),
    .bool("HAS_TLSv1_2", true), .bool("HAS_TLSv1_3", true), .bool("HAS_PSK", true),
    .string("_DEFAULT_CIPHERS", SslContext.defaultCiphers),
  ],
  types: [
    SslContext.spec, SslSocket.spec, MemoryBio.spec, SslSession.spec, SslCertificate.spec,
  ],
  exec: { module in
    status {
      try SslError.add(to: module)
      var row = apus_ssl_table()
      while let name = row.pointee.name {
        let value = try own(PyLong_FromLongLong(row.pointee.value))
        try check(PyModule_AddObjectRef(module, name, value.ref))
        row += 1
      }
      let number = apus_openssl_version_number()
      let value = try own(PyLong_FromUnsignedLong(number))
      try check(PyModule_AddObjectRef(module, "OPENSSL_VERSION_NUMBER", value.ref))
      // major, minor, fix, patch, status: 0xMNNFFPPS
      let parts = [
        number >> 28 & 0xF, number >> 20 & 0xFF, number >> 12 & 0xFF, number >> 4 & 0xFF,
        number & 0xF,
      ]
      let info = try own(PyTuple_New(5))
      for (index, part) in parts.enumerated() {
        apus_tuple_items(info.ref)[index] = try int(Int(part)).give()
      }
      try check(PyModule_AddObjectRef(module, "OPENSSL_VERSION_INFO", info.ref))
      try check(PyModule_AddObjectRef(module, "_OPENSSL_API_VERSION", info.ref))
      try check(
        PyModule_AddStringConstant(module, "OPENSSL_VERSION", OpenSSL_version(OPENSSL_VERSION)))
    }
  })
