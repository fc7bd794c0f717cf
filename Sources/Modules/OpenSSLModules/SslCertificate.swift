import COpenSSL
import CPythonABI
import Glibc
import Objects
import SystemCalls

/// `_ssl.Certificate`.
enum SslCertificate {
  struct Layout {
    var base: PyObject
    /// X509
    var certificate: OpaquePointer?
    /// -1 before it is computed.
    var hash: Int
  }

  static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = TypeSpec(
    type, "_ssl.Certificate", basicSize: MemoryLayout<Layout>.size,
    flags: [.disallowInstantiation, .immutableType], base: objectType(),
    slots: [
      .tp_dealloc { object in
        X509_free(view(object).pointee.certificate)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
      .tp_repr { object in
        new {
          let printer = try CertificateDetails.Printer()
          apus_x509_name_print(printer.bio, X509_get_subject_name(view(object).pointee.certificate))
          let name = try printer.text()
          return try own(newString("<\(object.type.fullName) '\(text(of: name.ref))'>"))
        }
      },
      .tp_hash { object in
        if view(object).pointee.hash == -1 {
          let hash = X509_subject_name_hash(view(object).pointee.certificate)
          view(object).pointee.hash = Int(bitPattern: hash) == -1 ? -2 : Int(bitPattern: hash)
        }
        return view(object).pointee.hash
      },
      .tp_richcompare { object, other, operation in
        guard other.type == type, operation == Py_EQ || operation == Py_NE else {
          return notImplementedObject()
        }
        let order = X509_cmp(view(object).pointee.certificate, view(other).pointee.certificate)
        return boolObject((order == 0) == (operation == Py_EQ))
      },
    ], methods: [info, publicBytes])

  /// An object of a certificate. Takes a reference of its own unless `adopting`.
  static func make(_ certificate: OpaquePointer, adopting: Bool = false) throws(Raised) -> Owned {
    let object = try own(PyType_GenericAlloc(type, 0))
    if !adopting { X509_up_ref(certificate) }
    view(object.ref).pointee.certificate = certificate
    view(object.ref).pointee.hash = -1
    return object
  }

  /// A list of the certificates of a stack.
  static func list(_ stack: OpaquePointer?) throws(Raised) -> Owned {
    let result = try own(PyList_New(0))
    for index in 0..<apus_certificates_count(stack) {
      guard let stack, let certificate = apus_certificates_at(stack, index) else { continue }
      let item = try make(certificate)
      try check(PyList_Append(result.ref, item.ref))
    }
    return result
  }

  private static let info: Method = .noargs("get_info($self, /)", "") { object, _ in
    new {
      guard let certificate = view(object).pointee.certificate else { throw Raised() }
      return try CertificateDetails.decode(certificate)
    }
  }

  private static let publicBytes: Method = .keywords("public_bytes($self, /, format=Encoding.PEM)", "") {
    object, args, count, names in
    new {
      let a = try Arguments(publicBytes, args, count, names)
      guard let certificate = view(object).pointee.certificate else { throw Raised() }
      switch try a.int32(0, default: 1) {
      case 1:
        let printer = try CertificateDetails.Printer()
        if PEM_write_bio_X509(printer.bio, certificate) != 1 { throw SslError.raise() }
        return try printer.text()
      case 2: return try CertificateDetails.encode(certificate)
      default: throw raise(.valueError, "Unsupported format")
      }
    }
  }
}
