// What the benchmarks ask of Linux that Swift's importer cannot see; each function says why it stands here.
#pragma once

#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// prctl is variadic. A benchmark that is killed takes its servers with it.
static inline int cprocess_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0); }

// sched_setaffinity hides behind a feature macro. Bit n of the mask is core n.
static inline long cprocess_pin(unsigned long mask) {
  return syscall(SYS_sched_setaffinity, 0, sizeof mask, &mask);
}
