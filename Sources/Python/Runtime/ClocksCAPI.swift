import CPythonABI
import Glibc
import Objects

// Clocks for C code, in nanoseconds. CPython: Include/cpython/pytime.h, since 3.13.

private func read(_ clock: clockid_t, _ result: UnsafeMutablePointer<Int64>) -> Int32 {
  var time = timespec()
  if clock_gettime(clock, &time) != 0 {
    result.pointee = 0
    return -1
  }
  result.pointee = Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  return 0
}

private func readOrRaise(_ clock: clockid_t, _ result: UnsafeMutablePointer<Int64>) -> Int32 {
  if read(clock, result) == 0 { return 0 }
  _ = PyErr_SetFromErrno(.osError)
  return -1
}

/// Time since the epoch. The functions named Raw raise nothing and need no GIL.
@c public func PyTime_Time(_ result: UnsafeMutablePointer<Int64>) -> Int32 {
  readOrRaise(CLOCK_REALTIME, result)
}
@c public func PyTime_TimeRaw(_ result: UnsafeMutablePointer<Int64>) -> Int32 {
  read(CLOCK_REALTIME, result)
}

/// A clock that never goes back.
@c public func PyTime_Monotonic(_ result: UnsafeMutablePointer<Int64>) -> Int32 {
  readOrRaise(CLOCK_MONOTONIC, result)
}
@c public func PyTime_MonotonicRaw(_ result: UnsafeMutablePointer<Int64>) -> Int32 {
  read(CLOCK_MONOTONIC, result)
}

/// The clock of `time.perf_counter()`.
@c public func PyTime_PerfCounter(_ result: UnsafeMutablePointer<Int64>) -> Int32 {
  readOrRaise(CLOCK_MONOTONIC, result)
}
@c public func PyTime_PerfCounterRaw(_ result: UnsafeMutablePointer<Int64>) -> Int32 {
  read(CLOCK_MONOTONIC, result)
}

@c public func PyTime_AsSecondsDouble(_ time: Int64) -> Double { Double(time) / 1e9 }
