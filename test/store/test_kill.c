/* Kill -9 in a storm of appends, ROUNDS times: a child appends with many threads and writes every
 * acknowledged number to a pipe; the parent kills it at a drawn moment, opens the data and finds
 * each acknowledged event there, none twice, no gap; then it repeats the last unacknowledged
 * request and it is there once. */
#include "store/store.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 200, THREADS = 16, EVENTS = 100000, MOST_MS = 60 };

typedef struct {
    store_t *store;
    int number, pipe;
    int64_t from;
} storm_t;

typedef struct {
    int thread;
    int64_t seq;
} told_t;

static void *storm(void *context)
{
    storm_t *s = context;
    char stream[16], request[40], payload[40];
    snprintf(stream, sizeof stream, "s/%d", s->number);
    for (int64_t i = s->from; i < s->from + EVENTS; i++) {
        snprintf(request, sizeof request, "r%lld", (long long)i + 1);
        snprintf(payload, sizeof payload, "{\"n\":%lld}", (long long)i + 1);
        told_t told = {.thread = s->number};
        if (!store_append(s->store, stream, i, "act", 1, payload, strlen(payload), request, &told.seq, NULL)) break;
        if (write(s->pipe, &told, sizeof told) != (ssize_t)sizeof told) break;
    }
    return NULL;
}

static void child(const char *dir, int out)
{
    store_t *store;
    err_t err = {0};
    pthread_t threads[THREADS];
    storm_t storms[THREADS];
    if (!store_open(&store, dir, NULL, &err)) _exit(3);
    for (int i = 0; i < THREADS; i++) {
        char stream[16];
        storms[i] = (storm_t){.store = store, .number = i, .pipe = out};
        snprintf(stream, sizeof stream, "s/%d", i);
        if (!store_last(store, stream, &storms[i].from, &err)) _exit(4);
        pthread_create(&threads[i], NULL, storm, &storms[i]);
    }
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    _exit(5);
}

typedef struct {
    int64_t last;
    int wrong;
} check_t;

static bool check(void *context, const store_event_t *event)
{
    check_t *c = context;
    char payload[40];
    snprintf(payload, sizeof payload, "{\"n\":%lld}", (long long)event->seq);
    c->wrong += event->seq != c->last + 1 || event->length != strlen(payload) ||
                memcmp(event->payload, payload, event->length) != 0;
    c->last = event->seq;
    return true;
}

static int round_once(const char *dir, unsigned *seed, int64_t acknowledged[THREADS])
{
    int ends[2], status, wrong = 0;
    if (pipe(ends) != 0) return 1;
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        child(dir, ends[1]);
    }
    close(ends[1]);
    struct timespec nap = {.tv_nsec = (long)(rand_r(seed) % (MOST_MS * 1000000))};
    nanosleep(&nap, NULL);
    kill(pid, SIGKILL);
    told_t told;
    while (read(ends[0], &told, sizeof told) == (ssize_t)sizeof told)
        if (told.seq > acknowledged[told.thread]) acknowledged[told.thread] = told.seq;
    close(ends[0]);
    waitpid(pid, &status, 0);
    if (!WIFSIGNALED(status)) {
        fprintf(stderr, "the child ended by itself (%d)\n", WEXITSTATUS(status));
        return 1;
    }
    store_t *store;
    err_t err = {0};
    if (!store_open(&store, dir, NULL, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    for (int i = 0; i < THREADS; i++) {
        char stream[16], request[40], payload[40];
        check_t c = {0};
        snprintf(stream, sizeof stream, "s/%d", i);
        if (!store_read(store, stream, 1, check, &c, &err)) wrong++;
        wrong += c.wrong + (c.last < acknowledged[i]);
        /* the client repeats what it was not told about */
        int64_t next = acknowledged[i] + 1, seq, last;
        snprintf(request, sizeof request, "r%lld", (long long)next);
        snprintf(payload, sizeof payload, "{\"n\":%lld}", (long long)next);
        wrong +=
            !store_append(store, stream, acknowledged[i], "act", 1, payload, strlen(payload), request, &seq, &err) ||
            seq != next;
        wrong += !store_last(store, stream, &last, &err) || last < next;
        acknowledged[i] = next;
    }
    wrong += !store_check(store, &err);
    store_close(store);
    return wrong;
}

int main(void)
{
    char dir[] = "/tmp/titer-kill-XXXXXX", command[64];
    unsigned seed = 20261124;
    int64_t acknowledged[THREADS] = {0}, sum = 0;
    int wrong = 0;
    if (!mkdtemp(dir)) return 1;
    for (int i = 0; i < ROUNDS && wrong == 0; i++) wrong = round_once(dir, &seed, acknowledged);
    for (int i = 0; i < THREADS; i++) sum += acknowledged[i];
    snprintf(command, sizeof command, "rm -rf %s", dir);
    int ignored = system(command);
    (void)ignored;
    printf("%d rounds of kill -9, %lld acknowledged events, %d wrong\n", ROUNDS, (long long)sum, wrong);
    return wrong != 0 || sum < ROUNDS;
}
