// The state of the small-object allocator (CPython: Objects/obmalloc.c). Layout only; the code is in
// Sources/Objects/Memory.
//
//   arena   1 MiB, aligned to its size, from mmap
//   pool    16 KiB, aligned to its size: a header, then blocks of one size class
//   block   16, 32, ... 512 bytes
#ifndef APUS_OBMALLOC_H
#define APUS_OBMALLOC_H
#include "object.h"
#pragma clang assume_nonnull begin

#define APUS_ARENA_BITS 20
#define APUS_POOL_BITS 14
#define APUS_SIZE_CLASSES 32

/// The header of a pool, at its start. 48 bytes, as in CPython.
typedef struct ApusPool {
  /// Blocks in use.
  uint32_t used;
  uint32_t size_class;
  /// The first free block; each free block starts with the address of the next.
  void *_Nullable free_block;
  struct ApusPool *_Nullable next;
  struct ApusPool *_Nullable previous;
  /// The arena's number in the arena table.
  uint32_t arena;
  /// Where the blocks that were never used begin, and the last such offset (bytes).
  uint32_t next_offset;
  uint32_t max_next_offset;
  uint32_t unused;
} ApusPool;

typedef struct {
  /// 0 while the entry is free.
  uintptr_t address;
  /// Pools never used begin here.
  uintptr_t pool_address;
  uint32_t free_pool_count;
  uint32_t total_pools;
  /// Pools given back.
  ApusPool *_Nullable free_pools;
  int32_t next;
  int32_t previous;
} ApusArena;

typedef struct {
  /// For each size class a circular list of partly used pools, as sentinels.
  ApusPool used_pools[APUS_SIZE_CLASSES];
  ApusArena *_Nullable arenas;
  uint32_t arena_capacity;
  /// Arenas with free pools, ordered by how few are free; -1 ends the list.
  int32_t usable;
  /// Entries of `arenas` without memory; -1 ends the list.
  int32_t unused;
  /// One byte for each possible arena address: 1 when the arena is ours.
  uint8_t *_Nullable arena_map;
  uint32_t arenas_allocated;
  uint32_t arenas_highwater;
  uint64_t arenas_total;
  /// Allocations of the raw layer now alive through the object layer (larger than 512 bytes).
  int64_t raw_blocks;
  /// Their bytes, as malloc_usable_size() counts them.
  int64_t raw_bytes;
  int initialized;
  /// How memory is had (APUS_ALLOCATOR_*), chosen before the first allocation. In the modes without
  /// pools `used_pools` stays empty, so that the fast path finds nothing and need not ask.
  int mode;
} ApusObjectAllocator;

/// Pools for small blocks; malloc() for everything; malloc() with checks (PYTHONMALLOC).
#define APUS_ALLOCATOR_POOLS 0
#define APUS_ALLOCATOR_MALLOC 1
#define APUS_ALLOCATOR_DEBUG 2
/// malloc() for everything new while tracemalloc watches; the pools are put aside.
#define APUS_ALLOCATOR_TRACED 3

extern ApusObjectAllocator apus_object_allocator;
APUS_INLINE ApusObjectAllocator *apus_allocator(void) { return &apus_object_allocator; }
APUS_INLINE ApusPool *apus_used_pool(uint32_t size_class) { return &apus_object_allocator.used_pools[size_class]; }

/// What PyMem_RawMalloc() and its like have given out; any thread calls them, with the GIL or without.
typedef struct {
  int64_t blocks;
  int64_t bytes;
} ApusRawCounts;

extern ApusRawCounts apus_raw_counts;
APUS_INLINE void apus_count_raw(int64_t blocks, int64_t bytes) {
  __atomic_fetch_add(&apus_raw_counts.blocks, blocks, __ATOMIC_RELAXED);
  __atomic_fetch_add(&apus_raw_counts.bytes, bytes, __ATOMIC_RELAXED);
}
APUS_INLINE ApusRawCounts apus_counted_raw(void) {
  ApusRawCounts counts = {__atomic_load_n(&apus_raw_counts.blocks, __ATOMIC_RELAXED),
                          __atomic_load_n(&apus_raw_counts.bytes, __ATOMIC_RELAXED)};
  return counts;
}

#pragma clang assume_nonnull end
#endif
