/* A running server, spoken to by raw sockets: what a browser does, and what a browser never does. */
#include "web/frame.h"
#include "web/web.h"

#include "frame.html.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { ANSWER_MAX = 1 << 20, WAIT_MS = 5000, MANY = 300, STREAMS = 120, SLOW_MS = 300, NOISES = 1000, NOISE_MS = 100 };

#ifdef __SANITIZE_ADDRESS__ /* which keeps what is freed for a while */
enum { GROWTH_KB = 512 * 1024 };
#else
enum { GROWTH_KB = 16 * 1024 };
#endif

static web_t *web;
static char host[40];
static atomic_int notes, streams_open, ticks;
static atomic_bool sick;
static char answer[ANSWER_MAX];
static size_t answer_length;

/* ---- the pages of this test ---- */

static void home(web_t *w, const request_t *request, response_t *response)
{
    (void)w;
    frame_t frame;
    frame_init(&frame, request, "Home <&>");
    text_t *out = response_html(response);
    frame_begin(out, &frame);
    for (int i = 0; i < 60; i++) text_addf(out, "<p>A line of the page, number %d</p>\n", i);
    text_add(out, "<form method=\"post\" action=\"/note\">");
    form_hidden(out, &frame.form);
    form_hidden(out, &frame.form);
    text_add(out, "</form>");
    frame_end(out, &frame);
}

static void echo(web_t *w, const request_t *request, response_t *response)
{
    (void)w;
    text_t *out = response_body(response, "text/plain; charset=utf-8");
    const char *q = request_query(request, "q");
    text_addf(out, "id=%s q=%s n=%d agent=%s", request_route(request, "id"), q == NULL ? "-" : q,
              (int)request_query_int(request, "n", 0, 9, -1), request_header(request, "User-Agent"));
}

static void note(web_t *w, const request_t *request, response_t *response)
{
    (void)w;
    atomic_fetch_add(&notes, 1);
    response_cookie(response, "last", request_form(request, "text") == NULL ? "" : "given", 0);
    response_redirect(response, "/");
}

static void away(web_t *w, const request_t *request, response_t *response)
{
    (void)w;
    response_redirect(response, "%s", request_query(request, "to"));
}

static void slow(web_t *w, const request_t *request, response_t *response)
{
    (void)w;
    (void)request;
    nanosleep(&(struct timespec){.tv_nsec = SLOW_MS * 1000000L}, NULL);
    text_add(response_body(response, "text/plain"), "slept");
}

static void huge(web_t *w, const request_t *request, response_t *response)
{
    (void)w;
    (void)request;
    text_t *out = response_html(response);
    for (int i = 0; i < WEB_ANSWER_MAX / 1000 + 10; i++) text_addf(out, "%1000d", i);
}

static bool tick(void *state, text_t *out)
{
    (void)state;
    atomic_fetch_add(&ticks, 1);
    sse_event(out, "clock", "{\"time\":\"02:14\"}");
    return true;
}

static bool once(void *state, text_t *out)
{
    (void)state;
    sse_event(out, "go", "{\"url\":\"/\"}");
    return false;
}

static void closed(void *state)
{
    (void)state;
    atomic_fetch_sub(&streams_open, 1);
}

static void events(web_t *w, const request_t *request, response_t *response)
{
    (void)w;
    bool ends = request_query(request, "once") != NULL;
    int period = (int)request_query_int(request, "period", 10, 100000, 100000);
    atomic_fetch_add(&streams_open, 1);
    response_stream(response, &(stream_t){ends ? once : tick, closed, NULL, period, 7});
}

static bool healthy(void *app, err_t *err)
{
    (void)app;
    return !atomic_load(&sick) || err_set(err, ERR_IO, "The disk is full.");
}

static const web_route_t routes[] = {
    {"GET", "/", home},     {"GET", "/echo/:id", echo}, {"GET", "/a/:id/b", echo},  {"POST", "/note", note},
    {"GET", "/slow", slow}, {"GET", "/huge", huge},     {"GET", "/events", events}, {"GET", "/away", away},
};

/* ---- a plain client ---- */

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int open_socket(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(web_port(web))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static bool send_bytes(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = send(fd, bytes, length, MSG_NOSIGNAL);
        if (n <= 0) return false;
        bytes += n;
        length -= (size_t)n;
    }
    return true;
}

/* Reads until the server closes, `until` appears, or the time is up; false on the last. */
static bool read_until(int fd, const char *until, int wait_ms)
{
    int64_t end = now_ms() + wait_ms;
    answer_length = 0;
    for (;;) {
        answer[answer_length] = '\0';
        if (until != NULL && strstr(answer, until) != NULL) return true;
        int left = (int)(end - now_ms());
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (left <= 0 || poll(&p, 1, left) <= 0) return false;
        ssize_t n = recv(fd, answer + answer_length, ANSWER_MAX - 1 - answer_length, 0);
        if (n <= 0) return true;
        answer_length += (size_t)n;
    }
}

