/* What the error page shows. */
#ifndef TITER_WEB_ERROR_PAGE_H
#define TITER_WEB_ERROR_PAGE_H

#include "web/frame.h"

typedef struct {
    frame_t frame; /* its title says what is wrong */
    int status;
    const char *sentence; /* what to do */
} error_page_t;

#endif
