/* Appends: one writer against plain SQLite doing the same inserts with a flush each, and WRITERS at
 * once against one. Each append is acknowledged only when durable. */
#include "store/store.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WRITERS = 64, ALONE = 400, EACH = 100 };

static const char payload[] = "{\"t\":1234,\"do\":\"verify\",\"list\":[101,102,103]}";

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double plain(const char *dir)
{
    char file[200];
    sqlite3 *db;
    sqlite3_stmt *begin, *insert, *commit;
    snprintf(file, sizeof file, "%s/plain.db", dir);
    sqlite3_open(file, &db);
    sqlite3_exec(db,
                 "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE event (stream INTEGER, seq INTEGER, "
                 "at_ms INTEGER, kind TEXT, request TEXT, payload BLOB, PRIMARY KEY (stream, seq)) WITHOUT ROWID",
                 NULL, NULL, NULL);
    sqlite3_prepare_v2(db, "BEGIN IMMEDIATE", -1, &begin, NULL);
    sqlite3_prepare_v2(db, "COMMIT", -1, &commit, NULL);
    sqlite3_prepare_v2(db, "INSERT INTO event VALUES (1, ?1, 1, 'act', NULL, ?2)", -1, &insert, NULL);
    double start = now_s();
    for (int i = 0; i < ALONE; i++) {
        sqlite3_step(begin), sqlite3_reset(begin);
        sqlite3_bind_int(insert, 1, i + 1);
        sqlite3_bind_blob(insert, 2, payload, (int)strlen(payload), SQLITE_STATIC);
        sqlite3_step(insert), sqlite3_reset(insert);
        sqlite3_step(commit), sqlite3_reset(commit);
    }
    double rate = ALONE / (now_s() - start);
    sqlite3_finalize(begin), sqlite3_finalize(insert), sqlite3_finalize(commit);
    sqlite3_close(db);
    return rate;
}

typedef struct {
    store_t *store;
    int number, count;
} writer_t;

static void *write_some(void *context)
{
    writer_t *w = context;
    char stream[32];
    snprintf(stream, sizeof stream, "w/%d", w->number);
    for (int i = 0; i < w->count; i++)
        if (!store_append(w->store, stream, i, "act", 1, payload, strlen(payload), "", NULL, NULL)) abort();
    return NULL;
}

int main(void)
{
    char dir[] = "/tmp/titer-bench-XXXXXX", command[64];
    store_t *store;
    err_t err = {0};
    if (!mkdtemp(dir) || !store_open(&store, dir, NULL, &err)) return 1;
    double reference = plain(dir);
    writer_t one = {.store = store, .number = 999, .count = ALONE};
    double start = now_s();
    write_some(&one);
    double alone = ALONE / (now_s() - start);
    pthread_t threads[WRITERS];
    writer_t writers[WRITERS];
    start = now_s();
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (writer_t){.store = store, .number = i, .count = EACH};
        pthread_create(&threads[i], NULL, write_some, &writers[i]);
    }
    for (int i = 0; i < WRITERS; i++) pthread_join(threads[i], NULL);
    double many = WRITERS * EACH / (now_s() - start);
    printf(
        "appends: plain SQLite %.0f/s, one writer %.0f/s (%.2f of plain), %d writers %.0f/s (%.1f times one writer)\n",
        reference, alone, alone / reference, WRITERS, many, many / alone);
    store_close(store);
    snprintf(command, sizeof command, "rm -rf %s", dir);
    return system(command) != 0;
}
