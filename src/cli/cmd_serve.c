/* titer serve: the laboratory in the browser, for one learner on this machine. */
#include "app/app.h"
#include "args.h"
#include "clock.h"
#include "web/pages.h"
#include "web/web.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>

#ifndef TITER_VERSION
#define TITER_VERSION "0"
#endif

static bool healthy(void *app, err_t *err)
{
    return app_healthy(app, err);
}

static void say(void *app, const char *sentence)
{
    (void)app;
    fprintf(stderr, "titer: %s\n", sentence);
}

/* Serves until the process is asked to stop, then finishes what is running. */
static bool serve(cli_t *cli, app_t *app, const char *address, const char *dir, sigset_t *stops, err_t *err)
{
    size_t routes, uploads;
    web_options_t options = {.listen = address,
                             .data_dir = dir,
                             .version = TITER_VERSION,
                             .app = app,
                             .healthy = healthy,
                             .log = say,
                             .routes = pages_routes(&routes),
                             .uploads = pages_uploads(&uploads)};
    options.route_count = routes;
    options.upload_count = uploads;
    options.large_form = PAGES_LARGE_FORM;
    options.archive_form = PAGES_ARCHIVE_FORM;
    web_t *web;
    if (!web_new(&web, &options, err)) return false;
    if (!web_start(web, err)) {
        web_free(web);
        return false;
    }
    const char *colon = strrchr(address, ':');
    fprintf(cli->out, "Titer is open at http://%.*s:%d/\nData in %s. Stop with Ctrl-C.\n", (int)(colon - address),
            address, web_port(web), dir);
    fflush(cli->out);
    int signal_number;
    sigwait(stops, &signal_number);
    web_stop(web);
    web_free(web);
    return true;
}

int cmd_serve(cli_t *cli, int argc, char **argv)
{
    const char *address = "127.0.0.1:8080", *data = NULL;
    const arg_t table[] = {{"--listen", &address, NULL}, {"--data", &data, NULL}, {NULL, NULL, NULL}};
    args_t args;
    err_t err = {0};
    char dir[4096];
    app_t *app;
    if (!args_read(argc, argv, table, &args, &err)) return args_fail(cli, "titer serve", &err);
    if (args.help || args.count != 0) {
        fputs("usage: titer serve [--listen 127.0.0.1:8080] [--data DIR]\n\nOne learner, no password, this machine "
              "only. Port 0 takes any free one.\n\nexample: titer serve --listen 127.0.0.1:9000\n",
              args.help ? cli->out : cli->err);
        return args.help ? CLI_OK : CLI_USAGE;
    }
    /* every thread started from here on leaves these signals to sigwait */
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &stops, NULL);
    signal(SIGPIPE, SIG_IGN);
    if (!strrchr(address, ':')) err_set(&err, ERR_INPUT, "--listen is an address and a port, such as 127.0.0.1:8080");
    if (err.code || !args_data_dir(data, dir, sizeof dir, &err)) return args_fail(cli, "titer serve", &err);
    app_options_t options = {.data_dir = dir, .content = cli->content, .now_ms = clock_now_ms, .random = clock_random};
    if (!app_open(&app, &options, &err)) return args_fail(cli, "titer serve", &err);
    bool ok = serve(cli, app, address, dir, &stops, &err);
    app_close(app);
    return ok ? CLI_OK : args_fail(cli, "titer serve", &err);
}
