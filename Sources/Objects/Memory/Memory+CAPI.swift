import CPythonABI
import Glibc

// The three layers: raw (malloc), mem and object (both ObjectAllocator). CPython: Objects/obmalloc.c.

/// Whether blocks carry marks that are checked (`PYTHONMALLOC=debug`).
@inline(__always) private var isDebugging: Bool {
  apus_allocator().pointee.mode == APUS_ALLOCATOR_DEBUG
}

/// The bytes of `count` items, nil when that is negative or too much.
@inline(__always) private func bytes(_ count: Int, _ size: Int) -> Int? {
  let (product, overflow) = count.multipliedReportingOverflow(by: size)
  return overflow || count < 0 || size < 0 ? nil : product
}

/// Counts a block of the raw layer (`number` 1) or one that is about to go (-1); hands it through.
@inline(__always)
private func counted(_ block: UnsafeMutableRawPointer?, _ number: Int64 = 1)
  -> UnsafeMutableRawPointer?
{
  if let block {
    apus_count_raw(number, number &* Int64(truncatingIfNeeded: malloc_usable_size(block)))
  }
  return block
}

@c @implementation
public func PyMem_RawMalloc(_ size: Int) -> UnsafeMutableRawPointer? {
  if size < 0 { return nil }
  return isDebugging ? DebugBlocks.allocate(size, .raw) : counted(malloc(Swift.max(size, 1)))
}

@c @implementation
public func PyMem_RawCalloc(_ count: Int, _ size: Int) -> UnsafeMutableRawPointer? {
  if count < 0 || size < 0 { return nil }
  if isDebugging { return DebugBlocks.zeroed(bytes(count, size), .raw) }
  return counted(calloc(Swift.max(count, 1), Swift.max(size, 1)))
}

@c @implementation
public func PyMem_RawRealloc(
  _ block: UnsafeMutableRawPointer?, _ size: Int
) -> UnsafeMutableRawPointer? {
  if size < 0 { return nil }
  if isDebugging { return DebugBlocks.reallocate(block, size, .raw) }
  guard let block else { return counted(malloc(Swift.max(size, 1))) }
  let old = malloc_usable_size(block)
  guard let moved = realloc(block, Swift.max(size, 1)) else { return nil }
  apus_count_raw(
    0, Int64(truncatingIfNeeded: malloc_usable_size(moved)) &- Int64(truncatingIfNeeded: old))
  return moved
}

@c @implementation
public func PyMem_RawFree(_ block: UnsafeMutableRawPointer?) {
  guard let block else { return }
  if isDebugging { DebugBlocks.free(block, .raw) } else { free(counted(block, -1)) }
}

@c @implementation
public func PyMem_Malloc(_ size: Int) -> UnsafeMutableRawPointer? {
  if isDebugging { return DebugBlocks.allocate(size, .memory) }
  return ObjectAllocator.allocate(size)
}

@c @implementation
public func PyMem_Calloc(_ count: Int, _ size: Int) -> UnsafeMutableRawPointer? {
  if isDebugging { return DebugBlocks.zeroed(bytes(count, size), .memory) }
  return PyObject_Calloc(count, size)
}

@c @implementation
public func PyMem_Realloc(
  _ block: UnsafeMutableRawPointer?, _ size: Int
) -> UnsafeMutableRawPointer? {
  if isDebugging { return DebugBlocks.reallocate(block, size, .memory) }
  return ObjectAllocator.reallocate(block, size)
}

@c @implementation
public func PyMem_Free(_ block: UnsafeMutableRawPointer?) {
  guard let block else { return }
  if isDebugging { DebugBlocks.free(block, .memory) } else { ObjectAllocator.free(block) }
}

@c @implementation
public func PyObject_Malloc(_ size: Int) -> UnsafeMutableRawPointer? {
  ObjectAllocator.allocate(size)
}

@c @implementation
public func PyObject_Calloc(_ count: Int, _ size: Int) -> UnsafeMutableRawPointer? {
  guard let total = bytes(count, size), let block = ObjectAllocator.allocate(total) else {
    return nil
  }
  memset(block, 0, total)
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

/// Blocks alive in the raw domain.
public func rawBlockCount() -> Int { Int(apus_counted_raw().blocks) }

/// Blocks alive in the object layer.
public func allocatedBlockCount() -> Int { ObjectAllocator.allocatedBlocks }
