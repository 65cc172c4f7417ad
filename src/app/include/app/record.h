/* One record: what a person has learned, done and passed, entered once and used by all career pages.
 *
 * A record is the stream "record/<owner>": entries are entered, corrected and withdrawn by events that are only
 * appended, so everything that ever stood there can be looked at. An entry belongs to a section and has the section's
 * fields, each a text as it was typed and checked: a date may be "spring 2019", what is not known stays empty.
 * app_record turns the entries into the applicant record that rules are evaluated on (road/record.h).
 *
 * Documents (scans, pictures) are streams of their own, "document/<id>", attached to entries. Removing one erases its
 * bytes; deleting the record erases everything for good (store_erase). */
#ifndef TITER_APP_RECORD_H
#define TITER_APP_RECORD_H

#include "app/app.h"
#include "road/record.h"

enum {
    APP_RECORD_FIELDS = 12, /* of a section, at most */
    APP_RECORD_SECTIONS = 16,
    APP_RECORD_ENTRIES = 500,        /* of a record, withdrawn ones too */
    APP_RECORD_SECTION_MAX = 64,     /* entries of a section that are not withdrawn: RECORD_ITEMS_MAX */
    APP_RECORD_EVENTS = 5000,        /* of a record */
    APP_RECORD_TEXT = 200,           /* bytes of a field */
    APP_RECORD_NOTE = 1000,          /* bytes of a note */
    APP_RECORD_FILE = 768 * 1024,    /* bytes of an export as JSON, and of an import */
    APP_DOCUMENTS = 100,             /* of a record */
    APP_DOCUMENT_BYTES = 10485760,   /* 10 MB */
    APP_DOCUMENTS_BYTES = 104857600, /* 100 MB: all of a record */
    APP_DOCUMENT_NAME = 120,         /* bytes of its name */
    APP_HASH_TEXT = 65,              /* SHA-256 in hexadecimal with its zero */
};

/* The record of the one learner of local mode. Owners are named with lower-case letters and digits. */
#define APP_RECORD_ME "me"

/* ---- what a record is made of ---- */

typedef enum {
    RECORD_FIELD_TEXT,
    RECORD_FIELD_NOTE,
    RECORD_FIELD_TOKEN,  /* a rule's own name: letters, digits and _ - . */
    RECORD_FIELD_NUMBER, /* of at least zero, at most three decimals */
    RECORD_FIELD_DATE,   /* as when_read takes it */
    RECORD_FIELD_END,    /* a date or "present" */
    RECORD_FIELD_CHOICE, /* one token of a list of words */
    RECORD_FIELD_SEVERAL /* tokens of a list of words, joined by commas */
} record_field_kind_t;

typedef struct {
    const char *key, *label, *hint; /* hint may be NULL */
    record_field_kind_t kind;
    const char *words; /* list of words (content/road/record_words.csv), or NULL */
    bool needed;
    bool number_of_own; /* a number by which a body knows the person: no patient's, however long */
} record_field_t;

typedef struct {
    const char *key, *title, *one; /* "jobs", "Work", "a job" */
    const char *about;             /* what it is for, in a sentence */
    const record_field_t *fields;
    int count;
    bool single; /* at most one entry */
} record_section_t;

int app_record_section_count(void);
const record_section_t *app_record_section(int section);
/* -1 when there is none. */
int app_record_section_find(const char *key);

typedef struct {
    const char *token, *words;
} record_word_t;
/* The words that a field offers. */
const record_word_t *app_record_words(const app_t *app, const record_field_t *field, int *count);
/* A value in words, made in the arena: "Bachelor degree", "Chemistry, Hematology"; text as it is. */
const char *app_record_say(const app_t *app, const record_field_t *field, const char *value, arena_t *arena);

/* An entry in a line: the first field that is filled in, in words; and the others, without the note. */
const char *app_record_title(const app_t *app, int section, const char *const *values, arena_t *arena);
const char *app_record_rest(const app_t *app, int section, const char *const *values, arena_t *arena);

/* Is this what the field takes? Puts the sentence into `err`. An empty value is unknown and always fine, unless the
 * field is needed. */
bool app_record_check(const app_t *app, const record_field_t *field, const char *value, err_t *err);

/* ---- reading ---- */

typedef struct {
    char id[APP_ID_MAX];
    char name[APP_DOCUMENT_NAME + 1];
    const char *type; /* "application/pdf", ... */
    char hash[APP_HASH_TEXT];
    size_t bytes;
    int entry; /* index of the entry that it is attached to */
    int64_t at_ms;
} app_document_t;

typedef enum { ENTRY_ENTERED, ENTRY_CORRECTED, ENTRY_WITHDRAWN, ENTRY_ATTACHED, ENTRY_DETACHED } entry_event_t;

typedef struct {
    entry_event_t what;
    int64_t at_ms;
    const char *values[APP_RECORD_FIELDS]; /* after an entry or correction */
    const char *document;                  /* its name */
} app_entry_step_t;

typedef struct {
    char id[APP_ID_MAX];
    int section;
    const char *values[APP_RECORD_FIELDS]; /* by field of the section; "" unknown */
    bool withdrawn;
    int64_t seq; /* of the event that last changed its fields */
    int64_t entered_ms, changed_ms;
    int corrections, documents;
    app_entry_step_t *steps; /* everything that happened to it, the oldest first */
    int step_count;
} app_entry_t;

