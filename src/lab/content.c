/* What the laboratory has in writing, read once at load: procedures with their front matter, coded
 * reasons, panels, tubes, people, places, arrivals, telephone scripts; and lab_open, which loads all. */
#include "content_private.h"
#include "shift_private.h"

#include "counter.h"
#include "debrief_private.h"
#include "fault.h"
#include "lab/review.h"
#include "lab_private.h"
#include "natural.h"
#include "reaction_private.h"
#include "roles.h"
#include "scenario_private.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONTENT_SLOT = 1, CODES_MAX = 64, SCENARIOS_MAX = 200, WORDS_MAX = 12 };

const lab_content_t *lab_content(const lab_t *lab)
{
    return lab->ext[CONTENT_SLOT];
}

static char *copy(lab_t *lab, const char *text, size_t length)
{
    return arena_text(lab->arena, text, length);
}

/* ---- procedures ---- */

/* The value of "key: value" in the front matter, or NULL. */
static const char *front_value(lab_t *lab, const char *front, size_t length, const char *key)
{
    size_t key_length = strlen(key);
    for (size_t i = 0; i < length;) {
        size_t end = i;
        while (end < length && front[end] != '\n') end++;
        if (end - i > key_length + 1 && strncmp(front + i, key, key_length) == 0 && front[i + key_length] == ':') {
            size_t from = i + key_length + 1;
            while (from < end && (front[from] == ' ' || front[from] == '"')) from++;
            size_t to = end;
            while (to > from && (front[to - 1] == ' ' || front[to - 1] == '"' || front[to - 1] == '\r')) to--;
            return copy(lab, front + from, to - from);
        }
        i = end + 1;
    }
    return NULL;
}

static bool load_sop(lab_t *lab, const source_file_t *file, sop_t *sop, err_t *err)
{
    const char *text = (const char *)file->bytes;
    static const char fence[] = "---\n";
    if (file->length < 8 || strncmp(text, fence, 4) != 0)
        return err_set(err, ERR_INPUT,
                       "%s:1: a procedure begins with a line of three dashes and its id, title and version",
                       file->path);
    const char *end = NULL;
    for (size_t i = 3; i + 5 <= file->length && !end; i++)
        if (memcmp(text + i, "\n---\n", 5) == 0) end = text + i + 1;
    if (!end)
        return err_set(err, ERR_INPUT, "%s:1: the head of the procedure is not closed by a line of three dashes",
                       file->path);
    const char *front = text + 4;
    size_t length = (size_t)(end - front);
    *sop = (sop_t){.id = front_value(lab, front, length, "id"),
                   .title = front_value(lab, front, length, "title"),
                   .version = front_value(lab, front, length, "version"),
                   .effective = front_value(lab, front, length, "effective"),
                   .review_due = front_value(lab, front, length, "review_due"),
                   .keywords = front_value(lab, front, length, "keywords"),
                   .sources = front_value(lab, front, length, "sources")};
    if (!sop->id || !sop->title || !sop->version || !sop->effective)
        return err_set(err, ERR_INPUT, "%s:1: the head of a procedure needs id, title, version and effective",
                       file->path);
    if (!sop->keywords) sop->keywords = "";
    if (!sop->sources) sop->sources = "";
    if (!sop->review_due) sop->review_due = "";
    sop->length = file->length - (size_t)(end + 4 - text);
    sop->markdown = copy(lab, end + 4, sop->length);
    return sop->markdown || err_set(err, ERR_MEMORY, "There is not enough memory for the procedures.");
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const sop_t *)a)->id, ((const sop_t *)b)->id);
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static bool load_sops(lab_t *lab, lab_content_t *content, const source_t *source, err_t *err)
{
    size_t count, first = source_under(source, "lab/sop/", &count);
    content->sops = arena_array(lab->arena, count + 1, sizeof *content->sops);
    if (!content->sops) return err_set(err, ERR_MEMORY, "There is not enough memory for the procedures.");
    for (size_t i = 0; i < count; i++) {
        const source_file_t *file = &source->files[first + i];
        if (!ends_with(file->path, ".md") || ends_with(file->path, "README.md")) continue;
        if (!load_sop(lab, file, &content->sops[content->sop_count++], err)) return false;
    }
    qsort(content->sops, (size_t)content->sop_count, sizeof *content->sops, by_id);
    return true;
}

int lab_sop_count(const lab_t *lab)
{
    return lab_content(lab)->sop_count;
}

