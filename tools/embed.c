/* Puts the files of content/ into the program: writes one C file with a sorted table of
 * (path, bytes).
 *   embed OUT.c OUT.d ROOT FOLDER...
 * takes every file under ROOT/FOLDER of each and names them, and the folders they stand in, in OUT.d for
 * ninja: a new file changes its folder, and so the next build carries it. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILES_MAX = 4000, PATH_BYTES = 1024, LINE = 96 };

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

/* Make's escapes: a blank in a name would end it. */
static void write_name(FILE *depends, const char *name)
{
    for (; *name; name++) {
        if (strchr(" #\\", *name)) fputc('\\', depends);
        fputc(*name, depends);
    }
    fputs(" \\\n", depends);
}

typedef struct {
    const char *root;
    FILE *depends;
    char *files[FILES_MAX];
    int count;
} walk_t;

/* Everything under root/folder; not what editors keep beside a file they have open. */
static void walk(walk_t *w, const char *folder)
{
    char path[PATH_BYTES], name[PATH_BYTES];
    struct stat info;
    if (snprintf(path, sizeof path, "%s/%s", w->root, folder) >= (int)sizeof path) fail("too long:", folder);
    DIR *dir = opendir(path);
    if (!dir) fail("cannot read", path);
    write_name(w->depends, path);
    for (const struct dirent *entry; (entry = readdir(dir));) {
        if (entry->d_name[0] == '.' || entry->d_name[strlen(entry->d_name) - 1] == '~') continue;
        if (snprintf(name, sizeof name, "%s/%s", folder, entry->d_name) >= (int)sizeof name ||
            snprintf(path, sizeof path, "%s/%s", w->root, name) >= (int)sizeof path)
            fail("too long:", entry->d_name);
        if (stat(path, &info) != 0) fail("cannot read", path);
        if (S_ISDIR(info.st_mode)) {
            walk(w, name);
            continue;
        }
        if (w->count == FILES_MAX) fail("too many files; FILES_MAX is passed at", path);
        w->files[w->count] = strdup(name);
        if (!w->files[w->count++]) fail("out of memory", "");
        write_name(w->depends, path);
    }
    closedir(dir);
}

int main(int argc, char **argv)
{
    static walk_t w;
    static size_t lengths[FILES_MAX];
    if (argc < 5) fail("usage: embed OUT.c OUT.d ROOT FOLDER...", "");
    FILE *out = fopen(argv[1], "w");
    if (!out) fail("cannot write", argv[1]);
    w.root = argv[3];
    w.depends = fopen(argv[2], "w");
    if (!w.depends) fail("cannot write", argv[2]);
    fprintf(w.depends, "%s: ", argv[1]);
    for (int i = 4; i < argc; i++) walk(&w, argv[i]);
    fputc('\n', w.depends);
    if (fclose(w.depends) != 0) fail("cannot write", argv[2]);
    qsort(w.files, (size_t)w.count, sizeof *w.files, by_name);
    fputs("/* Made by tools/embed.c from content/. */\n#include \"base/content.h\"\n\n", out);
    for (int i = 0; i < w.count; i++) {
        char path[2 * PATH_BYTES];
        snprintf(path, sizeof path, "%s/%s", w.root, w.files[i]);
        FILE *in = fopen(path, "rb");
        if (!in) fail("cannot read", path);
        fprintf(out, "static const unsigned char f%d[] = {\n", i);
        lengths[i] = write_bytes(out, in);
        fputs("0};\n", out);
        fclose(in);
    }
    fputs("\nstatic const source_file_t files[] = {\n", out);
    for (int i = 0; i < w.count; i++) fprintf(out, "    {\"%s\", f%d, %zu},\n", w.files[i], i, lengths[i]);
    fprintf(out,
            "};\n\nconst source_t *content_source(void)\n{\n    static const source_t source = {files, %d};\n    "
            "return &source;\n}\n",
            w.count);
    for (int i = 0; i < w.count; i++) free(w.files[i]);
    return fclose(out) == 0 ? 0 : 1;
}
