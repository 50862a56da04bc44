// What Linux has and Swift's importer gets wrong or cannot see; each function says why it stands here.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/magic.h>
#include <linux/stat.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/vfs.h>

// The header hides it behind a feature macro, and defining that macro here would make this module disagree
// with Swift's Glibc module about what is in <sys/types.h>.
extern int accept4(int, struct sockaddr *restrict, socklen_t *restrict, int);
extern int fallocate(int, int, off_t, off_t);
extern int statx(int, const char *restrict, int, unsigned, struct statx *restrict);

// `struct epoll_event` is packed on x86-64, and the importer lays it out unpacked: every access from Swift
// would be four bytes off. So Swift sees a struct of our own.
struct clinux_event {
  uint64_t key;
  uint32_t events;
};

static const uint32_t clinux_readable = EPOLLIN;
static const uint32_t clinux_writable = EPOLLOUT;
// EPOLLRDHUP | EPOLLHUP | EPOLLERR: the other side will send no more, or the connection is broken.
static const uint32_t clinux_hangup = EPOLLRDHUP | EPOLLHUP | EPOLLERR;

static inline int clinux_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

// Edge-triggered and for both directions, so that one call at set-up is the only one a descriptor ever costs.
static inline int clinux_epoll_add(int epoll, int descriptor, uint64_t key) {
  struct epoll_event event;
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = key;
  return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

// For an eventfd that is never read: in this mode each write to it is an event, whatever was written before. Its other
// direction is not asked about, since that would be an event, too.
static inline int clinux_epoll_add_wakeup(int epoll, int descriptor, uint64_t key) {
  struct epoll_event event;
  event.events = EPOLLIN | EPOLLET;
  event.data.u64 = key;
  return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

// At most 256 events, unpacked into `out`; the count, or -errno.
static inline int clinux_epoll_wait(int epoll, struct clinux_event *out, int capacity, int milliseconds) {
  struct epoll_event events[256];
  int count = epoll_wait(epoll, events, capacity < 256 ? capacity : 256, milliseconds);
  if (count < 0) return -errno;
  for (int i = 0; i < count; i++) {
    out[i].key = events[i].data.u64;
    out[i].events = events[i].events;
  }
  return count;
}

// Its flags are an enum that the importer does not fold into an int.
static inline int clinux_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

// Non-blocking and close-on-exec from the first instant.
static inline int clinux_accept(int listener, struct sockaddr *address, socklen_t *length) {
  return accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

// prctl is variadic, and pthread_setname_np hides behind a feature macro.
static inline void clinux_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

// Blocks up to `block` bytes come from the heap, and the heap keeps up to `kept` free bytes at its end. Its header is
// not among Swift's.
static inline int clinux_keep_heap(int block, int kept) {
  return mallopt(M_MMAP_THRESHOLD, block) & mallopt(M_TRIM_THRESHOLD, kept);
}

// Type and flags of every socket, from an enum the importer does not fold: nothing here blocks, and nothing
// is inherited by a child process.
static const int clinux_stream_socket = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

// SEEK_DATA stands behind a feature macro in <unistd.h>: Linux, lseek(2). Negative at the end, and then `errno` says so.
static inline int64_t clinux_next_data(int file, int64_t start) { return lseek(file, start, 3); }

// Sets blocks aside for `length` bytes from `start` on, behind the end of a file, if `spare` bytes are free besides; the
// file's length stays. Only on ext4: XFS does as much by itself, and Btrfs would no longer compress the file. Neither
// call nor structure is among Swift's. Nobody learns whether it worked: what follows is the same.
static inline void clinux_set_blocks_aside(int file, int64_t start, int64_t length, int64_t spare) {
  struct statfs system;
  if (fstatfs(file, &system) != 0 || system.f_type != EXT4_SUPER_MAGIC) return;
  if (system.f_bavail < (uint64_t)(spare / system.f_bsize)) return;
  (void)fallocate(file, FALLOC_FL_KEEP_SIZE, start, length);
}

struct clinux_file {
  uint64_t device;
  uint64_t inode;
  int64_t size;
  uint32_t names;
  uint32_t type;
  uint32_t owner;
  uint32_t group;
  uint32_t permissions;
};

// What stat tells of the file of this path, but for its times. To a file that was asked for those since Linux 6.13, the
// next write gives exact ones, and has them journalled. The call hides behind a feature macro.
static inline int clinux_look(int directory, const char *path, int flags, struct clinux_file *out) {
  struct statx found;
  unsigned wanted = STATX_TYPE | STATX_MODE | STATX_INO | STATX_SIZE | STATX_NLINK | STATX_UID | STATX_GID;
  if (statx(directory, path, flags, wanted, &found) != 0) return -1;
  out->device = (uint64_t)found.stx_dev_major << 32 | found.stx_dev_minor;
  out->inode = found.stx_ino;
  out->size = (int64_t)found.stx_size;
  out->names = found.stx_nlink;
  out->type = found.stx_mode & S_IFMT;
  out->owner = found.stx_uid;
  out->group = found.stx_gid;
  out->permissions = found.stx_mode & 07777;
  return 0;
}

static inline int clinux_look_up(const char *path, struct clinux_file *out) {
  return clinux_look(AT_FDCWD, path, 0, out);
}

// The same of an open file: AT_EMPTY_PATH, which hides, too.
static inline int clinux_look_at(int file, struct clinux_file *out) { return clinux_look(file, "", 0x1000, out); }

// O_PATH, which hides, too: a folder that may be entered can be named so, without leave to list it.
static const int clinux_by_path = 010000000;