static int status_of_answer(void)
{
    int status = 0;
    return sscanf(answer, "HTTP/1.1 %d", &status) == 1 ? status : 0;
}

static int ask_bytes(const char *bytes, size_t length)
{
    int fd = open_socket();
    send_bytes(fd, bytes, length); /* a refusal may close before all is sent */
    bool closed_by_server = read_until(fd, NULL, WAIT_MS);
    close(fd);
    assert_true(closed_by_server);
    return status_of_answer();
}

/* `head` is the request line and headers without Host, Connection and the last empty line. */
static int ask(const char *head, const char *body)
{
    char request[70000];
    int n = snprintf(request, sizeof request, "%s\r\nHost: %s\r\nConnection: close\r\n\r\n%s", head, host, body);
    assert_true(n > 0 && (size_t)n < sizeof request);
    return ask_bytes(request, (size_t)n);
}

static const char *header_value(const char *name, char *out, size_t size)
{
    const char *end = strstr(answer, "\r\n\r\n");
    char find[80];
    snprintf(find, sizeof find, "\r\n%s: ", name);
    const char *at = strcasestr(answer, find);
    if (at == NULL || end == NULL || at > end) return NULL;
    at += strlen(find);
    snprintf(out, size, "%.*s", (int)strcspn(at, "\r"), at);
    return out;
}

static const char *body_of_answer(void)
{
    const char *end = strstr(answer, "\r\n\r\n");
    return end == NULL ? "" : end + 4;
}

static char session[400], token[100];

static void take_between(const char *from, const char *stop, char *out, size_t size)
{
    const char *at = strstr(answer, from);
    assert_non_null(at);
    at += strlen(from);
    snprintf(out, size, "%.*s", (int)strcspn(at, stop), at);
}

/* Opens the home page as a browser would; keeps cookie and token. */
static void visit(void)
{
    assert_int_equal(ask("GET / HTTP/1.1", ""), 200);
    take_between("Set-Cookie: ", ";", session, sizeof session);
    take_between("name=\"csrf\" value=\"", "\"", token, sizeof token);
}

static int post(const char *more_headers, const char *cookie, const char *csrf, const char *fields)
{
    char head[4000], body[16000];
    snprintf(body, sizeof body, "csrf=%s&%s", csrf, fields);
    snprintf(head, sizeof head,
             "POST /note HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n"
             "Cookie: %s%s",
             strlen(body), cookie, more_headers);
    return ask(head, body);
}

/* ---- tests ---- */

static void test_page(void **state)
{
    (void)state;
    char value[800];
    assert_int_equal(ask("GET / HTTP/1.1", ""), 200);
    assert_string_equal(header_value("Content-Type", value, sizeof value), "text/html; charset=utf-8");
    assert_string_equal(header_value("Cache-Control", value, sizeof value), "no-store");
    assert_string_equal(header_value("X-Content-Type-Options", value, sizeof value), "nosniff");
    assert_string_equal(header_value("Referrer-Policy", value, sizeof value), "same-origin");
    assert_string_equal(header_value("Cross-Origin-Opener-Policy", value, sizeof value), "same-origin");
    assert_string_equal(header_value("Cross-Origin-Resource-Policy", value, sizeof value), "same-origin");
    assert_non_null(strstr(header_value("Content-Security-Policy", value, sizeof value), "default-src 'none'"));
    assert_null(strstr(value, "unsafe"));
    assert_non_null(strstr(header_value("Set-Cookie", value, sizeof value), "HttpOnly; SameSite=Strict"));
    assert_non_null(strstr(answer, "<title>Home &lt;&amp;&gt; · Titer</title>"));
    assert_null(strstr(body_of_answer(), " style="));
    char first[60], second[60]; /* each form has its own request id */
    take_between("name=\"request\" value=\"", "\"", first, sizeof first);
    const char *again = strstr(strstr(answer, first) + 1, "name=\"request\" value=\"");
    snprintf(second, sizeof second, "%.*s", (int)strlen(first), again + strlen("name=\"request\" value=\""));
    assert_string_not_equal(first, second);
}

static void test_head(void **state)
{
    (void)state;
    assert_int_equal(ask("HEAD / HTTP/1.1", ""), 200);
    assert_string_equal(body_of_answer(), "");
    assert_int_equal(ask("HEAD /nowhere HTTP/1.1", ""), 404);
}

