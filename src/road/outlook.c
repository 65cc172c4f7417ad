/* Reading the tables of pay and outlook. Rows of one table stand in the order of its file: newest first for a place. */
#include "road/outlook.h"
#include "base/csv.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DOLLARS_MAX = 10000000 };

static bool open_table(csv_t *table, arena_t *arena, const source_t *content, const char *path, err_t *err)
{
    const source_file_t *file = source_find(content, path);
    if (!file) return err_set(err, ERR_NOT_FOUND, "The content has no %s.", path);
    return csv_read(table, arena, path, file->bytes, file->length, err);
}

static bool words_of(const csv_t *t, size_t row, const char *column, const char **text, err_t *err)
{
    int c;
    if (!csv_need(t, column, &c, err)) return false;
    *text = csv_text(t, row, c);
    return true;
}

static bool source_of(const csv_t *t, size_t row, fact_source_t *source, err_t *err)
{
    if (!words_of(t, row, "source", &source->text, err) || !words_of(t, row, "as_of", &source->as_of, err) ||
        !words_of(t, row, "confidence", &source->confidence, err))
        return false;
    const char *c = source->confidence;
    if (!source->text[0] || !source->as_of[0])
        return csv_fail(t, row, err, "a fact needs its source and the day it is of (\"undated\" when it has none)");
    if (strcmp(c, "high") != 0 && strcmp(c, "medium") != 0 && strcmp(c, "low") != 0)
        return csv_fail(t, row, err, "confidence is high, medium or low; found \"%.20s\"", c);
    return true;
}

static bool count_of(const csv_t *t, size_t row, const char *column, int64_t *value, err_t *err)
{
    int c;
    if (!csv_need(t, column, &c, err)) return false;
    *value = OUTLOOK_NOT_GIVEN;
    if (csv_text(t, row, c)[0] == '\0') return true;
    if (!csv_int(t, row, c, value, err)) return false;
    return *value >= 0 || csv_fail(t, row, err, "%s is a number from 0, or empty when it was not read", column);
}

static bool dollars_of(const csv_t *t, size_t row, const char *column, int32_t *value, err_t *err)
{
    int64_t wide;
    if (!count_of(t, row, column, &wide, err)) return false;
    if (wide > DOLLARS_MAX) return csv_fail(t, row, err, "%s is above %d", column, DOLLARS_MAX);
    *value = (int32_t)wide;
    return true;
}

static void *rows_of(arena_t *arena, const csv_t *t, size_t size, int *count, err_t *err)
{
    void *list = arena_array(arena, t->rows + 1, size);
    if (!list) err_set(err, ERR_MEMORY, "There is not enough memory for %s.", t->file);
    *count = (int)t->rows;
    return list;
}

static bool read_jobs(outlook_t *o, arena_t *arena, const source_t *content, err_t *err)
{
    csv_t t;
    if (!open_table(&t, arena, content, "road/jobs.csv", err)) return false;
    outlook_job_t *list = rows_of(arena, &t, sizeof *list, &o->job_count, err);
    for (size_t i = 0; list && i < t.rows; i++) {
        const char *contrast;
        if (!words_of(&t, i, "soc", &list[i].soc, err) || !words_of(&t, i, "id", &list[i].id, err) ||
            !words_of(&t, i, "title", &list[i].title, err) || !words_of(&t, i, "note", &list[i].note, err) ||
            !words_of(&t, i, "contrast", &contrast, err) || !source_of(&t, i, &list[i].source, err))
            return false;
        list[i].contrast = strcmp(contrast, "1") == 0;
    }
    o->jobs = list;
    return list != NULL;
}

static bool job_of(const outlook_t *o, const csv_t *t, size_t row, int *job, err_t *err)
{
    const char *soc;
    if (!words_of(t, row, "soc", &soc, err)) return false;
    *job = outlook_job(o, soc);
    return *job >= 0 || csv_fail(t, row, err, "%.20s is not an occupation of road/jobs.csv", soc);
}

