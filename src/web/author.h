/* The authoring pages among themselves. Instructor's side: they show what is planted (lab/draft.h, lab/debrief.h). */
#ifndef TITER_WEB_AUTHOR_H
#define TITER_WEB_AUTHOR_H

#include "app/app.h"
#include "author_view.h"
#include "lab/draft.h"
#include "lab/lab.h"
#include "page_words.h"
#include "web/web.h"

/* A part of a form's field names: "p3" is the planted thing 3 (from 0), "c0" the first call. */
enum { AUTHOR_PART_MAX = 16 };

/* author_fields.c */
/* The draft as it was typed in the form; `err` when it is too large. */
bool author_posted(const request_t *request, draft_t *draft, err_t *err);
/* Fields, rows and mistakes of the page from the draft. `open`: the part that stands open and has the focus. */
bool author_fill(author_form_t *page, const lab_t *lab, const draft_t *draft, bool check, const char *open,
                 arena_t *arena, err_t *err);
/* "Spoiled specimen: EDTA contamination": what a planted thing is, in a line. */
const char *author_planted_words(const lab_t *lab, const draft_t *draft, int row, arena_t *arena);

/* author_preview.c */
void author_preview(web_t *web, const request_t *request, response_t *response);

#endif
