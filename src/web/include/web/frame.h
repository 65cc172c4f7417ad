/* What every page is set in: bar, tabs, main, foot; and the hidden fields of a form.
 * The templates are pages/frame.html (frame_begin, frame_end, form_hidden). Fill a frame_t with
 * frame_init, set what the page knows, and begin and end the page's template with the two calls. */
#ifndef TITER_WEB_FRAME_H
#define TITER_WEB_FRAME_H

#include "base/text.h"
#include "web/keymap.h"
#include "web/web.h"

#include <stdbool.h>
#include <stddef.h>

/* Makes the hidden fields of each form: the CSRF token and a request id that differs from form to
 * form, so that a repeated submit can be told from a second one. One a page. */
typedef struct {
    const char *csrf;
    char id[24]; /* of this page */
    unsigned made;
} form_t;

typedef struct {
    const char *label, *href;
    int count; /* shown behind the label; < 0 = none */
    bool current;
    const char *key; /* data-key, or NULL */
} frame_tab_t;

typedef struct {
    const char *kind; /* "crit", "warn", "ok", "info", "plain" */
    const char *text; /* a letter or word always: color never speaks alone */
    const char *href; /* or NULL */
} frame_chip_t;

typedef struct {
    const char *keys, *does; /* "v", "Verify" */
} frame_key_t;

/* The parts that only a running shift has. */
typedef struct {
    const char *clock;       /* "02:14" */
    const char *speed;       /* "6×", "paused" */
    const char *scan_action; /* path that the scan box GETs with ?q= */
    const char *scan_value;  /* what was searched, or NULL */
    const char *events;      /* path of the event stream, or NULL */
    const char *pace_action; /* path that takes speed, pause and skip, or NULL */
    const char *back;        /* this page with its query: where the answer leads */
    int pace;                /* the speed: 0 = paused */
    bool steady;             /* neither pause nor skip */
    const frame_tab_t *tabs;
    size_t tab_count;
    const frame_chip_t *alerts;
    size_t alert_count;
} frame_shift_t;

typedef struct {
    const char *title;          /* of the page; " · Titer" is added */
    const char *where;          /* "Practice · Night alone", or NULL */
    const char *main_class;     /* "work" (list, bench, drawer), "read" (72 characters), "wide" (forms, reports) */
    const frame_shift_t *shift; /* NULL away from a shift */
    const char *notice_kind, *notice; /* a message on top of the page, or NULL */
    const char *saved;                /* "Saved 02:13 · received 26-1046", or NULL */
    const frame_key_t *keys;          /* of this page, for the `?` list */
    size_t key_count;
    bool keys_off;            /* single-letter keys switched off by this person (cookie "keys" = "off") */
    char keymap[KEYMAP_TEXT]; /* other keys of this person (cookie "keymap"), "" = none */
    bool si;                  /* SI units stand beside the conventional ones (cookie "units" = "si") */
    const char *here;         /* this page's path, for going back after changing a setting */
    form_t form;
} frame_t;

/* Whether this person asked for SI units. */
bool frame_si(const request_t *request);
/* Zeroes the frame and sets form, keys_off, si and here from the request. */
void frame_init(frame_t *frame, const request_t *request, const char *title);

#endif
