/* template: turns one .html file into C functions that append to a text_t.
 *
 *     template page.html page.html.c page.html.h
 *
 * The page is split into text and {{tags}}; text becomes literals, tags become C statements over
 * the typed arguments of the template, with #line directives, so the C compiler checks every field
 * and reports errors at the line of the page. The syntax is described in src/web/README.md.
 *
 * A small HTML scanner follows the text to keep pages safe: an expression may stand in text or in
 * a quoted attribute value only, and inline scripts, styles and handlers are refused, because the
 * Content-Security-Policy would refuse them later and silently. */
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FILE_MAX_BYTES = 1 << 20,
    DEPTH_MAX = 32,
    WORD_MAX_BYTES = 64,
    LITERAL_MAX = 1000, /* C17 promises 4095 */
};

typedef struct {
    char *data;
    size_t length, capacity;
} buffer_t;

typedef enum { HTML_TEXT, HTML_TAG, HTML_DOUBLE, HTML_SINGLE } html_state;

typedef struct {
    html_state state;
    char tag[WORD_MAX_BYTES], attribute[WORD_MAX_BYTES];
    bool in_name, has_src, keep_space;
    int opened_line;
} html_t;

typedef struct {
    char word[8]; /* "if", "for" */
    int line;
    bool had_else;
} block_t;

typedef struct {
    const char *path;
    const char *at, *end;
    int line;
    bool in_template;
    html_t html;
    block_t blocks[DEPTH_MAX];
    size_t depth;
    buffer_t text; /* static text not yet written */
    buffer_t code, header, includes;
    bool uses_assets;
} compiler_t;