static void test_compression(void **state)
{
    (void)state;
    char value[100];
    assert_int_equal(ask("GET / HTTP/1.1\r\nAccept-Encoding: br, gzip", ""), 200);
    assert_string_equal(header_value("Content-Encoding", value, sizeof value), "gzip");
    assert_string_equal(header_value("Vary", value, sizeof value), "Accept-Encoding");
    assert_int_equal((unsigned char)body_of_answer()[0], 0x1f);
    size_t small = answer_length;
    assert_int_equal(ask("GET / HTTP/1.1\r\nAccept-Encoding: gzip;q=0", ""), 200);
    assert_null(header_value("Content-Encoding", value, sizeof value));
    assert_true(small * 2 < answer_length);
    assert_int_equal(ask("GET /echo/1 HTTP/1.1\r\nAccept-Encoding: gzip", ""), 200);
    assert_null(header_value("Content-Encoding", value, sizeof value)); /* too small to pay */
}

static void test_assets(void **state)
{
    (void)state;
    char url[100], request[200], value[100];
    assert_int_equal(ask("GET / HTTP/1.1", ""), 200);
    take_between("rel=\"stylesheet\" href=\"", "\"", url, sizeof url);
    static const char *const codings[] = {"br", "gzip", ""};
    for (int i = 0; i < 3; i++) {
        snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nAccept-Encoding: %s", url, codings[i]);
        assert_int_equal(ask(request, ""), 200);
        const char *coding = header_value("Content-Encoding", value, sizeof value);
        assert_string_equal(coding == NULL ? "" : coding, codings[i]);
        assert_string_equal(header_value("Cache-Control", value, sizeof value), "public, max-age=31536000, immutable");
        assert_null(header_value("Set-Cookie", value, sizeof value));
    }
    assert_non_null(strstr(body_of_answer(), "--brand"));
    assert_int_equal(ask("GET /assets/titer.css HTTP/1.1", ""), 404);
    assert_int_equal(ask("GET /assets/../web.key HTTP/1.1", ""), 404);
}

static void test_routes(void **state)
{
    (void)state;
    assert_int_equal(ask("GET /echo/26-1042?q=two+words%21&n=7 HTTP/1.1\r\nUser-Agent: t", ""), 200);
    assert_string_equal(body_of_answer(), "id=26-1042 q=two words! n=7 agent=t");
    assert_int_equal(ask("GET /a/x%2Fy/b?n=10 HTTP/1.1\r\nUser-Agent: t", ""), 200);
    assert_string_equal(body_of_answer(), "id=x/y q=- n=-1 agent=t");
    static const char *const absent[] = {
        "/echo", "/echo/", "/echo/1/2", "/a/1", "/a/1/b/c", "/a//b", "/nowhere", "//", "/1/2/3/4/5/6/7/8/9/10/11/12"};
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
        char request[100];
        snprintf(request, sizeof request, "GET %s HTTP/1.1", absent[i]);
        if (ask(request, "") != 404) fail_msg("%s: %d", absent[i], status_of_answer());
    }
    assert_non_null(strstr(answer, "There is no page at this address."));
    assert_int_equal(ask("GET /note HTTP/1.1", ""), 405);
    assert_non_null(strstr(answer, "\r\nAllow: POST\r\n"));
}

static void test_redirects_stay_here(void **state)
{
    (void)state;
    char value[100];
    assert_int_equal(ask("GET /away?to=/shift/1 HTTP/1.1", ""), 303);
    assert_string_equal(header_value("Location", value, sizeof value), "/shift/1");
    static const char *const elsewhere[] = {"http://evil/", "//evil/", "/%5Cevil", "/x%0D%0ASet-Cookie:a=b", ""};
    for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++) {
        char request[100];
        snprintf(request, sizeof request, "GET /away?to=%s HTTP/1.1", elsewhere[i]);
        assert_int_equal(ask(request, ""), 303);
        assert_string_equal(header_value("Location", value, sizeof value), "/");
    }
}

static void test_csrf(void **state)
{
    (void)state;
    visit();
    int before = atomic_load(&notes);
    assert_int_equal(post("", session, token, "text=a"), 303);
    assert_non_null(strstr(answer, "Location: /\r\n"));
    assert_int_equal(atomic_load(&notes), before + 1);
    assert_int_equal(post("", session, "", "text=a"), 403);
    assert_int_equal(post("", session, "AAAA", "text=a"), 403);
    assert_int_equal(post("", "a=b", token, "text=a"), 403); /* the token of another session */
    char forged[400];
    snprintf(forged, sizeof forged, "%s", session);
    forged[strlen(forged) - 2] = forged[strlen(forged) - 2] == 'A' ? 'B' : 'A';
    assert_int_equal(post("", forged, token, "text=a"), 403);
    assert_int_equal(atomic_load(&notes), before + 1);
}

