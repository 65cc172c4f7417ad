/* The adapter over libmicrohttpd: the only file that knows it.
 *
 * Threads: a small pool reads and writes, each thread with its own epoll; the workers run handlers
 * while the connection is suspended (work.c); event streams are suspended while they have nothing to
 * tell (stream.c).
 *
 * The library is given raw bytes to judge, not its own reading of them: the request target is
 * taken before its unescaping, the form body is collected here under a limit, and what it would
 * let through (two lengths, chunked with a length, odd methods) is refused by dispatch_head.
 * Its time limit is for silence only; slow drips are ended by connections_reap. */
#include "server.h"

#include <assert.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

enum { ANSWER_S = 60, STOP_STEP_MS = 5 };

typedef enum { CONNECTION_READS, CONNECTION_WORKS, CONNECTION_ANSWERS, CONNECTION_STREAMS } connection_state_t;

struct connection_slot {
    connection_slot_t *next, **back;
    int fd;
    int64_t since_ms; /* of this state */
    connection_state_t state;
};

void connection_suspend(struct MHD_Connection *connection)
{
    MHD_suspend_connection(connection);
}

void connection_resume(struct MHD_Connection *connection)
{
    MHD_resume_connection(connection);
}

/* ---- connections and their time ---- */

static connection_slot_t *slot_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

static void on_connection(void *closure, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    web_t *web = closure;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        connection_slot_t *slot = calloc(1, sizeof *slot);
        *context = slot;
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        if (slot == NULL || info == NULL) return; /* unwatched; the library's own time limit still holds */
        slot->fd = info->connect_fd;
        slot->since_ms = clock_monotonic_ms();
        pthread_mutex_lock(&web->lock);
        slot->next = web->connections;
        slot->back = &web->connections;
        if (slot->next != NULL)
            slot->next->back = &slot->next;
        else
            pthread_cond_signal(&web->pulse);
        web->connections = slot;
        pthread_mutex_unlock(&web->lock);
    } else if (*context != NULL) {
        connection_slot_t *slot = *context;
        pthread_mutex_lock(&web->lock);
        if (slot->back != NULL) {
            *slot->back = slot->next;
            if (slot->next != NULL) slot->next->back = slot->back;
        }
        pthread_mutex_unlock(&web->lock);
        free(slot);
        *context = NULL;
    }
}

static void connection_state(web_t *web, struct MHD_Connection *connection, connection_state_t state)
{
    connection_slot_t *slot = slot_of(connection);
    if (slot == NULL) return;
    pthread_mutex_lock(&web->lock);
    slot->state = state;
    slot->since_ms = clock_monotonic_ms();
    pthread_mutex_unlock(&web->lock);
}

void connections_reap(web_t *web, int64_t now_ms)
{
    int64_t request_ms = (web->options.request_s > 0 ? web->options.request_s : WEB_REQUEST_S) * 1000;
    for (connection_slot_t *s = web->connections; s != NULL; s = s->next) {
        int64_t limit = s->state == CONNECTION_READS     ? request_ms
                        : s->state == CONNECTION_ANSWERS ? ANSWER_S * 1000
                                                         : INT64_MAX;
        /* The library notices the closed socket and cleans up; the descriptor is still its own. */
        if (now_ms - s->since_ms > limit) shutdown(s->fd, SHUT_RDWR);
    }
}

/* ---- requests ---- */

/* Called with the raw target as soon as the request line is read; what it returns is the request's context. */
static void *on_target(void *closure, const char *target, struct MHD_Connection *connection)
{
    web_t *web = closure;
    exchange_t *x = calloc(1, sizeof *x);
    if (x == NULL) return NULL;
    x->web = web;
    x->connection = connection;
    x->arena = spare_arena(web);
    x->head.target_length = strlen(target);
    bool fits = x->head.target_length <= WEB_URL_MAX;
    x->head.target =
        x->arena == NULL ? NULL : arena_text(x->arena, fits ? target : "/", fits ? x->head.target_length : 1);
    if (x->head.target == NULL) {
        spare_arena_back(web, x->arena);
        free(x);
        return NULL;
    }
    text_init(&x->body, dispatch_body_max(x));
    response_init(&x->response, web, &x->request);
    return x;
}

/* The target was taken raw; the library's own unescaping is switched off. */
static size_t no_unescape(void *closure, struct MHD_Connection *connection, char *text)
{
    (void)closure;
    (void)connection;
    return strlen(text);
}

static void on_completed(void *closure, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode code)
{
    (void)code;
    web_t *web = closure;
    exchange_t *x = *context;
    if (x == NULL) return;
    *context = NULL;
    connection_state(web, connection, CONNECTION_READS);
    bool running = x->running;
    if (x->uploads > 0) atomic_fetch_sub(&web->uploads, x->uploads);
    response_drop(&x->response);
    text_free(&x->body);
    spare_arena_back(web, x->arena);
    free(x);
    if (running) atomic_fetch_sub(&web->running, 1);
}

