/* What the stage Work reads from content and record. */
#include "app/work.h"
#include "app/record.h"
#include "private.h"

bool app_outlook(app_t *app, arena_t *arena, outlook_t *outlook, err_t *err)
{
    return outlook_load(outlook, arena, app->options.content, err);
}

bool app_ladder(app_t *app, arena_t *arena, app_ladder_t *l, err_t *err)
{
    return rules_load(&l->rules, arena, app->options.content, err) &&
           ladder_load(&l->ladder, arena, app->options.content, &l->rules, err) &&
           app_record(app, arena, &l->record, err);
}
