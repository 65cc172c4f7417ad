/* What the stage Work reads from the content. */
#include "app/work.h"
#include "private.h"

bool app_outlook(app_t *app, arena_t *arena, outlook_t *outlook, err_t *err)
{
    return outlook_load(outlook, arena, app->options.content, err);
}
