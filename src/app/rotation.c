/* Rotation: the state and how it grows, and what the learner does. See app/rotation.h. */
#include "rotation_private.h"

#include "road/identifier.h"
#include "road/when.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STATE_ARENA_MAX = 64 * 1024 * 1024, RULES_ARENA_MAX = 2 * 1024 * 1024, DAY_MIN = 24 * 60 };

static const char MINE[] = "rotation/me", PLACES[] = "rotation/places", GUARD[] = "rotation/guard";

rotations_t *rotations_new(void)
{
    rotations_t *r = calloc(1, sizeof *r);
    if (r != NULL) pthread_mutex_init(&r->lock, NULL);
    return r;
}

void rotations_free(rotations_t *r)
{
    if (r == NULL) return;
    pthread_mutex_destroy(&r->lock);
    arena_free(r->arena);
    arena_free(r->rules_arena);
    free(r);
}

/* ---- the state ---- */

typedef struct {
    rotations_t *all;
    bool places, ok;
    err_t *err;
} folding_t;

static bool fold_event(void *context, const store_event_t *event)
{
    folding_t *in = context;
    rotation_event_t e = {in->places, event->seq, event->at_ms, event->kind, event->payload, event->length};
    return in->ok = rotation_apply(in->all->state, &e, in->err);
}

static void remember_miss(rotations_t *all, int64_t at_ms, const char *client, const char *target)
{
    miss_t *m = &all->misses[all->miss_count++ % MISSES_KEPT];
    m->at_ms = at_ms;
    snprintf(m->client, sizeof m->client, "%s", client);
    snprintf(m->target, sizeof m->target, "%s", target);
}

static bool fold_miss(void *context, const store_event_t *event)
{
    rotations_t *all = context;
    json_t *json = json_loadb(event->payload, event->length, 0, NULL);
    const char *client = json_string_value(json_object_get(json, "client")),
               *target = json_string_value(json_object_get(json, "target"));
    remember_miss(all, event->at_ms, client != NULL ? client : "", target != NULL ? target : "");
    all->guard_seq = event->seq;
    json_decref(json);
    return true;
}

