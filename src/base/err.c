/* See err.h. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

bool err_set(err_t *err, err_code code, const char *format, ...)
{
    if (!err) return false;
    va_list arguments;
    va_start(arguments, format);
    err->code = code;
    vsnprintf(err->text, sizeof err->text, format, arguments);
    va_end(arguments);
    return false;
}

const char *err_name(err_code code)
{
    static const char *const names[] = {"none",  "input",  "not found", "conflict", "state",
                                        "limit", "denied", "io",        "memory"};
    return (size_t)code < sizeof names / sizeof *names ? names[code] : "unknown";
}
