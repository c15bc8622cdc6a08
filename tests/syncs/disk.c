/* A disk that keeps only what was synced, laid under one process with LD_PRELOAD, and a power switch.

   The files directly in the folder DISK_DIR are the process's own view, as they stand. What a power cut would leave of
   them is kept beside that, in memory: a write or a cut of a file's length counts once the file was synced, a name (made,
   changed, removed) once the folder was. The environment says more:

     DISK_TRACE      a file that gets a line a write, a sync and an effect
     DISK_KEPT       a folder that gets what is kept at the power cut, or at the process's end
     DISK_CUT        when the power goes: sync:N:before, sync:N:after, site:N:after, printer:N:after; N counts from 1
     DISK_REST       a seed: of what was not synced some reached the disk too, in any order, by sectors
     DISK_SKIP       syncs of the file of this name (".": of the folder; "*": of all) do nothing
     DISK_SYNC_MS    so long a sync takes: what was sent before it reaches its receiver before it is done
     DISK_SITE       the site's port and the printer's: bytes to them are effects
     DISK_PRINTER

   The printer's bytes are sent without the C library's send: the kernel hands every sendto back to this process. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <dirent.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

enum { NAMES = 64, NAME = 64, HANDLES = 4096, HISTORY = 256, SECTOR = 512, LINE = 512 };

/* A write that was not synced; without bytes: the file's length was set to `at`. */
struct change {
  size_t at, length;
  unsigned char *bytes;
  struct change *next;
};

struct file {
  unsigned char *kept;
  size_t length;
  struct change *first, **last;
  char name[NAME];
};

