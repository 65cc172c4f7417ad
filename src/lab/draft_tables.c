/* The form of a scenario as tables: every key of a scenario file with its words, and the lists that its choices
 * come from. A new key or kind is a row here. Bounds and rules are not repeated: scenario.c has them. */
#include "cells.h"
#include "clotting.h"
#include "content_private.h"
#include "draft_private.h"
#include "lab/bench.h"
#include "lab/draft.h"
#include "lab/fault.h"
#include "lab_private.h"
#include "shift_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- kinds of planted things ---- */

typedef struct {
    const char *word, *text, *help;
} kind_row_t;

enum {
    SPECIMEN = 1 << 0,
    SWAP = 1 << 1,
    LABEL = 1 << 2,
    CRITICAL = 1 << 3,
    ANALYZER = 1 << 4,
    PUZZLE = 1 << 5,
    SURVEY = 1 << 6,
    ADDED = 1 << 7,
    EXCURSION = 1 << 8,
    BREAKDOWN = 1 << 9,
    LIS_DOWN = 1 << 10,
    LOT = 1 << 11,
    MONTH = 1 << 12,
    PATIENT = SPECIMEN | SWAP | LABEL | CRITICAL | PUZZLE | SURVEY | ADDED
};

static const kind_row_t kinds[] = {
    {"specimen", "A spoiled specimen", "One tube arrives with a fault: hemolyzed, contaminated, too old."},
    {"swap", "Blood of two patients swapped",
     "Two tubes arrive whose labels and orders agree, but the blood is the other patient's."},
    {"label", "A label that does not match", "One tube whose label is of somebody else than the order."},
    {"critical", "A patient with a critical value",
     "The value is real: it must be believed, verified and called to the ward."},
    {"analyzer", "An analyzer fault", "From some moment on, one line measures wrong until somebody mends it."},
    {"patient", "A patient whose blood misleads or puzzles",
     "Nothing is wrong with the tube, but its first numbers are not the end: cold agglutinins, a lupus anticoagulant."},
    {"proficiency", "A proficiency specimen",
     "Looks like any other and is to be treated like any other; its target is known and judged."},
    {"add_on", "A test added to a stored tube",
     "A tube of the shift before is in the store; at that time one more test is ordered on it."},
    {"refrigerator", "A refrigerator out of its limits", "For some hours, before the shift or in it."},
    {"breakdown", "An analyzer stops", "With an alarm that has a hidden cause; the queue waits."},
    {"lis_down", "The LIS is down", "Nothing is verified meanwhile: paper and telephone."},
    {"lot", "A new lot goes into use", "The analyzer goes over to a bottle of the next lot."},
    {"month", "A month of controls to review",
     "The controls of one test wait for their monthly review and signature, from \"When\" on. The months of a scenario "
     "have "
     "one run a day."},
};
enum { KINDS = sizeof kinds / sizeof *kinds };
_Static_assert((int)KINDS <= (int)DRAFT_KINDS_MAX, "kinds are bits");

uint32_t draft_kind_bit(const char *kind)
{
    for (int i = 0; i < KINDS; i++)
        if (kind && strcmp(kinds[i].word, kind) == 0) return 1u << i;
    return 0;
}

const char *draft_kind_help(const char *kind)
{
    for (int i = 0; i < KINDS; i++)
        if (strcmp(kinds[i].word, kind) == 0) return kinds[i].help;
    return "";
}

/* ---- fields ---- */

