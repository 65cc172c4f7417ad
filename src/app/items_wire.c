/* Items in bulk; see app/items_wire.h. An item and a question of another format meet in item_draft_t, whose checks say
 * what is wrong with either. */
#include "app/items_wire.h"

#include "sitting_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TITLE_BYTES = 70, EXPORT_ARENA = 64 * 1024 * 1024, CHECK_ARENA = 4 * 1024 * 1024 };

const char *app_known_word(app_known_t known)
{
    static const char *const words[APP_KNOWN_WAYS] = {"refuse", "version", "new"};
    return words[known];
}

const char *app_import_word(app_import_outcome_t outcome)
{
    static const char *const words[APP_IMPORT_OUTCOMES] = {"accepted", "unfinished", "same", "refused"};
    return words[outcome];
}

static const char *print(arena_t *arena, const char *format, ...)
{
    char text[ERR_TEXT_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const char *copy = arena_text(arena, text, strlen(text));
    return copy ? copy : "";
}

static void say(app_import_row_t *row, const char *text)
{
    if (row && row->count < APP_IMPORT_SAYS_MAX) row->say[row->count++] = text;
}

/* The beginning of a text, cut between words. */
static const char *beginning(arena_t *arena, const char *before, const char *text, size_t most)
{
    size_t n = strlen(text);
    if (n > most) {
        n = most;
        while (n > 0 && text[n] != ' ') n--;
        if (n == 0) n = most;
        while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80) n--;
    }
    return print(arena, "%s%s%.*s%s", before, before[0] ? " " : "", (int)n, text, text[n] ? " …" : "");
}

/* ---- an item as a question ---- */

static const char *programs_text(unsigned programs)
{
    static const char *const texts[8] = {"", "PBT", "MLA", "PBT+MLA", "MLT", "PBT+MLT", "MLA+MLT", "PBT+MLA+MLT"};
    return texts[programs & 7u];
}

static void put_parts(wire_question_t *q, const item_draft_t *draft)
{
    int keys = 0;
    for (int i = 0; i < draft->parts; i++) keys += draft->part[i].key;
    for (int i = 0; i < draft->parts; i++) {
        const item_draft_part_t *part = &draft->part[i];
        /* Moodle's sum of all that apply; wrong ones take away as much, as here */
        double share = q->kind == WIRE_SEVERAL && keys ? 100.0 / keys : 100;
        q->part[i] = (wire_part_t){.text = q->kind == WIRE_NUMERIC ? part->value : part->text,
                                   .right = part->right,
                                   .feedback = part->why,
                                   .percent = q->kind > WIRE_SEVERAL    ? 0
                                              : part->key               ? share
                                              : q->kind == WIRE_SEVERAL ? -share
                                                                        : 0};
    }
    q->parts = draft->parts;
}

bool app_item_to_wire(wire_question_t *q, arena_t *arena, const item_draft_t *draft)
{
    static const wire_kind_t kinds[ITEM_TYPES] = {WIRE_SINGLE,  WIRE_SEVERAL, WIRE_ORDER,   WIRE_MATCH,
                                                  WIRE_NUMERIC, WIRE_SINGLE,  WIRE_NUMERIC, WIRE_SINGLE};
    int type = item_draft_type(draft);
    wire_question_init(q);
    q->kind = type < 0 ? WIRE_OTHER : kinds[type];
    if (type < 0) q->refused = "it has no type yet";
    if (type >= ITEM_HOTSPOT) q->type = item_type_word((item_type_t)type);
    q->id = draft->id;
    q->title = beginning(arena, draft->id, draft->stem, TITLE_BYTES);
    q->category = draft->area[0] ? print(arena, "Titer/%s/%s", draft->area, draft->subarea) : "Titer";
    q->stem = draft->stem;
    q->why = draft->why;
    q->value = draft->value;
    q->tolerance = draft->tolerance;
    q->unit = draft->unit;
    q->decimals = draft->decimals;
    const char *const facts[WIRE_KEYS] = {[WIRE_LESSON] = draft->lesson,
                                          [WIRE_AREA] = draft->area,
                                          [WIRE_SUBAREA] = draft->subarea,
                                          [WIRE_OBJECTIVE] = draft->objective,
                                          [WIRE_LEVEL] = draft->level,
                                          [WIRE_DIFFICULTY] = draft->difficulty,
                                          [WIRE_DIFFICULTY_SD] = draft->difficulty_sd,
                                          [WIRE_PROGRAMS] = programs_text(draft->programs),
                                          [WIRE_VERSION] = print(arena, "%d", draft->version),
                                          [WIRE_STATE] = "",
                                          [WIRE_SOURCE] = draft->source,
                                          [WIRE_AS_OF] = draft->as_of};
    memcpy(q->fact, facts, sizeof facts);
    size_t lines = strlen(draft->data);
    while (lines > 0 && strchr(" \n", draft->data[lines - 1])) lines--; /* as it is read again */
    const char *data = arena_text(arena, draft->data, lines);
    const char *const own[WIRE_OWN] = {
        [WIRE_DRAW] = draft->draw, [WIRE_SEED] = draft->seed,     [WIRE_DATA] = data ? data : "",
        [WIRE_ALT] = draft->alt,   [WIRE_COUNTS] = draft->counts, [WIRE_TIMES] = draft->times};
    memcpy(q->own, own, sizeof own);
    put_parts(q, draft);
    return data && q->title[0] && q->fact[WIRE_VERSION][0];
}

