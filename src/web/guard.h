/* Who may ask, as pure functions: addresses, Host, Origin, signatures and CSRF tokens.
 *
 * Local mode has no password, so the guard is what keeps other machines and other pages out:
 * - only loopback is listened on;
 * - the Host header must name this server, so a foreign name that resolves to 127.0.0.1
 *   (DNS rebinding) is refused;
 * - requests that a page of another origin causes are refused by Origin, Referer and
 *   Sec-Fetch-Site (Fetch standard), except following a link to a page;
 * - every POST carries a token bound to the signed session cookie. */
#ifndef TITER_WEB_GUARD_H
#define TITER_WEB_GUARD_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum {
    GUARD_KEY_BYTES = 32,
    GUARD_SESSION_BYTES = 18,
    GUARD_SESSION_TEXT = 25, /* base64url and zero */
    GUARD_CSRF_BYTES = 16,
    GUARD_CSRF_TEXT = 44,
    GUARD_COOKIE_MAX = 1000, /* bytes of a signed cookie's value */
};

typedef struct {
    char host[64]; /* as it stands in a URL: "127.0.0.1", "[::1]" */
    uint16_t port; /* 0 = any free one */
    struct sockaddr_storage address;
    socklen_t address_length;
} guard_address_t;

typedef struct {
    unsigned char bytes[GUARD_KEY_BYTES];
} guard_key_t;

/* Reads "HOST:PORT"; anything but loopback is ERR_DENIED. */
bool guard_address(guard_address_t *address, const char *listen, err_t *err);
/* Reads DIR/web.key, or makes it (mode 0600). DIR NULL: a key for this run only. */
bool guard_key_open(guard_key_t *key, const char *data_dir, err_t *err);

bool guard_host_allowed(const guard_address_t *address, uint16_t port, const char *host);

typedef struct {
    bool post;
    const char *host, *origin, *referer, *fetch_site, *fetch_mode; /* NULL = not sent */
} guard_origin_t;

typedef enum {
    GUARD_SAME,    /* this site, or nothing speaks against it */
    GUARD_LINK,    /* a link from another site to a page: allowed, cookies may be held back */
    GUARD_FOREIGN, /* refused */
} guard_verdict;

guard_verdict guard_origin(const guard_origin_t *origin);

/* Base64url of the value, a dot, base64url of a keyed hash over name and value. */
bool guard_sign(text_t *out, const guard_key_t *key, const char *name, const char *value);
/* The value when the signature holds, else NULL. */
char *guard_verify(arena_t *arena, const guard_key_t *key, const char *name, const char *cookie);

void guard_session_new(char session[GUARD_SESSION_TEXT]);
/* A token differs at each call (masked by a random pad, so compression beside it tells nothing),
 * and all of a session's tokens stay good. */
void guard_csrf(char token[GUARD_CSRF_TEXT], const guard_key_t *key, const char *session);
bool guard_csrf_check(const guard_key_t *key, const char *session, const char *token);

#endif
