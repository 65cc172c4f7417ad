/* What the templates of the care page show. Plain text only. */
#ifndef TITER_WEB_DESK_CARE_VIEW_H
#define TITER_WEB_DESK_CARE_VIEW_H

#include "desk_view.h"
#include "lab/care.h"

typedef struct {
    const char *name, *field, *unit, *limits, *written;
    bool value, choice, tick;
    choice_t choices[CARE_CHOICES_MAX];
    int choice_count;
} care_step_row_t;

typedef struct {
    const char *name, *sop, *sop_href, *state;
    int line, list;
    bool to_sign, is_signed;
    care_step_row_t steps[CARE_STEPS_MAX];
    int count;
} care_sheet_card_t;

typedef struct {
    const char *name, *value, *unit, *limits;
} care_reading_row_t;

typedef struct {
    const char *name;
    int line;
    care_sheet_card_t sheets[CARE_LISTS];
    int sheet_count;
    care_reading_row_t readings[CARE_READINGS_MAX];
    int reading_count;
} care_line_card_t;

typedef struct {
    const char *when, *value, *second, *initials;
} care_log_row_t;

typedef struct {
    const char *name, *holds, *limits, *now, *extremes, *seen, *second_label, *state, *chart, *chart_text;
    int unit;
    bool looked, quarantined;
    care_log_row_t *rows;
    int row_count;
} care_unit_card_t;

typedef struct {
    const char *test, *id, *lot, *papers, *unit, *expires; /* papers: ISI and MNPT of a thromboplastin, or "" */
    int line, code;
    bool on_board;
} care_lot_row_t;

typedef struct {
    const char *title, *test, *state, *result;
    int line;
    bool to_compare, to_judge;
} care_crossover_row_t;

typedef struct {
    const char *name, *code, *text, *detail;
    int number;
} care_option_t;

typedef struct {
    const char *name, *code, *message, *manual, *state, *times, *advice, *compare;
    int line;
    bool active, cleared, stopped, returned, busy, called;
    care_option_t steps[CARE_ALARM_STEPS_MAX], checks[VERIFY_KINDS];
    int step_count, check_count;
} care_alarm_card_t;

typedef struct {
    const char *name, *state, *told;
    int line; /* -1: the LIS */
    bool declared, down, out;
} care_down_row_t;

typedef struct {
    int number;
    const char *accession, *name, *test, *how, *when, *value, *entered, *state, *unit;
    bool to_enter, to_check;
} care_paper_row_t;

typedef struct {
    desk_t *d;
    const char *date, *hint;
    bool on;
    frame_tab_t views[5];
    care_line_card_t lines[SHIFT_LINES];
    int line_count;
    care_unit_card_t units[CARE_UNITS_MAX];
    int unit_count;
    choice_t unit_actions[UNIT_ACTIONS];
    care_lot_row_t *lots;
    int lot_count;
    care_crossover_row_t crossovers[16];
    int crossover_count;
    care_alarm_card_t alarms[SHIFT_LINES];
    int alarm_count;
    care_down_row_t downs[SHIFT_LINES + 1];
    int down_count;
    bool lis_down;
    choice_t groups[WARD_GROUPS + 1];
    care_paper_row_t *papers;
    int paper_count;
    specimen_row_t *waiting, *measured; /* for the backup; measured: for comparisons and paper reports */
    int waiting_count, measured_count;
} care_page_t;

#endif
