// System calls and macros that Swift's Glibc module does not show, and the tables of the system's
// named constants. Nothing here knows about Python objects.
#ifndef APUS_CPOSIX_H
#define APUS_CPOSIX_H
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>

/// A named number of the system. Tables end with a NULL name.
typedef struct {
  const char *_Nullable name;
  long value;
} ApusConstant;

const ApusConstant *_Nonnull apus_posix_table(void);
const ApusConstant *_Nonnull apus_sysconf_table(void);
const ApusConstant *_Nonnull apus_pathconf_table(void);
const ApusConstant *_Nonnull apus_confstr_table(void);
const ApusConstant *_Nonnull apus_errno_table(void);
const ApusConstant *_Nonnull apus_signal_table(void);

pid_t apus_fork(void);
pid_t apus_forkpty(int *_Nonnull master);
int apus_pipe2(int *_Nonnull ends, int flags);
int apus_dup3(int from, int to, int flags);
ssize_t apus_getrandom(void *_Nullable buffer, size_t size, unsigned flags);
int apus_memfd_create(const char *_Nonnull name, unsigned flags);
int apus_eventfd(unsigned initial, int flags);
int apus_eventfd_read(int fd, uint64_t *_Nonnull value);
int apus_eventfd_write(int fd, uint64_t value);
int apus_timerfd_create(int clock, int flags);
int apus_timerfd_settime(int fd, int flags, const struct itimerspec *_Nonnull value,
                         struct itimerspec *_Nonnull old);
int apus_timerfd_gettime(int fd, struct itimerspec *_Nonnull value);
ssize_t apus_splice(int in, int64_t *_Nullable in_offset, int out, int64_t *_Nullable out_offset,
                    size_t count, unsigned flags);
ssize_t apus_copy_file_range(int in, int64_t *_Nullable in_offset, int out,
                             int64_t *_Nullable out_offset, size_t count, unsigned flags);
ssize_t apus_sendfile(int out, int in, int64_t *_Nullable offset, size_t count);
ssize_t apus_preadv2(int fd, const struct iovec *_Nonnull parts, int count, int64_t offset, int flags);
ssize_t apus_pwritev2(int fd, const struct iovec *_Nonnull parts, int count, int64_t offset, int flags);
/// The processors a process may run on as a bit set; the size used in bytes, or -1.
int apus_sched_getaffinity(pid_t pid, size_t size, void *_Nonnull mask);
int apus_sched_setaffinity(pid_t pid, size_t size, const void *_Nonnull mask);
int apus_setns(int fd, int type);
int apus_unshare(int flags);
int apus_getresuid(uid_t *_Nonnull r, uid_t *_Nonnull e, uid_t *_Nonnull s);
int apus_getresgid(gid_t *_Nonnull r, gid_t *_Nonnull e, gid_t *_Nonnull s);
int apus_setresuid(uid_t r, uid_t e, uid_t s);
int apus_setresgid(gid_t r, gid_t e, gid_t s);
int apus_ptsname_r(int fd, char *_Nonnull buffer, size_t size);
int apus_posix_openpt(int flags);
int apus_grantpt(int fd);
int apus_unlockpt(int fd);
int apus_login_tty(int fd);
int apus_close_range(unsigned first, unsigned last, int flags);
int apus_pidfd_open(pid_t pid, unsigned flags);
unsigned long apus_makedev(unsigned major, unsigned minor);
unsigned apus_major(unsigned long device);
unsigned apus_minor(unsigned long device);

/// `fd` >= 0 names the file, else the path, followed or not.
ssize_t apus_getxattr(const char *_Nullable path, int fd, int follow, const char *_Nonnull name,
                      void *_Nullable value, size_t size);
int apus_setxattr(const char *_Nullable path, int fd, int follow, const char *_Nonnull name,
                  const void *_Nullable value, size_t size, int flags);
int apus_removexattr(const char *_Nullable path, int fd, int follow, const char *_Nonnull name);
ssize_t apus_listxattr(const char *_Nullable path, int fd, int follow, char *_Nullable list,
                       size_t size);

int apus_wcoredump(int status);
int apus_wifcontinued(int status);
int apus_wifstopped(int status);
int apus_wifsignaled(int status);
int apus_wifexited(int status);
int apus_wexitstatus(int status);
int apus_wtermsig(int status);
int apus_wstopsig(int status);

/// The fields of a siginfo_t that Swift sees only as unions.
typedef struct {
  int signo, code, error, pid, uid, status;
  long band;
} ApusSignalInfo;
int apus_waitid(int kind, unsigned id, ApusSignalInfo *_Nonnull info, int options);
int apus_sigwaitinfo(const void *_Nonnull set, ApusSignalInfo *_Nonnull info,
                     const struct timespec *_Nullable timeout);
/// Installs a handler (a function, SIG_DFL 0 or SIG_IGN 1); returns -1 with errno.
int apus_set_signal_handler(int number, void *_Nullable handler);
/// The handler installed now: 0 SIG_DFL, 1 SIG_IGN, 2 another function, -1 error.
int apus_signal_disposition(int number);
int apus_siginterrupt(int number, int flag);
int apus_sigrtmin(void);
int apus_sigrtmax(void);

