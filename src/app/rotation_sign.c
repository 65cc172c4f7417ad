/* Signing without an account: one-time links, codes of paper sheets, PINs; and what is refused. See app/rotation.h. */
#include "rotation_private.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const char WRONG_LINK[] = "This is no good link or code. Check it letter by letter, or ask for a new one.";

bool app_rotation_ask(app_t *app, const char *what, bool paper, char token[APP_TOKEN_MAX], int64_t *expires_ms,
                      err_t *err)
{
    const rotation_t *r;
    if (!app_rotation(app, &r, err)) return false;
    int64_t now = app_now_ms(app);
    char hash[ROTATION_HASH_TEXT];
    text_t payload;
    const rotation_item_t *item = rotation_item(app->rotations->state, what);
    bool ok = item != NULL ? item->signature < 0 || err_set(err, ERR_STATE, "This is signed already.")
                           : err_set(err, ERR_NOT_FOUND, "There is no such entry.");
    rotation_token(app, paper ? 12 : APP_TOKEN_MAX - 2, token);
    rotation_token_hash(token, hash);
    *expires_ms = now + (int64_t)(paper ? APP_SHEET_DAYS * 24 : APP_LINK_HOURS) * 3600000;
    text_init(&payload, APP_JSON_MAX);
    text_addf(&payload, "{\"token\":\"%s\",\"expires\":%lld,\"paper\":%s", hash, (long long)*expires_ms,
              paper ? "true" : "false");
    if (ok) text_addf(&payload, ",\"version\":%lld", (long long)item->seq);
    rotation_add_text(&payload, "what", what);
    text_add_char(&payload, '}');
    ok = ok && rotations_append(app, false, "ask", now, &payload, "", err);
    text_free(&payload);
    app_rotation_leave(app);
    return ok;
}

/* A code as people type it: capitals, blanks and hyphens, o for 0, i and l for 1. */
static bool plain_token(const char *typed, char token[APP_TOKEN_MAX])
{
    size_t n = 0;
    for (; *typed != '\0'; typed++) {
        char c = *typed >= 'A' && *typed <= 'Z' ? (char)(*typed - 'A' + 'a') : *typed;
        if (c == '-' || c == ' ') continue;
        c = c == 'o' ? '0' : c == 'i' || c == 'l' ? '1' : c;
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) || n + 1 == APP_TOKEN_MAX) return false;
        token[n++] = c;
    }
    token[n] = '\0';
    return n == 12 || n == APP_TOKEN_MAX - 2;
}

/* Only an unknown token is a guess; who has one that was good is told what became of it, and nothing else. */
static bool not_good(app_t *app, ask_state_t state, const char *client, err_t *err)
{
    switch (state) {
    case ASK_USED:
        return err_set(err, ERR_DENIED, "This link was used: what it opened is signed, or was given back.");
    case ASK_EXPIRED:
        return err_set(err, ERR_DENIED, "This link has run out. Ask for a new one.");
    case ASK_OLD:
        return err_set(err, ERR_DENIED, "The record was corrected since this link was made. Ask for a new one.");
    case ASK_UNKNOWN:
    case ASK_GOOD:
        break;
    }
    return rotations_missed(app, client, "", WRONG_LINK, err);
}

static bool good_token(app_t *app, const char *typed, const char *client, char hash[ROTATION_HASH_TEXT],
                       rotation_item_t **item, bool *paper, err_t *err)
{
    char token[APP_TOKEN_MAX];
    const rotation_ask_t *ask = NULL;
    rotation_t *r = app->rotations->state;
    if (!rotations_may_guess(app, client, "", err)) return false;
    bool good = plain_token(typed, token);
    if (good) rotation_token_hash(token, hash);
    ask_state_t state = good ? rotation_ask(r, hash, app_now_ms(app), &ask) : ASK_UNKNOWN;
    if (state != ASK_GOOD) return not_good(app, state, client, err);
    *item = rotation_item(r, ask->what);
    *paper = ask->paper;
    return true;
}

bool app_rotation_link(app_t *app, const char *token, const char *client, const rotation_t **state,
                       const rotation_item_t **item, err_t *err)
{
    char hash[ROTATION_HASH_TEXT];
    bool paper;
    rotation_item_t *found;
    if (!app_rotation(app, state, err)) return false;
    if (good_token(app, token, client, hash, &found, &paper, err)) return *item = found, true;
    app_rotation_leave(app);
    return false;
}

/* ---- the signature itself ---- */

typedef struct {
    const char *method, *name, *role, *key, *by; /* "token" and its hash, or "pin" and its id */
} signer_t;

