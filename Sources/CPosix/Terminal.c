#define _GNU_SOURCE
#include "CPosix.h"
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <syslog.h>

void apus_syslog(int priority, const char *text) { syslog(priority, "%s", text); }

const void *apus_memmem(const void *bytes, size_t size, const void *part, size_t count) {
  return memmem(bytes, size, part, count);
}

void *apus_mremap(void *start, size_t size, size_t length) {
  return mremap(start, size, length, MREMAP_MAYMOVE);
}

int apus_getwinsize(int fd, unsigned short *rows, unsigned short *columns) {
  struct winsize size;
  if (ioctl(fd, TIOCGWINSZ, &size) < 0) return -1;
  *rows = size.ws_row;
  *columns = size.ws_col;
  return 0;
}

int apus_setwinsize(int fd, unsigned short rows, unsigned short columns) {
  struct winsize size;
  // The pixel sizes stay as they are.
  if (ioctl(fd, TIOCGWINSZ, &size) < 0) return -1;
  size.ws_row = rows;
  size.ws_col = columns;
  return ioctl(fd, TIOCSWINSZ, &size);
}