const sop_t *lab_sop(const lab_t *lab, int index)
{
    return index >= 0 && index < lab_sop_count(lab) ? &lab_content(lab)->sops[index] : NULL;
}

const sop_t *lab_sop_find(const lab_t *lab, const char *id)
{
    for (int i = 0; i < lab_sop_count(lab); i++)
        if (strcmp(lab_content(lab)->sops[i].id, id) == 0) return &lab_content(lab)->sops[i];
    return NULL;
}

/* 4 in the title, 3 in the id, 2 in the keywords, 1 in the body, 0 nowhere. */
static int word_weight(const sop_t *sop, const char *word)
{
    if (strcasestr(sop->title, word)) return 4;
    if (strcasestr(sop->id, word)) return 3;
    if (strcasestr(sop->keywords, word)) return 2;
    return strcasestr(sop->markdown, word) ? 1 : 0;
}

static int sop_weight(const sop_t *sop, const char *words)
{
    char word[48];
    int sum = 0, n = 0;
    while (*words && n < WORDS_MAX) {
        size_t length = strcspn(words, " \t,;");
        if (length > 0 && length < sizeof word) {
            memcpy(word, words, length);
            word[length] = '\0';
            int weight = word_weight(sop, word);
            if (weight == 0) return 0;
            sum += weight;
            n++;
        }
        words += length;
        if (*words) words++;
    }
    return sum;
}

int lab_sop_search(const lab_t *lab, const char *words, int *found, int max)
{
    int n = 0;
    for (int weight = 4 * WORDS_MAX; weight > 0; weight--)
        for (int i = 0; i < lab_sop_count(lab) && n < max; i++)
            if (sop_weight(lab_sop(lab, i), words) == weight) found[n++] = i;
    return n;
}

/* ---- coded reasons ---- */

static const char *const code_kind_words[CODE_KINDS] = {"reject_reason",  "accept_comment", "cancel_reason",
                                                        "result_comment", "qc_cause",       "qc_action",
                                                        "amend_reason",   "qc_rule",        "correction"};

static bool load_codes(lab_t *lab, lab_content_t *content, const source_t *source, err_t *err)
{
    csv_t table;
    int kind, word, text;
    if (!lab_table(lab, source, "lab/codes.csv", &table, err) || !csv_need(&table, "kind", &kind, err) ||
        !csv_need(&table, "code", &word, err) || !csv_need(&table, "text", &text, err))
        return false;
    for (int k = 0; k < CODE_KINDS; k++) {
        content->codes[k] = arena_array(lab->arena, CODES_MAX, sizeof **content->codes);
        if (!content->codes[k]) return err_set(err, ERR_MEMORY, "There is not enough memory for the coded reasons.");
    }
    for (size_t row = 0; row < table.rows; row++)
        for (int k = 0; k < CODE_KINDS; k++) {
            if (strcmp(csv_text(&table, row, kind), code_kind_words[k]) != 0) continue;
            if (content->code_count[k] == CODES_MAX)
                return csv_fail(&table, row, err, "at most %d codes of one kind", CODES_MAX);
            content->codes[k][content->code_count[k]++] =
                (code_t){csv_text(&table, row, word), csv_text(&table, row, text)};
        }
    for (int k = 0; k < CODE_KINDS; k++)
        if (content->code_count[k] == 0)
            return err_set(err, ERR_INPUT, "lab/codes.csv:1: there is no code of the kind %s", code_kind_words[k]);
    return true;
}

int lab_code_count(const lab_t *lab, code_kind_t kind)
{
    return lab_content(lab)->code_count[kind];
}

const code_t *lab_code(const lab_t *lab, code_kind_t kind, int index)
{
    return index >= 0 && index < lab_code_count(lab, kind) ? &lab_content(lab)->codes[kind][index] : NULL;
}

int lab_code_find(const lab_t *lab, code_kind_t kind, const char *code)
{
    for (int i = 0; i < lab_code_count(lab, kind); i++) {
        const char *known = lab_content(lab)->codes[kind][i].code;
        if (known[0] == code[0] && strcmp(known, code) == 0) return i; /* most differ in the first letter */
    }
    return -1;
}

/* ---- tubes and panels ---- */

