/* Deleting for good: streams go with their rows, others stay, and no file of the data folder holds their bytes; also
 * when the program is killed in the middle, ROUNDS times. */
#include "store/store.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { ROUNDS = 60, MOST_MS = 120, LARGE = 40, NAMES = 100000 };

typedef struct {
    char dir[64];
    store_t *store;
} world_t;

/* A row for each event and one for the stream. */
static void project(void *context, const store_event_t *event, store_rows_t *rows)
{
    (void)context;
    char key[STORE_NAME_MAX + 24], value[64];
    snprintf(key, sizeof key, "%s/%lld", event->stream, (long long)event->seq);
    snprintf(value, sizeof value, "%.40s", event->payload);
    store_put(rows, "line", key, value);
    store_put(rows, "last", event->stream, value);
}

static bool open_store(world_t *w, err_t *err)
{
    store_options_t options = {.project = project, .lock_wait_ms = 200};
    return store_open(&w->store, w->dir, &options, err);
}

static int setup(void **state)
{
    world_t *w = calloc(1, sizeof *w);
    err_t err = {0};
    strcpy(w->dir, "/tmp/titer-erase-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    if (!open_store(w, &err)) fail_msg("%s", err.text);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world_t *w = *state;
    char command[200];
    store_close(w->store);
    snprintf(command, sizeof command, "rm -rf %s", w->dir);
    int ignored = system(command);
    (void)ignored;
    free(w);
    return 0;
}

static bool file_has(const char *path, const char *text)
{
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    struct stat is;
    assert_int_equal(fstat(fd, &is), 0);
    char *bytes = malloc((size_t)is.st_size + 1);
    ssize_t n = read(fd, bytes, (size_t)is.st_size);
    close(fd);
    bool has = n > 0 && memmem(bytes, (size_t)n, text, strlen(text)) != NULL;
    free(bytes);
    return has;
}

/* Any file of the folder holds the text. */
static bool folder_has(const char *dir, const char *text)
{
    DIR *folder = opendir(dir);
    assert_non_null(folder);
    bool has = false;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[400];
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
        has = file_has(path, text) || has;
    }
    closedir(folder);
    return has;
}

static bool is_marked(const world_t *w)
{
    char path[100];
    snprintf(path, sizeof path, "%s/titer.erasing", w->dir);
    return access(path, F_OK) == 0;
}

/* `count` events, each `length` bytes of MARKER and dots. */
static bool fill(store_t *store, const char *stream, const char *marker, int count, size_t length)
{
    char *payload = malloc(length + 1);
    bool ok = true;
    memset(payload, '.', length);
    memcpy(payload, marker, strlen(marker));
    memcpy(payload + length - strlen(marker), marker, strlen(marker));
    payload[length] = '\0';
    for (int i = 0; ok && i < count; i++)
        ok = store_append(store, stream, i, "act", 1, payload, length, i == 0 ? marker : "", NULL, NULL);
    free(payload);
    return ok;
}

static int64_t last_of(store_t *store, const char *stream)
{
    int64_t seq = -1;
    assert_true(store_last(store, stream, &seq, NULL));
    return seq;
}

static bool count_row(void *context, const char *key, const char *value)
{
    (void)key;
    (void)value;
    ++*(int *)context;
    return true;
}

static int rows_of(store_t *store, const char *table, const char *prefix)
{
    int count = 0;
    assert_true(store_rows(store, table, prefix, count_row, &count, NULL));
    return count;
}

