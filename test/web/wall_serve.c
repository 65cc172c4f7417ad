/* Serves the pages as `titer serve` does, with one scenario of the content replaced: so the same seed can be
 * worked twice with a different truth, and the pages compared. Time stands still and ids are counted, so that
 * nothing but truth can differ. Usage: wall_serve PATH=FILE --listen ADDRESS --data DIR */
#include "app/app.h"
#include "base/content.h"
#include "web/pages.h"
#include "web/web.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 64 * 1024, FILES_MAX = 512 };

static int64_t still(void *clock)
{
    (void)clock;
    return 1750000000000;
}

static uint64_t counted(void *clock)
{
    return ++*(uint64_t *)clock;
}

static void say(void *app, const char *sentence)
{
    (void)app;
    fprintf(stderr, "wall_serve: %s\n", sentence);
}

/* The content with the file at `path` replaced; false when it has no such file. */
static bool replace(source_t *source, source_file_t *files, const char *path, const char *name)
{
    static unsigned char bytes[FILE_MAX];
    const source_t *own = content_source();
    FILE *file = fopen(name, "rb");
    if (!file || own->count > FILES_MAX) return false;
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    memcpy(files, own->files, own->count * sizeof *files);
    *source = (source_t){files, own->count};
    for (size_t i = 0; i < own->count; i++) {
        if (strcmp(files[i].path, path) != 0) continue;
        files[i].bytes = bytes;
        files[i].length = length;
        return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    static source_file_t files[FILES_MAX];
    uint64_t ids = 41;
    source_t source;
    err_t err = {0};
    app_t *app;
    web_t *web;
    char *equals = argc == 6 ? strchr(argv[1], '=') : NULL;
    if (!equals) return fprintf(stderr, "usage: wall_serve PATH=FILE --listen ADDRESS --data DIR\n"), 2;
    *equals = '\0';
    if (!replace(&source, files, argv[1], equals + 1))
        return fprintf(stderr, "wall_serve: %s cannot be replaced\n", argv[1]), 2;
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stops, NULL);
    signal(SIGPIPE, SIG_IGN);
    app_options_t options = {
        .data_dir = argv[5], .content = &source, .now_ms = still, .random = counted, .clock = &ids};
    size_t routes;
    web_options_t served = {
        .listen = argv[3], .data_dir = argv[5], .version = "test", .log = say, .routes = pages_routes(&routes)};
    served.route_count = routes;
    served.large_form = PAGES_LARGE_FORM;
    served.archive_form = PAGES_ARCHIVE_FORM;
    if (!app_open(&app, &options, &err)) return fprintf(stderr, "wall_serve: %s\n", err.text), 1;
    served.app = app;
    if (!web_new(&web, &served, &err) || !web_start(web, &err)) return fprintf(stderr, "wall_serve: %s\n", err.text), 1;
    printf("http://127.0.0.1:%d/\n", web_port(web));
    fflush(stdout);
    int number;
    sigwait(&stops, &number);
    web_stop(web);
    web_free(web);
    app_close(app);
    return 0;
}
