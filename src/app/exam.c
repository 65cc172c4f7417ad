/* Exams: what the content has of them, opened when somebody first asks, and what past sittings tell about items. */
#include "sitting_private.h"

#include "exam/calculator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXAMS_BYTES = 4 * 1024 * 1024 };
static const int64_t FRESH_MS = 30 * 24 * 3600 * 1000LL, RECENT_MS = 60 * 1000;

static bool open_families(app_t *app, err_t *err)
{
    exams_t *e = app->exams;
    e->laboratory = (app_laboratory_t){app->lab, app->calc};
    app_family_source(&e->laboratory, &e->source);
    return families_open(&e->families, app->options.content, e->bank, &e->source, err) &&
           families_enlist(e->families, e->bank, err);
}

static bool open_locked(app_t *app, err_t *err)
{
    exams_t *e = app->exams;
    if (e->open) return true;
    e->arena = arena_new(EXAMS_BYTES);
    if (!e->arena) return err_set(err, ERR_MEMORY, "There is not enough memory for the item bank.");
    app_picture_source(app->lab, &e->pictures);
    e->open = bank_open(&e->bank, app->options.content, err);
    if (e->open) bank_pictures(e->bank, &e->pictures);
    e->open = e->open && bank_read_content(e->bank, app->options.content, err) &&
              forms_read(&e->forms, e->bank, app->options.content, e->arena, err) && open_families(app, err);
    if (!e->open) {
        families_close(e->families);
        e->families = NULL;
        bank_close(e->bank);
        arena_free(e->arena);
        e->bank = NULL;
        e->arena = NULL;
    }
    return e->open;
}

static void edition_free(edition_t *edition)
{
    if (!edition) return;
    for (int i = 0; i < FORMS_MAX; i++) sitting_plan_free(edition->plans[i]);
    bank_close(edition->bank);
    free(edition->recent);
    free(edition);
}

static const int64_t DAY_MS = 24 * 3600 * 1000LL;

bool edition_takes(edition_t *edition, int64_t event_ms, int64_t at_ms)
{
    bool takes = event_ms <= at_ms;
    if (takes && event_ms > edition->from_ms) edition->from_ms = event_ms;
    if (!takes && event_ms < edition->until_ms) edition->until_ms = event_ms;
    return takes;
}

static bool make_edition(app_t *app, int64_t at_ms, edition_t **out, err_t *err)
{
    edition_t *edition = calloc(1, sizeof *edition);
    if (!edition) return err_set(err, ERR_MEMORY, "There is not enough memory for the item bank.");
    edition->from_ms = at_ms - at_ms % DAY_MS;
    edition->until_ms = edition->from_ms + DAY_MS;
    if (!bank_fork(&edition->bank, app->exams->bank, err) || !items_renew(app, edition, at_ms, err) ||
        !families_join(app->exams->families, edition->bank, err) || !ratings_apply(app, edition, at_ms, err) ||
        !voids_withdraw(app, edition, at_ms, err)) {
        edition_free(edition);
        return false;
    }
    *out = edition;
    return true;
}

static void leave_locked(edition_t *edition)
{
    if (edition && --edition->holders == 0) edition_free(edition);
}

/* Finds or makes the edition and puts it first; the one that was used longest ago goes. */
static bool keep_locked(app_t *app, int64_t at_ms, err_t *err)
{
    edition_t **kept = app->exams->kept, *found = NULL;
    int at = 0;
    while (at < EDITIONS_KEPT && kept[at] && (at_ms < kept[at]->from_ms || at_ms >= kept[at]->until_ms)) at++;
    if (at < EDITIONS_KEPT) found = kept[at];
    if (!found) {
        if (!make_edition(app, at_ms, &found, err)) return false;
        found->holders = 1; /* the app itself */
        if (at == EDITIONS_KEPT) leave_locked(kept[--at]);
    }
    for (; at > 0; at--) kept[at] = kept[at - 1];
    kept[0] = found;
    return true;
}

bool exams_enter_at(app_t *app, int64_t at_ms, edition_t **edition, err_t *err)
{
    exams_t *e = app->exams;
    pthread_mutex_lock(&e->lock);
    bool ok = open_locked(app, err) && keep_locked(app, at_ms, err);
    *edition = ok ? e->kept[0] : NULL;
    if (ok) e->kept[0]->holders++;
    pthread_mutex_unlock(&e->lock);
    return ok;
}

bool exams_enter(app_t *app, edition_t **edition, err_t *err)
{
    return exams_enter_at(app, app_now_ms(app), edition, err);
}