static enum MHD_Result on_header(void *closure, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    head_t *h = closure;
    const struct {
        const char *name;
        const char **to;
        bool once;
    } known[] = {
        {"Host", &h->host, true},
        {"Origin", &h->origin, true},
        {"Referer", &h->referer, true},
        {"Sec-Fetch-Site", &h->fetch_site, true},
        {"Sec-Fetch-Mode", &h->fetch_mode, true},
        {"Cookie", &h->cookie, true},
        {"Content-Type", &h->content_type, true},
        {"Content-Length", &h->content_length, true},
        {"Transfer-Encoding", &h->transfer_encoding, true},
        {"Accept-Encoding", &h->accept_encoding, false},
    };
    h->header_count++;
    h->line_bytes += strlen(name) + strlen(": \r\n") + (value == NULL ? 0 : strlen(value));
    if (strcasecmp(name, "X-Titer") == 0) h->enhanced = true;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcasecmp(name, known[i].name) != 0) continue;
        if (*known[i].to != NULL && known[i].once) h->doubled = known[i].name;
        *known[i].to = value == NULL ? "" : value;
    }
    return MHD_YES;
}

/* The library hands out zero-terminated text: what stood behind a zero byte would be silently lost.
 * Its count of the bytes it read gives that away. */
static bool has_hidden_bytes(const exchange_t *x, const char *version)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    size_t read =
        strlen(x->head.method) + x->head.target_length + strlen(version) + strlen("  \r\n\r\n") + x->head.line_bytes;
    return info != NULL && info->header_size > read;
}

const char *request_header(const request_t *request, const char *name)
{
    const exchange_t *x = request->private_request;
    return MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name);
}

/* ---- answers ---- */

static void add_header(void *to, const char *name, const char *value)
{
    MHD_add_response_header(to, name, value);
}

static ssize_t read_stream(void *closure, uint64_t position, char *to, size_t max)
{
    long n = stream_read(closure, position, to, max);
    return n == STREAM_END ? MHD_CONTENT_READER_END_OF_STREAM : n;
}

static struct MHD_Response *make_response(exchange_t *x)
{
    response_t *r = &x->response;
    if (r->kind == BODY_STREAM) {
        r->has_stream = false; /* handed over, whatever happens */
        stream_slot_t *slot = stream_open(x->web, x->connection, &r->stream);
        if (slot != NULL) {
            struct MHD_Response *m =
                MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read_stream, slot, stream_gone);
            if (m == NULL) stream_gone(slot);
            return m;
        }
        response_error(r, 503, "Too many pages are open at once. Close some and reload.");
    }
    if (r->kind == BODY_STATIC)
        return MHD_create_response_from_buffer(r->length, (void *)(uintptr_t)r->bytes, MHD_RESPMEM_PERSISTENT);
    /* The buffer stays the exchange's own: it lives until on_completed, after the last byte is sent. */
    return MHD_create_response_from_buffer(r->body.length, r->body.length > 0 ? r->body.data : (void *)(uintptr_t) "",
                                           MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result answer(exchange_t *x, bool close_after)
{
    response_t *r = &x->response;
    struct MHD_Response *m = make_response(x);
    if (m == NULL) return MHD_NO;
    response_headers(r, add_header, m);
    if (close_after || atomic_load(&x->web->stopping)) MHD_add_response_header(m, "Connection", "close");
    connection_state(x->web, x->connection, r->kind == BODY_STREAM ? CONNECTION_STREAMS : CONNECTION_ANSWERS);
    if (r->kind == BODY_STREAM && x->running) { /* an open stream is not a request to wait for */
        x->running = false;
        atomic_fetch_sub(&x->web->running, 1);
    }
    enum MHD_Result result = MHD_queue_response(x->connection, (unsigned)r->status, m);
    MHD_destroy_response(m);
    return result;
}

static enum MHD_Result on_request(void *closure, struct MHD_Connection *connection, const char *url, const char *method,
                                  const char *version, const char *data, size_t *size, void **context)
{
    (void)closure;
    (void)url;
    exchange_t *x = *context;
    if (x == NULL) return MHD_NO;
    if (!x->head_seen) {
        x->head.method = arena_text(x->arena, method, strlen(method));
        if (x->head.method == NULL) return MHD_NO;
        MHD_get_connection_values(connection, MHD_HEADER_KIND, on_header, &x->head);
        x->head.hidden_bytes = has_hidden_bytes(x, version);
        if (dispatch_head(x)) return MHD_YES;
        response_finish(&x->response, x->head.accept_encoding);
        return answer(x, true);
    }
    if (*size > 0) {
        if (x->body.length + *size > x->body.limit)
            x->too_big = true;
        else
            text_add_n(&x->body, data, *size);
        *size = 0;
        return MHD_YES;
    }
    if (x->answered) return answer(x, x->too_big); /* resumed by a worker */
    connection_state(x->web, connection, CONNECTION_WORKS);
    x->running = true;
    atomic_fetch_add(&x->web->running, 1);
    bool asset = strncmp(x->head.target, "/assets/", strlen("/assets/")) == 0; /* nothing to wait for */
    if (!asset && work_push(x)) return MHD_YES;
    if (asset) {
        dispatch(x);
    } else {
        response_error(&x->response, 503, "Titer is stopping. Start it again and reload this page.");
        x->answered = true;
    }
    response_finish(&x->response, x->head.accept_encoding);
    return answer(x, x->too_big);
}

/* ---- the server ---- */

static void lock_init(web_t *web)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&web->pulse, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&web->lock, NULL);
    pthread_mutex_init(&web->spare_lock, NULL);
    pthread_mutex_init(&web->work.lock, NULL);
    pthread_cond_init(&web->work.ready, NULL);
}

