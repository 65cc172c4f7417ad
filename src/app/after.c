/* What comes after a shift: the reflection with the summary that lists are made of, remarks of an instructor, and
 * the plan. All of it is events of the shift's own stream:
 *   reflect  {"t","self","text","each":[..],"score","sum":{...}}   each: self-rating by competency, -1 not rated
 *   remark   {"t","name","text"[,"grade"]}
 *   plan     {"t","what":"card"|"drill"|"retry","text","answer","scenario","title","mode","days"}
 *   answer   {"t","n":seq of the plan event,"known","aside"}
 * The intervals of a card double, as in Leitner's box (S. Leitner, So lernt man lernen, 1972). */
#include "private.h"

#include "lab/debrief.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static_assert((int)APP_COMPETENCES == (int)COMPETENCE_COUNT, "a rating for each competency");

enum { INTERVAL_MAX_DAYS = 64 };
static const int64_t day_ms = 24 * 3600 * 1000LL;
static const char *const plan_words[PLAN_KINDS] = {"card", "drill", "retry"};

/* ---- saving ---- */

/* Peeks at a shift that is over. */
static bool enter_over(app_t *app, const char *id, app_visit_t *visit, live_t **live, err_t *err)
{
    if (!app_peek(app, id, visit, err)) return false;
    *live = visit->private_live;
    if (shift_over(visit->shift)) return true;
    app_leave(app, visit);
    return err_set(err, ERR_STATE, "The shift is not over yet.");
}

static void add_text(text_t *payload, const char *key, const char *text)
{
    text_addf(payload, ",\"%s\":", key);
    text_add_json(payload, text);
}

static void add_summary(text_t *out, const debrief_t *d, int hints)
{
    text_addf(out, ",\"sum\":{\"hints\":%d,\"drill\":%d,\"criticals\":[%d,%d],\"late\":%d,\"c\":{", hints, d->drill,
              d->criticals_due, d->criticals_called_in_time,
              d->turnaround[0].late + d->turnaround[1].late + d->turnaround[2].late);
    for (int i = 0; i < COMPETENCE_COUNT; i++) {
        const competency_t *c = &d->competency[i];
        text_addf(out, "%s\"%s\":[%d,%d,%d,%d,%d,%d]", i ? "," : "", competence_word((competence_t)i), c->observations,
                  c->right, c->hits, c->misses, c->false_alarms, c->correct_passes);
    }
    text_add(out, "},\"b\":[");
    for (int b = 0; b < BENCH_COUNT; b++) {
        const bench_tally_t *t = &d->bench[b];
        text_addf(out, "%s[%d,%d,%d,%d,%d,%d]", b ? "," : "", t->released, t->released - t->harmful, t->hits, t->misses,
                  t->false_alarms, t->correct_passes);
    }
    text_add(out, "]}");
}

static bool reflect_payload(text_t *payload, const live_t *live, const char *reaction, int self, const int *each,
                            err_t *err)
{
    debrief_t *debrief;
    text_init(payload, APP_REFLECT_MAX);
    text_addf(payload, "{\"t\":%d,\"self\":%d,\"text\":", (int)shift_now_s(live->shift), self);
    text_add_json(payload, reaction);
    text_add(payload, ",\"each\":[");
    for (int i = 0; i < APP_COMPETENCES; i++) text_addf(payload, "%s%d", i ? "," : "", each ? each[i] : -1);
    text_add_char(payload, ']');
    if (!debrief_make(live->shift, &debrief, err)) return false;
    text_add(payload, ",\"score\":"); /* kept for lists; the debrief itself is computed from the events every time */
    text_add_fixed(payload, debrief->score, 1);
    add_summary(payload, debrief, live->hints);
    debrief_free(debrief);
    text_add_char(payload, '}');
    return true;
}

bool app_reflect(app_t *app, const char *id, const char *reaction, int self_rating, const int *each, err_t *err)
{
    app_visit_t visit;
    live_t *live;
    if (self_rating < 0 || self_rating > 100) return err_set(err, ERR_INPUT, "Rate yourself from 0 to 100.");
    for (int i = 0; each && i < APP_COMPETENCES; i++)
        if (each[i] < -1 || each[i] > APP_RATING_MAX)
            return err_set(err, ERR_INPUT, "Rate a competency from 0 to %d, or leave it out.", APP_RATING_MAX);
    if (strlen(reaction) >= APP_NOTE_MAX)
        return err_set(err, ERR_LIMIT, "The reaction is longer than %d bytes: one line is enough.", APP_NOTE_MAX - 1);
    if (!enter_over(app, id, &visit, &live, err)) return false;
    bool ok = true;
    if (!live->reflection.done) {
        text_t payload;
        ok = reflect_payload(&payload, live, reaction, self_rating, each, err) &&
             live_append(app, live, "reflect", &payload, "", err);
        text_free(&payload);
        if (ok) {
            app_reflection_t *r = &live->reflection;
            r->done = true;
            r->self_rating = self_rating;
            snprintf(r->reaction, sizeof r->reaction, "%s", reaction);
            for (int i = 0; i < APP_COMPETENCES; i++) r->by_competence[i] = each ? each[i] : -1;
        }
    }
    app_leave(app, &visit);
    return ok;
}

