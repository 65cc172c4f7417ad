/* Who may ask: see guard.h. Keyed hashes and random bytes are libsodium's (crypto_auth is
 * HMAC-SHA-512-256); comparisons of secrets take constant time. */
#include "guard.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(GUARD_KEY_BYTES == crypto_auth_KEYBYTES, "the key fits crypto_auth");

enum { BASE64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

/* ---- addresses ---- */

static bool read_port(const char *text, uint16_t *port)
{
    int64_t value;
    if (!text_to_int(text, strlen(text), &value) || value < 0 || value > 65535 || *text == '+' || *text == '-')
        return false;
    *port = (uint16_t)value;
    return true;
}

static bool not_loopback(err_t *err, const char *host)
{
    return err_set(err, ERR_DENIED,
                   "Titer has no passwords in local mode, so it listens on this computer only, not on %s. "
                   "Use --listen 127.0.0.1:8080.",
                   host);
}

bool guard_address(guard_address_t *address, const char *listen, err_t *err)
{
    *address = (guard_address_t){0};
    const char *colon = strrchr(listen, ':');
    size_t n = colon == NULL ? 0 : (size_t)(colon - listen);
    bool bracketed = n >= 2 && listen[0] == '[' && listen[n - 1] == ']';
    if (n == 0 || n >= sizeof address->host - 2 || (memchr(listen, ':', n) != NULL && !bracketed) ||
        !read_port(colon + 1, &address->port))
        return err_set(err, ERR_INPUT,
                       "\"%.80s\" is not an address to listen on. Write it like 127.0.0.1:8080 or [::1]:8080.", listen);
    char host[64];
    snprintf(host, sizeof host, "%.*s", (int)(bracketed ? n - 2 : n), bracketed ? listen + 1 : listen);
    if (strcasecmp(host, "localhost") == 0) snprintf(host, sizeof host, "127.0.0.1");
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(address->port)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(address->port)};
    if (!bracketed && inet_pton(AF_INET, host, &in.sin_addr) == 1) {
        if (ntohl(in.sin_addr.s_addr) >> 24 != 127) return not_loopback(err, host);
        memcpy(&address->address, &in, sizeof in);
        address->address_length = sizeof in;
        snprintf(address->host, sizeof address->host, "%s", host);
        return true;
    }
    if (bracketed && inet_pton(AF_INET6, host, &in6.sin6_addr) == 1) {
        if (!IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr)) return not_loopback(err, host);
        memcpy(&address->address, &in6, sizeof in6);
        address->address_length = sizeof in6;
        snprintf(address->host, sizeof address->host, "[::1]");
        return true;
    }
    return not_loopback(err, host);
}

static bool host_is(const char *sent, const char *host, uint16_t port)
{
    char full[80];
    snprintf(full, sizeof full, "%s:%u", host, (unsigned)port);
    return strcasecmp(sent, full) == 0 || (port == 80 && strcasecmp(sent, host) == 0);
}

bool guard_host_allowed(const guard_address_t *address, uint16_t port, const char *host)
{
    return host != NULL && (host_is(host, address->host, port) || host_is(host, "localhost", port) ||
                            host_is(host, "127.0.0.1", port) || host_is(host, "[::1]", port));
}

/* ---- origins ---- */

/* True when `url` is http://HOST, followed by '/' or its end. */
static bool of_host(const char *url, const char *host, bool path_follows)
{
    static const char scheme[] = "http://";
    size_t n = strlen(host);
    if (strncasecmp(url, scheme, sizeof scheme - 1) != 0) return false;
    url += sizeof scheme - 1;
    if (strncasecmp(url, host, n) != 0) return false;
    return url[n] == '\0' || (path_follows && url[n] == '/');
}

guard_verdict guard_origin(const guard_origin_t *o)
{
    const char *host = o->host == NULL ? "" : o->host;
    bool same_site = o->fetch_site == NULL || strcmp(o->fetch_site, "same-origin") == 0;
    if (o->post) {
        if (!same_site) return GUARD_FOREIGN;
        if (o->origin != NULL) return of_host(o->origin, host, false) ? GUARD_SAME : GUARD_FOREIGN;
        if (o->referer != NULL) return of_host(o->referer, host, true) ? GUARD_SAME : GUARD_FOREIGN;
        return GUARD_SAME;
    }
    if (o->origin != NULL && !of_host(o->origin, host, false)) return GUARD_FOREIGN;
    if (same_site || strcmp(o->fetch_site, "none") == 0) return GUARD_SAME;
    return o->fetch_mode != NULL && strcmp(o->fetch_mode, "navigate") == 0 ? GUARD_LINK : GUARD_FOREIGN;
}

/* ---- the key ---- */

static bool key_failed(err_t *err, const char *path, const char *verb)
{
    return err_set(err, ERR_IO, "Cannot %s %s: %s.", verb, path, strerror(errno));
}

static bool key_read(guard_key_t *key, const char *path, bool *missing, err_t *err)
{
    *missing = false;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        *missing = errno == ENOENT;
        return key_failed(err, path, "read");
    }
    struct stat info;
    unsigned char extra;
    bool ok = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) &&
              read(fd, key->bytes, sizeof key->bytes) == sizeof key->bytes && read(fd, &extra, 1) == 0;
    close(fd);
    if (!ok)
        return err_set(err, ERR_INPUT,
                       "%s is not a key of %d bytes. Move it away and start again: a new one is made, "
                       "and open pages must be reloaded.",
                       path, GUARD_KEY_BYTES);
    if ((info.st_mode & 077) != 0)
        return err_set(err, ERR_DENIED, "Others can read the key %s. Run: chmod 600 %s", path, path);
    return true;
}