static bool load_tubes(lab_t *lab, lab_content_t *content, const source_t *source, err_t *err)
{
    csv_t t;
    int id, name, color, additive, clot, spin;
    if (!lab_table(lab, source, "lab/containers.csv", &t, err) || !csv_need(&t, "id", &id, err) ||
        !csv_need(&t, "name", &name, err) || !csv_need(&t, "color", &color, err) ||
        !csv_need(&t, "additive", &additive, err) || !csv_need(&t, "clot_min", &clot, err) ||
        !csv_need(&t, "spin", &spin, err))
        return false;
    for (size_t row = 0; row < t.rows; row++) {
        int64_t minutes;
        if (content->tube_count == TUBES_MAX) return csv_fail(&t, row, err, "at most %d tubes", TUBES_MAX);
        if (!csv_int(&t, row, clot, &minutes, err)) return false;
        content->tubes[content->tube_count++] = (tube_t){.id = csv_text(&t, row, id),
                                                         .name = csv_text(&t, row, name),
                                                         .color = csv_text(&t, row, color),
                                                         .additive = csv_text(&t, row, additive),
                                                         .clot_min = (int)minutes,
                                                         .spin = strcmp(csv_text(&t, row, spin), "yes") == 0};
    }
    return true;
}

int lab_tube_count(const lab_t *lab)
{
    return lab_content(lab)->tube_count;
}

const tube_t *lab_tube(const lab_t *lab, int index)
{
    return index >= 0 && index < lab_tube_count(lab) ? &lab_content(lab)->tubes[index] : NULL;
}

int lab_tube_find(const lab_t *lab, const char *id)
{
    for (int i = 0; i < lab_tube_count(lab); i++)
        if (strcmp(lab_content(lab)->tubes[i].id, id) == 0) return i;
    return -1;
}

static bool read_tests(lab_t *lab, const csv_t *t, size_t row, int column, panel_t *panel, bench_t *bench, err_t *err)
{
    const char *word = csv_text(t, row, column);
    while (*word) {
        char id[40];
        size_t length = strcspn(word, " ");
        if (length >= sizeof id) return csv_fail(t, row, err, "\"%.60s\" is no analyte", word);
        memcpy(id, word, length);
        id[length] = '\0';
        int analyte = lab_analyte_find(lab, id);
        if (analyte < 0)
            return csv_fail(t, row, err, "there is no analyte \"%s\" (did you mean \"%s\"?)", id,
                            lab_analyte_nearest(lab, id));
        if (word == csv_text(t, row, column))
            *bench = lab_analyte(lab, analyte)->bench;
        else if (*bench != lab_analyte(lab, analyte)->bench)
            return csv_fail(t, row, err, "a panel is of one bench; %s is done elsewhere", id);
        panel->tests[analyte >> 6] |= 1ULL << (analyte & 63);
        word += length;
        while (*word == ' ') word++;
    }
    return true;
}

static bool load_panels(lab_t *lab, lab_content_t *content, const source_t *source, err_t *err)
{
    csv_t t;
    int id, name, tube, tests, primary[SETTING_COUNT], extra[SETTING_COUNT];
    if (!lab_table(lab, source, "lab/panels.csv", &t, err) || !csv_need(&t, "id", &id, err) ||
        !csv_need(&t, "name", &name, err) || !csv_need(&t, "tube", &tube, err) || !csv_need(&t, "tests", &tests, err))
        return false;
    for (int s = 0; s < SETTING_COUNT; s++) {
        char column[40];
        snprintf(column, sizeof column, "primary_%s", setting_name((setting_t)s));
        if (!csv_need(&t, column, &primary[s], err)) return false;
        snprintf(column, sizeof column, "extra_%s", setting_name((setting_t)s));
        if (!csv_need(&t, column, &extra[s], err)) return false;
    }
    for (size_t row = 0; row < t.rows; row++) {
        if (content->panel_count == PANELS_MAX) return csv_fail(&t, row, err, "at most %d panels", PANELS_MAX);
        int at = content->panel_count++;
        panel_t *panel = &content->panels[at];
        *panel =
            (panel_t){.id = csv_text(&t, row, id), .name = csv_text(&t, row, name), .tube = csv_text(&t, row, tube)};
        content->panel_tube[at] = lab_tube_find(lab, panel->tube);
        if (content->panel_tube[at] < 0) return csv_fail(&t, row, err, "there is no tube \"%s\"", panel->tube);
        if (!read_tests(lab, &t, row, tests, panel, &content->panel_bench[at], err)) return false;
        for (int s = 0; s < SETTING_COUNT; s++)
            if (!csv_double(&t, row, primary[s], &content->panel_weights[at].primary[s], err) ||
                !csv_double(&t, row, extra[s], &content->panel_weights[at].extra[s], err))
                return false;
    }
    return true;
}

