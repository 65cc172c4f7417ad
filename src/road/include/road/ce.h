/* Continuing education: rules by body and state as data, one ledger of activities, what each counts for, what is
 * missing by when, and the least set of hours that meets every obligation.
 *
 * Amounts are in hundredths of the body's own unit (point, credit, contact hour). What was not read of a rule stays
 * CE_NOT_READ and makes the answer CE_CANNOT_TELL exactly where it matters. Today's day is an argument. */
#ifndef TITER_ROAD_CE_H
#define TITER_ROAD_CE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/source.h"
#include "base/text.h"
#include "road/outlook.h"
#include "road/when.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    CE_NOT_READ = -1,
    CE_UNIT = 100, /* one hour or point */
    CE_TOPICS_MAX = 48,
    CE_LEAST_MAX = 8, /* minimums by topic of one rule */
    CE_HELD_MAX = 16,
    CE_ACTIVITIES_MAX = 500,
    CE_HOURS_MAX = 2000, /* of one activity */
    CE_TEXT_MAX = 300,
    CE_JSON_MAX = 1024 * 1024,
    CE_REMARKS_MAX = 8,
    CE_DOCUMENTS_MAX = 4, /* that prove one activity */
};

/* ---- rules (content/road/ce.csv, ce_topics.csv) ---- */

typedef enum { CE_NO, CE_YES, CE_UNSURE } ce_tri_t;

typedef struct {
    const char *id, *title;
    ce_tri_t laboratory; /* is it laboratory practice */
    fact_source_t source;
} ce_topic_t;

typedef enum {
    CE_COURSE,     /* course, seminar, webinar, meeting with a certificate */
    CE_IN_SERVICE, /* structured training by the employer or a vendor */
    CE_ACADEMIC,   /* of a college: semester or quarter hours */
    CE_STAFF_MEETING,
    CE_ORIENTATION,
    CE_CPR,
    CE_GENERAL_SAFETY, /* the yearly training of a whole institution */
    CE_BOARD_MEETING,  /* listening to a board's telephone meeting */
    CE_EMPLOYMENT,     /* points for being employed */
    CE_WRITING,
    CE_TEACHING,
    CE_SERVICE, /* committees, boards */
    CE_KINDS
} ce_kind_t;
const char *ce_kind_word(ce_kind_t kind); /* "in_service" */
const char *ce_kind_title(ce_kind_t kind);
int ce_kind_from(const char *word); /* -1 */

typedef struct {
    int topic;
    int32_t amount;
} ce_least_t;

typedef enum { CE_READ_NOT, CE_READ_NONE, CE_READ_SOME, CE_READ_ALL } ce_read_t;

typedef struct {
    const char *id, *title, *body, *state, *credentials, *unit; /* credentials: names separated by "; " */
    int32_t cycle_years, total;                                 /* total: hundredths; CE_NOT_READ */
    ce_least_t least[CE_LEAST_MAX], first_least[CE_LEAST_MAX];
    int least_count, first_least_count;
    ce_read_t least_read;                /* how much of the minimums by topic was read; NONE: the text names none */
    int32_t each_license_category;       /* at least so much in each category of the person's license; 0 */
    int32_t kind_most_percent[CE_KINDS]; /* of the total; CE_NOT_READ: no limit was read */
    int32_t per_hour, per_semester_hour, per_quarter_hour; /* what it gives; CE_NOT_READ */
    bool only_laboratory;
    bool counted[CE_KINDS], excluded[CE_KINDS]; /* neither: the text that was read does not say */
    bool carries_nothing;                       /* only what lies inside the period counts; false: not read */
    bool calendar_before;   /* counted over the whole calendar years of the cycle before the year of renewal */
    const char *ends;       /* "08-31": the period of everybody ends on that day; "" */
    int32_t first_total;    /* of the first period after a license; CE_NOT_READ */
    const char *first_says; /* the same in words; "" */
    const char *counts, *late, *audit, *notes;
    fact_source_t source;
} ce_rule_t;

typedef struct {
    const ce_rule_t *rules;
    int rule_count;
    const ce_topic_t *topics;
    int topic_count;
} ce_t;