static const draft_field_t root_fields[] = {
    {.key = "id",
     .label = "Short name",
     .type = DRAFT_TEXT,
     .sample = "a-name",
     .required = true,
     .max = 48,
     .hint = "Names the exported file: small letters, digits and hyphens. Left empty, it is made from the title."},
    {.key = "order",
     .label = "Place in the list",
     .type = DRAFT_NUMBER,
     .sample = "100",
     .hint = "Only for a file that is shipped with the laboratory: 0 comes first."},
    {.key = "title",
     .section = "Story",
     .label = "Title",
     .type = DRAFT_TEXT,
     .sample = "A title",
     .required = true,
     .max = 120,
     .hint = "The trainee reads it before the shift. It must not hint at what is wrong: \"Night shift\", not \"The bad "
             "electrode\"."},
    {.key = "summary",
     .label = "Summary",
     .type = DRAFT_TEXT,
     .sample = "A summary.",
     .required = true,
     .max = 300,
     .hint = "One line for the list of shifts, without a hint either."},
    {.key = "level", .label = "Level", .type = DRAFT_CHOICE, .list = LIST_LEVELS, .blank = "core", .sample = "core"},
    {.key = "mode",
     .label = "Written for",
     .type = DRAFT_CHOICE,
     .list = LIST_MODES,
     .blank = "practice",
     .sample = "practice",
     .hint = "The trainee may still choose another mode."},
    {.key = "role",
     .label = "The trainee's role",
     .type = DRAFT_TEXT,
     .blank = "Technician at the chemistry bench",
     .sample = "Technician",
     .required = true,
     .max = 120},
    {.key = "staffing",
     .label = "Who else is there",
     .type = DRAFT_TEXT,
     .blank = "You run the bench; an assistant receives the tubes.",
     .sample = "Alone.",
     .required = true,
     .max = 300},
    {.key = "briefing",
     .label = "Briefing",
     .type = DRAFT_LINES,
     .blank = "Harbor Street Hospital, 200 beds. Two chemistry lines, AN-1 and AN-2, both in use.\n"
              "Mistakes are expected here: work as you would, the debrief explains.",
     .sample = "A briefing.",
     .required = true,
     .max = 6000,
     .hint = "What the trainee is told at the start. Each line is a paragraph; at most 8."},
    {.key = "objectives",
     .label = "Objectives",
     .type = DRAFT_LINES,
     .sample = "Work.",
     .required = true,
     .max = 4000,
     .hint = "What the trainee should be able to do afterward; one a line, at most 8. For you: the trainee is not "
             "shown them."},
    {.key = "sops",
     .label = "Procedures at hand",
     .type = DRAFT_CHOICES,
     .list = LIST_SOPS,
     .hint = "Named in the briefing; at most 12. Those of the bench, not of the answer: the whole binder can always be "
             "opened."},
    {.key = "start",
     .section = "Time and load",
     .label = "Starts at",
     .type = DRAFT_TIME,
     .blank = "06:00",
     .sample = "06:00",
     .required = true,
     .hint = "Time of day, such as 22:30. It decides which patients come: rounds, clinics, emergencies."},
    {.key = "minutes",
     .label = "Length in minutes",
     .type = DRAFT_NUMBER,
     .blank = "120",
     .sample = "720",
     .required = true,
     .hint = "10 to 720. The clock may run up to 30 times as fast."},
    {.key = "benches",
     .label = "Benches of the trainee",
     .type = DRAFT_CHOICES,
     .list = LIST_BENCHES,
     .hint = "None chosen: chemistry alone."},
    {.key = "reception",
     .label = "Who receives the tubes",
     .type = DRAFT_CHOICE,
     .list = LIST_RECEPTION,
     .blank = "assistant",
     .sample = "assistant"},
    {.key = "handling",
     .label = "How tubes reach the analyzer",
     .type = DRAFT_CHOICE,
     .list = LIST_HANDLING,
     .blank = "track",
     .sample = "track"},
    {.key = "specimens",
     .label = "Specimens expected",
     .type = DRAFT_NUMBER,
     .blank = "30",
     .sample = "30",
     .required = true,
     .hint = "On average, besides the planted ones. About 12 an hour is calm, 40 an hour is busy."},
    {.key = "pending",
     .label = "Waiting at the start",
     .type = DRAFT_NUMBER,
     .blank = "3",
     .sample = "3",
     .hint = "Specimens already in the house, 0 to 60."},
    {.key = "settings.community",
     .section = "Where patients come from",
     .label = "Share from the community",
     .type = DRAFT_NUMBER,
     .sample = "1",
     .max = 8,
     .hint = "2 brings twice as many as 1; 0 or empty brings none."},
    {.key = "settings.outpatient",
     .label = "Share from clinics",
     .type = DRAFT_NUMBER,
     .blank = "2",
     .sample = "1",
     .max = 8},
    {.key = "settings.ed",
     .label = "Share from emergency",
     .type = DRAFT_NUMBER,
     .blank = "3",
     .sample = "1",
     .max = 8},
    {.key = "settings.inpatient",
     .label = "Share from the wards",
     .type = DRAFT_NUMBER,
     .blank = "5",
     .sample = "1",
     .max = 8},
    {.key = "settings.icu",
     .label = "Share from intensive care",
     .type = DRAFT_NUMBER,
     .blank = "1",
     .sample = "1",
     .max = 8},
    {.key = "prevalence",
     .section = "Faults by chance, and controls",
     .label = "Faults come",
     .type = DRAFT_CHOICE,
     .list = LIST_PREVALENCE,
     .blank = "drill",
     .sample = "drill",
     .hint = "The debrief tells the trainee which."},
    {.key = "background",
     .label = "Tube faults by chance",
     .type = DRAFT_NUMBER,
     .blank = "0.1",
     .sample = "0.1",
     .hint =
         "Times the published rates of tube faults, besides what you plant: 1 is as in life, 0 is none, 10 the most."},
    {.key = "care",
     .label = "Checklists, temperatures and stores",
     .type = DRAFT_CHOICE,
     .list = LIST_CARE,
     .sample = "done",
     .hint = "The trainee's: what is due and blank is judged."},
    {.key = "date",
     .label = "Date",
     .type = DRAFT_TEXT,
     .sample = "2026-11-30",
     .max = 10,
     .hint = "As 2026-11-30. Weekly lists are due on Mondays, monthly ones on the first."},
    {.key = "qc_at",
     .label = "Controls run at",
     .type = DRAFT_TIMES,
     .blank = "0:05",
     .sample = "0:05",
     .max = 200,
     .hint = "Hours and minutes after the start, commas between: 0:05, 4:00. Empty: only when the trainee runs them."},
    {.key = "random_calls",
     .section = "Interruptions",
     .label = "Calls by chance",
     .type = DRAFT_NUMBER,
     .blank = "1.5",
     .sample = "1.5",
     .hint = "How many unplanned calls ring in the shift, on average; 0 to 40."},
    {.key = "answer_probability",
     .label = "Chance that the ward answers",
     .type = DRAFT_NUMBER,
     .sample = "0.9",
     .hint = "When the trainee calls; 0 to 1. Empty: 0.9."},
    {.key = "misread_probability",
     .label = "Chance of a wrong read-back",
     .type = DRAFT_NUMBER,
     .sample = "0.06",
     .hint = "When the trainee gives a value; 0 to 1. Empty: 0.06."},
};