static bool read_rules(rotations_t *all, const source_t *content, err_t *err)
{
    if (all->rules != NULL) return true;
    if (sodium_init() < 0) return err_set(err, ERR_IO, "The system gives no random bytes.");
    arena_free(all->rules_arena);
    all->rules_arena = arena_new(RULES_ARENA_MAX);
    rotation_rules_t *rules = all->rules_arena != NULL ? arena_alloc(all->rules_arena, sizeof *rules) : NULL;
    if (rules == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for the rotation.");
    if (!rotation_rules_read(rules, all->rules_arena, content, err)) return false;
    all->rules = rules;
    return true;
}

static void drop_state(rotations_t *all)
{
    arena_free(all->arena);
    all->arena = NULL;
    all->state = NULL;
}

static bool read_state(app_t *app, rotations_t *all, err_t *err)
{
    if (all->state != NULL) return true;
    if (!read_rules(all, app->options.content, err)) return false;
    all->arena = arena_new(STATE_ARENA_MAX);
    all->state = all->arena != NULL ? rotation_new(all->arena, all->rules) : NULL;
    if (all->state == NULL) {
        drop_state(all);
        return err_set(err, ERR_MEMORY, "There is not enough memory for the rotation.");
    }
    folding_t places = {all, true, true, err}, mine = {all, false, true, err};
    int64_t last = 0;
    all->miss_count = all->guard_seq = 0;
    bool ok = store_read(app->store, PLACES, 1, fold_event, &places, err) && places.ok &&
              store_read(app->store, MINE, 1, fold_event, &mine, err) && mine.ok &&
              store_last(app->store, GUARD, &last, err) &&
              store_read(app->store, GUARD, last > MISSES_KEPT ? last - MISSES_KEPT + 1 : 1, fold_miss, all, err);
    if (!ok) drop_state(all);
    return ok;
}

bool app_rotation(app_t *app, const rotation_t **state, err_t *err)
{
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    pthread_mutex_lock(&app->rotations->lock);
    if (!read_state(app, app->rotations, err)) {
        pthread_mutex_unlock(&app->rotations->lock);
        return false;
    }
    *state = app->rotations->state;
    return true;
}

void app_rotation_leave(app_t *app)
{
    pthread_mutex_unlock(&app->rotations->lock);
}

bool rotations_append(app_t *app, bool places, const char *kind, int64_t at_ms, const text_t *payload,
                      const char *request, err_t *err)
{
    rotation_t *r = app->rotations->state;
    int64_t expected = places ? r->places_seq : r->seq, seq = 0;
    if (payload->failed) return err_set(err, ERR_LIMIT, "This is too long to be kept: shorten it.");
    if (!rotation_room(r, kind, err)) return false;
    bool ok = store_append(app->store, places ? PLACES : MINE, expected, kind, at_ms, payload->data, payload->length,
                           request, &seq, err);
    rotation_event_t e = {places, seq, at_ms, kind, payload->data, payload->length};
    /* Whatever goes wrong from here on, or was appended by a request seen before: fold again from the stream. */
    if (!ok || seq != expected + 1 || !rotation_apply(r, &e, NULL)) drop_state(app->rotations);
    return ok;
}

/* ---- guessing ---- */

bool rotations_may_guess(app_t *app, const char *client, const char *target, err_t *err)
{
    const rotations_t *all = app->rotations;
    int64_t now = app_now_ms(app);
    int mine = 0, against = 0, in_all = 0;
    char hash[ROTATION_HASH_TEXT];
    rotation_token_hash(client, hash);
    int kept = all->miss_count < MISSES_KEPT ? (int)all->miss_count : MISSES_KEPT;
    for (int i = 0; i < kept; i++) {
        const miss_t *m = &all->misses[i];
        if (now - m->at_ms >= APP_GUESS_WINDOW_MS) continue;
        in_all++;
        mine += strcmp(m->client, hash) == 0;
        against += target[0] != '\0' && strcmp(m->target, target) == 0;
    }
    if (mine < APP_GUESSES_CLIENT && against < APP_GUESSES_PIN && in_all < APP_GUESSES_ALL) return true;
    return err_set(err, ERR_LIMIT, "There were too many wrong tries. Wait %d minutes, then try again.",
                   APP_GUESS_WINDOW_MS / 60000);
}

bool rotations_missed(app_t *app, const char *client, const char *target, const char *sentence, err_t *err)
{
    rotations_t *all = app->rotations;
    int64_t now = app_now_ms(app);
    char hash[ROTATION_HASH_TEXT];
    text_t payload;
    rotation_token_hash(client, hash);
    text_init(&payload, APP_JSON_MAX);
    text_addf(&payload, "{\"client\":\"%s\"", hash);
    rotation_add_text(&payload, "target", target);
    text_add(&payload, "}");
    bool ok = !payload.failed && store_append(app->store, GUARD, all->guard_seq, "miss", now, payload.data,
                                              payload.length, "", &all->guard_seq, err);
    text_free(&payload);
    if (!ok) {
        drop_state(all);
        return false;
    }
    remember_miss(all, now, hash, target);
    return err_set(err, ERR_DENIED, "%s", sentence);
}

/* ---- checks ---- */

bool rotation_check_words(const char *text, const char *what, int least, int most, err_t *err)
{
    size_t n = text != NULL ? strlen(text) : 0;
    if (n < (size_t)least) return err_set(err, ERR_INPUT, "Fill in %s.", what);
    if (n > (size_t)most) return err_set(err, ERR_INPUT, "Shorten %s to %d characters.", what, most);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] < ' ' && text[i] != '\n' && text[i] != '\r' && text[i] != '\t')
            return err_set(err, ERR_INPUT, "There is a control character in %s: type it anew.", what);
    return true;
}

