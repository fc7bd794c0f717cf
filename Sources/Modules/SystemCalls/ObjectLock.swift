import CPythonABI
import Objects

/// A lock in an object whose C library works without the GIL. Zeroed memory is an open lock.
public struct ObjectLock {
  private var parking: Parking
  private var isHeld: Bool

  /// Runs `body` while the object is locked. The object stays alive.
  public static func hold<Result: ~Copyable>(
    _ place: UnsafeMutablePointer<ObjectLock>, _ body: () throws(Raised) -> Result
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
