#define _GNU_SOURCE
#include "capi.h"
#include "system.h"
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int apus_random_bytes(void *buffer, size_t size) {
  return getrandom(buffer, size, 0) == (ssize_t)size ? 0 : -1;
}

unsigned long apus_native_thread_id(void) { return (unsigned long)syscall(SYS_gettid); }

static int argument_count;
static char **arguments;

/// The C library calls initialisers with what main() gets.
__attribute__((constructor, used)) static void keep_arguments(int count, char **values) {
  argument_count = count;
  arguments = values;
}

int apus_argument_count(void) { return argument_count; }

const char *apus_argument(int index) {
  return index >= 0 && index < argument_count ? arguments[index] : NULL;
}

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

void apus_populate(uintptr_t start, size_t size) {
  madvise((void *)start, size, MADV_POPULATE_WRITE);
}

ApusMallocNumbers apus_malloc_numbers(void) {
  struct mallinfo2 now = mallinfo2();
  ApusMallocNumbers numbers = {.heap = now.arena,
                               .used = now.uordblks,
                               .free = now.fordblks,
                               .mapped = now.hblkhd,
                               .top = now.keepcost};
  return numbers;
}

#if !defined(__x86_64__) && !defined(__aarch64__)
uint64_t apus_time_stamp(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
#endif

/// The main thread's stack without reading /proc/self/maps, as pthread_getattr_np() would: the kernel
/// puts the program's file name at its very top.
static int main_stack_bounds(uintptr_t *low, size_t *size) {
  const char *name = (const char *)getauxval(AT_EXECFN);
  struct rlimit limit;
  if (name == NULL || getrlimit(RLIMIT_STACK, &limit) != 0) return -1;
  uintptr_t top = ((uintptr_t)name + strlen(name) + 1 + 8 + 4095) & ~(uintptr_t)4095;
  uintptr_t here = (uintptr_t)__builtin_frame_address(0);
  if (here >= top || top - here > 64u << 20) return -1;
  const rlim_t most = 512u << 20;
  *size = limit.rlim_cur > most ? most : limit.rlim_cur & ~(rlim_t)4095;
  *low = top - *size;
  return *low < here ? 0 : -1;
}

int apus_stack_bounds(uintptr_t *low, size_t *size) {
  if (getpid() == gettid() && main_stack_bounds(low, size) == 0) return 0;
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return -1;
  void *address;
  int status = pthread_attr_getstack(&attributes, &address, size);
  pthread_attr_destroy(&attributes);
  *low = (uintptr_t)address;
  return status == 0 ? 0 : -1;
}

// The settings of the command line as extension modules read them. CPython: Include/cpython/pydebug.h.
int Py_DebugFlag, Py_VerboseFlag, Py_QuietFlag, Py_InteractiveFlag, Py_InspectFlag, Py_OptimizeFlag;
int Py_NoSiteFlag, Py_FrozenFlag, Py_IgnoreEnvironmentFlag, Py_DontWriteBytecodeFlag;
int Py_NoUserSiteDirectory, Py_UnbufferedStdioFlag, Py_HashRandomizationFlag, Py_IsolatedFlag;
int Py_UTF8Mode;

int *apus_setting(const char *name) {
  static const struct {
    const char *name;
    int *flag;
  } flags[] = {
    {"debug", &Py_DebugFlag}, {"verbose", &Py_VerboseFlag}, {"quiet", &Py_QuietFlag},
    {"interactive", &Py_InteractiveFlag}, {"inspect", &Py_InspectFlag},
    {"optimize", &Py_OptimizeFlag}, {"no_site", &Py_NoSiteFlag},
    {"ignore_environment", &Py_IgnoreEnvironmentFlag},
    {"dont_write_bytecode", &Py_DontWriteBytecodeFlag},
    {"no_user_site", &Py_NoUserSiteDirectory}, {"unbuffered", &Py_UnbufferedStdioFlag},
    {"hash_randomization", &Py_HashRandomizationFlag}, {"isolated", &Py_IsolatedFlag},
    {"utf8_mode", &Py_UTF8Mode},
  };
  for (size_t index = 0; index < sizeof flags / sizeof *flags; index++)
    if (strcmp(flags[index].name, name) == 0) return flags[index].flag;
  return &Py_FrozenFlag;
}

typedef void (*PyOS_sighandler_t)(int);

PyOS_sighandler_t PyOS_getsig(int number) {
  struct sigaction action;
  return sigaction(number, NULL, &action) == -1 ? SIG_ERR : action.sa_handler;
}

PyOS_sighandler_t PyOS_setsig(int number, PyOS_sighandler_t handler) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK}, former;
  sigemptyset(&action.sa_mask);
  return sigaction(number, &action, &former) == -1 ? SIG_ERR : former.sa_handler;
}

/// Where memory in large pieces comes from. CPython: Include/cpython/objimpl.h.
typedef struct {
  void *ctx;
  void *(*alloc)(void *ctx, size_t size);
  void (*free)(void *ctx, void *pointer, size_t size);
} PyObjectArenaAllocator;

static void *piece_alloc(void *ctx, size_t size) {
  (void)ctx;
  return PyMem_RawMalloc(size);
}

static void piece_free(void *ctx, void *pointer, size_t size) {
  (void)ctx, (void)size;
  PyMem_RawFree(pointer);
}

/// The allocator of the pieces that a thread's data stack consists of: an extension that takes
/// over such a stack (greenlet) frees its pieces by it.
void PyObject_GetArenaAllocator(PyObjectArenaAllocator *allocator) {
  *allocator = (PyObjectArenaAllocator){.alloc = piece_alloc, .free = piece_free};
}
