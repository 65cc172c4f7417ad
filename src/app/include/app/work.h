/* The stage Work as use cases: pay and outlook, applications, interview practice. */
#ifndef TITER_APP_WORK_H
#define TITER_APP_WORK_H

#include "app/app.h"
#include "road/outlook.h"

/* Pay and outlook from the content; everything lives in `arena`. */
bool app_outlook(app_t *app, arena_t *arena, outlook_t *outlook, err_t *err);

#endif
