/* assets: packs style, script, fonts and icon into the program.
 *
 *     assets OUT.c OUT.h [font FAMILY WEIGHT NAME PATH]... [file NAME PATH]...
 *
 * Each file gets a fingerprint of its bytes in its address, so browsers may keep it forever, and
 * brotli and gzip copies where they save at least a tenth. Fonts become @font-face rules in front of
 * the first style sheet after them. OUT.h has a macro for each address, ASSET_titer_css, which is
 * what {{asset titer.css}} in a template becomes: a name that does not exist does not compile. */
#include "base/hash.h"

#include <brotli/encode.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { FILES_MAX = 64, FILE_MAX_BYTES = 4 << 20, FACES_MAX_BYTES = 8192, NAME_MAX_BYTES = 64 };

typedef struct {
    unsigned char *bytes;
    size_t length;
} blob_t;

typedef struct {
    char name[NAME_MAX_BYTES], id[NAME_MAX_BYTES], url[NAME_MAX_BYTES + 40];
    const char *type;
    blob_t plain, gzip, brotli;
} item_t;

static _Noreturn void fail(const char *sentence, const char *what)
{
    fprintf(stderr, "assets: %s: %s\n", sentence, what);
    exit(1);
}

static unsigned char *take(size_t size)
{
    unsigned char *p = malloc(size > 0 ? size : 1);
    if (p == NULL) fail("out of memory", "");
    return p;
}

static blob_t read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail("cannot read", path);
    blob_t b = {.bytes = take(FILE_MAX_BYTES + 1)};
    b.length = fread(b.bytes, 1, FILE_MAX_BYTES + 1, file);
    fclose(file);
    if (b.length > FILE_MAX_BYTES) fail("larger than 4 MB", path);
    return b;
}

static const char *type_of(const char *name)
{
    static const char *const types[][2] = {
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".woff2", "font/woff2"},
        {".png", "image/png"},
    };
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot != NULL && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(dot, types[i][0]) == 0) return types[i][1];
    fail("no media type is known for", name);
}

static blob_t gzip_of(blob_t plain)
{
    z_stream z = {0};
    if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) fail("zlib", "refused");
    blob_t out = {.bytes = take(deflateBound(&z, plain.length))};
    z.next_in = plain.bytes;
    z.avail_in = (unsigned)plain.length;
    z.next_out = out.bytes;
    z.avail_out = (unsigned)deflateBound(&z, plain.length);
    if (deflate(&z, Z_FINISH) != Z_STREAM_END) fail("zlib", "failed");
    out.length = z.total_out;
    deflateEnd(&z);
    return out;
}

static blob_t brotli_of(blob_t plain)
{
    blob_t out = {.length = BrotliEncoderMaxCompressedSize(plain.length)};
    out.bytes = take(out.length);
    if (!BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_MAX_WINDOW_BITS, BROTLI_MODE_GENERIC, plain.length,
                               plain.bytes, &out.length, out.bytes))
        fail("brotli", "failed");
    return out;
}

static void drop_if_useless(blob_t *packed, blob_t plain)
{
    if (packed->length * 10 <= plain.length * 9) return;
    free(packed->bytes);
    *packed = (blob_t){0};
}

static void add_item(item_t *item, const char *name, blob_t plain)
{
    const char *dot = strrchr(name, '.');
    if (dot == NULL || strlen(name) >= NAME_MAX_BYTES) fail("not a good name", name);
    *item = (item_t){.plain = plain, .type = type_of(name)};
    snprintf(item->name, sizeof item->name, "%s", name);
    for (size_t i = 0; name[i] != '\0'; i++) item->id[i] = isalnum((unsigned char)name[i]) ? name[i] : '_';
    snprintf(item->url, sizeof item->url, "/assets/%.*s.%016" PRIx64 "%s", (int)(dot - name), name,
             hash_bytes(HASH_START, plain.bytes, plain.length), dot);
    item->gzip = gzip_of(plain);
    item->brotli = brotli_of(plain);
    drop_if_useless(&item->gzip, plain);
    drop_if_useless(&item->brotli, plain);
}

static blob_t with_front(const char *front, blob_t back)
{
    size_t n = strlen(front);
    blob_t b = {.bytes = take(n + back.length), .length = n + back.length};
    memcpy(b.bytes, front, n);
    memcpy(b.bytes + n, back.bytes, back.length);
    free(back.bytes);
    return b;
}