/* ---- out ---- */

static bool is_listed(const char *ids, const char *id)
{
    size_t n = strlen(id);
    for (const char *at = ids; *at; at += strspn(at, ", ")) {
        size_t length = strcspn(at, ", ");
        if (length == n && memcmp(at, id, n) == 0) return true;
        at += length;
    }
    return false;
}

static bool is_wanted(const char *wanted, const char *value)
{
    return !wanted || !wanted[0] || strcmp(wanted, value) == 0;
}

static bool is_chosen(const app_items_choice_t *c, const app_item_t *item)
{
    return is_wanted(c->area, item->area) && is_wanted(c->lesson, item->lesson) && is_wanted(c->type, item->type) &&
           is_wanted(c->state, item_state_word(item->state)) && (!c->programs || (c->programs & item->programs)) &&
           (!c->ids || !c->ids[0] || is_listed(c->ids, item->id));
}

/* The draft of an item as it was saved last. */
static bool take_draft(app_t *app, const app_item_t *item, arena_t *arena, item_draft_t *draft, err_t *err)
{
    app_item_t now;
    text_t file;
    const item_t *known = item->written ? NULL : bank_find(app->exams->bank, item->id);
    if (known) {
        item_draft_of(draft, arena, known);
        return true;
    }
    text_init(&file, 2 * ITEM_DRAFT_BYTES_MAX);
    bool ok = app_item_get(app, item->id, 0, &now, &file, err) &&
              item_draft_read(draft, arena, file.data ? file.data : "", file.length, err);
    text_free(&file);
    return ok;
}

/* Of the content alone, when there is no data folder. */
static void list_content(const bank_t *bank, app_item_t *list, int max, int *count)
{
    for (size_t i = 0; i < bank_count(bank) && *count < max; i++) {
        const item_t *from = bank_item(bank, i);
        app_item_t *to = &list[(*count)++];
        *to = (app_item_t){.programs = from->programs, .state = from->state, .version = from->version};
        snprintf(to->id, sizeof to->id, "%s", from->id);
        snprintf(to->lesson, sizeof to->lesson, "%s", from->lesson);
        snprintf(to->area, sizeof to->area, "%s", from->area);
        snprintf(to->type, sizeof to->type, "%s", item_type_word(from->type));
    }
}

