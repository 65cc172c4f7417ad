/* web: the pages of Titer over HTTP. This header is the room's table of contents.
 *
 * web_new checks the address and the key, web_start listens, web_stop finishes what is running.
 * A route is a method, a pattern and a handler; a handler reads a request_t and fills a response_t.
 * Everything about HTTP itself (one library, behind http.c) ends at this header.
 *
 * Before a handler runs, the request has passed the guard: known Host, no page of another origin,
 * a right CSRF token on every POST, sizes within the limits below. A handler that is never reached
 * cannot forget to check. Handlers run on several threads at once. */
#ifndef TITER_WEB_WEB_H
#define TITER_WEB_WEB_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "web/multipart.h"
#include "web/params.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WEB_CONNECTIONS_MAX = 1024,
    WEB_CONNECTIONS_PER_ADDRESS = 768, /* local mode: everybody is 127.0.0.1 */
    WEB_STREAMS_MAX = 512,             /* server-sent event streams open at once */
    WEB_CONNECTION_BYTES = 24 * 1024,  /* request line, headers and the answer's headers, a connection */
    WEB_HEADERS_MAX = 100,             /* header lines a request */
    WEB_URL_MAX = 4096,
    WEB_BODY_MAX = 64 * 1024,
    WEB_LARGE_BODY_MAX = 1024 * 1024,                 /* of the one form that takes files of many items */
    WEB_UPLOAD_MAX = 10 * 1024 * 1024 + WEB_BODY_MAX, /* a form with a file, where a route takes one */
    WEB_UPLOAD_TEXT_MAX = 1024 * 1024,                /* of it in fields that are no file */
    WEB_ARCHIVE_MAX = 110 * 1024 * 1024,              /* the one form that takes a whole archive */
    WEB_UPLOADS_MAX = 8,                              /* such forms at once: each is held in memory */
    WEB_PARAMS_MAX = 800,                             /* a scenario with all its planted things and calls */
    WEB_SEGMENTS_MAX = 8,                             /* parts of a route pattern */
    WEB_ROUTE_PARAMS_MAX = 4,
    WEB_COOKIES_MAX = 32,
    WEB_ARENA_MAX = 4 * 1024 * 1024,   /* memory a handler may take from its request */
    WEB_ANSWER_MAX = 12 * 1024 * 1024, /* bytes of one answer */
    WEB_HEADERS_OUT_MAX = 12,          /* headers a handler may add */
    WEB_STREAM_BUFFER_MAX = 64 * 1024,
    WEB_COMPRESS_MIN = 1024, /* smaller answers are sent as they are */
    WEB_IDLE_S = 20,         /* a silent connection is closed */
    WEB_REQUEST_S = 30,      /* a request must be complete by then, however it trickles in */
    WEB_STOP_S = 5,          /* web_stop waits this long for running requests */
    WEB_HEARTBEAT_MS = 15000,
    WEB_THREADS = 2,  /* read requests and send answers */
    WEB_WORKERS = 16, /* run handlers */
    WEB_WORKERS_MAX = 64,
};

typedef struct web web_t;

/* ---- request ---- */

typedef struct {
    const char *method;     /* "GET" (also for HEAD) or "POST" */
    const char *path;       /* decoded, starts with '/' */
    const char *query_text; /* as sent, without '?'; never NULL */
    const char *session;    /* opaque id of this browser; signed, so not forged; "" on assets and /healthz */
    const char *csrf;       /* token for the hidden field `csrf` of every form (see form_t in frame.h) */
    params_t query, form, cookies;
    upload_t upload; /* of a route that takes a file; its bytes live as long as the request */
    params_t route;  /* the `:name` parts of the pattern */
    arena_t *arena;  /* lives as long as the request */
    bool enhanced;   /* sent by titer.js (X-Titer: 1), which swaps the answer into the page */
    int64_t now_ms;  /* wall clock at the start of the request */
    void *private_request;
} request_t;

/* NULL when absent. */
const char *request_query(const request_t *request, const char *name);
const char *request_form(const request_t *request, const char *name);
const char *request_route(const request_t *request, const char *name);
/* A cookie set by response_cookie whose signature holds; NULL otherwise. */
const char *request_cookie(const request_t *request, const char *name);
/* The file that was sent in that field, or NULL; its name is "" when none was chosen. */
const upload_t *request_file(const request_t *request, const char *field);
/* A header, for the rare page that needs one. */
const char *request_header(const request_t *request, const char *name);
/* Whole numbers; `fallback` when absent or not a number within [min, max]. */
int64_t request_query_int(const request_t *request, const char *name, int64_t min, int64_t max, int64_t fallback);
int64_t request_form_int(const request_t *request, const char *name, int64_t min, int64_t max, int64_t fallback);

/* ---- response ---- */

typedef struct response response_t;

