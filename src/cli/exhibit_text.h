/* A picture or a bench screen of an item in the terminal: what is seen, in words and figures. */
#ifndef TITER_CLI_EXHIBIT_TEXT_H
#define TITER_CLI_EXHIBIT_TEXT_H

#include "app/exhibit.h"

/* Nothing when there is none. */
void exhibit_text(text_t *out, const app_exhibit_t *exhibit);

#endif