void exams_leave(app_t *app, edition_t *edition)
{
    pthread_mutex_lock(&app->exams->lock);
    leave_locked(edition);
    pthread_mutex_unlock(&app->exams->lock);
}

/* Editions of times before the change stay as they are. */
void exams_changed(app_t *app)
{
    int64_t now = app_now_ms(app);
    pthread_mutex_lock(&app->exams->lock);
    for (int i = 0; i < EDITIONS_KEPT; i++)
        if (app->exams->kept[i] && app->exams->kept[i]->until_ms > now) app->exams->kept[i]->until_ms = now;
    pthread_mutex_unlock(&app->exams->lock);
}

bool exams_open(app_t *app, err_t *err)
{
    pthread_mutex_lock(&app->exams->lock);
    bool ok = open_locked(app, err);
    pthread_mutex_unlock(&app->exams->lock);
    return ok;
}

exams_t *exams_new(void)
{
    exams_t *e = calloc(1, sizeof *e);
    if (e) pthread_mutex_init(&e->lock, NULL);
    return e;
}

void exams_free(exams_t *e)
{
    if (!e) return;
    for (int i = 0; i < EDITIONS_KEPT; i++) leave_locked(e->kept[i]);
    families_close(e->families);
    bank_close(e->bank);
    arena_free(e->arena);
    pthread_mutex_destroy(&e->lock);
    free(e);
}

bool app_bank(app_t *app, const bank_t **bank, err_t *err)
{
    if (!exams_open(app, err)) return false;
    *bank = app->exams->bank;
    return true;
}

bool exams_plan(app_t *app, edition_t *edition, const exam_form_t *form, const sitting_plan_t **plan, err_t *err)
{
    exams_t *e = app->exams;
    int at = 0;
    while (at < e->forms.count && strcmp(e->forms.forms[at].id, form->id) != 0) at++;
    if (at == e->forms.count) return err_set(err, ERR_NOT_FOUND, "The form \"%s\" is not here any more.", form->id);
    pthread_mutex_lock(&e->lock);
    bool ok = edition->plans[at] || sitting_plan(&edition->plans[at], edition->bank, &e->forms.forms[at], false, err);
    pthread_mutex_unlock(&e->lock);
    *plan = edition->plans[at];
    return ok;
}

bool app_calculate(const char *text, double *value, err_t *err)
{
    return calculator(text, value, err);
}

/* ---- lists ---- */

static void fill_form(const bank_t *bank, const exam_form_t *form, app_form_t *out)
{
    *out = (app_form_t){.id = form->id,
                        .title = form->title,
                        .summary = form->summary,
                        .models = form->models,
                        .source = form->source,
                        .as_of = form->as_of,
                        .kind = form_kind_word(form->kind),
                        .navigation = navigation_word(form->navigation),
                        .items = form->items,
                        .minutes = form->minutes,
                        .calculator = form->calculator,
                        .drawer = form->drawer,
                        .tutor = form->tutor};
    for (size_t i = 0; i < bank_count(bank); i++) out->there += form_admits(form, bank, bank_item(bank, i), false);
}

bool app_form_list(app_t *app, app_form_t *list, int max, int *count, err_t *err)
{
    edition_t *edition;
    *count = 0;
    if (!exams_enter(app, &edition, err)) return false;
    for (int i = 0; i < app->exams->forms.count && *count < max; i++)
        fill_form(edition->bank, &app->exams->forms.forms[i], &list[(*count)++]);
    exams_leave(app, edition);
    return true;
}

bool app_area_list(app_t *app, app_area_t *list, int max, int *count, err_t *err)
{
    edition_t *edition;
    const char *area, *subarea;
    *count = 0;
    if (!exams_enter(app, &edition, err)) return false;
    for (size_t a = 0; bank_area_at(app->exams->bank, a, &area, &subarea) && *count < max; a++) {
        if (*count > 0 && strcmp(list[*count - 1].area, area) == 0) continue; /* its next subarea */
        app_area_t *to = &list[*count];
        *to = (app_area_t){.area = area};
        for (size_t i = 0; i < bank_count(edition->bank); i++) {
            const item_t *item = bank_item(edition->bank, i);
            to->items += item->state == STATE_IN_USE && strcmp(item->area, area) == 0;
        }
        *count += to->items > 0;
    }
    exams_leave(app, edition);
    return true;
}

/* ---- what past sittings tell ---- */

typedef struct {
    const char *id;
    size_t place;
} named_t;

typedef struct {
    const bank_t *bank;
    named_t *names; /* of its items, sorted */
    bool wrong;
    int64_t since_ms;
    bool *marks;
    int64_t *when; /* of the newest sitting that gave the item */
} past_t;

