/* What a power cut leaves of the folder's files, and the power cut. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NAMES = 64, NAME = 64, HISTORY = 256, SECTOR = 512, LINE = 512 };

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
static const char *folder;
static int trace = -1, cut_at, cut_after;
static char cut_what[16];
static unsigned long long chance;
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

/* What is kept of these names becomes files in the folder that the environment names. */
static void write_files(const struct names *names, const char *variable) {
  const char *to = getenv(variable);
  for (int n = 0; to && n < NAMES; n++) {
    struct file *file = names->entry[n].file;
    if (!file) continue;
    char path[LINE];
    snprintf(path, sizeof path, "%s/%s", to, names->entry[n].name);
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
  write_files(&kept, "DISK_KEPT");
  say("cut %s %d %s\n", what, at, after ? "after" : "before");
  for (;;) syscall(SYS_kill, getpid(), SIGKILL);
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
