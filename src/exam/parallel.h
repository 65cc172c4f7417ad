/* Tasks shared out among threads. Each task writes only what is its own, so that results do not depend on how many
 * threads there are or which of them takes what. */
#ifndef TITER_EXAM_PARALLEL_H
#define TITER_EXAM_PARALLEL_H

#include <stddef.h>

enum { PARALLEL_THREADS_MAX = 64 };

/* Runs run(context, task, thread) for each task below `tasks` on at most `threads` threads, the caller's among them.
 * `thread` is below `threads`: it names scratch memory. A thread that cannot be started is done without. */
void parallel_run(int threads, size_t tasks, void (*run)(void *context, size_t task, int thread), void *context);

#endif
