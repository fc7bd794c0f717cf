#define _GNU_SOURCE
#include "CSockets.h"
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int apus_accept(int fd, void *address, socklen_t *length) {
  return accept4(fd, address, length, SOCK_CLOEXEC);
}

int apus_duplicate(int fd) { return fcntl(fd, F_DUPFD_CLOEXEC, 0); }

int apus_socketpair(int family, int type, int proto, int *pair) {
  return socketpair(family, type | SOCK_CLOEXEC, proto, pair);
}

int apus_bind(int fd, const void *address, socklen_t length) { return bind(fd, address, length); }

int apus_connect(int fd, const void *address, socklen_t length) {
  return connect(fd, address, length);
}

int apus_getsockname(int fd, void *address, socklen_t *length) {
  return getsockname(fd, address, length);
}

int apus_getpeername(int fd, void *address, socklen_t *length) {
  return getpeername(fd, address, length);
}

ssize_t apus_recvfrom(int fd, void *buffer, size_t size, int flags, void *address,
                      socklen_t *length) {
  return recvfrom(fd, buffer, size, flags, address, length);
}

ssize_t apus_sendto(int fd, const void *bytes, size_t size, int flags, const void *address,
                    socklen_t length) {
  return sendto(fd, bytes, size, flags, address, length);
}

int apus_set_blocking(int fd, int blocking) {
  int flag = !blocking;
  return ioctl(fd, FIONBIO, &flag);
}

int apus_interface_index(int fd, const char *name, int *index) {
  struct ifreq request;
  memset(&request, 0, sizeof request);
  strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
  if (ioctl(fd, SIOCGIFINDEX, &request) < 0) return -1;
  *index = request.ifr_ifindex;
  return 0;
}

void apus_interface_name(int fd, int index, char *name) {
  struct ifreq request;
  memset(&request, 0, sizeof request);
  request.ifr_ifindex = index;
  name[0] = 0;
  if (index && ioctl(fd, SIOCGIFNAME, &request) == 0) {
    memcpy(name, request.ifr_name, 15);
    name[15] = 0;
  }
}

size_t apus_cmsg_len(size_t size) { return CMSG_LEN(size); }
size_t apus_cmsg_space(size_t size) { return CMSG_SPACE(size); }

struct cmsghdr *apus_cmsg_next(struct msghdr *message, struct cmsghdr *current) {
  return current ? CMSG_NXTHDR(message, current) : CMSG_FIRSTHDR(message);
}

unsigned char *apus_cmsg_data(struct cmsghdr *item) { return CMSG_DATA(item); }

int apus_gethostbyname(const char *name, struct hostent *result, char *buffer, size_t size) {
  struct hostent *found = 0;
  int number = 0;
  int status = gethostbyname_r(name, result, buffer, size, &found, &number);
  if (found) return 0;
  return number ? number : status ? NO_RECOVERY : HOST_NOT_FOUND;
}

int apus_gethostbyaddr(const void *address, int size, int family, struct hostent *result,
                       char *buffer, size_t room) {
  struct hostent *found = 0;
  int number = 0;
  int status =
    gethostbyaddr_r(address, (socklen_t)size, family, result, buffer, room, &found, &number);
  if (found) return 0;
  return number ? number : status ? NO_RECOVERY : HOST_NOT_FOUND;
}

const char *apus_hstrerror(int number) { return hstrerror(number); }

int apus_sethostname(const char *name, size_t size) { return sethostname(name, size); }

int apus_getnameinfo(const void *address, socklen_t length, char *host, size_t host_size,
                     char *service, size_t service_size, int flags) {
  return getnameinfo(address, length, host, (socklen_t)host_size, service, (socklen_t)service_size,
                     flags);
}