static bool export_list(app_t *app, const app_items_choice_t *choice, const app_item_t *list, int listed,
                        wire_format_t format, arena_t *arena, text_t *out, text_t *lost, int *count, err_t *err)
{
    const wire_question_t **questions = arena_array(arena, (size_t)listed + 1, sizeof *questions);
    bool picture, fits = questions != NULL;
    int kept_here = 0;
    for (int i = 0; fits && i < listed; i++) {
        item_draft_t draft;
        if (!is_chosen(choice, &list[i])) continue;
        if (!take_draft(app, &list[i], arena, &draft, err)) return false;
        picture = format != WIRE_CSV && item_draft_pictured(&draft);
        wire_question_t *q = picture ? NULL : arena_alloc(arena, sizeof *q);
        if (picture)
            text_addf(lost, "%s: left out: it has a picture or a screen, which of these formats only CSV holds\n",
                      list[i].id);
        fits = picture || (q && app_item_to_wire(q, arena, &draft));
        if (q && fits) questions[(*count)++] = q;
        kept_here += q && (draft.set[0] || draft.enemies[0]);
    }
    if (kept_here > 0)
        text_addf(
            lost,
            "%d of the items belong to a case or have enemies: which, and the words of the case, no format holds; "
            "this bank keeps them when the items come back\n",
            kept_here);
    if (!fits) return err_set(err, ERR_MEMORY, "There is not enough memory for these items: choose fewer.");
    if (*count == 0)
        return err_set(err, ERR_NOT_FOUND,
                       "No item is chosen by these words; `titer item list` and the page Items "
                       "have all of them.");
    wire_write(format, questions, *count, out, lost);
    return !out->failed || err_set(err, ERR_LIMIT, "The items do not fit into one file: choose fewer.");
}

bool app_items_export(app_t *app, const app_items_choice_t *choice, wire_format_t format, text_t *out, text_t *lost,
                      int *count, err_t *err)
{
    int listed = 0;
    *count = 0;
    if (!exams_open(app, err)) return false;
    app_item_t *list = calloc(APP_ITEMS_MAX, sizeof *list);
    arena_t *arena = arena_new(EXPORT_ARENA);
    bool ok = (list && arena) || err_set(err, ERR_MEMORY, "There is not enough memory for the items.");
    if (ok && app->store)
        ok = app_item_list(app, list, APP_ITEMS_MAX, &listed, err);
    else if (ok)
        list_content(app->exams->bank, list, APP_ITEMS_MAX, &listed);
    ok = ok && export_list(app, choice, list, listed, format, arena, out, lost, count, err);
    free(list);
    arena_free(arena);
    return ok;
}

/* ---- a question as an item ---- */

/* What the file says, else what was given for all. */
static const char *fact_of(const wire_question_t *q, const char *const fact[WIRE_KEYS], wire_key_t key)
{
    return q->fact[key][0] ? q->fact[key] : fact && fact[key] ? fact[key] : "";
}

/* "L52-07" */
static bool is_item_id(const char *id)
{
    size_t lesson = id[0] == 'L' ? 1 + strspn(id + 1, "0123456789") : 0;
    return lesson > 1 && lesson < 8 && id[lesson] == '-' && strspn(id + lesson + 1, "0123456789") == 2 &&
           !id[lesson + 3];
}

/* Named, or from its objective or its id, or given for all. */
static const char *lesson_of(arena_t *arena, const wire_question_t *q, const char *const fact[WIRE_KEYS])
{
    const char *objective = q->fact[WIRE_OBJECTIVE];
    if (q->fact[WIRE_LESSON][0]) return q->fact[WIRE_LESSON];
    if (objective[0] == 'L' && strchr(objective, '.'))
        return print(arena, "%.*s", (int)strcspn(objective, "."), objective);
    if (is_item_id(q->id)) return print(arena, "%.*s", (int)strcspn(q->id, "-"), q->id);
    return fact_of(q, fact, WIRE_LESSON);
}

/* The last two steps of a category ("top/Titer/chemistry/lipids") where the bank has such an area. */
static void area_of_category(item_draft_t *draft, arena_t *arena, const bank_t *bank, const char *category)
{
    const char *last = strrchr(category, '/');
    const char *before = last;
    while (before && before > category && before[-1] != '/') before--;
    if (!last || before == last) return;
    const char *area = print(arena, "%.*s", (int)(last - before), before);
    if (!bank_area_known(bank, area, last + 1)) return;
    draft->area = area;
    draft->subarea = last + 1;
}