static void test_origin(void **state)
{
    (void)state;
    visit();
    int before = atomic_load(&notes);
    char mine[100];
    snprintf(mine, sizeof mine, "\r\nOrigin: http://%s", host);
    assert_int_equal(post(mine, session, token, "text=a"), 303);
    assert_int_equal(post("\r\nOrigin: http://evil.example", session, token, "text=a"), 403);
    assert_int_equal(post("\r\nOrigin: null", session, token, "text=a"), 403);
    assert_int_equal(post("\r\nSec-Fetch-Site: cross-site", session, token, "text=a"), 403);
    assert_int_equal(post("\r\nSec-Fetch-Site: same-site", session, token, "text=a"), 403);
    assert_int_equal(post("\r\nReferer: http://evil.example/", session, token, "text=a"), 403);
    snprintf(mine, sizeof mine, "\r\nOrigin: http://%s\r\nOrigin: http://evil.example", host);
    assert_int_equal(post(mine, session, token, "text=a"), 400);
    assert_int_equal(atomic_load(&notes), before + 1);
    assert_int_equal(ask("GET / HTTP/1.1\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors", ""), 403);
    assert_int_equal(ask("GET /?a=%22 HTTP/1.1\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate", ""), 200);
    assert_non_null(strstr(answer, "url=/?a=%22\""));
    assert_null(strstr(answer, "Set-Cookie")); /* the session that the browser held back is not replaced */
}

static int ask_host(const char *hosts)
{
    char request[400];
    int n = snprintf(request, sizeof request, "GET / HTTP/1.1\r\n%sConnection: close\r\n\r\n", hosts);
    return ask_bytes(request, (size_t)n);
}

static void test_host(void **state)
{
    (void)state;
    char line[200];
    snprintf(line, sizeof line, "Host: localhost:%u\r\n", (unsigned)web_port(web));
    assert_int_equal(ask_host(line), 200);
    assert_int_equal(ask_host("Host: evil.example\r\n"), 421);
    assert_int_equal(ask_host("Host: 127.0.0.1\r\n"), 421);
    assert_int_equal(ask_host("Host: \r\n"), 421);
    int none = ask_host("");
    assert_true(none == 400 || none == 421);
    snprintf(line, sizeof line, "Host: %s\r\nHost: evil.example\r\n", host);
    assert_int_equal(ask_host(line), 400);
}

static void test_malformed(void **state)
{
    (void)state;
    static const struct {
        const char *head, *body;
        int status;
    } cases[] = {
        {"GET /echo/%zz HTTP/1.1", "", 400},
        {"GET /echo/%00 HTTP/1.1", "", 400},
        {"GET /echo/%0A HTTP/1.1", "", 400},
        {"GET /echo/%FF HTTP/1.1", "", 400},
        {"GET /echo/\x01 HTTP/1.1", "", 400},
        {"GET /echo/1?q=%0 HTTP/1.1", "", 400},
        {"GET http://evil/ HTTP/1.1", "", 400},
        {"GET * HTTP/1.1", "", 400},
        {"PUT / HTTP/1.1\r\nContent-Length: 0", "", 405},
        {"DELETE / HTTP/1.1", "", 405},
        {"OPTIONS / HTTP/1.1", "", 405},
        {"TRACE / HTTP/1.1", "", 405},
        {"get / HTTP/1.1", "", 405},
        {"BREW / HTTP/1.1", "", 405},
        {"POST /note HTTP/1.1", "", 411},
        {"POST /note HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked", "3\r\na=1\r\n0\r\n\r\n", 400},
        {"POST /note HTTP/1.1\r\nTransfer-Encoding: chunked", "3\r\na=1\r\n0\r\n\r\n", 411},
        {"POST /note HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3", "a=1", 400},
        {"POST /note HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4", "a=1", 400},
        {"POST /note HTTP/1.1\r\nContent-Length: +3", "a=1", 400},
        {"POST /note HTTP/1.1\r\nContent-Length: 3x", "a=1", 400},
        {"POST /note HTTP/1.1\r\nContent-Length: -1", "a=1", 400},
        {"POST /note HTTP/1.1\r\nContent-Length: 65537", "", 413},
        {"POST /note HTTP/1.1\r\nContent-Length: 99999999999999999999", "", 413},
        {"POST /note HTTP/1.1\r\nContent-Length: 3\r\nContent-Type: text/plain", "a=1", 415},
        {"POST /note HTTP/1.1\r\nContent-Length: 3", "a=1", 415},
        {"GET / HTTP/1.1\r\nContent-Length: 3", "a=1", 400},
        {"GET / HTTP/1.1\r\nX-Folded: a\r\n b", "", 400},
        {"GET / HTTP/1.1\r\nX-Padded:      a", "", 400},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int got = ask(cases[i].head, cases[i].body);
        /* the library itself answers some with its own 400 or 413, or hangs up */
        if (got != cases[i].status && !(cases[i].status >= 400 && (got == 400 || got == 0 || got == 413)))
            fail_msg("%s: expected %d, got %d", cases[i].head, cases[i].status, got);
        if (got != cases[i].status) print_message("%s: %d by the library\n", cases[i].head, got);
    }
}

