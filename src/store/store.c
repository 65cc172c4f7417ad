/* Group commit, checks of what comes in, and followers. See store.h. */
#include "backend.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { BATCH_MAX = 256, GATHER_NS_MAX = 2 * 1000 * 1000 };

typedef struct waiter {
    write_t write; /* first: a write_t * of a batch is a waiter_t * */
    struct waiter *next;
    atomic_bool done; /* may be gone once this is set */
} waiter_t;

struct store {
    backend_t *backend;
    pthread_mutex_t lock; /* everything but the backend */
    /* changes when a batch is done: one for batches with even numbers, one for odd */
    _Atomic uint32_t saved[2];
    pthread_cond_t idle;     /* nobody leads */
    pthread_cond_t appended; /* for followers */
    pthread_mutex_t read_lock;
    waiter_t *first, *last;
    waiter_t *gatherer;         /* who waits for more to come; NULL when nobody does */
    bool leading;               /* somebody commits */
    unsigned batch;             /* number of the next one */
    int waiting, expected;      /* in the queue; how many are likely to be there soon */
    struct timespec gather_end; /* when to commit even if fewer are there */
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
    pthread_cond_init(&store->idle, NULL);
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
    pthread_cond_destroy(&store->idle);
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
        if (store->gatherer == store->first) store->gatherer = NULL;
        batch[count++] = &store->first->write;
        store->first = store->first->next;
    }
    if (!store->first) store->last = NULL;
    store->waiting -= count;
    return count;
}

static struct timespec now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t;
}

static int64_t ns_between(struct timespec from, struct timespec to)
{
    return (int64_t)(to.tv_sec - from.tv_sec) * 1000000000 + (to.tv_nsec - from.tv_nsec);
}

static struct timespec later(struct timespec t, int64_t ns)
{
    ns += t.tv_nsec;
    return (struct timespec){.tv_sec = t.tv_sec + (time_t)(ns / 1000000000), .tv_nsec = (long)(ns % 1000000000)};
}

/* Waking a batch is one system call, and who wakes looks at a flag of its own. A condition variable would send all of
 * them through the lock, a semaphore each would let each that wakes interrupt the one that wakes the others. */

/* Sleeps until `word` is woken, unless it is no longer `seen`. `until` (CLOCK_MONOTONIC) may be NULL. false: time is
 * up. */
static bool word_wait(_Atomic uint32_t *word, uint32_t seen, const struct timespec *until)
{
    long code = syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, seen, until, NULL, FUTEX_BITSET_MATCH_ANY);
    return code == 0 || errno != ETIMEDOUT;
}

static void word_wake(_Atomic uint32_t *word, int most)
{
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, most, NULL, NULL, 0);
}

/* Gives up the leader's place; one of those who wait takes it. Locked. */
static void step_down(store_t *store)
{
    store->leading = false;
    pthread_cond_broadcast(&store->idle);
    if (!store->first) return;
    _Atomic uint32_t *word = &store->saved[store->batch & 1];
    atomic_fetch_add(word, 1);
    word_wake(word, 1);
}

/* Commits one batch of those who wait. Locked on entry, free on exit. */
static void lead(store_t *store)
{
    write_t *batch[BATCH_MAX];
    store->leading = true;
    int count = take_batch(store, batch), ok = 0;
    _Atomic uint32_t *saved = &store->saved[store->batch++ & 1];
    pthread_mutex_unlock(&store->lock);
    struct timespec start = now();
    store->backend->commit(store->backend, batch, count);
    struct timespec end = now();
    int64_t took = ns_between(start, end);
    for (int i = 0; i < count; i++) ok += batch[i]->ok;
    pthread_mutex_lock(&store->lock);
    store->position += ok;
    store->expected = count + store->waiting; /* those who are done now will come again */
    store->gather_end = later(end, took < GATHER_NS_MAX ? took : GATHER_NS_MAX);
    step_down(store);
    pthread_cond_broadcast(&store->appended);
    pthread_mutex_unlock(&store->lock);
    for (int i = 0; i < count; i++) atomic_store(&((waiter_t *)batch[i])->done, true);
    if (count == 1) return;
    atomic_fetch_add(saved, 1);
    word_wake(saved, INT_MAX);
}

/* Those whom the last commit woke are about to come again: who finds nobody leading waits for them, for at most as
 * long as a commit takes, which makes the next one larger. The one who completes their number leads at once; so does
 * who writes alone. Locked on entry, free on exit. */
static void wait_or_lead(store_t *store, waiter_t *mine, _Atomic uint32_t *saved)
{
    bool late = false;
    for (;;) {
        if (!store->leading && (late || store->waiting >= store->expected)) {
            lead(store);
        } else {
            bool gathers = !store->leading && !store->gatherer;
            if (gathers) store->gatherer = mine;
            uint32_t seen = atomic_load(saved);
            struct timespec until = store->gather_end;
            pthread_mutex_unlock(&store->lock);
            late = !word_wait(saved, seen, gathers ? &until : NULL);
        }
        if (atomic_load(&mine->done)) return;
        pthread_mutex_lock(&store->lock);
        if (store->gatherer == mine) store->gatherer = NULL;
    }
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
    pthread_mutex_lock(&store->lock);
    _Atomic uint32_t *saved = &store->saved[(store->batch + (unsigned)(store->waiting / BATCH_MAX)) & 1];
    if (store->last)
        store->last->next = &mine;
    else
        store->first = &mine;
    store->last = &mine;
    store->waiting++;
    wait_or_lead(store, &mine, saved);
    if (seq) *seq = mine.write.event.seq;
    if (!mine.write.ok && err) *err = mine.write.err;
    return mine.write.ok;
}

int64_t store_follow(store_t *store, int64_t position, int timeout_ms)
{
    struct timespec until = later(now(), (int64_t)timeout_ms * 1000000);
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

/* What writes beside the appenders takes the leader's place. */
static void lead_alone(store_t *store)
{
    pthread_mutex_lock(&store->lock);
    while (store->leading) pthread_cond_wait(&store->idle, &store->lock);
    store->leading = true;
    pthread_mutex_unlock(&store->lock);
}

static void lead_no_more(store_t *store)
{
    pthread_mutex_lock(&store->lock);
    step_down(store);
    pthread_mutex_unlock(&store->lock);
}

bool store_rebuild(store_t *store, err_t *err)
{
    lead_alone(store);
    bool ok = store->backend->rebuild(store->backend, err);
    lead_no_more(store);
    return ok;
}

bool store_erase(store_t *store, const char *const *streams, int count, err_t *err)
{
    if (count < 0 || count > STORE_ERASE_MAX)
        return err_set(err, ERR_LIMIT, "At most %d records are erased at once.", STORE_ERASE_MAX);
    for (int i = 0; i < count; i++)
        if (!name_is_well_formed(streams[i], STORE_NAME_MAX))
            return err_set(err, ERR_INPUT, "A stream is named with letters, digits and / - _ .");
    lead_alone(store);
    pthread_mutex_lock(&store->read_lock); /* a reader would hold the old pages */
    bool ok = store->backend->erase(store->backend, streams, count, err);
    pthread_mutex_unlock(&store->read_lock);
    lead_no_more(store);
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
