/* See parallel.h. */
#include "parallel.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

typedef struct {
    void (*run)(void *context, size_t task, int thread);
    void *context;
    size_t tasks;
    atomic_size_t next;
} crew_t;

typedef struct {
    crew_t *crew;
    int thread;
} worker_t;

static void *work(void *given)
{
    const worker_t *me = given;
    crew_t *crew = me->crew;
    for (size_t task; (task = atomic_fetch_add(&crew->next, 1)) < crew->tasks;)
        crew->run(crew->context, task, me->thread);
    return NULL;
}

void parallel_run(int threads, size_t tasks, void (*run)(void *context, size_t task, int thread), void *context)
{
    assert(threads >= 1 && threads <= PARALLEL_THREADS_MAX);
    crew_t crew = {.run = run, .context = context, .tasks = tasks};
    worker_t workers[PARALLEL_THREADS_MAX];
    pthread_t ids[PARALLEL_THREADS_MAX];
    int started = 0;
    atomic_init(&crew.next, 0);
    if ((size_t)threads > tasks) threads = tasks ? (int)tasks : 1;
    for (int i = 1; i < threads; i++) {
        workers[started + 1] = (worker_t){&crew, started + 1};
        if (pthread_create(&ids[started], NULL, work, &workers[started + 1]) != 0) break;
        started++;
    }
    workers[0] = (worker_t){&crew, 0};
    work(&workers[0]);
    for (int i = 0; i < started; i++) pthread_join(ids[i], NULL);
}
