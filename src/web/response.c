/* Building an answer: body, headers, signed cookies, errors, compression.
 *
 * Security headers stand on every answer, so that no page has to think of them. The
 * Content-Security-Policy allows nothing but this server's own files: no inline script or style. */
#include "server.h"
#include "web/frame.h"
#include "web/template.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "error.html.h"

enum { COMPRESS_LEVEL = 1, SENTENCE_MAX = 600 };

static const char policy[] =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

void response_init(response_t *r, web_t *web, const request_t *request)
{
    r->web = web;
    r->request = request;
    r->status = 200;
    r->type[0] = '\0';
    r->kind = BODY_TEXT;
    text_init(&r->body, WEB_ANSWER_MAX);
    r->has_stream = false;
    r->coding = NULL;
    r->cache_s = 0;
    r->vary = false;
    r->foreign = false;
    r->header_count = 0;
    r->cookie_count = 0;
}

void response_drop(response_t *r)
{
    text_free(&r->body);
    if (r->has_stream && r->stream.close != NULL) r->stream.close(r->stream.state);
    r->has_stream = false;
}

text_t *response_body(response_t *r, const char *type)
{
    assert(strpbrk(type, "\r\n") == NULL);
    snprintf(r->type, sizeof r->type, "%s", type);
    r->kind = BODY_TEXT;
    return &r->body;
}

void response_large(response_t *r, size_t most)
{
    assert(r->body.length == 0);
    r->body.limit = most;
}

text_t *response_html(response_t *r)
{
    return response_body(r, "text/html; charset=utf-8");
}

text_t *response_json(response_t *r)
{
    return response_body(r, "application/json");
}

void response_status(response_t *r, int status)
{
    assert(status >= 200 && status <= 599);
    r->status = status;
}

void response_header(response_t *r, const char *name, const char *value)
{
    assert(strpbrk(name, "\r\n:") == NULL && strpbrk(value, "\r\n") == NULL);
    assert(r->header_count < sizeof r->headers / sizeof r->headers[0]);
    assert(strlen(name) < sizeof r->headers[0].name && strlen(value) < sizeof r->headers[0].value);
    header_out_t *h = &r->headers[r->header_count++];
    snprintf(h->name, sizeof h->name, "%s", name);
    snprintf(h->value, sizeof h->value, "%s", value);
}

void response_cookie(response_t *r, const char *name, const char *value, int max_age_s)
{
    assert(r->cookie_count < sizeof r->cookies / sizeof r->cookies[0]);
    assert(strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == strlen(name));
    text_t text;
    text_init(&text, sizeof r->cookies[0] - 1);
    text_addf(&text, "%s=", name);
    bool ok = max_age_s < 0 || guard_sign(&text, &r->web->key, name, value);
    text_add(&text, "; Path=/; HttpOnly; SameSite=Strict");
    if (max_age_s != 0) text_addf(&text, "; Max-Age=%d", max_age_s > 0 ? max_age_s : 0);
    if (ok && !text.failed) snprintf(r->cookies[r->cookie_count++], sizeof r->cookies[0], "%s", text.data);
    text_free(&text);
}

void response_session(response_t *r, const char *session)
{
    response_cookie(r, "titer", session, 0);
}

void response_cache(response_t *r, int seconds)
{
    r->cache_s = seconds;
}

void response_redirect(response_t *r, const char *format, ...)
{
    char path[sizeof r->headers[0].value];
    va_list list;
    va_start(list, format);
    int n = vsnprintf(path, sizeof path, format, list);
    va_end(list);
    /* Only places of this server: "//host" and "/\host" would lead elsewhere. */
    bool ours = n > 0 && (size_t)n < sizeof path && path[0] == '/' && path[1] != '/' && path[1] != '\\';
    for (int i = 0; ours && i < n; i++) ours = (unsigned char)path[i] > ' ' && path[i] != 0x7f;
    text_clear(&r->body);
    r->type[0] = '\0';
    r->status = 303;
    response_header(r, "Location", ours ? path : "/");
}

/* ---- errors ---- */