static void what_is_erased_is_in_no_file(void **state)
{
    world_t *w = *state;
    err_t err = {0};
    /* large enough that events are sorted in between, so that copies lie about */
    assert_true(fill(w->store, "keep/a", "STAYS-HERE", 20, 300));
    assert_true(fill(w->store, "record/me", "MARKER-ONE", 30, 500));
    assert_true(fill(w->store, "document/x", "MARKER-TWO", LARGE, STORE_PAYLOAD_MAX));
    assert_true(fill(w->store, "document/y", "MARKER-THREE", LARGE, STORE_PAYLOAD_MAX));
    assert_true(fill(w->store, "keep/b", "STAYS-TOO", LARGE, STORE_PAYLOAD_MAX));
    assert_true(folder_has(w->dir, "MARKER-ONE") && folder_has(w->dir, "MARKER-TWO"));
    const char *names[] = {"record/me", "document/x", "none/such"};
    if (!store_erase(w->store, names, 3, &err)) fail_msg("%s", err.text);
    assert_false(folder_has(w->dir, "MARKER-ONE"));
    assert_false(folder_has(w->dir, "MARKER-TWO"));
    assert_true(folder_has(w->dir, "MARKER-THREE"));
    assert_true(folder_has(w->dir, "STAYS-HERE"));
    assert_false(is_marked(w));
    assert_int_equal(last_of(w->store, "record/me"), 0);
    assert_int_equal(last_of(w->store, "document/x"), 0);
    assert_int_equal(last_of(w->store, "document/y"), LARGE);
    assert_int_equal(last_of(w->store, "keep/a"), 20);
    assert_int_equal(rows_of(w->store, "line", "record/"), 0);
    assert_int_equal(rows_of(w->store, "last", ""), 3);
    assert_int_equal(rows_of(w->store, "line", ""), 20 + LARGE + LARGE);
    assert_true(store_check(w->store, &err));
}

static void an_erased_stream_begins_anew(void **state)
{
    world_t *w = *state;
    err_t err = {0};
    int64_t seq;
    const char *name = "record/me";
    assert_true(fill(w->store, name, "BEFORE", 5, 100));
    assert_true(store_erase(w->store, &name, 1, &err));
    assert_false(store_append(w->store, name, 5, "act", 1, "late", 4, "", NULL, &err));
    assert_int_equal(err.code, ERR_CONFLICT);
    /* a request that it had seen is new again */
    assert_true(store_append(w->store, name, 0, "act", 1, "after", 5, "BEFORE", &seq, &err));
    assert_int_equal(seq, 1);
    store_close(w->store);
    assert_true(open_store(w, &err));
    assert_int_equal(last_of(w->store, name), 1);
    assert_int_equal(rows_of(w->store, "line", name), 1);
    assert_true(store_check(w->store, &err));
}

