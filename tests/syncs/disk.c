/* A disk that keeps only what was synced, laid under one process with LD_PRELOAD, and a power switch.

   The files directly in the folder DISK_DIR are the process's own view, as they stand. What a power cut would leave of
   them is kept beside that, in memory: a write or a cut of a file's length counts once the file was synced, a name (made,
   changed, removed) once the folder was. The environment says more:

     DISK_TRACE      a file that gets a line a write, a sync and an effect
     DISK_KEPT       a folder that gets what is kept at the power cut, or at the process's end
     DISK_SEEN       a folder that gets, at that end, what was seen of the process's files: all that it wrote
     DISK_CUT        when the power goes: sync:N:before, sync:N:after, site:N:after, ticket:N:after; N counts from 1
     DISK_REST       a seed: of what was not synced some reached the disk too, in any order, by sectors
     DISK_SKIP       syncs of the file of this name (".": of the folder; "*": of all) do nothing
     DISK_SYNC_MS    so long a sync takes once the site has heard of the process: an effect that does not wait for it
                     comes first
     DISK_SITE       the site's port: frames to it are effects
     DISK_PRINTER    the printer's port: bytes to it with the text DISK_TICKET in them are a ticket, an effect
     DISK_TICKET */
#define _GNU_SOURCE
#include "kept.h"
#include "sends.h"
#include <sys/mman.h>
#include <time.h>

enum { HANDLES = 4096 };

static const char *skip;
static int sync_ms, syncs;
static struct file *handles[HANDLES], the_folder;

static int number(const char *name) {
  const char *text = getenv(name);
  return text ? atoi(text) : 0;
}

__attribute__((constructor)) static void enter(void) {
  const char *path = getenv("DISK_TRACE"), *cut = getenv("DISK_CUT"), *rest = getenv("DISK_REST");
  if (!path) return;
  trace = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  skip = getenv("DISK_SKIP");
  ticket = getenv("DISK_TICKET");
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

/* The lock stays taken: what other threads still write is not kept. */
__attribute__((destructor)) static void leave(void) {
  if (!folder) return;
  pthread_mutex_lock(&lock);
  write_files(&kept, "DISK_KEPT");
  for (int n = 0; n < NAMES; n++)
    if (seen.entry[n].file) keep_changes(seen.entry[n].file, 0);
  write_files(&seen, "DISK_SEEN");
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
  if (file != &the_folder && frames) nanosleep(&pause, NULL);
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