static const char *title_of(int status)
{
    switch (status) {
    case 400:
        return "This request cannot be read";
    case 403:
        return "Not allowed";
    case 404:
        return "Not found";
    case 405:
        return "This address does not take that";
    case 409:
        return "Somebody was first, or the moment has passed";
    case 413:
        return "Too much at once";
    case 414:
        return "The address is too long";
    case 415:
        return "This kind of content is not read here";
    case 421:
        return "Wrong address";
    case 429:
        return "Too many at once";
    case 431:
        return "Too many headers";
    case 503:
        return "Not available at the moment";
    default:
        return status < 500 ? "Not possible" : "Something went wrong here";
    }
}

static void error_write(response_t *r, int status, const char *sentence)
{
    response_drop(r);
    text_init(&r->body, WEB_ANSWER_MAX);
    r->kind = BODY_TEXT;
    r->cache_s = 0;
    r->foreign = false;
    r->header_count = 0;
    r->status = status;
    error_page_t page = {.status = status, .sentence = sentence};
    frame_init(&page.frame, r->request, title_of(status));
    error_page(response_html(r), &page);
}

void response_error(response_t *r, int status, const char *format, ...)
{
    char sentence[SENTENCE_MAX];
    va_list list;
    va_start(list, format);
    vsnprintf(sentence, sizeof sentence, format, list);
    va_end(list);
    error_write(r, status, sentence);
}

void response_failed(response_t *r, const err_t *err)
{
    int status = 503;
    switch (err->code) {
    case ERR_INPUT:
        status = 400;
        break;
    case ERR_NOT_FOUND:
        status = 404;
        break;
    case ERR_CONFLICT:
    case ERR_STATE:
        status = 409;
        break;
    case ERR_LIMIT:
        status = 429;
        break;
    case ERR_DENIED:
        status = 403;
        break;
    default:
        break;
    }
    error_write(r, status, err->text);
}

void response_download(response_t *r, const char *file_name)
{
    char value[200];
    snprintf(value, sizeof value, "attachment; filename=\"");
    size_t n = strlen(value);
    for (const char *p = file_name; *p != '\0' && n + 3 < sizeof value; p++) {
        bool plain = (unsigned char)*p > ' ' && (unsigned char)*p < 0x7f && strchr("\"\\/;%", *p) == NULL;
        value[n++] = plain ? *p : '-';
    }
    value[n] = '"';
    value[n + 1] = '\0';
    response_header(r, "Content-Disposition", value);
}

void response_foreign(response_t *r)
{
    r->foreign = true;
}

void response_stream(response_t *r, const stream_t *stream)
{
    text_clear(&r->body);
    response_body(r, "text/event-stream");
    r->kind = BODY_STREAM;
    r->stream = *stream;
    r->has_stream = true;
}

void sse_event(text_t *out, const char *event, const char *data)
{
    assert(strpbrk(event, "\r\n") == NULL && strpbrk(data, "\r\n") == NULL);
    text_addf(out, "event: %s\ndata: ", event);
    text_add(out, data);
    text_add(out, "\n\n");
}

/* ---- assets and compression ---- */

void response_static(response_t *r, const asset_t *asset, const char *accept_encoding)
{
    snprintf(r->type, sizeof r->type, "%s", asset->type);
    r->kind = BODY_STATIC;
    r->cache_s = 31536000;
    r->vary = asset->brotli != NULL || asset->gzip != NULL;
    r->bytes = asset->plain;
    r->length = asset->plain_length;
    if (asset->brotli != NULL && accepts_encoding(accept_encoding, "br")) {
        r->bytes = asset->brotli;
        r->length = asset->brotli_length;
        r->coding = "br";
    } else if (asset->gzip != NULL && accepts_encoding(accept_encoding, "gzip")) {
        r->bytes = asset->gzip;
        r->length = asset->gzip_length;
        r->coding = "gzip";
    }
}