static const draft_field_t plant_fields[] = {
    {.key = "kind",
     .label = "What",
     .type = DRAFT_CHOICE,
     .list = LIST_PLANT_KINDS,
     .required = true,
     .sample = "label"},
    {.key = "fault",
     .max = 60,
     .label = "Fault",
     .type = DRAFT_CHOICE,
     .list = LIST_SPECIMEN_FAULTS,
     .required = true,
     .sample = "haemolysis",
     .kinds = SPECIMEN},
    {.key = "fault",
     .max = 60,
     .label = "Fault",
     .type = DRAFT_CHOICE,
     .list = LIST_ANALYZER_FAULTS,
     .required = true,
     .sample = "lamp_ageing",
     .kinds = ANALYZER},
    {.key = "at",
     .label = "When",
     .type = DRAFT_TIME,
     .blank = "0:30",
     .sample = "0:00",
     .required = true,
     .hint = "Hours and minutes after the start: 0:35. Before it: -6:00."},
    {.key = "line",
     .label = "Analyzer",
     .type = DRAFT_CHOICE,
     .list = LIST_LINES,
     .blank = "1",
     .sample = "1",
     .required = true,
     .kinds = ANALYZER},
    {.key = "analyte",
     .label = "Test",
     .type = DRAFT_CHOICE,
     .list = LIST_ANALYTES,
     .kinds = ANALYZER,
     .hint = "Needed where the fault is of one test; otherwise it touches all that hang on that part."},
    {.key = "analyte",
     .label = "Test",
     .type = DRAFT_CHOICE,
     .list = LIST_ANALYTES,
     .sample = "sodium",
     .required = true,
     .kinds = CRITICAL},
    {.key = "analyte",
     .label = "Test that is added",
     .type = DRAFT_CHOICE,
     .list = LIST_ANALYTES,
     .sample = "hs_tni",
     .kinds = ADDED,
     .hint = "Or an aliquot in its place."},
    {.key = "aliquot",
     .label = "An aliquot is to be kept at -20 °C",
     .type = DRAFT_CHOICE,
     .list = LIST_YES,
     .kinds = ADDED},
    {.key = "value",
     .label = "True value",
     .type = DRAFT_NUMBER,
     .sample = "140",
     .required = true,
     .kinds = CRITICAL,
     .hint = "In the unit of the test."},
    {.key = "severity",
     .label = "How bad",
     .type = DRAFT_NUMBER,
     .sample = "0",
     .required = true,
     .kinds = SPECIMEN,
     .hint = "In the unit named with the fault."},
    {.key = "severity",
     .label = "How bad",
     .type = DRAFT_NUMBER,
     .blank = "1",
     .sample = "1",
     .required = true,
     .kinds = ANALYZER,
     .hint = "1 is the middle of the published range; a minus turns it around where it has two directions."},
    {.key = "growth_hours",
     .label = "Grows over hours",
     .type = DRAFT_NUMBER,
     .sample = "1",
     .kinds = ANALYZER,
     .hint = "Until it is at its worst. Empty or 0: at once."},
    {.key = "fault",
     .max = 60,
     .label = "What is off with the lot",
     .type = DRAFT_CHOICE,
     .list = LIST_ANALYZER_FAULTS,
     .kinds = LOT,
     .hint = "Empty: nothing."},
    {.key = "line",
     .label = "Analyzer",
     .type = DRAFT_CHOICE,
     .list = LIST_LINES,
     .blank = "1",
     .sample = "1",
     .kinds = EXCURSION | BREAKDOWN | LOT | MONTH},
    {.key = "unit",
     .label = "Unit",
     .type = DRAFT_CHOICE,
     .list = LIST_UNITS,
     .sample = "r1",
     .required = true,
     .kinds = EXCURSION},
    {.key = "peak", .label = "Peak, °C", .type = DRAFT_NUMBER, .sample = "14", .required = true, .kinds = EXCURSION},
    {.key = "hours",
     .label = "Lasts, hours",
     .type = DRAFT_NUMBER,
     .sample = "12",
     .required = true,
     .kinds = EXCURSION},
    {.key = "cause",
     .label = "Cause",
     .type = DRAFT_CHOICE,
     .list = LIST_EXCURSIONS,
     .sample = "door",
     .required = true,
     .kinds = EXCURSION},
    {.key = "spoils",
     .label = "Tests whose bottle on board stood there",
     .type = DRAFT_CHOICES,
     .list = LIST_ANALYTES,
     .kinds = EXCURSION},
    {.key = "alarm",
     .label = "Alarm",
     .type = DRAFT_CHOICE,
     .list = LIST_ALARMS,
     .sample = "an_probe",
     .required = true,
     .kinds = BREAKDOWN},
    {.key = "cause",
     .label = "Cause",
     .type = DRAFT_TEXT,
     .sample = "bent",
     .required = true,
     .max = 40,
     .kinds = BREAKDOWN,
     .hint = "A word of that alarm: see the list of alarms."},
    {.key = "leaves",
     .max = 60,
     .label = "Wrong after the repair",
     .type = DRAFT_CHOICE,
     .list = LIST_ANALYZER_FAULTS,
     .kinds = BREAKDOWN,
     .hint = "Until it is calibrated or mended. Empty: nothing."},
    {.key = "analyte",
     .label = "Test",
     .type = DRAFT_CHOICE,
     .list = LIST_ANALYTES,
     .kinds = BREAKDOWN,
     .hint = "Of what is wrong after the repair."},
    {.key = "analyte",
     .label = "Test",
     .type = DRAFT_CHOICE,
     .list = LIST_ANALYTES,
     .sample = "sodium",
     .required = true,
     .kinds = LOT | MONTH},
    {.key = "state",
     .label = "What is true of it",
     .type = DRAFT_CHOICE,
     .list = LIST_MONTHS,
     .blank = "stable",
     .sample = "stable",
     .required = true,
     .kinds = MONTH},
    {.key = "by",
     .label = "By how much",
     .type = DRAFT_NUMBER,
     .kinds = MONTH,
     .hint =
         "A mean, a drift, a step in SD of the method (-4 to 4); a wide SD as a ratio (1.5 to 5), scatter too (1.2 to "
         "3). Empty where it is stable."},
    {.key = "level",
     .label = "Only level",
     .type = DRAFT_NUMBER,
     .sample = "2",
     .kinds = MONTH,
     .hint = "1, 2 or 3. Empty: all."},
    {.key = "points",
     .label = "Runs of the present control lot",
     .type = DRAFT_NUMBER,
     .sample = "9",
     .kinds = MONTH,
     .hint = "5 to 29: a new lot of controls so many runs ago. Empty: all 30 of the month."},
    {.key = "rejected",
     .label = "Runs that went wrong",
     .type = DRAFT_NUMBER,
     .sample = "2",
     .kinds = MONTH,
     .hint = "0 to 4, rejected with their cause found."},
    {.key = "severity",
     .label = "How bad",
     .type = DRAFT_NUMBER,
     .blank = "1",
     .kinds = EXCURSION | BREAKDOWN | LOT,
     .hint = "1 is the middle of the published range."},
    {.key = "minutes", .label = "Minutes", .type = DRAFT_NUMBER, .sample = "60", .required = true, .kinds = LIS_DOWN},
    {.key = "fluid",
     .label = "Infusion",
     .type = DRAFT_CHOICE,
     .list = LIST_FLUIDS,
     .sample = "ns",
     .kinds = SPECIMEN,
     .hint = "Only for contamination by an infusion; without one it is 0.9 % saline."},
    {.key = "unanswered_calls",
     .label = "Calls that nobody answers",
     .type = DRAFT_NUMBER,
     .sample = "1",
     .kinds = CRITICAL,
     .hint = "So many tries find nobody; 0 to 10."},
    {.key = "setting",
     .label = "The patient is in",
     .type = DRAFT_CHOICE,
     .list = LIST_SETTINGS,
     .blank = "inpatient",
     .sample = "inpatient",
     .kinds = PATIENT},
    {.key = "priority",
     .label = "Priority",
     .type = DRAFT_CHOICE,
     .list = LIST_PRIORITIES,
     .sample = "routine",
     .kinds = PATIENT,
     .hint = "As usual: routine."},
    {.key = "panel",
     .label = "Tests ordered",
     .type = DRAFT_CHOICE,
     .list = LIST_PANELS,
     .blank = "cmp",
     .sample = "cmp",
     .kinds = PATIENT,
     .hint = "Without one, an order usual there is drawn."},
    {.key = "every_tube",
     .label = "In every tube of the draw",
     .type = DRAFT_CHOICE,
     .list = LIST_YES,
     .sample = "no",
     .kinds = SPECIMEN,
     .hint = "Yes: the fault is in all of them."},
    {.key = "condition",
     .label = "Illness",
     .type = DRAFT_CHOICE,
     .list = LIST_CONDITIONS,
     .sample = "dm2",
     .kinds = PATIENT,
     .hint = "Without one, it is drawn as usual there."},
    {.key = "cells",
     .label = "Condition of the cells",
     .type = DRAFT_CHOICE,
     .list = LIST_CELLS,
     .sample = "IDA_MOD",
     .kinds = PATIENT,
     .hint = "Without one, it goes with the illness or is drawn."},
    {.key = "clotting",
     .label = "Condition of clotting",
     .type = DRAFT_CHOICE,
     .list = LIST_CLOTTING,
     .sample = "LA",
     .kinds = PATIENT,
     .hint = "Without one, it goes with the illness or is drawn."},
    {.key = "expects",
     .label = "What must be done",
     .type = DRAFT_CHOICES,
     .list = LIST_TREATMENTS,
     .sample = "film",
     .kinds = PUZZLE | SPECIMEN,
     .hint = "Treatments, or tests to be added. Each that was not done counts as missed; at most 4."},
    {.key = "other_condition",
     .label = "Illness of the other patient",
     .type = DRAFT_CHOICE,
     .list = LIST_CONDITIONS,
     .sample = "dm2",
     .kinds = SWAP,
     .hint = "The more the two differ, the easier to notice."},
    {.key = "healthy",
     .label = "Otherwise healthy",
     .type = DRAFT_CHOICE,
     .list = LIST_YES,
     .sample = "yes",
     .kinds = PATIENT,
     .hint = "Yes: no illness is drawn."},
    {.key = "sex", .label = "Sex", .type = DRAFT_CHOICE, .list = LIST_SEX, .sample = "F", .kinds = PATIENT},
    {.key = "age_from",
     .label = "Age from",
     .type = DRAFT_NUMBER,
     .sample = "18",
     .kinds = PATIENT,
     .hint = "Years. Empty: drawn."},
    {.key = "age_to", .label = "Age to", .type = DRAFT_NUMBER, .sample = "90", .kinds = PATIENT},
    {.key = "earlier_result_hours",
     .label = "Earlier results, hours before",
     .type = DRAFT_NUMBER,
     .sample = "20",
     .kinds = SPECIMEN | LABEL | CRITICAL | PUZZLE | SURVEY,
     .hint = "Gives the trainee something to compare with. Empty: none are planted."},
    {.key = "earlier_result_hours",
     .label = "Earlier results, hours before",
     .type = DRAFT_NUMBER,
     .blank = "20",
     .sample = "20",
     .required = true,
     .kinds = SWAP,
     .hint = "Without them nobody could notice a swap."},
    {.key = "collected_minutes_before",
     .label = "Drawn, minutes before it arrives",
     .type = DRAFT_NUMBER,
     .sample = "20",
     .kinds = PATIENT,
     .hint = "Empty: as usual there."},
    {.key = "with",
     .label = "Other tubes of the same draw",
     .type = DRAFT_CHOICES,
     .list = LIST_PANELS,
     .kinds = PATIENT,
     .hint = "Panels that need another tube; at most 4."},
};

