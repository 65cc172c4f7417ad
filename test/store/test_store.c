/* The promises of store.h, over a store in a fresh folder each: numbering, conflicts, harmless
 * repeats, many writers, projections, backup, and the files that are refused and left alone.
 * The same functions are meant for every backend: they know only store.h. */
#include "store/store.h"

#include <grp.h>
#include <pthread.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct {
    char dir[64];
    store_t *store;
} world_t;

static void project(void *context, const store_event_t *event, store_rows_t *rows)
{
    char value[64];
    (void)context;
    snprintf(value, sizeof value, "%lld %s", (long long)event->seq, event->kind);
    store_put(rows, "last", event->stream, value);
}

static void open_it(world_t *w)
{
    err_t err = {0};
    store_options_t options = {.project = project};
    bool ok = store_open(&w->store, w->dir, &options, &err);
    if (!ok) print_message("%s\n", err.text);
    assert_true(ok);
}

static int setup(void **state)
{
    world_t *w = calloc(1, sizeof *w);
    strcpy(w->dir, "/tmp/titer-store-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    open_it(w);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world_t *w = *state;
    char command[200];
    store_close(w->store);
    snprintf(command, sizeof command, "chmod -R u+w %s; rm -rf %s", w->dir, w->dir);
    int ignored = system(command);
    (void)ignored;
    free(w);
    return 0;
}

static bool add(store_t *store, const char *stream, int64_t expected, const char *text, const char *request,
                int64_t *seq, err_t *err)
{
    return store_append(store, stream, expected, "act", 1000, text, strlen(text), request, seq, err);
}

typedef struct {
    int count;
    int64_t last;
    char text[256];
} seen_t;

static bool see(void *context, const store_event_t *event)
{
    seen_t *seen = context;
    assert_int_equal(event->seq, seen->last + 1);
    seen->last = event->seq;
    seen->count++;
    size_t used = strlen(seen->text);
    snprintf(seen->text + used, sizeof seen->text - used, "%.*s|", (int)event->length, event->payload);
    return true;
}

static void events_are_numbered_and_read_back_in_order(void **state)
{
    world_t *w = *state;
    int64_t seq;
    assert_true(add(w->store, "shift/a", 0, "one", "", &seq, NULL));
    assert_int_equal(seq, 1);
    assert_true(add(w->store, "shift/a", 1, "two", "", &seq, NULL));
    assert_true(add(w->store, "shift/b", 0, "other", "", &seq, NULL));
    seen_t seen = {0};
    assert_true(store_read(w->store, "shift/a", 1, see, &seen, NULL));
    assert_string_equal(seen.text, "one|two|");
    assert_true(store_last(w->store, "shift/a", &seq, NULL));
    assert_int_equal(seq, 2);
    assert_true(store_last(w->store, "shift/none", &seq, NULL));
    assert_int_equal(seq, 0);
}

static void who_comes_second_is_told(void **state)
{
    world_t *w = *state;
    err_t err = {0};
    int64_t seq;
    assert_true(add(w->store, "s", 0, "first", "", NULL, NULL));
    assert_false(add(w->store, "s", 0, "late", "", &seq, &err));
    assert_int_equal(err.code, ERR_CONFLICT);
    assert_false(add(w->store, "s", 5, "early", "", &seq, &err));
    seen_t seen = {0};
    assert_true(store_read(w->store, "s", 1, see, &seen, NULL));
    assert_int_equal(seen.count, 1);
}

static void a_repeated_request_does_nothing(void **state)
{
    world_t *w = *state;
    int64_t seq;
    assert_true(add(w->store, "s", 0, "x", "r1", &seq, NULL));
    assert_true(add(w->store, "s", 1, "y", "r2", &seq, NULL));
    assert_true(add(w->store, "s", 0, "x", "r1", &seq, NULL));
    assert_int_equal(seq, 1);
    assert_true(add(w->store, "t", 0, "x", "r1", &seq, NULL)); /* another stream has its own requests */
    seen_t seen = {0};
    assert_true(store_read(w->store, "s", 1, see, &seen, NULL));
    assert_int_equal(seen.count, 2);
}

static void wrong_input_is_refused_with_a_sentence(void **state)
{
    world_t *w = *state;
    err_t err = {0};
    char *large = calloc(1, STORE_PAYLOAD_MAX + 2);
    memset(large, 'x', STORE_PAYLOAD_MAX + 1);
    assert_false(add(w->store, "", 0, "x", "", NULL, &err));
    assert_false(add(w->store, "a b", 0, "x", "", NULL, &err));
    assert_false(add(w->store, "s", 0, large, "", NULL, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_true(strlen(err.text) > 10);
    free(large);
}

enum { WRITERS = 64, EACH = 300 }; /* more events than the store keeps unsorted */

typedef struct {
    store_t *store;
    int number, each, saved;
    size_t length;
} writer_t;

static char letter_of(int writer, int64_t seq)
{
    return (char)('a' + (writer + seq) % 26);
}

static void *write_many(void *context)
{
    writer_t *writer = context;
    char stream[32], *payload = malloc(writer->length + 1);
    snprintf(stream, sizeof stream, "w/%d", writer->number);
    payload[writer->length] = '\0';
    for (int i = 0; i < writer->each; i++) {
        memset(payload, letter_of(writer->number, i + 1), writer->length);
        writer->saved += add(writer->store, stream, i, payload, "", NULL, NULL);
    }
    free(payload);
    return NULL;
}

static bool see_letters(void *context, const store_event_t *event)
{
    writer_t *writer = context;
    char letter = letter_of(writer->number, ++writer->saved);
    assert_int_equal(event->seq, writer->saved);
    assert_int_equal(event->length, writer->length);
    for (size_t i = 0; i < event->length; i++)
        if (event->payload[i] != letter) fail_msg("event %d of writer %d is another's", writer->saved, writer->number);
    return true;
}

static void write_at_once(world_t *w, int each, size_t length)
{
    pthread_t threads[WRITERS];
    writer_t writers[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (writer_t){.store = w->store, .number = i, .each = each, .length = length};
        assert_int_equal(pthread_create(&threads[i], NULL, write_many, &writers[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++) pthread_join(threads[i], NULL);
    for (int opened = 0; opened < 2; opened++) { /* as it is, and found again */
        for (int i = 0; i < WRITERS; i++) {
            char stream[32];
            int64_t seq;
            if (!opened) assert_int_equal(writers[i].saved, each);
            writers[i].saved = 0;
            writers[i].store = w->store;
            snprintf(stream, sizeof stream, "w/%d", i);
            assert_true(store_last(w->store, stream, &seq, NULL));
            assert_int_equal(seq, each);
            assert_true(store_read(w->store, stream, 1, see_letters, &writers[i], NULL));
            assert_int_equal(writers[i].saved, each);
        }
        assert_true(store_check(w->store, NULL));
        store_close(w->store);
        open_it(w);
    }
}

static void many_writers_lose_nothing(void **state)
{
    write_at_once(*state, EACH, 7);
}

/* What is committed at once is more than a row of the database holds. */
static void large_events_come_at_once(void **state)
{
    write_at_once(*state, 6, 30000);
}

static bool join_rows(void *context, const char *key, const char *value)
{
    char *out = context;
    size_t used = strlen(out);
    snprintf(out + used, 400 - used, "%s=%s;", key, value);
    return true;
}

static void projections_follow_and_can_be_rebuilt(void **state)
{
    world_t *w = *state;
    char before[400] = "", after[400] = "";
    for (int i = 0; i < 3; i++) assert_true(add(w->store, "shift/a", i, "x", "", NULL, NULL));
    assert_true(add(w->store, "shift/b", 0, "x", "", NULL, NULL));
    assert_true(store_rows(w->store, "last", "shift/", join_rows, before, NULL));
    assert_string_equal(before, "shift/a=3 act;shift/b=1 act;");
    assert_true(store_rebuild(w->store, NULL));
    assert_true(store_rows(w->store, "last", "shift/", join_rows, after, NULL));
    assert_string_equal(before, after);
}

static void followers_wake(void **state)
{
    world_t *w = *state;
    int64_t position = store_follow(w->store, -1, 0);
    assert_int_equal(store_follow(w->store, position, 30), position);
    assert_true(add(w->store, "s", 0, "x", "", NULL, NULL));
    assert_true(store_follow(w->store, position, 1000) > position);
}

static void a_backup_restores_everything(void **state)
{
    world_t *w = *state;
    char file[100], other[100], aside[4400];
    err_t err = {0};
    snprintf(file, sizeof file, "%s/copy.titer", w->dir);
    snprintf(other, sizeof other, "%s/other", w->dir);
    assert_true(add(w->store, "s", 0, "kept", "", NULL, NULL));
    assert_true(store_backup(w->store, file, &err));
    assert_false(store_backup(w->store, file, &err)); /* never replaces a file */
    assert_true(store_restore(file, other, false, aside, sizeof aside, &err));
    assert_false(store_restore(file, other, false, aside, sizeof aside, &err));
    assert_true(store_restore(file, other, true, aside, sizeof aside, &err));
    assert_int_equal(access(aside, F_OK), 0);
    assert_false(store_restore(file, w->dir, true, aside, sizeof aside, &err)); /* in use */
    assert_non_null(strstr(err.text, "in use"));
    store_t *store;
    assert_true(store_open(&store, other, NULL, &err));
    seen_t seen = {0};
    assert_true(store_read(store, "s", 1, see, &seen, NULL));
    assert_string_equal(seen.text, "kept|");
    store_close(store);
}

static void a_second_server_is_refused(void **state)
{
    world_t *w = *state;
    store_t *second;
    err_t err = {0};
    assert_false(store_open(&second, w->dir, NULL, &err));
    assert_non_null(strstr(err.text, "in use by another Titer"));
    store_options_t look = {.read_only = true};
    assert_true(store_open(&second, w->dir, &look, &err));
    assert_false(add(second, "s", 0, "x", "", NULL, &err));
    store_close(second);
}

/* ---- files that are refused stay as they are ---- */

static size_t slurp(const char *file, unsigned char **bytes)
{
    FILE *in = fopen(file, "rb");
    struct stat info;
    assert_non_null(in);
    assert_int_equal(fstat(fileno(in), &info), 0);
    *bytes = malloc((size_t)info.st_size + 1);
    size_t n = fread(*bytes, 1, (size_t)info.st_size, in);
    fclose(in);
    return n;
}

static void refuse(world_t *w, const char *words, void (*spoil)(unsigned char *bytes, size_t *length))
{
    char file[100];
    unsigned char *bytes, *after;
    err_t err = {0};
    snprintf(file, sizeof file, "%s/titer.db", w->dir);
    for (int i = 0; i < 40; i++) assert_true(add(w->store, "s", i, "some text to fill pages with", "", NULL, NULL));
    store_close(w->store);
    w->store = NULL;
    size_t length = slurp(file, &bytes);
    spoil(bytes, &length);
    FILE *out = fopen(file, "wb");
    fwrite(bytes, 1, length, out);
    fclose(out);
    assert_false(store_open(&w->store, w->dir, NULL, &err));
    if (!strstr(err.text, words)) print_message("%s\n", err.text);
    assert_non_null(strstr(err.text, words));
    size_t n = slurp(file, &after);
    assert_int_equal(n, length);
    assert_memory_equal(bytes, after, n);
    free(bytes);
    free(after);
}

static void spoil_nothing_sqlite(unsigned char *bytes, size_t *length)
{
    (void)length;
    memcpy(bytes, "These are my notes", 18);
}

static void spoil_foreign(unsigned char *bytes, size_t *length)
{
    (void)length;
    bytes[68] = 1;
}

static void spoil_newer(unsigned char *bytes, size_t *length)
{
    (void)length;
    bytes[62] = 7;
}

static void spoil_middle(unsigned char *bytes, size_t *length)
{
    for (size_t i = 4096; i < *length; i += 3) bytes[i] ^= 0x5a;
}

static void spoil_short(unsigned char *bytes, size_t *length)
{
    (void)bytes;
    *length = *length / 2 + 100;
}

static void what_is_not_a_database_is_left_alone(void **state)
{
    refuse(*state, "not a Titer database", spoil_nothing_sqlite);
}

static void a_foreign_database_is_left_alone(void **state)
{
    refuse(*state, "another program", spoil_foreign);
}

static void a_newer_database_is_left_alone(void **state)
{
    refuse(*state, "newer Titer", spoil_newer);
}

static void a_damaged_database_is_left_alone(void **state)
{
    refuse(*state, "damaged", spoil_middle);
}

static void a_truncated_database_is_left_alone(void **state)
{
    refuse(*state, "damaged", spoil_short);
}

static void a_full_disk_loses_nothing(void **state)
{
    world_t *w = *state;
    err_t err = {0};
    store_close(w->store);
    store_options_t small = {.page_limit = 24};
    assert_true(store_open(&w->store, w->dir, &small, &err));
    char *text = calloc(1, 8001);
    memset(text, 'x', 8000);
    int64_t saved = 0;
    while (saved < 100 && add(w->store, "s", saved, text, "", NULL, &err)) saved++;
    free(text);
    assert_in_range(saved, 1, 99);
    assert_non_null(strstr(err.text, "disk is full"));
    int64_t last;
    assert_true(store_last(w->store, "s", &last, NULL));
    assert_int_equal(last, saved);
    store_close(w->store);
    open_it(w);
    assert_true(add(w->store, "s", saved, "room again", "", NULL, &err));
}

/* Root may write everywhere: a child without that right tries it. */
static bool tried_as_a_plain_user(bool (*what)(world_t *w), world_t *w)
{
    int status = 0;
    if (getuid() == 0 && chown(w->dir, 65534, 65534) != 0) return false;
    pid_t pid = fork();
    if (pid == 0) {
        if (getuid() == 0 && (setgroups(0, NULL) != 0 || setgid(65534) != 0 || setuid(65534) != 0)) _exit(9);
        _exit(what(w) ? 0 : 1);
    }
    return waitpid(pid, &status, 0) == pid && status == 0;
}

static bool said(bool ok, const err_t *err, const char *words)
{
    if (!ok && strstr(err->text, words)) return true;
    print_message("%s\n", ok ? "it went well" : err->text);
    return false;
}

static bool meet_permissions(world_t *w)
{
    char folder[100], file[120], copy[100];
    err_t err = {0};
    store_t *store;
    store_options_t look = {.read_only = true};
    seen_t seen = {0};
    snprintf(folder, sizeof folder, "%s/data", w->dir);
    snprintf(file, sizeof file, "%s/titer.db", folder);
    snprintf(copy, sizeof copy, "%s/copy.titer", w->dir);
    struct stat info;
    bool ok = store_open(&store, folder, NULL, &err) && add(store, "s", 0, "kept", "", NULL, &err);
    store_close(store);
    ok = ok && stat(file, &info) == 0 && (info.st_mode & 0777) == 0600; /* nobody else's business */
    ok = ok && chmod(folder, 0500) == 0;
    ok = ok && said(store_open(&store, folder, NULL, &err), &err, "cannot be");
    ok = ok && store_open(&store, folder, &look, &err) && store_read(store, "s", 1, see, &seen, &err);
    ok = ok && seen.count == 1 && store_backup(store, copy, &err); /* saved from a medium that only reads */
    store_close(ok ? store : NULL);
    ok = ok && chmod(folder, 0700) == 0 && chmod(file, 0400) == 0;
    ok = ok && said(store_open(&store, folder, NULL, &err), &err, "titer.db cannot be written");
    ok = ok && chmod(w->dir, 0500) == 0;
    snprintf(folder, sizeof folder, "%s/new", w->dir);
    return ok && said(store_open(&store, folder, NULL, &err), &err, "cannot be made");
}

static void a_folder_that_cannot_be_written_is_said(void **state)
{
    assert_true(tried_as_a_plain_user(meet_permissions, *state));
}

static void a_folder_may_have_any_name(void **state)
{
    world_t *w = *state;
    char dir[120], wanted[140];
    err_t err = {0};
    store_t *store;
    snprintf(dir, sizeof dir, "%s/50%%25 of a?b#c", w->dir);
    snprintf(wanted, sizeof wanted, "%s/titer.db", dir);
    for (int i = 0; i < 2; i++) { /* made, and then found again */
        if (!store_open(&store, dir, NULL, &err)) fail_msg("%s", err.text);
        assert_true(add(store, "s", i, "kept", "", NULL, &err));
        store_close(store);
    }
    assert_int_equal(access(wanted, F_OK), 0);
}

/* ---- what a crash leaves: the last events in a WAL file ---- */

/* Events in the file and one more in its WAL, as after kill -9. */
static void crash(world_t *w)
{
    int status = 1;
    for (int i = 0; i < 40; i++) assert_true(add(w->store, "s", i, "some text to fill pages with", "", NULL, NULL));
    store_close(w->store);
    w->store = NULL;
    pid_t pid = fork();
    if (pid == 0) {
        open_it(w);
        _exit(!add(w->store, "s", 40, "in the WAL", "", NULL, NULL));
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void spoil_file(const char *file)
{
    unsigned char *bytes;
    size_t length = slurp(file, &bytes);
    spoil_middle(bytes, &length);
    FILE *out = fopen(file, "wb");
    assert_int_equal(fwrite(bytes, 1, length, out), length);
    fclose(out);
    free(bytes);
}

static void same_bytes(const char *file, const unsigned char *bytes, size_t length)
{
    unsigned char *now;
    assert_int_equal(slurp(file, &now), length);
    assert_memory_equal(now, bytes, length);
    free(now);
}

static void damage_is_left_alone_after_a_crash_too(void **state)
{
    world_t *w = *state;
    char file[100], wal[110], copy[100], aside[4400], aside_wal[4420];
    unsigned char *bytes, *wal_bytes;
    err_t err = {0};
    snprintf(file, sizeof file, "%s/titer.db", w->dir);
    snprintf(wal, sizeof wal, "%s-wal", file);
    snprintf(copy, sizeof copy, "%s/copy.titer", w->dir);
    assert_true(add(w->store, "other", 0, "saved long ago", "", NULL, NULL));
    assert_true(store_backup(w->store, copy, &err));
    crash(w);
    spoil_file(file);
    size_t length = slurp(file, &bytes), wal_length = slurp(wal, &wal_bytes);
    assert_true(wal_length > 0);
    assert_false(store_open(&w->store, w->dir, NULL, &err));
    assert_non_null(strstr(err.text, "damaged"));
    same_bytes(file, bytes, length);
    same_bytes(wal, wal_bytes, wal_length);
    /* a backup takes its place, and the WAL of the damaged file does not get into it */
    assert_true(store_restore(copy, w->dir, true, aside, sizeof aside, &err));
    snprintf(aside_wal, sizeof aside_wal, "%s-wal", aside);
    same_bytes(aside, bytes, length);
    same_bytes(aside_wal, wal_bytes, wal_length);
    free(bytes);
    free(wal_bytes);
    open_it(w);
    int64_t seq;
    assert_true(store_last(w->store, "s", &seq, &err));
    assert_int_equal(seq, 0);
    assert_true(store_last(w->store, "other", &seq, &err));
    assert_int_equal(seq, 1);
    assert_true(store_check(w->store, &err));
}

static void half_a_database_is_said(void **state)
{
    world_t *w = *state;
    char file[100], other[100], aside[4400];
    err_t err = {0};
    crash(w);
    snprintf(file, sizeof file, "%s/titer.db", w->dir);
    snprintf(other, sizeof other, "%s/other", w->dir);
    assert_false(store_restore(file, other, false, aside, sizeof aside, &err)); /* would lose the WAL */
    assert_non_null(strstr(err.text, "not a backup"));
    assert_int_not_equal(access(other, F_OK), 0);
    assert_int_equal(unlink(file), 0);
    assert_false(store_open(&w->store, w->dir, NULL, &err)); /* would mix it into a new one */
    assert_non_null(strstr(err.text, "is missing, but"));
}

/* ---- events in the order they came, and sorted by stream later ---- */

static bool count_up(void *context, const store_event_t *event)
{
    seen_t *seen = context;
    assert_int_equal(event->seq, seen->last + 1);
    assert_int_equal(event->payload[0], 'a' + event->seq % 26);
    seen->last = event->seq;
    return true;
}

enum { LARGE = 150 }; /* events of the largest size: twice what the store keeps unsorted */

static void sorting_changes_nothing_that_is_seen(void **state)
{
    world_t *w = *state;
    err_t err = {0};
    char *large = calloc(1, STORE_PAYLOAD_MAX + 1), request[24];
    int64_t seq;
    for (int i = 0; i < LARGE; i++) {
        memset(large, 'a' + (i + 1) % 26, STORE_PAYLOAD_MAX);
        snprintf(request, sizeof request, "r%d", i + 1);
        assert_true(add(w->store, i % 2 ? "odd" : "even", i / 2, "small", request, NULL, &err));
        assert_true(add(w->store, "large", i, large, request, NULL, &err));
        if (i % 50 == 20) { /* known again after the memory of it is gone */
            store_close(w->store);
            open_it(w);
        }
    }
    free(large);
    for (int i = 0; i < LARGE; i++) {
        snprintf(request, sizeof request, "r%d", i + 1);
        assert_true(add(w->store, "large", 0, "again", request, &seq, &err));
        assert_int_equal(seq, i + 1);
    }
    assert_false(add(w->store, "large", LARGE - 1, "late", "", NULL, &err));
    assert_int_equal(err.code, ERR_CONFLICT);
    seen_t seen = {0};
    assert_true(store_read(w->store, "large", 1, count_up, &seen, NULL));
    assert_int_equal(seen.last, LARGE);
    seen = (seen_t){.last = LARGE - 3};
    assert_true(store_read(w->store, "large", LARGE - 2, count_up, &seen, NULL));
    assert_int_equal(seen.last, LARGE);
    assert_true(store_last(w->store, "even", &seq, NULL));
    assert_int_equal(seq, LARGE / 2);
    char before[400] = "", after[400] = "";
    assert_true(store_rows(w->store, "last", "", join_rows, before, NULL));
    assert_true(store_rebuild(w->store, NULL));
    assert_true(store_rows(w->store, "last", "", join_rows, after, NULL));
    assert_string_equal(before, after);
    assert_string_equal(after, "even=75 act;large=150 act;odd=75 act;");
    assert_true(store_check(w->store, NULL));
}

/* data/format-N.db was written by the Titer that knew format N: shift/a with one, two, three (r1, r2, r3), and shift/b
 * with other; in format 2 the last of each stand in its table of late events. */
static void take_over(world_t *w, int format)
{
    err_t err = {0};
    char old[400], dir[100], file[120], copy[100], second[100], aside[4400], rows[400] = "";
    unsigned char *bytes;
    int64_t seq;
    store_options_t look = {.read_only = true}, write = {.project = project};
    snprintf(old, sizeof old, "%s/format-%d.db", getenv("TITER_TEST_DATA"), format);
    snprintf(dir, sizeof dir, "%s/old", w->dir);
    snprintf(file, sizeof file, "%s/titer.db", dir);
    snprintf(copy, sizeof copy, "%s/copy.titer", w->dir);
    snprintf(second, sizeof second, "%s/second", w->dir);
    size_t length = slurp(old, &bytes);
    assert_true(store_restore(old, dir, false, aside, sizeof aside, &err));
    /* looked at and saved: it stays what it was */
    store_t *store;
    assert_true(store_open(&store, dir, &look, &err));
    seen_t seen = {0};
    assert_true(store_read(store, "shift/a", 1, see, &seen, NULL));
    assert_string_equal(seen.text, "one|two|three|");
    seen = (seen_t){.last = 1};
    assert_true(store_read(store, "shift/a", 2, see, &seen, NULL));
    assert_string_equal(seen.text, "two|three|");
    assert_true(store_last(store, "shift/b", &seq, NULL));
    assert_int_equal(seq, 1);
    if (!store_check(store, &err)) fail_msg("%s", err.text);
    assert_true(store_backup(store, copy, &err));
    store_close(store);
    same_bytes(file, bytes, length);
    free(bytes);
    /* its backup put elsewhere, and written on */
    assert_true(store_restore(copy, second, false, aside, sizeof aside, &err));
    for (int i = 0; i < 2; i++) { /* taken over, and then found so */
        if (!store_open(&store, second, &write, &err)) fail_msg("%s", err.text);
        if (!store_check(store, &err)) fail_msg("%s", err.text);
        for (int r = 2; r <= 3; r++) {
            assert_true(add(store, "shift/a", 0, "again", r == 2 ? "r2" : "r3", &seq, &err));
            assert_int_equal(seq, r);
        }
        assert_true(add(store, "shift/a", 3 + i, i ? "five" : "four", "", &seq, &err));
        store_close(store);
    }
    assert_true(store_open(&store, second, &write, &err));
    seen = (seen_t){0};
    assert_true(store_read(store, "shift/a", 1, see, &seen, NULL));
    assert_string_equal(seen.text, "one|two|three|four|five|");
    assert_true(store_rebuild(store, &err));
    assert_true(store_rows(store, "last", "", join_rows, rows, NULL));
    assert_string_equal(rows, "shift/a=5 act;shift/b=1 act;");
    assert_true(store_check(store, &err));
    store_close(store);
}

static void data_of_format_1_is_taken_over(void **state)
{
    take_over(*state, 1);
}

static void data_of_format_2_is_taken_over(void **state)
{
    take_over(*state, 2);
}

/* ---- another program's hand on the database ---- */

static sqlite3 *meddle(world_t *w, const char *sql)
{
    char file[100];
    sqlite3 *db;
    snprintf(file, sizeof file, "%s/titer.db", w->dir);
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    return db;
}

static void a_locked_database_is_said_and_loses_nothing(void **state)
{
    world_t *w = *state;
    err_t err = {0};
    store_options_t hasty = {.lock_wait_ms = 50};
    store_close(w->store);
    assert_true(store_open(&w->store, w->dir, &hasty, &err));
    assert_true(add(w->store, "s", 0, "before", "", NULL, &err));
    sqlite3 *db = meddle(w, "BEGIN IMMEDIATE");
    assert_false(add(w->store, "s", 1, "meanwhile", "r", NULL, &err));
    assert_non_null(strstr(err.text, "Another program holds the database"));
    sqlite3_close(db);
    assert_true(add(w->store, "s", 1, "after", "r", NULL, &err));
    seen_t seen = {0};
    assert_true(store_read(w->store, "s", 1, see, &seen, NULL));
    assert_string_equal(seen.text, "before|after|");
}

static void what_another_program_wrote_is_noticed(void **state)
{
    world_t *w = *state;
    err_t err = {0};
    assert_true(add(w->store, "s", 0, "mine", "", NULL, &err));
    /* stream 1, number 2, at 1 ms, 1 byte of payload, a kind of 3 and no request; act; h (src/store/pack.h) */
    sqlite3_close(meddle(w, "INSERT INTO batch (events) VALUES (x'0100000000000000"
                            "02000000"
                            "0100000000000000"
                            "01000000"
                            "03"
                            "00"
                            "61637400"
                            "00"
                            "68')"));
    assert_false(add(w->store, "s", 1, "late", "", NULL, &err));
    assert_int_equal(err.code, ERR_CONFLICT);
    assert_true(add(w->store, "s", 2, "mine again", "", NULL, &err));
    seen_t seen = {0};
    assert_true(store_read(w->store, "s", 1, see, &seen, NULL));
    assert_string_equal(seen.text, "mine|h|mine again|");
    assert_true(store_check(w->store, &err));
    sqlite3_close(meddle(w, "DELETE FROM batch WHERE id = (SELECT max(id) FROM batch)"));
    assert_true(add(w->store, "s", 2, "once more", "", NULL, &err));
    assert_true(add(w->store, "s", 3, "and more", "", NULL, &err));
    sqlite3_close(meddle(w, "DELETE FROM batch WHERE id = (SELECT min(id) FROM batch)"));
    assert_false(store_check(w->store, &err));
    assert_non_null(strstr(err.text, "gap"));
}

static void a_batch_that_is_not_whole_is_refused(void **state)
{
    world_t *w = *state;
    char file[100];
    unsigned char *bytes;
    err_t err = {0};
    assert_true(add(w->store, "s", 0, "mine", "", NULL, &err));
    sqlite3_close(meddle(w, "UPDATE batch SET events = substr(events, 1, length(events) - 1)"));
    seen_t seen = {0};
    assert_false(store_read(w->store, "s", 1, see, &seen, &err));
    assert_non_null(strstr(err.text, "damaged"));
    assert_false(add(w->store, "s", 1, "more", "", NULL, &err));
    assert_non_null(strstr(err.text, "damaged"));
    assert_false(store_check(w->store, &err));
    assert_false(store_rebuild(w->store, &err));
    const char *name = "s";
    assert_false(store_erase(w->store, &name, 1, &err));
    assert_non_null(strstr(err.text, "damaged"));
    store_close(w->store);
    snprintf(file, sizeof file, "%s/titer.db", w->dir);
    size_t length = slurp(file, &bytes);
    err = (err_t){0};
    assert_false(store_open(&w->store, w->dir, NULL, &err));
    assert_non_null(strstr(err.text, "damaged"));
    same_bytes(file, bytes, length);
    free(bytes);
}

static void a_lost_run_is_noticed(void **state)
{
    world_t *w = *state;
    err_t err = {0};
    for (int i = 0; i < 3; i++) { /* each opening sorts what the one before has left */
        assert_true(add(w->store, "s", i, "x", i == 1 ? "r" : "", NULL, &err));
        store_close(w->store);
        open_it(w);
    }
    assert_true(add(w->store, "s", 3, "x", "", NULL, &err));
    assert_true(store_check(w->store, &err));
    sqlite3_close(meddle(w, "DELETE FROM request"));
    assert_false(store_check(w->store, &err));
    sqlite3_close(meddle(w, "INSERT INTO request VALUES (1, 'r', 2); DELETE FROM run WHERE first = 3"));
    assert_false(store_check(w->store, &err));
    assert_non_null(strstr(err.text, "gap"));
}

static void a_full_stream_takes_no_more(void **state)
{
    world_t *w = *state;
    char sql[100];
    err_t err = {0};
    assert_true(add(w->store, "s", 0, "x", "", NULL, NULL));
    snprintf(sql, sizeof sql, "UPDATE stream SET last = %d", STORE_STREAM_EVENTS_MAX);
    sqlite3_close(meddle(w, sql));
    assert_false(add(w->store, "s", STORE_STREAM_EVENTS_MAX, "y", "", NULL, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_non_null(strstr(err.text, "full"));
}

static void a_backup_that_cannot_be_written_is_said(void **state)
{
    world_t *w = *state;
    char file[120];
    err_t err = {0};
    snprintf(file, sizeof file, "%s/no such folder/copy.titer", w->dir);
    assert_false(store_backup(w->store, file, &err));
    assert_non_null(strstr(err.text, "cannot be written"));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(events_are_numbered_and_read_back_in_order),
        CASE(who_comes_second_is_told),
        CASE(a_repeated_request_does_nothing),
        CASE(wrong_input_is_refused_with_a_sentence),
        CASE(many_writers_lose_nothing),
        CASE(large_events_come_at_once),
        CASE(projections_follow_and_can_be_rebuilt),
        CASE(followers_wake),
        CASE(a_backup_restores_everything),
        CASE(a_second_server_is_refused),
        CASE(what_is_not_a_database_is_left_alone),
        CASE(a_foreign_database_is_left_alone),
        CASE(a_newer_database_is_left_alone),
        CASE(a_damaged_database_is_left_alone),
        CASE(a_truncated_database_is_left_alone),
        CASE(a_full_disk_loses_nothing),
        CASE(a_folder_that_cannot_be_written_is_said),
        CASE(a_folder_may_have_any_name),
        CASE(damage_is_left_alone_after_a_crash_too),
        CASE(half_a_database_is_said),
        CASE(sorting_changes_nothing_that_is_seen),
        CASE(data_of_format_1_is_taken_over),
        CASE(data_of_format_2_is_taken_over),
        CASE(a_batch_that_is_not_whole_is_refused),
        CASE(a_lost_run_is_noticed),
        CASE(what_another_program_wrote_is_noticed),
        CASE(a_locked_database_is_said_and_loses_nothing),
        CASE(a_full_stream_takes_no_more),
        CASE(a_backup_that_cannot_be_written_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