static squeezer_t *squeezer_take(web_t *web)
{
    pthread_mutex_lock(&web->spare_lock);
    squeezer_t *s = web->squeezer_count > 0 ? web->squeezers[--web->squeezer_count] : NULL;
    pthread_mutex_unlock(&web->spare_lock);
    if (s != NULL) return s;
    s = calloc(1, sizeof *s);
    if (s == NULL) return NULL;
    /* 15 + 16: the gzip wrapper. */
    if (deflateInit2(&s->z, COMPRESS_LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK) return s;
    free(s);
    return NULL;
}

static void squeezer_free(squeezer_t *s)
{
    deflateEnd(&s->z);
    free(s);
}

static void squeezer_back(web_t *web, squeezer_t *s)
{
    deflateReset(&s->z);
    pthread_mutex_lock(&web->spare_lock);
    bool kept = web->squeezer_count < SPARE_MAX;
    if (kept) web->squeezers[web->squeezer_count++] = s;
    pthread_mutex_unlock(&web->spare_lock);
    if (!kept) squeezer_free(s);
}

static bool is_text(const char *type)
{
    return strncmp(type, "text/", 5) == 0 || strncmp(type, "application/json", 16) == 0 ||
           strncmp(type, "image/svg", 9) == 0;
}

static void compress_body(response_t *r)
{
    squeezer_t *s = squeezer_take(r->web);
    if (s == NULL) return; /* sent as it is */
    size_t bound = deflateBound(&s->z, r->body.length);
    unsigned char *to = malloc(bound);
    if (to != NULL) {
        s->z.next_in = (unsigned char *)r->body.data;
        s->z.avail_in = (unsigned)r->body.length;
        s->z.next_out = to;
        s->z.avail_out = (unsigned)bound;
        if (deflate(&s->z, Z_FINISH) == Z_STREAM_END && s->z.total_out < r->body.length) {
            /* the compressed bytes go back into the body: its buffer is large enough */
            r->body.length = s->z.total_out;
            memcpy(r->body.data, to, s->z.total_out);
            r->coding = "gzip";
        }
        free(to);
    }
    squeezer_back(r->web, s);
}

void response_finish(response_t *r, const char *accept_encoding)
{
    if (r->kind != BODY_TEXT) return;
    if (r->body.failed) {
        response_error(r, 500, "The page grew beyond what one answer may hold. Narrow the list and try again.");
        if (r->body.failed) text_clear(&r->body);
    }
    if (r->body.length < WEB_COMPRESS_MIN || !is_text(r->type)) return;
    r->vary = true;
    if (accepts_encoding(accept_encoding, "gzip")) compress_body(r);
}

void response_headers(const response_t *r, void (*each)(void *to, const char *name, const char *value), void *to)
{
    if (r->type[0] != '\0') each(to, "Content-Type", r->type);
    char cache[80] = "no-store";
    if (r->cache_s > 0)
        snprintf(cache, sizeof cache, "%s, max-age=%d, immutable", r->kind == BODY_STATIC ? "public" : "private",
                 r->cache_s);
    each(to, "Cache-Control", cache);
    if (r->coding != NULL) each(to, "Content-Encoding", r->coding);
    if (r->vary) each(to, "Vary", "Accept-Encoding");
    each(to, "Content-Security-Policy", r->foreign ? "sandbox; default-src 'none'" : policy);
    each(to, "X-Content-Type-Options", "nosniff");
    each(to, "Referrer-Policy", "same-origin");
    each(to, "Cross-Origin-Opener-Policy", "same-origin");
    each(to, "Cross-Origin-Resource-Policy", "same-origin");
    for (size_t i = 0; i < r->cookie_count; i++) each(to, "Set-Cookie", r->cookies[i]);
    for (size_t i = 0; i < r->header_count; i++) each(to, r->headers[i].name, r->headers[i].value);
}

/* ---- memory kept between requests ---- */

arena_t *spare_arena(web_t *web)
{
    pthread_mutex_lock(&web->spare_lock);
    arena_t *arena = web->arena_count > 0 ? web->arenas[--web->arena_count] : NULL;
    pthread_mutex_unlock(&web->spare_lock);
    return arena != NULL ? arena : arena_new(WEB_ARENA_MAX);
}

void spare_arena_back(web_t *web, arena_t *arena)
{
    if (arena == NULL) return;
    arena_reset(arena);
    pthread_mutex_lock(&web->spare_lock);
    bool kept = web->arena_count < SPARE_MAX;
    if (kept) web->arenas[web->arena_count++] = arena;
    pthread_mutex_unlock(&web->spare_lock);
    if (!kept) arena_free(arena);
}

void spare_free(web_t *web)
{
    while (web->arena_count > 0) arena_free(web->arenas[--web->arena_count]);
    while (web->squeezer_count > 0) squeezer_free(web->squeezers[--web->squeezer_count]);
}
