/* ZIP files; see wire/zip.h. */
#include "wire/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ORDINARY_FILE = 0644, PIECE = 64 * 1024 };

/* ---- writing ---- */

struct zip_writer {
    struct archive *archive;
    bool failed;
};

static la_ssize_t take_bytes(struct archive *archive, void *closure, const void *bytes, size_t length)
{
    text_t *out = closure;
    text_add_n(out, bytes, length);
    if (!out->failed) return (la_ssize_t)length;
    archive_set_error(archive, ENOMEM, "it is too large");
    return -1;
}

zip_writer_t *zip_open(text_t *out)
{
    zip_writer_t *zip = calloc(1, sizeof *zip);
    struct archive *archive = archive_write_new();
    bool ok = zip && archive && archive_write_set_format_zip(archive) == ARCHIVE_OK &&
              archive_write_set_bytes_in_last_block(archive, 1) == ARCHIVE_OK &&
              archive_write_open(archive, out, NULL, take_bytes, NULL) == ARCHIVE_OK;
    if (ok) {
        zip->archive = archive;
        return zip;
    }
    archive_write_free(archive);
    free(zip);
    return NULL;
}

static bool not_made(zip_writer_t *zip, err_t *err)
{
    const char *why = archive_error_string(zip->archive);
    zip->failed = true;
    return err_set(err, ERR_MEMORY, "The ZIP could not be made: %.200s.", why ? why : "there is not enough memory");
}

bool zip_add(zip_writer_t *zip, const char *name, const char *bytes, size_t length, int64_t at_ms, err_t *err)
{
    struct archive_entry *entry = archive_entry_new();
    if (!entry) return not_made(zip, err);
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, ORDINARY_FILE);
    archive_entry_set_mtime(entry, (time_t)(at_ms / 1000), 0);
    archive_entry_set_size(entry, (la_int64_t)length);
    bool ok = archive_write_header(zip->archive, entry) == ARCHIVE_OK &&
              (length == 0 || archive_write_data(zip->archive, bytes, length) == (la_ssize_t)length);
    archive_entry_free(entry);
    return ok || not_made(zip, err);
}

bool zip_close(zip_writer_t *zip, err_t *err)
{
    if (!zip) return true;
    bool ok = !zip->failed;
    if (ok && archive_write_close(zip->archive) != ARCHIVE_OK) ok = not_made(zip, err);
    archive_write_free(zip->archive);
    free(zip);
    return ok;
}

/* ---- reading ---- */

bool zip_name_is_safe(const char *name)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/";
    size_t length = strlen(name);
    if (length == 0 || length > ZIP_NAME_MAX || name[0] == '/' || strspn(name, plain) != length) return false;
    for (const char *part = name; part;) {
        size_t n = strcspn(part, "/");
        if (n == 0 || part[0] == '.') return false; /* "a//b", "..", ".hidden" */
        part = part[n] ? part + n + 1 : NULL;
    }
    return true;
}

typedef struct {
    struct archive *archive;
    zip_limits_t limits;
    zip_take take;
    void *context;
    text_t bytes;
    char (*names)[ZIP_NAME_MAX + 1];
    int count;
    size_t total;
    err_t *err;
} reading_t;

static bool damaged(reading_t *r)
{
    const char *why = archive_error_string(r->archive);
    return err_set(r->err, ERR_INPUT, "This ZIP is damaged: %.160s. Export it again.", why ? why : "it ends too early");
}

static bool unpack(reading_t *r, const char *name)
{
    static const char *const over = "\"%.120s\" in the ZIP is larger than a file of it may be (%zu KB).";
    text_clear(&r->bytes);
    for (;;) {
        char piece[PIECE];
        la_ssize_t n = archive_read_data(r->archive, piece, sizeof piece);
        if (n == 0) return true;
        if (n < 0) return damaged(r);
        r->total += (size_t)n;
        if (r->total > r->limits.total)
            return err_set(r->err, ERR_LIMIT, "This ZIP unpacks to more than %zu MB.", r->limits.total / 1048576);
        if (r->bytes.length + (size_t)n > r->limits.file)
            return err_set(r->err, ERR_LIMIT, over, name, r->limits.file / 1024);
        text_add_n(&r->bytes, piece, (size_t)n);
        if (r->bytes.failed) return err_set(r->err, ERR_MEMORY, "There is not enough memory to unpack this ZIP.");
    }
}

static bool take_entry(reading_t *r, struct archive_entry *entry)
{
    const char *name = archive_entry_pathname(entry);
    if (archive_entry_filetype(entry) == AE_IFDIR) return true;
    if (!name || !zip_name_is_safe(name))
        return err_set(r->err, ERR_INPUT, "The ZIP names a file \"%.120s\": such a name is not taken.",
                       name ? name : "");
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_symlink(entry) || archive_entry_hardlink(entry))
        return err_set(r->err, ERR_INPUT, "\"%.120s\" in the ZIP is no ordinary file.", name);
    if (archive_entry_is_data_encrypted(entry))
        return err_set(r->err, ERR_INPUT, "\"%.120s\" in the ZIP is encrypted. Give one without a password.", name);
    for (int i = 0; i < r->count; i++)
        if (strcmp(r->names[i], name) == 0) return err_set(r->err, ERR_INPUT, "\"%.120s\" is in the ZIP twice.", name);
    strcpy(r->names[r->count++], name);
    return unpack(r, name) && r->take(r->context, name, r->bytes.data ? r->bytes.data : "", r->bytes.length, r->err);
}

static bool read_all(reading_t *r, const char *bytes, size_t length)
{
    struct archive_entry *entry;
    int state, seen = 0;
    if (archive_read_support_format_zip_seekable(r->archive) != ARCHIVE_OK ||
        archive_read_open_memory(r->archive, bytes, length) != ARCHIVE_OK)
        return err_set(r->err, ERR_INPUT, "This is not a ZIP, or it is damaged. Export it again.");
    while ((state = archive_read_next_header(r->archive, &entry)) == ARCHIVE_OK) {
        if (++seen > r->limits.files)
            return err_set(r->err, ERR_LIMIT, "This ZIP holds more than %d files.", r->limits.files);
        if (!take_entry(r, entry)) return false;
    }
    return state == ARCHIVE_EOF || damaged(r);
}

bool zip_read(const char *bytes, size_t length, zip_limits_t limits, zip_take take, void *context, err_t *err)
{
    reading_t r = {.archive = archive_read_new(),
                   .limits = limits,
                   .take = take,
                   .context = context,
                   .names = calloc((size_t)limits.files + 1, ZIP_NAME_MAX + 1),
                   .err = err};
    text_init(&r.bytes, limits.file + 1);
    bool ok = r.archive && r.names ? read_all(&r, bytes, length)
                                   : err_set(err, ERR_MEMORY, "There is not enough memory to unpack this ZIP.");
    text_free(&r.bytes);
    free(r.names);
    archive_read_free(r.archive);
    return ok;
}
