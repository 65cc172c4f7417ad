/* What follows from a debrief: what the careful run did at the same moment, and a plan whose lines can be kept. The
 * plan comes from the costliest kinds of mistake: for each one what to remember, and where it is met again. */
#include "debrief_parts.h"

#include <stdio.h>
#include <string.h>

enum { EXPERT_ACTIONS = 4, RETRY_DAYS = 2, DRILL_SPEED = 30, KEPT_MAX = 400 };

/* ---- the careful run at the same moment ---- */

/* The same tube in the careful run: there it may have come as another number. */
static int32_t same_specimen(const debrief_load_t *load, const shift_t *worked, int32_t specimen)
{
    specimen_view_t mine, theirs;
    if (specimen < 0 || !shift_specimen(load->shift, specimen, &mine)) return -1;
    if (!shift_specimen(worked, specimen, &theirs)) return -1;
    return strcmp(mine.order.mrn, theirs.order.mrn) == 0 && mine.collected_s == theirs.collected_s ? specimen : -1;
}

static bool about(const log_view_t *row, const finding_t *f, int32_t specimen)
{
    if (row->kind == ACT_INSPECT || row->kind == ACT_OPEN_RESULT || row->kind == ACT_LOAD || row->kind == ACT_SPIN)
        return false;
    if (specimen >= 0) return row->specimen == specimen;
    bool controls = f->kind == FINDING_QC_MISSED || f->kind == FINDING_QC_CAUGHT || f->kind == FINDING_QC_FALSE_ALARM;
    if (controls && row->kind == ACT_ACCEPT_QC_RUN) return false;
    if (f->line < 0 || row->line != f->line) return false;
    return f->analyte < 0 || row->analyte < 0 || row->analyte == f->analyte;
}

const char *debrief_expert_words(const debrief_load_t *load, const shift_t *worked, const finding_t *f)
{
    int32_t specimen = same_specimen(load, worked, f->specimen);
    if (f->specimen >= 0 && specimen < 0) return "met another tube here: its shift had gone another way";
    if (f->specimen < 0 && f->line < 0) return "is compared as a whole below";
    const char *said = "";
    int found = 0;
    log_view_t row;
    for (int32_t i = 0; shift_log(worked, i, &row); i++) {
        if (!about(&row, f, specimen) || (f->specimen < 0 && row.at_s < f->visible_s)) continue;
        if (found++ == EXPERT_ACTIONS) return words(load->arena, "%s; and more", said);
        const char *test = row.analyte >= 0 ? lab_analyte(load->lab, row.analyte)->name : "";
        const code_t *reason = row.kind == ACT_REJECT ? lab_code(load->lab, CODE_REJECT_REASON, row.code) : NULL;
        said = words(load->arena, "%s%s%s %s%s%s%s%s%s", said, found > 1 ? "; " : "",
                     words_clock(load->arena, worked, row.at_s), action_said(row.kind), test[0] ? " " : "", test,
                     reason ? " (" : "", reason ? reason->text : "", reason ? ")" : "");
    }
    return found > 0 ? said : "let it pass without an action of its own";
}

/* ---- plan ---- */

