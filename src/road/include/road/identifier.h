/* Does a free text hold what looks like a patient's identifier? For warnings, never for a promise: a text in which
 * nothing is found may still name a patient.
 *
 * Looked for are those of the eighteen identifiers of the HIPAA Safe Harbor rule, 45 CFR 164.514(b)(2), that have a
 * shape: names after a title, full dates, ages of 90 and more, telephone and social security numbers, e-mail
 * addresses, record and account numbers. */
#ifndef TITER_ROAD_IDENTIFIER_H
#define TITER_ROAD_IDENTIFIER_H

#include <stdbool.h>
#include <stddef.h>

typedef enum {
    IDENTIFIER_RECORD, /* a number after "MRN", "account", "patient ID" ..., or any of six digits and more */
    IDENTIFIER_BIRTH,  /* a date after "born", "DOB" ... */
    IDENTIFIER_DATE,   /* any other day with month and year */
    IDENTIFIER_AGE,    /* 90 or more */
    IDENTIFIER_SSN,
    IDENTIFIER_PHONE,
    IDENTIFIER_EMAIL,
    IDENTIFIER_NAME, /* a capitalized word after "Mr.", "patient" ... */
    IDENTIFIER_KINDS
} identifier_kind_t;

typedef struct {
    identifier_kind_t kind;
    size_t at, length; /* of the bytes of the text */
} identifier_t;

/* The first one that begins at `from` or later. */
bool identifier_find(const char *text, size_t from, identifier_t *found);
/* "a record or account number": what it looks like, for "This looks like ...". */
const char *identifier_looks_like(identifier_kind_t kind);

#endif