static bool check_sign(const rotation_t *r, const rotation_item_t *item, const signer_t *by, const app_sign_t *s,
                       err_t *err)
{
    if (!rotation_check_words(by->name, "your name", 2, ROTATION_NAME_MAX, err) ||
        !rotation_check_words(by->role, "what you are (MLS, supervisor ...)", 2, ROTATION_NAME_MAX, err) ||
        !rotation_check_words(s->comment, "the comment", 0, ROTATION_TEXT_MAX, err))
        return false;
    if (r->name[0] != '\0' && strcasecmp(by->name, r->name) == 0)
        return err_set(err, ERR_DENIED, "Nobody signs for themselves: the preceptor's name belongs here.");
    if (item->signature >= 0) return err_set(err, ERR_STATE, "This is signed already.");
    if (s->returned && s->comment[0] == '\0')
        return err_set(err, ERR_INPUT, "Write what should be corrected, then give it back.");
    if (item->kind == ITEM_SKILL && !s->returned) {
        if (s->rating < RATING_REMEDIATION || s->rating > RATING_TEACH)
            return err_set(err, ERR_INPUT, "Choose a rating: 1 to 5, or needs remediation.");
        if (rating_needs_comment(s->rating) && s->comment[0] == '\0')
            return err_set(err, ERR_INPUT, "“%s” needs a comment: what was seen?", rating_words(s->rating));
    }
    if (item->kind == ITEM_EVALUATION && !s->returned &&
        !rotation_check_extremes(r->rules, s->behaviors, s->comment, err))
        return false;
    return rotation_check_patient(s->comment, s->no_patient, err);
}

static bool give_back(app_t *app, const rotation_item_t *item, const signer_t *by, const app_sign_t *s, err_t *err)
{
    text_t payload;
    text_init(&payload, APP_JSON_MAX);
    text_addf(&payload, "{\"%s\":\"%s\"", by->key, by->by);
    rotation_add_text(&payload, "what", item->id);
    rotation_add_text(&payload, "name", by->name);
    rotation_add_text(&payload, "text", s->comment);
    text_add_char(&payload, '}');
    bool ok = rotations_append(app, false, "note", app_now_ms(app), &payload, "", err);
    text_free(&payload);
    return ok;
}

static bool write_signature(app_t *app, rotation_item_t *item, const signer_t *by, const app_sign_t *s,
                            char receipt[ROTATION_HASH_TEXT], err_t *err)
{
    const rotation_t *r = app->rotations->state;
    int64_t now = app_now_ms(app);
    text_t payload;
    text_init(&payload, APP_JSON_MAX);
    text_addf(&payload, "{\"version\":%lld,\"method\":\"%s\",\"%s\":\"%s\"", (long long)item->seq, by->method, by->key,
              by->by);
    rotation_add_text(&payload, "what", item->id);
    rotation_add_text(&payload, "name", by->name);
    rotation_add_text(&payload, "role", by->role);
    if (item->kind == ITEM_SKILL) text_addf(&payload, ",\"rating\":%d", s->rating);
    rotation_add_text(&payload, "comment", s->comment);
    bool ok =
        item->kind != ITEM_EVALUATION || rotation_write_behaviors(&payload, r->rules, "behaviors", s->behaviors, err);
    if (ok && !payload.failed) {
        rotation_link(r->head, item->seal, now, payload.data, payload.length, receipt);
        text_addf(&payload, ",\"link\":\"%s\"}", receipt);
    }
    ok = ok && rotations_append(app, false, "sign", now, &payload, "", err);
    text_free(&payload);
    return ok;
}

static bool sign(app_t *app, rotation_item_t *item, const signer_t *by, const app_sign_t *s,
                 char receipt[ROTATION_HASH_TEXT], err_t *err)
{
    receipt[0] = '\0';
    if (!check_sign(app->rotations->state, item, by, s, err)) return false;
    return s->returned ? give_back(app, item, by, s, err) : write_signature(app, item, by, s, receipt, err);
}

bool app_rotation_sign_link(app_t *app, const char *token, const char *client, const app_sign_t *s,
                            char receipt[ROTATION_HASH_TEXT], err_t *err)
{
    const rotation_t *r;
    char hash[ROTATION_HASH_TEXT];
    bool paper;
    rotation_item_t *item;
    if (!app_rotation(app, &r, err)) return false;
    bool ok = good_token(app, token, client, hash, &item, &paper, err);
    if (ok) {
        signer_t by = {paper ? "paper" : "link", s->name, s->role, "token", hash};
        ok = sign(app, item, &by, s, receipt, err);
    }
    app_rotation_leave(app);
    return ok;
}

bool app_rotation_note(app_t *app, const char *what, const char *name, const char *text, bool no_patient,
                       const char *request, err_t *err)
{
    const rotation_t *r;
    if (!rotation_check_words(name, "who writes", 2, ROTATION_NAME_MAX, err) ||
        !rotation_check_words(text, "the note", 1, ROTATION_TEXT_MAX, err) ||
        !rotation_check_patient(text, no_patient, err) || !app_rotation(app, &r, err))
        return false;
    text_t payload;
    text_init(&payload, APP_JSON_MAX);
    text_add(&payload, "{\"v\":1");
    rotation_add_text(&payload, "what", what);
    rotation_add_text(&payload, "name", name);
    rotation_add_text(&payload, "text", text);
    text_add_char(&payload, '}');
    bool ok = rotation_find(r, what) != NULL || err_set(err, ERR_NOT_FOUND, "There is no such record.");
    ok = ok && rotations_append(app, false, "note", app_now_ms(app), &payload, request, err);
    text_free(&payload);
    app_rotation_leave(app);
    return ok;
}