bool web_new(web_t **out, const web_options_t *options, err_t *err)
{
    *out = NULL;
    web_t *web = calloc(1, sizeof *web);
    if (web == NULL) return err_set(err, ERR_MEMORY, "Out of memory.");
    web->options = *options;
    web->quiesced_fd = -1;
    if (!guard_address(&web->address, options->listen, err) || !routes_check(options, err) ||
        !guard_key_open(&web->key, options->data_dir, err)) {
        free(web);
        return false;
    }
    lock_init(web);
    *out = web;
    return true;
}

static bool start_failed(web_t *web, err_t *err)
{
    int why = errno;
    work_stop(web);
    pulse_stop(web);
    if (why == EADDRINUSE)
        return err_set(err, ERR_IO,
                       "Another program (perhaps another Titer) already listens on %s:%u. Stop it, or choose another "
                       "port: --listen %s:0 takes any free one.",
                       web->address.host, (unsigned)web->address.port, web->address.host);
    return err_set(err, ERR_IO, "Cannot listen on %s:%u: %s.", web->address.host, (unsigned)web->address.port,
                   why == 0 ? "the HTTP library refused" : strerror(why));
}

bool web_start(web_t *web, err_t *err)
{
    assert(web->daemon == NULL);
    atomic_store(&web->stopping, false);
    if (!pulse_start(web, err)) return false;
    if (!work_start(web, err)) {
        pulse_stop(web);
        return false;
    }
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    if (web->address.address.ss_family == AF_INET6) flags |= MHD_USE_IPv6;
    /* clang-format off */
    struct MHD_OptionItem items[] = {
        {MHD_OPTION_SOCK_ADDR, 0, &web->address.address},
        {MHD_OPTION_CONNECTION_LIMIT, WEB_CONNECTIONS_MAX, NULL},
        {MHD_OPTION_PER_IP_CONNECTION_LIMIT, WEB_CONNECTIONS_PER_ADDRESS, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, WEB_CONNECTION_BYTES, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, WEB_IDLE_S, NULL},
        {MHD_OPTION_THREAD_POOL_SIZE, WEB_THREADS, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    errno = 0;
    web->daemon = MHD_start_daemon(flags, web->address.port, NULL, NULL, on_request, web,
        MHD_OPTION_URI_LOG_CALLBACK, on_target, web,
        MHD_OPTION_UNESCAPE_CALLBACK, no_unescape, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, web,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, web,
        MHD_OPTION_ARRAY, items,
        MHD_OPTION_END);
    /* clang-format on */
    if (web->daemon == NULL) return start_failed(web, err);
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(web->daemon, MHD_DAEMON_INFO_BIND_PORT);
    web->port = info != NULL && info->port != 0 ? info->port : web->address.port;
    snprintf(web->url, sizeof web->url, "http://%s:%u/", web->address.host, (unsigned)web->port);
    return true;
}

uint16_t web_port(const web_t *web)
{
    return web->port;
}

const char *web_url(const web_t *web)
{
    return web->url;
}

void *web_app(const web_t *web)
{
    return web->options.app;
}

void web_stop(web_t *web)
{
    if (web->daemon == NULL) return;
    atomic_store(&web->stopping, true);
    int fd = MHD_quiesce_daemon(web->daemon);
    work_stop(web); /* what is queued is finished; the library may not stop while connections are suspended */
    pulse_stop(web);
    int64_t until = clock_monotonic_ms() + WEB_STOP_S * 1000;
    for (;;) {
        pthread_mutex_lock(&web->lock);
        bool busy = atomic_load(&web->running) > 0 || web->streams != NULL;
        pthread_mutex_unlock(&web->lock);
        if (!busy || clock_monotonic_ms() >= until) break;
        nanosleep(&(struct timespec){.tv_nsec = STOP_STEP_MS * 1000000}, NULL);
    }
    MHD_stop_daemon(web->daemon);
    if (fd >= 0) close(fd);
    web->daemon = NULL;
}

void web_free(web_t *web)
{
    if (web == NULL) return;
    web_stop(web);
    spare_free(web);
    pthread_mutex_destroy(&web->lock);
    pthread_mutex_destroy(&web->spare_lock);
    pthread_mutex_destroy(&web->work.lock);
    pthread_cond_destroy(&web->work.ready);
    pthread_cond_destroy(&web->pulse);
    free(web);
}
