/* See source.h. */
#include "base/source.h"

#include <string.h>

/* Index of the first file whose path is not before `path`. */
static size_t lower_bound(const source_t *source, const char *path)
{
    size_t low = 0, high = source->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(source->files[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const source_file_t *source_find(const source_t *source, const char *path)
{
    size_t at = lower_bound(source, path);
    return at < source->count && strcmp(source->files[at].path, path) == 0 ? &source->files[at] : NULL;
}

size_t source_under(const source_t *source, const char *prefix, size_t *count)
{
    size_t at = lower_bound(source, prefix), length = strlen(prefix), n = 0;
    while (at + n < source->count && strncmp(source->files[at + n].path, prefix, length) == 0) n++;
    *count = n;
    return at;
}
