/* Items that instructors write; see app/items.h. Events of the stream "item/<ID>":
 *   version {"version","author","lesson","type","area","subarea","level","programs","difficulty","stem","text"}
 *   draft   the same without "version"
 *   review  {"version","name","answer","agrees","resolution"}
 *   state   {"version","name","state","used"}     used: the version that exams use from then on, 0 for none
 * The projection "item" has the newest of version, draft and state of each item, without the text. */
#include "app/items.h"

#include "sitting_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ITEM_PAYLOAD_MAX = 60 * 1024, ITEM_ARENA = 1024 * 1024, ITEM_NUMBER_MAX = 99 };

static bool stream_name(char name[64], const char *id, err_t *err)
{
    size_t n = strlen(id);
    if (n < 4 || n >= APP_ITEM_ID_MAX || strspn(id, "L0123456789-") != n)
        return err_set(err, ERR_NOT_FOUND, "There is no item \"%.20s\".", id);
    snprintf(name, 64, "item/%s", id);
    return true;
}

/* ---- the projection ---- */

void items_project(const store_event_t *event, store_rows_t *rows)
{
    static const char *const kinds[] = {"version", "draft", "state"};
    char key[STORE_NAME_MAX + 16], draft[STORE_NAME_MAX + 16];
    const char *id = event->stream + strlen("item/");
    text_t value, bare;
    size_t k = 0;
    while (k < 3 && strcmp(event->kind, kinds[k]) != 0) k++;
    if (k == 3) return;
    snprintf(key, sizeof key, "%s/%zu-%s", id, k + 1, kinds[k]);
    snprintf(draft, sizeof draft, "%s/2-draft", id);
    text_init(&value, APP_JSON_MAX);
    text_init(&bare, APP_JSON_MAX);
    text_addf(&value, "{\"at_ms\":%lld,\"seq\":%lld", (long long)event->at_ms, (long long)event->seq);
    if (codec_without_text(&bare, event->payload, event->length) && bare.length > 2) {
        text_add_char(&value, ',');
        text_add_n(&value, bare.data + 1, bare.length - 1);
        if (k == 0) store_put(rows, "item", draft, NULL);
        if (!value.failed) store_put(rows, "item", key, value.data);
    }
    text_free(&bare);
    text_free(&value);
}

static void copy_text(char *to, size_t size, const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    if (text) snprintf(to, size, "%s", text);
}

static int state_of(const char *word)
{
    for (int i = 0; word && i < ITEM_STATES; i++)
        if (strcmp(word, item_state_word((item_state_t)i)) == 0) return i;
    return -1;
}

/* What a version or a draft says of its item. */
static void take_head(app_item_t *item, const json_t *row)
{
    const json_t *difficulty = json_object_get(row, "difficulty");
    copy_text(item->lesson, sizeof item->lesson, row, "lesson");
    copy_text(item->type, sizeof item->type, row, "type");
    copy_text(item->area, sizeof item->area, row, "area");
    copy_text(item->subarea, sizeof item->subarea, row, "subarea");
    copy_text(item->level, sizeof item->level, row, "level");
    copy_text(item->stem, sizeof item->stem, row, "stem");
    copy_text(item->author, sizeof item->author, row, "author");
    item->programs = (unsigned)json_integer_value(json_object_get(row, "programs")) & 7u;
    item->difficulty = json_is_number(difficulty) ? json_number_value(difficulty) : NAN;
    int version = (int)json_integer_value(json_object_get(row, "version"));
    item->unfinished = version == 0;
    if (version == 0) return;
    item->version = version;
    item->state = STATE_DRAFT;
    item->reviewed = false;
}

static void take_state(app_item_t *item, const json_t *row)
{
    int state = state_of(json_string_value(json_object_get(row, "state")));
    int version = (int)json_integer_value(json_object_get(row, "version"));
    if (state < 0) return;
    if (version == item->version) item->state = (item_state_t)state;
    item->used = (int)json_integer_value(json_object_get(row, "used"));
}

/* ---- the list ---- */

