/* The pages of a rotation: what its files share. */
#ifndef TITER_WEB_ROTATE_H
#define TITER_WEB_ROTATE_H

#include "app/rotation.h"
#include "rotate_routes.h"
#include "rotate_view.h"
#include "web/web.h"

/* Frame and tabs; `tab`: its href. */
void rotate_frame(rotate_frame_t *page, const request_t *request, const char *title, const char *tab);
/* A refusal as a notice on the page that is shown again. */
void rotate_refused(rotate_frame_t *page, response_t *response, const err_t *err);

/* "" when the field is not there. */
const char *rotate_field(const request_t *request, const char *name);
bool rotate_ticked(const request_t *request, const char *name);
/* "07:00", "2026-11-27", "30"; false when it is none. */
bool rotate_time(const char *text, int *minutes);
bool rotate_day(const char *text, int32_t *day);
int rotate_number(const char *text, int otherwise);

const char *rotate_day_words(arena_t *arena, int32_t day);
const char *rotate_time_words(arena_t *arena, int minutes);
const char *rotate_hours_words(arena_t *arena, int minutes); /* "7.5" */
/* The first twelve digits of a link in groups, as receipts print it. */
const char *rotate_receipt(arena_t *arena, const char *link);
const char *rotate_department_title(const rotation_t *r, const char *id);
/* What an item is in one line: "2026-11-27 Chemistry, Synthetic General, 7.5 h". */
const char *rotate_title(arena_t *arena, const rotation_t *r, const rotation_item_t *item);
/* Everything of an item that is signed, with what only shows after signing when it is signed. */
void rotate_item(item_view_t *view, arena_t *arena, const rotation_t *r, const rotation_item_t *item);
/* The scale as choices; nothing is chosen unless `chosen` says so. */
void rotate_behaviors(behavior_row_t *rows, int *count, const rotation_rules_t *rules, const signed char *chosen);
/* Reads b-ID fields: BEHAVIOR_UNANSWERED, RATING_NONE (not seen), 0..5. */
void rotate_read_behaviors(const request_t *request, const rotation_rules_t *rules, signed char to[BEHAVIORS_MAX]);

#endif
