#define _GNU_SOURCE
#include "CPosix.h"
#include <fcntl.h>
#include <semaphore.h>
#include <sys/mman.h>

int apus_shm_open(const char *name, int flags, int mode) {
  return shm_open(name, flags | O_CLOEXEC, (mode_t)mode);
}

int apus_shm_unlink(const char *name) { return shm_unlink(name); }

void *apus_sem_open(const char *name, int flags, int mode, unsigned value) {
  sem_t *result = sem_open(name, flags, (mode_t)mode, value);
  return result == SEM_FAILED ? 0 : result;
}

int apus_sem_close(void *semaphore) { return sem_close(semaphore); }
int apus_sem_unlink(const char *name) { return sem_unlink(name); }
int apus_sem_wait(void *semaphore) { return sem_wait(semaphore); }
int apus_sem_trywait(void *semaphore) { return sem_trywait(semaphore); }

int apus_sem_timedwait(void *semaphore, const struct timespec *until) {
  return sem_timedwait(semaphore, until);
}

int apus_sem_post(void *semaphore) { return sem_post(semaphore); }
int apus_sem_getvalue(void *semaphore, int *value) { return sem_getvalue(semaphore, value); }
