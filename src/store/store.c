/* Group commit, checks of what comes in, and followers. See store.h. */
#include "backend.h"

#include <assert.h>
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

enum { BATCH_MAX = 256, GATHER_NS_MAX = 2 * 1000 * 1000, NS = 1000 * 1000 * 1000 };

/* What somebody waits for: an append, or what is done alone. */
typedef enum { APPEND, REBUILD, ERASE } task_t;

typedef struct waiter {
    write_t write; /* first: a write_t * of a batch is a waiter_t * */
    task_t task;
    const char *const *streams; /* to erase */
    int stream_count;
    struct waiter *next; /* in the queue who came before, in a batch who came after */
    atomic_bool done;    /* may be gone once this is set */
} waiter_t;

static_assert(_Alignof(waiter_t) > 1, "the lowest bit of its address is free");

/* Who comes puts itself on the queue without a lock. Who finds nobody leading may lead: it takes all who are there as
 * one batch. The others sleep on the word of their batch. */
struct store {
    backend_t *backend;       /* the leader's, and its readers' under read_lock */
    _Atomic uintptr_t queue;  /* the newest waiter; the lowest bit says which of the two words its batch has */
    _Atomic uint32_t word[2]; /* changes when a batch is done: one for every other batch */
    atomic_bool leading;
    atomic_int waiting, expected; /* in the queue, about; how many are likely to be there soon */
    _Atomic int64_t gather_end;   /* when to commit even if fewer are there, ns */
    pthread_mutex_t read_lock;
    pthread_mutex_t position_lock;
    pthread_cond_t appended; /* for followers */
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
    pthread_mutex_init(&store->position_lock, NULL);
    pthread_mutex_init(&store->read_lock, NULL);
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
    pthread_mutex_destroy(&store->position_lock);
    pthread_mutex_destroy(&store->read_lock);
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

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * NS + t.tv_nsec;
}

static struct timespec timespec_of(int64_t ns)
{
    return (struct timespec){.tv_sec = (time_t)(ns / NS), .tv_nsec = (long)(ns % NS)};
}

/* ---- sleeping and waking ---- */

/* Waking a batch is one system call, and who wakes looks at a flag of its own. A condition variable would send all of
 * them through a lock, a semaphore each would let each that wakes interrupt the one that wakes the others. */

enum { ANY = 1, GATHERER = 2 }; /* who is meant */

/* Sleeps until `word` is woken, unless it is no longer `seen`. `until` (ns, CLOCK_MONOTONIC) 0: for as long as it
 * takes. false: time is up. */
static bool word_wait(_Atomic uint32_t *word, uint32_t seen, int64_t until, uint32_t who)
{
    struct timespec end = timespec_of(until);
    long code = syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, seen, until ? &end : NULL, NULL, who);
    return code == 0 || errno != ETIMEDOUT;
}

static void word_wake(_Atomic uint32_t *word, uint32_t who)
{
    atomic_fetch_add(word, 1);
    syscall(SYS_futex, word, FUTEX_WAKE_BITSET_PRIVATE, INT_MAX, NULL, NULL, who);
}

/* ---- the queue ---- */

/* Puts itself on the queue: the word of its batch, and whether it is the first of it. */
static _Atomic uint32_t *enter(store_t *store, waiter_t *mine, bool *first)
{
    uintptr_t newest = atomic_load(&store->queue), mark;
    do {
        mark = newest & 1;
        mine->next = (waiter_t *)(newest - mark);
        *first = mine->next == NULL; /* another thread's as soon as it is in */
    } while (!atomic_compare_exchange_weak(&store->queue, &newest, (uintptr_t)mine | mark));
    atomic_fetch_add(&store->waiting, 1);
    return &store->word[mark];
}

/* Takes all off the queue, in the order they came; who comes now belongs to the other word. */
static waiter_t *take_all(store_t *store, _Atomic uint32_t **word)
{
    uintptr_t newest = atomic_load(&store->queue);
    while (!atomic_compare_exchange_weak(&store->queue, &newest, (newest & 1) ^ 1)) {
    }
    *word = &store->word[newest & 1];
    waiter_t *first = NULL;
    for (waiter_t *at = (waiter_t *)(newest & ~(uintptr_t)1), *before; at; at = before) {
        before = at->next;
        at->next = first;
        first = at;
    }
    return first;
}

/* ---- leading ---- */

static void do_alone(store_t *store, waiter_t *waiter)
{
    backend_t *backend = store->backend;
    write_t *write = &waiter->write;
    if (waiter->task == REBUILD) {
        write->ok = backend->rebuild(backend, &write->err);
        return;
    }
    pthread_mutex_lock(&store->read_lock); /* a reader would hold the old pages */
    write->ok = backend->erase(backend, waiter->streams, waiter->stream_count, &write->err);
    pthread_mutex_unlock(&store->read_lock);
}