static void take_content(app_item_t *to, const item_t *from)
{
    *to = (app_item_t){.programs = from->programs,
                       .difficulty = from->difficulty,
                       .state = from->state,
                       .version = from->version,
                       .used = from->state == STATE_IN_USE ? from->version : 0};
    snprintf(to->id, sizeof to->id, "%s", from->id);
    snprintf(to->lesson, sizeof to->lesson, "%s", from->lesson);
    snprintf(to->type, sizeof to->type, "%s", item_type_word(from->type));
    snprintf(to->area, sizeof to->area, "%s", from->area);
    snprintf(to->subarea, sizeof to->subarea, "%s", from->subarea);
    snprintf(to->level, sizeof to->level, "%s", item_level_word(from->level));
    snprintf(to->stem, sizeof to->stem, "%s", from->stem);
}

typedef struct {
    app_item_t *list;
    int max, count, content; /* the first `content` of them are the content's, by id */
} listing_t;

static int by_id(const void *a, const void *b)
{
    return strcmp(((const app_item_t *)a)->id, ((const app_item_t *)b)->id);
}

static app_item_t *find(app_item_t *list, int count, const char *id)
{
    app_item_t wanted;
    snprintf(wanted.id, sizeof wanted.id, "%s", id);
    return bsearch(&wanted, list, (size_t)count, sizeof *list, by_id);
}

/* The entry that a row belongs to: the last one, one of the content's, or a new one. */
static app_item_t *entry_of(listing_t *in, const char *id)
{
    app_item_t *last = in->count > in->content ? &in->list[in->count - 1] : NULL;
    if (last && strcmp(last->id, id) == 0) return last;
    app_item_t *known = find(in->list, in->content, id);
    if (known || in->count == in->max) return known;
    last = &in->list[in->count++];
    *last = (app_item_t){.difficulty = NAN};
    snprintf(last->id, sizeof last->id, "%s", id);
    return last;
}

static bool take_row(void *context, const char *key, const char *value)
{
    listing_t *in = context;
    char id[APP_ITEM_ID_MAX];
    size_t n = strcspn(key, "/");
    json_t *row = n < sizeof id && key[n] ? json_loads(value, 0, NULL) : NULL;
    snprintf(id, sizeof id, "%.*s", (int)(n < sizeof id ? n : 0), key);
    app_item_t *item = row ? entry_of(in, id) : NULL;
    if (item) {
        int64_t seq = json_integer_value(json_object_get(row, "seq")),
                at = json_integer_value(json_object_get(row, "at_ms"));
        item->written = true;
        item->seq = seq > item->seq ? seq : item->seq;
        item->changed_ms = at > item->changed_ms ? at : item->changed_ms;
        if (strcmp(key + n, "/3-state") == 0)
            take_state(item, row);
        else
            take_head(item, row);
    }
    json_decref(row);
    return true;
}

static bool take_end(void *context, const char *key, const char *value)
{
    listing_t *in = context;
    size_t n = strcspn(key, "/"), k;
    if (strcmp(key + n, "/3-end") != 0) return true;
    json_t *row = json_loads(value, 0, NULL), *id;
    json_array_foreach(json_object_get(row, "given"), k, id)
    {
        app_item_t *item = find(in->list, in->count, json_is_string(id) ? json_string_value(id) : "");
        if (item) item->given++, item->right++;
    }
    json_array_foreach(json_object_get(row, "wrong"), k, id)
    {
        app_item_t *item = find(in->list, in->count, json_is_string(id) ? json_string_value(id) : "");
        if (item && item->right > 0) item->right--;
    }
    json_decref(row);
    return true;
}

bool app_item_list(app_t *app, app_item_t *list, int max, int *count, err_t *err)
{
    listing_t in = {.list = list, .max = max};
    *count = 0;
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!exams_open(app, err)) return false;
    const bank_t *bank = app->exams->bank;
    for (size_t i = 0; i < bank_count(bank) && in.count < max; i++) take_content(&list[in.count++], bank_item(bank, i));
    in.content = in.count;
    qsort(list, (size_t)in.count, sizeof *list, by_id);
    if (!store_rows(app->store, "item", "", take_row, &in, err)) return false;
    qsort(list, (size_t)in.count, sizeof *list, by_id);
    if (!store_rows(app->store, "sitting", "", take_end, &in, err)) return false;
    *count = in.count;
    return true;
}

/* ---- one item ---- */

typedef struct {
    int wanted; /* version; 0: the last saved */
    app_item_t *item;
    text_t *file; /* may be NULL */
    bool found;
} folding_t;

