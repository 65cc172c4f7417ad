/* Appends: one writer against plain SQLite doing the same inserts with a flush each, and WRITERS at
 * once against one. Each append is acknowledged only when durable. The three take turns, so that a disk that tires or
 * wakes does so for all; of the turns the median is given, and from where to where they went.
 *
 * BENCH_FLUSH_US=N takes the disk out of it: a flush is then a sleep of N microseconds, for all three. */
#include "store/store.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { WRITERS = 64, TURNS = 11, ALONE = 300, EACH = 200 };

static const char payload[] = "{\"t\":1234,\"do\":\"verify\",\"list\":[101,102,103]}";

/* Stands before the one of the C library, which SQLite would call. */
int fdatasync(int file)
{
    const char *us = getenv("BENCH_FLUSH_US");
    if (!us) return (int)syscall(SYS_fdatasync, file);
    struct timespec nap = {.tv_nsec = (atoi(us) % 1000000) * 1000L};
    prctl(PR_SET_TIMERSLACK, 1UL); /* else it is 50 us late */
    return nanosleep(&nap, NULL);
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

typedef struct {
    sqlite3 *db;
    sqlite3_stmt *begin, *insert, *commit;
    int last;
} plain_t;

static void plain_open(plain_t *p, const char *dir)
{
    char file[200];
    snprintf(file, sizeof file, "%s/plain.db", dir);
    sqlite3_open(file, &p->db);
    sqlite3_exec(p->db,
                 "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE event (stream INTEGER, seq INTEGER, "
                 "at_ms INTEGER, kind TEXT, request TEXT, payload BLOB, PRIMARY KEY (stream, seq)) WITHOUT ROWID",
                 NULL, NULL, NULL);
    sqlite3_prepare_v2(p->db, "BEGIN IMMEDIATE", -1, &p->begin, NULL);
    sqlite3_prepare_v2(p->db, "COMMIT", -1, &p->commit, NULL);
    sqlite3_prepare_v2(p->db, "INSERT INTO event VALUES (1, ?1, 1, 'act', NULL, ?2)", -1, &p->insert, NULL);
}

static void plain_write(plain_t *p)
{
    for (int i = 0; i < ALONE; i++) {
        sqlite3_step(p->begin), sqlite3_reset(p->begin);
        sqlite3_bind_int(p->insert, 1, ++p->last);
        sqlite3_bind_blob(p->insert, 2, payload, (int)strlen(payload), SQLITE_STATIC);
        sqlite3_step(p->insert), sqlite3_reset(p->insert);
        sqlite3_step(p->commit), sqlite3_reset(p->commit);
    }
}

static void plain_close(plain_t *p)
{
    sqlite3_finalize(p->begin), sqlite3_finalize(p->insert), sqlite3_finalize(p->commit);
    sqlite3_close(p->db);
}

typedef struct {
    store_t *store;
    int number, from, count;
} writer_t;

static void *write_some(void *context)
{
    writer_t *w = context;
    char stream[32];
    snprintf(stream, sizeof stream, "w/%d", w->number);
    for (int i = 0; i < w->count; i++)
        if (!store_append(w->store, stream, w->from + i, "act", 1, payload, strlen(payload), "", NULL, NULL)) abort();
    return NULL;
}

static double write_many(store_t *store, int from)
{
    pthread_t threads[WRITERS];
    writer_t writers[WRITERS];
    double start = now_s();
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (writer_t){.store = store, .number = i, .from = from, .count = EACH};
        pthread_create(&threads[i], NULL, write_some, &writers[i]);
    }
    for (int i = 0; i < WRITERS; i++) pthread_join(threads[i], NULL);
    return WRITERS * EACH / (now_s() - start);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print(const char *what, const char *unit, double values[TURNS], int digits)
{
    qsort(values, TURNS, sizeof *values, by_size);
    printf("appends: %s: %.*f%s (%.*f to %.*f)\n", what, digits, values[TURNS / 2], unit, digits, values[0], digits,
           values[TURNS - 1]);
}

int main(void)
{
    char dir[] = "/tmp/titer-bench-XXXXXX", command[64];
    double plain[TURNS], alone[TURNS], many[TURNS], of_plain[TURNS], of_alone[TURNS];
    store_t *store;
    err_t err = {0};
    if (!mkdtemp(dir) || !store_open(&store, dir, NULL, &err)) return 1;
    plain_t reference = {0};
    plain_open(&reference, dir);
    for (int turn = 0; turn < TURNS; turn++) {
        double start = now_s();
        plain_write(&reference);
        plain[turn] = ALONE / (now_s() - start);
        writer_t one = {.store = store, .number = 900, .from = turn * ALONE, .count = ALONE};
        start = now_s();
        write_some(&one);
        alone[turn] = ALONE / (now_s() - start);
        many[turn] = write_many(store, turn * EACH);
        of_plain[turn] = alone[turn] / plain[turn];
        of_alone[turn] = many[turn] / alone[turn];
    }
    plain_close(&reference);
    print("plain SQLite, a flush each", "/s", plain, 0);
    print("one writer", "/s", alone, 0);
    print("64 writers", "/s", many, 0);
    print("one writer against plain SQLite", "", of_plain, 2);
    print("64 writers against one", " times", of_alone, 1);
    store_close(store);
    snprintf(command, sizeof command, "rm -rf %s", dir);
    return system(command) != 0;
}
