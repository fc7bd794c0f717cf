// Calls on descriptors: epoll, select, fcntl, ioctl; resource limits; their constants on Linux.
#define _GNU_SOURCE
#include "CPosix.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <unistd.h>

int apus_epoll_create(int flags) { return epoll_create1(flags); }
int apus_epoll_ctl(int epoll, int operation, int fd, uint32_t events) {
  struct epoll_event event = {.events = events, .data = {.fd = fd}};
  return epoll_ctl(epoll, operation, fd, &event);
}
int apus_epoll_wait(int epoll, ApusEpollEvent *events, int most, int milliseconds) {
  struct epoll_event *raw = malloc((size_t)most * sizeof *raw);
  if (!raw) { errno = ENOMEM; return -1; }
  int count = epoll_wait(epoll, raw, most, milliseconds);
  int saved = errno;
  for (int i = 0; i < count; i++) {
    events[i].fd = raw[i].data.fd;
    events[i].events = raw[i].events;
  }
  free(raw);
  errno = saved;
  return count;
}
int apus_select(int highest, void *reads, void *writes, void *others, int64_t nanoseconds) {
  struct timespec time = {nanoseconds / 1000000000, nanoseconds % 1000000000};
  return pselect(highest + 1, reads, writes, others, nanoseconds < 0 ? NULL : &time, NULL);
}
int apus_fcntl_int(int fd, int command, long argument) { return fcntl(fd, command, argument); }
int apus_fcntl_pointer(int fd, int command, void *argument) { return fcntl(fd, command, argument); }
int apus_ioctl_int(int fd, unsigned long request, long argument) {
  return ioctl(fd, request, argument);
}
int apus_ioctl_pointer(int fd, unsigned long request, void *argument) {
  return ioctl(fd, request, argument);
}
int apus_fcntl_lock(int fd, int command, int kind, int64_t start, int64_t length, int whence) {
  struct flock lock = {.l_type = (short)kind, .l_whence = (short)whence, .l_start = start, .l_len = length};
  return fcntl(fd, command, &lock);
}
int apus_getrlimit(int resource, uint64_t *soft, uint64_t *hard) {
  struct rlimit limit;
  int result = getrlimit((__rlimit_resource_t)resource, &limit);
  *soft = limit.rlim_cur;
  *hard = limit.rlim_max;
  return result;
}
int apus_setrlimit(int resource, uint64_t soft, uint64_t hard) {
  struct rlimit limit = {soft, hard};
  return setrlimit((__rlimit_resource_t)resource, &limit);
}
int apus_prlimit(pid_t pid, int resource, const uint64_t *fresh, uint64_t *old) {
  struct rlimit now, wanted;
  if (fresh) { wanted.rlim_cur = fresh[0]; wanted.rlim_max = fresh[1]; }
  int result = prlimit(pid, (enum __rlimit_resource)resource, fresh ? &wanted : NULL, &now);
  old[0] = now.rlim_cur;
  old[1] = now.rlim_max;
  return result;
}
int apus_getrusage(int who, struct rusage *usage) {
  return getrusage((__rusage_who_t)who, usage);
}

static const ApusConstant select_rows[] = {
  {"EPOLLERR", 8},
  {"EPOLLET", 2147483648},
  {"EPOLLEXCLUSIVE", 268435456},
  {"EPOLLHUP", 16},
  {"EPOLLIN", 1},
  {"EPOLLMSG", 1024},
  {"EPOLLONESHOT", 1073741824},
  {"EPOLLOUT", 4},
  {"EPOLLPRI", 2},
  {"EPOLLRDBAND", 128},
  {"EPOLLRDHUP", 8192},
  {"EPOLLRDNORM", 64},
  {"EPOLLWRBAND", 512},
  {"EPOLLWRNORM", 256},
  {"EPOLL_CLOEXEC", 524288},
  {"PIPE_BUF", 4096},
  {"POLLERR", 8},
  {"POLLHUP", 16},
  {"POLLIN", 1},
  {"POLLMSG", 1024},
  {"POLLNVAL", 32},
  {"POLLOUT", 4},
  {"POLLPRI", 2},
  {"POLLRDBAND", 128},
  {"POLLRDHUP", 8192},
  {"POLLRDNORM", 64},
  {"POLLWRBAND", 512},
  {"POLLWRNORM", 256},
  {NULL, 0}};
const ApusConstant *apus_select_table(void) { return select_rows; }