static const draft_field_t call_fields[] = {
    {.key = "script",
     .max = 60,
     .label = "Who calls, and why",
     .type = DRAFT_CHOICE,
     .list = LIST_SCRIPTS,
     .required = true,
     .sample = "ask_ed_nurse"},
    {.key = "at",
     .label = "When",
     .type = DRAFT_TIME,
     .blank = "0:45",
     .sample = "0:00",
     .required = true,
     .hint = "Hours and minutes after the start: 0:45."},
    {.key = "about",
     .label = "About",
     .type = DRAFT_CHOICE,
     .list = LIST_PLANTED,
     .hint = "One of the planted patients, or any specimen in the house."},
};

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))
static const draft_group_t groups[DRAFT_GROUPS] = {
    {"", "Scenario", 1, root_fields, COUNT(root_fields)},
    {"planted", "Planted", 24, plant_fields, COUNT(plant_fields)},
    {"calls", "Telephone calls", 32, call_fields, COUNT(call_fields)},
};
_Static_assert(COUNT(root_fields) <= DRAFT_FIELDS_MAX && COUNT(plant_fields) <= DRAFT_FIELDS_MAX, "fields of a group");

const draft_group_t *draft_group(int group)
{
    return group >= 0 && group < DRAFT_GROUPS ? &groups[group] : NULL;
}