bool app_reflection(app_t *app, const char *id, app_reflection_t *reflection, err_t *err)
{
    app_visit_t visit;
    if (!app_peek(app, id, &visit, err)) return false;
    *reflection = ((live_t *)visit.private_live)->reflection;
    app_leave(app, &visit);
    return true;
}

static void keep_remark(app_reflection_t *r, const char *name, const char *text, int grade, int64_t at_ms)
{
    if (r->remark_count == APP_REMARKS_MAX) return;
    app_remark_t *remark = &r->remarks[r->remark_count++];
    *remark = (app_remark_t){.at_ms = at_ms, .grade = grade};
    snprintf(remark->name, sizeof remark->name, "%s", name);
    snprintf(remark->text, sizeof remark->text, "%s", text);
}

bool app_remark(app_t *app, const char *id, const char *name, const char *text, int grade, err_t *err)
{
    app_visit_t visit;
    live_t *live;
    if (!name[0] || strlen(name) > APP_NAME_MAX)
        return err_set(err, ERR_INPUT, "Say who you are, in at most %d characters.", APP_NAME_MAX);
    if (grade < -1 || grade > 100) return err_set(err, ERR_INPUT, "A grade is a whole number from 0 to 100.");
    if (!text[0])
        return err_set(err, ERR_INPUT,
                       grade < 0 ? "Write the comment." : "A grade changed by hand needs its reason: write it.");
    if (strlen(text) > APP_REMARK_MAX)
        return err_set(err, ERR_LIMIT, "A comment has at most %d bytes; a second one may follow.", APP_REMARK_MAX);
    if (!enter_over(app, id, &visit, &live, err)) return false;
    bool ok = live->reflection.done || err_set(err, ERR_STATE, "First the trainee says how it was.");
    if (ok && live->reflection.remark_count == APP_REMARKS_MAX)
        ok = err_set(err, ERR_LIMIT, "A shift keeps at most %d comments.", APP_REMARKS_MAX);
    if (ok) {
        text_t payload;
        text_init(&payload, APP_JSON_MAX);
        text_addf(&payload, "{\"t\":%d", (int)shift_now_s(live->shift));
        add_text(&payload, "name", name);
        add_text(&payload, "text", text);
        if (grade >= 0) text_addf(&payload, ",\"grade\":%d", grade);
        text_add_char(&payload, '}');
        ok = live_append(app, live, "remark", &payload, "", err);
        if (ok) keep_remark(&live->reflection, name, text, grade, live->saved_ms);
        text_free(&payload);
    }
    app_leave(app, &visit);
    return ok;
}

/* ---- a hint, during the shift ---- */

bool app_hint(app_t *app, const char *id, const char *page, err_t *err)
{
    app_visit_t visit;
    if (!app_visit(app, id, &visit, err)) return false;
    live_t *live = visit.private_live;
    bool ok = true;
    if (shift_over(live->shift)) ok = err_set(err, ERR_STATE, "This shift is over. Its debrief is open.");
    if (ok && shift_mode(live->shift) == MODE_ASSESS) ok = err_set(err, ERR_STATE, "In Assess there are no hints.");
    if (ok && shift_mode(live->shift) == MODE_COACH)
        ok = err_set(err, ERR_STATE, "In Coach the hints stand there already.");
    if (ok && strlen(page) >= APP_PAGE_MAX) ok = err_set(err, ERR_LIMIT, "That page's address is too long.");
    text_t payload = {0};
    if (ok && app_payload_at(&payload, live)) {
        text_add(&payload, "\"page\":");
        text_add_json(&payload, page);
        text_add_char(&payload, '}');
        ok = live_append(app, live, "hint", &payload, "", err);
        if (ok) {
            live->hints++;
            snprintf(live->hint_page, sizeof live->hint_page, "%s", page);
        }
    }
    text_free(&payload);
    app_leave(app, &visit);
    return ok;
}

/* ---- the plan ---- */