struct names {
  struct {
    char name[NAME];
    struct file *file;
  } entry[NAMES];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *folder, *skip;
static int trace = -1, site, printer, sync_ms, cut_at, cut_after;
static char cut_what[16];
static unsigned long long chance;
static int syncs, site_sends, printer_sends;
static struct file *handles[HANDLES], the_folder;
/* The folder as the process sees it, as it was last synced, and every state between, the oldest first. */
static struct names seen, kept, history[HISTORY];
static int changes;

static void say(const char *form, ...) {
  char line[LINE];
  va_list values;
  va_start(values, form);
  int length = vsnprintf(line, sizeof line, form, values);
  va_end(values);
  if (length >= LINE) length = LINE - 1;
  if (trace >= 0) syscall(SYS_write, trace, line, length);
}

static void die(const char *why, const char *what) {
  say("broken %s %s\n", why, what);
  static const char told[] = "disk.c panicked: see its trace\n";
  syscall(SYS_write, 2, told, sizeof told - 1);
  abort();
}

static void *memory(void *old, size_t length) {
  void *found = realloc(old, length ? length : 1);
  if (!found) die("no memory", "");
  return found;
}

static int one_in_two(void) {
  chance ^= chance << 13, chance ^= chance >> 7, chance ^= chance << 17;
  return chance >> 33 & 1;
}

static void keep_length(struct file *file, size_t length) {
  file->kept = memory(file->kept, length);
  if (length > file->length) memset(file->kept + file->length, 0, length - file->length);
  file->length = length;
}

static void keep_bytes(struct file *file, size_t at, const unsigned char *bytes, size_t length) {
  if (at + length > file->length) keep_length(file, at + length);
  memcpy(file->kept + at, bytes, length);
}

/* All changes reach the disk; or, when the power goes, each sector of each by chance. */
static void keep_changes(struct file *file, int by_chance) {
  for (struct change *change = file->first, *next; change; change = next) {
    if (!change->bytes) {
      if (!by_chance || one_in_two()) keep_length(file, change->at);
    } else if (!by_chance) {
      keep_bytes(file, change->at, change->bytes, change->length);
    } else {
      for (size_t from = 0, to; from < change->length; from = to) {
        to = from + SECTOR - (change->at + from) % SECTOR;
        if (to > change->length) to = change->length;
        if (one_in_two()) keep_bytes(file, change->at + from, change->bytes + from, to - from);
      }
    }
    next = change->next;
    free(change->bytes);
    free(change);
  }
  file->first = NULL;
  file->last = &file->first;
}

static void changed(struct file *file, size_t at, const void *bytes, size_t length) {
  struct change *change = memory(NULL, sizeof *change);
  *change = (struct change){at, length, bytes ? memory(NULL, length) : NULL, NULL};
  if (bytes) memcpy(change->bytes, bytes, length);
  *file->last = change;
  file->last = &change->next;
}

static struct file *new_file(const char *name) {
  struct file *file = memory(NULL, sizeof *file);
  *file = (struct file){.last = &file->first};
  snprintf(file->name, NAME, "%s", name);
  return file;
}

/* The place of a name; of a free one for "". */
static int place(const char *name) {
  for (int n = 0; n < NAMES; n++)
    if (!strcmp(seen.entry[n].name, name)) return n;
  return -1;
}

static void name_file(const char *name, struct file *file) {
  int n = place(name);
  if (n < 0) n = place("");
  if (n < 0) die("too many files", name);
  snprintf(seen.entry[n].name, NAME, "%s", name);
  seen.entry[n].file = file;
}

static void forget_name(int n) { memset(&seen.entry[n], 0, sizeof seen.entry[n]); }

static void folder_changed(void) {
  if (changes == HISTORY) die("the folder is never synced", folder);
  history[changes++] = seen;
}

/* What is kept becomes files again. */
static void write_kept(void) {
  const char *to = getenv("DISK_KEPT");
  for (int n = 0; to && n < NAMES; n++) {
    struct file *file = kept.entry[n].file;
    if (!file) continue;
    char path[LINE];
    snprintf(path, sizeof path, "%s/%s", to, kept.entry[n].name);
    int out = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (out < 0) die("cannot write", path);
    for (size_t done = 0; done < file->length;) {
      long more = syscall(SYS_write, out, file->kept + done, file->length - done);
      if (more <= 0) die("cannot write", path);
      done += (size_t)more;
    }
    syscall(SYS_close, out);
  }
}

/* The power goes, if it is to go here. The lock is held: nobody else syncs or sends meanwhile. */
static void maybe_cut(const char *what, int at, int after) {
  if (at != cut_at || after != cut_after || strcmp(what, cut_what)) return;
  if (chance) {
    int upto = 0;
    while (upto < changes && one_in_two()) upto++;
    if (upto) kept = history[upto - 1];
    for (int n = 0; n < NAMES; n++)
      if (kept.entry[n].file) keep_changes(kept.entry[n].file, 1);
  }
  write_kept();
  say("cut %s %d %s\n", what, at, after ? "after" : "before");
  for (;;) syscall(SYS_kill, getpid(), SIGKILL);
}

/* Sending: told by the kernel as a signal, done here. */

static int port_of(int handle) {
  struct sockaddr_in peer = {0};
  socklen_t length = sizeof peer;
  if (getpeername(handle, (struct sockaddr *)&peer, &length) || peer.sin_family != AF_INET) return 0;
  return ntohs(peer.sin_port);
}

static long sent(int handle, void *bytes, size_t length, int flags, void *to, socklen_t to_length) {
  struct iovec piece = {bytes, length};
  struct msghdr message = {.msg_name = to, .msg_namelen = to_length, .msg_iov = &piece, .msg_iovlen = 1};
  int port = port_of(handle);
  int to_site = port && port == site, to_printer = port && port == printer;
  if (to_site || to_printer) pthread_mutex_lock(&lock);
  long done = syscall(SYS_sendmsg, handle, &message, flags);
  if (done < 0) done = -errno;
  if (done > 0 && to_site) {
    /* The default frame: its length in four bytes, then the command. */
    say("site %d %d\n", ++site_sends, done > 4 ? ((unsigned char *)bytes)[4] : 0);
    maybe_cut("site", site_sends, 1);
  }
  if (done > 0 && to_printer) {
    say("printer %d %ld\n", ++printer_sends, done);
    maybe_cut("printer", printer_sends, 1);
  }
  if (to_site || to_printer) pthread_mutex_unlock(&lock);
  return done;
}

static void on_send(int signal, siginfo_t *info, void *context) {
  (void)signal, (void)info;
  int error = errno;
  mcontext_t *machine = &((ucontext_t *)context)->uc_mcontext;
#if defined __x86_64__
  long long *all = (long long *)machine->gregs;
  all[REG_RAX] = sent((int)all[REG_RDI], (void *)all[REG_RSI], (size_t)all[REG_RDX], (int)all[REG_R10],
                      (void *)all[REG_R8], (socklen_t)all[REG_R9]);
#elif defined __aarch64__
  unsigned long long *all = machine->regs;
  all[0] = (unsigned long long)sent((int)all[0], (void *)all[1], (size_t)all[2], (int)all[3], (void *)all[4],
                                    (socklen_t)all[5]);
#else
#error "the registers of a system call are known for x86-64 and AArch64"
#endif
  errno = error;
}

static void watch_sends(void) {
  struct sigaction action = {.sa_sigaction = on_send, .sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK};
  struct sock_filter rules[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sendto, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof rules / sizeof *rules, rules};
  if (sigaction(SIGSYS, &action, NULL) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
    say("unwatched %d\n", errno);
}

static int number(const char *name) {
  const char *text = getenv(name);
  return text ? atoi(text) : 0;
}

/* What lies in the folder at the start is on the disk. */
static void look_around(void) {
  DIR *dir = opendir(folder);
  for (struct dirent *entry; dir && (entry = readdir(dir));) {
    char path[LINE];
    if (entry->d_type != DT_REG) continue;
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    int in = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    struct file *file = new_file(entry->d_name);
    unsigned char bytes[4096];
    for (long more; in >= 0 && (more = syscall(SYS_read, in, bytes, sizeof bytes)) > 0;)
      keep_bytes(file, file->length, bytes, (size_t)more);
    syscall(SYS_close, in);
    name_file(entry->d_name, file);
  }
  if (dir) closedir(dir);
  kept = seen;
}

__attribute__((constructor)) static void enter(void) {
  const char *path = getenv("DISK_TRACE"), *cut = getenv("DISK_CUT"), *rest = getenv("DISK_REST");
  if (!path) return;
  trace = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  skip = getenv("DISK_SKIP");
  site = number("DISK_SITE");
  printer = number("DISK_PRINTER");
  sync_ms = number("DISK_SYNC_MS");
  char side[16] = "";
  if (cut && sscanf(cut, "%15[a-z]:%d:%15s", cut_what, &cut_at, side) != 3) die("DISK_CUT", cut);
  cut_after = !strcmp(side, "after");
  chance = rest ? strtoull(rest, NULL, 10) * 2 + 1 : 0;
  watch_sends();
  folder = getenv("DISK_DIR");
  look_around();
}

__attribute__((destructor)) static void leave(void) {
  if (folder) write_kept();
}

/* The calls. */

/* The name of a file directly in the folder; "." for the folder itself. */
static const char *name_in_folder(const char *path) {
  size_t length = folder ? strlen(folder) : 0;
  if (!folder || strncmp(path, folder, length)) return NULL;
  if (!path[length]) return ".";
  const char *name = path + length + 1;
  if (path[length] != '/' || !*name) return NULL;
  if (strlen(name) >= NAME) die("a long name", name);
  return strchr(name, '/') ? NULL : name;
}

static struct file *file_of(int handle) {
  return handle >= 0 && handle < HANDLES ? handles[handle] : NULL;
}

static int opened(const char *path, int flags, mode_t mode) {
  pthread_mutex_lock(&lock);
  int handle = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  int error = errno;
  if (handle >= 0 && handle < HANDLES) {
    const char *name = name_in_folder(path);
    struct file *file = NULL;
    if (name && !strcmp(name, ".")) {
      file = &the_folder;
    } else if (name) {
      int n = place(name);
      file = n < 0 ? NULL : seen.entry[n].file;
      if (!file && (flags & O_CREAT)) {
        name_file(name, file = new_file(name));
        folder_changed();
      } else if (!file) {
        die("a file made unseen", name);
      } else if (flags & O_TRUNC) {
        changed(file, 0, NULL, 0);
      }
    }
    handles[handle] = file;
  }
  pthread_mutex_unlock(&lock);
  errno = error;
  return handle;
}

int open(const char *path, int flags, ...) {
  va_list values;
  va_start(values, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(values, mode_t) : 0;
  va_end(values);
  return opened(path, flags, mode);
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));

int close(int handle) {
  if (handle >= 0 && handle < HANDLES) handles[handle] = NULL;
  return (int)syscall(SYS_close, handle);
}

/* So many bytes were written to a file and end at its handle's place, or at `at`. */
static void wrote(int handle, const void *bytes, long done, off_t at) {
  struct file *file = file_of(handle);
  if (!file || done <= 0) return;
  int error = errno;
  if (at < 0) at = lseek(handle, 0, SEEK_CUR) - done;
  pthread_mutex_lock(&lock);
  changed(file, (size_t)at, bytes, (size_t)done);
  say("write %s %ld\n", file->name, done);
  pthread_mutex_unlock(&lock);
  errno = error;
}

ssize_t write(int handle, const void *bytes, size_t length) {
  ssize_t done = syscall(SYS_write, handle, bytes, length);
  wrote(handle, bytes, done, -1);
  return done;
}

ssize_t writev(int handle, const struct iovec *pieces, int count) {
  if (!file_of(handle)) return syscall(SYS_writev, handle, pieces, count);
  ssize_t all = 0;
  for (int n = 0; n < count; n++) {
    ssize_t done = write(handle, pieces[n].iov_base, pieces[n].iov_len);
    if (done < 0) return all ? all : done;
    all += done;
    if ((size_t)done < pieces[n].iov_len) break;
  }
  return all;
}

ssize_t pwrite(int handle, const void *bytes, size_t length, off_t at) {
  ssize_t done = syscall(SYS_pwrite64, handle, bytes, length, at);
  wrote(handle, bytes, done, at);
  return done;
}

ssize_t pwrite64(int, const void *, size_t, off64_t) __attribute__((alias("pwrite")));

int ftruncate(int handle, off_t length) {
  int result = (int)syscall(SYS_ftruncate, handle, length);
  struct file *file = file_of(handle);
  if (result || !file) return result;
  pthread_mutex_lock(&lock);
  changed(file, (size_t)length, NULL, 0);
  say("length %s %ld\n", file->name, (long)length);
  pthread_mutex_unlock(&lock);
  return 0;
}

int ftruncate64(int, off64_t) __attribute__((alias("ftruncate")));

static int synced(int handle, long call) {
  struct file *file = file_of(handle);
  if (!file) return (int)syscall(call, handle);
  const char *name = file == &the_folder ? "." : file->name;
  struct timespec pause = {sync_ms / 1000, sync_ms % 1000 * 1000000L};
  if (file != &the_folder) nanosleep(&pause, NULL);
  pthread_mutex_lock(&lock);
  int at = ++syncs, skipped = skip && (!strcmp(skip, "*") || !strcmp(skip, name));
  maybe_cut("sync", at, 0);
  say("%s %d %s\n", skipped ? "skipped" : "sync", at, name);
  if (!skipped && file == &the_folder) {
    kept = seen;
    changes = 0;
  } else if (!skipped) {
    keep_changes(file, 0);
  }
  maybe_cut("sync", at, 1);
  pthread_mutex_unlock(&lock);
  return 0;
}

int fsync(int handle) { return synced(handle, SYS_fsync); }

int fdatasync(int handle) { return synced(handle, SYS_fdatasync); }

int rename(const char *from, const char *to) {
  pthread_mutex_lock(&lock);
  int result = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
  int error = errno;
  const char *old = name_in_folder(from), *new = name_in_folder(to);
  if (!result && (old || new)) {
    int n = old ? place(old) : -1;
    if (n < 0 || !new) die("a name from elsewhere", from);
    struct file *file = seen.entry[n].file;
    forget_name(n);
    name_file(new, file);
    snprintf(file->name, NAME, "%s", new);
    folder_changed();
  }
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

int unlink(const char *path) {
  pthread_mutex_lock(&lock);
  int result = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
  int error = errno;
  const char *name = name_in_folder(path);
  int n = !result && name ? place(name) : -1;
  if (n >= 0) {
    forget_name(n);
    folder_changed();
  }
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

/* What is written through memory would not be seen here. */
void *mmap(void *at, size_t length, int protection, int flags, int handle, off_t from) {
  struct file *file = file_of(handle);
  if (file && (protection & PROT_WRITE) && (flags & MAP_SHARED)) die("written through memory", file->name);
  return (void *)syscall(SYS_mmap, at, length, protection, flags, handle, from);
}

void *mmap64(void *, size_t, int, int, int, off64_t) __attribute__((alias("mmap")));