static void test_oversized(void **state)
{
    (void)state;
    static char request[120000];
    int n = snprintf(request, sizeof request, "GET /%05000d HTTP/1.1", 1);
    assert_true(n > WEB_URL_MAX);
    assert_int_equal(ask(request, ""), 414);
    n = snprintf(request, sizeof request, "GET / HTTP/1.1\r\nHost: %s\r\nX-Large: %0*d\r\n\r\n", host, 100000, 1);
    int status = ask_bytes(request, (size_t)n);
    assert_true(status == 431 || status == 413 || status == 400 || status == 0);
    n = snprintf(request, sizeof request, "GET / HTTP/1.1");
    for (int i = 0; i < WEB_HEADERS_MAX + 5; i++)
        n += snprintf(request + n, sizeof request - (size_t)n, "\r\nX-%d: 1", i);
    char *many = strdup(request);
    assert_non_null(many);
    assert_int_equal(ask(many, ""), 431);
    free(many);
    visit();
    n = 0;
    for (int i = 1; i < WEB_PARAMS_MAX; i++) n += snprintf(request + n, sizeof request - (size_t)n, "a=%d&", i);
    char *fields = strdup(request); /* with the token: as many as are read */
    assert_non_null(fields);
    assert_int_equal(post("", session, token, fields), 303);
    snprintf(request, sizeof request, "%sb=1", fields);
    free(fields);
    fields = strdup(request);
    assert_non_null(fields);
    assert_int_equal(post("", session, token, fields), 413);
    free(fields);
    assert_int_equal(ask("GET /huge HTTP/1.1", ""), 500);
    assert_non_null(strstr(answer, "The page grew beyond"));
    assert_true(answer_length < 20000);
}

static void test_half_requests(void **state)
{
    (void)state;
    static const char *const halves[] = {"", "G", "GET", "GET / HT", "GET / HTTP/1.1\r\nHo", "POST /note HTTP/1.1\r\n"};
    int fds[60];
    for (int i = 0; i < 60; i++) {
        fds[i] = open_socket();
        const char *half = halves[i % 6];
        send_bytes(fds[i], half, strlen(half));
    }
    assert_int_equal(ask("GET /echo/1 HTTP/1.1\r\nUser-Agent: t", ""), 200); /* the others do not keep it waiting */
    for (int i = 0; i < 60; i++) close(fds[i]);
    visit();
    char request[1000]; /* a body cut short is never handled */
    int before = atomic_load(&notes);
    snprintf(request, sizeof request,
             "POST /note HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n"
             "Content-Length: 500\r\n\r\ncsrf=%s&text=a",
             host, session, token);
    int fd = open_socket();
    send_bytes(fd, request, strlen(request));
    shutdown(fd, SHUT_WR);
    read_until(fd, NULL, WAIT_MS);
    close(fd);
    assert_int_equal(atomic_load(&notes), before);
    char garbage[3000];
    for (size_t i = 0; i < sizeof garbage; i++) garbage[i] = (char)(i * 2654435761u >> 13);
    garbage[sizeof garbage - 1] = '\n';
    fd = open_socket();
    send_bytes(fd, garbage, sizeof garbage);
    shutdown(fd, SHUT_WR);
    read_until(fd, NULL, WAIT_MS);
    close(fd);
    assert_int_equal(ask("GET /healthz HTTP/1.1", ""), 200);
}