/* Does what a batch waits for; gives how many there were, and how many events were appended. */
static int do_all(store_t *store, waiter_t *first, int *appended)
{
    write_t *batch[BATCH_MAX];
    int all = 0;
    *appended = 0;
    while (first) {
        int count = 0;
        for (; first && first->task == APPEND && count < BATCH_MAX; first = first->next) batch[count++] = &first->write;
        if (count) store->backend->commit(store->backend, batch, count);
        for (int i = 0; i < count; i++) *appended += batch[i]->ok;
        all += count;
        for (; first && first->task != APPEND; first = first->next, all++) do_alone(store, first);
    }
    return all;
}

/* Who leads no more wakes the one that gathers the next batch. */
static void step_down(store_t *store)
{
    atomic_store(&store->leading, false);
    uintptr_t newest = atomic_load(&store->queue);
    if (newest > 1) word_wake(&store->word[newest & 1], GATHERER);
}

/* Commits those who wait. Nobody else leads. */
static void lead(store_t *store, const waiter_t *mine)
{
    _Atomic uint32_t *word;
    int appended;
    int64_t start = now_ns();
    waiter_t *first = take_all(store, &word);
    bool others = first && (first != mine || first->next);
    int count = do_all(store, first, &appended);
    int64_t end = now_ns(), took = end - start;
    pthread_mutex_lock(&store->position_lock);
    store->position += appended;
    pthread_cond_broadcast(&store->appended);
    pthread_mutex_unlock(&store->position_lock);
    /* those who are done now will come again */
    atomic_store(&store->expected, atomic_fetch_sub(&store->waiting, count));
    atomic_store(&store->gather_end, end + (took < GATHER_NS_MAX ? took : GATHER_NS_MAX));
    step_down(store);
    for (waiter_t *next; first; first = next) {
        next = first->next;
        atomic_store(&first->done, true);
    }
    if (others) word_wake(word, ANY);
}

static bool may_lead(store_t *store)
{
    bool leads = false;
    return atomic_compare_exchange_strong(&store->leading, &leads, true);
}

/* Returns when it is done. Those whom the last commit woke are about to come again: the first of a batch waits for
 * them, for at most as long as a commit takes, which makes the batch larger. The one who completes their number leads
 * at once; so does who writes alone. */
static void wait_or_lead(store_t *store, waiter_t *mine)
{
    bool first, late = false;
    _Atomic uint32_t *word = enter(store, mine, &first);
    for (;;) {
        uint32_t seen = atomic_load(word); /* before all else that is looked at: what changes later wakes */
        if (atomic_load(&mine->done)) return;
        bool idle = !atomic_load(&store->leading);
        if (idle && (late || atomic_load(&store->waiting) >= atomic_load(&store->expected))) {
            if (may_lead(store)) lead(store, mine);
        } else {
            int64_t until = first && idle ? atomic_load(&store->gather_end) : 0;
            late = !word_wait(word, seen, until, first ? ANY | GATHERER : ANY);
        }
    }
}

static bool wait_for(store_t *store, waiter_t *mine, err_t *err)
{
    wait_or_lead(store, mine);
    if (!mine->write.ok && err) *err = mine->write.err;
    return mine->write.ok;
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
    bool ok = wait_for(store, &mine, err);
    if (seq) *seq = mine.write.event.seq;
    return ok;
}

int64_t store_follow(store_t *store, int64_t position, int timeout_ms)
{
    struct timespec until = timespec_of(now_ns() + (int64_t)timeout_ms * 1000000);
    pthread_mutex_lock(&store->position_lock);
    while (store->position <= position &&
           pthread_cond_timedwait(&store->appended, &store->position_lock, &until) == 0) {
    }
    int64_t newest = store->position;
    pthread_mutex_unlock(&store->position_lock);
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

/* ---- what writes beside the appenders waits in the same queue ---- */

bool store_rebuild(store_t *store, err_t *err)
{
    waiter_t mine = {.task = REBUILD};
    return wait_for(store, &mine, err);
}

bool store_erase(store_t *store, const char *const *streams, int count, err_t *err)
{
    if (count < 0 || count > STORE_ERASE_MAX)
        return err_set(err, ERR_LIMIT, "At most %d records are erased at once.", STORE_ERASE_MAX);
    for (int i = 0; i < count; i++)
        if (!name_is_well_formed(streams[i], STORE_NAME_MAX))
            return err_set(err, ERR_INPUT, "A stream is named with letters, digits and / - _ .");
    waiter_t mine = {.task = ERASE, .streams = streams, .stream_count = count};
    return wait_for(store, &mine, err);
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
