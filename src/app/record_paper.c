/* The record on paper: one table a section, with the documents that stand behind each entry. */
#include "record_private.h"

#include "draw/paper.h"

enum { RECORD_MEMORY = 16 * 1024 * 1024, COLUMNS = 3, BLOCKS = 2 * APP_RECORD_SECTIONS + 2 };

/* Names and sizes of what is attached. */
static const char *papers_of(const app_entries_t *record, int entry, arena_t *arena)
{
    text_t text;
    text_init(&text, APP_JSON_MAX);
    for (int i = 0; i < record->document_count; i++)
        if (record->documents[i].entry == entry)
            text_addf(&text, "%s%s", text.length > 0 ? "; " : "", record->documents[i].name);
    const char *names = text.data ? arena_text(arena, text.data, text.length) : NULL;
    text_free(&text);
    return names;
}

static bool section_block(const app_t *app, const app_entries_t *record, int section, arena_t *arena,
                          paper_block_t *block)
{
    const char **cells = arena_array(arena, APP_RECORD_SECTION_MAX * COLUMNS, sizeof *cells);
    int rows = 0;
    for (int i = 0; cells && i < record->count && rows < APP_RECORD_SECTION_MAX; i++) {
        const app_entry_t *e = &record->entries[i];
        if (e->section != section || e->withdrawn) continue;
        const char **row = &cells[COLUMNS * rows++];
        row[0] = app_record_title(app, section, e->values, arena);
        row[1] = app_record_rest(app, section, e->values, arena);
        row[2] = papers_of(record, i, arena);
    }
    *block = (paper_block_t){.kind = PAPER_TABLE,
                             .table = {.columns = COLUMNS,
                                       .rows = rows,
                                       .names = {"What", "Facts", "Documents"},
                                       .cells = cells,
                                       .share = {0.3, 0.45, 0.25}}};
    if (rows == 0) *block = (paper_block_t){.kind = PAPER_TEXT, .text = record->none[section] ? "None." : "Not known."};
    return cells != NULL;
}

static bool lay_out(app_t *app, const char *owner, bool a4, const char *date, arena_t *arena, text_t *out, err_t *err)
{
    app_entries_t record;
    paper_block_t blocks[BLOCKS] = {0};
    int n = 0;
    if (!app_record_entries(app, owner, arena, &record, err)) return false;
    for (int s = 0; s < app_record_section_count(); s++) {
        blocks[n++] = (paper_block_t){.kind = PAPER_HEADING, .text = app_record_section(s)->title};
        if (!section_block(app, &record, s, arena, &blocks[n++]))
            return err_set(err, ERR_MEMORY, "There is not enough memory for this record.");
    }
    paper_t sheet = {.size = a4 ? PAPER_A4 : PAPER_LETTER,
                     .title = "Record",
                     .subtitle = "As entered by its owner; nothing here was verified by Titer.",
                     .date = date,
                     .blocks = blocks,
                     .block_count = n};
    return draw_paper(out, &sheet, NULL, err);
}

bool app_record_paper(app_t *app, const char *owner, bool a4, const char *date, text_t *out, err_t *err)
{
    arena_t *arena = arena_new(RECORD_MEMORY);
    if (!arena) return err_set(err, ERR_MEMORY, "There is not enough memory for this record.");
    bool ok = lay_out(app, owner, a4, date, arena, out, err);
    arena_free(arena);
    return ok;
}