bool rotation_check_patient(const char *text, bool no_patient, err_t *err)
{
    identifier_t found;
    if (no_patient || !identifier_find(text, 0, &found)) return true;
    return err_set(err, ERR_STATE,
                   "“%.*s” looks like %s. Take it out: nothing about a patient may be kept here. If it is none, say so "
                   "with the box below the text and send again.",
                   (int)(found.length < 60 ? found.length : 60), text + found.at, identifier_looks_like(found.kind));
}

void rotation_add_text(text_t *out, const char *key, const char *text)
{
    text_addf(out, ",\"%s\":", key);
    text_add_json(out, text != NULL ? text : "");
}

void rotation_token(app_t *app, int letters, char *token)
{
    static const char base32[] = "0123456789abcdefghjkmnpqrstvwxyz"; /* Crockford's */
    uint64_t bits = 0;
    for (int i = 0; i < letters; i++) {
        if (i % 12 == 0) bits = app->options.random(app->options.clock); /* 60 of its 64 bits */
        token[i] = base32[bits & 31];
        bits >>= 5;
    }
    token[letters] = '\0';
}

static bool check_id(const char *id, err_t *err)
{
    size_t n = id != NULL ? strlen(id) : 0;
    bool good = n >= 8 && n <= ROTATION_ID_MAX;
    for (size_t i = 0; good && i < n; i++)
        good = (id[i] >= 'a' && id[i] <= 'z') || (id[i] >= 'A' && id[i] <= 'Z') || (id[i] >= '0' && id[i] <= '9') ||
               id[i] == '-' || id[i] == '_';
    return good || err_set(err, ERR_INPUT, "The form has lost its number. Open it anew; your text can be copied.");
}

/* ---- entries ---- */

static int64_t from_min(int32_t day, int in_min)
{
    return (int64_t)day * DAY_MIN + in_min;
}

static int64_t to_min(int32_t day, int in_min, int out_min)
{
    return from_min(day, out_min) + (out_min <= in_min ? DAY_MIN : 0);
}

static bool check_times(app_t *app, const rotation_t *r, const app_entry_t *e, const char *itself, err_t *err)
{
    if (e->in_min < 0 || e->in_min >= DAY_MIN || e->out_min < 0 || e->out_min >= DAY_MIN)
        return err_set(err, ERR_INPUT, "Write times of the day as 07:00.");
    int64_t from = from_min(e->day, e->in_min), to = to_min(e->day, e->in_min, e->out_min);
    if (to - from > ROTATION_DAY_MINUTES_MAX)
        return err_set(err, ERR_INPUT, "From %02d:%02d to %02d:%02d is more than %d hours: check in and out.",
                       e->in_min / 60, e->in_min % 60, e->out_min / 60, e->out_min % 60, ROTATION_DAY_MINUTES_MAX / 60);
    if (e->breaks_min < 0 || e->breaks_min >= to - from)
        return err_set(err, ERR_INPUT, "Breaks are minutes, fewer than those from in to out.");
    /* somewhere on earth it is tomorrow already */
    if (from > app_now_ms(app) / 60000 + 14 * 60)
        return err_set(err, ERR_INPUT, "This day lies ahead: log it when it is over.");
    for (int i = 0; i < r->entry_count; i++) {
        const rotation_entry_t *o = &r->entries[i];
        if (strcmp(o->item.id, itself) == 0) continue;
        if (from < to_min(o->day, o->in_min, o->out_min) && from_min(o->day, o->in_min) < to)
            return err_set(err, ERR_CONFLICT,
                           "These hours overlap with an entry that is there (%02d:%02d to %02d:%02d, %s). Correct that "
                           "one, or change the times.",
                           o->in_min / 60, o->in_min % 60, o->out_min / 60, o->out_min % 60, o->item.site);
    }
    return true;
}