/* The body to append to; sets the type. HTML is the usual one:
 *     worklist_page(response_html(response), &page); */
text_t *response_html(response_t *response);
text_t *response_json(response_t *response);
text_t *response_body(response_t *response, const char *type); /* any other: "text/csv; charset=utf-8" */
void response_status(response_t *response, int status);        /* 200 when not called */
/* Adds a header; name and value are copied; refused (assert) when they hold a line break. */
void response_header(response_t *response, const char *name, const char *value);
/* A signed cookie: HttpOnly, SameSite=Strict, Path=/. max_age_s 0 = until the browser closes, < 0 = delete.
 * Name: letters, digits, '_' and '-'. Value: any text up to 1000 bytes. */
void response_cookie(response_t *response, const char *name, const char *value, int max_age_s);
/* Pages are no-store unless this is called (a picture that never changes: private, max-age, immutable). */
void response_cache(response_t *response, int seconds);
/* 303 See Other, after every successful POST. Only a path of this server ("/..."). */
void response_redirect(response_t *response, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Throws away what was written and answers with the error page and a sentence on what to do. */
void response_error(response_t *response, int status, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same from an error value: input 400, not found 404, conflict and state 409, limit 429, denied 403, else 503. */
void response_failed(response_t *response, const err_t *err);
/* Offers the answer as a file to save: Content-Disposition. */
void response_download(response_t *response, const char *file_name);
/* For bytes that somebody brought: whatever they are, a browser that shows them gives them no origin, no script and
 * nothing to load (CSP sandbox). */
void response_foreign(response_t *response);
/* Lets this one answer grow to `most` bytes instead of WEB_ANSWER_MAX; before anything is written. */
void response_large(response_t *response, size_t most);

/* ---- server-sent events ----
 *
 * A stream costs a connection and its state, no thread: one pulse thread asks the streams in turn. */

typedef struct {
    /* Appends whole events (sse_event) to `out`, or nothing. Called every `period_ms`, and soon after
     * web_wake with this topic; never by two threads at once. Keep it short. false ends the stream. */
    bool (*fill)(void *state, text_t *out);
    void (*close)(
        void *state); /* called exactly once, at the end; may free `state`, calls nothing of web; may be NULL */
    void *state;      /* not from the request's arena: it outlives the handler */
    int period_ms;
    uint64_t topic; /* e.g. hash of the shift id */
} stream_t;

/* Answers with an event stream. On refusal (too many) calls close and answers 503. */
void response_stream(response_t *response, const stream_t *stream);
/* One event; `data` is one line of JSON. titer.js knows: clock, say, part, refresh, go (see README). */
void sse_event(text_t *out, const char *event, const char *data);
/* Asks the streams of that topic at once. Any thread. */
void web_wake(web_t *web, uint64_t topic);

/* ---- the server ---- */

typedef void (*web_handler)(web_t *web, const request_t *request, response_t *response);

typedef struct {
    const char *method;  /* "GET" (answers HEAD too) or "POST" */
    const char *pattern; /* "/shift/:id/worklist": a ":name" matches one part */
    web_handler handler;
} web_route_t;

typedef struct {
    const char *listen;   /* "127.0.0.1:8080", "[::1]:8080", "localhost:0"; port 0 = any free one */
    const char *data_dir; /* the key for signatures lives here: web.key, mode 0600, made at first start */
    const char *version;  /* told by /healthz */
    void *app;            /* given back by web_app */
    bool (*healthy)(void *app, err_t *err);       /* for /healthz; may be NULL */
    void (*log)(void *app, const char *sentence); /* what the operator should know; may be NULL */
    const web_route_t *routes;                    /* must outlive the server */
    size_t route_count;
    const char *const *uploads; /* patterns of the POST routes that take a form with a file; may be NULL */
    size_t upload_count;
    const char
        *archive_form;      /* path of the form whose file may have WEB_ARCHIVE_MAX bytes, one at a time; NULL: none */
    const char *large_form; /* path of the form that may have WEB_LARGE_BODY_MAX bytes; NULL: none */
    int workers;            /* 0 = WEB_WORKERS: how many handlers run at once */
    int request_s;          /* 0 = WEB_REQUEST_S */
} web_options_t;

/* Refuses an address that is not loopback (ERR_DENIED), a bad pattern, an unusable key file. Listens to nothing yet. */
bool web_new(web_t **web, const web_options_t *options, err_t *err);
bool web_start(web_t *web, err_t *err);
uint16_t web_port(const web_t *web);
const char *web_url(const web_t *web); /* "http://127.0.0.1:8080/" once started */
void *web_app(const web_t *web);
/* Takes no new connection, ends the streams, finishes running requests (at most WEB_STOP_S), returns. */
void web_stop(web_t *web);
/* Stops when needed; NULL is fine. */
void web_free(web_t *web);

#endif
