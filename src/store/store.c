/* Group commit, checks of what comes in, and followers. See store.h. */
#include "backend.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH_MAX = 256, GATHER_NS_MAX = 4 * 1000 * 1000 };

/* Each waits on a semaphore of its own: no herd at one lock when a batch is done. */
typedef struct waiter {
    write_t write; /* first: a write_t * of a batch is a waiter_t * */
    struct waiter *next;
    sem_t wake;
    bool leads; /* woken to commit for those who wait */
} waiter_t;

struct store {
    backend_t *backend;
    pthread_mutex_t lock;    /* the queue, the leader, the position */
    pthread_cond_t done;     /* the leader's place is free */
    pthread_cond_t appended; /* for followers */
    pthread_mutex_t read_lock;
    waiter_t *first, *last;
    bool leading;
    int waiting, last_count; /* in the queue; in the last commit */
    int64_t last_commit_ns;  /* how long that took */
    int64_t position;
};

bool store_open(store_t **out, const char *dir, const store_options_t *options, err_t *err)
{
    *out = NULL;
    store_t *store = calloc(1, sizeof *store);
    if (!store) return err_set(err, ERR_MEMORY, "There is not enough memory to open the data.");
    static const store_options_t none = {0};
    if (!sqlite_open(&store->backend, dir, options ? options : &none, err)) {
        free(store);
        return false;
    }
    pthread_mutex_init(&store->lock, NULL);
    pthread_mutex_init(&store->read_lock, NULL);
    pthread_cond_init(&store->done, NULL);
    pthread_condattr_t monotonic; /* a wall clock that jumps must not move a wait */
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&store->appended, &monotonic);
    pthread_condattr_destroy(&monotonic);
    *out = store;
    return true;
}

void store_close(store_t *store)
{
    if (!store) return;
    store->backend->close(store->backend);
    pthread_mutex_destroy(&store->lock);
    pthread_mutex_destroy(&store->read_lock);
    pthread_cond_destroy(&store->done);
    pthread_cond_destroy(&store->appended);
    free(store);
}

static bool name_is_well_formed(const char *name, size_t most)
{
    size_t n = strlen(name);
    if (n == 0 || n > most) return false;
    for (const char *c = name; *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || strchr("/-_.", *c)))
            return false;
    return true;
}

/* Takes up to BATCH_MAX waiters off the queue. Locked. */
static int take_batch(store_t *store, write_t *batch[BATCH_MAX])
{
    int count = 0;
    while (store->first && count < BATCH_MAX) {
        batch[count++] = &store->first->write;
        store->first = store->first->next;
    }
    if (!store->first) store->last = NULL;
    store->waiting -= count;
    return count;
}

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Those whom the last commit woke are about to come again: waiting for them, for at most half of what a commit
 * takes, makes the next one larger. Who writes alone never waits. Locked on entry and exit. */
static void gather(store_t *store)
{
    if (store->last_count < 2) return;
    int64_t until = now_ns() + store->last_commit_ns / 2;
    while (store->waiting < store->last_count && now_ns() < until) {
        pthread_mutex_unlock(&store->lock);
        sched_yield();
        pthread_mutex_lock(&store->lock);
    }
}

/* Commits for everybody who waits, until this waiter's own write is done; then the next in the queue leads. Locked on
 * entry, free on exit. */
static void lead(store_t *store, waiter_t *mine)
{
    while (!mine->write.done) {
        write_t *batch[BATCH_MAX];
        gather(store);
        int count = take_batch(store, batch), saved = 0;
        pthread_mutex_unlock(&store->lock);
        int64_t start = now_ns();
        store->backend->commit(store->backend, batch, count);
        int64_t took = now_ns() - start;
        for (int i = 0; i < count; i++) saved += batch[i]->ok;
        pthread_mutex_lock(&store->lock);
        store->last_count = count;
        store->last_commit_ns = took < GATHER_NS_MAX ? took : GATHER_NS_MAX;
        store->position += saved;
        pthread_cond_broadcast(&store->appended);
        pthread_mutex_unlock(&store->lock);
        for (int i = 0; i < count; i++) {
            waiter_t *waiter = (waiter_t *)batch[i];
            waiter->write.done = true;
            if (waiter != mine) sem_post(&waiter->wake); /* it may be gone after this */
        }
        pthread_mutex_lock(&store->lock);
    }
    waiter_t *next = store->first;
    if (next) {
        next->leads = true;
    } else {
        store->leading = false;
        pthread_cond_broadcast(&store->done);
    }
    pthread_mutex_unlock(&store->lock);
    if (next) sem_post(&next->wake);
}

