/* Calibrates the general population of the patient model to NHANES 2017-2018, by simulating the
 * model itself: it loads the content, draws adults of the setting `community` with their
 * conditions, compares percentiles (by sex) and Spearman correlations (both sexes) with the aims,
 * moves the baseline percentiles (content/lab/population.csv) and the copula
 * (content/lab/copula.csv) by part of what is missing, and begins again. Chloride and globulin are
 * identities, so what they lack is given to what they are computed from. Seeds are fixed: the same
 * input gives the same files. Not needed to build Titer; see README.md here. */
#include "base/content.h"
#include "patient_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FILES = 400, MAX_VARIABLES = 48, MAX_PAIRS = 600, MAX_AIMS = 128, TEXT_LIMIT = 1 << 22 };

static const char *const LEVEL_NAMES[KNOTS] = {"p2_5", "p10", "p25", "p50", "p75", "p90", "p97_5"};
static const double LEVELS[KNOTS] = {0.025, 0.10, 0.25, 0.50, 0.75, 0.90, 0.975};

/* The correlated variables in the order of the copula; the electrolytes and what most people ask
 * for come first, in bands of four, because a value needs only the bands up to its own. */
static const char *const ORDER[] = {
    "sodium",      "potassium",     "co2",          "anion_gap",     "creatinine", "bun",    "glucose",  "albumin",
    "calcium",     "total_protein", "bili_total",   "triglycerides", "alt",        "ast",    "alp",      "phosphorus",
    "cholesterol", "hdl",           "hba1c",        "uric_acid",     "ggt",        "ldh",    "ck",       "iron",
    "bili_direct", "crp",           "ferritin",     "tibc",          "ica",        "ph_art", "pco2_art", "tsh",
    "ft4",         "ft3",           "u_creatinine", "u_protein"};
enum { ROWS = sizeof ORDER / sizeof *ORDER, CORE_ROWS = 24, DERIVED = 3, ALL_ROWS = ROWS + DERIVED };
static const char *const DERIVED_NAMES[DERIVED] = {"chloride", "globulin", "osmolality"};
enum { NA = 0, CO2 = 2, AG = 3, GLU = 6, ALB = 7, TP = 9, A1C = 18, CL = ROWS, GLOB = ROWS + 1 };

typedef struct {
    char analyte[40];
    int sex;
    bool baseline; /* has a row in population.csv */
    bool log_scale;
    double aim[KNOTS], knot[KNOTS], nhanes[KNOTS];
    bool in_nhanes;
} margin_aim_t;

typedef struct {
    int a, b; /* rows of ORDER, then DERIVED_NAMES */
    double r;
    bool empirical;
} pair_t;

typedef struct {
    char folder[512];
    source_file_t files[MAX_FILES];
    size_t file_count;
    arena_t *arena;
    margin_aim_t margins[MAX_AIMS];
    int margin_count;
    pair_t pairs[MAX_PAIRS], healthy_pairs[MAX_PAIRS];
    int pair_count, healthy_count;
    bool listed[ALL_ROWS][ALL_ROWS];
    double general[ROWS][ROWS], healthy[ROWS][ROWS];
    int people;
    double *value[ALL_ROWS]; /* simulated */
    double *rank[ALL_ROWS];
    double *extra; /* one analyte that is not among the rows */
    unsigned char *sex;
    double observed[ALL_ROWS][ALL_ROWS];
} job_t;

static void stop(const char *what)
{
    fprintf(stderr, "calibrate: %s\n", what);
    exit(1);
}

/* --- content in memory --- */

static unsigned char *read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) stop(path);
    unsigned char *bytes = malloc(TEXT_LIMIT);
    if (bytes == NULL) stop("out of memory");
    *length = fread(bytes, 1, TEXT_LIMIT, file);
    fclose(file);
    return bytes;
}

static void load_content(job_t *job)
{
    const source_t *own = content_source();
    if (own->count > MAX_FILES) stop("too many files");
    for (size_t i = 0; i < own->count; i++) {
        unsigned char *bytes = malloc(own->files[i].length + 1);
        if (bytes == NULL) stop("out of memory");
        memcpy(bytes, own->files[i].bytes, own->files[i].length);
        job->files[job->file_count++] = (source_file_t){own->files[i].path, bytes, own->files[i].length};
    }
}

