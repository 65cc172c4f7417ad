/* One request, from its headers to its answer: judge, route, run the handler.
 *
 * Order: form of the request, Host, origin, method, route and sizes by the headers alone
 * (dispatch_head, before any body is read); then query, cookies, session, form, CSRF token, handler. */
#include "server.h"
#include "web/frame.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "error.html.h"

typedef struct {
    const char *path;
    size_t path_length;
    const char *query;
} target_t;

static target_t split_target(const char *target)
{
    size_t n = strcspn(target, "?");
    return (target_t){target, n, target[n] == '?' ? target + n + 1 : ""};
}

static bool is_post(const head_t *head)
{
    return strcmp(head->method, "POST") == 0;
}

/* ---- routes ---- */

/* Compares a pattern with the decoded parts of a path; fills `route` with the named ones. */
static bool pattern_matches(const char *pattern, const char *const *parts, size_t count, params_t *route)
{
    const char *p = pattern + 1;
    route->count = 0;
    for (size_t i = 0; i < count; i++) {
        if (*p == '\0') return false;
        size_t n = strcspn(p, "/");
        if (*p == ':') {
            if (parts[i][0] == '\0') return false;
            route->items[route->count].name = p + 1; /* ends at '/' or the end: see request_route */
            route->items[route->count++].value = parts[i];
        } else if (strlen(parts[i]) != n || memcmp(parts[i], p, n) != 0) {
            return false;
        }
        p += n;
        if (*p == '/')
            p++;
        else if (i + 1 < count)
            return false;
    }
    return *p == '\0';
}

bool routes_check(const web_options_t *options, err_t *err)
{
    if (options->route_count > ROUTES_MAX) return err_set(err, ERR_LIMIT, "More than %d routes.", ROUTES_MAX);
    for (size_t i = 0; i < options->route_count; i++) {
        const web_route_t *r = &options->routes[i];
        size_t segments = 0, named = 0;
        for (const char *p = r->pattern; *p != '\0'; p++) {
            segments += *p == '/';
            named += *p == ':';
        }
        bool method = strcmp(r->method, "GET") == 0 || strcmp(r->method, "POST") == 0;
        if (!method || r->handler == NULL || r->pattern[0] != '/' || segments > WEB_SEGMENTS_MAX ||
            named > WEB_ROUTE_PARAMS_MAX)
            return err_set(err, ERR_INPUT, "The route %s %s is not well-formed.", r->method, r->pattern);
    }
    return true;
}

static void settle(const request_t *request, response_t *response, const char *name, const char *value)
{
    const char *back = request_form(request, "back");
    response_cookie(response, name, value, 31536000);
    response_redirect(response, "%.300s", back == NULL ? "/" : back);
}

static void set_keys(web_t *web, const request_t *request, response_t *response)
{
    (void)web;
    settle(request, response, "keys", text_equal(request_form(request, "keys"), "off") ? "off" : "on");
}

static void set_units(web_t *web, const request_t *request, response_t *response)
{
    (void)web;
    settle(request, response, "units", text_equal(request_form(request, "units"), "si") ? "si" : "us");
}

static void health(web_t *web, const request_t *request, response_t *response)
{
    (void)request;
    err_t err = {0};
    bool well = web->options.healthy == NULL || web->options.healthy(web->options.app, &err);
    text_t *out = response_json(response);
    text_add(out, "{\"status\":");
    text_add_json(out, well ? "ok" : "failing");
    text_add(out, ",\"version\":");
    text_add_json(out, web->options.version == NULL ? "" : web->options.version);
    if (!well) {
        text_add(out, ",\"reason\":");
        text_add_json(out, err.text);
        response_status(response, 503);
    }
    text_add(out, "}\n");
}

static const web_route_t own_routes[] = {
    {"GET", "/healthz", health},
    {"POST", "/settings/keys", set_keys},
    {"POST", "/settings/units", set_units},
};

/* The route of method and path; `other` tells that the path exists for another method. */
static const web_route_t *find_route(exchange_t *x, const char *const *parts, size_t count, bool *other)
{
    const web_options_t *o = &x->web->options;
    size_t own = sizeof own_routes / sizeof own_routes[0];
    const char *method = is_post(&x->head) ? "POST" : "GET";
    *other = false;
    for (size_t i = 0; i < own + o->route_count; i++) {
        const web_route_t *r = i < own ? &own_routes[i] : &o->routes[i - own];
        if (!pattern_matches(r->pattern, parts, count, &x->request.route)) continue;
        if (strcmp(r->method, method) == 0) return r;
        *other = true;
    }
    return NULL;
}

