/* The audit pack with its proofs: a ZIP of the cover list and of every document that proves an activity, of all
 * obligations or of one. The name of a proof begins with the number that its activity has in the cover list. */
#include "ledger.h"

#include "page_words.h"
#include "work.h"

#include "wire/zip.h"

#include <stdio.h>
#include <string.h>

enum {
    PACK_MB = 48, /* of documents in one pack: it is put together in memory */
    MEGABYTE = 1024 * 1024,
    PACK_MAX = (PACK_MB + 8) * MEGABYTE, /* with the cover and what ZIP adds */
    NAME_MAX_BYTES = 160,
};

const char *ledger_file_name(arena_t *arena, int number, int k, const app_document_t *document)
{
    char name[NAME_MAX_BYTES];
    snprintf(name, sizeof name, "%02d-%d-%s", number, k + 1, document->name);
    for (char *c = name; *c; c++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", *c)) *c = '-';
    return words(arena, "%s", name);
}

/* ---- what goes in ---- */

typedef struct {
    const char *id;   /* of the document */
    const char *name; /* of its file in the pack */
    const char *hash;
    int64_t at_ms;
} proof_t;

typedef struct {
    proof_t *list;
    int count;
    size_t bytes;
} proofs_t;

static bool collect(proofs_t *proofs, arena_t *a, const app_ledger_t *l, const app_entries_t *record,
                    const ledger_pack_t *pack, err_t *err)
{
    *proofs = (proofs_t){.list = arena_array(a, (size_t)pack->count * CE_DOCUMENTS_MAX + 1, sizeof(proof_t))};
    if (!proofs->list) return err_set(err, ERR_MEMORY, "There is not enough memory for this file.");
    for (int i = 0; i < pack->count; i++) {
        const ce_activity_t *x = &l->ledger.activities[pack->activities[i]];
        for (int k = 0; k < x->document_count; k++) {
            const app_document_t *d = ledger_document(record, x->documents[k]);
            if (!d) continue; /* the cover says that it was removed */
            proofs->list[proofs->count++] = (proof_t){d->id, ledger_file_name(a, i + 1, k, d), d->hash, d->at_ms};
            proofs->bytes += d->bytes;
        }
    }
    return proofs->bytes <= (size_t)PACK_MB * MEGABYTE ||
           err_set(err, ERR_LIMIT, "These proofs have %zu MB, and a pack takes %d. %s", proofs->bytes / MEGABYTE + 1,
                   PACK_MB,
                   pack->held < 0 ? "Take the pack of one obligation at a time."
                                  : "Save them one by one from the record.");
}

/* ---- writing ---- */

static bool add_proof(zip_writer_t *zip, app_t *app, const request_t *request, const proof_t *proof, err_t *err)
{
    app_document_t document;
    text_t bytes;
    text_init(&bytes, APP_DOCUMENT_BYTES);
    bool ok =
        app_document_read(app, APP_RECORD_ME, proof->id, &document, &bytes, err) &&
        zip_add(zip, words(request->arena, "proofs/%s", proof->name), bytes.data, bytes.length, proof->at_ms, err);
    text_free(&bytes);
    return ok;
}

/* What sha256sum -c takes. */
static bool add_sums(zip_writer_t *zip, const proofs_t *proofs, int64_t now_ms, err_t *err)
{
    text_t sums;
    text_init(&sums, MEGABYTE);
    for (int i = 0; i < proofs->count; i++)
        text_addf(&sums, "%s  proofs/%s\n", proofs->list[i].hash, proofs->list[i].name);
    bool ok = proofs->count == 0 || zip_add(zip, "SHA256SUMS", sums.data, sums.length, now_ms, err);
    text_free(&sums);
    return ok;
}

static bool write_zip(text_t *out, app_t *app, const request_t *request, const text_t *cover, const proofs_t *proofs,
                      err_t *err)
{
    zip_writer_t *zip = zip_open(out);
    if (!zip) return err_set(err, ERR_MEMORY, "There is not enough memory for this file.");
    bool ok = zip_add(zip, "audit-pack.pdf", cover->data, cover->length, request->now_ms, err);
    for (int i = 0; ok && i < proofs->count; i++) ok = add_proof(zip, app, request, &proofs->list[i], err);
    ok = ok && add_sums(zip, proofs, request->now_ms, err);
    return zip_close(zip, ok ? err : NULL) && ok;
}

static void zip(web_t *web, const request_t *request, response_t *response)
{
    app_t *app = web_app(web);
    app_ledger_t l;
    app_entries_t record;
    proofs_t proofs;
    text_t cover;
    err_t err;
    ledger_pack_t pack;
    text_init(&cover, WEB_ANSWER_MAX);
    bool ok = app_ledger(app, request->arena, &l, &err) &&
              app_record_entries(app, APP_RECORD_ME, request->arena, &record, &err);
    ok = ok && ledger_pack(request->arena, &l, request_query(request, "held"), &pack, &err) &&
         collect(&proofs, request->arena, &l, &record, &pack, &err) &&
         ledger_cover(request, &l, &record, &pack, &cover, &err);
    if (ok) {
        response_large(response, PACK_MAX);
        ok = write_zip(response_body(response, "application/zip"), app, request, &cover, &proofs, &err);
    }
    text_free(&cover);
    if (ok)
        response_download(response, "audit-pack.zip");
    else
        response_failed(response, &err);
}

static const web_route_t routes[] = {{"GET", "/ledger.zip", zip}};

const web_route_t *ledger_zip_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