bool ce_load(ce_t *ce, arena_t *arena, const source_t *content, err_t *err);
int ce_topic(const ce_t *ce, const char *id); /* -1 */
/* The rule by its id, or by body or state and credential; credential may be "" where body or state has one rule. */
int ce_rule(const ce_t *ce, const char *body_or_state, const char *credential); /* -1 */

/* ---- the ledger ---- */

typedef struct {
    const char *id, *rule_id; /* rule_id: of ce.csv */
    int rule;
    when_t start, deadline;  /* of the present period; unknown days are worked out from the cycle where they can be */
    bool first;              /* the first period after a license */
    uint64_t license_topics; /* categories of the license, a bit each */
    const char *number;      /* of the certificate or license; "" */
} ce_held_t;

typedef struct {
    const char *id, *title, *provider;
    when_t date; /* on which it was finished */
    ce_kind_t kind;
    int32_t hours, semester_hours, quarter_hours; /* hundredths; CE_NOT_READ: not said */
    uint64_t topics;                              /* a bit each */
    const char *proof;                            /* what proves it and where it is; "" none */
    const char *documents[CE_DOCUMENTS_MAX];      /* ids of documents of the record that prove it */
    int document_count;
    const char *verified_by; /* who compared it with its proof; "": declared only */
} ce_activity_t;

typedef struct {
    ce_held_t *held;
    int held_count;
    ce_activity_t *activities;
    int activity_count;
} ledger_t;

/* Reads a ledger as JSON (titer(1) describes it). Messages name the place: "activities[2].date". */
bool ledger_read(ledger_t *ledger, arena_t *arena, const ce_t *ce, const char *json, size_t length, err_t *err);
/* Hundredths from a decimal such as "1.5"; false beyond CE_HOURS_MAX or two decimals. */
bool ce_amount(const char *text, int32_t *amount);

/* ---- what counts ---- */

typedef enum { CE_MET, CE_MISSING, CE_CANNOT_TELL, CE_NONE_ASKED } ce_state_t;
const char *ce_state_word(ce_state_t state); /* "met", "missing", "cannot tell", "none asked" */

typedef struct {
    int activity;
    ce_tri_t counts;
    int32_t amount; /* hundredths of the unit; CE_NOT_READ: how much was not read */
    const char *why;
} ce_line_t;

typedef struct {
    int topic; /* -1: the total */
    int32_t need, sure, possible;
    int32_t declared; /* the part of `sure` that nobody verified */
    bool open_ended;  /* possible has no bound: an amount was not read */
    ce_state_t state;
} ce_need_t;

typedef struct {
    int held;
    when_t start, deadline; /* of the counting window */
    bool overdue;           /* the deadline is over for certain */
    ce_state_t state;
    ce_need_t total, least[CE_TOPICS_MAX];
    int least_count;
    ce_line_t *lines;                    /* one for each activity */
    const char *remarks[CE_REMARKS_MAX]; /* what is not read, what was assumed */
    int remark_count;
} ce_result_t;

/* One result for each obligation held. */
bool ce_check(ce_result_t **results, arena_t *arena, const ce_t *ce, const ledger_t *ledger, int32_t today, err_t *err);

/* ---- the shortest way ---- */

typedef struct {
    int topic; /* -1: any topic of laboratory practice */
    int32_t hours;
    int32_t from, by; /* days between which they must be done */
    uint32_t serves;  /* obligations, a bit each */
} ce_step_t;

typedef struct {
    ce_step_t *steps;
    int step_count;
    int32_t hours;       /* all together */
    int32_t apart_hours; /* what it would be if each obligation were met alone */
    bool proved;         /* no smaller number of whole hours is enough */
    uint32_t left_out;   /* obligations for which no plan can be made: their rule was not read, or it is too late */
} ce_plan_t;

/* The least whole hours that meet everything that is missing, counting only what counts for certain. */
bool ce_plan(ce_plan_t *plan, arena_t *arena, const ce_t *ce, const ledger_t *ledger, const ce_result_t *results,
             int32_t today, err_t *err);

/* Deadlines with reminders, and the steps of the plan, as a calendar file; `stamp_ms`: when it is made. */
void ce_calendar(text_t *out, const ce_t *ce, const ledger_t *ledger, const ce_result_t *results, const ce_plan_t *plan,
                 int64_t stamp_ms);

#endif