static bool read_pay(outlook_t *o, arena_t *arena, const source_t *content, err_t *err)
{
    csv_t t;
    if (!open_table(&t, arena, content, "road/pay.csv", err)) return false;
    outlook_pay_t *list = rows_of(arena, &t, sizeof *list, &o->pay_count, err);
    for (size_t i = 0; list && i < t.rows; i++) {
        outlook_pay_t *p = &list[i];
        if (!job_of(o, &t, i, &p->job, err) || !words_of(&t, i, "place", &p->place, err) ||
            !words_of(&t, i, "name", &p->name, err) || !words_of(&t, i, "period", &p->period, err) ||
            !words_of(&t, i, "note", &p->note, err) || !dollars_of(&t, i, "employment", &p->employment, err) ||
            !dollars_of(&t, i, "median", &p->median, err) || !dollars_of(&t, i, "mean", &p->mean, err) ||
            !dollars_of(&t, i, "p10", &p->p10, err) || !dollars_of(&t, i, "p25", &p->p25, err) ||
            !dollars_of(&t, i, "p75", &p->p75, err) || !dollars_of(&t, i, "p90", &p->p90, err) ||
            !source_of(&t, i, &p->source, err))
            return false;
        if (p->median == OUTLOOK_NOT_GIVEN) return csv_fail(&t, i, err, "pay needs at least its median");
    }
    o->pay = list;
    return list != NULL;
}

static bool read_projections(outlook_t *o, arena_t *arena, const source_t *content, err_t *err)
{
    csv_t t;
    if (!open_table(&t, arena, content, "road/projections.csv", err)) return false;
    outlook_projection_t *list = rows_of(arena, &t, sizeof *list, &o->projection_count, err);
    for (size_t i = 0; list && i < t.rows; i++) {
        outlook_projection_t *p = &list[i];
        int percent;
        if (!job_of(o, &t, i, &p->job, err) || !words_of(&t, i, "cycle", &p->cycle, err) ||
            !words_of(&t, i, "education", &p->education, err) || !words_of(&t, i, "note", &p->note, err) ||
            !count_of(&t, i, "base", &p->base, err) || !count_of(&t, i, "projected", &p->projected, err) ||
            !count_of(&t, i, "change", &p->change, err) || !count_of(&t, i, "openings", &p->openings, err) ||
            !csv_need(&t, "percent", &percent, err) || !csv_double_or(&t, i, percent, (double)NAN, &p->percent, err) ||
            !source_of(&t, i, &p->source, err))
            return false;
    }
    o->projections = list;
    return list != NULL;
}

/* The table says "yes", "no", "" (not read), or a sentence that begins with "no" where lists disagree. */
static const char *short_answer(const char *text)
{
    if (text[0] == '\0' || strcmp(text, "yes") == 0 || strcmp(text, "no") == 0) return text;
    return strncmp(text, "no", 2) == 0 ? "disputed" : text;
}

static bool read_licenses(outlook_t *o, arena_t *arena, const source_t *content, err_t *err)
{
    csv_t t;
    if (!open_table(&t, arena, content, "road/licensure.csv", err)) return false;
    outlook_license_t *list = rows_of(arena, &t, sizeof *list, &o->license_count, err);
    int count = 0;
    for (size_t i = 0; list && i < t.rows; i++) {
        outlook_license_t *l = &list[count];
        const char *kind;
        if (!words_of(&t, i, "code", &l->code, err) || !words_of(&t, i, "jurisdiction", &l->name, err) ||
            !words_of(&t, i, "kind", &kind, err) ||
            !words_of(&t, i, "personnel_license_required", &l->personnel, err) ||
            !words_of(&t, i, "phlebotomy_license_required", &l->phlebotomy, err) ||
            !words_of(&t, i, "fees_usd", &l->fees, err) || !words_of(&t, i, "source", &l->source.text, err) ||
            !words_of(&t, i, "as_of", &l->source.as_of, err) ||
            !words_of(&t, i, "confidence", &l->source.confidence, err))
            return false;
        l->personnel = short_answer(l->personnel);
        l->phlebotomy = short_answer(l->phlebotomy);
        if (strcmp(kind, "federal") != 0 && l->source.text[0]) count++; /* the rest was not read */
    }
    o->licenses = list;
    o->license_count = count;
    return list != NULL;
}