static void take_facts(item_draft_t *draft, arena_t *arena, const bank_t *bank, const wire_question_t *q,
                       const char *const fact[WIRE_KEYS])
{
    int objectives;
    if (q->fact[WIRE_AREA][0] || q->fact[WIRE_SUBAREA][0]) {
        draft->area = q->fact[WIRE_AREA];
        draft->subarea = q->fact[WIRE_SUBAREA];
    } else {
        draft->area = fact_of(q, fact, WIRE_AREA);
        draft->subarea = fact_of(q, fact, WIRE_SUBAREA);
        area_of_category(draft, arena, bank, q->category);
    }
    draft->lesson = lesson_of(arena, q, fact);
    draft->objective = fact_of(q, fact, WIRE_OBJECTIVE);
    draft->level = fact_of(q, fact, WIRE_LEVEL);
    draft->difficulty = fact_of(q, fact, WIRE_DIFFICULTY);
    draft->difficulty_sd = fact_of(q, fact, WIRE_DIFFICULTY_SD);
    if (!draft->difficulty_sd[0]) draft->difficulty_sd = "1.0"; /* as a newly written item has */
    draft->source = fact_of(q, fact, WIRE_SOURCE);
    draft->as_of = fact_of(q, fact, WIRE_AS_OF);
    draft->programs = item_programs(fact_of(q, fact, WIRE_PROGRAMS));
    if (!draft->programs && !q->fact[WIRE_PROGRAMS][0]) draft->programs = bank_lesson(bank, draft->lesson, &objectives);
}

static void take_parts(item_draft_t *draft, const wire_question_t *q, app_import_row_t *said)
{
    bool options = q->kind <= WIRE_SEVERAL, part_credit = false;
    for (int i = 0; i < q->parts; i++) {
        const wire_part_t *from = &q->part[i];
        bool key = q->kind == WIRE_SINGLE ? from->percent >= 100 : options && from->percent > 0;
        part_credit = part_credit || (q->kind == WIRE_SINGLE && from->percent > 0 && !key);
        draft->part[draft->parts++] = (item_draft_part_t){.text = q->kind == WIRE_NUMERIC ? "" : from->text,
                                                          .right = from->right,
                                                          .why = from->feedback,
                                                          .value = q->kind == WIRE_NUMERIC ? from->text : "",
                                                          .key = key};
    }
    if (part_credit)
        say(said, "part of the credit for an answer was left out: one answer is right, the others are wrong");
    if (options && q->why[0])
        say(said, "its general feedback was left out: here each option has its own reason, write it there");
}

bool app_item_from_wire(item_draft_t *draft, arena_t *arena, const bank_t *bank, const wire_question_t *q,
                        const char *const fact[WIRE_KEYS], app_import_row_t *said, err_t *err)
{
    static const item_type_t types[] = {ITEM_SINGLE, ITEM_SEVERAL, ITEM_ORDER, ITEM_MATCH, ITEM_NUMERIC};
    int objectives;
    item_draft_init(draft);
    if (q->refused) return err_set(err, ERR_INPUT, "%s", q->refused);
    if (q->kind == WIRE_OTHER) return err_set(err, ERR_INPUT, "there is no item of its kind");
    if (q->parts > ITEM_PARTS_MAX)
        return err_set(err, ERR_INPUT, "it has %d answers; an item has at most %d, leave some out", q->parts,
                       (int)ITEM_PARTS_MAX);
    draft->type = q->type[0] ? q->type : item_type_word(types[q->kind]);
    draft->draw = q->own[WIRE_DRAW];
    draft->seed = q->own[WIRE_SEED];
    draft->data = q->own[WIRE_DATA];
    draft->alt = q->own[WIRE_ALT];
    draft->counts = q->own[WIRE_COUNTS];
    draft->times = q->own[WIRE_TIMES];
    draft->stem = q->stem;
    draft->value = q->value;
    draft->tolerance = q->tolerance;
    draft->unit = q->unit;
    draft->decimals = q->decimals;
    draft->id = is_item_id(q->id) ? q->id : "";
    take_facts(draft, arena, bank, q, fact);
    take_parts(draft, q, said);
    if (q->kind > WIRE_SEVERAL) draft->why = q->why;
    for (int i = 0; i < q->notes; i++) say(said, q->note[i]);
    if (!draft->lesson[0])
        return err_set(err, ERR_INPUT,
                       "it does not say which lesson it belongs to: choose one for the whole file, or "
                       "give it the tag \"lesson:L52\"");
    if (!bank_lesson(bank, draft->lesson, &objectives))
        return err_set(err, ERR_INPUT, "there is no lesson \"%.20s\"; lessons are named as L52", draft->lesson);
    if (draft->id[0] && strncmp(draft->id, draft->lesson, strcspn(draft->id, "-")) != 0) draft->id = "";
    return true;
}

