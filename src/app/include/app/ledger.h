/* The ledger of continuing education as use cases. It is the stream "ledger/me": `held` and `activity` enter something,
 * `correct` enters it again as it should be, `drop` and `strike` take it out, `verify` says who compared an activity
 * with its proof. Nothing is overwritten: the present ledger is the fold of all of it. */
#ifndef TITER_APP_LEDGER_H
#define TITER_APP_LEDGER_H

#include "app/app.h"
#include "app/record.h"
#include "road/ce.h"

typedef struct {
    int corrections;
    int64_t entered_ms, changed_ms;
} app_ledger_mark_t;

typedef struct {
    ce_t ce;
    ledger_t ledger;
    const app_ledger_mark_t *entries; /* one for each activity */
    ce_result_t *results;
    ce_plan_t plan;
    int32_t today;
} app_ledger_t;

/* The ledger with what it meets, what it lacks and the shortest way. Everything lives in `arena`. */
bool app_ledger(app_t *app, arena_t *arena, app_ledger_t *ledger, err_t *err);
/* A proof that comes with an activity: attached to the record, under "Other documents". `request` makes a repeat
 * harmless. */
bool app_ledger_document(app_t *app, const char *name, const char *bytes, size_t length, const char *request,
                         char id[APP_ID_MAX], err_t *err);
/* Documents under another id: `from` in a file, `to` here. */
typedef struct {
    const char *from[APP_DOCUMENTS], *to[APP_DOCUMENTS];
    int count;
} app_renamed_t;
typedef struct {
    int added, corrected, same;
} app_ledger_import_t;
/* Takes in what app_ledger_export wrote, checked as a whole first: entries with an id that is here are corrections when
 * they differ. Without `save` it only says what would be. */
bool app_ledger_import(app_t *app, const char *json, size_t length, const app_renamed_t *names, bool save,
                       app_ledger_import_t *done, err_t *err);
typedef struct {
    app_import_t record;
    app_ledger_import_t ledger;
    int attached; /* documents */
} app_unpacked_t;
/* Takes in what app_record_pack wrote; without `save` it says what would be. The whole archive is checked first, and
 * one that is damaged, does not fit its own hashes or was not made here is refused and leaves nothing behind. */
bool app_record_unpack(app_t *app, const char *owner, const char *bytes, size_t length, bool save, arena_t *arena,
                       app_unpacked_t *done, err_t *err);
/* As JSON, which titer ce check and ledger_read take. */
bool app_ledger_export(app_t *app, text_t *out, err_t *err);

/* As typed; what is wrong is refused with a sentence. Texts may be "". */
typedef struct {
    const char *rule, *start, *deadline, *number;
    bool first;
    const char *const *topics; /* categories of the license */
    int topic_count;
} app_held_t;

typedef struct {
    const char *date, *title, *provider, *kind, *hours, *semester_hours, *quarter_hours, *proof;
    const char *const *topics;
    int topic_count;
    const char *const *documents; /* ids of documents of the record that prove it */
    int document_count;
} app_activity_t;

/* id "": a new one, whose id goes to `made`; else a correction of that one. `request` makes a repeat harmless. */
bool app_ledger_hold(app_t *app, const char *id, const app_held_t *held, const char *request, char made[APP_ID_MAX],
                     err_t *err);
bool app_ledger_enter(app_t *app, const char *id, const app_activity_t *activity, const char *request,
                      char made[APP_ID_MAX], err_t *err);
bool app_ledger_drop(app_t *app, const char *id, err_t *err);
bool app_ledger_strike(app_t *app, const char *id, const char *why, err_t *err);
/* `by`: the name of the person who compared the activity with its proof. A correction makes it declared again. */
bool app_ledger_verify(app_t *app, const char *id, const char *by, err_t *err);

#endif