/* ---- lists ---- */

/* Those of the file format, which scenario.c knows by the same words. */
static const struct {
    draft_list_t list;
    draft_choice_t choice;
} fixed[] = {
    {LIST_LEVELS, {"first", "A first one"}},
    {LIST_LEVELS, {"core", "Core"}},
    {LIST_LEVELS, {"hard", "Hard"}},
    {LIST_MODES, {"coach", "Coach: hints at once"}},
    {LIST_MODES, {"practice", "Practice: feedback after"}},
    {LIST_MODES, {"assess", "Assess: no hint, no pause"}},
    {LIST_RECEPTION, {"assistant", "An assistant"}},
    {LIST_RECEPTION, {"trainee", "The trainee, one by one"}},
    {LIST_HANDLING, {"track", "A track spins and loads them"}},
    {LIST_HANDLING, {"manual", "By hand: spin, then load"}},
    {LIST_PREVALENCE, {"drill", "Often, as in a drill"}},
    {LIST_PREVALENCE, {"real-life", "Seldom, as in real life"}},
    {LIST_CARE, {"done", "Done by the shift before"}},
    {LIST_CARE, {"trainee", "The trainee's"}},
    {LIST_EXCURSIONS, {"door", "The door stands open"}},
    {LIST_EXCURSIONS, {"compressor", "The compressor fails"}},
    {LIST_MONTHS, {"stable", "Stable, its limits are right"}},
    {LIST_MONTHS, {"mean_off", "Stable, the assigned mean is off"}},
    {LIST_MONTHS, {"sd_wide", "Stable, the assigned SD is too wide"}},
    {LIST_MONTHS, {"drift", "Drifts through the month"}},
    {LIST_MONTHS, {"step", "A step before the last third"}},
    {LIST_MONTHS, {"imprecise", "Scatters more than it should"}},
    {LIST_SEX, {"F", "Female"}},
    {LIST_SEX, {"M", "Male"}},
    {LIST_YES, {"yes", "Yes"}},
    {LIST_YES, {"no", "No"}},
    {LIST_PRIORITIES, {"routine", "Routine"}},
    {LIST_PRIORITIES, {"urgent", "Urgent"}},
    {LIST_PRIORITIES, {"stat", "STAT"}},
    {LIST_SETTINGS, {"community", "The community"}},
    {LIST_SETTINGS, {"outpatient", "A clinic"}},
    {LIST_SETTINGS, {"ed", "The emergency department"}},
    {LIST_SETTINGS, {"inpatient", "A ward"}},
    {LIST_SETTINGS, {"icu", "Intensive care"}},
};