static void fold_review(app_item_t *item, const json_t *row)
{
    const char *name = json_string_value(json_object_get(row, "name")),
               *resolution = json_string_value(json_object_get(row, "resolution"));
    bool settled = json_is_true(json_object_get(row, "agrees")) || (resolution && resolution[0]);
    if (json_integer_value(json_object_get(row, "version")) == item->version && name && settled &&
        strcasecmp(name, item->author) != 0)
        item->reviewed = true;
}

static bool take_event(void *context, const store_event_t *event)
{
    folding_t *in = context;
    json_t *row = json_loadb(event->payload, event->length, 0, NULL);
    const char *text = json_string_value(json_object_get(row, "text"));
    app_item_t *item = in->item;
    if (text) {
        take_head(item, row);
        bool done = in->wanted > 0 && in->found;
        bool this = in->wanted == 0 || (!item->unfinished && item->version == in->wanted);
        if (this && !done) in->found = true;
        if (this && in->file) {
            text_clear(in->file);
            text_add(in->file, text);
        }
    } else if (strcmp(event->kind, "state") == 0) {
        take_state(item, row);
    } else if (strcmp(event->kind, "review") == 0) {
        fold_review(item, row);
    }
    item->written = true;
    item->seq = event->seq;
    item->changed_ms = event->at_ms;
    json_decref(row);
    return true;
}

/* The item of the content as if it had been written here. */
static bool get_content(app_t *app, const char *id, app_item_t *item, text_t *file, err_t *err)
{
    item_draft_t draft;
    const item_t *known = bank_find(app->exams->bank, id);
    if (!known) return err_set(err, ERR_NOT_FOUND, "There is no item \"%.20s\".", id);
    arena_t *arena = arena_new(ITEM_ARENA);
    bool ok = arena != NULL || err_set(err, ERR_MEMORY, "There is not enough memory for the item.");
    take_content(item, known);
    if (ok && file) {
        item_draft_of(&draft, arena, known);
        item_draft_write(&draft, file);
    }
    arena_free(arena);
    return ok;
}

static void count_answers(app_t *app, app_item_t *item)
{
    listing_t in = {.list = item, .max = 1, .count = 1};
    err_t ignored; /* the item without its statistics is better than none */
    store_rows(app->store, "sitting", "", take_end, &in, &ignored);
}

bool app_item_get(app_t *app, const char *id, int version, app_item_t *item, text_t *file, err_t *err)
{
    char name[64];
    const item_t *known;
    *item = (app_item_t){.difficulty = NAN};
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!stream_name(name, id, err) || !exams_open(app, err)) return false;
    snprintf(item->id, sizeof item->id, "%s", id);
    known = bank_find(app->exams->bank, id);
    if (known) take_content(item, known); /* newer versions count from there */
    folding_t in = {.wanted = version, .item = item, .file = file};
    if (!store_read(app->store, name, 1, take_event, &in, err)) return false;
    bool from_content = !item->written || (version > 0 && !in.found && known && known->version == version);
    if (from_content) {
        app_item_t as_content;
        if (!get_content(app, id, &as_content, file, err)) return false;
        if (!item->written) *item = as_content;
        in.found = version == 0 || known->version == version;
    }
    if (!in.found) return err_set(err, ERR_NOT_FOUND, "There is no such version of this item.");
    count_answers(app, item);
    return !(file && file->failed) || err_set(err, ERR_LIMIT, "The item is too long.");
}

typedef struct {
    app_item_event_t *list;
    int max, count, version;
} events_t;

static bool take_history(void *context, const store_event_t *event)
{
    events_t *in = context;
    json_t *row = json_loadb(event->payload, event->length, 0, NULL);
    if (in->count == in->max) memmove(in->list, in->list + 1, (size_t)--in->count * sizeof *in->list);
    app_item_event_t *e = &in->list[in->count++];
    *e = (app_item_event_t){.at_ms = event->at_ms, .agrees = json_is_true(json_object_get(row, "agrees"))};
    snprintf(e->kind, sizeof e->kind, "%s", event->kind);
    e->version = (int)json_integer_value(json_object_get(row, "version"));
    copy_text(e->name, sizeof e->name, row,
              strcmp(event->kind, "review") == 0 || strcmp(event->kind, "state") == 0 ? "name" : "author");
    copy_text(e->answer, sizeof e->answer, row, "answer");
    copy_text(e->note, sizeof e->note, row, strcmp(event->kind, "state") == 0 ? "state" : "resolution");
    json_decref(row);
    return true;
}

