/* Sites, their slots (department, days, hours, capacity), who is placed where, and what learners say of a site. */
#include "rotation_private.h"

#include <string.h>

static rotation_site_t *site_of(rotation_t *r, const char *id)
{
    for (int i = 0; i < r->site_count; i++)
        if (strcmp(r->sites[i].id, id) == 0) return &r->sites[i];
    return NULL;
}

const rotation_site_t *rotation_site(const rotation_t *r, const char *id)
{
    for (int i = 0; i < r->site_count; i++)
        if (strcmp(r->sites[i].id, id) == 0) return &r->sites[i];
    return NULL;
}

static rotation_slot_t *slot_of(rotation_t *r, const char *id)
{
    for (int i = 0; i < r->slot_count; i++)
        if (strcmp(r->slots[i].id, id) == 0) return &r->slots[i];
    return NULL;
}

const rotation_slot_t *rotation_slot(const rotation_t *r, const char *id)
{
    for (int i = 0; i < r->slot_count; i++)
        if (strcmp(r->slots[i].id, id) == 0) return &r->slots[i];
    return NULL;
}

bool fold_site(fold_t *f)
{
    rotation_site_t s = {.id = fold_text(f, "id"), .name = fold_text(f, "name")};
    if (s.id[0] == '\0' || s.name[0] == '\0' || rotation_site(f->r, s.id) != NULL) return false;
    f->r->sites[f->r->site_count++] = s;
    return true;
}

bool fold_slot(fold_t *f)
{
    bool ok = true;
    rotation_slot_t s = {.id = fold_text(f, "id"),
                         .site = fold_text(f, "site"),
                         .department = fold_text(f, "department"),
                         .from = fold_text(f, "from"),
                         .to = fold_text(f, "to"),
                         .days = fold_text(f, "days"),
                         .first = fold_int(f, "first", -25567, 84005, &ok),
                         .last = fold_int(f, "last", -25567, 84005, &ok),
                         .capacity = fold_int(f, "capacity", 1, 100, &ok)};
    if (!ok || s.id[0] == '\0' || rotation_site(f->r, s.site) == NULL || rotation_slot(f->r, s.id) != NULL)
        return false;
    f->r->slots[f->r->slot_count++] = s;
    return true;
}

static int placed_at(const rotation_t *r, const char *slot, const char *student)
{
    for (int i = 0; i < r->placed_count; i++)
        if (strcmp(r->placed[i].slot, slot) == 0 && strcmp(r->placed[i].student, student) == 0) return i;
    return -1;
}

bool fold_place(fold_t *f)
{
    rotation_slot_t *slot = slot_of(f->r, fold_text(f, "slot"));
    const char *student = fold_text(f, "student");
    if (slot == NULL || student[0] == '\0' || placed_at(f->r, slot->id, student) >= 0) return false;
    slot->placed++;
    f->r->placed[f->r->placed_count++] = (rotation_placed_t){slot->id, student};
    return true;
}

bool fold_unplace(fold_t *f)
{
    rotation_slot_t *slot = slot_of(f->r, fold_text(f, "slot"));
    int at = slot != NULL ? placed_at(f->r, slot->id, fold_text(f, "student")) : -1;
    if (at < 0) return false;
    slot->placed--;
    f->r->placed[at] = f->r->placed[--f->r->placed_count];
    return true;
}

bool fold_view(fold_t *f)
{
    rotation_site_t *site = site_of(f->r, fold_text(f, "site"));
    const json_t *scores = json_object_get(f->json, "scores");
    int score[ROTATION_SITE_QUESTIONS];
    if (site == NULL || json_array_size(scores) != ROTATION_SITE_QUESTIONS) return false;
    for (size_t i = 0; i < ROTATION_SITE_QUESTIONS; i++) {
        json_int_t n = json_integer_value(json_array_get(scores, i));
        if (n < 1 || n > 5) return false;
        score[i] = (int)n;
    }
    for (size_t i = 0; i < ROTATION_SITE_QUESTIONS; i++) site->sum[i] += score[i];
    site->answers++;
    const char **view = &f->r->views[2 * f->r->view_count++];
    view[0] = site->id;
    view[1] = fold_text(f, "comment");
    return true;
}
