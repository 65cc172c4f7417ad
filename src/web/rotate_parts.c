/* What the pages of a rotation share: frame, fields of forms, words. See rotate.h. */
#include "rotate.h"

#include "page_words.h"
#include "road/when.h"

#include <stdio.h>
#include <string.h>

void rotate_frame(rotate_frame_t *page, const request_t *request, const char *title, const char *tab)
{
    frame_init(&page->frame, request, title);
    page->frame.main_class = "wide";
    page->tab = tab;
}

void rotate_refused(rotate_frame_t *page, response_t *response, const err_t *err)
{
    response_status(response, err->code == ERR_CONFLICT ? 409
                              : err->code == ERR_DENIED ? 403
                              : err->code == ERR_LIMIT  ? 429
                              : err->code == ERR_IO     ? 503
                                                        : 422);
    page->frame.notice_kind = "crit";
    page->frame.notice = err->text; /* lives as long as the handler, which writes the page */
}

/* ---- fields ---- */

const char *rotate_field(const request_t *request, const char *name)
{
    const char *value = request_form(request, name);
    return value != NULL ? value : "";
}

bool rotate_ticked(const request_t *request, const char *name)
{
    return strcmp(rotate_field(request, name), "1") == 0;
}

bool rotate_time(const char *text, int *minutes)
{
    int h, m, used = 0;
    if (sscanf(text, "%2d:%2d%n", &h, &m, &used) != 2 || text[used] != '\0' || h < 0 || h > 23 || m < 0 || m > 59)
        return false;
    *minutes = h * 60 + m;
    return true;
}

bool rotate_day(const char *text, int32_t *day)
{
    when_t when;
    if (!when_read(text, &when, NULL) || !when_is_day(when)) return false;
    *day = when.first;
    return true;
}

int rotate_number(const char *text, int otherwise)
{
    int64_t value;
    if (text[0] == '\0') return otherwise;
    return text_to_int(text, strlen(text), &value) && value >= -1000000 && value <= 1000000 ? (int)value : -1000000;
}

void rotate_read_behaviors(const request_t *request, const rotation_rules_t *rules, signed char to[BEHAVIORS_MAX])
{
    for (int i = 0; i < BEHAVIORS_MAX; i++) to[i] = BEHAVIOR_UNANSWERED;
    for (int i = 0; i < rules->behavior_count; i++) {
        const char *given = rotate_field(request, words(request->arena, "b-%s", rules->behaviors[i].id));
        if (strcmp(given, "n") == 0)
            to[i] = RATING_NONE;
        else if (given[0] >= '0' && given[0] <= '5' && given[1] == '\0')
            to[i] = (signed char)(given[0] - '0');
    }
}

/* ---- words ---- */

const char *rotate_day_words(arena_t *arena, int32_t day)
{
    char text[WHEN_TEXT_MAX];
    when_write(when_day(day), text);
    return words(arena, "%s", text);
}

const char *rotate_time_words(arena_t *arena, int minutes)
{
    return words(arena, "%02d:%02d", minutes / 60, minutes % 60);
}

const char *rotate_hours_words(arena_t *arena, int minutes)
{
    return words_fixed(arena, minutes / 60.0, minutes % 60 == 0 ? 0 : minutes % 30 == 0 ? 1 : 2);
}

const char *rotate_receipt(arena_t *arena, const char *link)
{
    return words(arena, "%.4s-%.4s-%.4s", link, link + 4, link + 8);
}

const char *rotate_department_title(const rotation_t *r, const char *id)
{
    int d = rotation_department(r->rules, id);
    return d >= 0 ? r->rules->departments[d].title : "(a department that is not on the list)";
}

static const char *competency_text(const rotation_t *r, const char *id)
{
    const competency_t *c = rotation_competency_of(r->rules, id);
    return c != NULL ? c->text : id;
}

const char *rotate_title(arena_t *arena, const rotation_t *r, const rotation_item_t *item)
{
    if (item->kind == ITEM_SKILL) return words(arena, "%s", competency_text(r, rotation_skill(item)->competency));
    if (item->kind == ITEM_EVALUATION)
        return words(arena, "%s evaluation, %s, %s", rotation_evaluation(item)->final ? "Final" : "Mid-term",
                     rotate_department_title(r, item->department), item->site);
    const rotation_entry_t *e = rotation_entry(item);
    return words(arena, "%s %s, %s, %s h", rotate_day_words(arena, e->day),
                 rotate_department_title(r, item->department), item->site, rotate_hours_words(arena, e->minutes));
}