typedef struct {
    app_entry_t *entries; /* in the order they were entered */
    int count;
    app_document_t *documents;
    int document_count;
    size_t document_bytes;
    bool none[APP_RECORD_SECTIONS]; /* by section: said to have none */
    int64_t seq;                    /* of the last event; 0: there is no record */
    int64_t changed_ms;
} app_entries_t;

/* All of it, in the arena. */
bool app_record_entries(app_t *app, const char *owner, arena_t *arena, app_entries_t *record, err_t *err);
/* NULL and `err` when it is not there. */
const app_entry_t *app_record_find(const app_entries_t *record, const char *id, err_t *err);
/* The applicant record of the learner, as rules need it; unknown where nothing was entered. */
bool app_record(app_t *app, arena_t *arena, record_t *record, err_t *err);
/* The same from entries; `today` is a day of road/when.h, for the age. */
bool app_record_make(const app_t *app, const app_entries_t *entries, int32_t today, arena_t *arena, record_t *record,
                     err_t *err);

/* ---- writing; `request` (may be "") makes a repeat harmless ---- */

/* What is wrong with a form: which field, and the sentence. */
typedef struct {
    int field; /* -1: not one field */
    err_t err;
} record_wrong_t;

/* Checks every field; the first wrong one is told. `values` by field of the section, NULL or "" unknown. */
bool app_record_enter(app_t *app, const char *owner, int section, const char *const *values, const char *request,
                      char id[APP_ID_MAX], record_wrong_t *wrong);
/* `seq` is the entry's when the form was opened: ERR_STATE when it was changed since. */
bool app_record_correct(app_t *app, const char *owner, const char *id, int64_t seq, const char *const *values,
                        const char *request, record_wrong_t *wrong);
bool app_record_withdraw(app_t *app, const char *owner, const char *id, const char *request, err_t *err);
/* "I have none of these", or that taken back. Refused while the section has entries. */
bool app_record_none(app_t *app, const char *owner, int section, bool none, const char *request, err_t *err);

/* ---- documents ---- */

/* The type by its first bytes, or NULL: PDF, PNG, JPEG, WebP, HEIC. The name says nothing. */
const char *app_document_type(const char *bytes, size_t length);
/* Attaches a file to an entry: whole or not at all. */
bool app_document_add(app_t *app, const char *owner, const char *entry, const char *name, const char *bytes,
                      size_t length, const char *request, char id[APP_ID_MAX], err_t *err);
/* A picture that browsers show; the HEIC of telephones is none. */
bool app_document_shows(const app_document_t *document);
/* Its bytes, checked against its hash. */
bool app_document_read(app_t *app, const char *owner, const char *id, app_document_t *document, text_t *bytes,
                       err_t *err);
/* Takes it off its entry and erases its bytes for good. */
bool app_document_remove(app_t *app, const char *owner, const char *id, const char *request, err_t *err);

/* ---- out, in, away ---- */

/* Everything as one JSON object (documents by name, size and hash; their bytes are separate files). */
bool app_record_json(app_t *app, const char *owner, text_t *out, err_t *err);
/* One row a field of an entry: section, entry, field, value, words, entered, changed. */
bool app_record_csv(app_t *app, const char *owner, text_t *out, err_t *err);

/* What stands, section by section, as PDF; `date` ("2026-11-27") is printed. */
bool app_record_paper(app_t *app, const char *owner, bool a4, const char *date, text_t *out, err_t *err);

typedef struct {
    int section;
    char id[APP_ID_MAX];
    const char *values[APP_RECORD_FIELDS];
    enum { IMPORT_NEW, IMPORT_CORRECTION, IMPORT_SAME } what;
} app_import_entry_t;

typedef struct {
    app_import_entry_t *entries;
    int count, added, corrected, same;
    bool none[APP_RECORD_SECTIONS];
    int none_count;
    struct {
        const char *entry, *name, *hash; /* entry: the id of the one it is attached to */
        const char *id;                  /* of the document where the file was written; NULL: not told */
        int64_t bytes;                   /* -1: not told */
    } files[APP_DOCUMENTS];
    int documents; /* named in the file; their bytes are not in it */
} app_import_t;

/* What an import of that file would do; refuses a malformed one, naming the path (`entries[3].fields.awarded`). Changes
 * nothing. Entries with an id that is here already are corrections when they differ. */
bool app_record_import_plan(app_t *app, const char *owner, const char *json, size_t length, arena_t *arena,
                            app_import_t *plan, err_t *err);
/* Does it: all of it or, when something is wrong, nothing. */
bool app_record_import(app_t *app, const char *owner, const char *json, size_t length, arena_t *arena,
                       app_import_t *plan, err_t *err);
/* After an import: attaches these bytes wherever the file named a document with their hash and the entry does not have
 * it yet. *attached: how often; 0 also when the file names no such document. */
bool app_record_import_document(app_t *app, const char *owner, const app_import_t *plan, const char *bytes,
                                size_t length, int *attached, err_t *err);
/* Everything as one ZIP: record and ledger as JSON, a table, the bytes of every document. */
bool app_record_pack(app_t *app, const char *owner, text_t *out, err_t *err);
/* Begins the bytes a ZIP? */
bool app_is_archive(const char *bytes, size_t length);
/* Deletes the record, its history and its documents for good, and what was entered beside it: ledger, applications,
 * choices of the résumé, the kept fit check. Clinical hours, shifts and exams stay. Backups are not reached. */
bool app_record_erase(app_t *app, const char *owner, err_t *err);

#endif
