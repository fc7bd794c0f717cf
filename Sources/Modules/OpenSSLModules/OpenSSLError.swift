import COpenSSL
import CPythonABI
import Objects

/// Errors of OpenSSL's crypto functions as Python exceptions. CPython: Modules/_hashopenssl.c.
enum CryptoError {
  /// Sets an exception with the last error of OpenSSL's queue, which is emptied. `fallback` is the
  /// text when the queue is empty.
  static func raise(_ type: Ref, _ fallback: String? = nil) -> Raised {
    let code = apus_err_peek_last()
    if code == 0 { return Objects.raise(type, fallback ?? "no reason supplied") }
    ERR_clear_error()
    if apus_err_lib(code) == ERR_LIB_EVP_NUMBER
      && apus_err_reason(code) == EVP_R_MALLOC_FAILURE_NUMBER
    {
      return raiseNoMemory()
    }
    let library = ERR_lib_error_string(code).map { String(cString: $0) }
    let reason = ERR_reason_error_string(code).map { String(cString: $0) }
    if let library {
      return Objects.raise(type, "[\(library)] \(reason ?? "")")
    }
    return Objects.raise(type, reason ?? "")
  }

  private static let ERR_LIB_EVP_NUMBER: Int32 = 6
  /// ERR_R_MALLOC_FAILURE
  private static let EVP_R_MALLOC_FAILURE_NUMBER: Int32 = 256
}