/* ---- in ---- */

/* "p1.why" as "answer 2" before a text that names the key, other fields by their name. */
static const char *complaint_text(arena_t *arena, const item_complaint_t *c)
{
    if (c->field[0] == 'p' && c->field[1] >= '0' && c->field[1] <= '9')
        return print(arena, "answer %d: %s", c->field[1] - '0' + 1, c->text);
    if (!c->field[0] || strncmp(c->text, c->field, strlen(c->field)) == 0 || strcmp(c->field, "parts") == 0)
        return c->text;
    return print(arena, "%s: %s", c->field, c->text);
}

typedef struct {
    app_t *app;
    arena_t *arena;
    const bank_t *bank;
    const app_import_t *how;
} import_t;

static bool refuse(app_import_row_t *row, arena_t *arena, const char *text)
{
    memmove(row->say + 1, row->say,
            sizeof *row->say * (size_t)(row->count < APP_IMPORT_SAYS_MAX ? row->count : row->count - 1));
    row->say[0] = print(arena, "%s", text);
    if (row->count < APP_IMPORT_SAYS_MAX) row->count++;
    row->outcome = APP_IMPORT_REFUSED;
    return true;
}

static bool check(import_t *in, const item_draft_t *draft, app_import_row_t *row, err_t *err)
{
    item_complaint_t list[ITEM_COMPLAINTS_MAX];
    int count, errors;
    if (!item_draft_check(draft, in->bank, in->arena, list, &count, &errors, err)) return false;
    row->outcome = errors == 0 ? APP_IMPORT_ACCEPTED : APP_IMPORT_UNFINISHED;
    for (int i = 0; i < count; i++)
        say(row, print(in->arena, "%s%s", list[i].warning ? "look again: " : "", complaint_text(in->arena, &list[i])));
    return true;
}

/* Whether the bank has these words already. */
static bool is_same(const item_draft_t *draft, const text_t *file)
{
    text_t now;
    text_init(&now, 2 * ITEM_DRAFT_BYTES_MAX);
    item_draft_write(draft, &now);
    bool same = now.length == file->length && now.data && memcmp(now.data, file->data, now.length) == 0;
    text_free(&now);
    return same;
}

/* What no format of questions has a place for stays what it is here: the case of an item, and its enemies. */
static bool keep_known(import_t *in, item_draft_t *draft, const text_t *file, err_t *err)
{
    item_draft_t known;
    if (!item_draft_read(&known, in->arena, file->data ? file->data : "", file->length, err)) return false;
    draft->set = known.set;
    draft->set_text = known.set_text;
    draft->enemies = known.enemies;
    return true;
}

static bool import_known(import_t *in, item_draft_t *draft, const app_item_t *item, const text_t *file,
                         app_import_row_t *row, err_t *err)
{
    int version;
    if (!keep_known(in, draft, file, err)) return false;
    draft->lesson = item->lesson;
    draft->version = item->unfinished ? item->version + 1 : item->version;
    if (is_same(draft, file)) {
        row->outcome = APP_IMPORT_SAME;
        row->count = 0;
        return true;
    }
    if (in->how->known == APP_KNOWN_REFUSE)
        return refuse(row, in->arena,
                      print(in->arena,
                            "%s is in this bank with other words: import it as a newer version of that item, "
                            "or as a new item",
                            item->id));
    if (!check(in, draft, row, err) || !in->how->save) return err->code == ERR_NONE;
    return app_item_save(in->app, item->id, item->seq, in->how->author, draft, &version, err);
}

