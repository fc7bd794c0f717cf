import COpenSSL
import CPythonABI
import Glibc
import Interpreter
import Objects
import SystemCalls

/// The module `_hashlib`: digests of OpenSSL. CPython: Modules/_hashopenssl.c.
public let hashlibModule = ModuleSpec(
  "_hashlib", doc: "Digests, HMAC and key derivation with OpenSSL.",
  methods: [HashConstructors.new] + HashConstructors.all + [
    KeyedDigest.new, KeyedDigest.singleShot, KeyDerivation.pbkdf2, KeyDerivation.scrypt,
    DigestComparison.compare, fipsMode,
  ],
  types: [DigestObject.spec, DigestObject.extendableSpec, KeyedDigest.spec],
  exec: { module in
    status {
      if UnsupportedDigest.type == nil {
        UnsupportedDigest.type = try own(
          PyErr_NewException("_hashlib.UnsupportedDigestmodError", .valueError, nil)
        ).give()
      }
      try check(
        PyModule_AddObjectRef(module, "UnsupportedDigestmodError", borrow(UnsupportedDigest.type)))
      try addNames(module)
      try addConstructors(module)
    }
  })

/// `_hashlib.UnsupportedDigestmodError`
enum UnsupportedDigest {
  nonisolated(unsafe) static var type: Ref?
  static func raise(_ message: String) -> Raised { Objects.raise(type ?? .valueError, message) }
  /// With the reason OpenSSL gives.
  static func raiseLast(_ fallback: String) -> Raised {
    CryptoError.raise(type ?? .valueError, fallback)
  }
}

/// `openssl_md_meth_names`: what OpenSSL's providers have.
private func addNames(_ module: Ref) throws(Raised) {
  let names = try own(PyFrozenSet_New(nil))
  EVP_MD_do_all_provided(
    nil,
    { digest, context in
      guard let digest, let context else { return }
      let set = context.assumingMemoryBound(to: PyObject.self)
      let text = DigestName.python(digest)
      guard !text.isEmpty, let name = newString(text) else { return }
      _ = PySet_Add(set, name)
      Py_DECREF(name)
    }, names.ref)
  if hasRaised() { throw Raised() }
  try check(PyModule_AddObjectRef(module, "openssl_md_meth_names", names.ref))
}

/// `_constructors`: function -> name, by which hmac recognises them.
private func addConstructors(_ module: Ref) throws(Raised) {
  let dict = try own(PyDict_New())
  for name in HashConstructors.names {
    let function = try own(PyObject_GetAttrString(module, "openssl_\(name)"))
    let text = try own(newString(name))
    try check(PyDict_SetItem(dict.ref, function.ref, text.ref))
  }
  let proxy = try own(PyDictProxy_New(dict.ref))
  InterpreterEnd.drop(&KeyedDigest.constructors)
  KeyedDigest.constructors = proxy.ref.retained().give()
  InterpreterEnd.add("_hashlib") {
    InterpreterEnd.drop(&KeyedDigest.constructors)
    InterpreterEnd.drop(&UnsupportedDigest.type)
  }
  try check(PyModule_AddObjectRef(module, "_constructors", proxy.ref))
}

private let fipsMode: Method = .noargs(
  "get_fips_mode($module, /)",
  "Determine the OpenSSL FIPS mode of operation.\n\nNot zero when the default provider has only approved algorithms."
) { _, _ in PyLong_FromLong(Int(EVP_default_properties_is_fips_enabled(nil))) }