/* Where the costliest kind of mistake is met again, and what to remember of it. */
static const struct {
    const char *scenario, *card;
} plan_of[FINDING_KINDS] = {
    [FINDING_HARMFUL_RELEASE] = {"morning-run",
                                 "Before you verify: does the result agree with the patient's earlier ones, with the "
                                 "indices and with the other tests of the same draw?"},
    [FINDING_UNKNOWABLE] =
        {"ordinary-sunday",
         "Some errors show nothing. What would make them show: a second identifier, a second draw, a delta?"},
    [FINDING_WRONG_REJECTION] =
        {"ordinary-sunday", "Before you reject: which criterion of the acceptance procedure does this specimen fail?"},
    [FINDING_UNFIT_TAKEN] =
        {"hour-at-the-window",
         "Before you accept a tube: label, additive, fill, leak, the date on it, the collection time."},
    [FINDING_CRITICAL_LATE] = {"short-handed-night",
                               "A critical value: who is called, within how many minutes, who next "
                               "when nobody answers, and what must be read back?"},
    [FINDING_QC_MISSED] =
        {"both-lines", "A control breaks a rule: stop the test, find the cause, and look back to the last good run."},
    [FINDING_QC_CAUGHT] = {"both-lines",
                           "After a rejected control: which patients were released since the last good run?"},
    [FINDING_QC_FALSE_ALARM] = {"after-eleven", "Before you reject a run: name the rule that was broken."},
    [FINDING_NEEDLESS_CALL] = {"short-handed-night", "Before you call: is the value on the critical list?"},
    [FINDING_NEEDLESS_REPEAT] = {"ordinary-sunday",
                                 "Before you repeat: what would the repeat tell that the first run did not?"},
    [FINDING_LATE_RESULT] = {"emergency-afternoon",
                             "Which of the specimens before you is due first, and which one is STAT?"},
    [FINDING_BLANK_RECORD] = {"morning-run",
                              "What is not written down was not done: cause, action, initials, hand-over."},
    [FINDING_PHONE] = {"short-handed-night",
                       "On the telephone: two identifiers first; then answer, look up, refuse or pass on."},
    [FINDING_WORKUP_MISSED] = {"clinic-list", "A count that does not fit itself: which interference, and which rerun?"},
    [FINDING_SURVEY_FAILED] = {"thursday-counts", "How is a proficiency specimen treated unlike a patient's?"},
    [FINDING_CARE_UNSIGNED] = {"before-the-round", "Which lists and logs are due at the start of your day?"},
    [FINDING_CARE_INVENTED] = {"before-the-round",
                               "Before you sign: did you look, and does every value stand there as you write it?"},
    [FINDING_CARE_OUT_OF_RANGE] = {"before-the-round",
                                   "A reading outside its limits: which tests depend on it, and may they run?"},
    [FINDING_CARE_EXCURSION] = {"monday-first",
                                "A refrigerator was warm: end the cause, mark the stock, think of what is on board."},
    [FINDING_CARE_STOCK] = {"plain-tuesday",
                            "A bottle: its date, where it stood, and whether its lot was compared on patients."},
    [FINDING_CARE_ALARM] = {"before-the-round", "An alarm: message, manual, first step, service, and who is told?"},
    [FINDING_CARE_UNVERIFIED] = {"before-the-round",
                                 "After a repair and before patients: function check, controls, patient comparison."},
    [FINDING_CARE_DOWNTIME] = {"before-the-round",
                               "A line is down: the log, the wards, STAT first. In which order, within how long?"},
    [FINDING_CARE_ENTRY] = {"before-the-round",
                            "A result typed from paper is read against the paper by a second person."},
    [FINDING_TUBE_SPIN] = {"first-hour-bench",
                           "Before the lid closes: which program, how many minutes, what balances?"},
    [FINDING_TUBE_ADD_ON] = {"first-hour-bench",
                             "A test on a stored tube: how old is it, where was it kept, what does the table say?"},
    [FINDING_TUBE_ALIQUOT] = {"first-hour-bench", "A cup that was poured: when does it get its label?"},
    [FINDING_TUBE_UNSTORED] = {"first-hour-bench", "Who looks for a tube tomorrow: where will it be found?"},
    [FINDING_TUBE_LABEL] = {"first-hour-bench",
                            "Before a fresh label: which two identifiers did you compare, and with what?"},
    [FINDING_REVIEW_WRONG] = {"last-of-the-month",
                              "Before new limits: 20 accepted runs or more, none rejected among them, and a month that "
                              "neither moves nor scatters."},
    [FINDING_REVIEW_MISSED] = {"last-of-the-month",
                               "A month of controls: where does the mean stand, how wide is it, does its last third "
                               "agree with its first?"},
    [FINDING_REVIEW_NEEDLESS] = {"last-of-the-month",
                                 "Before you look for a cause: what in the numbers of the month asks for one?"},
};

static void scenario_of(const debrief_load_t *load, const char *id, debrief_plan_line_t *line)
{
    const scenario_t *scenario = scenario_find(load->lab, id);
    scenario_view_t view = {.id = load->visit.summary.scenario_id,
                            .title = load->visit.summary.title,
                            .length_s = load->visit.summary.length_s};
    if (scenario != NULL) scenario_view(scenario, &view);
    line->scenario_id = words(load->arena, "%s", view.id);
    line->title = words(load->arena, "%s", view.title);
    line->minutes = words(load->arena, "%d", (int)((view.length_s + 60 * DRILL_SPEED - 1) / (60 * DRILL_SPEED)));
}

