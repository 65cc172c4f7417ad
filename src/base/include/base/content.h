/* The content that the program carries inside itself (made by tools/embed.c from content/). */
#ifndef TITER_BASE_CONTENT_H
#define TITER_BASE_CONTENT_H

#include "base/source.h"

const source_t *content_source(void);

#endif
