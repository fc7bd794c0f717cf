#define _GNU_SOURCE
#include "CPosix.h"
#include <errno.h>
#include <fcntl.h>
#include <libintl.h>
#include <linux/futex.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utmp.h>

pid_t apus_fork(void) { return fork(); }
pid_t apus_forkpty(int *master) { return forkpty(master, NULL, NULL, NULL); }
int apus_pipe2(int *ends, int flags) { return pipe2(ends, flags); }
int apus_dup3(int from, int to, int flags) { return dup3(from, to, flags); }
ssize_t apus_getrandom(void *buffer, size_t size, unsigned flags) {
  return getrandom(buffer, size, flags);
}
int apus_memfd_create(const char *name, unsigned flags) { return memfd_create(name, flags); }
int apus_eventfd(unsigned initial, int flags) { return eventfd(initial, flags); }
int apus_eventfd_read(int fd, uint64_t *value) { return eventfd_read(fd, value); }
int apus_eventfd_write(int fd, uint64_t value) { return eventfd_write(fd, value); }
int apus_timerfd_create(int clock, int flags) { return timerfd_create(clock, flags); }
int apus_timerfd_settime(int fd, int flags, const struct itimerspec *value,
                         struct itimerspec *old) {
  return timerfd_settime(fd, flags, value, old);
}
int apus_timerfd_gettime(int fd, struct itimerspec *value) { return timerfd_gettime(fd, value); }
ssize_t apus_splice(int in, int64_t *in_offset, int out, int64_t *out_offset, size_t count,
                    unsigned flags) {
  return splice(in, in_offset, out, out_offset, count, flags);
}
ssize_t apus_copy_file_range(int in, int64_t *in_offset, int out, int64_t *out_offset,
                             size_t count, unsigned flags) {
  return copy_file_range(in, in_offset, out, out_offset, count, flags);
}
ssize_t apus_sendfile(int out, int in, int64_t *offset, size_t count) {
  return sendfile(out, in, offset, count);
}
ssize_t apus_preadv2(int fd, const struct iovec *parts, int count, int64_t offset, int flags) {
  return preadv2(fd, parts, count, offset, flags);
}
ssize_t apus_pwritev2(int fd, const struct iovec *parts, int count, int64_t offset, int flags) {
  return pwritev2(fd, parts, count, offset, flags);
}
int apus_sched_getaffinity(pid_t pid, size_t size, void *mask) {
  return (int)syscall(SYS_sched_getaffinity, pid, size, mask);
}
int apus_sched_setaffinity(pid_t pid, size_t size, const void *mask) {
  return sched_setaffinity(pid, size, mask);
}
int apus_setns(int fd, int type) { return setns(fd, type); }
int apus_unshare(int flags) { return unshare(flags); }
int apus_getresuid(uid_t *r, uid_t *e, uid_t *s) { return getresuid(r, e, s); }
int apus_getresgid(gid_t *r, gid_t *e, gid_t *s) { return getresgid(r, e, s); }
int apus_setresuid(uid_t r, uid_t e, uid_t s) { return setresuid(r, e, s); }
int apus_setresgid(gid_t r, gid_t e, gid_t s) { return setresgid(r, e, s); }
int apus_ptsname_r(int fd, char *buffer, size_t size) { return ptsname_r(fd, buffer, size); }
int apus_posix_openpt(int flags) { return posix_openpt(flags); }
int apus_grantpt(int fd) { return grantpt(fd); }
int apus_unlockpt(int fd) { return unlockpt(fd); }
int apus_login_tty(int fd) { return login_tty(fd); }
int apus_close_range(unsigned first, unsigned last, int flags) {
  return close_range(first, last, flags);
}
int apus_pidfd_open(pid_t pid, unsigned flags) { return (int)syscall(SYS_pidfd_open, pid, flags); }
unsigned long apus_makedev(unsigned major, unsigned minor) { return makedev(major, minor); }
unsigned apus_major(unsigned long device) { return major(device); }
unsigned apus_minor(unsigned long device) { return minor(device); }