static _Noreturn void fail(const compiler_t *c, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static _Noreturn void fail(const compiler_t *c, int line, const char *format, ...)
{
    fprintf(stderr, "%s:%d: error: ", c->path, line);
    va_list list;
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
    exit(1);
}

static void put_n(buffer_t *b, const char *bytes, size_t length)
{
    if (b->length + length + 1 > b->capacity) {
        b->capacity = (b->length + length + 1) * 2;
        b->data = realloc(b->data, b->capacity);
        if (b->data == NULL) {
            fputs("template: out of memory\n", stderr);
            exit(1);
        }
    }
    memcpy(b->data + b->length, bytes, length);
    b->length += length;
    b->data[b->length] = '\0';
}

static void put(buffer_t *b, const char *text)
{
    put_n(b, text, strlen(text));
}

static void putf(buffer_t *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void putf(buffer_t *b, const char *format, ...)
{
    va_list list, again;
    va_start(list, format);
    va_copy(again, list);
    int n = vsnprintf(NULL, 0, format, list);
    va_end(list);
    char *text = malloc((size_t)n + 1);
    if (text == NULL) exit(1);
    vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    put_n(b, text, (size_t)n);
    free(text);
}

/* ---- following the HTML ---- */

static void attribute_done(compiler_t *c, bool has_value)
{
    html_t *h = &c->html;
    const char *name = h->attribute;
    if (has_value && strcmp(name, "style") == 0)
        fail(c, c->line, "style= does not work under the Content-Security-Policy; use a class in titer.css");
    if (has_value && strncmp(name, "on", 2) == 0)
        fail(c, c->line, "%s= does not work under the Content-Security-Policy; handle it in titer.js", name);
    if (strcmp(name, "src") == 0) h->has_src = true;
    h->attribute[0] = '\0';
}

static void tag_done(compiler_t *c)
{
    html_t *h = &c->html;
    attribute_done(c, false);
    if (strcmp(h->tag, "script") == 0 && !h->has_src)
        fail(c, c->line, "a script inside the page does not run; put it into titer.js");
    if (strcmp(h->tag, "pre") == 0 || strcmp(h->tag, "textarea") == 0) h->keep_space = true;
    if (strcmp(h->tag, "/pre") == 0 || strcmp(h->tag, "/textarea") == 0) h->keep_space = false;
    h->state = HTML_TEXT;
}

static void word_add(char word[WORD_MAX_BYTES], char ch)
{
    size_t n = strlen(word);
    if (n + 1 < WORD_MAX_BYTES) {
        word[n] = (char)tolower((unsigned char)ch);
        word[n + 1] = '\0';
    }
}

static void html_in_tag(compiler_t *c, char ch)
{
    html_t *h = &c->html;
    if (h->in_name) {
        if (isalnum((unsigned char)ch) || strchr("/!-", ch)) {
            word_add(h->tag, ch);
            if (strcmp(h->tag, "!--") == 0) fail(c, c->line, "a comment would be sent to readers; use {{# remark}}");
            return;
        }
        h->in_name = false;
        if (strcmp(h->tag, "style") == 0) fail(c, c->line, "a style inside the page does not work; use titer.css");
    }
    if (ch == '>') {
        tag_done(c);
    } else if (ch == '"') {
        h->state = HTML_DOUBLE;
    } else if (ch == '\'') {
        h->state = HTML_SINGLE;
    } else if (ch == '=') {
        attribute_done(c, true);
    } else if (isspace((unsigned char)ch)) {
        attribute_done(c, false);
    } else {
        word_add(h->attribute, ch);
    }
}

static void html_char(compiler_t *c, char ch, char next)
{
    html_t *h = &c->html;
    switch (h->state) {
    case HTML_TEXT:
        if (ch == '<' && (isalpha((unsigned char)next) || next == '/' || next == '!')) {
            *h = (html_t){.state = HTML_TAG, .in_name = true, .keep_space = h->keep_space, .opened_line = c->line};
        }
        break;
    case HTML_TAG:
        html_in_tag(c, ch);
        break;
    case HTML_DOUBLE:
        if (ch == '"') h->state = HTML_TAG;
        break;
    case HTML_SINGLE:
        if (ch == '\'') h->state = HTML_TAG;
        break;
    }
}

static void text_char(compiler_t *c, char ch, char next)
{
    if (!c->in_template) {
        if (!isspace((unsigned char)ch)) fail(c, c->line, "text before the first {{template name(...)}}");
        return;
    }
    html_char(c, ch, next);
    put_n(&c->text, &ch, 1);
}

/* ---- writing C ---- */

static void literal(buffer_t *b, const char *bytes, size_t length)
{
    put(b, "\"");
    for (size_t i = 0; i < length; i++) {
        char ch = bytes[i];
        if (ch == '\n') {
            put(b, "\\n");
        } else if (ch == '\t') {
            put(b, "\\t");
        } else if (ch == '"' || ch == '\\' || ch == '?') {
            putf(b, "\\%c", ch); /* '?' because C17 still reads trigraphs */
        } else {
            put_n(b, &ch, 1);
        }
    }
    put(b, "\"");
}

static void flush_text(compiler_t *c)
{
    for (size_t at = 0; at < c->text.length;) {
        size_t n = c->text.length - at;
        if (n > LITERAL_MAX) n = LITERAL_MAX;
        put(&c->code, "    text_add_n(out, ");
        literal(&c->code, c->text.data + at, n);
        putf(&c->code, ", %zu);\n", n);
        at += n;
    }
    c->text.length = 0;
}

static void statement(compiler_t *c, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void statement(compiler_t *c, int line, const char *format, ...)
{
    flush_text(c);
    putf(&c->code, "#line %d ", line);
    literal(&c->code, c->path, strlen(c->path));
    char text[4096];
    va_list list;
    va_start(list, format);
    int n = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (n < 0 || (size_t)n >= sizeof text) fail(c, line, "this tag is longer than 4,000 bytes");
    putf(&c->code, "\n    %s\n", text);
}

static void template_end(compiler_t *c)
{
    if (!c->in_template) return;
    if (c->depth > 0) fail(c, c->blocks[c->depth - 1].line, "this {{%s}} has no {{end}}", c->blocks[c->depth - 1].word);
    if (c->html.state != HTML_TEXT) fail(c, c->html.opened_line, "the tag <%s opened here is not closed", c->html.tag);
    while (c->text.length > 0 && isspace((unsigned char)c->text.data[c->text.length - 1])) c->text.length--;
    flush_text(c);
    put(&c->code, "}\n");
    c->in_template = false;
}

/* ---- tags ---- */

typedef struct {
    char *text; /* without the braces, trimmed */
    int line;
} tag_t;

static char *skip_space(char *p)
{
    while (isspace((unsigned char)*p)) p++;
    return p;
}

/* Takes an identifier off the front; "" when there is none. */
static char *take_word(const compiler_t *c, const tag_t *tag, char *p, char word[WORD_MAX_BYTES])
{
    size_t n = 0;
    while (isalnum((unsigned char)*p) || *p == '_') {
        if (n + 1 >= WORD_MAX_BYTES) fail(c, tag->line, "a name longer than %d bytes", WORD_MAX_BYTES - 1);
        word[n++] = *p++;
    }
    word[n] = '\0';
    return skip_space(p);
}

/* The comma outside of brackets and quotes, or NULL. */
static char *top_comma(char *p)
{
    int depth = 0;
    char quote = 0;
    for (; *p != '\0'; p++) {
        if (quote != 0) {
            if (*p == '\\' && p[1] != '\0')
                p++;
            else if (*p == quote)
                quote = 0;
        } else if (*p == '"' || *p == '\'') {
            quote = *p;
        } else if (strchr("([{", *p)) {
            depth++;
        } else if (strchr(")]}", *p)) {
            depth--;
        } else if (*p == ',' && depth == 0) {
            return p;
        }
    }
    return NULL;
}

static void need(const compiler_t *c, const tag_t *tag, const char *rest, const char *shape)
{
    if (*rest == '\0') fail(c, tag->line, "{{%s}} is not complete; write %s", tag->text, shape);
}

static void tag_template(compiler_t *c, const tag_t *tag, char *rest)
{
    template_end(c);
    char name[WORD_MAX_BYTES];
    char *p = take_word(c, tag, rest, name);
    size_t n = strlen(p);
    if (name[0] == '\0' || *p != '(' || n < 2 || p[n - 1] != ')')
        fail(c, tag->line, "write {{template name(TYPE argument, ...)}}");
    p[n - 1] = '\0';
    char *arguments = skip_space(p + 1);
    bool none = *arguments == '\0' || strcmp(arguments, "void") == 0;
    putf(&c->header, "void %s(text_t *out%s%s);\n", name, none ? "" : ", ", none ? "" : arguments);
    putf(&c->code, "\n#line %d ", tag->line);
    literal(&c->code, c->path, strlen(c->path));
    putf(&c->code, "\nvoid %s(text_t *out%s%s)\n{\n    (void)out;\n", name, none ? "" : ", ", none ? "" : arguments);
    c->in_template = true;
    c->html = (html_t){0};
}

static void block_open(compiler_t *c, const tag_t *tag, const char *word)
{
    if (c->depth == DEPTH_MAX) fail(c, tag->line, "blocks nested deeper than %d", DEPTH_MAX);
    block_t *block = &c->blocks[c->depth++];
    *block = (block_t){.line = tag->line};
    snprintf(block->word, sizeof block->word, "%s", word);
}

static void tag_for(compiler_t *c, const tag_t *tag, char *rest)
{
    const char *shape = "{{for i in COUNT}} or {{for row in ARRAY, COUNT}}";
    char name[WORD_MAX_BYTES], in[WORD_MAX_BYTES];
    char *p = take_word(c, tag, rest, name);
    p = take_word(c, tag, p, in);
    if (name[0] == '\0' || strcmp(in, "in") != 0 || *p == '\0') fail(c, tag->line, "write %s", shape);
    char *comma = top_comma(p);
    if (comma == NULL) {
        statement(c, tag->line, "for (size_t %s = 0, %s_n = (%s) > 0 ? (size_t)(%s) : 0; %s < %s_n; %s++) {", name,
                  name, p, p, name, name, name);
    } else {
        *comma = '\0';
        char *count = skip_space(comma + 1);
        if (*count == '\0') fail(c, tag->line, "write %s", shape);
        statement(c, tag->line,
                  "for (size_t %s_i = 0, %s_n = (%s) > 0 ? (size_t)(%s) : 0; %s_i < %s_n; %s_i++) { "
                  "__typeof__(&(%s)[0]) %s = &(%s)[%s_i]; (void)%s;",
                  name, name, count, count, name, name, name, p, name, p, name, name);
    }
    block_open(c, tag, "for");
}

static void tag_else(compiler_t *c, const tag_t *tag, char *rest)
{
    block_t *block = c->depth > 0 ? &c->blocks[c->depth - 1] : NULL;
    if (block == NULL || strcmp(block->word, "if") != 0) fail(c, tag->line, "{{else}} without an {{if}}");
    if (block->had_else) fail(c, tag->line, "a second {{else}} for the {{if}} of line %d", block->line);
    if (*rest == '\0') {
        block->had_else = true;
        statement(c, tag->line, "} else {");
        return;
    }
    char word[WORD_MAX_BYTES];
    char *p = take_word(c, tag, rest, word);
    if (strcmp(word, "if") != 0 || *p == '\0') fail(c, tag->line, "write {{else}} or {{else if EXPRESSION}}");
    statement(c, tag->line, "} else if (%s) {", p);
}

static void tag_call(compiler_t *c, const tag_t *tag, char *rest)
{
    char name[WORD_MAX_BYTES];
    char *p = take_word(c, tag, rest, name);
    size_t n = strlen(p);
    if (name[0] == '\0' || *p != '(' || p[n - 1] != ')') fail(c, tag->line, "write {{call name(arguments)}}");
    p[n - 1] = '\0';
    char *arguments = skip_space(p + 1);
    statement(c, tag->line, "%s(out%s%s);", name, *arguments == '\0' ? "" : ", ", arguments);
}

static void tag_asset(compiler_t *c, const tag_t *tag, const char *rest)
{
    need(c, tag, rest, "{{asset titer.css}}");
    char name[WORD_MAX_BYTES];
    size_t n = 0;
    for (; rest[n] != '\0'; n++) {
        if (n + 1 >= sizeof name) fail(c, tag->line, "an asset name longer than %d bytes", WORD_MAX_BYTES - 1);
        name[n] = isalnum((unsigned char)rest[n]) ? rest[n] : '_';
    }
    name[n] = '\0';
    c->uses_assets = true;
    statement(c, tag->line, "template_raw(out, ASSET_%s);", name);
}

/* An expression that writes: only in text or in a quoted value. */
static void check_place(const compiler_t *c, const tag_t *tag, bool text_only)
{
    if (c->html.state == HTML_TAG)
        fail(c, tag->line, "{{%s}} stands inside a tag; put it between quotes as an attribute's value", tag->text);
    if (text_only && c->html.state != HTML_TEXT)
        fail(c, tag->line, "{{%s}} stands inside an attribute; raw HTML may stand in text only", tag->text);
}

static void tag_write(compiler_t *c, const tag_t *tag, const char *word, char *rest)
{
    check_place(c, tag, strcmp(word, "raw") == 0);
    if (strcmp(word, "fixed") == 0) {
        char digits[WORD_MAX_BYTES];
        char *p = take_word(c, tag, rest, digits);
        if (digits[0] == '\0' || *p == '\0') fail(c, tag->line, "write {{fixed DECIMALS EXPRESSION}}");
        statement(c, tag->line, "text_add_fixed(out, %s, %s);", p, digits);
        return;
    }
    need(c, tag, rest, "{{= EXPRESSION}}");
    if (strcmp(word, "raw") == 0)
        statement(c, tag->line, "template_raw(out, %s);", rest);
    else if (strcmp(word, "url") == 0)
        statement(c, tag->line, "template_url(out, %s);", rest);
    else
        statement(c, tag->line, "TEMPLATE_PUT(out, %s);", rest);
}

static bool is_write(const char *word)
{
    return strcmp(word, "=") == 0 || strcmp(word, "raw") == 0 || strcmp(word, "url") == 0 ||
           strcmp(word, "fixed") == 0 || strcmp(word, "asset") == 0;
}

static void tag_do(compiler_t *c, const tag_t *tag)
{
    char word[WORD_MAX_BYTES] = "=";
    char *rest = tag->text[0] == '=' ? skip_space(tag->text + 1) : take_word(c, tag, tag->text, word);
    if (strcmp(word, "template") == 0) {
        tag_template(c, tag, rest);
        return;
    }
    if (strcmp(word, "include") == 0) {
        if (c->in_template) fail(c, tag->line, "{{include}} belongs before the first {{template}}");
        need(c, tag, rest, "{{include \"x.h\"}}");
        putf(&c->includes, "#include %s\n", rest);
        return;
    }
    if (!c->in_template) fail(c, tag->line, "{{%s}} before the first {{template name(...)}}", tag->text);
    if (strcmp(word, "asset") == 0) {
        check_place(c, tag, false);
        tag_asset(c, tag, rest);
    } else if (is_write(word)) {
        tag_write(c, tag, word, rest);
    } else if (strcmp(word, "if") == 0) {
        need(c, tag, rest, "{{if EXPRESSION}}");
        statement(c, tag->line, "if (%s) {", rest);
        block_open(c, tag, "if");
    } else if (strcmp(word, "for") == 0) {
        tag_for(c, tag, rest);
    } else if (strcmp(word, "else") == 0) {
        tag_else(c, tag, rest);
    } else if (strcmp(word, "end") == 0) {
        if (c->depth == 0) fail(c, tag->line, "{{end}} without an {{if}} or {{for}}");
        c->depth--;
        statement(c, tag->line, "}");
    } else if (strcmp(word, "let") == 0) {
        need(c, tag, rest, "{{let TYPE name = EXPRESSION}}");
        statement(c, tag->line, "%s;", rest);
    } else if (strcmp(word, "call") == 0) {
        tag_call(c, tag, rest);
    } else {
        fail(c, tag->line, "{{%s}} is not a tag; {{= %s}} writes a value", tag->text, tag->text);
    }
}

/* Reads the tag at c->at ("{{"); a remark gives an empty text. Does not act on it. */
static tag_t tag_read(compiler_t *c, char *text, size_t size)
{
    const char *from = c->at + 2;
    const char *to = strstr(from, "}}");
    if (to == NULL) fail(c, c->line, "this {{ has no }}");
    tag_t tag = {.text = text, .line = c->line};
    for (const char *p = from; p < to; p++) c->line += *p == '\n';
    c->at = to + 2;
    while (from < to && isspace((unsigned char)*from)) from++;
    while (to > from && isspace((unsigned char)to[-1])) to--;
    if (from < to && *from == '#') to = from;
    if ((size_t)(to - from) >= size) fail(c, tag.line, "a tag longer than %zu bytes", size - 1);
    memcpy(text, from, (size_t)(to - from));
    text[to - from] = '\0';
    for (char *p = text; *p != '\0'; p++)
        if (*p == '\n') *p = ' ';
    return tag;
}

/* True when the line at `p` holds nothing but space and tags that write nothing. */
static bool only_statements(const char *p)
{
    bool any = false;
    for (;;) {
        while (*p == ' ' || *p == '\t' || *p == '\r') p++;
        if (*p == '\n' || *p == '\0') return any;
        if (p[0] != '{' || p[1] != '{') return false;
        const char *q = p + 2;
        while (*q == ' ') q++;
        char word[WORD_MAX_BYTES] = "=";
        if (*q != '=') {
            size_t n = 0;
            while (isalnum((unsigned char)q[n]) && n + 1 < sizeof word) {
                word[n] = q[n];
                n++;
            }
            word[n] = '\0';
        }
        if (is_write(word)) return false;
        p = strstr(p, "}}");
        if (p == NULL) return false;
        p += 2;
        any = true;
    }
}

/* True when nothing but space is left on the line. */
static bool rest_blank(const char *p)
{
    while (*p == ' ' || *p == '\t' || *p == '\r') p++;
    return *p == '\n' || *p == '\0';
}

static void compile_line(compiler_t *c)
{
    bool keep = c->html.keep_space && c->in_template;
    bool quiet = !keep && (only_statements(c->at) || rest_blank(c->at));
    if (!keep)
        while (c->at < c->end && (*c->at == ' ' || *c->at == '\t')) c->at++;
    char text[4000];
    while (c->at < c->end) {
        char ch = *c->at;
        if (ch == '{' && c->at[1] == '{') {
            tag_t tag = tag_read(c, text, sizeof text);
            if (tag.text[0] != '\0') tag_do(c, &tag);
            continue;
        }
        if (ch == '\n') {
            if (!quiet) text_char(c, ch, 0);
            c->at++;
            c->line++;
            return;
        }
        bool trailing = !keep && (ch == ' ' || ch == '\t' || ch == '\r') && rest_blank(c->at);
        if (!quiet && !trailing) text_char(c, ch, c->at[1]);
        c->at++;
    }
}

/* ---- files ---- */

static char *read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(FILE_MAX_BYTES + 1);
    if (file == NULL || bytes == NULL) {
        fprintf(stderr, "template: cannot read %s\n", path);
        exit(1);
    }
    *length = fread(bytes, 1, FILE_MAX_BYTES + 1, file);
    fclose(file);
    if (*length > FILE_MAX_BYTES || memchr(bytes, '\0', *length) != NULL) {
        fprintf(stderr, "%s:1: error: longer than 1 MB, or not a text\n", path);
        exit(1);
    }
    bytes[*length] = '\0';
    return bytes;
}

static void write_file(const char *path, const buffer_t *b)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(b->data, 1, b->length, file) != b->length || fclose(file) != 0) {
        fprintf(stderr, "template: cannot write %s\n", path);
        exit(1);
    }
}