static debrief_plan_line_t *add_line(debrief_page_t *page, plan_kind_t kind, const char *text, const char *answer)
{
    static const char *const kinds[PLAN_KINDS] = {"Review card", "Drill", "Re-try"};
    debrief_plan_line_t *line = &page->plan[page->plan_count];
    *line = (debrief_plan_line_t){.number = page->plan_count++,
                                  .kind = (int)kind,
                                  .name = kinds[kind],
                                  .text = text,
                                  .answer = answer,
                                  .scenario_id = "",
                                  .title = "",
                                  .days = kind == PLAN_CARD ? 1 : 2};
    line->retry = kind == PLAN_RETRY;
    line->card = kind == PLAN_CARD;
    return line;
}

/* One card for each of the costliest kinds, one drill for the first, one re-try. */
static void fill_lines(debrief_page_t *page, const debrief_load_t *load)
{
    const debrief_t *d = load->debrief;
    const char *drill = NULL, *why = "the whole of a shift";
    bool seen[FINDING_KINDS] = {false};
    int cards = 0;
    for (int i = 0; i < d->finding_count && cards < DEBRIEF_CARDS; i++) {
        const finding_t *f = &d->findings[i];
        if (!(f->points > 0) || seen[f->kind] || plan_of[f->kind].card == NULL) continue;
        seen[f->kind] = true;
        cards++;
        add_line(page, PLAN_CARD, plan_of[f->kind].card, words(load->arena, "%s", f->text));
        if (drill == NULL && plan_of[f->kind].scenario != NULL) {
            drill = plan_of[f->kind].scenario;
            why = page->moments[i].kind;
        }
    }
    if (cards == 0)
        add_line(page, PLAN_CARD, "Name the cue you relied on most in this shift, and one that you did not look at.",
                 "Nothing cost points.");
    debrief_plan_line_t *line = add_line(page, PLAN_DRILL, words(load->arena, "Practices: %s.", why), "");
    scenario_of(load, drill != NULL ? drill : page->scenario_id, line);
    line->mode = "coach";
    line = add_line(page, PLAN_RETRY, "The same shift, fresh seed.", "");
    line->scenario_id = page->scenario_id;
    line->title = page->title;
    line->mode = page->mode_word;
}

static void fill_days(debrief_page_t *page, const debrief_load_t *load)
{
    static const int days[DEBRIEF_DAYS] = {1, 2, 3, 7, 14, 30};
    for (int i = 0; i < DEBRIEF_DAYS; i++) {
        int64_t at = load->request->now_ms + (int64_t)days[i] * 24 * 3600 * 1000;
        page->days[i] = (debrief_day_t){days[i], words_day(load->arena, at), days[i] == RETRY_DAYS};
        if (days[i] == RETRY_DAYS) page->retry_day = page->days[i].day;
    }
}

bool debrief_fill_plan(debrief_page_t *page, const debrief_load_t *load, err_t *err)
{
    app_plan_t *kept = arena_array(load->arena, APP_PLAN_MAX, sizeof *kept);
    int count;
    if (kept == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    if (!app_plan_list(load->app, true, kept, APP_PLAN_MAX, &count, err)) return false;
    fill_days(page, load);
    fill_lines(page, load);
    for (int i = 0; i < count; i++)
        for (int k = 0; k < page->plan_count; k++)
            if (strcmp(kept[i].shift, load->id) == 0 && (int)kept[i].kind == page->plan[k].kind &&
                strcmp(kept[i].text, page->plan[k].text) == 0)
                page->plan[k].kept = kept[i].done ? "done" : words_day(load->arena, kept[i].due_ms);
    return true;
}

bool debrief_keep(const debrief_page_t *page, const debrief_load_t *load, int number, int days, err_t *err)
{
    app_plan_t line = {0};
    if (number < 0 || number >= page->plan_count)
        return err_set(err, ERR_INPUT, "This debrief has no such line of a plan. Choose one of the list.");
    const debrief_plan_line_t *from = &page->plan[number];
    if (from->kept != NULL) return true;
    line.kind = (plan_kind_t)from->kind;
    int mode = from->mode != NULL ? shift_mode_from_word(from->mode) : -1;
    line.mode = mode >= 0 ? (shift_mode_t)mode : MODE_PRACTICE;
    snprintf(line.text, sizeof line.text, "%s", from->text);
    snprintf(line.answer, sizeof line.answer, "%s", from->answer);
    snprintf(line.scenario_id, sizeof line.scenario_id, "%s", from->scenario_id);
    snprintf(line.title, sizeof line.title, "%s", from->title);
    return app_plan_keep(load->app, load->id, &line, days, err);
}
