import COpenSSL
import CPythonABI
import Glibc
import Objects
import SystemCalls

/// `_ssl.SSLSession`.
enum SslSession {
  struct Layout {
    var base: PyObject
    /// SSL_SESSION
    var session: OpaquePointer?
    /// The _SSLContext it belongs to.
    var context: Ref?
  }

  static func view(_ object: Ref) -> UnsafeMutablePointer<Layout> { object.view(Layout.self) }

  nonisolated(unsafe) static let type = PermanentMemory.type()

  static let spec = TypeSpec(
    type, "_ssl.SSLSession", basicSize: MemoryLayout<Layout>.size,
    flags: [.disallowInstantiation, .immutableType, .haveGC], base: objectType(),
    slots: [
      .tp_dealloc { object in
        object.untrackIfNeeded()
        Py_XDECREF(view(object).pointee.context)
        SSL_SESSION_free(view(object).pointee.session)
        object.type.pointee.tp_free.unsafelyUnwrapped(object)
      },
      .tp_traverse { object, visit, argument in
        guard let context = view(object).pointee.context else { return 0 }
        return visit(context, argument)
      },
      .tp_clear { object in
        clearReference(&view(object).pointee.context)
        return 0
      },
      .tp_richcompare { object, other, operation in
        guard object.type == type, other.type == type, operation == Py_EQ || operation == Py_NE
        else { return notImplementedObject() }
        let (a, count) = identity(object)
        let (b, others) = identity(other)
        let same = object == other || (count == others && memcmp(a, b, count) == 0)
        return boolObject(same == (operation == Py_EQ))
      },
    ],
    properties: [
      Property("time", "Session creation time (seconds since epoch).", get: { object, _ in
        PyLong_FromLong(SSL_SESSION_get_time(view(object).pointee.session))
      }),
      Property("timeout", "Session timeout (delta in seconds).", get: { object, _ in
        PyLong_FromLong(SSL_SESSION_get_timeout(view(object).pointee.session))
      }),
      Property("ticket_lifetime_hint", "Ticket life time hint.", get: { object, _ in
        PyLong_FromUnsignedLong(SSL_SESSION_get_ticket_lifetime_hint(view(object).pointee.session))
      }),
      Property("id", "Session ID.", get: { object, _ in
        let (bytes, count) = identity(object)
        return PyBytes_FromStringAndSize(
          UnsafeRawPointer(bytes).assumingMemoryBound(to: CChar.self), count)
      }),
      Property("has_ticket", "Does the session contain a ticket?", get: { object, _ in
        boolObject(SSL_SESSION_has_ticket(view(object).pointee.session) != 0)
      }),
    ])

  private static func identity(_ object: Ref) -> (UnsafePointer<UInt8>, Int) {
    var count: UInt32 = 0
    let bytes = SSL_SESSION_get_id(view(object).pointee.session, &count)
    return (bytes ?? UnsafePointer(PermanentMemory.allocate(UInt8.self, count: 1)), Int(count))
  }
}