bool store_append(store_t *store, const char *stream, int64_t expected, const char *kind, int64_t at_ms,
                  const char *payload, size_t length, const char *request, int64_t *seq, err_t *err)
{
    if (!name_is_well_formed(stream, STORE_NAME_MAX) || !name_is_well_formed(kind, STORE_KIND_MAX))
        return err_set(err, ERR_INPUT, "A stream and a kind of event are named with letters, digits and / - _ .");
    if (length > STORE_PAYLOAD_MAX)
        return err_set(err, ERR_LIMIT, "One event holds at most %d bytes.", STORE_PAYLOAD_MAX);
    if (request && strlen(request) > STORE_REQUEST_MAX)
        return err_set(err, ERR_INPUT, "A request id has at most %d bytes.", STORE_REQUEST_MAX);
    waiter_t mine = {.write = {.event = {.stream = stream,
                                         .kind = kind,
                                         .at_ms = at_ms,
                                         .payload = payload,
                                         .length = length,
                                         .request = request ? request : ""},
                               .expected = expected}};
    sem_init(&mine.wake, 0, 0);
    pthread_mutex_lock(&store->lock);
    if (store->last)
        store->last->next = &mine;
    else
        store->first = &mine;
    store->last = &mine;
    store->waiting++;
    bool first = !store->leading;
    store->leading = true;
    if (!first) {
        pthread_mutex_unlock(&store->lock);
        while (sem_wait(&mine.wake) != 0) { /* a signal interrupts; nobody else does */
        }
        if (mine.leads) pthread_mutex_lock(&store->lock);
    }
    if (first || mine.leads) lead(store, &mine);
    sem_destroy(&mine.wake);
    if (seq) *seq = mine.write.event.seq;
    if (!mine.write.ok && err) *err = mine.write.err;
    return mine.write.ok;
}

int64_t store_follow(store_t *store, int64_t position, int timeout_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += (long)(timeout_ms % 1000) * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    pthread_mutex_lock(&store->lock);
    while (store->position <= position && pthread_cond_timedwait(&store->appended, &store->lock, &until) == 0) {
    }
    int64_t newest = store->position;
    pthread_mutex_unlock(&store->lock);
    return newest;
}

/* ---- readers, one at a time ---- */

#define READING(call)                                                                                                  \
    do {                                                                                                               \
        pthread_mutex_lock(&store->read_lock);                                                                         \
        bool ok = (call);                                                                                              \
        pthread_mutex_unlock(&store->read_lock);                                                                       \
        return ok;                                                                                                     \
    } while (0)

bool store_read(store_t *store, const char *stream, int64_t from, store_event_fn fn, void *context, err_t *err)
{
    READING(store->backend->read(store->backend, stream, from, fn, context, err));
}

bool store_last(store_t *store, const char *stream, int64_t *seq, err_t *err)
{
    READING(store->backend->last(store->backend, stream, seq, err));
}

bool store_rows(store_t *store, const char *table, const char *prefix, store_row_fn fn, void *context, err_t *err)
{
    READING(store->backend->rows(store->backend, table, prefix, fn, context, err));
}

bool store_check(store_t *store, err_t *err)
{
    READING(store->backend->check(store->backend, err));
}

bool store_backup(store_t *store, const char *file, err_t *err)
{
    READING(store->backend->backup(store->backend, file, err));
}

/* Rebuilding writes: it takes the leader's place. */
bool store_rebuild(store_t *store, err_t *err)
{
    pthread_mutex_lock(&store->lock);
    while (store->leading) pthread_cond_wait(&store->done, &store->lock);
    store->leading = true;
    pthread_mutex_unlock(&store->lock);
    bool ok = store->backend->rebuild(store->backend, err);
    pthread_mutex_lock(&store->lock);
    store->leading = false;
    pthread_cond_broadcast(&store->done);
    pthread_mutex_unlock(&store->lock);
    return ok;
}

bool store_backup_from(const char *dir, const char *file, err_t *err)
{
    store_t *store;
    store_options_t options = {.read_only = true};
    if (!store_open(&store, dir, &options, err)) return false;
    bool ok = store_backup(store, file, err);
    store_close(store);
    return ok;
}

bool store_restore(const char *file, const char *dir, bool replace, char *aside, size_t aside_size, err_t *err)
{
    return sqlite_restore(file, dir, replace, aside, aside_size, err);
}