/* ---- PINs ---- */

static bool weak(const char *pin)
{
    bool same = true, up = true, down = true;
    for (size_t i = 1; pin[i] != '\0'; i++) {
        same = same && pin[i] == pin[i - 1];
        up = up && pin[i] == pin[i - 1] + 1;
        down = down && pin[i] == pin[i - 1] - 1;
    }
    return same || up || down;
}

bool app_rotation_pin(app_t *app, const char *name, const char *role, const char *pin, const char *again, err_t *err)
{
    const rotation_t *r;
    size_t n = strlen(pin);
    char id[APP_ID_MAX], hash[crypto_pwhash_STRBYTES];
    if (!rotation_check_words(name, "your name", 2, ROTATION_NAME_MAX, err) ||
        !rotation_check_words(role, "what you are (MLS, supervisor ...)", 2, ROTATION_NAME_MAX, err))
        return false;
    if (n < APP_PIN_MIN || n > APP_PIN_MAX || strspn(pin, "0123456789") != n)
        return err_set(err, ERR_INPUT, "A PIN has %d to %d digits.", APP_PIN_MIN, APP_PIN_MAX);
    if (weak(pin)) return err_set(err, ERR_INPUT, "This PIN is easily guessed: no run and no single digit repeated.");
    if (strcmp(pin, again) != 0) return err_set(err, ERR_INPUT, "The two PINs differ: type both again.");
    if (!app_rotation(app, &r, err)) return false;
    bool ok = r->name[0] == '\0' || strcasecmp(name, r->name) != 0 ||
              err_set(err, ERR_DENIED, "Nobody signs for themselves: the preceptor's name belongs here.");
    if (ok &&
        crypto_pwhash_str(hash, pin, n, crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        ok = err_set(err, ERR_MEMORY, "There is not enough memory to keep a PIN safely.");
    text_t payload;
    text_init(&payload, APP_JSON_MAX);
    app_make_id(app, id);
    text_addf(&payload, "{\"id\":\"%s\"", id);
    rotation_add_text(&payload, "name", name);
    rotation_add_text(&payload, "role", role);
    rotation_add_text(&payload, "hash", ok ? hash : "");
    text_add_char(&payload, '}');
    ok = ok && rotations_append(app, false, "pin", app_now_ms(app), &payload, "", err);
    text_free(&payload);
    app_rotation_leave(app);
    return ok;
}

static bool check_pin(app_t *app, const char *pin_id, const char *pin, const char *client, const rotation_pin_t **of,
                      err_t *err)
{
    const rotation_t *r = app->rotations->state;
    *of = NULL;
    for (int i = 0; i < r->pin_count; i++)
        if (strcmp(r->pins[i].id, pin_id) == 0 && !r->pins[i].off) *of = &r->pins[i];
    if (*of == NULL) return err_set(err, ERR_INPUT, "Choose your name.");
    if (!rotations_may_guess(app, client, pin_id, err)) return false;
    if (strlen(pin) <= APP_PIN_MAX && crypto_pwhash_str_verify((*of)->hash, pin, strlen(pin)) == 0) return true;
    return rotations_missed(app, client, pin_id, "This PIN is not right.", err);
}

bool app_rotation_sign_pin(app_t *app, const char *what, const char *pin_id, const char *pin, const char *client,
                           const app_sign_t *s, char receipt[ROTATION_HASH_TEXT], err_t *err)
{
    const rotation_t *r;
    const rotation_pin_t *of;
    if (!app_rotation(app, &r, err)) return false;
    rotation_item_t *item = rotation_item(app->rotations->state, what);
    bool ok = item != NULL || err_set(err, ERR_NOT_FOUND, "There is no such entry.");
    ok = ok && check_pin(app, pin_id, pin, client, &of, err);
    if (ok) {
        signer_t by = {"pin", of->name, of->role, "pin", of->id};
        ok = sign(app, item, &by, s, receipt, err);
    }
    app_rotation_leave(app);
    return ok;
}

bool app_rotation_pin_off(app_t *app, const char *pin_id, const char *pin, const char *client, err_t *err)
{
    const rotation_t *r;
    const rotation_pin_t *of;
    if (!app_rotation(app, &r, err)) return false;
    text_t payload;
    text_init(&payload, APP_JSON_MAX);
    bool ok = check_pin(app, pin_id, pin, client, &of, err);
    if (ok) text_addf(&payload, "{\"id\":\"%s\"}", of->id);
    ok = ok && rotations_append(app, false, "pin-off", app_now_ms(app), &payload, "", err);
    text_free(&payload);
    app_rotation_leave(app);
    return ok;
}
