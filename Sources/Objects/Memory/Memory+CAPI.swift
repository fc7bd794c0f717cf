import CPythonABI
import Glibc

// The three layers: raw (malloc), mem and object (both ObjectAllocator). CPython: Objects/obmalloc.c.

@c @implementation
public func PyMem_RawMalloc(_ size: Int) -> UnsafeMutableRawPointer? {
  size < 0 ? nil : malloc(Swift.max(size, 1))
}

@c @implementation
public func PyMem_RawCalloc(_ count: Int, _ size: Int) -> UnsafeMutableRawPointer? {
  count < 0 || size < 0 ? nil : calloc(Swift.max(count, 1), Swift.max(size, 1))
}

@c @implementation
public func PyMem_RawRealloc(
  _ block: UnsafeMutableRawPointer?, _ size: Int
) -> UnsafeMutableRawPointer? {
  size < 0 ? nil : realloc(block, Swift.max(size, 1))
}

@c @implementation
public func PyMem_RawFree(_ block: UnsafeMutableRawPointer?) { free(block) }

@c @implementation
public func PyMem_Malloc(_ size: Int) -> UnsafeMutableRawPointer? { ObjectAllocator.allocate(size) }

@c @implementation
public func PyMem_Calloc(_ count: Int, _ size: Int) -> UnsafeMutableRawPointer? {
  PyObject_Calloc(count, size)
}

@c @implementation
public func PyMem_Realloc(
  _ block: UnsafeMutableRawPointer?, _ size: Int
) -> UnsafeMutableRawPointer? {
  ObjectAllocator.reallocate(block, size)
}

@c @implementation
public func PyMem_Free(_ block: UnsafeMutableRawPointer?) {
  if let block { ObjectAllocator.free(block) }
}

@c @implementation
public func PyObject_Malloc(_ size: Int) -> UnsafeMutableRawPointer? {
  ObjectAllocator.allocate(size)
}

@c @implementation
public func PyObject_Calloc(_ count: Int, _ size: Int) -> UnsafeMutableRawPointer? {
  let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
  if overflow || bytes < 0 { return nil }
  guard let block = ObjectAllocator.allocate(bytes) else { return nil }
  memset(block, 0, bytes)
  return block
}

@c @implementation
public func PyObject_Realloc(
  _ block: UnsafeMutableRawPointer?, _ size: Int
) -> UnsafeMutableRawPointer? {
  ObjectAllocator.reallocate(block, size)
}

@c @implementation
public func PyObject_Free(_ block: UnsafeMutableRawPointer?) {
  if let block { ObjectAllocator.free(block) }
}

/// Blocks alive in the object layer.
public func allocatedBlockCount() -> Int { ObjectAllocator.allocatedBlocks }
