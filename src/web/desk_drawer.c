/* The drawer beside a bench: a procedure of the binder opened beside the work, and the trainee's notes.
 * Opening a procedure is an action of its own (open-sop), so that looking up is on record. */
#include "desk.h"

#include <md4c-html.h>

enum { SOP_HTML_MAX = 256 * 1024, NOTES_SHOWN = 12 };

static void take_html(const MD_CHAR *bytes, MD_SIZE size, void *text)
{
    text_add_n(text, bytes, size);
}

bool desk_sop(const desk_t *d, const char *id, sop_view_t *view)
{
    const sop_t *sop = lab_sop_find(d->lab, id);
    text_t html;
    if (!sop) return false;
    text_init(&html, SOP_HTML_MAX);
    md_html(sop->markdown, (MD_SIZE)sop->length, take_html, &html, MD_FLAG_NOHTML | MD_FLAG_TABLES, 0);
    const char *copy = html.failed || !html.data ? NULL : arena_text(d->arena, html.data, html.length);
    text_free(&html);
    *view = (sop_view_t){.id = sop->id,
                         .title = sop->title,
                         .version = words(d->arena, "%s, effective %s", sop->version, sop->effective),
                         .sources = sop->sources,
                         .html = copy ? copy : ""};
    return true;
}

void desk_drawer_fill(desk_t *d, const request_t *request)
{
    const char *open = request_query(request, "sop");
    int n = lab_sop_count(d->lab);
    if (open && open[0]) desk_sop(d, open, &d->sop);
    d->sops = arena_array(d->arena, (size_t)n + 1, sizeof *d->sops);
    for (int i = 0; d->sops && i < n; i++) {
        const sop_t *sop = lab_sop(d->lab, i);
        d->sops[d->sop_count++] = (choice_t){sop->id, words(d->arena, "%s %s", sop->id, sop->title)};
    }
    d->notes = arena_array(d->arena, NOTES_SHOWN, sizeof *d->notes);
    for (int32_t i = shift_action_count(d->shift) - 1; d->notes && i >= 0 && d->note_count < NOTES_SHOWN; i--) {
        log_view_t log;
        if (shift_log(d->shift, i, &log) && log.kind == ACT_NOTE && log.text)
            d->notes[d->note_count++] =
                (moment_t){words_clock(d->arena, d->shift, log.at_s), words(d->arena, "%s", log.text)};
    }
}