static bool read_misquotes(outlook_t *o, arena_t *arena, const source_t *content, err_t *err)
{
    csv_t t;
    if (!open_table(&t, arena, content, "road/misquoted.csv", err)) return false;
    outlook_misquote_t *list = rows_of(arena, &t, sizeof *list, &o->misquote_count, err);
    for (size_t i = 0; list && i < t.rows; i++)
        if (!words_of(&t, i, "claim", &list[i].claim, err) || !words_of(&t, i, "right", &list[i].right, err) ||
            !source_of(&t, i, &list[i].source, err))
            return false;
    o->misquotes = list;
    return list != NULL;
}

bool outlook_load(outlook_t *outlook, arena_t *arena, const source_t *content, err_t *err)
{
    *outlook = (outlook_t){0};
    return read_jobs(outlook, arena, content, err) && read_pay(outlook, arena, content, err) &&
           read_projections(outlook, arena, content, err) && read_licenses(outlook, arena, content, err) &&
           read_misquotes(outlook, arena, content, err);
}

int outlook_job(const outlook_t *outlook, const char *name)
{
    for (int i = 0; i < outlook->job_count; i++)
        if (strcmp(outlook->jobs[i].id, name) == 0 || strcmp(outlook->jobs[i].soc, name) == 0) return i;
    return -1;
}

const outlook_pay_t *outlook_newest(const outlook_t *outlook, int job, const char *place)
{
    return outlook_pay(outlook, job, place, NULL);
}

const outlook_pay_t *outlook_pay(const outlook_t *outlook, int job, const char *place, const char *period)
{
    const outlook_pay_t *found = NULL;
    for (int i = 0; i < outlook->pay_count; i++) {
        const outlook_pay_t *p = &outlook->pay[i];
        if (p->job != job || strcasecmp(p->place, place) != 0) continue;
        if (period && strcmp(p->period, period) != 0) continue;
        if (!found || strcmp(p->source.as_of, found->source.as_of) > 0) found = p;
    }
    return found;
}

const outlook_projection_t *outlook_projection(const outlook_t *outlook, int job)
{
    const outlook_projection_t *found = NULL;
    for (int i = 0; i < outlook->projection_count; i++) {
        const outlook_projection_t *p = &outlook->projections[i];
        if (p->job == job && (!found || strcmp(p->cycle, found->cycle) > 0)) found = p;
    }
    return found;
}

const outlook_license_t *outlook_license(const outlook_t *outlook, const char *code)
{
    for (int i = 0; i < outlook->license_count; i++)
        if (strcasecmp(outlook->licenses[i].code, code) == 0) return &outlook->licenses[i];
    return NULL;
}

const char *outlook_license_asked(const outlook_license_t *license, const outlook_job_t *job)
{
    if (!license || job->contrast) return NULL;
    return strcmp(job->id, "phlebotomist") == 0 ? license->phlebotomy : license->personnel;
}

static int highest_first(const void *a, const void *b)
{
    const outlook_pay_t *x = *(const outlook_pay_t *const *)a, *y = *(const outlook_pay_t *const *)b;
    if (x->median != y->median) return x->median > y->median ? -1 : 1;
    return strcmp(x->place, y->place);
}

int outlook_ranked(const outlook_t *outlook, int job, const outlook_pay_t **list, int max)
{
    int count = 0;
    const char *newest = "";
    for (int i = 0; i < outlook->pay_count; i++)
        if (outlook->pay[i].job == job && strcmp(outlook->pay[i].source.as_of, newest) > 0)
            newest = outlook->pay[i].source.as_of;
    for (int i = 0; i < outlook->pay_count && count < max; i++) {
        const outlook_pay_t *p = &outlook->pay[i];
        if (p->job == job && strcmp(p->place, "US") != 0 && strcmp(p->source.as_of, newest) == 0) list[count++] = p;
    }
    qsort(list, (size_t)count, sizeof *list, highest_first);
    return count;
}