static void write_bytes(FILE *out, const item_t *item, const char *form, blob_t b)
{
    if (b.bytes == NULL) return;
    fprintf(out, "static const unsigned char %s_%s[] = {", item->id, form);
    for (size_t i = 0; i < b.length; i++) fprintf(out, "%s%u,", i % 32 == 0 ? "\n" : "", b.bytes[i]);
    fputs("\n};\n", out);
}

static void write_ref(FILE *out, const item_t *item, const char *form, blob_t b)
{
    if (b.bytes == NULL)
        fprintf(out, ", .%s = NULL", form);
    else
        fprintf(out, ", .%s = %s_%s, .%s_length = %zu", form, item->id, form, form, b.length);
}

static void write_source(const char *path, const item_t *items, size_t count)
{
    FILE *out = fopen(path, "w");
    if (out == NULL) fail("cannot write", path);
    fputs("/* Made by tools/assets.c. */\n#include \"web/asset.h\"\n\n#include <string.h>\n\n", out);
    for (size_t i = 0; i < count; i++) {
        write_bytes(out, &items[i], "plain", items[i].plain);
        write_bytes(out, &items[i], "gzip", items[i].gzip);
        write_bytes(out, &items[i], "brotli", items[i].brotli);
    }
    fputs("static const asset_t assets[] = {\n", out);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "{.name = \"%s\", .url = \"%s\", .type = \"%s\"", items[i].name, items[i].url, items[i].type);
        write_ref(out, &items[i], "plain", items[i].plain);
        write_ref(out, &items[i], "gzip", items[i].gzip);
        write_ref(out, &items[i], "brotli", items[i].brotli);
        fputs("},\n", out);
    }
    fputs("};\n\nconst asset_t *asset_find(const char *url)\n{\n"
          "    if (strncmp(url, \"/assets/\", 8) != 0) return NULL;\n"
          "    for (size_t i = 0; i < sizeof assets / sizeof assets[0]; i++)\n"
          "        if (strcmp(assets[i].url, url) == 0) return &assets[i];\n"
          "    return NULL;\n}\n",
          out);
    if (fclose(out) != 0) fail("cannot write", path);
}

static void write_header(const char *path, const item_t *items, size_t count)
{
    FILE *out = fopen(path, "w");
    if (out == NULL) fail("cannot write", path);
    fputs("/* Made by tools/assets.c. */\n#ifndef TITER_ASSET_NAMES_H\n#define TITER_ASSET_NAMES_H\n", out);
    for (size_t i = 0; i < count; i++) fprintf(out, "#define ASSET_%s \"%s\"\n", items[i].id, items[i].url);
    fputs("#endif\n", out);
    if (fclose(out) != 0) fail("cannot write", path);
}

int main(int argc, char **argv)
{
    if (argc < 3) fail("usage", "assets OUT.c OUT.h [font FAMILY WEIGHT NAME PATH]... [file NAME PATH]...");
    static item_t items[FILES_MAX];
    static char faces[FACES_MAX_BYTES];
    size_t count = 0;
    for (int i = 3; i < argc;) {
        if (count == FILES_MAX) fail("more than 64 files", argv[i]);
        item_t *item = &items[count++];
        if (strcmp(argv[i], "font") == 0 && i + 4 < argc) {
            add_item(item, argv[i + 3], read_file(argv[i + 4]));
            size_t n = strlen(faces);
            snprintf(faces + n, sizeof faces - n,
                     "@font-face { font-family: \"%s\"; font-weight: %s; font-display: swap; src: url(\"%s\") "
                     "format(\"woff2\"); }\n",
                     argv[i + 1], argv[i + 2], item->url);
            i += 5;
        } else if (strcmp(argv[i], "file") == 0 && i + 2 < argc) {
            blob_t plain = read_file(argv[i + 2]);
            if (strcmp(type_of(argv[i + 1]), "text/css; charset=utf-8") == 0) {
                plain = with_front(faces, plain);
                faces[0] = '\0';
            }
            add_item(item, argv[i + 1], plain);
            i += 3;
        } else {
            fail("not understood", argv[i]);
        }
    }
    write_source(argv[1], items, count);
    write_header(argv[2], items, count);
    for (size_t i = 0; i < count; i++) {
        free(items[i].plain.bytes);
        free(items[i].gzip.bytes);
        free(items[i].brotli.bytes);
    }
    return 0;
}