static void put_file(job_t *job, const char *path, const text_t *text)
{
    for (size_t i = 0; i < job->file_count; i++)
        if (strcmp(job->files[i].path, path) == 0) {
            unsigned char *bytes = malloc(text->length + 1);
            if (bytes == NULL || text->failed) stop("out of memory");
            memcpy(bytes, text->data, text->length);
            free((void *)(uintptr_t)job->files[i].bytes);
            job->files[i].bytes = bytes;
            job->files[i].length = text->length;
        }
}

static void save_file(const job_t *job, const char *name)
{
    for (size_t i = 0; i < job->file_count; i++)
        if (strcmp(job->files[i].path, name) == 0) {
            char path[600];
            snprintf(path, sizeof path, "%s/%s", job->folder, name);
            FILE *file = fopen(path, "wb");
            if (file == NULL || fwrite(job->files[i].bytes, 1, job->files[i].length, file) != job->files[i].length ||
                fclose(file) != 0)
                stop(path);
        }
}

static csv_t table_of(job_t *job, const char *path)
{
    csv_t table;
    err_t err;
    size_t length = 0;
    const unsigned char *bytes = NULL;
    for (size_t i = 0; i < job->file_count; i++)
        if (strcmp(job->files[i].path, path) == 0) {
            bytes = job->files[i].bytes;
            length = job->files[i].length;
        }
    if (bytes == NULL) bytes = read_file(path, &length);
    if (!csv_read(&table, job->arena, path, bytes, length, &err)) stop(err.text);
    return table;
}

static const char *cell(const csv_t *table, size_t row, const char *column)
{
    int c = csv_column(table, column);
    if (c < 0) stop(column);
    return csv_text(table, row, c);
}

static double cell_number(const csv_t *table, size_t row, const char *column)
{
    double value;
    err_t err;
    if (!csv_double(table, row, csv_column(table, column), &value, &err)) stop(err.text);
    return value;
}

/* --- aims --- */

static int row_of(const char *analyte)
{
    for (int i = 0; i < (int)ROWS; i++)
        if (strcmp(ORDER[i], analyte) == 0) return i;
    for (int i = 0; i < DERIVED; i++)
        if (strcmp(DERIVED_NAMES[i], analyte) == 0) return (int)ROWS + i;
    return -1;
}

static margin_aim_t *margin_for(job_t *job, const char *analyte, const char *sex)
{
    int s = sex[0] == 'M' ? SEX_MALE : SEX_FEMALE;
    for (int i = 0; i < job->margin_count; i++)
        if (strcmp(job->margins[i].analyte, analyte) == 0 && job->margins[i].sex == s) return &job->margins[i];
    if (job->margin_count == MAX_AIMS) stop("too many aims");
    margin_aim_t *m = &job->margins[job->margin_count++];
    snprintf(m->analyte, sizeof m->analyte, "%s", analyte);
    m->sex = s;
    return m;
}

/* NHANES percentiles, then the aims of this folder in their place; a start from the aims. */
static void read_margins(job_t *job, const char *aims_path)
{
    csv_t nhanes = table_of(job, "lab/nhanes_percentiles.csv"), aims = table_of(job, aims_path);
    csv_t population = table_of(job, "lab/population.csv");
    const csv_t *tables[2] = {&nhanes, &aims};
    for (int t = 0; t < 2; t++)
        for (size_t row = 0; row < tables[t]->rows; row++) {
            margin_aim_t *m = margin_for(job, cell(tables[t], row, "analyte_id"), cell(tables[t], row, "sex"));
            for (int k = 0; k < KNOTS; k++) m->aim[k] = cell_number(tables[t], row, LEVEL_NAMES[k]);
            if (t == 0) memcpy(m->nhanes, m->aim, sizeof m->aim);
            if (t == 0) m->in_nhanes = true;
        }
    for (size_t row = 0; row < population.rows; row++) {
        margin_aim_t *m = margin_for(job, cell(&population, row, "analyte_id"), cell(&population, row, "sex"));
        m->baseline = true;
        m->log_scale = strcmp(cell(&population, row, "scale"), "lognormal") == 0;
    }
    for (int i = 0; i < job->margin_count; i++)
        memcpy(job->margins[i].knot, job->margins[i].aim, sizeof(double) * KNOTS);
}