static long peak_kb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* Noise, some of it behind a beginning that is well formed: never served, and paid for with no memory. */
static void test_random_bytes(void **state)
{
    (void)state;
    static const char *const openings[] = {"", "GET / HTTP/1.1\r\n",
                                           "GET / HTTP/1.1\r\nHost: ", "POST /note HTTP/1.1\r\n"};
    static char noise[40000];
    uint64_t random = 20261127;
    int before = atomic_load(&notes);
    long peak = 0;
    for (int i = 0; i < NOISES; i++) {
        if (i == NOISES / 10) peak = peak_kb();
        size_t n = (size_t)snprintf(noise, sizeof noise, "%s", openings[i % 4]),
               length = i % 7 == 0 ? sizeof noise : 3000;
        for (; n < length; n++) {
            random = random * 6364136223846793005ULL + 1442695040888963407ULL;
            noise[n] = (char)(random >> 56);
        }
        int fd = open_socket();
        send_bytes(fd, noise, length);
        shutdown(fd, SHUT_WR);
        read_until(fd, NULL, NOISE_MS); /* refused at once, or left to the limit of slow clients */
        if (status_of_answer() != 0) assert_in_range(status_of_answer(), 400, 499);
        close(fd);
    }
    assert_int_equal(atomic_load(&notes), before);
    assert_true(peak_kb() - peak < GROWTH_KB);
    assert_int_equal(ask("GET /healthz HTTP/1.1", ""), 200);
}

static void test_keep_alive(void **state)
{
    (void)state;
    char request[200];
    snprintf(request, sizeof request, "GET /echo/1 HTTP/1.1\r\nHost: %s\r\nUser-Agent: t\r\n\r\n", host);
    int fd = open_socket();
    for (int i = 0; i < 50; i++) {
        assert_true(send_bytes(fd, request, strlen(request)));
        assert_true(read_until(fd, "agent=t", WAIT_MS));
        assert_int_equal(status_of_answer(), 200);
    }
    for (int i = 0; i < 5; i++) assert_true(send_bytes(fd, request, strlen(request))); /* all at once */
    int seen = 0;
    assert_true(read_until(fd, "agent=t", WAIT_MS));
    for (int64_t end = now_ms() + WAIT_MS; now_ms() < end && seen < 5;) {
        seen = 0;
        for (const char *p = answer; (p = strstr(p, "200 OK")) != NULL; p++) seen++;
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (seen == 5 || poll(&p, 1, 100) <= 0) continue;
        ssize_t n = recv(fd, answer + answer_length, ANSWER_MAX - 1 - answer_length, 0);
        assert_true(n > 0);
        answer_length += (size_t)n;
        answer[answer_length] = '\0';
    }
    assert_int_equal(seen, 5);
    close(fd);
}

static void test_many_connections(void **state)
{
    (void)state;
    static int fds[MANY];
    char request[200];
    snprintf(request, sizeof request, "GET /echo/1 HTTP/1.1\r\nHost: %s\r\nUser-Agent: t\r\n\r\n", host);
    for (int i = 0; i < MANY; i++) fds[i] = open_socket();
    for (int i = 0; i < MANY; i++) assert_true(send_bytes(fds[i], request, strlen(request)));
    for (int i = 0; i < MANY; i++) {
        assert_true(read_until(fds[i], "agent=t", WAIT_MS));
        close(fds[i]);
    }
}

static int open_events(const char *query)
{
    char request[200];
    snprintf(request, sizeof request, "GET /events%s HTTP/1.1\r\nHost: %s\r\n\r\n", query, host);
    int fd = open_socket();
    assert_true(send_bytes(fd, request, strlen(request)));
    return fd;
}