/* ---- judging the headers ---- */

static const char file_too_big[] =
    "A file may have 10 MB. Make it smaller (a scan in gray at 150 dots an inch is enough) and send it again.";

static bool refuse(exchange_t *x, int status, const char *sentence)
{
    response_error(&x->response, status, "%s", sentence);
    x->answered = true;
    return false;
}

size_t dispatch_body_max(const exchange_t *x)
{
    const char *large = x->web->options.large_form;
    return large && x->head.target && strcmp(x->head.target, large) == 0 ? WEB_LARGE_BODY_MAX : WEB_BODY_MAX;
}

/* Of a form with a file. */
size_t dispatch_file_max(const exchange_t *x)
{
    const char *archive = x->web->options.archive_form;
    return archive && x->head.target && strcmp(x->head.target, archive) == 0 ? WEB_ARCHIVE_MAX : WEB_UPLOAD_MAX;
}

static bool refuse_large(exchange_t *x, bool file)
{
    if (file && dispatch_file_max(x) == WEB_ARCHIVE_MAX)
        return refuse(x, 413, "An archive may have 110 MB: a record with more is not made by Export.");
    if (file) return refuse(x, 413, file_too_big);
    response_error(&x->response, 413, "A form may hold %zu KB. Shorten the text and send it again.",
                   dispatch_body_max(x) / 1024);
    x->answered = true;
    return false;
}

static bool judge_form(exchange_t *x)
{
    const head_t *h = &x->head;
    if (h->header_count > WEB_HEADERS_MAX) return refuse(x, 431, "The request has more headers than are read here.");
    if (h->hidden_bytes)
        return refuse(x, 400,
                      "The request holds zero bytes, folded lines or needless spaces; it cannot be read safely.");
    if (h->doubled != NULL) {
        response_error(&x->response, 400, "The header %s came twice.", h->doubled);
        x->answered = true;
        return false;
    }
    if (h->transfer_encoding != NULL)
        return h->content_length != NULL
                   ? refuse(x, 400, "Content-Length and Transfer-Encoding do not go together.")
                   : refuse(x, 411, "A body must announce its length; chunked bodies are not read here.");
    if (h->content_length != NULL) {
        size_t n = strlen(h->content_length);
        if (n == 0 || strspn(h->content_length, "0123456789") != n)
            return refuse(x, 400, "Content-Length must be a whole number.");
        if (n > 9) return refuse(x, 413, "This is more than is read here.");
    }
    if (h->target_length > WEB_URL_MAX) return refuse(x, 414, "The address is longer than 4,096 bytes.");
    return true;
}

static bool judge_sender(exchange_t *x)
{
    const head_t *h = &x->head;
    if (!guard_host_allowed(&x->web->address, x->web->port, h->host)) {
        response_error(&x->response, 421, "This server answers as %s only.", x->web->url);
        x->answered = true;
        return false;
    }
    guard_origin_t origin = {is_post(h), h->host, h->origin, h->referer, h->fetch_site, h->fetch_mode};
    if (guard_origin(&origin) == GUARD_FOREIGN)
        return refuse(x, 403, "Another site's page asked for this. Open Titer itself and try again.");
    return true;
}

/* The path is a route that takes a file. */
static bool takes_file(exchange_t *x)
{
    const web_options_t *o = &x->web->options;
    target_t target = split_target(x->head.target);
    const char *parts[WEB_SEGMENTS_MAX];
    size_t count;
    param_t named[WEB_ROUTE_PARAMS_MAX];
    params_t route = {.items = named};
    if (!path_split(x->arena, target.path, target.path_length, parts, WEB_SEGMENTS_MAX, &count, NULL) ||
        count > WEB_SEGMENTS_MAX)
        return false;
    for (size_t i = 0; i < o->upload_count; i++)
        if (pattern_matches(o->uploads[i], parts, count, &route)) return true;
    return false;
}