static const ApusConstant fcntl_rows[] = {
  {"DN_ACCESS", 1},
  {"DN_ATTRIB", 32},
  {"DN_CREATE", 4},
  {"DN_DELETE", 8},
  {"DN_MODIFY", 2},
  {"DN_MULTISHOT", 2147483648},
  {"DN_RENAME", 16},
  {"FASYNC", 8192},
  {"FD_CLOEXEC", 1},
  {"FICLONE", 1074041865},
  {"FICLONERANGE", 1075876877},
  {"F_ADD_SEALS", 1033},
  {"F_DUPFD", 0},
  {"F_DUPFD_CLOEXEC", 1030},
  {"F_EXLCK", 4},
  {"F_GETFD", 1},
  {"F_GETFL", 3},
  {"F_GETLEASE", 1025},
  {"F_GETLK", 5},
  {"F_GETLK64", 5},
  {"F_GETOWN", 9},
  {"F_GETOWN_EX", 16},
  {"F_GETPIPE_SZ", 1032},
  {"F_GETSIG", 11},
  {"F_GET_FILE_RW_HINT", 1037},
  {"F_GET_RW_HINT", 1035},
  {"F_GET_SEALS", 1034},
  {"F_NOTIFY", 1026},
  {"F_OFD_GETLK", 36},
  {"F_OFD_SETLK", 37},
  {"F_OFD_SETLKW", 38},
  {"F_OWNER_PGRP", 2},
  {"F_OWNER_PID", 1},
  {"F_OWNER_TID", 0},
  {"F_RDLCK", 0},
  {"F_SEAL_FUTURE_WRITE", 16},
  {"F_SEAL_GROW", 4},
  {"F_SEAL_SEAL", 1},
  {"F_SEAL_SHRINK", 2},
  {"F_SEAL_WRITE", 8},
  {"F_SETFD", 2},
  {"F_SETFL", 4},
  {"F_SETLEASE", 1024},
  {"F_SETLK", 6},
  {"F_SETLK64", 6},
  {"F_SETLKW", 7},
  {"F_SETLKW64", 7},
  {"F_SETOWN", 8},
  {"F_SETOWN_EX", 15},
  {"F_SETPIPE_SZ", 1031},
  {"F_SETSIG", 10},
  {"F_SET_FILE_RW_HINT", 1038},
  {"F_SET_RW_HINT", 1036},
  {"F_SHLCK", 8},
  {"F_UNLCK", 2},
  {"F_WRLCK", 1},
  {"LOCK_EX", 2},
  {"LOCK_MAND", 32},
  {"LOCK_NB", 4},
  {"LOCK_READ", 64},
  {"LOCK_RW", 192},
  {"LOCK_SH", 1},
  {"LOCK_UN", 8},
  {"LOCK_WRITE", 128},
  {"RWH_WRITE_LIFE_EXTREME", 5},
  {"RWH_WRITE_LIFE_LONG", 4},
  {"RWH_WRITE_LIFE_MEDIUM", 3},
  {"RWH_WRITE_LIFE_NONE", 1},
  {"RWH_WRITE_LIFE_NOT_SET", 0},
  {"RWH_WRITE_LIFE_SHORT", 2},
  {NULL, 0}};
const ApusConstant *apus_fcntl_table(void) { return fcntl_rows; }

static const ApusConstant resource_rows[] = {
  {"RLIMIT_AS", 9},
  {"RLIMIT_CORE", 4},
  {"RLIMIT_CPU", 0},
  {"RLIMIT_DATA", 2},
  {"RLIMIT_FSIZE", 1},
  {"RLIMIT_MEMLOCK", 8},
  {"RLIMIT_MSGQUEUE", 12},
  {"RLIMIT_NICE", 13},
  {"RLIMIT_NOFILE", 7},
  {"RLIMIT_NPROC", 6},
  {"RLIMIT_OFILE", 7},
  {"RLIMIT_RSS", 5},
  {"RLIMIT_RTPRIO", 14},
  {"RLIMIT_RTTIME", 15},
  {"RLIMIT_SIGPENDING", 11},
  {"RLIMIT_STACK", 3},
  {"RLIM_INFINITY", -1},
  {"RUSAGE_CHILDREN", -1},
  {"RUSAGE_SELF", 0},
  {"RUSAGE_THREAD", 1},
  {NULL, 0}};
const ApusConstant *apus_resource_table(void) { return resource_rows; }

