/* The pages of items among themselves. Instructor's side: they show keys. */
#ifndef TITER_WEB_ITEMS_H
#define TITER_WEB_ITEMS_H

#include "app/exam_report.h"
#include "app/items.h"
#include "exam.h"
#include "items_view.h"
#include "page_words.h"
#include "web/web.h"

/* "in use" for reading. */
const char *items_state_words(item_state_t state);
/* "PBT, MLT" */
const char *items_program_words(unsigned programs, arena_t *arena);

/* items_form.c */
void items_form_new(web_t *web, const request_t *request, response_t *response);
void items_form_create(web_t *web, const request_t *request, response_t *response);
void items_form_edit(web_t *web, const request_t *request, response_t *response);
void items_form_save(web_t *web, const request_t *request, response_t *response);

/* items_picture.c */
void items_picture(web_t *web, const request_t *request, response_t *response);
void items_place(web_t *web, const request_t *request, response_t *response);
/* How the picture of a draft looks; what is wrong with it, or NULL. */
const char *items_exhibit(exhibit_view_t *view, app_exhibit_t *seen, app_t *app, const item_draft_t *draft,
                          arena_t *arena);
/* The form's part of the picture. */
bool items_picture_fields(item_form_t *page, app_t *app, const bank_t *bank, const item_draft_t *draft, arena_t *arena,
                          err_t *err);
/* The lines of data that were posted, key and value each. */
const char *items_posted_data(const request_t *request);

/* A choice among `from`, with an empty one before it when `none` is not NULL. */
item_field_t items_choice(arena_t *arena, const char *name, const char *label, const item_choice_t *from, int count,
                          const char *value, const char *none);
item_choice_t *items_lessons(arena_t *arena, const bank_t *bank, int *count);
item_choice_t *items_areas(arena_t *arena, const bank_t *bank, int *count);
/* A posted text without carriage returns; "" when absent. */
const char *items_posted(const request_t *request, const char *name);

/* items_calibration.c */
void items_calibration_get(web_t *web, const request_t *request, response_t *response);
void items_calibration_post(web_t *web, const request_t *request, response_t *response);
void items_calibration_chart(web_t *web, const request_t *request, response_t *response);

/* items_wire.c */
void items_wire_export(web_t *web, const request_t *request, response_t *response);
void items_wire_file(web_t *web, const request_t *request, response_t *response);
void items_wire_import(web_t *web, const request_t *request, response_t *response);
void items_wire_take(web_t *web, const request_t *request, response_t *response);

#endif
