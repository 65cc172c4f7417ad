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

#endif