bool app_item_events(app_t *app, const char *id, app_item_event_t *list, int max, int *count, err_t *err)
{
    char name[64];
    events_t in = {.list = list, .max = max};
    *count = 0;
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!stream_name(name, id, err) || !store_read(app->store, name, 1, take_history, &in, err)) return false;
    for (int i = 0; i < in.count / 2; i++) {
        app_item_event_t swapped = list[i];
        list[i] = list[in.count - 1 - i];
        list[in.count - 1 - i] = swapped;
    }
    *count = in.count;
    return true;
}

/* ---- saving ---- */

static void write_payload(text_t *out, const item_draft_t *draft, int version, const char *author, const char *file)
{
    char stem[APP_ITEM_STEM_SHOWN];
    double difficulty;
    size_t n = (size_t)snprintf(stem, sizeof stem, "%s", draft->stem);
    if (n >= sizeof stem) /* cut between characters */
        for (n = sizeof stem - 1; n > 0 && ((unsigned char)draft->stem[n] & 0xc0) == 0x80; n--) stem[n - 1] = '\0';
    const struct {
        const char *key, *text;
    } texts[] = {{"author", author},          {"lesson", draft->lesson}, {"type", draft->type}, {"area", draft->area},
                 {"subarea", draft->subarea}, {"level", draft->level},   {"stem", stem},        {"text", file}};
    text_addf(out, "{\"version\":%d,\"programs\":%u", version, draft->programs);
    if (text_to_double(draft->difficulty, strlen(draft->difficulty), &difficulty)) {
        text_add(out, ",\"difficulty\":");
        text_add_fixed(out, difficulty, 3);
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        text_addf(out, ",\"%s\":", texts[i].key);
        text_add_json(out, texts[i].text);
    }
    text_add_char(out, '}');
}

static bool append(app_t *app, const char *id, int64_t seq, const char *kind, text_t *payload, err_t *err)
{
    char name[64];
    if (!stream_name(name, id, err)) return false;
    if (payload->failed)
        return err_set(err, ERR_LIMIT, "The item is larger than %d KB: shorten it.", ITEM_DRAFT_BYTES_MAX / 1024);
    return store_append(app->store, name, seq, kind, app_now_ms(app), payload->data, payload->length, "", NULL, err);
}

/* Version when nothing is wrong and its author is named, else draft. */
static bool append_draft(app_t *app, int64_t seq, int version, const char *author, item_draft_t *draft, int *made,
                         err_t *err)
{
    item_complaint_t list[ITEM_COMPLAINTS_MAX];
    int count, errors;
    text_t file, payload;
    arena_t *arena = arena_new(ITEM_ARENA);
    *made = 0;
    if (!arena) return err_set(err, ERR_MEMORY, "There is not enough memory for the item.");
    draft->version = version;
    text_init(&file, ITEM_DRAFT_BYTES_MAX);
    text_init(&payload, ITEM_PAYLOAD_MAX);
    bool ok = item_draft_check(draft, app->exams->bank, arena, list, &count, &errors, err);
    arena_free(arena);
    if (ok) {
        item_draft_write(draft, &file);
        *made = errors == 0 && author[0] ? version : 0;
        write_payload(&payload, draft, *made, author, file.data ? file.data : "");
        payload.failed = payload.failed || file.failed;
        ok = append(app, draft->id, seq, *made ? "version" : "draft", &payload, err);
    }
    if (!ok) *made = 0;
    text_free(&file);
    text_free(&payload);
    return ok;
}

static bool check_author(const char *author, err_t *err)
{
    return strlen(author) <= APP_NAME_MAX || err_set(err, ERR_LIMIT, "A name has at most %d bytes.", (int)APP_NAME_MAX);
}

