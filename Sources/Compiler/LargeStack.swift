import Glibc

/// Runs `body` on a thread whose native stack holds thousands of levels of recursion, and waits for
/// it.
///
/// - Returns: false when no such thread could be had; `body` has not run then.
func onLargeStack(_ body: () -> Void) -> Bool {
  withoutActuallyEscaping(body) { body in
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, 128 << 20)
    let task = Unmanaged.passRetained(StackTask(body))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, &attributes,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<StackTask>.fromOpaque(pointer).takeRetainedValue().body()
        return nil
      }, task.toOpaque())
    guard status == 0 else {
      task.release()
      return false
    }
    pthread_join(thread, nil)
    return true
  }
}

private final class StackTask {
  let body: () -> Void
  init(_ body: @escaping () -> Void) { self.body = body }
}