bool app_plan_keep(app_t *app, const char *id, const app_plan_t *line, int days, err_t *err)
{
    app_visit_t visit;
    live_t *live;
    if (line->kind < 0 || line->kind >= PLAN_KINDS) return err_set(err, ERR_INPUT, "Choose a card, drill or re-try.");
    if (days < 0 || days > APP_PLAN_DAYS_MAX)
        return err_set(err, ERR_INPUT, "Choose a day within the next %d.", APP_PLAN_DAYS_MAX);
    if (!line->text[0]) return err_set(err, ERR_INPUT, "A line of the plan needs its words.");
    if (!enter_over(app, id, &visit, &live, err)) return false;
    bool ok = live->reflection.done || err_set(err, ERR_STATE, "First say how it was; the plan comes after it.");
    if (ok) {
        text_t payload;
        text_init(&payload, APP_JSON_MAX);
        text_addf(&payload, "{\"t\":%d,\"what\":\"%s\",\"mode\":\"%s\",\"days\":%d", (int)shift_now_s(live->shift),
                  plan_words[line->kind], shift_mode_word(line->mode), days);
        add_text(&payload, "text", line->text);
        add_text(&payload, "answer", line->answer);
        add_text(&payload, "scenario", line->scenario_id);
        add_text(&payload, "title", line->title);
        text_add_char(&payload, '}');
        ok = live_append(app, live, "plan", &payload, "", err);
        text_free(&payload);
    }
    app_leave(app, &visit);
    return ok;
}

bool app_plan_answer(app_t *app, const char *id, int64_t number, bool known, bool aside, err_t *err)
{
    app_visit_t visit;
    live_t *live;
    app_plan_t *list = calloc(APP_PLAN_MAX, sizeof *list);
    int count = 0, found = 0;
    if (!list) return err_set(err, ERR_MEMORY, "There is not enough memory for the plan.");
    bool ok = app_plan_list(app, false, list, APP_PLAN_MAX, &count, err);
    for (int i = 0; i < count; i++) found += list[i].number == number && strcmp(list[i].shift, id) == 0;
    free(list);
    if (!ok) return false;
    if (!found) return err_set(err, ERR_NOT_FOUND, "This line of the plan is not there, or is done already.");
    if (!enter_over(app, id, &visit, &live, err)) return false;
    text_t payload;
    text_init(&payload, APP_JSON_MAX);
    text_addf(&payload, "{\"t\":%d,\"n\":%lld,\"known\":%d,\"aside\":%d}", (int)shift_now_s(live->shift),
              (long long)number, known, aside);
    ok = live_append(app, live, "answer", &payload, "", err);
    text_free(&payload);
    app_leave(app, &visit);
    return ok;
}

/* ---- projection and fold ---- */

static void put_row(store_rows_t *rows, const char *table, const char *key, const store_event_t *event)
{
    text_t value;
    text_init(&value, APP_JSON_MAX);
    text_addf(&value, "{\"at_ms\":%lld,", (long long)event->at_ms);
    if (event->length > 1) text_add_n(&value, event->payload + 1, event->length - 1);
    if (!value.failed) store_put(rows, table, key, value.data);
    text_free(&value);
}

/* Rows "plan": ID/SEQ for a line, ID/SEQ/SEQ for its answers. A grade is a row of "shift": ID/4-grade, the newest. */
bool after_project(const store_event_t *event, store_rows_t *rows)
{
    char key[STORE_NAME_MAX + 40];
    const char *id = event->stream + strlen("shift/");
    bool plan = strcmp(event->kind, "plan") == 0, remark = strcmp(event->kind, "remark") == 0;
    if (!plan && !remark && strcmp(event->kind, "answer") != 0) return false;
    json_t *object = json_loadb(event->payload, event->length, 0, NULL);
    if (plan) {
        snprintf(key, sizeof key, "%s/%08lld", id, (long long)event->seq);
        put_row(rows, "plan", key, event);
    } else if (remark) {
        snprintf(key, sizeof key, "%s/4-grade", id);
        if (json_object_get(object, "grade")) put_row(rows, "shift", key, event);
    } else {
        snprintf(key, sizeof key, "%s/%08lld/%08lld", id, (long long)json_integer_value(json_object_get(object, "n")),
                 (long long)event->seq);
        put_row(rows, "plan", key, event);
    }
    json_decref(object);
    return true;
}

static int64_t whole(const json_t *object, const char *key, int64_t absent)
{
    const json_t *item = json_object_get(object, key);
    return json_is_integer(item) ? json_integer_value(item) : absent;
}