static void wait_for(atomic_int *what, int value)
{
    for (int i = 0; i < WAIT_MS && atomic_load(what) != value; i++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    assert_int_equal(atomic_load(what), value);
}

static void test_streams(void **state)
{
    (void)state;
    static int fds[STREAMS];
    for (int i = 0; i < STREAMS; i++) {
        fds[i] = open_events("");
        assert_true(read_until(fds[i], "\n\n\r\n", WAIT_MS)); /* the first event comes at once */
        assert_non_null(strstr(answer, "Content-Type: text/event-stream"));
        assert_non_null(strstr(answer, "event: clock\ndata: {\"time\":\"02:14\"}\n\n"));
    }
    assert_int_equal(atomic_load(&streams_open), STREAMS);
    assert_int_equal(ask("GET /echo/1 HTTP/1.1\r\nUser-Agent: t", ""), 200); /* idle streams hold no thread */
    web_wake(web, 8);                                                        /* another topic */
    assert_false(read_until(fds[0], "event: clock", 100));
    int64_t from = now_ms();
    web_wake(web, 7);
    for (int i = 0; i < STREAMS; i++) assert_true(read_until(fds[i], "event: clock", WAIT_MS));
    print_message("%d streams woken in %d ms\n", STREAMS, (int)(now_ms() - from));
    for (int i = 0; i < STREAMS; i++) close(fds[i]);
    /* a client that left is noticed when something is told */
    for (int i = 0; i < 50 && atomic_load(&streams_open) > 0; i++) {
        web_wake(web, 7);
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    }
    wait_for(&streams_open, 0);
}

static void test_stream_ends(void **state)
{
    (void)state;
    int fd = open_events("?once=1");
    assert_true(read_until(fd, "\r\n0\r\n\r\n", WAIT_MS));
    assert_non_null(strstr(answer, "event: go"));
    close(fd);
    wait_for(&streams_open, 0);
    fd = open_events("?period=60");
    int before = atomic_load(&ticks);
    nanosleep(&(struct timespec){.tv_nsec = 500000000}, NULL);
    int seen = atomic_load(&ticks) - before;
    assert_in_range(seen, 3, 10);
    close(fd);
    wait_for(&streams_open, 0);
}

static void test_stream_limit(void **state)
{
    (void)state;
    static int fds[WEB_STREAMS_MAX];
    for (int i = 0; i < WEB_STREAMS_MAX; i++) fds[i] = open_events("");
    wait_for(&streams_open, WEB_STREAMS_MAX);
    for (int i = 0; i < WEB_STREAMS_MAX; i++) assert_true(read_until(fds[i], "event: clock", WAIT_MS));
    int fd = open_events("");
    assert_true(read_until(fd, "Too many pages are open", WAIT_MS));
    assert_int_equal(status_of_answer(), 503);
    close(fd);
    for (int i = 0; i < WEB_STREAMS_MAX; i++) close(fds[i]);
    for (int i = 0; i < 100 && atomic_load(&streams_open) > 0; i++) {
        web_wake(web, 7);
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    }
    wait_for(&streams_open, 0);
}

static void test_health(void **state)
{
    (void)state;
    char value[100];
    assert_int_equal(ask("GET /healthz HTTP/1.1", ""), 200);
    assert_string_equal(body_of_answer(), "{\"status\":\"ok\",\"version\":\"1.2.3\"}\n");
    assert_null(header_value("Set-Cookie", value, sizeof value));
    atomic_store(&sick, true);
    assert_int_equal(ask("GET /healthz HTTP/1.1", ""), 503);
    assert_non_null(strstr(body_of_answer(), "The disk is full."));
    atomic_store(&sick, false);
}

static void test_key_setting(void **state)
{
    (void)state;
    visit();
    char head[1000], body[200], cookie[300];
    snprintf(body, sizeof body, "csrf=%s&keys=off&back=%%2Fecho%%2F1", token);
    snprintf(
        head, sizeof head,
        "POST /settings/keys HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n"
        "Cookie: %s",
        strlen(body), session);
    assert_int_equal(ask(head, body), 303);
    assert_non_null(strstr(answer, "Location: /echo/1\r\n"));
    take_between("Set-Cookie: keys=", ";", cookie, sizeof cookie);
    snprintf(head, sizeof head, "GET / HTTP/1.1\r\nCookie: %s; keys=%s", session, cookie);
    assert_int_equal(ask(head, ""), 200);
    assert_non_null(strstr(answer, "<body data-keys=\"off\">"));
    snprintf(head, sizeof head, "GET / HTTP/1.1\r\nCookie: %s; keys=off", session); /* unsigned: not believed */
    assert_int_equal(ask(head, ""), 200);
    assert_non_null(strstr(answer, "<body>"));
}

static void test_units_setting(void **state)
{
    (void)state;
    visit();
    char head[1000], body[200];
    snprintf(body, sizeof body, "csrf=%s&units=si&back=%%2Fecho%%2F1", token);
    snprintf(head, sizeof head,
             "POST /settings/units HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
             "Content-Length: %zu\r\nCookie: %s",
             strlen(body), session);
    assert_int_equal(ask(head, body), 303);
    assert_non_null(strstr(answer, "Set-Cookie: units=c2k.")); /* "si", signed */
}

static void *stop_soon(void *closure)
{
    (void)closure;
    nanosleep(&(struct timespec){.tv_nsec = SLOW_MS * 1000000L / 3}, NULL);
    web_stop(web);
    return NULL;
}

/* Last: the request that runs is finished, streams end, idle connections close. */
static void test_stop(void **state)
{
    (void)state;
    int idle = open_socket(), stream = open_events("");
    assert_true(read_until(stream, "event: clock", WAIT_MS));
    char request[200];
    snprintf(request, sizeof request, "GET /slow HTTP/1.1\r\nHost: %s\r\n\r\n", host);
    int fd = open_socket();
    assert_true(send_bytes(fd, request, strlen(request)));
    int64_t from = now_ms();
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, stop_soon, NULL), 0);
    assert_true(read_until(fd, "slept", WAIT_MS));
    assert_true(read_until(stream, "0\r\n\r\n", WAIT_MS));
    assert_true(read_until(idle, NULL, WAIT_MS));
    pthread_join(thread, NULL);
    print_message("stopped after %d ms\n", (int)(now_ms() - from));
    assert_true(now_ms() - from < 3000);
    assert_int_equal(atomic_load(&streams_open), 0);
    close(fd);
    close(idle);
    close(stream);
    err_t err;
    assert_true(web_start(web, &err)); /* and it can listen again */
    snprintf(host, sizeof host, "127.0.0.1:%u", (unsigned)web_port(web));
    assert_int_equal(ask("GET /healthz HTTP/1.1", ""), 200);
}

