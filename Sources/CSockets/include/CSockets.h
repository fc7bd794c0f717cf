// The macros, unions and calls of the socket API that Swift's Glibc module does not show. Nothing
// here knows about Python objects.
#ifndef APUS_CSOCKETS_H
#define APUS_CSOCKETS_H
#include <netdb.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

/// A named number of the system. The table ends with a NULL name.
typedef struct {
  const char *_Nullable name;
  long value;
} ApusSocketConstant;
const ApusSocketConstant *_Nonnull apus_socket_table(void);

/// accept4() with SOCK_CLOEXEC; `address` is a struct sockaddr.
int apus_accept(int fd, void *_Nullable address, socklen_t *_Nullable length);
/// A duplicate that is closed on exec.
int apus_duplicate(int fd);
int apus_socketpair(int family, int type, int proto, int *_Nonnull pair);
int apus_bind(int fd, const void *_Nonnull address, socklen_t length);
int apus_connect(int fd, const void *_Nonnull address, socklen_t length);
int apus_getsockname(int fd, void *_Nonnull address, socklen_t *_Nonnull length);
int apus_getpeername(int fd, void *_Nonnull address, socklen_t *_Nonnull length);
ssize_t apus_recvfrom(int fd, void *_Nullable buffer, size_t size, int flags,
                      void *_Nonnull address, socklen_t *_Nonnull length);
ssize_t apus_sendto(int fd, const void *_Nullable bytes, size_t size, int flags,
                    const void *_Nonnull address, socklen_t length);
/// Sets or clears O_NONBLOCK with one system call.
int apus_set_blocking(int fd, int blocking);
/// Number of a network interface by the socket's ioctl; -1 with errno.
int apus_interface_index(int fd, const char *_Nonnull name, int *_Nonnull index);
/// Name of a network interface (`name` holds 16 bytes); empty when there is none.
void apus_interface_name(int fd, int index, char *_Nonnull name);

/// CMSG_LEN and CMSG_SPACE.
size_t apus_cmsg_len(size_t size);
size_t apus_cmsg_space(size_t size);
/// The first control message (`current` NULL) or the one behind `current`.
struct cmsghdr *_Nullable apus_cmsg_next(struct msghdr *_Nonnull message,
                                         struct cmsghdr *_Nullable current);
unsigned char *_Nonnull apus_cmsg_data(struct cmsghdr *_Nonnull item);

/// gethostbyname_r and gethostbyaddr_r. Zero and a filled `result`, or the h_errno.
int apus_gethostbyname(const char *_Nonnull name, struct hostent *_Nonnull result,
                       char *_Nonnull buffer, size_t size);
int apus_gethostbyaddr(const void *_Nonnull address, int size, int family,
                       struct hostent *_Nonnull result, char *_Nonnull buffer, size_t room);
const char *_Nonnull apus_hstrerror(int number);
int apus_sethostname(const char *_Nonnull name, size_t size);
/// getnameinfo() and getaddrinfo() results by untyped pointers.
int apus_getnameinfo(const void *_Nonnull address, socklen_t length, char *_Nonnull host,
                     size_t host_size, char *_Nonnull service, size_t service_size, int flags);

#endif