static bool check_entry(app_t *app, const rotation_t *r, const app_entry_t *e, const char *itself, err_t *err)
{
    if (rotation_department(r->rules, e->department) < 0) return err_set(err, ERR_INPUT, "Choose the department.");
    if (e->day < DAY_FIRST || e->day > DAY_LAST) return err_set(err, ERR_INPUT, "Write the day as 2026-11-27.");
    if (e->work_count > ROTATION_WORK_MAX)
        return err_set(err, ERR_INPUT, "At most %d different procedures a day.", ROTATION_WORK_MAX);
    for (int i = 0; i < e->work_count; i++)
        if (rotation_procedure(r->rules, e->work[i].id) < 0 || e->work[i].count < 1 ||
            e->work[i].count > ROTATION_COUNT_MAX)
            return err_set(err, ERR_INPUT, "Counts are whole numbers up to %d, of procedures of the list.",
                           ROTATION_COUNT_MAX);
    return rotation_check_words(e->site, "the site", 1, ROTATION_NAME_MAX, err) &&
           rotation_check_words(e->reflection, "the reflection", 0, ROTATION_TEXT_MAX, err) &&
           check_times(app, r, e, itself, err) && rotation_check_patient(e->reflection, e->no_patient, err) &&
           rotation_check_patient(e->site, e->no_patient, err);
}

static void write_entry(text_t *out, const app_entry_t *e)
{
    text_addf(out, ",\"day\":%d,\"in\":%d,\"out\":%d,\"breaks\":%d", (int)e->day, e->in_min, e->out_min, e->breaks_min);
    rotation_add_text(out, "site", e->site);
    rotation_add_text(out, "department", e->department);
    text_add(out, ",\"work\":{");
    for (int i = 0; i < e->work_count; i++) {
        if (i > 0) text_add_char(out, ',');
        text_add_json(out, e->work[i].id);
        text_addf(out, ":%d", e->work[i].count);
    }
    text_add_char(out, '}');
    rotation_add_text(out, "reflection", e->reflection);
}

static bool same_entry(const rotation_entry_t *a, const app_entry_t *b)
{
    if (a->item.versions > 1) return true; /* sent again after it was corrected */
    if (a->day != b->day || a->in_min != b->in_min || a->out_min != b->out_min || a->breaks_min != b->breaks_min ||
        strcmp(a->item.site, b->site) != 0 || strcmp(a->item.department, b->department) != 0 ||
        strcmp(a->reflection, b->reflection) != 0 || a->work_count != b->work_count)
        return false;
    for (int i = 0; i < b->work_count; i++)
        if (strcmp(a->work[i].id, b->work[i].id) != 0 || a->work[i].count != b->work[i].count) return false;
    return true;
}

static bool enter(app_t *app, rotation_t *r, const app_entry_t *e, err_t *err)
{
    const rotation_item_t *known = rotation_item(r, e->id);
    if (known != NULL && known->kind == ITEM_ENTRY && same_entry(rotation_entry(known), e)) return true;
    if (known != NULL)
        return err_set(err, ERR_CONFLICT,
                       "This form was saved before with other content. Open a new one for another day, or correct the "
                       "entry that is there.");
    if (!check_entry(app, r, e, "", err)) return false;
    text_t payload;
    text_init(&payload, APP_JSON_MAX);
    text_addf(&payload, "{\"id\":\"%s\"", e->id);
    write_entry(&payload, e);
    text_add_char(&payload, '}');
    bool ok = rotations_append(app, false, "entry", app_now_ms(app), &payload, e->id, err);
    text_free(&payload);
    return ok;
}

bool app_rotation_enter(app_t *app, const app_entry_t *entry, err_t *err)
{
    const rotation_t *r;
    if (!check_id(entry->id, err) || !app_rotation(app, &r, err)) return false;
    bool ok = enter(app, app->rotations->state, entry, err);
    app_rotation_leave(app);
    return ok;
}

