/* The stream "applications/me": save {"id","employer","title",...}, remove {"id"}. */
#include "app/applications.h"
#include "private.h"
#include "road/calendar.h"
#include "road/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char STREAM[] = "applications/me";

static const struct {
    const char *word, *title;
} states[APPLICATION_STATES] = {{"saved", "Saved"},         {"sent", "Sent"},         {"interview", "Interview"},
                                {"offer", "Offer"},         {"accepted", "Accepted"}, {"declined", "Declined by me"},
                                {"rejected", "Turned down"}};

const char *application_word(application_state_t state)
{
    return states[state].word;
}
const char *application_title(application_state_t state)
{
    return states[state].title;
}
int application_from(const char *word)
{
    for (int i = 0; word && i < APPLICATION_STATES; i++)
        if (strcmp(states[i].word, word) == 0) return i;
    return -1;
}
bool application_closed(application_state_t state)
{
    return state >= APPLICATION_ACCEPTED;
}

typedef struct {
    arena_t *arena;
    application_t *list;
    int count;
    int64_t seq;
    bool short_of_memory;
} fold_t;

static application_t *find(const fold_t *f, const char *id)
{
    for (int i = 0; i < f->count; i++)
        if (strcmp(f->list[i].id, id) == 0) return &f->list[i];
    return NULL;
}

static const char *text(fold_t *f, const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    const char *copy = arena_text(f->arena, value ? value : "", value ? strlen(value) : 0);
    if (!copy) f->short_of_memory = true;
    return copy ? copy : "";
}

static void take_save(fold_t *f, const json_t *object, int64_t at_ms)
{
    const char *id = text(f, object, "id");
    application_t *a = find(f, id);
    int state = application_from(json_string_value(json_object_get(object, "state")));
    if (!a) {
        if (f->count == APPLICATIONS_MAX) return;
        a = &f->list[f->count++];
        *a = (application_t){.id = id, .entered_ms = at_ms};
    }
    a->employer = text(f, object, "employer"), a->title = text(f, object, "title");
    a->place = text(f, object, "place"), a->pay = text(f, object, "pay"), a->notes = text(f, object, "notes");
    a->deadline = text(f, object, "deadline"), a->next_day = text(f, object, "next_day");
    a->next = text(f, object, "next");
    a->state = state < 0 ? APPLICATION_SAVED : (application_state_t)state;
    a->changed_ms = at_ms;
    if (a->step_count > 0 && a->steps[a->step_count - 1].state == a->state) return;
    if (a->step_count == APPLICATION_STEPS_MAX) /* the oldest change goes, the entry itself stays */
        memmove(&a->steps[1], &a->steps[2], (size_t)(--a->step_count - 1) * sizeof a->steps[0]);
    a->steps[a->step_count].state = a->state;
    a->steps[a->step_count++].at_ms = at_ms;
}

static bool take_event(void *context, const store_event_t *event)
{
    fold_t *f = context;
    json_t *object = json_loadb(event->payload, event->length, 0, NULL);
    const char *id = json_string_value(json_object_get(object, "id"));
    f->seq = event->seq;
    if (id && strcmp(event->kind, "save") == 0) take_save(f, object, event->at_ms);
    if (id && strcmp(event->kind, "remove") == 0) {
        application_t *gone = find(f, id);
        if (gone) memmove(gone, gone + 1, (size_t)(&f->list[--f->count] - gone) * sizeof *gone);
    }
    json_decref(object);
    return !f->short_of_memory;
}

static bool fold(app_t *app, arena_t *arena, fold_t *f, err_t *err)
{
    *f = (fold_t){.arena = arena};
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    f->list = arena_array(arena, APPLICATIONS_MAX, sizeof *f->list);
    if (f->list && !store_read(app->store, STREAM, 1, take_event, f, err)) return false;
    return (f->list && !f->short_of_memory) || err_set(err, ERR_MEMORY, "There is not enough memory for the list.");
}

static int open_and_soon_first(const void *a, const void *b)
{
    const application_t *x = a, *y = b;
    if (application_closed(x->state) != application_closed(y->state)) return application_closed(x->state) ? 1 : -1;
    const char *dx = x->next_day[0] ? x->next_day : x->deadline, *dy = y->next_day[0] ? y->next_day : y->deadline;
    if ((dx[0] == '\0') != (dy[0] == '\0')) return dx[0] == '\0' ? 1 : -1;
    int order = strcmp(dx, dy);
    if (order != 0) return order;
    return x->entered_ms != y->entered_ms ? (x->entered_ms > y->entered_ms ? -1 : 1) : strcmp(x->id, y->id);
}

bool app_applications(app_t *app, arena_t *arena, application_t **list, int *count, err_t *err)
{
    fold_t f;
    *count = 0;
    if (!fold(app, arena, &f, err)) return false;
    qsort(f.list, (size_t)f.count, sizeof *f.list, open_and_soon_first);
    *list = f.list;
    *count = f.count;
    return true;
}

/* ---- saving ---- */

static bool a_day(const char *text, const char *what, err_t *err)
{
    when_t when;
    if (text[0] == '\0') return true;
    if (when_read(text, &when, err) && when_is_day(when) && strlen(text) == 10) return true;
    return err_set(err, ERR_INPUT, "%s is a day such as 2026-11-27, or empty; found \"%.40s\".", what, text);
}

