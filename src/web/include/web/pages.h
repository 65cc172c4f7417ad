/* Every page of Titer: the table of routes for web_options_t. The application behind web_app is an app_t. */
#ifndef TITER_WEB_PAGES_H
#define TITER_WEB_PAGES_H

#include "web/web.h"

/* The import of items, for web_options_t. */
#define PAGES_LARGE_FORM "/items/import"
/* The import of a record, which takes an archive with its documents. */
#define PAGES_ARCHIVE_FORM "/record/import"

/* Static; *count is filled in. */
const web_route_t *pages_routes(size_t *count);
/* Those of them that take a file. */
const char *const *pages_uploads(size_t *count);

#endif
