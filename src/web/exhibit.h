/* The picture or bench screen beside a question, wherever one is shown: the exam room, a report, the item bank. Knows
 * what is seen of it (app/exhibit.h), no more. */
#ifndef TITER_WEB_EXHIBIT_H
#define TITER_WEB_EXHIBIT_H

#include "app/exhibit.h"
#include "base/arena.h"
#include "web/web.h"

enum { EXHIBIT_CACHE_S = 12 * 3600, EXHIBIT_BYTES = 8 * 1024 * 1024 };

/* A place of a hotspot item: its letter and where it lies, for the layer over the picture. */
typedef struct {
    char letter[2];
    double x, y, width, height, letter_x, letter_y;
} exhibit_spot_t;

typedef struct {
    const app_exhibit_t *e;
    const char *src, *dark; /* addresses of the picture in both schemes */
    const char *resize;     /* address of this page with the picture larger or smaller; NULL: it has one size */
    bool large;
    bool open;     /* its figures are few and stand open */
    bool choosing; /* its places are labels of the options choice-0, choice-1 ... */
    exhibit_spot_t *spots;
    int spot_count;
} exhibit_view_t;

/* `src`: the address of the picture without its query. */
void exhibit_fill(exhibit_view_t *view, const app_exhibit_t *exhibit, const char *src, arena_t *arena);
/* Answers with the picture; kept by the browser when the address named its tag ("v"). */
void exhibit_answer(const request_t *request, response_t *response, const text_t *svg, const char *tag);
bool exhibit_dark(const request_t *request);

#endif
