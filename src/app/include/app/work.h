/* The stage Work as use cases that read content: pay and outlook, the career ladder against one's record. */
#ifndef TITER_APP_WORK_H
#define TITER_APP_WORK_H

#include "app/app.h"
#include "road/ladder.h"
#include "road/outlook.h"

/* Pay and outlook from the content; everything lives in `arena`. */
bool app_outlook(app_t *app, arena_t *arena, outlook_t *outlook, err_t *err);

typedef struct {
    ladder_t ladder;
    rules_t rules;
    record_t record;
} app_ladder_t;
/* The ladder, the rules behind it and the person's record. */
bool app_ladder(app_t *app, arena_t *arena, app_ladder_t *ladder, err_t *err);

#endif