static bool correct(app_t *app, rotation_t *r, const char *what, const app_entry_t *e, const char *reason, err_t *err)
{
    const rotation_item_t *item = rotation_item(r, what);
    if (item == NULL || item->kind != ITEM_ENTRY) return err_set(err, ERR_NOT_FOUND, "There is no such entry.");
    if (!rotation_check_words(reason, "why it is corrected", 3, ROTATION_TEXT_MAX, err) ||
        !rotation_check_patient(reason, e->no_patient, err) || !check_entry(app, r, e, what, err))
        return false;
    text_t payload;
    text_init(&payload, APP_JSON_MAX);
    text_addf(&payload, "{\"entry\":\"%s\"", what);
    write_entry(&payload, e);
    rotation_add_text(&payload, "reason", reason);
    text_add_char(&payload, '}');
    bool ok = rotations_append(app, false, "correct", app_now_ms(app), &payload, e->id, err);
    text_free(&payload);
    return ok;
}

bool app_rotation_correct(app_t *app, const char *what, const app_entry_t *entry, const char *reason, err_t *err)
{
    const rotation_t *r;
    if (!check_id(entry->id, err) || !app_rotation(app, &r, err)) return false;
    bool ok = correct(app, app->rotations->state, what, entry, reason, err);
    app_rotation_leave(app);
    return ok;
}

/* ---- skills and evaluations ---- */

static bool skill(app_t *app, rotation_t *r, const app_skill_t *s, err_t *err)
{
    if (rotation_item(r, s->id) != NULL) return true; /* sent again */
    if (rotation_competency_of(r->rules, s->competency) == NULL)
        return err_set(err, ERR_INPUT, "Choose a competency of the list.");
    if (s->self < RATING_OBSERVED || s->self > RATING_TEACH)
        return err_set(err, ERR_INPUT, "Rate yourself first: 1 (observed only) to 5 (could teach).");
    if (rating_needs_comment(s->self) && s->comment[0] == '\0')
        return err_set(err, ERR_INPUT, "The lowest and the highest rating need a comment: what was it that you did?");
    if (!rotation_check_words(s->comment, "the comment", 0, ROTATION_TEXT_MAX, err) ||
        !rotation_check_words(s->site, "the site", 1, ROTATION_NAME_MAX, err) ||
        !rotation_check_patient(s->comment, s->no_patient, err))
        return false;
    text_t payload;
    text_init(&payload, APP_JSON_MAX);
    text_addf(&payload, "{\"id\":\"%s\",\"self\":%d", s->id, s->self);
    rotation_add_text(&payload, "competency", s->competency);
    rotation_add_text(&payload, "site", s->site);
    rotation_add_text(&payload, "comment", s->comment);
    text_add_char(&payload, '}');
    bool ok = rotations_append(app, false, "skill", app_now_ms(app), &payload, s->id, err);
    text_free(&payload);
    return ok;
}

bool app_rotation_skill(app_t *app, const app_skill_t *s, err_t *err)
{
    const rotation_t *r;
    if (!check_id(s->id, err) || !app_rotation(app, &r, err)) return false;
    bool ok = skill(app, app->rotations->state, s, err);
    app_rotation_leave(app);
    return ok;
}

bool rotation_write_behaviors(text_t *out, const rotation_rules_t *rules, const char *key, const signed char *given,
                              err_t *err)
{
    bool first = true;
    text_addf(out, ",\"%s\":{", key);
    for (int b = 0; b < rules->behavior_count; b++) {
        if (given == NULL || given[b] < RATING_NONE || given[b] > RATING_TEACH)
            return err_set(err, ERR_INPUT, "Rate every line, or choose “not seen”: “%s” is empty.",
                           rules->behaviors[b].text);
        if (given[b] == RATING_NONE) continue;
        text_addf(out, "%s\"%s\":%d", first ? "" : ",", rules->behaviors[b].id, given[b]);
        first = false;
    }
    text_add_char(out, '}');
    return true;
}

bool rotation_check_extremes(const rotation_rules_t *rules, const signed char *given, const char *comment, err_t *err)
{
    for (int b = 0; comment[0] == '\0' && given != NULL && b < rules->behavior_count; b++)
        if (rating_needs_comment(given[b]))
            return err_set(err, ERR_INPUT,
                           "“%s” at the lowest, the highest or remediation needs a comment: what was seen?",
                           rules->behaviors[b].text);
    return true;
}

