/* Words that the pages and the papers of the ledger share. */
#ifndef TITER_WEB_LEDGER_H
#define TITER_WEB_LEDGER_H

#include "app/ledger.h"

const char *ledger_day(arena_t *arena, when_t when);
const char *ledger_amount(arena_t *arena, int32_t amount);
/* "ASCP: MLT, MLS". */
const char *ledger_held_name(const app_ledger_t *ledger, int held);
const char *ledger_topics(arena_t *arena, const ce_t *ce, uint64_t topics);
/* "1.5 h", "3 semester h". */
const char *ledger_size(arena_t *arena, const ce_activity_t *activity);

#endif
