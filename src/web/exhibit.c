/* Pictures and bench screens of items on pages. See exhibit.h. */
#include "exhibit.h"

#include "page_words.h"

#include <string.h>

enum { LETTER_SIZE = 20, FEW_ROWS = 6 };

void exhibit_fill(exhibit_view_t *view, const app_exhibit_t *exhibit, const char *src, arena_t *arena)
{
    view->e = exhibit;
    view->src = words(arena, "%s?v=%s", src, exhibit->tag);
    view->dark = words(arena, "%s?v=%s&scheme=dark", src, exhibit->tag);
    view->open = exhibit->table_count == 1 && exhibit->line_count == 0 && exhibit->table[0].rows <= FEW_ROWS;
    view->spots = arena_array(arena, EXHIBIT_PLACES_MAX, sizeof *view->spots);
    for (int i = 0; view->spots && i < exhibit->place_count; i++) {
        exhibit_spot_t *spot = &view->spots[view->spot_count++];
        double x = exhibit->place[i].x, y = exhibit->place[i].y, width = exhibit->place[i].width,
               height = exhibit->place[i].height;
        bool point = width < 2 * LETTER_SIZE && height < 2 * LETTER_SIZE; /* the letter stands beside it */
        bool narrow = width < LETTER_SIZE + 4, right = x + width + LETTER_SIZE <= exhibit->width;
        *spot = (exhibit_spot_t){.letter = {(char)('A' + i), '\0'},
                                 .x = x,
                                 .y = y,
                                 .width = width,
                                 .height = height,
                                 .letter_x = point    ? (right ? x + width : x - LETTER_SIZE)
                                             : narrow ? x + width / 2 - LETTER_SIZE / 2.0
                                                      : x + 2,
                                 .letter_y = point ? y + height / 2 - LETTER_SIZE / 2.0 : y + 2};
    }
}

bool exhibit_dark(const request_t *request)
{
    const char *scheme = request_query(request, "scheme");
    return scheme && strcmp(scheme, "dark") == 0;
}

void exhibit_answer(const request_t *request, response_t *response, const text_t *svg, const char *tag)
{
    const char *asked = request_query(request, "v");
    text_add_n(response_body(response, "image/svg+xml"), svg->data, svg->length);
    if (asked && strcmp(asked, tag) == 0) response_cache(response, EXHIBIT_CACHE_S);
}