static bool import_new(import_t *in, item_draft_t *draft, app_import_row_t *row, err_t *err)
{
    int version;
    char got[APP_ITEM_ID_MAX];
    const char *wanted = draft->id;
    if (!wanted[0]) draft->id = print(in->arena, "%s-00", draft->lesson); /* for the checks, which need one */
    draft->version = 1;
    if (!check(in, draft, row, err) || !in->how->save) return err->code == ERR_NONE;
    draft->id = wanted;
    if (!app_item_create(in->app, in->how->author, draft, got, &version, err)) {
        if (err->code != ERR_LIMIT && err->code != ERR_INPUT) return false;
        refuse(row, in->arena, err->text);
        err->code = ERR_NONE;
        return true;
    }
    snprintf(row->id, sizeof row->id, "%s", got);
    return true;
}

/* An id that another question of the file has, too. */
static bool is_repeated(const wire_t *wire, int index)
{
    for (int i = 0; i < index; i++)
        if (strcmp(wire->question[i]->id, wire->question[index]->id) == 0) return true;
    return false;
}

/* The item of that id and its file, from the data or, where no folder is open, from the content. */
static bool find_known(import_t *in, const char *id, app_item_t *item, text_t *file, bool *found, err_t *err)
{
    item_draft_t draft;
    const item_t *known = bank_find(in->bank, id);
    if (in->app->store) {
        *found = app_item_get(in->app, id, 0, item, file, err);
        if (*found || err->code != ERR_NOT_FOUND) return *found;
        err->code = ERR_NONE;
        return true;
    }
    *found = known != NULL;
    if (!known) return true;
    item_draft_of(&draft, in->arena, known);
    *item = (app_item_t){.version = known->version};
    snprintf(item->id, sizeof item->id, "%s", known->id);
    snprintf(item->lesson, sizeof item->lesson, "%s", known->lesson);
    item_draft_write(&draft, file);
    return true;
}

static bool import_one(import_t *in, const wire_t *wire, int index, app_import_row_t *row, err_t *err)
{
    const wire_question_t *q = wire->question[index];
    item_draft_t draft;
    app_item_t item;
    text_t file;
    err_t refused = {0}, absent = {0};
    *row = (app_import_row_t){.number = q->number, .line = q->line};
    row->what = beginning(in->arena, "", q->stem[0] ? q->stem : q->title, APP_IMPORT_STEM_SHOWN);
    if (!app_item_from_wire(&draft, in->arena, in->bank, q, in->how->fact, row, &refused))
        return refuse(row, in->arena, refused.text);
    snprintf(row->id, sizeof row->id, "%s", draft.id);
    if (draft.id[0] && is_repeated(wire, index))
        return refuse(row, in->arena,
                      print(in->arena, "another question of this file has the name %s, too: change one", draft.id));
    if (in->how->known == APP_KNOWN_NEW || !draft.id[0]) {
        draft.id = "";
        row->id[0] = '\0';
        return import_new(in, &draft, row, err);
    }
    text_init(&file, 2 * ITEM_DRAFT_BYTES_MAX);
    bool found, ok = find_known(in, draft.id, &item, &file, &found, &absent);
    if (!ok)
        ok = absent.code == ERR_STATE ? refuse(row, in->arena, absent.text)
                                      : err_set(err, absent.code, "%s", absent.text);
    if (ok && !absent.code)
        ok = found ? import_known(in, &draft, &item, &file, row, err) : import_new(in, &draft, row, err);
    text_free(&file);
    return ok;
}

bool app_items_import(app_t *app, arena_t *arena, const wire_t *wire, const app_import_t *how, app_import_row_t *rows,
                      int *done, err_t *err)
{
    import_t in = {.app = app, .arena = arena, .how = how};
    *done = 0;
    err->code = ERR_NONE;
    if (how->save && !app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (how->save && !how->author[strspn(how->author, " ")])
        return err_set(err, ERR_INPUT, "Write who is the author of these items, or who imports them.");
    if (!app_bank(app, &in.bank, err)) return false;
    for (int i = 0; i < wire->count; i++) {
        if (!import_one(&in, wire, i, &rows[i], err)) return false;
        (*done)++;
    }
    return true;
}