static bool check(const application_t *a, err_t *err)
{
    const char *const texts[] = {a->employer, a->title, a->place, a->pay, a->next};
    if (!a->employer[0]) return err_set(err, ERR_INPUT, "Write which employer it is.");
    if (!a->title[0]) return err_set(err, ERR_INPUT, "Write the title of the position.");
    if ((unsigned)a->state >= APPLICATION_STATES) return err_set(err, ERR_INPUT, "Choose how far it has come.");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strlen(texts[i]) > APPLICATION_TEXT_MAX)
            return err_set(err, ERR_LIMIT, "A field has at most %d bytes.", APPLICATION_TEXT_MAX);
    if (strlen(a->notes) > APPLICATION_NOTES_MAX)
        return err_set(err, ERR_LIMIT, "The notes have at most %d bytes.", APPLICATION_NOTES_MAX);
    return a_day(a->deadline, "The deadline", err) && a_day(a->next_day, "The day of the next step", err);
}

static void pair(text_t *out, const char *key, const char *value)
{
    if (value[0] == '\0') return;
    text_addf(out, ",\"%s\":", key);
    text_add_json(out, value);
}

static bool room(app_t *app, const char *id, int64_t *seq, err_t *err)
{
    enum { ARENA = 8 * 1024 * 1024 };
    arena_t *arena = arena_new(ARENA);
    fold_t f;
    bool ok = arena ? fold(app, arena, &f, err) : err_set(err, ERR_MEMORY, "There is not enough memory for the list.");
    if (ok && id[0] && !find(&f, id)) ok = err_set(err, ERR_NOT_FOUND, "There is no such application.");
    if (ok && !id[0] && f.count == APPLICATIONS_MAX)
        ok = err_set(err, ERR_LIMIT, "The list holds %d applications: remove one that is closed.", APPLICATIONS_MAX);
    if (ok) *seq = f.seq;
    arena_free(arena);
    return ok;
}

bool app_application_save(app_t *app, const application_t *a, const char *request, char id[APP_ID_MAX], err_t *err)
{
    text_t out;
    int64_t seq = 0;
    const char *old = a->id ? a->id : "";
    if (!check(a, err) || !room(app, old, &seq, err)) return false;
    if (old[0])
        snprintf(id, APP_ID_MAX, "%s", old);
    else
        app_make_id(app, id);
    text_init(&out, APP_JSON_MAX);
    text_add(&out, "{\"id\":");
    text_add_json(&out, id);
    pair(&out, "employer", a->employer);
    pair(&out, "title", a->title);
    pair(&out, "place", a->place);
    pair(&out, "pay", a->pay);
    pair(&out, "notes", a->notes);
    pair(&out, "state", application_word(a->state));
    pair(&out, "deadline", a->deadline);
    pair(&out, "next_day", a->next_day);
    pair(&out, "next", a->next);
    text_add_char(&out, '}');
    bool ok = !out.failed ? store_append(app->store, STREAM, seq, "save", app_now_ms(app), out.data, out.length,
                                         request, NULL, err)
                          : err_set(err, ERR_LIMIT, "The entry is too long.");
    text_free(&out);
    return ok;
}

bool app_application_remove(app_t *app, const char *id, err_t *err)
{
    int64_t seq = 0;
    char payload[64];
    if (!app_id_is_well_formed(id)) return err_set(err, ERR_NOT_FOUND, "There is no such application.");
    if (!room(app, id, &seq, err)) return false;
    int length = snprintf(payload, sizeof payload, "{\"id\":\"%s\"}", id);
    return store_append(app->store, STREAM, seq, "remove", app_now_ms(app), payload, (size_t)length, "", NULL, err);
}

/* ---- calendar ---- */

static void day_event(text_t *out, const application_t *a, const char *kind, const char *what, const char *day,
                      int64_t stamp_ms)
{
    static const int remind[] = {3, 1};
    char uid[80], summary[500];
    when_t when;
    if (day[0] == '\0' || !when_read(day, &when, NULL) || when_is_unknown(when)) return;
    snprintf(uid, sizeof uid, "%s-%s@titer", kind, a->id);
    snprintf(summary, sizeof summary, "%s: %s, %s", what, a->employer, a->title);
    calendar_event(out,
                   &(calendar_event_t){.uid = uid,
                                       .summary = summary,
                                       .details = a->notes,
                                       .day = when.first,
                                       .remind_days = remind,
                                       .remind_count = 2},
                   stamp_ms);
}

void applications_calendar(text_t *out, const application_t *list, int count, int64_t stamp_ms)
{
    calendar_begin(out, "Applications");
    for (int i = 0; i < count; i++) {
        if (application_closed(list[i].state)) continue;
        if (list[i].state == APPLICATION_SAVED) day_event(out, &list[i], "apply", "Apply", list[i].deadline, stamp_ms);
        day_event(out, &list[i], "next", list[i].next[0] ? list[i].next : "Next step", list[i].next_day, stamp_ms);
    }
    calendar_end(out);
}
