/* Where content comes from: a named set of read-only files. The program carries its content
 * inside itself (made at build time from content/); an author may put a folder in its place.
 * Cores read content only through this, so they need no file system. */
#ifndef TITER_BASE_SOURCE_H
#define TITER_BASE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    const char *path; /* relative to content/, '/' between parts: "lab/analytes.csv" */
    const unsigned char *bytes;
    size_t length;
} source_file_t;

typedef struct {
    const source_file_t *files; /* sorted by path */
    size_t count;
} source_t;

/* The file of that path, or NULL. */
const source_file_t *source_find(const source_t *source, const char *path);
/* Index of the first file whose path starts with `prefix`; *count is how many do. */
size_t source_under(const source_t *source, const char *prefix, size_t *count);

#endif
