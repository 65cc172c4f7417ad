/* The rules of the road, as pages use them: loaded once when the program starts, read by everybody. */
#ifndef TITER_APP_ROAD_H
#define TITER_APP_ROAD_H

#include "app/app.h"
#include "road/evaluate.h"
#include "road/license.h"
#include "road/plan.h"
#include "road/steps.h"

const rules_t *app_rules(const app_t *app);
const licenses_t *app_licenses(const app_t *app);
const plans_t *app_plans(const app_t *app);
/* Today as a day of road/when.h, of the application's clock (UTC). */
int32_t app_today(const app_t *app);

/* "What if": what a person thinks of adding to the record. Empty texts and zeros add nothing. */
enum { WHAT_IF_HOURS = 3 };
typedef struct {
    struct {
        const char *subject;
        int64_t milli;
    } hours[WHAT_IF_HOURS]; /* semester hours on top of those known */
    const char *degree;     /* level; awarded on the day of application by an accredited school */
    const char *field;
    const char *program, *accreditor; /* finished on the day of application */
    const char *setting;              /* work up to the day of application, in all areas that rules name */
    int64_t months, hours_per_week;
    when_t apply; /* the day of application; unknown: as in the record */
} what_if_t;
bool what_if_asks(const what_if_t *what);
/* Changes `record` (whose parts stay as they are; new lists are made in the arena). */
bool app_what_if(const app_t *app, const what_if_t *what, arena_t *arena, record_t *record, err_t *err);

#endif
