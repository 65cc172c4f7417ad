/* What the files of this room share: the server, and an exchange (one request and its answer). */
#ifndef TITER_WEB_SERVER_H
#define TITER_WEB_SERVER_H

#include "guard.h"
#include "web/asset.h"
#include "web/web.h"

#include <pthread.h>
#include <stdatomic.h>
#include <zlib.h>

enum {
    SPARE_MAX = 16, /* arenas and compressors kept for the next request */
    ROUTES_MAX = 256,
    URL_TEXT_MAX = 96,
};

struct MHD_Daemon;
struct MHD_Connection;

typedef struct {
    char name[40];
    char value[400];
} header_out_t;

/* How the body of an answer is held. */
typedef enum { BODY_TEXT, BODY_STATIC, BODY_STREAM } body_kind;

struct response {
    web_t *web;
    const request_t *request;
    int status;
    char type[80];
    body_kind kind;
    text_t body;
    const unsigned char *bytes; /* BODY_STATIC */
    size_t length;
    stream_t stream; /* BODY_STREAM */
    bool has_stream;
    const char *coding; /* Content-Encoding, or NULL */
    int cache_s;        /* 0 = no-store */
    bool vary;
    bool foreign;                                  /* response_foreign */
    header_out_t headers[WEB_HEADERS_OUT_MAX + 4]; /* cookies and Location beside the handler's own */
    size_t header_count;
    char cookies[2][GUARD_COOKIE_MAX * 2 + 200]; /* the session's and one more */
    size_t cookie_count;
};

/* What the HTTP library knows of a request, as dispatch.c needs it. */
typedef struct {
    const char *method;
    const char *target; /* raw: path and query as sent */
    const char *host, *origin, *referer, *fetch_site, *fetch_mode;
    const char *cookie, *content_type, *accept_encoding, *content_length, *transfer_encoding;
    bool enhanced;
    const char *doubled; /* a header that must come once and came twice, or NULL */
    size_t header_count;
    size_t target_length;
    size_t line_bytes; /* what the header lines, as read, take at most in the usual spelling */
    bool hidden_bytes; /* the library read past more bytes than those: a zero byte, folded or padded lines */
} head_t;

typedef struct exchange {
    web_t *web;
    head_t head;
    request_t request;
    response_t response;
    arena_t *arena;
    text_t body; /* of the request */
    bool too_big;
    int uploads; /* of a form with a file: how much of web->uploads it takes; 0 */
    char session[GUARD_SESSION_TEXT], csrf[GUARD_CSRF_TEXT];
    bool head_seen, answered, running;
    struct exchange *next; /* in the workers' queue */
    struct MHD_Connection *connection;
} exchange_t;

typedef struct {
    z_stream z;
    bool ready;
} squeezer_t;

typedef struct stream_slot stream_slot_t;
typedef struct connection_slot connection_slot_t;

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t ready;
    exchange_t *first, *last; /* waiting for a worker */
    bool ends;
    pthread_t threads[WEB_WORKERS_MAX];
    int count;
} work_t;

struct web {
    web_options_t options;
    guard_address_t address;
    guard_key_t key;
    char url[URL_TEXT_MAX];
    uint16_t port;
    struct MHD_Daemon *daemon;
    int quiesced_fd;
    atomic_bool stopping;
    atomic_int uploads; /* forms with a file that are held in memory */
    atomic_int running; /* requests between their last byte and the end of their answer */

    pthread_mutex_t spare_lock;
    arena_t *arenas[SPARE_MAX];
    squeezer_t *squeezers[SPARE_MAX];
    int arena_count, squeezer_count;

    pthread_mutex_t lock; /* streams and connections */
    pthread_cond_t pulse;
    pthread_t pulse_thread;
    bool pulse_runs, pulse_ends, lock_ready;
    work_t work;
    stream_slot_t *streams;
    int stream_count;
    connection_slot_t *connections;
};

/* ---- dispatch.c ---- */
/* Judges the headers, before any body is read. False: the response already holds the refusal. */
bool dispatch_head(exchange_t *x);
/* How large the body of this request may be. */
size_t dispatch_body_max(const exchange_t *x);
size_t dispatch_file_max(const exchange_t *x);
/* Runs the request whose body is complete. */
void dispatch(exchange_t *x);
bool routes_check(const web_options_t *options, err_t *err);

/* ---- response.c ---- */
void response_init(response_t *response, web_t *web, const request_t *request);
void response_drop(response_t *response);
void response_static(response_t *response, const asset_t *asset, const char *accept_encoding);
/* Compresses when it pays. */
void response_finish(response_t *response, const char *accept_encoding);
/* Calls `each` with every header of the answer. */
void response_headers(const response_t *response, void (*each)(void *to, const char *name, const char *value),
                      void *to);
void response_session(response_t *response, const char *session);
arena_t *spare_arena(web_t *web);
void spare_arena_back(web_t *web, arena_t *arena);
void spare_free(web_t *web);

/* ---- work.c ---- */
bool work_start(web_t *web, err_t *err);
/* Suspends the connection and queues the exchange; false when the workers are ending. */
bool work_push(exchange_t *x);
/* Finishes what is queued, then ends the workers. */
void work_stop(web_t *web);

/* ---- stream.c ---- */
bool pulse_start(web_t *web, err_t *err);
/* Ends every stream and the pulse thread. */
void pulse_stop(web_t *web);
/* Takes over the stream; NULL when there are too many (close has been called). */
stream_slot_t *stream_open(web_t *web, struct MHD_Connection *connection, const stream_t *stream);
int64_t clock_monotonic_ms(void);
/* Reader and destructor in the shape of the HTTP library. */
long stream_read(void *slot, uint64_t position, char *to, size_t max);
void stream_gone(void *slot);

/* ---- http.c ---- */
void connection_suspend(struct MHD_Connection *connection);
void connection_resume(struct MHD_Connection *connection);
/* Closes connections whose request or answer takes too long; web->lock is held. */
void connections_reap(web_t *web, int64_t now_ms);
enum { STREAM_WAIT = 0, STREAM_END = -1 };

#endif
