#define _GNU_SOURCE
#include "system.h"
#include <pthread.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

int apus_random_bytes(void *buffer, size_t size) {
  return getrandom(buffer, size, 0) == (ssize_t)size ? 0 : -1;
}

unsigned long apus_native_thread_id(void) { return (unsigned long)syscall(SYS_gettid); }

int apus_stack_bounds(uintptr_t *low, size_t *size) {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return -1;
  void *address;
  int status = pthread_attr_getstack(&attributes, &address, size);
  pthread_attr_destroy(&attributes);
  *low = (uintptr_t)address;
  return status == 0 ? 0 : -1;
}
