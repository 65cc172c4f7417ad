/* A world for tests of app: a folder of its own, a clock that the test turns, drawn numbers that repeat. */
#ifndef TITER_TEST_APP_WORLD_H
#define TITER_TEST_APP_WORLD_H

#include "app/app.h"
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct {
    char dir[64];
    app_t *app;
    int64_t now;
    uint64_t random;
    source_t content;
    arena_t *arena; /* for what a test asks for */
    int64_t step;   /* milliseconds that go by whenever somebody asks for the time */
    void *own;      /* what the tests of one file keep beside it */
} world_t;

static int64_t tell_time(void *clock)
{
    world_t *w = clock;
    return w->now += w->step;
}

static uint64_t draw(void *clock)
{
    world_t *w = clock;
    w->random = w->random * 6364136223846793005ULL + 1442695040888963407ULL;
    return w->random >> 4;
}

static void open_app(world_t *w)
{
    err_t err = {0};
    app_options_t options = {
        .data_dir = w->dir, .content = &w->content, .now_ms = tell_time, .random = draw, .clock = w};
    if (!app_open(&w->app, &options, &err)) fail_msg("%s", err.text);
}

/* `content` is kept as it is: it must outlive the world. */
static world_t *world_open(source_t content)
{
    world_t *w = calloc(1, sizeof *w);
    assert_non_null(w);
    strcpy(w->dir, "/tmp/titer-app-XXXXXX");
    assert_non_null(mkdtemp(w->dir));
    w->now = 1800000000000;
    w->content = content;
    w->arena = arena_new(4 * 1024 * 1024);
    open_app(w);
    return w;
}

static void world_close(world_t *w)
{
    char command[100];
    app_close(w->app);
    arena_free(w->arena);
    snprintf(command, sizeof command, "rm -rf %s", w->dir);
    int ignored = system(command);
    (void)ignored;
    free(w);
}

#endif
