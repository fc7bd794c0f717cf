// What the C library offers only under feature macros that Swift's view of it lacks.
#ifndef APUS_SYSTEM_H
#define APUS_SYSTEM_H
#include <stddef.h>
#include <stdint.h>

/// Fills `size` random bytes. 0, or -1 when the system has none.
int apus_random_bytes(void *_Nonnull buffer, size_t size);
/// The kernel's number of the calling thread.
unsigned long apus_native_thread_id(void);
/// Lowest address and size of the calling thread's stack. 0, or -1 when unknown.
int apus_stack_bounds(uintptr_t *_Nonnull low, size_t *_Nonnull size);
/// The variable extension modules read a setting of the command line from (`Py_OptimizeFlag` and so
/// on), by the setting's name in `sys.flags`.
int *_Nonnull apus_setting(const char *_Nonnull name);

/// The command line of the process, as the C library hands it over; Swift's `CommandLine` would read
/// /proc/self/maps for it. NULL at `argc`.
int apus_argument_count(void);
const char *_Nullable apus_argument(int index);

/// Makes the pages of a range present with one system call instead of a fault for each; where the
/// kernel cannot (before 5.14), nothing happens.
void apus_populate(uintptr_t start, size_t size);

/// The bytes a block of malloc() has room for.
size_t malloc_usable_size(void *_Nullable block);

/// What the C library's allocator says of itself, in bytes.
typedef struct {
  /// Had from the kernel by moving the break, or for further arenas.
  size_t heap;
  /// Parts of `heap` that are given out, and that are free.
  size_t used;
  size_t free;
  /// Had from the kernel by mmap() for large blocks, all given out.
  size_t mapped;
  /// At the end of the heap: what malloc_trim() could give back.
  size_t top;
} ApusMallocNumbers;

ApusMallocNumbers apus_malloc_numbers(void);

/// The processor's time-stamp counter; nanoseconds where there is none to read.
#if defined(__x86_64__)
static inline uint64_t apus_time_stamp(void) { return __builtin_ia32_rdtsc(); }
#elif defined(__aarch64__)
static inline uint64_t apus_time_stamp(void) {
  uint64_t stamp;
  __asm__ volatile("mrs %0, cntvct_el0" : "=r"(stamp));
  return stamp;
}
#else
uint64_t apus_time_stamp(void);
#endif

#endif