/// Sleeps while `*word` is `expected`, until a wake-up or a time of CLOCK_MONOTONIC. 0 or an error number.
int apus_futex_wait(uint32_t *_Nonnull word, uint32_t expected,
                    const struct timespec *_Nullable deadline);
void apus_futex_wake(uint32_t *_Nonnull word, int count);
uint32_t apus_atomic_increment(uint32_t *_Nonnull word);
int apus_pidfd_send_signal(int fd, int number, unsigned flags);
char *_Nullable *_Nonnull apus_environ(void);
/// `status` is a struct statvfs, whose name Swift gives to the type alone.
int apus_statvfs(const char *_Nonnull path, void *_Nonnull status);
/// `actions` is a posix_spawn_file_actions_t. An error number.
int apus_spawn_closefrom(void *_Nonnull actions, int first);
/// What `apus_fork_exec` needs to know. Numbers of -1 mean "not given".
typedef struct {
  char *_Nullable const *_Nonnull argv;
  char *_Nullable const *_Nonnull programs;
  char *_Nullable const *_Nullable envp;
  const char *_Nullable directory;
  const int *_Nonnull kept;
  size_t kept_count;
  int close_others;
  int p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, errpipe_read, errpipe_write;
  int restore_signals, new_session;
  pid_t process_group;
  int sets_group, sets_groups, sets_user;
  gid_t group;
  const gid_t *_Nullable groups;
  size_t group_count;
  uid_t user;
  int mask;
  /// Called in the child before exec; non-zero: an exception.
  int (*_Nullable prepare)(void);
} ApusSpawn;
/// Forks; the child becomes the first program that can be run, or writes to errpipe_write
/// "OSError:<hex errno>:<where>" and ends.
pid_t apus_fork_exec(const ApusSpawn *_Nonnull spawn);

typedef struct { int fd; uint32_t events; } ApusEpollEvent;
int apus_epoll_create(int flags);
int apus_epoll_ctl(int epoll, int operation, int fd, uint32_t events);
int apus_epoll_wait(int epoll, ApusEpollEvent *_Nonnull events, int most, int milliseconds);
/// The three sets are bit sets of descriptors below 1024; -1 with errno.
int apus_select(int highest, void *_Nonnull reads, void *_Nonnull writes, void *_Nonnull others,
                int64_t nanoseconds);
const ApusConstant *_Nonnull apus_select_table(void);
const ApusConstant *_Nonnull apus_fcntl_table(void);
const ApusConstant *_Nonnull apus_resource_table(void);
int apus_fcntl_int(int fd, int command, long argument);
int apus_fcntl_pointer(int fd, int command, void *_Nonnull argument);
int apus_ioctl_int(int fd, unsigned long request, long argument);
int apus_ioctl_pointer(int fd, unsigned long request, void *_Nonnull argument);
int apus_fcntl_lock(int fd, int command, int kind, int64_t start, int64_t length, int whence);
int apus_getrlimit(int resource, uint64_t *_Nonnull soft, uint64_t *_Nonnull hard);
int apus_setrlimit(int resource, uint64_t soft, uint64_t hard);
int apus_prlimit(pid_t pid, int resource, const uint64_t *_Nullable fresh, uint64_t *_Nonnull old);
int apus_getrusage(int who, struct rusage *_Nonnull usage);
const char *_Nullable apus_dcgettext(const char *_Nullable domain, const char *_Nonnull message,
                                     int category);
const char *_Nullable apus_textdomain(const char *_Nullable domain);
const char *_Nullable apus_bindtextdomain(const char *_Nonnull domain, const char *_Nullable directory);
const char *_Nullable apus_bind_textdomain_codeset(const char *_Nonnull domain,
                                                   const char *_Nullable codeset);
const ApusConstant *_Nonnull apus_termios_table(void);
const ApusConstant *_Nonnull apus_syslog_table(void);
/// syslog() with a text, not a format.
void apus_syslog(int priority, const char *_Nonnull text);
/// memmem(): where a subsequence begins, or NULL.
const void *_Nullable apus_memmem(const void *_Nonnull bytes, size_t size, const void *_Nonnull part,
                                  size_t count);
/// mremap() that may move the memory; MAP_FAILED with errno.
void *_Nullable apus_mremap(void *_Nonnull start, size_t size, size_t length);
int apus_getwinsize(int fd, unsigned short *_Nonnull rows, unsigned short *_Nonnull columns);
int apus_setwinsize(int fd, unsigned short rows, unsigned short columns);
int apus_shm_open(const char *_Nonnull name, int flags, int mode);
int apus_shm_unlink(const char *_Nonnull name);
/// A named POSIX semaphore; NULL with errno. `flags` 0 opens one that exists.
void *_Nullable apus_sem_open(const char *_Nonnull name, int flags, int mode, unsigned value);
int apus_sem_close(void *_Nonnull semaphore);
int apus_sem_unlink(const char *_Nonnull name);
int apus_sem_wait(void *_Nonnull semaphore);
int apus_sem_trywait(void *_Nonnull semaphore);
int apus_sem_timedwait(void *_Nonnull semaphore, const struct timespec *_Nonnull until);
int apus_sem_post(void *_Nonnull semaphore);
int apus_sem_getvalue(void *_Nonnull semaphore, int *_Nonnull value);
int apus_execve_fd(int fd, char *_Nullable const *_Nonnull argv, char *_Nullable const *_Nonnull envp);

#endif