static const char *say(arena_t *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
static const char *say(arena_t *arena, const char *format, ...)
{
    char text[400];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    const char *copy = arena_text(arena, text, strlen(text));
    return copy ? copy : "";
}

static bool fixed_choice(draft_list_t list, int index, draft_choice_t *choice)
{
    for (int i = 0; i < COUNT(fixed); i++) {
        if (fixed[i].list != list || index-- > 0) continue;
        *choice = fixed[i].choice;
        return true;
    }
    return false;
}

static bool fault_choice(const lab_t *lab, bool analyzer, int index, arena_t *arena, draft_choice_t *choice)
{
    fault_view_t view;
    for (int i = 0; lab_fault(lab, i, &view); i++) {
        if (view.analyzer != analyzer || index-- > 0) continue;
        choice->value = view.id;
        choice->text =
            analyzer ? (view.one_assay ? say(arena, "%s (one test)", view.name) : view.name)
                     : say(arena, "%s (%s, %g to %g %s)", view.name, view.severity, view.low, view.high, view.unit);
        return true;
    }
    return false;
}

/* The tests that may be added to a count or a clotting tube after its run. */
static bool added_choice(const lab_t *lab, int index, draft_choice_t *choice)
{
    for (int a = 0; a < lab_analyte_count(lab); a++) {
        const analyte_t *analyte = lab_analyte(lab, a);
        if (analyte->bench == BENCH_CHEMISTRY || index-- > 0) continue;
        *choice = (draft_choice_t){analyte->id, analyte->name};
        return true;
    }
    return false;
}

static bool analyte_choice(const lab_t *lab, int index, arena_t *arena, draft_choice_t *choice)
{
    for (int i = 0; i < lab_analyte_count(lab); i++) {
        const analyte_t *a = lab_analyte(lab, i);
        if (!a->measured || a->derived || index-- > 0) continue;
        *choice = (draft_choice_t){a->id, say(arena, "%s (%s)", a->name, a->unit)};
        return true;
    }
    return false;
}

static bool script_choice(const lab_t *lab, int index, arena_t *arena, draft_choice_t *choice)
{
    const lab_content_t *content = lab_content(lab);
    if (index >= content->script_count) return false;
    const script_t *script = &content->scripts[index];
    *choice = (draft_choice_t){script->id, say(arena, "%s: %.90s", script->role, script->opening)};
    return true;
}

/* With the words of its causes, which the form asks for beside it. */
static bool alarm_choice(const lab_t *lab, int index, arena_t *arena, draft_choice_t *choice)
{
    const care_tables_t *care = care_tables(lab);
    char causes[120] = "";
    if (index >= care->alarm_count) return false;
    const care_alarm_t *alarm = &care->alarms[index];
    for (int i = 0; i < alarm->cause_count; i++) {
        size_t used = strlen(causes);
        snprintf(causes + used, sizeof causes - used, "%s%s", i ? ", " : "", alarm->causes[i].id);
    }
    *choice = (draft_choice_t){alarm->id, say(arena, "%s %.40s (%s)", alarm->code, alarm->message, causes)};
    return true;
}

bool draft_choice(const lab_t *lab, draft_list_t list, int index, arena_t *arena, draft_choice_t *choice)
{
    fluid_view_t fluid;
    switch (list) {
    case LIST_SPECIMEN_FAULTS:
        return fault_choice(lab, false, index, arena, choice);
    case LIST_ANALYZER_FAULTS:
        return fault_choice(lab, true, index, arena, choice);
    case LIST_LINES:
        if (index >= SHIFT_LINES) return false;
        *choice = (draft_choice_t){say(arena, "%d", index + 1), say(arena, "%s", line_name(index))};
        return true;
    case LIST_BENCHES:
        if (index >= BENCH_COUNT) return false;
        *choice = (draft_choice_t){bench_name((bench_t)index), bench_name((bench_t)index)};
        return true;
    case LIST_FLUIDS:
        if (!lab_fluid(lab, index, &fluid)) return false;
        *choice = (draft_choice_t){fluid.id, fluid.name};
        return true;
    case LIST_CONDITIONS:
        if (index >= lab_condition_count(lab)) return false;
        *choice = (draft_choice_t){lab_condition_id(lab, index), lab_condition_name(lab, index)};
        return true;
    case LIST_CELLS:
        if (index >= cells_condition_count(lab)) return false;
        *choice = (draft_choice_t){cells_condition_id(lab, index), cells_condition_name(lab, index)};
        return true;
    case LIST_CLOTTING:
        if (index >= clotting_count(lab)) return false;
        *choice = (draft_choice_t){clotting_id(lab, index), clotting_name(lab, index)};
        return true;
    case LIST_TREATMENTS:
        if (index >= TREAT_COUNT) return added_choice(lab, index - TREAT_COUNT, choice);
        *choice = (draft_choice_t){treatment_word((treatment_t)index), treatment_words((treatment_t)index)};
        return true;
    case LIST_ANALYTES:
        return analyte_choice(lab, index, arena, choice);
    case LIST_PANELS:
        if (index >= lab_panel_count(lab)) return false;
        *choice = (draft_choice_t){lab_panel(lab, index)->id, lab_panel(lab, index)->name};
        return true;
    case LIST_SCRIPTS:
        return script_choice(lab, index, arena, choice);
    case LIST_SOPS:
        if (index >= lab_sop_count(lab)) return false;
        *choice = (draft_choice_t){lab_sop(lab, index)->id,
                                   say(arena, "%s %s", lab_sop(lab, index)->id, lab_sop(lab, index)->title)};
        return true;
    case LIST_UNITS:
        if (index >= care_tables(lab)->unit_count) return false;
        *choice = (draft_choice_t){care_tables(lab)->units[index].id, care_tables(lab)->units[index].name};
        return true;
    case LIST_ALARMS:
        return alarm_choice(lab, index, arena, choice);
    case LIST_PLANT_KINDS:
        if (index >= KINDS) return false;
        *choice = (draft_choice_t){kinds[index].word, kinds[index].text};
        return true;
    default:
        return fixed_choice(list, index, choice);
    }
}

const char *draft_hint(const lab_t *lab, const draft_t *draft, int group, int row, int field, arena_t *arena)
{
    const draft_field_t *f = &draft_group(group)->fields[field];
    fault_view_t fault;
    const char *id = group == DRAFT_PLANTED ? draft_value(draft, group, row, "fault") : "";
    if (strcmp(f->key, "severity") != 0 || !id[0] || !lab_fault(lab, lab_fault_find(lab, id), &fault)) return f->hint;
    return fault.analyzer ? say(arena, "%s From %g to %g.", f->hint, fault.low, fault.high)
                          : say(arena, "Here: %s (%s), from %g to %g; usually %g.", fault.severity, fault.unit,
                                fault.low, fault.high, fault.usual);
}

const char *draft_choice_text(const lab_t *lab, draft_list_t list, const char *value, arena_t *arena)
{
    draft_choice_t choice;
    for (int i = 0; draft_choice(lab, list, i, arena, &choice); i++)
        if (strcmp(choice.value, value) == 0) return choice.text;
    return value;
}
