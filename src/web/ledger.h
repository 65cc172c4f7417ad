/* Words that the pages and the papers of the ledger share. */
#ifndef TITER_WEB_LEDGER_H
#define TITER_WEB_LEDGER_H

#include "app/ledger.h"
#include "app/record.h"
#include "web/web.h"

const char *ledger_day(arena_t *arena, when_t when);
const char *ledger_amount(arena_t *arena, int32_t amount);
/* "ASCP: MLT, MLS". */
const char *ledger_held_name(const app_ledger_t *ledger, int held);
const char *ledger_topics(arena_t *arena, const ce_t *ce, uint64_t topics);
/* "1.5 h", "3 semester h". */
const char *ledger_size(arena_t *arena, const ce_activity_t *activity);
/* What proves it, in words: what was typed, then the names of its documents; "" nothing. */
const char *ledger_proof(arena_t *arena, const app_entries_t *record, const ce_activity_t *activity);
/* NULL: the record has it no more. */
const app_document_t *ledger_document(const app_entries_t *record, const char *id);
/* What goes into an audit pack: of one obligation what counts for it or may, of all (held -1) every activity; by date.
 * The number of an activity in a pack is its place in `activities`, from 1. */
typedef struct {
    int held;
    int *activities, count;
} ledger_pack_t;
/* `id` of an obligation, or NULL for all. */
bool ledger_pack(arena_t *arena, const app_ledger_t *ledger, const char *id, ledger_pack_t *pack, err_t *err);
/* The name of the k-th proof of the activity with that number: "03-2-certificate.pdf", letters and digits only. */
const char *ledger_file_name(arena_t *arena, int number, int k, const app_document_t *document);
/* The pack's cover list, what counts, and its files with their hashes, as PDF. */
bool ledger_cover(const request_t *request, const app_ledger_t *ledger, const app_entries_t *record,
                  const ledger_pack_t *pack, text_t *out, err_t *err);

#endif