static const char *rating(arena_t *arena, int value)
{
    return value > 0 ? words(arena, "%d %s", value, rating_words(value)) : rating_words(value);
}

/* ---- an item ---- */

static void pair(item_view_t *v, const char *name, const char *value)
{
    if (v->pair_count < ITEM_PAIRS_MAX && value[0] != '\0') v->pairs[v->pair_count++] = (pair_t){name, value};
}

static void entry_pairs(item_view_t *v, arena_t *a, const rotation_t *r, const rotation_entry_t *e)
{
    pair(v, "Day", rotate_day_words(a, e->day));
    pair(v, "Department", rotate_department_title(r, e->item.department));
    pair(v, "Site", words(a, "%s", e->item.site));
    pair(v, "Hours",
         words(a, "%s to %s%s, breaks %d min: %s h", rotate_time_words(a, e->in_min), rotate_time_words(a, e->out_min),
               e->out_min <= e->in_min ? " the next day" : "", e->breaks_min, rotate_hours_words(a, e->minutes)));
    if (e->late) pair(v, "Entered", words(a, "late, on %s", words_day(a, e->item.first_ms)));
    for (int i = 0; i < e->work_count; i++) {
        int p = rotation_procedure(r->rules, e->work[i].id);
        pair(v, p >= 0 ? r->rules->procedures[p].title : words(a, "%s", e->work[i].id),
             words(a, "%d", e->work[i].count));
    }
    if (!e->hands_on) pair(v, "Done by hand", "nothing logged");
    pair(v, "Reflection", words(a, "%s", e->reflection));
    pair(v, "Corrected because", words(a, "%s", e->reason));
}

static void signature_of(item_view_t *v, arena_t *a, const rotation_t *r, const rotation_item_t *item)
{
    const rotation_signature_t *s = rotation_signed(r, item);
    if (s == NULL) return;
    v->is_signed = true;
    v->sound = s->sound;
    v->by = words(a, "%s", s->name);
    v->role = words(a, "%s", s->role);
    v->when = words_date(a, s->at_ms);
    v->how = sign_method_words(s->method);
    v->comment = words(a, "%s", s->comment);
    v->receipt = rotate_receipt(a, s->link);
    if (item->kind == ITEM_SKILL) {
        v->rating = rating(a, s->rating);
        v->self = rating(a, rotation_skill(item)->self);
        v->self_comment = words(a, "%s", rotation_skill(item)->comment);
    }
    for (int i = 0; item->kind == ITEM_EVALUATION && i < r->rules->behavior_count; i++)
        v->beside[v->beside_count++] = (beside_row_t){
            r->rules->behaviors[i].text, rating(a, rotation_evaluation(item)->self[i]), rating(a, s->behaviors[i])};
}

void rotate_item(item_view_t *v, arena_t *a, const rotation_t *r, const rotation_item_t *item)
{
    memset(v, 0, sizeof *v);
    v->kind = item->kind;
    v->id = words(a, "%s", item->id);
    v->title = rotate_title(a, r, item);
    v->versions = item->versions;
    pair(v, "Student", words(a, "%s", r->name));
    if (item->kind == ITEM_ENTRY) {
        entry_pairs(v, a, r, rotation_entry(item));
    } else {
        if (item->kind == ITEM_SKILL)
            pair(v, "Competency", words(a, "%s", competency_text(r, rotation_skill(item)->competency)));
        else
            pair(v, "Evaluation", rotation_evaluation(item)->final ? "final" : "mid-term");
        pair(v, "Site", words(a, "%s", item->site));
        if (item->department[0] != '\0') pair(v, "Department", rotate_department_title(r, item->department));
        pair(v, "Asked on", words_day(a, item->first_ms));
    }
    signature_of(v, a, r, item);
    if (item->earlier >= 0) {
        const rotation_signature_t *old = &r->signatures[item->earlier];
        v->earlier = words(a, "An earlier version was signed by %s, %s, on %s (receipt %s) and is kept as it was.",
                           old->name, old->role, words_date(a, old->at_ms), rotate_receipt(a, old->link));
    }
}

void rotate_behaviors(behavior_row_t *rows, int *count, const rotation_rules_t *rules, const signed char *chosen)
{
    *count = rules->behavior_count;
    for (int i = 0; i < rules->behavior_count; i++)
        rows[i] = (behavior_row_t){rules->behaviors[i].id, rules->behaviors[i].text,
                                   chosen != NULL ? chosen[i] : BEHAVIOR_UNANSWERED};
}
