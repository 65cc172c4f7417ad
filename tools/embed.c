/* Puts the files of content/ into the program: writes one C file with a sorted table of
 * (path, bytes). The bytes are string literals, cut to the length that every C17 compiler takes.
 *   embed OUT.c ROOT FILE... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 4000, LINE = 96 };

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void fail(const char *what, const char *file)
{
    fprintf(stderr, "embed: %s %s\n", what, file);
    exit(1);
}

/* An array of literals joined by the compiler would exceed its limits; an integer list is slow.
 * So each file is an array of bytes written as character codes, LINE to a line. */
static size_t write_bytes(FILE *out, FILE *in)
{
    size_t length = 0;
    int c;
    while ((c = fgetc(in)) != EOF) {
        fprintf(out, "%d,", c);
        if (++length % LINE == 0) fputc('\n', out);
    }
    return length;
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc - 3 > FILES_MAX) fail("usage: embed OUT.c ROOT FILE...", "");
    FILE *out = fopen(argv[1], "w");
    if (!out) fail("cannot write", argv[1]);
    int count = argc - 3;
    char **files = argv + 3;
    qsort(files, (size_t)count, sizeof *files, by_name);
    fputs("/* Made by tools/embed.c from content/. */\n#include \"base/content.h\"\n\n", out);
    size_t *lengths = calloc((size_t)count + 1, sizeof *lengths);
    if (!lengths) fail("out of memory", "");
    for (int i = 0; i < count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", argv[2], files[i]);
        FILE *in = fopen(path, "rb");
        if (!in) fail("cannot read", path);
        fprintf(out, "static const unsigned char f%d[] = {\n", i);
        lengths[i] = write_bytes(out, in);
        fputs("0};\n", out);
        fclose(in);
    }
    fputs("\nstatic const source_file_t files[] = {\n", out);
    for (int i = 0; i < count; i++) fprintf(out, "    {\"%s\", f%d, %zu},\n", files[i], i, lengths[i]);
    fprintf(out,
            "};\n\nconst source_t *content_source(void)\n{\n    static const source_t source = {files, %d};\n    "
            "return &source;\n}\n",
            count);
    free(lengths);
    return fclose(out) == 0 ? 0 : 1;
}
