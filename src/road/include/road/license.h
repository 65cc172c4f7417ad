/* What every state and territory asks of laboratory personnel, from content/road/licensure.csv, and the certificates of
 * content/road/credentials.csv. An empty field was not read: unknown, never none. */
#ifndef TITER_ROAD_LICENSE_H
#define TITER_ROAD_LICENSE_H

#include "base/source.h"
#include "road/rules.h"

typedef enum { NEED_UNKNOWN, NEED_NO, NEED_DEPENDS, NEED_YES } need_t;

/* Texts as the table has them, "" where not read. */
typedef struct {
    const char *code, *jurisdiction, *kind, *personnel, *phlebotomy, *titles, *certifications, *state_exam, *courses,
        *permit, *renewal_years, *ce_hours, *ce_topics, *background, *agency, *agency_url, *fees, *source, *as_of,
        *confidence, *notes;
    need_t personnel_need, phlebotomy_need;
    int32_t review_by;
} license_t;

typedef struct {
    const char *id, *body, *title, *post_nominal, *level, *format, *questions, *minutes, *scale, *passing, *fee_usd,
        *cycle_years, *ce_points, *status, *source, *as_of, *confidence, *notes;
    int32_t review_by;
} credential_t;

typedef struct {
    size_t count, credential_count;
    const license_t *items; /* in the order of the table */
    const credential_t *credentials;
} licenses_t;

/* Reads both tables; the error names file and line. What says yes or no needs its source and date. */
bool licenses_load(licenses_t *licenses, arena_t *arena, const source_t *content, err_t *err);
/* By code, in either case ("ca"), or by name; NULL when there is none. */
const license_t *licenses_find(const licenses_t *licenses, const char *code);
const credential_t *credential_find(const licenses_t *licenses, const char *id);
/* Where the address of a state's agency is found when none was read: a page of the federal government, and what it is.
 */
extern const char *const license_agencies_url, *const license_agencies_title;
/* By when a license must be there, as far as that can be said. */
const char *license_by_when(need_t need);
/* "required", "not required", "depends", "unknown". */
const char *need_word(need_t need);
/* The jurisdiction as a JSON object; what was not read is null. */
void license_json(const license_t *license, const rules_t *rules, text_t *out);

/* The columns of a jurisdiction for people: heading and text, in reading order. */
typedef struct {
    const char *key, *heading;
    size_t offset; /* of a const char * in license_t */
} license_column_t;
extern const license_column_t license_columns[];
extern const size_t license_column_count;
const char *license_text(const license_t *license, const license_column_t *column);

#endif
