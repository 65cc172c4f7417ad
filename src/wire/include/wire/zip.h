/* ZIP files in memory, by libarchive: written from whole files, and read as something that a stranger sent. */
#ifndef TITER_WIRE_ZIP_H
#define TITER_WIRE_ZIP_H

#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ZIP_NAME_MAX = 200 };

typedef struct zip_writer zip_writer_t;

/* Writes into `out`, which must live until zip_close. NULL when memory is out. */
zip_writer_t *zip_open(text_t *out);
bool zip_add(zip_writer_t *zip, const char *name, const char *bytes, size_t length, int64_t at_ms, err_t *err);
/* Frees the writer, also after a failure; false when the file is not whole. NULL is fine. */
bool zip_close(zip_writer_t *zip, err_t *err);

/* A name that stays within a folder, for every system: folders by '/', and letters, digits and . _ - only. */
bool zip_name_is_safe(const char *name);

typedef struct {
    int files;          /* at most */
    size_t file, total; /* bytes unpacked, at most: of one, of all */
} zip_limits_t;
typedef bool (*zip_take)(void *context, const char *name, const char *bytes, size_t length, err_t *err);

/* Hands out each file, unpacked and with its checksum held, one after the other; folders are passed over. Refuses with
 * a sentence what is no ZIP, is damaged, is encrypted, holds links, names that are not safe, one name twice, or more
 * than the limits: what is unpacked is counted, whatever its header says. */
bool zip_read(const char *bytes, size_t length, zip_limits_t limits, zip_take take, void *context, err_t *err);

#endif
