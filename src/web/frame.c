/* Filling a frame from the request: see web/frame.h. */
#include "web/frame.h"

#include "guard.h"

#include <stdio.h>
#include <string.h>

bool frame_si(const request_t *request)
{
    const char *units = request_cookie(request, "units");
    return units != NULL && strcmp(units, "si") == 0;
}

void frame_init(frame_t *frame, const request_t *request, const char *title)
{
    memset(frame, 0, sizeof *frame);
    frame->title = title;
    frame->main_class = "read";
    frame->here = request->path;
    frame->form.csrf = request->csrf;
    char id[GUARD_SESSION_TEXT];
    guard_session_new(id);
    snprintf(frame->form.id, sizeof frame->form.id, "%.16s", id);
    const char *keys = request_cookie(request, "keys");
    frame->keys_off = keys != NULL && strcmp(keys, "off") == 0;
    keymap_read(request_cookie(request, "keymap"), frame->keymap);
    frame->si = frame_si(request);
}