static bool evaluate(app_t *app, rotation_t *r, const app_evaluation_t *e, err_t *err)
{
    if (rotation_item(r, e->id) != NULL) return true; /* sent again */
    if (rotation_department(r->rules, e->department) < 0) return err_set(err, ERR_INPUT, "Choose the department.");
    if (!rotation_check_words(e->site, "the site", 1, ROTATION_NAME_MAX, err) ||
        !rotation_check_words(e->comment, "the comment", 0, ROTATION_TEXT_MAX, err) ||
        !rotation_check_extremes(r->rules, e->self, e->comment, err) ||
        !rotation_check_patient(e->comment, e->no_patient, err))
        return false;
    text_t payload;
    text_init(&payload, APP_JSON_MAX);
    text_addf(&payload, "{\"id\":\"%s\",\"kind\":\"%s\"", e->id, e->final ? "final" : "midterm");
    rotation_add_text(&payload, "site", e->site);
    rotation_add_text(&payload, "department", e->department);
    rotation_add_text(&payload, "comment", e->comment);
    bool ok = rotation_write_behaviors(&payload, r->rules, "self", e->self, err);
    text_add_char(&payload, '}');
    ok = ok && rotations_append(app, false, "evaluation", app_now_ms(app), &payload, e->id, err);
    text_free(&payload);
    return ok;
}

bool app_rotation_evaluate(app_t *app, const app_evaluation_t *e, err_t *err)
{
    const rotation_t *r;
    if (!check_id(e->id, err) || !app_rotation(app, &r, err)) return false;
    bool ok = evaluate(app, app->rotations->state, e, err);
    app_rotation_leave(app);
    return ok;
}

/* ---- what is aimed at ---- */

bool app_rotation_program(app_t *app, const char *program, const char *requirement, const char *name, err_t *err)
{
    const rotation_t *r;
    if (rotation_program_title(program) == NULL) return err_set(err, ERR_INPUT, "Choose the program: PBT, MLA or MLT.");
    if (!rotation_check_words(name, "your name or code", 1, ROTATION_NAME_MAX, err) || !app_rotation(app, &r, err))
        return false;
    bool known = requirement[0] == '\0';
    for (int i = 0; i < r->rules->requirement_count; i++)
        known = known || (strcmp(r->rules->requirements[i].id, requirement) == 0 &&
                          strcmp(r->rules->requirements[i].program, program) == 0);
    text_t payload;
    text_init(&payload, APP_JSON_MAX);
    text_addf(&payload, "{\"program\":\"%s\"", program);
    rotation_add_text(&payload, "requirement", requirement);
    rotation_add_text(&payload, "name", name);
    text_add_char(&payload, '}');
    bool ok = known ? rotations_append(app, false, "program", app_now_ms(app), &payload, "", err)
                    : err_set(err, ERR_INPUT, "Choose the hours of a program of that kind, or none.");
    text_free(&payload);
    app_rotation_leave(app);
    return ok;
}

bool app_rotation_require(app_t *app, const char *department, double hours, err_t *err)
{
    const rotation_t *r;
    if (!(hours >= 0 && hours <= 5000)) return err_set(err, ERR_INPUT, "Hours are a number from 0 to 5000.");
    if (!app_rotation(app, &r, err)) return false;
    text_t payload;
    text_init(&payload, APP_JSON_MAX);
    text_add(&payload, "{\"hours\":");
    text_add_fixed(&payload, hours, 1);
    rotation_add_text(&payload, "department", department);
    text_add_char(&payload, '}');
    bool ok = rotation_department(r->rules, department) >= 0
                  ? rotations_append(app, false, "require", app_now_ms(app), &payload, "", err)
                  : err_set(err, ERR_INPUT, "Choose the department.");
    text_free(&payload);
    app_rotation_leave(app);
    return ok;
}
