/* Clinical rotations as the résumé has them: of each department at each site the days, the hours that were signed,
 * those that were not, and what was done most. */
#include "app/rotation.h"
#include "private.h"
#include "road/resume.h"
#include "road/when.h"

#include <string.h>

/* The days of one department at one site. */
typedef struct {
    const rotation_entry_t *first;
    int32_t from, to;
    int days, signed_min, waiting_min;
    int done[PROCEDURES_MAX]; /* signed */
} place_t;

enum { PLACES_MAX = RESUME_GIVEN_MAX, PROCEDURES_TOLD = 4, HOUR_MIN = 60 };

static place_t *place_of(place_t *places, int *count, const rotation_entry_t *e)
{
    for (int i = 0; i < *count; i++)
        if (strcmp(places[i].first->item.site, e->item.site) == 0 &&
            strcmp(places[i].first->item.department, e->item.department) == 0)
            return &places[i];
    if (*count == PLACES_MAX) return NULL;
    places[*count] = (place_t){.first = e, .from = e->day, .to = e->day};
    return &places[(*count)++];
}

static void add_day(const rotation_t *r, place_t *place, const rotation_entry_t *e)
{
    const rotation_signature_t *s = rotation_signed(r, &e->item);
    bool good = s != NULL && s->sound;
    place->from = e->day < place->from ? e->day : place->from;
    place->to = e->day > place->to ? e->day : place->to;
    place->days++;
    *(good ? &place->signed_min : &place->waiting_min) += e->minutes;
    for (int i = 0; good && i < e->work_count; i++) {
        int p = rotation_procedure(r->rules, e->work[i].id);
        if (p >= 0) place->done[p] += e->work[i].count;
    }
}

/* Hours that nobody signed are called so. */
static const char *place_details(const rotation_t *r, place_t *place, arena_t *arena)
{
    const char *text = resume_line(arena, "%d day%s", place->days, place->days == 1 ? "" : "s");
    if (place->signed_min > 0)
        text = resume_line(arena, "%s; %d h signed by preceptors", text, place->signed_min / HOUR_MIN);
    if (place->waiting_min > 0)
        text = resume_line(arena, "%s; %d h not signed yet", text, place->waiting_min / HOUR_MIN);
    for (int told = 0; told < PROCEDURES_TOLD; told++) { /* the most frequent first */
        int most = 0;
        for (int p = 1; p < r->rules->procedure_count; p++)
            if (place->done[p] > place->done[most]) most = p;
        if (place->done[most] == 0) break;
        text = resume_line(arena, "%s; %s: %d", text, r->rules->procedures[most].title, place->done[most]);
        place->done[most] = 0;
    }
    return text;
}

static void give_place(const rotation_t *r, place_t *place, arena_t *arena, resume_t *resume)
{
    char from[WHEN_TEXT_MAX], to[WHEN_TEXT_MAX];
    const rotation_item_t *item = &place->first->item;
    int d = rotation_department(r->rules, item->department);
    uint64_t hash = UINT64_C(14695981039346656037); /* of site and department: the same line keeps its tick */
    for (const char *c = item->site; *c; c++) hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    hash = hash * UINT64_C(1099511628211);
    for (const char *c = item->department; *c; c++) hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    when_write(when_day(place->from), from);
    when_write(when_day(place->to), to);
    resume_entry_t entry = {.title =
                                resume_line(arena, "%s", d >= 0 ? r->rules->departments[d].title : item->department),
                            .place = resume_line(arena, "%s", item->site),
                            .from = resume_line(arena, "%s", from),
                            .to = resume_line(arena, "%s", to),
                            .details = place_details(r, place, arena)};
    resume_give(resume, resume_line(arena, "rotation-%016llx", (unsigned long long)hash), RESUME_ROTATIONS, &entry);
}

bool resume_add_rotations(app_t *app, arena_t *arena, resume_t *resume, err_t *err)
{
    const rotation_t *r;
    int count = 0;
    place_t *places = arena_array(arena, PLACES_MAX, sizeof *places);
    if (places == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for the résumé.");
    if (!app_rotation(app, &r, err)) return false;
    for (int i = 0; i < r->entry_count; i++) {
        place_t *place = place_of(places, &count, &r->entries[i]);
        if (place != NULL) add_day(r, place, &r->entries[i]);
    }
    for (int i = 0; i < count; i++) give_place(r, &places[i], arena, resume);
    app_rotation_leave(app);
    return true;
}
