/* Reads content/lab/tray: the programs of the centrifuges, and how long a test may be added to a tube. */
#include "content_private.h"
#include "lab_private.h"

#include <math.h>
#include <string.h>

static const spin_program_t *program_at(const lab_content_t *content, int index)
{
    return index >= 0 && index < content->program_count ? &content->programs[index] : NULL;
}

/* "sst;rst": each tube has one program. */
static bool read_tubes(lab_content_t *content, const csv_t *t, size_t row, int column, int program, err_t *err)
{
    const char *word = csv_text(t, row, column);
    while (*word) {
        size_t length = strcspn(word, ";");
        int tube = 0;
        while (tube < content->tube_count &&
               (strlen(content->tubes[tube].id) != length || strncmp(content->tubes[tube].id, word, length) != 0))
            tube++;
        if (tube == content->tube_count)
            return csv_fail(t, row, err, "containers.csv has no tube \"%.*s\"", (int)length, word);
        if (content->tube_program[tube] >= 0)
            return csv_fail(t, row, err, "the tube \"%.*s\" has two programs", (int)length, word);
        content->tube_program[tube] = program;
        word += length + (word[length] == ';');
    }
    return true;
}

static bool load_programs(lab_t *lab, lab_content_t *content, const source_t *source, err_t *err)
{
    static const char *const names[] = {"program", "name", "g", "minutes", "tubes", "source"};
    csv_t t;
    int c[sizeof names / sizeof *names];
    if (!lab_table(lab, source, "lab/tray/centrifuge.csv", &t, err)) return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!csv_need(&t, names[i], &c[i], err)) return false;
    for (int i = 0; i < content->tube_count; i++) content->tube_program[i] = -1;
    for (size_t row = 0; row < t.rows; row++) {
        int64_t g, minutes;
        if (content->program_count == SPIN_PROGRAMS_MAX)
            return csv_fail(&t, row, err, "at most %d programs", SPIN_PROGRAMS_MAX);
        if (!csv_int(&t, row, c[2], &g, err) || !csv_int(&t, row, c[3], &minutes, err)) return false;
        if (g < 1 || g > 100000) return csv_fail(&t, row, err, "g is 1 to 100000");
        if (minutes < 1 || minutes > SPIN_MINUTES_MAX)
            return csv_fail(&t, row, err, "minutes is 1 to %d", SPIN_MINUTES_MAX);
        int at = content->program_count++;
        content->programs[at] = (spin_program_t){
            .id = csv_text(&t, row, c[0]), .name = csv_text(&t, row, c[1]), .g = (int)g, .minutes = (int)minutes};
        if (!read_tubes(content, &t, row, c[4], at, err)) return false;
    }
    for (int i = 0; i < content->tube_count; i++)
        if (content->tubes[i].spin && content->tube_program[i] < 0)
            return err_set(err, ERR_INPUT, "lab/tray/centrifuge.csv:1: the tube \"%s\" is spun and has no program",
                           content->tubes[i].id);
    return true;
}

static bool load_stability(lab_t *lab, lab_content_t *content, const source_t *source, err_t *err)
{
    static const char *const names[STORE_COUNT] = {"room_h", "cold_h", "frozen_h"};
    csv_t t;
    int analyte, source_column, c[STORE_COUNT];
    if (!lab_table(lab, source, "lab/tray/stability.csv", &t, err) || !csv_need(&t, "analyte", &analyte, err) ||
        !csv_need(&t, "source", &source_column, err))
        return false;
    for (int s = 0; s < STORE_COUNT; s++) {
        if (!csv_need(&t, names[s], &c[s], err)) return false;
        for (int a = 0; a < LAB_MAX_ANALYTES; a++) content->stability_h[s][a] = NAN;
    }
    for (size_t row = 0; row < t.rows; row++) {
        int a = lab_analyte_find(lab, csv_text(&t, row, analyte));
        if (a < 0) return csv_fail(&t, row, err, "analytes.csv has no test \"%.40s\"", csv_text(&t, row, analyte));
        for (int s = 0; s < STORE_COUNT; s++) {
            double hours;
            if (!csv_double_or(&t, row, c[s], NAN, &hours, err)) return false;
            if (hours <= 0) return csv_fail(&t, row, err, "%s is hours above 0, or empty: not known", names[s]);
            content->stability_h[s][a] = (float)hours;
        }
    }
    return true;
}

bool content_load_tray(lab_t *lab, lab_content_t *content, const source_t *source, err_t *err)
{
    return load_programs(lab, content, source, err) && load_stability(lab, content, source, err);
}

double lab_stability_h(const lab_t *lab, int analyte, storage_t store)
{
    if (analyte < 0 || analyte >= LAB_MAX_ANALYTES || (unsigned)store >= STORE_COUNT) return NAN;
    return (double)lab_content(lab)->stability_h[store][analyte];
}

int lab_spin_program_count(const lab_t *lab)
{
    return lab_content(lab)->program_count;
}

const spin_program_t *lab_spin_program(const lab_t *lab, int index)
{
    return program_at(lab_content(lab), index);
}

int lab_spin_program_find(const lab_t *lab, const char *id)
{
    for (int i = 0; i < lab_content(lab)->program_count; i++)
        if (strcmp(lab_content(lab)->programs[i].id, id) == 0) return i;
    return -1;
}

int lab_tube_program(const lab_t *lab, int tube)
{
    return tube >= 0 && tube < lab_content(lab)->tube_count ? lab_content(lab)->tube_program[tube] : -1;
}