bool app_item_create(app_t *app, const char *author, item_draft_t *draft, char id[APP_ITEM_ID_MAX], int *version,
                     err_t *err)
{
    int objectives;
    int64_t last = 1;
    char name[64];
    *version = 0;
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!check_author(author, err) || !exams_open(app, err)) return false;
    const bank_t *bank = app->exams->bank;
    if (!bank_lesson(bank, draft->lesson, &objectives))
        return err_set(err, ERR_INPUT, "Choose the lesson of the item.");
    int n = ITEM_NUMBER_MAX + (draft->id[0] != 0);
    for (; n > 0 && last > 0; n--) {
        if (n > ITEM_NUMBER_MAX)
            snprintf(id, APP_ITEM_ID_MAX, "%s", draft->id);
        else
            snprintf(id, APP_ITEM_ID_MAX, "%s-%02d", draft->lesson, n);
        if (bank_find(bank, id)) continue;
        if (!stream_name(name, id, err) || !store_last(app->store, name, &last, err)) return false;
    }
    if (last > 0)
        return err_set(err, ERR_LIMIT, "The lesson %s has all of its %d items.", draft->lesson, (int)ITEM_NUMBER_MAX);
    draft->id = id;
    return append_draft(app, 0, 1, author, draft, version, err);
}

bool app_item_save(app_t *app, const char *id, int64_t seq, const char *author, item_draft_t *draft, int *version,
                   err_t *err)
{
    app_item_t last;
    text_t before, now;
    *version = 0;
    text_init(&before, 2 * ITEM_DRAFT_BYTES_MAX);
    text_init(&now, 2 * ITEM_DRAFT_BYTES_MAX);
    bool ok = check_author(author, err) && app_item_get(app, id, 0, &last, &before, err);
    if (ok) {
        draft->id = last.id;
        draft->version = last.unfinished ? last.version + 1 : last.version;
        item_draft_write(draft, &now);
    }
    bool same = ok && before.length == now.length && before.data && memcmp(before.data, now.data, now.length) == 0;
    text_free(&before);
    text_free(&now);
    if (ok && same && !last.unfinished) {
        *version = last.version;
        return true;
    }
    if (ok && !same && seq != last.seq)
        ok = err_set(err, ERR_CONFLICT, "This item was saved in another window in the meantime.");
    return ok && append_draft(app, last.written ? last.seq : 0, last.version + 1, author, draft, version, err);
}

/* ---- state and review ---- */

static bool check_name(const char *name, err_t *err)
{
    if (!name[strspn(name, " ")]) return err_set(err, ERR_INPUT, "Write your name.");
    return check_author(name, err);
}

static bool may_step(const app_item_t *item, item_state_t to, err_t *err)
{
    if (!item->written) return err_set(err, ERR_STATE, "This item is the content's; save a version of your own first.");
    if (item->unfinished || item->version == 0)
        return err_set(err, ERR_STATE, "A draft is newer than the last version: mend it and save it first.");
    if (to != STATE_DRAFT && (int)to != (int)item->state + 1)
        return err_set(err, ERR_STATE,
                       "The state goes draft, reviewed, in use, retired, one step at a time, or back to draft.");
    if (to == item->state) return err_set(err, ERR_STATE, "That is its state already.");
    if (to == STATE_IN_USE && !item->reviewed)
        return err_set(
            err, ERR_STATE,
            "Before it is used, somebody other than its author answers it without the key and agrees, or the "
            "disagreement is resolved: add that review.");
    return true;
}

bool app_item_set_state(app_t *app, const char *id, item_state_t state, const char *name, err_t *err)
{
    app_item_t item;
    text_t payload;
    if (!check_name(name, err) || !app_item_get(app, id, 0, &item, NULL, err) || !may_step(&item, state, err))
        return false;
    text_init(&payload, APP_JSON_MAX);
    int used = state == STATE_IN_USE ? item.version : item.used == item.version ? 0 : item.used;
    text_addf(&payload, "{\"version\":%d,\"state\":\"%s\",\"used\":%d,\"name\":", item.version, item_state_word(state),
              used);
    text_add_json(&payload, name);
    text_add_char(&payload, '}');
    bool ok = append(app, id, item.seq, "state", &payload, err);
    text_free(&payload);
    if (ok && used != item.used) exams_changed(app);
    return ok;
}