int lab_panel_count(const lab_t *lab)
{
    return lab_content(lab)->panel_count;
}

const panel_t *lab_panel(const lab_t *lab, int index)
{
    return index >= 0 && index < lab_panel_count(lab) ? &lab_content(lab)->panels[index] : NULL;
}

int lab_panel_find(const lab_t *lab, const char *id)
{
    for (int i = 0; i < lab_panel_count(lab); i++)
        if (strcmp(lab_content(lab)->panels[i].id, id) == 0) return i;
    return -1;
}

static bool load_arrivals(lab_t *lab, lab_content_t *content, const source_t *source, err_t *err)
{
    csv_t t;
    int hour;
    if (!lab_table(lab, source, "lab/arrivals.csv", &t, err) || !csv_need(&t, "hour", &hour, err)) return false;
    for (int s = 0; s < SETTING_COUNT; s++) {
        int column;
        if (!csv_need(&t, setting_name((setting_t)s), &column, err)) return false;
        for (size_t row = 0; row < t.rows; row++) {
            int64_t h;
            if (!csv_int(&t, row, hour, &h, err)) return false;
            if (h < 0 || h > 23) return csv_fail(&t, row, err, "hour is 0 to 23");
            if (!csv_double(&t, row, column, &content->arrivals[s][h], err)) return false;
        }
    }
    return true;
}

/* ---- everything ---- */

static int by_order(const void *a, const void *b)
{
    const scenario_t *x = *(scenario_t *const *)a, *y = *(scenario_t *const *)b;
    if (x->order != y->order) return x->order < y->order ? -1 : 1;
    return strcmp(x->view.id, y->view.id);
}

static bool load_scenarios(lab_t *lab, lab_content_t *content, const source_t *source, err_t *err)
{
    size_t count, first = source_under(source, "lab/scenarios/", &count);
    content->scenarios = arena_array(lab->arena, count + 1, sizeof *content->scenarios);
    if (!content->scenarios || count > SCENARIOS_MAX)
        return err_set(err, ERR_LIMIT, "There are too many scenarios (at most %d).", SCENARIOS_MAX);
    for (size_t i = 0; i < count; i++) {
        const source_file_t *file = &source->files[first + i];
        if (!ends_with(file->path, ".yaml")) continue;
        scenario_t *scenario;
        if (!scenario_read(lab, file->path, file->bytes, file->length, &scenario, err)) return false;
        for (int k = 0; k < content->scenario_count; k++)
            if (strcmp(content->scenarios[k]->view.id, scenario->view.id) == 0) {
                scenario_free(scenario);
                return err_set(err, ERR_INPUT, "%s:1: the id of this scenario is taken already", file->path);
            }
        scenario->source = file;
        content->scenarios[content->scenario_count++] = scenario;
    }
    qsort(content->scenarios, (size_t)content->scenario_count, sizeof(scenario_t *), by_order);
    return true;
}

bool lab_open(lab_t **out, const source_t *source, err_t *err)
{
    if (!lab_load(out, source, err)) return false;
    lab_t *lab = *out;
    lab_content_t *content = arena_alloc(lab->arena, sizeof *content);
    lab->ext[CONTENT_SLOT] = content;
    bool ok = content || err_set(err, ERR_MEMORY, "There is not enough memory to load the laboratory.");
    ok = ok && fault_load(lab, source, err) && counter_load(lab, source, err) &&
         review_open(&lab->review, lab, source, err) && roles_load(lab, source, err) &&
         natural_load(lab, source, err) && reaction_load(lab, source, err) && score_load(lab, source, err) &&
         care_load(lab, source, err) && load_sops(lab, content, source, err) && load_codes(lab, content, source, err) &&
         load_tubes(lab, content, source, err) && content_load_tray(lab, content, source, err) &&
         load_panels(lab, content, source, err) && load_arrivals(lab, content, source, err) &&
         content_load_people(lab, content, source, err) && content_load_phone(lab, content, source, err) &&
         load_scenarios(lab, content, source, err);
    if (!ok) {
        lab_close(lab);
        *out = NULL;
    }
    return ok;
}

void lab_close(lab_t *lab)
{
    if (!lab) return;
    const lab_content_t *content = lab->ext[CONTENT_SLOT];
    for (int i = 0; content && i < content->scenario_count; i++) scenario_free(content->scenarios[i]);
    review_close(lab->review);
    lab_free(lab);
}