static int by_id(const void *a, const void *b)
{
    return strcmp(((const named_t *)a)->id, ((const named_t *)b)->id);
}

static named_t *name_all(const bank_t *bank)
{
    named_t *names = calloc(bank_count(bank) + 1, sizeof *names);
    for (size_t i = 0; names && i < bank_count(bank); i++) names[i] = (named_t){bank_item(bank, i)->id, i};
    if (names) qsort(names, bank_count(bank), sizeof *names, by_id);
    return names;
}

static size_t index_of(const past_t *in, const char *id)
{
    named_t wanted = {id, 0}, *found = NULL;
    if (id) found = bsearch(&wanted, in->names, bank_count(in->bank), sizeof wanted, by_id);
    return found ? found->place : bank_count(in->bank);
}

static bool take_end(void *context, const char *key, const char *value)
{
    past_t *in = context;
    const char *slash = strchr(key, '/');
    if (!slash || strcmp(slash, "/3-end") != 0) return true;
    json_t *row = json_loads(value, 0, NULL);
    int64_t at = json_integer_value(json_object_get(row, "at_ms"));
    size_t k;
    json_t *id;
    bool old = !in->wrong && at < in->since_ms;
    json_array_foreach(old ? NULL : json_object_get(row, "given"), k, id)
    {
        size_t i = index_of(in, json_string_value(id));
        if (i == bank_count(in->bank) || at < in->when[i]) continue;
        in->when[i] = at;
        in->marks[i] = !in->wrong && at >= in->since_ms;
    }
    json_array_foreach(json_object_get(row, "wrong"), k, id)
    {
        size_t i = index_of(in, json_string_value(id));
        if (in->wrong && i < bank_count(in->bank) && in->when[i] == at) in->marks[i] = true;
    }
    json_decref(row);
    return true;
}

bool exams_past(app_t *app, const bank_t *bank, bool wrong, bool *marks, err_t *err)
{
    past_t in = {.bank = bank, .wrong = wrong, .since_ms = app_now_ms(app) - FRESH_MS, .marks = marks};
    in.when = calloc(bank_count(in.bank) + 1, sizeof *in.when);
    in.names = name_all(bank);
    bool ok = (in.when && in.names) || err_set(err, ERR_MEMORY, "There is not enough memory to look back.");
    ok = ok && store_rows(app->store, "sitting", "", take_end, &in, err);
    free(in.names);
    free(in.when);
    return ok;
}

typedef struct {
    const char *item;
    bool gave;
} gave_t;

static bool take_gave(void *context, const char *key, const char *value)
{
    gave_t *in = context;
    const char *slash = strchr(key, '/');
    if (!slash || strcmp(slash, "/3-end") != 0) return true;
    json_t *row = json_loads(value, 0, NULL), *id;
    size_t k;
    json_array_foreach(json_object_get(row, "given"), k, id)
    {
        const char *text = json_string_value(id);
        in->gave = in->gave || (text && strcmp(text, in->item) == 0);
    }
    json_decref(row);
    return !in->gave;
}

bool exams_gave(app_t *app, const char *item, bool *gave, err_t *err)
{
    gave_t in = {item, false};
    *gave = false;
    if (!app->store) return err_set(err, ERR_STATE, "No data folder is open.");
    if (!store_rows(app->store, "sitting", "", take_gave, &in, err)) return false;
    *gave = in.gave;
    return true;
}

bool exams_recent(app_t *app, edition_t *edition, bool *marks, err_t *err)
{
    exams_t *e = app->exams;
    size_t n = bank_count(edition->bank);
    int64_t now = app_now_ms(app);
    pthread_mutex_lock(&e->lock);
    bool fresh = edition->recent && now >= edition->recent_ms && now - edition->recent_ms < RECENT_MS;
    if (fresh) memcpy(marks, edition->recent, n * sizeof *marks);
    pthread_mutex_unlock(&e->lock);
    if (fresh) return true;
    if (!exams_past(app, edition->bank, false, marks, err)) return false;
    pthread_mutex_lock(&e->lock);
    if (!edition->recent) edition->recent = calloc(n + 1, sizeof *marks);
    if (edition->recent) memcpy(edition->recent, marks, n * sizeof *marks);
    edition->recent_ms = now;
    pthread_mutex_unlock(&e->lock);
    return true;
}

void exams_ended(app_t *app)
{
    pthread_mutex_lock(&app->exams->lock);
    for (int i = 0; i < EDITIONS_KEPT; i++)
        if (app->exams->kept[i]) app->exams->kept[i]->recent_ms = 0;
    pthread_mutex_unlock(&app->exams->lock);
}