/* Writes a new key beside and links it into place, so that of two servers starting at once one wins. */
static bool key_make(const char *path, err_t *err)
{
    char beside[4200];
    snprintf(beside, sizeof beside, "%s.XXXXXX", path);
    guard_key_t key;
    randombytes_buf(key.bytes, sizeof key.bytes);
    int fd = mkstemp(beside); /* mode 0600 */
    if (fd < 0) return key_failed(err, path, "make");
    bool ok = write(fd, key.bytes, sizeof key.bytes) == sizeof key.bytes && fsync(fd) == 0;
    ok = close(fd) == 0 && ok;
    if (ok) ok = link(beside, path) == 0 || errno == EEXIST;
    int saved = errno;
    unlink(beside);
    sodium_memzero(&key, sizeof key);
    errno = saved;
    return ok || key_failed(err, path, "make");
}

bool guard_key_open(guard_key_t *key, const char *data_dir, err_t *err)
{
    if (sodium_init() < 0) return err_set(err, ERR_IO, "The system gives no random bytes.");
    if (data_dir == NULL) {
        randombytes_buf(key->bytes, sizeof key->bytes);
        return true;
    }
    char path[4096];
    int n = snprintf(path, sizeof path, "%s/web.key", data_dir);
    if (n < 0 || (size_t)n >= sizeof path) return err_set(err, ERR_INPUT, "The path of the data folder is too long.");
    bool missing;
    if (key_read(key, path, &missing, err)) return true;
    if (!missing) return false;
    return key_make(path, err) && key_read(key, path, &missing, err);
}

/* ---- signatures ---- */

static void keyed_hash(unsigned char mac[crypto_auth_BYTES], const guard_key_t *key, const char *name,
                       const char *value, size_t length)
{
    crypto_auth_hmacsha512256_state state;
    crypto_auth_hmacsha512256_init(&state, key->bytes, sizeof key->bytes);
    crypto_auth_hmacsha512256_update(&state, (const unsigned char *)name, strlen(name) + 1);
    crypto_auth_hmacsha512256_update(&state, (const unsigned char *)value, length);
    crypto_auth_hmacsha512256_final(&state, mac);
}

bool guard_sign(text_t *out, const guard_key_t *key, const char *name, const char *value)
{
    size_t length = strlen(value);
    if (length > GUARD_COOKIE_MAX) return false;
    unsigned char mac[crypto_auth_BYTES];
    keyed_hash(mac, key, name, value, length);
    char text[sodium_base64_ENCODED_LEN(GUARD_COOKIE_MAX, BASE64)];
    sodium_bin2base64(text, sizeof text, (const unsigned char *)value, length, BASE64);
    text_add(out, text);
    text_add_char(out, '.');
    sodium_bin2base64(text, sizeof text, mac, sizeof mac, BASE64);
    text_add(out, text);
    return !out->failed;
}

char *guard_verify(arena_t *arena, const guard_key_t *key, const char *name, const char *cookie)
{
    const char *dot = strchr(cookie, '.');
    if (dot == NULL) return NULL;
    char value[GUARD_COOKIE_MAX + 1];
    unsigned char mac[crypto_auth_BYTES], expected[crypto_auth_BYTES];
    size_t length, mac_length;
    if (sodium_base642bin((unsigned char *)value, GUARD_COOKIE_MAX, cookie, (size_t)(dot - cookie), NULL, &length, NULL,
                          BASE64) != 0 ||
        sodium_base642bin(mac, sizeof mac, dot + 1, strlen(dot + 1), NULL, &mac_length, NULL, BASE64) != 0 ||
        mac_length != sizeof mac)
        return NULL;
    keyed_hash(expected, key, name, value, length);
    if (sodium_memcmp(mac, expected, sizeof mac) != 0) return NULL;
    return arena_text(arena, value, length);
}

void guard_session_new(char session[GUARD_SESSION_TEXT])
{
    unsigned char bytes[GUARD_SESSION_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(session, GUARD_SESSION_TEXT, bytes, sizeof bytes, BASE64);
}

void guard_csrf(char token[GUARD_CSRF_TEXT], const guard_key_t *key, const char *session)
{
    unsigned char mac[crypto_auth_BYTES], bytes[2 * GUARD_CSRF_BYTES];
    keyed_hash(mac, key, "csrf", session, strlen(session));
    randombytes_buf(bytes, GUARD_CSRF_BYTES);
    for (int i = 0; i < GUARD_CSRF_BYTES; i++) bytes[GUARD_CSRF_BYTES + i] = bytes[i] ^ mac[i];
    sodium_bin2base64(token, GUARD_CSRF_TEXT, bytes, sizeof bytes, BASE64);
}

bool guard_csrf_check(const guard_key_t *key, const char *session, const char *token)
{
    unsigned char mac[crypto_auth_BYTES], bytes[2 * GUARD_CSRF_BYTES];
    size_t length;
    if (token == NULL || *session == '\0' ||
        sodium_base642bin(bytes, sizeof bytes, token, strlen(token), NULL, &length, NULL, BASE64) != 0 ||
        length != sizeof bytes)
        return false;
    keyed_hash(mac, key, "csrf", session, strlen(session));
    for (int i = 0; i < GUARD_CSRF_BYTES; i++) bytes[GUARD_CSRF_BYTES + i] ^= bytes[i];
    return sodium_memcmp(bytes + GUARD_CSRF_BYTES, mac, GUARD_CSRF_BYTES) == 0;
}