ssize_t apus_getxattr(const char *path, int fd, int follow, const char *name, void *value,
                      size_t size) {
  if (fd >= 0) return fgetxattr(fd, name, value, size);
  return follow ? getxattr(path, name, value, size) : lgetxattr(path, name, value, size);
}
int apus_setxattr(const char *path, int fd, int follow, const char *name, const void *value,
                  size_t size, int flags) {
  if (fd >= 0) return fsetxattr(fd, name, value, size, flags);
  return follow ? setxattr(path, name, value, size, flags)
                : lsetxattr(path, name, value, size, flags);
}
int apus_removexattr(const char *path, int fd, int follow, const char *name) {
  if (fd >= 0) return fremovexattr(fd, name);
  return follow ? removexattr(path, name) : lremovexattr(path, name);
}
ssize_t apus_listxattr(const char *path, int fd, int follow, char *list, size_t size) {
  if (fd >= 0) return flistxattr(fd, list, size);
  return follow ? listxattr(path, list, size) : llistxattr(path, list, size);
}

int apus_wcoredump(int status) { return WCOREDUMP(status) != 0; }
int apus_wifcontinued(int status) { return WIFCONTINUED(status) != 0; }
int apus_wifstopped(int status) { return WIFSTOPPED(status) != 0; }
int apus_wifsignaled(int status) { return WIFSIGNALED(status) != 0; }
int apus_wifexited(int status) { return WIFEXITED(status) != 0; }
int apus_wexitstatus(int status) { return WEXITSTATUS(status); }
int apus_wtermsig(int status) { return WTERMSIG(status); }
int apus_wstopsig(int status) { return WSTOPSIG(status); }

static void describe(const siginfo_t *from, ApusSignalInfo *to) {
  to->signo = from->si_signo;
  to->code = from->si_code;
  to->error = from->si_errno;
  to->pid = from->si_pid;
  to->uid = (int)from->si_uid;
  to->status = from->si_status;
  to->band = from->si_band;
}
int apus_waitid(int kind, unsigned id, ApusSignalInfo *info, int options) {
  siginfo_t raw;
  memset(&raw, 0, sizeof raw);
  int result = waitid((idtype_t)kind, id, &raw, options);
  if (result >= 0) describe(&raw, info);
  return result;
}
int apus_sigwaitinfo(const void *set, ApusSignalInfo *info, const struct timespec *timeout) {
  siginfo_t raw;
  memset(&raw, 0, sizeof raw);
  int result = timeout ? sigtimedwait(set, &raw, timeout) : sigwaitinfo(set, &raw);
  if (result >= 0) describe(&raw, info);
  return result;
}
int apus_set_signal_handler(int number, void *handler) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = (void (*)(int))handler;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_ONSTACK;
  return sigaction(number, &action, NULL);
}
int apus_signal_disposition(int number) {
  struct sigaction action;
  if (sigaction(number, NULL, &action) < 0) return -1;
  if (action.sa_handler == SIG_DFL) return 0;
  return action.sa_handler == SIG_IGN ? 1 : 2;
}
int apus_siginterrupt(int number, int flag) {
  struct sigaction action;
  if (sigaction(number, NULL, &action) < 0) return -1;
  if (flag) action.sa_flags &= ~SA_RESTART;
  else action.sa_flags |= SA_RESTART;
  return sigaction(number, &action, NULL);
}
int apus_sigrtmin(void) { return SIGRTMIN; }
int apus_sigrtmax(void) { return SIGRTMAX; }

char **apus_environ(void) { return environ; }
int apus_execve_fd(int fd, char *const *argv, char *const *envp) { return fexecve(fd, argv, envp); }
int apus_statvfs(const char *path, void *status) { return statvfs(path, status); }
int apus_spawn_closefrom(void *actions, int first) {
  return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

int apus_futex_wait(uint32_t *word, uint32_t expected, const struct timespec *deadline) {
  long result = syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, expected, deadline, NULL,
                        FUTEX_BITSET_MATCH_ANY);
  return result < 0 ? errno : 0;
}
void apus_futex_wake(uint32_t *word, int count) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}
uint32_t apus_atomic_increment(uint32_t *word) {
  return __atomic_add_fetch(word, 1, __ATOMIC_SEQ_CST);
}
int apus_pidfd_send_signal(int fd, int number, unsigned flags) {
  return (int)syscall(SYS_pidfd_send_signal, fd, number, NULL, flags);
}

const char *apus_dcgettext(const char *domain, const char *message, int category) {
  return dcgettext(domain, message, category);
}
const char *apus_textdomain(const char *domain) { return textdomain(domain); }
const char *apus_bindtextdomain(const char *domain, const char *directory) {
  return bindtextdomain(domain, directory);
}
const char *apus_bind_textdomain_codeset(const char *domain, const char *codeset) {
  return bind_textdomain_codeset(domain, codeset);
}
