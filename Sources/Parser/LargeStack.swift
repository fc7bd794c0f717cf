import Glibc

/// Runs `body` on a thread with a stack of its own, for recursion that may go thousands of levels
/// deep, and waits for it. When no thread can be had, runs it here.
func onLargeStack(_ body: () -> Void) {
  withoutActuallyEscaping(body) { body in
    let box = Work(body)
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, 64 << 20)
    var thread = pthread_t()
    let context = Unmanaged.passRetained(box)
    let status = pthread_create(
      &thread, &attributes,
      { context in
        guard let context else { return nil }
        Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
        return nil
      }, context.toOpaque())
    if status == 0 {
      pthread_join(thread, nil)
    } else {
      context.release()
      body()
    }
  }
}

private final class Work {
  let body: () -> Void
  init(_ body: @escaping () -> Void) { self.body = body }
}
