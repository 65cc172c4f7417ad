/* A record as a file: JSON with everything, CSV for spreadsheets.
 *   {"titer_record":1,"exported":"2026-11-27","none":[section],
 *    "entries":[{"id","section","fields":{...},"history":[{"at","what","fields"|"document"}],
 *                "documents":[{"name","type","bytes","sha256","id"}]}],
 *    "withdrawn":[like entries],
 *    "applicant":{...}}                      the applicant record, as the routes' rules read it */
#include "record_private.h"

#include <stdio.h>
#include <string.h>

enum { RECORD_MEMORY = 16 * 1024 * 1024, DAY_MS = 86400000 };

/* "2026-11-27T14:05:09Z" */
static void add_time(text_t *out, int64_t at_ms)
{
    int year, month, day;
    int64_t days = at_ms / DAY_MS, s = at_ms % DAY_MS / 1000;
    day_split((int32_t)days, &year, &month, &day);
    text_addf(out, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day, (int)(s / 3600), (int)(s / 60 % 60),
              (int)(s % 60));
}

/* ---- JSON ---- */

static const char *const said[] = {
    [ENTRY_ENTERED] = "entered",   [ENTRY_CORRECTED] = "corrected", [ENTRY_WITHDRAWN] = "withdrawn",
    [ENTRY_ATTACHED] = "attached", [ENTRY_DETACHED] = "removed",
};

static void add_history(text_t *out, const app_entry_t *entry)
{
    const record_section_t *section = app_record_section(entry->section);
    text_add(out, ",\n   \"history\":[");
    for (int i = 0; i < entry->step_count; i++) {
        const app_entry_step_t *step = &entry->steps[i];
        text_add(out, i ? ",\n    {\"at\":\"" : "\n    {\"at\":\"");
        add_time(out, step->at_ms);
        text_addf(out, "\",\"what\":\"%s\"", said[step->what]);
        if (step->document) {
            text_add(out, ",\"document\":");
            text_add_json(out, step->document);
        } else if (step->what != ENTRY_WITHDRAWN) {
            text_add(out, ",\"fields\":");
            record_fields_json(out, section, step->values);
        }
        text_add_char(out, '}');
    }
    text_add_char(out, ']');
}

static void add_documents(text_t *out, const app_entries_t *record, int entry)
{
    bool first = true;
    for (int i = 0; i < record->document_count; i++) {
        const app_document_t *d = &record->documents[i];
        if (d->entry != entry) continue;
        text_add(out, first ? ",\n   \"documents\":[{\"name\":" : ",{\"name\":");
        first = false;
        text_add_json(out, d->name);
        text_addf(out, ",\"type\":\"%s\",\"bytes\":%zu,\"sha256\":\"%s\",\"id\":\"%s\"}", d->type, d->bytes, d->hash,
                  d->id);
    }
    if (!first) text_add_char(out, ']');
}

static void add_entries(text_t *out, const app_entries_t *record, bool withdrawn)
{
    bool first = true;
    for (int i = 0; i < record->count; i++) {
        const app_entry_t *e = &record->entries[i];
        if (e->withdrawn != withdrawn) continue;
        text_addf(out, "%s\n  {\"id\":\"%s\",\"section\":\"%s\",\"fields\":", first ? "" : ",", e->id,
                  app_record_section(e->section)->key);
        first = false;
        record_fields_json(out, app_record_section(e->section), e->values);
        add_history(out, e);
        add_documents(out, record, i);
        text_add_char(out, '}');
    }
}

static void add_none(text_t *out, const app_entries_t *record)
{
    bool first = true;
    text_add(out, "\n \"none\":[");
    for (int s = 0; s < app_record_section_count(); s++) {
        if (!record->none[s]) continue;
        text_addf(out, "%s\"%s\"", first ? "" : ",", app_record_section(s)->key);
        first = false;
    }
    text_add(out, "],");
}

static bool write_json(app_t *app, const app_entries_t *record, arena_t *arena, text_t *out, err_t *err)
{
    record_t applicant;
    int32_t today = (int32_t)(app_now_ms(app) / DAY_MS);
    if (!app_record_make(app, record, today, arena, &applicant, err)) return false;
    text_add(out, "{\"titer_record\":1,\n \"exported\":\"");
    add_time(out, app_now_ms(app));
    text_add(out, "\",");
    add_none(out, record);
    text_add(out, "\n \"entries\":[");
    add_entries(out, record, false);
    text_add(out, "],\n \"withdrawn\":[");
    add_entries(out, record, true);
    text_add(out, "],\n \"applicant\":");
    record_write(&applicant, out);
    text_add(out, "}\n");
    return !out->failed ||
           err_set(err, ERR_LIMIT, "The record is larger than one file may be (%d KB).", APP_RECORD_FILE / 1024);
}

static bool with_record(app_t *app, const char *owner, text_t *out,
                        bool (*write)(app_t *, const app_entries_t *, arena_t *, text_t *, err_t *), err_t *err)
{
    app_entries_t record;
    arena_t *arena = arena_new(RECORD_MEMORY);
    if (!arena) return err_set(err, ERR_MEMORY, "There is not enough memory for this record.");
    bool ok = app_record_entries(app, owner, arena, &record, err) && write(app, &record, arena, out, err);
    arena_free(arena);
    return ok;
}

bool app_record_json(app_t *app, const char *owner, text_t *out, err_t *err)
{
    return with_record(app, owner, out, write_json, err);
}

/* ---- CSV ---- */

/* A spreadsheet takes what begins with one of these for a formula: an apostrophe before it makes it text. */
static void add_cell(text_t *out, const char *text)
{
    char first[APP_RECORD_NOTE + 2];
    if (text[0] && strchr("=+-@\t\r", text[0]) && strlen(text) <= APP_RECORD_NOTE) {
        snprintf(first, sizeof first, "'%s", text);
        text_add_csv(out, first);
    } else {
        text_add_csv(out, text);
    }
}

static bool write_csv(app_t *app, const app_entries_t *record, arena_t *arena, text_t *out, err_t *err)
{
    text_add(out, "section,entry,field,value,words,entered,changed,withdrawn\r\n");
    for (int i = 0; i < record->count; i++) {
        const app_entry_t *e = &record->entries[i];
        const record_section_t *section = app_record_section(e->section);
        for (int f = 0; f < section->count; f++) {
            if (!e->values[f][0]) continue;
            text_addf(out, "%s,%s,%s,", section->key, e->id, section->fields[f].key);
            add_cell(out, e->values[f]);
            text_add_char(out, ',');
            add_cell(out,
                     section->fields[f].words ? app_record_say(app, &section->fields[f], e->values[f], arena) : "");
            text_add_char(out, ',');
            add_time(out, e->entered_ms);
            text_add_char(out, ',');
            add_time(out, e->changed_ms);
            text_add(out, e->withdrawn ? ",yes\r\n" : ",\r\n");
        }
    }
    return !out->failed || err_set(err, ERR_LIMIT, "The record is larger than one file may be.");
}

bool app_record_csv(app_t *app, const char *owner, text_t *out, err_t *err)
{
    return with_record(app, owner, out, write_csv, err);
}