static bool is_type(const char *type, const char *wanted)
{
    size_t n = strlen(wanted);
    return type != NULL && strncasecmp(type, wanted, n) == 0 && (type[n] == '\0' || type[n] == ';' || type[n] == ' ');
}

static bool judge_body(exchange_t *x)
{
    const head_t *h = &x->head;
    bool body = h->content_length != NULL && strcmp(h->content_length, "0") != 0;
    long length = h->content_length == NULL ? 0 : strtol(h->content_length, NULL, 10);
    if (!is_post(h)) return !body || refuse(x, 400, "Only POST may carry a body.");
    if (h->content_length == NULL) return refuse(x, 411, "A form must announce its length.");
    bool file = is_type(h->content_type, "multipart/form-data") && takes_file(x);
    if (length < 0 || (size_t)length > (file ? dispatch_file_max(x) : dispatch_body_max(x)))
        return refuse_large(x, file);
    if (body && !file && !is_type(h->content_type, "application/x-www-form-urlencoded"))
        return refuse(x, 415, "Forms are read as application/x-www-form-urlencoded only.");
    if (!file) return true;
    /* what is more than an ordinary file takes the room of all of them */
    x->uploads = (size_t)length > WEB_UPLOAD_MAX ? WEB_UPLOADS_MAX : 1;
    if (atomic_fetch_add(&x->web->uploads, x->uploads) + x->uploads > WEB_UPLOADS_MAX)
        return refuse(x, 503, "Several files are being sent at this moment. Wait a little and send yours again.");
    x->body.limit = dispatch_file_max(x);
    return true;
}

bool dispatch_head(exchange_t *x)
{
    const head_t *h = &x->head;
    x->head_seen = true;
    x->request.method = is_post(h) ? "POST" : "GET";
    x->request.path = "/";
    x->request.query_text = x->request.session = x->request.csrf = "";
    x->request.enhanced = h->enhanced;
    x->request.arena = x->arena;
    x->request.private_request = x;
    if (!judge_form(x) || !judge_sender(x)) return false;
    if (!is_post(h) && strcmp(h->method, "GET") != 0 && strcmp(h->method, "HEAD") != 0) {
        refuse(x, 405, "Pages are read with GET and changed with POST.");
        response_header(&x->response, "Allow", "GET, HEAD, POST");
        return false;
    }
    return judge_body(x);
}

/* ---- running it ---- */

static bool fail(exchange_t *x, const err_t *err)
{
    int status = err->code == ERR_LIMIT ? 413 : err->code == ERR_MEMORY ? 503 : 400;
    return refuse(x, status, err->text);
}

/* Query, cookies, session. */
static bool read_head(exchange_t *x, const target_t *target)
{
    request_t *q = &x->request;
    err_t err;
    q->path = path_decode(x->arena, target->path, target->path_length, &err);
    if (q->path == NULL) {
        q->path = "/";
        return fail(x, &err);
    }
    q->query_text = target->query;
    if (!params_parse(&q->query, x->arena, target->query, strlen(target->query), WEB_PARAMS_MAX, &err) ||
        !params_cookies(&q->cookies, x->arena, x->head.cookie, WEB_COOKIES_MAX, &err))
        return fail(x, &err);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    q->now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    return true;
}

/* The browser's session, from its cookie or new. False when the answer is already made. */
static bool open_session(exchange_t *x)
{
    request_t *q = &x->request;
    const char *session = request_cookie(q, "titer");
    if (session == NULL || strlen(session) != GUARD_SESSION_TEXT - 1) {
        const head_t *h = &x->head;
        bool elsewhere = h->target[1] == '/' || h->target[1] == '\\'; /* "//host" is another server's page */
        if (!is_post(h) && !elsewhere && h->fetch_site != NULL && strcmp(h->fetch_site, "cross-site") == 0) {
            /* Followed from another site: SameSite=Strict held our cookies back. Let the browser ask again. */
            bounce_page(response_html(&x->response), h->target);
            return false;
        }
        guard_session_new(x->session);
        response_session(&x->response, x->session);
        q->session = x->session;
    } else {
        q->session = session;
    }
    guard_csrf(x->csrf, &x->web->key, q->session);
    q->csrf = x->csrf;
    return true;
}

