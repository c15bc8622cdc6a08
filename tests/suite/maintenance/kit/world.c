/* A world for one process: another time of day, time that has passed, a name server that does not answer. Laid under
   it with LD_PRELOAD; the three numbers in the file that WORLD names say how the world is, and can change. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { WALL_SECONDS, PASSED_SECONDS, NAMES_UNANSWERED, NUMBERS };

static volatile long long *world;

__attribute__((constructor)) static void enter(void) {
  const char *path = getenv("WORLD");
  int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0) return;
  void *map = mmap(NULL, NUMBERS * sizeof *world, PROT_READ, MAP_SHARED, file, 0);
  if (map != MAP_FAILED) world = map;
  close(file);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  int result = (int)syscall(SYS_clock_gettime, clock, time);
  if (result == 0 && world) {
    if (clock == CLOCK_REALTIME) time->tv_sec += world[WALL_SECONDS];
    if (clock == CLOCK_MONOTONIC) time->tv_sec += world[PASSED_SECONDS];
  }
  return result;
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
  static int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
  if (!real) *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
  while (world && world[NAMES_UNANSWERED]) usleep(10000);
  return real(node, service, hints, found);
}