static void test_refusals(void **state)
{
    (void)state;
    web_t *other;
    err_t err = {0};
    web_options_t options = {.listen = "0.0.0.0:0"};
    assert_false(web_new(&other, &options, &err));
    assert_int_equal(err.code, ERR_DENIED);
    assert_non_null(strstr(err.text, "127.0.0.1:8080"));
    char taken[40];
    snprintf(taken, sizeof taken, "127.0.0.1:%u", (unsigned)web_port(web));
    options.listen = taken;
    assert_true(web_new(&other, &options, &err));
    assert_false(web_start(other, &err));
    assert_non_null(strstr(err.text, "already listens"));
    web_free(other);
    static const web_route_t bad[] = {{"PATCH", "/x", home}};
    options.routes = bad;
    options.route_count = 1;
    assert_false(web_new(&other, &options, &err));
    web_free(NULL);
}

/* A request that trickles in is ended, though it is never silent for long. */
static void test_slow_drip(void **state)
{
    (void)state;
    web_t *saved = web, *other;
    web_options_t options = {.listen = "127.0.0.1:0", .request_s = 1};
    err_t err;
    assert_true(web_new(&other, &options, &err) && web_start(other, &err));
    web = other;
    int fd = open_socket();
    web = saved;
    int64_t from = now_ms();
    bool ended = false;
    for (int i = 0; i < 60 && !ended; i++) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        ended = !send_bytes(fd, i == 0 ? "GET / HTTP/1.1\r\nX: " : "x", i == 0 ? 19 : 1) || poll(&p, 1, 100) > 0;
    }
    assert_true(ended);
    assert_in_range(now_ms() - from, 900, 4000);
    close(fd);
    web_free(other);
}

/* Zero bytes never reach a handler as part of a longer text. */
static void test_zero_bytes(void **state)
{
    (void)state;
    char request[300];
    int n = snprintf(request, sizeof request, "GET /echo/1_2 HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", host);
    *strchr(request, '_') = '\0';
    int status = ask_bytes(request, (size_t)n);
    assert_true(status == 400 || status == 0);
    n = snprintf(request, sizeof request, "GET /echo/1 HTTP/1.1\r\nHost: %s_x\r\nConnection: close\r\n\r\n", host);
    *strchr(request, '_') = '\0';
    status = ask_bytes(request, (size_t)n);
    assert_true(status == 400 || status == 0);
}

static int start(void **state)
{
    (void)state;
    struct rlimit files = {4096, 4096};
    setrlimit(RLIMIT_NOFILE, &files);
    web_options_t options = {.listen = "127.0.0.1:0",
                             .version = "1.2.3",
                             .healthy = healthy,
                             .routes = routes,
                             .route_count = sizeof routes / sizeof routes[0]};
    err_t err = {0};
    if (!web_new(&web, &options, &err) || !web_start(web, &err)) {
        print_error("%s\n", err.text);
        return -1;
    }
    snprintf(host, sizeof host, "127.0.0.1:%u", (unsigned)web_port(web));
    return 0;
}

static int stop(void **state)
{
    (void)state;
    web_free(web);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page),
        cmocka_unit_test(test_head),
        cmocka_unit_test(test_compression),
        cmocka_unit_test(test_assets),
        cmocka_unit_test(test_routes),
        cmocka_unit_test(test_redirects_stay_here),
        cmocka_unit_test(test_csrf),
        cmocka_unit_test(test_origin),
        cmocka_unit_test(test_host),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_oversized),
        cmocka_unit_test(test_half_requests),
        cmocka_unit_test(test_random_bytes),
        cmocka_unit_test(test_keep_alive),
        cmocka_unit_test(test_many_connections),
        cmocka_unit_test(test_streams),
        cmocka_unit_test(test_stream_ends),
        cmocka_unit_test(test_stream_limit),
        cmocka_unit_test(test_health),
        cmocka_unit_test(test_key_setting),
        cmocka_unit_test(test_units_setting),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_slow_drip),
        cmocka_unit_test(test_zero_bytes),
        cmocka_unit_test(test_stop),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