static void add_pair(pair_t *pairs, int *count, int a, int b, double r, bool empirical)
{
    for (int i = 0; i < *count; i++)
        if ((pairs[i].a == a && pairs[i].b == b) || (pairs[i].a == b && pairs[i].b == a)) return;
    if (*count == MAX_PAIRS) stop("too many pairs");
    pairs[(*count)++] = (pair_t){a, b, r, empirical};
}

static void read_pairs(job_t *job, const char *extra_path)
{
    csv_t facts = table_of(job, "lab/correlations.csv"), extra = table_of(job, extra_path);
    for (size_t row = 0; row < facts.rows; row++) {
        int a = row_of(cell(&facts, row, "a")), b = row_of(cell(&facts, row, "b"));
        if (a < 0 || b < 0) continue;
        bool empirical = strcmp(cell(&facts, row, "kind"), "empirical") == 0;
        bool healthy = strcmp(cell(&facts, row, "population"), "healthy") == 0;
        if (!empirical && !healthy) continue;
        double r = cell_number(&facts, row, "value");
        if (strncmp(cell(&facts, row, "statistic"), "pearson", 7) == 0) r *= 0.955 + 0.045 * r * r; /* as a rank r */
        if (empirical) add_pair(job->pairs, &job->pair_count, a, b, r, true);
        if (healthy) add_pair(job->healthy_pairs, &job->healthy_count, a, b, r, false);
    }
    for (size_t row = 0; row < extra.rows; row++) {
        int a = row_of(cell(&extra, row, "a")), b = row_of(cell(&extra, row, "b"));
        const char *population = cell(&extra, row, "population");
        double r = cell_number(&extra, row, "r");
        if (a < 0 || b < 0) stop("extra_correlations.csv names an analyte that is not correlated");
        if (strcmp(population, "healthy") != 0) add_pair(job->pairs, &job->pair_count, a, b, r, false);
        if (strcmp(population, "general") != 0) add_pair(job->healthy_pairs, &job->healthy_count, a, b, r, false);
    }
    for (int i = 0; i < job->pair_count; i++) { /* what NHANES says stands in for the healthy too */
        pair_t p = job->pairs[i];
        job->listed[p.a][p.b] = job->listed[p.b][p.a] = true;
        if (p.empirical) add_pair(job->healthy_pairs, &job->healthy_count, p.a, p.b, p.r, true);
    }
}

/* --- matrices --- */

/* Eigenvalues and vectors of a symmetric matrix by Jacobi rotations. */
static void jacobi(double a[ROWS][ROWS], double v[ROWS][ROWS])
{
    for (int i = 0; i < (int)ROWS; i++)
        for (int j = 0; j < (int)ROWS; j++) v[i][j] = i == j;
    for (int sweep = 0; sweep < 60; sweep++)
        for (int p = 0; p < (int)ROWS; p++)
            for (int q = p + 1; q < (int)ROWS; q++) {
                if (exact_abs(a[p][q]) < 1e-14) continue;
                double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
                double t = (theta >= 0 ? 1 : -1) / (exact_abs(theta) + exact_sqrt(theta * theta + 1));
                double c = 1 / exact_sqrt(t * t + 1), s = t * c;
                for (int k = 0; k < (int)ROWS; k++) {
                    double x = a[k][p], y = a[k][q];
                    a[k][p] = c * x - s * y;
                    a[k][q] = s * x + c * y;
                }
                for (int k = 0; k < (int)ROWS; k++) {
                    double x = a[p][k], y = a[q][k];
                    a[p][k] = c * x - s * y;
                    a[q][k] = s * x + c * y;
                    x = v[k][p], y = v[k][q];
                    v[k][p] = c * x - s * y;
                    v[k][q] = s * x + c * y;
                }
            }
}