static void write_outputs(const compiler_t *c, const char *c_path, const char *h_path)
{
    const char *base = strrchr(h_path, '/');
    base = base == NULL ? h_path : base + 1;
    char guard[WORD_MAX_BYTES] = "";
    for (const char *p = base; *p != '\0'; p++) word_add(guard, isalnum((unsigned char)*p) ? *p : '_');
    buffer_t h = {0}, code = {0};
    putf(&h, "/* Made by tools/template.c. */\n#ifndef template_%s\n#define template_%s\n#include \"base/text.h\"\n",
         guard, guard);
    if (c->includes.data != NULL) put(&h, c->includes.data);
    if (c->header.data != NULL) put(&h, c->header.data);
    put(&h, "#endif\n");
    putf(&code,
         "/* Made by tools/template.c. */\n#include \"%s\"\n#include \"web/template.h\"\n%s#include <stddef.h>\n", base,
         c->uses_assets ? "#include \"asset_names.h\"\n" : "");
    if (c->code.data != NULL) put(&code, c->code.data);
    write_file(h_path, &h);
    write_file(c_path, &code);
    free(h.data);
    free(code.data);
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: template page.html page.html.c page.html.h\n", stderr);
        return 2;
    }
    size_t length;
    char *bytes = read_file(argv[1], &length);
    compiler_t c = {.path = argv[1], .at = bytes, .end = bytes + length, .line = 1};
    while (c.at < c.end) compile_line(&c);
    template_end(&c);
    if (c.header.length == 0) fail(&c, 1, "no {{template name(...)}} in this file");
    write_outputs(&c, argv[2], argv[3]);
    free(bytes);
    free(c.text.data);
    free(c.code.data);
    free(c.header.data);
    free(c.includes.data);
    return 0;
}