static bool read_form(exchange_t *x)
{
    request_t *q = &x->request;
    err_t err;
    if (x->too_big) return refuse_large(x, x->uploads > 0);
    if (x->body.failed) return refuse(x, 503, "Memory is short at the moment. Try again.");
    const char *body = x->body.data == NULL ? "" : x->body.data;
    const char *boundary = x->uploads > 0 ? multipart_boundary(x->arena, x->head.content_type, &err) : NULL;
    if (x->uploads > 0 ? boundary == NULL || !multipart_parse(&q->form, &q->upload, x->arena, boundary, body,
                                                              x->body.length, WEB_PARAMS_MAX, WEB_UPLOAD_TEXT_MAX, &err)
                       : !params_parse(&q->form, x->arena, body, x->body.length, WEB_PARAMS_MAX, &err))
        return fail(x, &err);
    if (!guard_csrf_check(&x->web->key, q->session, request_form(q, "csrf")))
        return refuse(x, 403,
                      "This form was opened in an earlier session, so it was not sent. Go back, reload the page and "
                      "send it again.");
    return true;
}

static void run(exchange_t *x)
{
    target_t target = split_target(x->head.target);
    const char *parts[WEB_SEGMENTS_MAX];
    size_t count;
    err_t err;
    bool get = !is_post(&x->head);
    if (!read_head(x, &target)) return;
    const asset_t *asset = get ? asset_find(x->request.path) : NULL;
    if (asset != NULL) {
        response_static(&x->response, asset, x->head.accept_encoding);
        return;
    }
    if (!path_split(x->arena, target.path, target.path_length, parts, WEB_SEGMENTS_MAX, &count, &err)) {
        fail(x, &err);
        return;
    }
    bool other = false;
    x->request.route.items = arena_array(x->arena, WEB_ROUTE_PARAMS_MAX, sizeof(param_t));
    if (x->request.route.items == NULL) {
        refuse(x, 503, "Memory is short at the moment. Try again.");
        return;
    }
    const web_route_t *route = count <= WEB_SEGMENTS_MAX ? find_route(x, parts, count, &other) : NULL;
    if (route == NULL && other) {
        refuse(x, 405,
               get ? "This address only takes forms. Go back to the page with the form."
                   : "This address is a page and takes no form.");
        response_header(&x->response, "Allow", get ? "POST" : "GET, HEAD");
    } else if (route == NULL) {
        refuse(x, 404, "There is no page at this address. Start again from the home page.");
    } else {
        bool plain = route->handler == health;
        if (!plain && !open_session(x)) return;
        if (!get && !read_form(x)) return;
        route->handler(x->web, &x->request, &x->response);
    }
}

void dispatch(exchange_t *x)
{
    assert(x->head_seen && !x->answered);
    run(x);
    x->answered = true;
}

/* ---- what handlers ask of a request ---- */

const char *request_query(const request_t *request, const char *name)
{
    return params_get(&request->query, name);
}

const char *request_form(const request_t *request, const char *name)
{
    return params_get(&request->form, name);
}

const upload_t *request_file(const request_t *request, const char *field)
{
    const upload_t *upload = &request->upload;
    return upload->field != NULL && strcmp(upload->field, field) == 0 ? upload : NULL;
}

const char *request_route(const request_t *request, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < request->route.count; i++) {
        const char *own = request->route.items[i].name; /* points into the pattern */
        if (strncmp(own, name, n) == 0 && (own[n] == '\0' || own[n] == '/')) return request->route.items[i].value;
    }
    return NULL;
}

const char *request_cookie(const request_t *request, const char *name)
{
    const exchange_t *x = request->private_request;
    const char *value = params_get(&request->cookies, name);
    return value == NULL ? NULL : guard_verify(request->arena, &x->web->key, name, value);
}

static int64_t number(const char *text, int64_t min, int64_t max, int64_t fallback)
{
    int64_t value;
    if (text == NULL || !text_to_int(text, strlen(text), &value) || value < min || value > max) return fallback;
    return value;
}

int64_t request_query_int(const request_t *request, const char *name, int64_t min, int64_t max, int64_t fallback)
{
    return number(request_query(request, name), min, max, fallback);
}

int64_t request_form_int(const request_t *request, const char *name, int64_t min, int64_t max, int64_t fallback)
{
    return number(request_form(request, name), min, max, fallback);
}