static void wrong_names_erase_nothing(void **state)
{
    world_t *w = *state;
    err_t err = {0};
    assert_true(fill(w->store, "keep/a", "STAYS", 2, 100));
    const char *names[] = {"keep/a", "no such name"};
    assert_false(store_erase(w->store, names, 2, &err));
    assert_int_equal(err.code, ERR_INPUT);
    assert_false(store_erase(w->store, names, STORE_ERASE_MAX + 1, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_int_equal(last_of(w->store, "keep/a"), 2);
    assert_false(is_marked(w));
}

typedef struct {
    int end, ready;
} holding_t;

static bool hold(void *context, const store_event_t *event)
{
    (void)event;
    holding_t *h = context;
    char c;
    return write(h->ready, "r", 1) == 1 && read(h->end, &c, 1) == 1 && false;
}

static bool hold_open(const char *dir, int ready, int end)
{
    store_t *store;
    store_options_t look = {.read_only = true};
    holding_t h = {.end = end, .ready = ready};
    if (!store_open(&store, dir, &look, NULL)) return false;
    store_read(store, "record/me", 1, hold, &h, NULL);
    store_close(store);
    return true;
}

/* A reader of another program that stands in the middle of an old state keeps the WAL from being emptied. */
static void traces_that_a_reader_holds_go_later(void **state)
{
    world_t *w = *state;
    err_t err = {0};
    const char *name = "record/me";
    int ready[2], end[2];
    char c = 0;
    assert_true(fill(w->store, name, "HELD-BY-A-READER", 200, 400));
    assert_int_equal(pipe(ready) | pipe(end), 0);
    pid_t pid = fork();
    if (pid == 0) _exit(hold_open(w->dir, ready[1], end[0]) ? 0 : 1);
    assert_int_equal(read(ready[0], &c, 1), 1);
    assert_false(store_erase(w->store, &name, 1, &err));
    assert_int_equal(err.code, ERR_STATE);
    assert_non_null(strstr(err.text, "traces"));
    assert_true(is_marked(w));
    assert_int_equal(last_of(w->store, name), 0);
    assert_int_equal(write(end[1], "x", 1), 1);
    int status;
    waitpid(pid, &status, 0);
    assert_int_equal(status, 0);
    store_close(w->store);
    assert_true(open_store(w, &err));
    assert_false(is_marked(w));
    assert_false(folder_has(w->dir, "HELD-BY-A-READER"));
    for (int i = 0; i < 2; i++) {
        close(ready[i]);
        close(end[i]);
    }
}

/* ---- kill -9 ---- */

/* Fills a stream, erases it, tells; again and again. */
static void child(world_t *w, int out, int from)
{
    if (!open_store(w, NULL)) _exit(3);
    for (int i = from;; i++) {
        char stream[40], marker[40];
        const char *name = stream;
        snprintf(stream, sizeof stream, "s/%d", i);
        snprintf(marker, sizeof marker, "MARK-%07d-END", i);
        if (!fill(w->store, stream, marker, 12, 9000)) _exit(4);
        int told[2] = {i, 0};
        if (write(out, told, sizeof told) != sizeof told || !store_erase(w->store, &name, 1, NULL)) _exit(5);
        told[1] = 1;
        if (write(out, told, sizeof told) != sizeof told) _exit(6);
    }
}

static void a_kill_in_the_middle_leaves_all_or_nothing(void **state)
{
    world_t *w = *state;
    unsigned seed = 20261127;
    int erased = 0, filled = -1, gone = 0, kept = 0;
    assert_true(fill(w->store, "keep/a", "STAYS-HERE", 20, 3000));
    for (int round = 0; round < ROUNDS; round++) {
        int ends[2], status, told[2];
        store_close(w->store);
        w->store = NULL;
        assert_int_equal(pipe(ends), 0);
        pid_t pid = fork();
        if (pid == 0) child(w, ends[1], round * NAMES); /* names of its own: one that was cut off is there in part */
        close(ends[1]);
        bool done = false;
        while (round % 4 == 3 && !done && read(ends[0], told, sizeof told) == sizeof told) {
            filled = told[0]; /* on a slow machine too, some kills come after an erasure */
            done = told[1];
            erased += told[1];
        }
        struct timespec nap = {.tv_nsec = (long)(20 + rand_r(&seed) % MOST_MS) * 1000000};
        nanosleep(&nap, NULL);
        kill(pid, SIGKILL);
        while (read(ends[0], told, sizeof told) == sizeof told) {
            filled = told[0];
            done = told[1];
            erased += told[1];
        }
        close(ends[0]);
        waitpid(pid, &status, 0);
        assert_true(WIFSIGNALED(status));
        assert_true(open_store(w, NULL));
        assert_false(is_marked(w));
        assert_true(store_check(w->store, NULL));
        assert_int_equal(last_of(w->store, "keep/a"), 20);
        if (filled < 0) continue;
        /* the newest that was filled is whole or gone; what is gone has left no byte */
        char stream[40], marker[40];
        snprintf(stream, sizeof stream, "s/%d", filled);
        snprintf(marker, sizeof marker, "MARK-%07d-END", filled);
        int64_t last = last_of(w->store, stream);
        assert_true(last == 0 || (last == 12 && !done));
        assert_true(folder_has(w->dir, marker) == (last > 0));
        assert_int_equal(rows_of(w->store, "line", stream), last);
        *(last > 0 ? &kept : &gone) += 1;
    }
    print_message("%d kills: %d erasures told, newest stream gone %d times, whole %d times\n", ROUNDS, erased, gone,
                  kept);
    assert_true(erased > 0 && gone > 0);
}

/* ---- appends go on ---- */

typedef struct {
    store_t *store;
    int count;
} writer_t;

static void *write_on(void *context)
{
    writer_t *writer = context;
    for (; writer->count < 300; writer->count++)
        if (!store_append(writer->store, "busy", writer->count, "act", 1, "{}", 2, "", NULL, NULL)) break;
    return NULL;
}

static void writers_lose_nothing_meanwhile(void **state)
{
    world_t *w = *state;
    writer_t writer = {.store = w->store};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, write_on, &writer), 0);
    for (int i = 0; i < 10; i++) {
        const char *name = "record/me";
        assert_true(fill(w->store, name, "GOES", 5, 1000));
        assert_true(store_erase(w->store, &name, 1, NULL));
    }
    pthread_join(thread, NULL);
    assert_int_equal(writer.count, 300);
    assert_int_equal(last_of(w->store, "busy"), 300);
    assert_true(store_check(w->store, NULL));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(what_is_erased_is_in_no_file),
        CASE(an_erased_stream_begins_anew),
        CASE(wrong_names_erase_nothing),
        CASE(traces_that_a_reader_holds_go_later),
        CASE(a_kill_in_the_middle_leaves_all_or_nothing),
        CASE(writers_lose_nothing_meanwhile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
