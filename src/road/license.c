/* Reads the tables of states and of certificates. */
#include "road/license.h"

#include "base/csv.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

typedef struct {
    const char *column;
    size_t offset;
} text_column_t;

#define L(column_, member)                                                                                             \
    {                                                                                                                  \
        .column = column_, .offset = offsetof(license_t, member)                                                       \
    }
#define C(column_, member)                                                                                             \
    {                                                                                                                  \
        .column = column_, .offset = offsetof(credential_t, member)                                                    \
    }
static const text_column_t license_texts[] = {L("code", code),
                                              L("jurisdiction", jurisdiction),
                                              L("kind", kind),
                                              L("personnel_license_required", personnel),
                                              L("phlebotomy_license_required", phlebotomy),
                                              L("titles_and_levels", titles),
                                              L("certifications_accepted", certifications),
                                              L("state_exam", state_exam),
                                              L("state_specific_courses", courses),
                                              L("temporary_or_trainee_permit", permit),
                                              L("renewal_cycle_years", renewal_years),
                                              L("ce_hours_per_cycle", ce_hours),
                                              L("ce_topics", ce_topics),
                                              L("background_check", background),
                                              L("agency", agency),
                                              L("agency_url", agency_url),
                                              L("fees_usd", fees),
                                              L("source", source),
                                              L("as_of", as_of),
                                              L("confidence", confidence),
                                              L("notes", notes)};
static const text_column_t credential_texts[] = {C("id", id),
                                                 C("body", body),
                                                 C("title", title),
                                                 C("post_nominal", post_nominal),
                                                 C("level", level),
                                                 C("exam_format", format),
                                                 C("questions", questions),
                                                 C("minutes", minutes),
                                                 C("score_scale", scale),
                                                 C("passing_score", passing),
                                                 C("fee_usd", fee_usd),
                                                 C("cycle_years", cycle_years),
                                                 C("ce_points_per_cycle", ce_points),
                                                 C("status", status),
                                                 C("source", source),
                                                 C("as_of", as_of),
                                                 C("confidence", confidence),
                                                 C("notes", notes)};
enum {
    LICENSE_TEXTS = sizeof license_texts / sizeof *license_texts,
    CREDENTIAL_TEXTS = sizeof credential_texts / sizeof *credential_texts,
};

const license_column_t license_columns[] = {
    {"personnel", "License for laboratory personnel", offsetof(license_t, personnel)},
    {"phlebotomy", "License for phlebotomy", offsetof(license_t, phlebotomy)},
    {"titles", "Titles and levels", offsetof(license_t, titles)},
    {"certifications", "Exams and certificates accepted", offsetof(license_t, certifications)},
    {"state_exam", "Exam of the state", offsetof(license_t, state_exam)},
    {"courses", "Education and courses the state adds", offsetof(license_t, courses)},
    {"permit", "Temporary or trainee permit", offsetof(license_t, permit)},
    {"background", "Background check", offsetof(license_t, background)},
    {"fees", "Fees in US dollars", offsetof(license_t, fees)},
    {"renewal_years", "Renewal, years", offsetof(license_t, renewal_years)},
    {"ce_hours", "Continuing education, hours a renewal", offsetof(license_t, ce_hours)},
    {"ce_topics", "Continuing education, topics", offsetof(license_t, ce_topics)},
    {"agency", "Agency", offsetof(license_t, agency)},
    {"agency_url", "Address of the agency", offsetof(license_t, agency_url)},
    {"notes", "More", offsetof(license_t, notes)},
};
const size_t license_column_count = sizeof license_columns / sizeof *license_columns;

const char *license_text(const license_t *license, const license_column_t *column)
{
    return *(const char *const *)((const char *)license + column->offset);
}

const char *const license_agencies_url =
    "https://www.hhs.gov/guidance/document/state-agency-clia-operations-branch-contacts-1";
const char *const license_agencies_title =
    "the federal list of laboratory contacts in every state and territory (CMS, page of 2021-05-28)";

const char *license_by_when(need_t need)
{
    static const char *const says[] = {
        "Ask first: whether a license is needed was not read.",
        "No day: no license of this kind is asked for. The employer keeps proof of education for the federal rules.",
        "Ask first: sources differ, or it hangs on the work.",
        "Before the first day of work that needs it, or under a permit where there is one. How long the agency takes "
        "was "
        "not read."};
    assert(need <= NEED_YES);
    return says[need];
}

const char *need_word(need_t need)
{
    static const char *const words[] = {"unknown", "not required", "depends", "required"};
    assert(need <= NEED_YES);
    return words[need];
}

static need_t need_of(const char *text)
{
    if (text[0] == '\0') return NEED_UNKNOWN;
    if (strcmp(text, "yes") == 0) return NEED_YES;
    return strcmp(text, "no") == 0 || strcmp(text, "no federal license") == 0 ? NEED_NO : NEED_DEPENDS;
}

static bool read_texts(const csv_t *table, size_t row, const text_column_t *columns, size_t count, void *to, err_t *err)
{
    for (size_t i = 0; i < count; i++) {
        int column;
        if (!csv_need(table, columns[i].column, &column, err)) return false;
        const char *text = csv_text(table, row, column);
        memcpy((char *)to + columns[i].offset, &text, sizeof text);
    }
    return true;
}

