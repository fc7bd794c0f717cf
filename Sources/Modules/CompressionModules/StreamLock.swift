import CPythonABI
import Objects
import SystemCalls

/// A lock in an object whose library works without the GIL. Zeroed memory is an open lock.
struct StreamLock {
  private var parking: Parking
  private var isHeld: Bool

  /// Runs `body` while the object is locked. The object stays alive.
  static func hold<Result: ~Copyable>(
    _ place: UnsafeMutablePointer<StreamLock>, _ body: () throws(Raised) -> Result
  ) throws(Raised) -> Result {
    let parking = UnsafeMutableRawPointer(place).assumingMemoryBound(to: Parking.self)
    _ = try Parking.wait(parking, until: nil) { !place.pointee.isHeld }
    place.pointee.isHeld = true
    defer {
      place.pointee.isHeld = false
      place.pointee.parking.wake(all: false)
    }
    return try body()
  }
}
