/* What is sent to the site and the printer: the kernel hands every sendto back to this process as a signal, for the
   printer's bytes go without the C library's send. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <ucontext.h>

static const char *ticket;
static int site, printer, frames, tickets;

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
    say("site %d %d\n", ++frames, done > 4 ? ((unsigned char *)bytes)[4] : 0);
    maybe_cut("site", frames, 1);
  }
  if (done > 0 && to_printer) {
    if (ticket && memmem(bytes, (size_t)done, ticket, strlen(ticket))) {
      say("ticket %d %ld\n", ++tickets, done);
      maybe_cut("ticket", tickets, 1);
    }
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
  struct sigaction action = {.sa_sigaction = on_send, .sa_flags = SA_SIGINFO | SA_NODEFER};
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