static bool read_review(const csv_t *table, size_t row, int32_t *day, err_t *err)
{
    int column;
    when_t when;
    if (!csv_need(table, "review_by", &column, err)) return false;
    if (!when_read(csv_text(table, row, column), &when, NULL) || !when_is_day(when))
        return csv_fail(table, row, err, "review_by is the day by which the row is read again, such as 2027-11-22.");
    *day = when.first;
    return true;
}

static bool read_license(const csv_t *table, size_t row, license_t *to, err_t *err)
{
    if (!read_texts(table, row, license_texts, LICENSE_TEXTS, to, err)) return false;
    if (!read_review(table, row, &to->review_by, err)) return false;
    to->personnel_need = need_of(to->personnel);
    to->phlebotomy_need = need_of(to->phlebotomy);
    bool says = to->personnel_need != NEED_UNKNOWN || to->phlebotomy_need != NEED_UNKNOWN;
    if (to->code[0] == '\0' || to->jurisdiction[0] == '\0')
        return csv_fail(table, row, err, "a jurisdiction needs its code and name.");
    if (says && (to->source[0] == '\0' || to->as_of[0] == '\0' || to->confidence[0] == '\0'))
        return csv_fail(table, row, err,
                        "%s says whether a license is required, so it needs source, as_of and confidence.", to->code);
    return true;
}

static bool read_credential(const csv_t *table, size_t row, credential_t *to, err_t *err)
{
    if (!read_texts(table, row, credential_texts, CREDENTIAL_TEXTS, to, err)) return false;
    if (!read_review(table, row, &to->review_by, err)) return false;
    if (to->id[0] == '\0' || to->source[0] == '\0' || to->as_of[0] == '\0' || to->confidence[0] == '\0')
        return csv_fail(table, row, err, "a certificate needs id, source, as_of and confidence.");
    return true;
}

static bool read_table(csv_t *table, arena_t *arena, const source_t *content, const char *path, err_t *err)
{
    const source_file_t *file = source_find(content, path);
    if (file == NULL) return err_set(err, ERR_NOT_FOUND, "content/%s is not there.", path);
    return csv_read(table, arena, file->path, file->bytes, file->length, err);
}

bool licenses_load(licenses_t *licenses, arena_t *arena, const source_t *content, err_t *err)
{
    csv_t states, certificates;
    *licenses = (licenses_t){0};
    if (!read_table(&states, arena, content, "road/licensure.csv", err) ||
        !read_table(&certificates, arena, content, "road/credentials.csv", err))
        return false;
    license_t *items = arena_array(arena, states.rows + 1, sizeof *items);
    credential_t *credentials = arena_array(arena, certificates.rows + 1, sizeof *credentials);
    if (items == NULL || credentials == NULL)
        return err_set(err, ERR_LIMIT, "There is no room for the tables of states.");
    for (size_t row = 0; row < states.rows; row++) {
        if (!read_license(&states, row, &items[row], err)) return false;
        licenses->items = items;
        licenses->count = row;
        if (licenses_find(licenses, items[row].code) != NULL)
            return csv_fail(&states, row, err, "%s stands in the table twice.", items[row].code);
    }
    for (size_t row = 0; row < certificates.rows; row++)
        if (!read_credential(&certificates, row, &credentials[row], err)) return false;
    *licenses = (licenses_t){states.rows, certificates.rows, items, credentials};
    return true;
}

const license_t *licenses_find(const licenses_t *licenses, const char *code)
{
    for (size_t i = 0; i < licenses->count; i++)
        if (strcasecmp(licenses->items[i].code, code) == 0 || strcasecmp(licenses->items[i].jurisdiction, code) == 0)
            return &licenses->items[i];
    return NULL;
}

const credential_t *credential_find(const licenses_t *licenses, const char *id)
{
    for (size_t i = 0; i < licenses->credential_count; i++)
        if (strcmp(licenses->credentials[i].id, id) == 0) return &licenses->credentials[i];
    return NULL;
}

static void add(text_t *out, const char *key, const char *text)
{
    text_addf(out, ",\"%s\":", key);
    if (text[0] == '\0')
        text_add(out, "null");
    else
        text_add_json(out, text);
}

void license_json(const license_t *license, const rules_t *rules, text_t *out)
{
    int year, month, day;
    text_add(out, "{\"state\":");
    text_add_json(out, license->code);
    add(out, "name", license->jurisdiction);
    add(out, "kind", license->kind);
    add(out, "personnel_license", need_word(license->personnel_need));
    add(out, "phlebotomy_license", need_word(license->phlebotomy_need));
    for (size_t i = 0; i < license_column_count; i++)
        add(out, license_columns[i].key, license_text(license, &license_columns[i]));
    text_add(out, ",\"goals\":[");
    bool first = true;
    for (size_t i = 0; i < rules->count; i++) {
        if (rules->goals[i].state == NULL || strcmp(rules->goals[i].state, license->code) != 0) continue;
        if (!first) text_add_char(out, ',');
        first = false;
        text_add_json(out, rules->goals[i].id);
    }
    text_add_char(out, ']');
    add(out, "source", license->source);
    add(out, "as_of", license->as_of);
    add(out, "confidence", license->confidence);
    day_split(license->review_by, &year, &month, &day);
    text_addf(out, ",\"review_by\":\"%04d-%02d-%02d\",\"says\":\"the board decides\"}", year, month, day);
}