static const char *string(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

bool after_fold(live_t *live, const char *kind, int64_t at_ms, const json_t *object, err_t *err)
{
    app_reflection_t *r = &live->reflection;
    if (strcmp(kind, "hint") == 0) {
        live->hints++;
        snprintf(live->hint_page, sizeof live->hint_page, "%s", string(object, "page"));
    } else if (strcmp(kind, "remark") == 0) {
        int64_t grade = whole(object, "grade", -1);
        keep_remark(r, string(object, "name"), string(object, "text"), grade >= 0 && grade <= 100 ? (int)grade : -1,
                    at_ms);
    } else if (strcmp(kind, "reflect") == 0) {
        const json_t *each = json_object_get(object, "each");
        int64_t self = whole(object, "self", -1);
        if (self < 0 || self > 100)
            return err_set(err, ERR_INPUT, "In an event, \"self\" is a whole number from 0 to 100.");
        r->done = true;
        r->self_rating = (int)self;
        snprintf(r->reaction, sizeof r->reaction, "%s", string(object, "text"));
        for (size_t i = 0; i < APP_COMPETENCES; i++) {
            const json_t *rating = json_array_get(each, i);
            int64_t value = json_is_integer(rating) ? json_integer_value(rating) : -1;
            r->by_competence[i] = value >= 0 && value <= APP_RATING_MAX ? (int)value : -1;
        }
    }
    return true;
}

/* ---- the list of the plan ---- */

typedef struct {
    app_plan_t *list;
    int max, count;
    int interval; /* of the line being read, in days */
    bool full;
} planning_t;

static void take_line(planning_t *in, const char *id, size_t n, int64_t number, const json_t *row)
{
    in->full = in->count == in->max;
    if (in->full) return;
    app_plan_t *line = &in->list[in->count++];
    *line = (app_plan_t){.number = number, .mode = codec_mode(string(row, "mode"))};
    memcpy(line->shift, id, n);
    for (int k = 0; k < PLAN_KINDS; k++)
        if (strcmp(string(row, "what"), plan_words[k]) == 0) line->kind = (plan_kind_t)k;
    snprintf(line->text, sizeof line->text, "%s", string(row, "text"));
    snprintf(line->answer, sizeof line->answer, "%s", string(row, "answer"));
    snprintf(line->scenario_id, sizeof line->scenario_id, "%s", string(row, "scenario"));
    snprintf(line->title, sizeof line->title, "%s", string(row, "title"));
    line->kept_ms = whole(row, "at_ms", 0);
    line->due_ms = line->kept_ms + whole(row, "days", 0) * day_ms;
    in->interval = 1;
}

static void take_answer(planning_t *in, const json_t *row)
{
    if (in->count == 0 || in->full) return;
    app_plan_t *line = &in->list[in->count - 1];
    bool known = whole(row, "known", 0) != 0;
    line->answers++;
    line->known += known;
    line->done = line->done || whole(row, "aside", 0) != 0;
    in->interval = known && in->interval < INTERVAL_MAX_DAYS ? 2 * in->interval : known ? in->interval : 1;
    line->due_ms = whole(row, "at_ms", 0) + in->interval * day_ms;
}

static bool take_plan_row(void *context, const char *key, const char *value)
{
    const char *first = strchr(key, '/'), *second = first ? strchr(first + 1, '/') : NULL;
    size_t n = first ? (size_t)(first - key) : 0;
    json_t *row = json_loads(value, 0, NULL);
    if (row && n > 0 && n < APP_ID_MAX && !second)
        take_line(context, key, n, strtoll(first + 1, NULL, 10), row);
    else if (row && second)
        take_answer(context, row);
    json_decref(row);
    return true;
}

static int soonest_first(const void *a, const void *b)
{
    const app_plan_t *x = a, *y = b;
    if (x->due_ms != y->due_ms) return x->due_ms < y->due_ms ? -1 : 1;
    int by_shift = strcmp(x->shift, y->shift);
    return by_shift ? by_shift : x->number < y->number ? -1 : 1;
}

bool app_plan_list(app_t *app, bool done, app_plan_t *list, int max, int *count, err_t *err)
{
    *count = 0;
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    planning_t in = {.list = list, .max = max};
    if (!store_rows(app->store, "plan", "", take_plan_row, &in, err)) return false;
    int kept = 0;
    for (int i = 0; i < in.count; i++)
        if (done || !list[i].done) list[kept++] = list[i];
    qsort(list, (size_t)kept, sizeof *list, soonest_first);
    *count = kept;
    return true;
}

/* ---- what a debrief calls things: the one file of this room that knows it ---- */

const char *app_competence_name(int competence)
{
    return competence >= 0 && competence < APP_COMPETENCES ? competence_name((competence_t)competence) : "";
}

const char *after_competence_word(int competence)
{
    return competence_word((competence_t)competence);
}

int app_competence_minimum(void)
{
    return DEBRIEF_MINIMUM_OBSERVATIONS;
}