bool app_item_review(app_t *app, const char *id, const char *name, const char *answer, bool agrees,
                     const char *resolution, err_t *err)
{
    app_item_t item;
    text_t payload;
    if (!check_name(name, err) || !app_item_get(app, id, 0, &item, NULL, err)) return false;
    if (!item.written || item.unfinished || item.version == 0)
        return err_set(err, ERR_STATE, "Only a saved version is reviewed: mend the draft and save it first.");
    if (!answer[0]) return err_set(err, ERR_INPUT, "Write what you answered before you saw the key.");
    if (strlen(answer) > APP_ITEM_NOTE_MAX || strlen(resolution) > APP_ITEM_NOTE_MAX)
        return err_set(err, ERR_LIMIT, "Answer and resolution have at most %d bytes each.", (int)APP_ITEM_NOTE_MAX);
    text_init(&payload, APP_JSON_MAX);
    text_addf(&payload, "{\"version\":%d,\"agrees\":%s,\"name\":", item.version, agrees ? "true" : "false");
    text_add_json(&payload, name);
    text_add(&payload, ",\"answer\":");
    text_add_json(&payload, answer);
    text_add(&payload, ",\"resolution\":");
    text_add_json(&payload, resolution);
    text_add_char(&payload, '}');
    bool ok = append(app, id, item.seq, "review", &payload, err);
    text_free(&payload);
    return ok;
}

/* ---- the bank that exams use ---- */

typedef struct {
    bank_t *bank;
    edition_t *edition;
    int64_t at_ms;
    char id[APP_ITEM_ID_MAX]; /* of the last row */
    text_t file;              /* of the newest version so far */
    int used;
} renewing_t;

/* A version that was put in use or taken out is read in that state; earlier ones become past versions, so that sittings
 * keep what they gave. What the content's catalog does not know any more is left out. */
static bool renew_event(void *context, const store_event_t *event)
{
    renewing_t *in = context;
    bool version = strcmp(event->kind, "version") == 0;
    if (!version && strcmp(event->kind, "state") != 0) return true;
    if (!edition_takes(in->edition, event->at_ms, in->at_ms)) return true;
    json_t *row = json_loadb(event->payload, event->length, 0, NULL);
    const char *text = json_string_value(json_object_get(row, "text"));
    int state = state_of(json_string_value(json_object_get(row, "state")));
    int used = (int)json_integer_value(json_object_get(row, "used"));
    if (version && text) {
        text_clear(&in->file);
        text_add(&in->file, text);
    } else if (state >= 0 && in->file.data && (state == STATE_IN_USE || used != in->used)) {
        err_t refused;
        bank_renew(in->bank, in->id, (const unsigned char *)in->file.data, in->file.length, (item_state_t)state,
                   &refused);
        in->used = used;
    }
    json_decref(row);
    return true;
}

typedef struct {
    char (*ids)[APP_ITEM_ID_MAX];
    int count;
} states_t;

static bool take_id(void *context, const char *key, const char *value)
{
    states_t *in = context;
    size_t n = strcspn(key, "/");
    (void)value;
    if (strcmp(key + n, "/3-state") != 0 || n >= APP_ITEM_ID_MAX || in->count == APP_ITEMS_MAX) return true;
    snprintf(in->ids[in->count++], APP_ITEM_ID_MAX, "%.*s", (int)n, key);
    return true;
}

bool items_renew(app_t *app, edition_t *edition, int64_t at_ms, err_t *err)
{
    bank_t *bank = edition->bank;
    if (!app->store) return true;
    states_t with = {.ids = calloc(APP_ITEMS_MAX, sizeof *with.ids)};
    if (!with.ids) return err_set(err, ERR_MEMORY, "There is not enough memory for the items.");
    bool ok = store_rows(app->store, "item", "", take_id, &with, err);
    for (int i = 0; ok && i < with.count; i++) {
        char name[64];
        const item_t *known = bank_find(bank, with.ids[i]);
        renewing_t in = {.bank = bank,
                         .edition = edition,
                         .at_ms = at_ms,
                         .used = known && known->state == STATE_IN_USE ? known->version : 0};
        snprintf(in.id, sizeof in.id, "%s", with.ids[i]);
        text_init(&in.file, 2 * ITEM_DRAFT_BYTES_MAX);
        ok = stream_name(name, in.id, err) && store_read(app->store, name, 1, renew_event, &in, err);
        text_free(&in.file);
    }
    free(with.ids);
    return ok;
}