/* The nearest correlation matrix whose eigenvalues are at least LEAST (clip and rescale, repeated). */
static void make_positive(double r[ROWS][ROWS])
{
    const double LEAST = 0.015;
    static double a[ROWS][ROWS], v[ROWS][ROWS];
    for (int pass = 0; pass < 8; pass++) {
        memcpy(a, r, sizeof a);
        jacobi(a, v);
        double smallest = 1;
        for (int k = 0; k < (int)ROWS; k++)
            if (a[k][k] < smallest) smallest = a[k][k];
        if (smallest >= LEAST * 0.9) return;
        for (int i = 0; i < (int)ROWS; i++)
            for (int j = 0; j < (int)ROWS; j++) {
                double sum = 0;
                for (int k = 0; k < (int)ROWS; k++) sum += v[i][k] * v[j][k] * (a[k][k] < LEAST ? LEAST : a[k][k]);
                r[i][j] = sum;
            }
        for (int i = 0; i < (int)ROWS; i++)
            for (int j = 0; j < (int)ROWS; j++)
                if (i != j) r[i][j] /= exact_sqrt(r[i][i] * r[j][j]);
        for (int i = 0; i < (int)ROWS; i++) r[i][i] = 1;
    }
}

static double bound(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static void move(double r[ROWS][ROWS], int a, int b, double by)
{
    r[a][b] = r[b][a] = bound(r[a][b] + by, -0.97, 0.97);
}

/* Gives what a pair lacks to the variables that are drawn. */
static void correct_pair(const job_t *job, double r[ROWS][ROWS], const pair_t *pair, double lack)
{
    int a = pair->a, b = pair->b;
    if (b >= (int)ROWS) {
        a = pair->b;
        b = pair->a;
    }
    if (a < (int)ROWS) {
        move(r, a, b, 0.7 * lack);
    } else if (b >= (int)ROWS) {
        return; /* identity with identity */
    } else if (a == CL) {
        if (b != AG) move(r, AG, b, (b == NA || b == CO2 ? -0.5 : -0.8) * lack);
    } else if (a == GLOB) {
        if (b == TP || b == ALB) return;
        if (!job->listed[TP][b]) {
            move(r, TP, b, 0.7 * lack);
        } else if (!job->listed[ALB][b]) {
            move(r, ALB, b, -0.6 * lack);
        } else {
            move(r, TP, b, 0.35 * lack);
            move(r, ALB, b, -0.25 * lack);
        }
    }
}

/* --- simulation --- */

static lab_t *load(job_t *job)
{
    lab_t *lab;
    err_t err;
    source_t source = {job->files, job->file_count};
    if (!lab_load(&lab, &source, &err)) stop(err.text);
    return lab;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static const double *sort_key;

static int by_key(const void *a, const void *b)
{
    double x = sort_key[*(const int *)a], y = sort_key[*(const int *)b];
    return (x > y) - (x < y);
}

static void simulate(job_t *job, const lab_t *lab, bool healthy, const char *extra)
{
    patient_request_t request = patient_any();
    request.healthy = healthy;
    int index[ALL_ROWS], extra_index = extra == NULL ? -1 : lab_analyte_find(lab, extra);
    analyte_set_t wanted = {{0}};
    for (int i = 0; i < (int)ALL_ROWS; i++) {
        index[i] = lab_analyte_find(lab, i < (int)ROWS ? ORDER[i] : DERIVED_NAMES[i - (int)ROWS]);
        analyte_set_add(&wanted, index[i]);
    }
    if (extra_index >= 0) analyte_set_add(&wanted, extra_index);
    patient_plan_t plan;
    patient_plan(lab, &wanted, &plan);
    for (int n = 0; n < job->people; n++) {
        patient_t patient;
        double values[LAB_MAX_ANALYTES] = {0};
        memset(&patient, 0, sizeof patient);
        patient_draw_some(lab, SETTING_COMMUNITY, &request, 20172018, (uint64_t)n, &plan, &patient);
        patient_values_some(lab, &patient, 0.0, &plan, values);
        for (int i = 0; i < (int)ALL_ROWS; i++) job->value[i][n] = values[index[i]];
        if (extra_index >= 0) job->extra[n] = values[extra_index];
        job->sex[n] = patient.sex;
    }
}

static void rank_all(job_t *job)
{
    int *order = malloc(sizeof(int) * (size_t)job->people);
    if (order == NULL) stop("out of memory");
    for (int i = 0; i < (int)ALL_ROWS; i++) {
        for (int n = 0; n < job->people; n++) order[n] = n;
        sort_key = job->value[i];
        qsort(order, (size_t)job->people, sizeof *order, by_key);
        for (int n = 0; n < job->people; n++)
            job->rank[i][order[n]] = ((double)n + 0.5) / job->people - 0.5; /* variance 1/12 */
    }
    free(order);
    for (int i = 0; i < (int)ALL_ROWS; i++)
        for (int j = 0; j <= i; j++) {
            double sum = 0;
            for (int n = 0; n < job->people; n++) sum += job->rank[i][n] * job->rank[j][n];
            job->observed[i][j] = job->observed[j][i] = 12.0 * sum / job->people;
        }
}

static void percentiles(const job_t *job, const double *values, int sex, double out[KNOTS])
{
    double *sorted = malloc(sizeof(double) * (size_t)job->people);
    int count = 0;
    if (sorted == NULL) stop("out of memory");
    for (int n = 0; n < job->people; n++)
        if (job->sex[n] == sex) sorted[count++] = values[n];
    qsort(sorted, (size_t)count, sizeof *sorted, by_value);
    for (int k = 0; k < KNOTS; k++) {
        double at = LEVELS[k] * (count - 1);
        int low = (int)at;
        out[k] = sorted[low] + (at - low) * (sorted[low + 1] - sorted[low]);
    }
    free(sorted);
}

/* --- one step --- */

/* What is not explained by conditions may not be given to people without them: nobody without
 * diabetes has a fasting or random glucose above these. */
static double cap(const margin_aim_t *m, int knot, double value)
{
    static const double GLUCOSE[KNOTS] = {200, 200, 200, 200, 112, 130, 160},
                        A1C_CAP[KNOTS] = {9, 9, 9, 9, 5.8, 5.95, 6.3};
    if (strcmp(m->analyte, "glucose") == 0 && value > GLUCOSE[knot]) return GLUCOSE[knot];
    if (strcmp(m->analyte, "hba1c") == 0 && value > A1C_CAP[knot]) return A1C_CAP[knot];
    return bound(value, m->aim[knot] * 0.6, m->aim[knot] * 1.6);
}

static void correct_margin(margin_aim_t *m, const double observed[KNOTS], double pace)
{
    for (int k = 0; k < KNOTS; k++) {
        double knot = m->knot[k];
        if (m->log_scale) {
            knot *= exact_exp(pace * exact_log(m->aim[k] / observed[k]));
        } else {
            knot += pace * (m->aim[k] - observed[k]);
        }
        m->knot[k] = cap(m, k, knot);
    }
    double step = 1.0 + 0.02 * (m->aim[KNOTS - 1] - m->aim[0]) / m->aim[3]; /* percentiles rise */
    if (step > 1.04) step = 1.04;
    for (int k = 4; k < KNOTS; k++)
        if (m->knot[k] < m->knot[k - 1] * step) m->knot[k] = m->knot[k - 1] * step;
    for (int k = 2; k >= 0; k--)
        if (m->knot[k] > m->knot[k + 1] / step) m->knot[k] = m->knot[k + 1] / step;
}

static const double *values_of(const job_t *job, const char *analyte)
{
    int row = row_of(analyte);
    return row < 0 ? NULL : job->value[row];
}

static void write_population(job_t *job)
{
    text_t text;
    text_init(&text, TEXT_LIMIT);
    text_add(&text, "analyte_id,sex,scale,p2_5,p10,p25,p50,p75,p90,p97_5,source,as_of,confidence\n");
    for (int i = 0; i < job->margin_count; i++) {
        const margin_aim_t *m = &job->margins[i];
        if (!m->baseline) continue;
        text_addf(&text, "%s,%c,%s", m->analyte, m->sex == SEX_MALE ? 'M' : 'F', m->log_scale ? "lognormal" : "normal");
        for (int k = 0; k < KNOTS; k++) {
            text_add_char(&text, ',');
            text_add_fixed(&text, m->knot[k], m->knot[k] < 1 ? 5 : m->knot[k] < 100 ? 4 : 3);
        }
        text_addf(&text, ",calibrated to %s by tools/calibrate_population,2026-11,%s\n",
                  m->in_nhanes ? "NHANES 2017-2018" : "recalled percentiles of US adults (aims.csv)",
                  m->in_nhanes ? "medium" : "low");
    }
    put_file(job, "lab/population.csv", &text);
    text_free(&text);
}

static void write_copula(job_t *job)
{
    text_t text;
    text_init(&text, TEXT_LIMIT);
    text_add(&text, "population,a,b,r,source,as_of,confidence\n");
    for (int which = 0; which < 2; which++)
        for (int i = 0; i < (int)ROWS; i++)
            for (int j = 0; j <= i; j++) {
                double r = which ? job->general[i][j] : job->healthy[i][j];
                text_addf(&text, "%s,%s,%s,", which ? "general" : "healthy", ORDER[i], ORDER[j]);
                text_add_fixed(&text, i == j ? 1.0 : r, 6);
                text_add(&text, ",calibrated to NHANES 2017-2018 by tools/calibrate_population,2026-11,medium\n");
            }
    put_file(job, "lab/copula.csv", &text);
    text_free(&text);
}

static void correct_margins(job_t *job, const lab_t *lab, double pace)
{
    simulate(job, lab, false, NULL);
    for (int i = 0; i < job->margin_count; i++) {
        margin_aim_t *m = &job->margins[i];
        double observed[KNOTS];
        if (!m->baseline) continue;
        const double *values = values_of(job, m->analyte);
        if (values == NULL) {
            simulate(job, lab, false, m->analyte);
            values = job->extra;
        }
        percentiles(job, values, m->sex, observed);
        correct_margin(m, observed, pace);
    }
}

/* Pairs that nobody lists are weak in NHANES: they are kept below 0.08. */
static void correct_unlisted(job_t *job, double r[ROWS][ROWS])
{
    for (int i = 0; i < CORE_ROWS; i++)
        for (int j = 0; j < i; j++) {
            if (job->listed[i][j] || i == AG || j == AG) continue;
            double over = job->observed[i][j];
            over -= bound(over, -0.08, 0.08);
            if (over > 0 || over < 0) move(r, i, j, -0.5 * over);
        }
}

static double largest_lack(const job_t *job, const pair_t *pairs, int count, bool print)
{
    double largest = 0;
    for (int i = 0; i < count; i++) {
        double lack = pairs[i].r - job->observed[pairs[i].a][pairs[i].b];
        if (exact_abs(lack) > largest && pairs[i].empirical) largest = exact_abs(lack);
        if (print && exact_abs(lack) > 0.03)
            printf("  %-14s %-14s aim %6.3f  got %6.3f%s\n",
                   pairs[i].a < (int)ROWS ? ORDER[pairs[i].a] : DERIVED_NAMES[pairs[i].a - (int)ROWS],
                   pairs[i].b < (int)ROWS ? ORDER[pairs[i].b] : DERIVED_NAMES[pairs[i].b - (int)ROWS], pairs[i].r,
                   job->observed[pairs[i].a][pairs[i].b], pairs[i].empirical ? "" : "  (assumed)");
    }
    return largest;
}

static void calibrate(job_t *job, int rounds)
{
    for (int i = 0; i < (int)ROWS; i++) job->general[i][i] = job->healthy[i][i] = 1;
    for (int i = 0; i < job->pair_count; i++) correct_pair(job, job->general, &job->pairs[i], job->pairs[i].r);
    for (int i = 0; i < job->healthy_count; i++)
        correct_pair(job, job->healthy, &job->healthy_pairs[i], job->healthy_pairs[i].r);
    for (int round = 0; round < rounds; round++) {
        make_positive(job->general);
        make_positive(job->healthy);
        write_population(job);
        write_copula(job);
        lab_t *lab = load(job);
        simulate(job, lab, true, NULL);
        rank_all(job);
        double healthy = largest_lack(job, job->healthy_pairs, job->healthy_count, false);
        double pace = round < rounds * 2 / 3 ? 1.0 : 0.5;
        for (int i = 0; i < job->healthy_count; i++) {
            pair_t p = job->healthy_pairs[i];
            /* a structural row is worth more than an empirical one: it has the right of way */
            correct_pair(job, job->healthy, &p, (p.empirical ? 0.4 : 1.0) * pace * (p.r - job->observed[p.a][p.b]));
        }
        simulate(job, lab, false, NULL);
        rank_all(job);
        double general = largest_lack(job, job->pairs, job->pair_count, round == rounds - 1);
        for (int i = 0; i < job->pair_count; i++) {
            pair_t p = job->pairs[i];
            correct_pair(job, job->general, &p, pace * (p.r - job->observed[p.a][p.b]));
        }
        correct_unlisted(job, job->general);
        if (round < rounds - 1) correct_margins(job, lab, round < 8 ? 0.9 : 0.5);
        printf("round %d: farthest Spearman: community %.3f, healthy %.3f\n", round + 1, general, healthy);
        lab_free(lab);
    }
}

static void report(job_t *job)
{
    lab_t *lab = load(job);
    simulate(job, lab, false, NULL);
    printf("%-14s sex   median off %%   2.5 off %%   97.5 off %%\n", "analyte");
    for (int i = 0; i < job->margin_count; i++) {
        const margin_aim_t *m = &job->margins[i];
        const double *values = values_of(job, m->analyte), *aim = m->in_nhanes ? m->nhanes : m->aim;
        double got[KNOTS];
        if (values == NULL) {
            simulate(job, lab, false, m->analyte);
            values = job->extra;
        }
        percentiles(job, values, m->sex, got);
        printf("%-14s %c %12.2f %12.2f %12.2f   %s\n", m->analyte, m->sex ? 'M' : 'F', 100 * (got[3] / aim[3] - 1),
               100 * (got[0] / aim[0] - 1), 100 * (got[6] / aim[6] - 1), m->in_nhanes ? "NHANES" : "recalled");
    }
    lab_free(lab);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: calibrate CONTENT_DIR TOOL_DIR [ROUNDS [PEOPLE]]\n");
        return 2;
    }
    static job_t job;
    int rounds = argc > 3 ? atoi(argv[3]) : 24;
    job.people = argc > 4 ? atoi(argv[4]) : 60000;
    if (rounds < 1 || job.people < 1000) stop("ROUNDS from 1, PEOPLE from 1000");
    snprintf(job.folder, sizeof job.folder, "%s", argv[1]);
    job.arena = arena_new((size_t)1 << 28);
    for (int i = 0; i < (int)ALL_ROWS; i++) {
        job.value[i] = malloc(sizeof(double) * (size_t)job.people);
        job.rank[i] = malloc(sizeof(double) * (size_t)job.people);
        if (job.value[i] == NULL || job.rank[i] == NULL) stop("out of memory");
    }
    job.extra = malloc(sizeof(double) * (size_t)job.people);
    job.sex = malloc((size_t)job.people);
    if (job.arena == NULL || job.extra == NULL || job.sex == NULL) stop("out of memory");
    char path[600];
    load_content(&job);
    snprintf(path, sizeof path, "%s/aims.csv", argv[2]);
    read_margins(&job, path);
    snprintf(path, sizeof path, "%s/extra_correlations.csv", argv[2]);
    read_pairs(&job, path);
    calibrate(&job, rounds);
    save_file(&job, "lab/population.csv");
    save_file(&job, "lab/copula.csv");
    report(&job);
    return 0;
}
