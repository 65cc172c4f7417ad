/* What the files of the record share: the words, the fold, one append. */
#ifndef TITER_APP_RECORD_PRIVATE_H
#define TITER_APP_RECORD_PRIVATE_H

#include "app/record.h"
#include "private.h"

enum { RECORD_TRIES = 4 }; /* when somebody else appends in between */

/* record_sections.c */
int record_field_find(const record_section_t *section, const char *key);
bool record_check_all(const app_t *app, int section, const char *const *values, record_wrong_t *wrong);

/* record.c: the fold, with what a request was answered with before */
typedef struct {
    const char *request; /* looked for; may be NULL */
    bool known;          /* it was seen */
    char id[APP_ID_MAX]; /* of the entry or document that it made */
} record_request_t;
bool record_fold(app_t *app, const char *owner, arena_t *arena, app_entries_t *record, record_request_t *request,
                 err_t *err);
/* Appends after `record`; ERR_CONFLICT when somebody else was first. Refuses when the record is full. */
bool record_append(app_t *app, const char *owner, const app_entries_t *record, const char *kind, const text_t *payload,
                   const char *request, err_t *err);
bool record_stream(char name[64], const char *owner, err_t *err);
/* {"level":"bachelor",...}: what is not empty */
void record_fields_json(text_t *out, const record_section_t *section, const char *const *values);
/* Values by field from such an object, in the arena. Refuses what is no text, naming `path`. */
bool record_fields_read(const json_t *object, int section, const char *path, arena_t *arena, const char **values,
                        err_t *err);
/* A copy without blanks at its ends. */
const char *record_trim(arena_t *arena, const char *text);

/* record_documents.c: the SHA-256 of bytes, in hexadecimal */
void document_hash(char out[APP_HASH_TEXT], const char *bytes, size_t length);
/* The document of that entry with that hash, or NULL. */
const app_document_t *record_has_document(const app_entries_t *record, const char *entry, const char *hash);
/* May a document with these bytes come to the record? */
bool document_check(const app_entries_t *record, const char *bytes, size_t length, err_t *err);
/* rows of the projection "document" */
void documents_project(const store_event_t *event, store_rows_t *rows);
/* Erases documents that were cut off while they came in, or while they were removed. */
bool documents_sweep(app_t *app, err_t *err);

#endif
