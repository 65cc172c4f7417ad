/* A running server and forms with a file: what arrives whole, what is refused, what is broken off. */
#include "web/frame.h"
#include "web/web.h"

#include "frame.html.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static web_t *web;
static atomic_int files;
static char host[40], answer[1 << 16], session[400], token[100];

static void home(web_t *w, const request_t *request, response_t *response)
{
    (void)w;
    frame_t frame;
    frame_init(&frame, request, "Home");
    form_hidden(response_html(response), &frame.form);
}

static void note(web_t *w, const request_t *request, response_t *response)
{
    (void)w;
    (void)request;
    text_add(response_body(response, "text/plain"), "noted");
}

static void take_file(web_t *w, const request_t *request, response_t *response)
{
    (void)w;
    const upload_t *file = request_file(request, "file");
    atomic_fetch_add(&files, 1);
    response_foreign(response);
    text_t *out = response_body(response, "text/plain; charset=utf-8");
    text_addf(out, "word=%s id=%s ", request_form(request, "word"), request_route(request, "id"));
    if (file == NULL) text_add(out, "none");
    if (file != NULL)
        text_addf(out, "name=%s bytes=%zu last=%d", file->name, file->length, file->bytes[file->length - 1]);
}

static const web_route_t routes[] = {{"GET", "/", home}, {"POST", "/note", note}, {"POST", "/file/:id", take_file}};
static const char *const uploads[] = {"/file/:id"};

static int open_socket(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
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

/* The status of the answer, which is read until the server closes. */
static int ask_bytes(const char *bytes, size_t length)
{
    int fd = open_socket(), status = 0;
    send_bytes(fd, bytes, length); /* a refusal may close before all is sent */
    size_t got = 0;
    for (ssize_t n; got < sizeof answer - 1 && (n = recv(fd, answer + got, sizeof answer - 1 - got, 0)) > 0;)
        got += (size_t)n;
    answer[got] = '\0';
    close(fd);
    return sscanf(answer, "HTTP/1.1 %d", &status) == 1 ? status : 0;
}

static void take_between(const char *from, const char *stop, char *out, size_t size)
{
    const char *at = strstr(answer, from);
    assert_non_null(at);
    at += strlen(from);
    snprintf(out, size, "%.*s", (int)strcspn(at, stop), at);
}

static const char *header(const char *name)
{
    static char value[200];
    take_between(name, "\r", value, sizeof value);
    return value;
}

/* Opens the home page as a browser would; keeps cookie and token. */
static void visit(void)
{
    char request[200];
    int n = snprintf(request, sizeof request, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", host);
    assert_int_equal(ask_bytes(request, (size_t)n), 200);
    take_between("Set-Cookie: ", ";", session, sizeof session);
    take_between("name=\"csrf\" value=\"", "\"", token, sizeof token);
}

enum { FILE_REQUEST_MAX = WEB_UPLOAD_MAX + 8192 };

static char *upload; /* [FILE_REQUEST_MAX] */

/* A form of csrf, word and a file of `size` bytes; the announced length is `off` more than what is built. */
static size_t make_upload(const char *path, const char *csrf, const char *name, size_t size, int off)
{
    char head[2000], form[1000];
    int f = snprintf(form, sizeof form,
                     "--XyZ\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n%s\r\n"
                     "--XyZ\r\nContent-Disposition: form-data; name=\"word\"\r\n\r\n\r\n"
                     "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n"
                     "Content-Type: application/pdf\r\n\r\n",
                     csrf, name);
    static const char end[] = "\r\n--XyZ--\r\n";
    int h = snprintf(head, sizeof head,
                     "POST %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nCookie: %s\r\n"
                     "Content-Type: multipart/form-data; boundary=XyZ\r\nContent-Length: %zu\r\n\r\n",
                     path, host, session, (size_t)f + size + sizeof end - 1 + (size_t)off);
    char *at = upload;
    at = mempcpy(at, head, (size_t)h);
    at = mempcpy(at, form, (size_t)f);
    memset(at, 0, size);
    if (size > 0) at[size - 1] = 77;
    at = mempcpy(at + size, end, sizeof end - 1);
    return (size_t)(at - upload);
}

static void test_files(void **state)
{
    (void)state;
    upload = malloc(FILE_REQUEST_MAX);
    assert_non_null(upload);
    visit();
    assert_non_null(strstr(session, "titer="));
    size_t n = make_upload("/file/a", token, "C:\\scans\\../my scan.pdf", 10 * 1024 * 1024, 0);
    assert_int_equal(ask_bytes(upload, n), 200);
    assert_non_null(strstr(answer, "word= id=a name=my scan.pdf bytes=10485760 last=77"));
    assert_string_equal(header("Content-Security-Policy: "), "sandbox; default-src 'none'");
    assert_string_equal(header("X-Content-Type-Options: "), "nosniff");
    n = make_upload("/file/a", token, "small", 1, 0);
    assert_int_equal(ask_bytes(upload, n), 200);
    int before = atomic_load(&files);
    /* none of these reaches the page */
    assert_int_equal(ask_bytes(upload, make_upload("/file/a", "wrong", "x", 100, 0)), 403);
    assert_int_equal(ask_bytes(upload, make_upload("/note", token, "x", 100, 0)), 415);
    assert_int_equal(ask_bytes(upload, make_upload("/file", token, "x", 100, 0)), 415);
    assert_int_equal(ask_bytes(upload, make_upload("/file/a", token, "a\"; filename=\"b", 10, 0)), 400);
    assert_int_equal(ask_bytes(upload, make_upload("/file/a", token, "x", 100, -4)), 400);
    assert_int_equal(ask_bytes(upload, make_upload("/file/a", token, "x", 100, WEB_UPLOAD_MAX)), 413);
    assert_non_null(strstr(answer, "10 MB"));
    assert_int_equal(atomic_load(&files), before);
    /* so many at once and no more; what is broken off is nothing, and its place is free when its time is over */
    int held[WEB_UPLOADS_MAX];
    n = make_upload("/file/a", token, "x", 300000, 0);
    for (int i = 0; i < WEB_UPLOADS_MAX; i++) {
        held[i] = open_socket();
        assert_true(send_bytes(held[i], upload, n - 1000));
    }
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    assert_int_equal(ask_bytes(upload, n), 503);
    for (int i = 0; i < WEB_UPLOADS_MAX; i++) close(held[i]);
    assert_int_equal(atomic_load(&files), before);
    int status = 503;
    for (int i = 0; i < 50 && status == 503; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
        status = ask_bytes(upload, n);
    }
    assert_int_equal(status, 200);
    free(upload);
}

static int start(void **state)
{
    (void)state;
    web_options_t options = {.listen = "127.0.0.1:0",
                             .routes = routes,
                             .route_count = sizeof routes / sizeof routes[0],
                             .uploads = uploads,
                             .upload_count = 1,
                             .request_s = 2};
    char dir[] = "/tmp/titer-upload-XXXXXX";
    err_t err = {0};
    options.data_dir = mkdtemp(dir);
    if (!web_new(&web, &options, &err) || !web_start(web, &err)) fail_msg("%s", err.text);
    snprintf(host, sizeof host, "127.0.0.1:%d", web_port(web));
    char key[60];
    snprintf(key, sizeof key, "%s/web.key", dir);
    return unlink(key) | rmdir(dir);
}

static int stop(void **state)
{
    (void)state;
    web_free(web);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_files)};
    return cmocka_run_group_tests(tests, start, stop);
}
