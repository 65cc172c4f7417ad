/* The fold of a rotation: entries, corrections, signatures, hours, competencies, places; and its chain: whatever is
 * changed, taken out or moved among what was signed is found. */
#include "road/rotation.h"

#include "base/content.h"
#include "base/text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { EVENTS_MAX = 64, DAY = 20780 }; /* 2026-11-23 */

typedef struct {
    const char *kind;
    char payload[1024];
    int64_t at_ms;
    bool places;
} event_t;

static arena_t *arena, *states; /* states: of one test after the other */
static rotation_rules_t *rules;
static event_t events[EVENTS_MAX];
static int count;

static int begin(void **state)
{
    (void)state;
    err_t err = {0};
    arena = arena_new(4 * 1024 * 1024);
    states = arena_new(256 * 1024 * 1024);
    if (states == NULL) return -1;
    rules = arena != NULL ? arena_alloc(arena, sizeof *rules) : NULL;
    if (rules == NULL) return -1;
    if (!rotation_rules_read(rules, arena, content_source(), &err)) {
        fprintf(stderr, "%s\n", err.text);
        return -1;
    }
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    arena_free(states);
    return 0;
}

static rotation_event_t event_at(int i)
{
    int64_t mine = 0, places = 0;
    for (int k = 0; k <= i; k++) *(events[k].places ? &places : &mine) += 1;
    return (rotation_event_t){events[i].places,  events[i].places ? places : mine, events[i].at_ms, events[i].kind,
                              events[i].payload, strlen(events[i].payload)};
}

static rotation_t *fold(void)
{
    rotation_t *r = rotation_new(states, rules);
    assert_non_null(r);
    for (int i = 0; i < count; i++) {
        rotation_event_t e = event_at(i);
        assert_true(rotation_apply(r, &e, NULL));
    }
    return r;
}

static void add(const char *kind, const char *format, ...)
{
    event_t *e = &events[count++];
    va_list list;
    va_start(list, format);
    vsnprintf(e->payload, sizeof e->payload, format, list);
    va_end(list);
    e->kind = kind;
    e->at_ms = (int64_t)(DAY + 1) * 86400000 + count;
    e->places = strcmp(kind, "site") == 0 || strcmp(kind, "slot") == 0 || strcmp(kind, "place") == 0 ||
                strcmp(kind, "unplace") == 0 || strcmp(kind, "site-view") == 0;
}

/* As app does it. */
static void sign(const char *what, const char *more)
{
    rotation_t *r = fold();
    rotation_item_t *item = rotation_item(r, what);
    char link[ROTATION_HASH_TEXT];
    add("sign", "{\"what\":\"%s\",\"version\":%lld,\"method\":\"pin\",\"name\":\"P. Receptor\",\"role\":\"MLS\"%s",
        what, (long long)item->seq, more);
    event_t *e = &events[count - 1];
    size_t n = strlen(e->payload);
    rotation_link(r->head, item->seal, e->at_ms, e->payload, n, link);
    snprintf(e->payload + n, sizeof e->payload - n, ",\"link\":\"%s\"}", link);
}

static void a_day(const char *id, const char *department, int in, int out, const char *work)
{
    add("entry",
        "{\"id\":\"%s\",\"day\":%d,\"in\":%d,\"out\":%d,\"breaks\":30,\"site\":\"s1\",\"department\":\"%s\",\"work\":{%"
        "s},"
        "\"reflection\":\"\"}",
        id, DAY, in, out, department, work);
}

static void world(void)
{
    count = 0;
    arena_reset(states);
    add("program", "{\"program\":\"mlt\",\"requirement\":\"rose-state-mlt\",\"name\":\"Synthetic Student\"}");
    a_day("e1", "chemistry", 420, 930, "\"chemistry-qc\":3,\"critical-call\":1");
    a_day("e2", "chemistry", 1380, 420, ""); /* a night */
    a_day("e3", "phlebotomy", 420, 900, "\"venipuncture\":12");
    add("skill", "{\"id\":\"k1\",\"competency\":\"mlt-qc\",\"site\":\"s1\",\"self\":4,\"comment\":\"\"}");
    sign("e1", "");
    sign("k1", ",\"rating\":3,\"comment\":\"\"");
    sign("e3", "");
}

static void hours_and_counts(void **state)
{
    (void)state;
    world();
    rotation_t *r = fold();
    rotation_hours_t h;
    int is_signed, waiting;
    rotation_hours(r, "chemistry", &h);
    assert_int_equal(h.signed_min, 480);
    assert_int_equal(h.waiting_min, 450);
    assert_true(h.required == 160);
    assert_int_equal(h.days, 2);
    assert_int_equal(h.days_without_hands, 1);
    rotation_hours(r, "total", &h);
    assert_true(h.required == 800 && h.signed_min == 480 + 450 && h.waiting_min == 450);
    rotation_done(r, "venipuncture", &is_signed, &waiting);
    assert_true(is_signed == 12 && waiting == 0);
    rotation_hours(r, "hematology+urinalysis+coagulation", &h);
    assert_true(h.required == 160 && h.days == 0);
    rotation_hours(r, "chemistry+phlebotomy", &h);
    assert_true(isnan(h.required) && h.signed_min == 480 + 450);
    assert_false(rotation_key_has("chemistry+phlebotomy", "chem"));
    rotation_hours(r, "immunology", &h);
    assert_true(isnan(h.required) && h.days == 0);
    assert_true(r->unsound == 0 && r->unread == 0);
}

static void a_correction_is_a_new_version(void **state)
{
    (void)state;
    world();
    add("correct",
        "{\"entry\":\"e1\",\"day\":%d,\"in\":420,\"out\":900,\"breaks\":30,\"site\":\"s1\",\"department\":"
        "\"chemistry\","
        "\"work\":{\"chemistry-qc\":2},\"reflection\":\"\",\"reason\":\"left at 15:00\"}",
        DAY);
    rotation_t *r = fold();
    const rotation_entry_t *e = rotation_entry(rotation_item(r, "e1"));
    assert_true(e->item.versions == 2 && e->item.signature < 0 && e->item.earlier == 0 && e->minutes == 450);
    assert_true(r->signatures[0].sound && r->unsound == 0); /* what was signed stays signed */
    rotation_hours_t h;
    rotation_hours(r, "chemistry", &h);
    assert_int_equal(h.signed_min, 0); /* the new version waits */
    sign("e1", "");
    r = fold();
    rotation_hours(r, "chemistry", &h);
    assert_int_equal(h.signed_min, 450);
    assert_int_equal(r->unsound, 0);
}

static void remediation_never_counts(void **state)
{
    (void)state;
    skill_view_t v;
    world();
    rotation_competency(fold(), "mlt-qc", &v);
    assert_true(v.state == SKILL_COMPLETE && v.by->rating == 3 && v.self_then == 4);
    add("skill", "{\"id\":\"k2\",\"competency\":\"mlt-qc\",\"site\":\"s1\",\"self\":5,\"comment\":\"\"}");
    rotation_competency(fold(), "mlt-qc", &v);
    assert_true(v.state == SKILL_COMPLETE && v.last->self == 5); /* a self-rating alone changes nothing */
    sign("k2", ",\"rating\":0,\"comment\":\"forgot the low level\"");
    rotation_competency(fold(), "mlt-qc", &v);
    assert_int_equal(v.state, SKILL_REMEDIATION);
    add("skill", "{\"id\":\"k3\",\"competency\":\"mlt-qc\",\"site\":\"s1\",\"self\":2,\"comment\":\"\"}");
    sign("k3", ",\"rating\":2,\"comment\":\"\"");
    rotation_competency(fold(), "mlt-qc", &v);
    assert_int_equal(v.state, SKILL_SHORT);
    rotation_competency(fold(), "mlt-safety", &v);
    assert_int_equal(v.state, SKILL_NOT_SEEN);
}

/* ---- the chain ---- */

static int broken(void)
{
    rotation_t *r = fold();
    return r->unsound;
}

static void swap_text(int i, const char *from, const char *to)
{
    char *at = strstr(events[i].payload, from);
    assert_non_null(at);
    assert_int_equal(strlen(from), strlen(to));
    memcpy(at, to, strlen(to));
}

static void tampering_is_found(void **state)
{
    (void)state;
    world();
    assert_int_equal(broken(), 0);
    swap_text(1, "\"out\":930", "\"out\":990"); /* hours of a signed entry */
    assert_int_equal(broken(), 1);
    rotation_hours_t h;
    rotation_hours(fold(), "chemistry", &h);
    assert_int_equal(h.signed_min, 0); /* no longer counted as signed */
    world();
    swap_text(3, "\"venipuncture\":12", "\"venipuncture\":99");
    assert_int_equal(broken(), 1);
    world();
    swap_text(4, "\"self\":4", "\"self\":3"); /* the self-rating that was signed with it */
    assert_int_equal(broken(), 1);
    world();
    swap_text(6, "\"rating\":3", "\"rating\":5"); /* the signature itself */
    assert_int_equal(broken(), 1);
    world();
    swap_text(6, "P. Receptor", "Q. Receptor");
    assert_int_equal(broken(), 1);
    world();
    events[5].at_ms -= 1; /* its time */
    assert_int_equal(broken(), 1);
    world();
    events[1].at_ms -= 86400000; /* late made timely */
    assert_int_equal(broken(), 1);
}

static void a_signature_taken_out_or_moved_is_found(void **state)
{
    (void)state;
    world();
    memmove(&events[6], &events[7], sizeof events[0]); /* the second of three is gone */
    count--;
    assert_int_equal(broken(), 1);
    world();
    event_t other = events[6];
    events[6] = events[7];
    events[7] = other;
    assert_true(broken() >= 2);
    world();
    add("sign", "%s", events[5].payload); /* the same once more */
    assert_int_equal(broken(), 1);
}

static void a_recomputed_signature_breaks_the_next(void **state)
{
    (void)state;
    world();
    rotation_t *r = rotation_new(states, rules);
    for (int i = 0; i < 5; i++) {
        rotation_event_t e = event_at(i);
        assert_true(rotation_apply(r, &e, NULL));
    }
    rotation_t *whole = fold();
    swap_text(1, "\"out\":930", "\"out\":990");
    rotation_event_t changed = event_at(1);
    char seal[ROTATION_HASH_TEXT], link[ROTATION_HASH_TEXT];
    rotation_seal(&changed, seal);
    char *tail = strstr(events[5].payload, ",\"link\":\"");
    rotation_link(r->head, seal, events[5].at_ms, events[5].payload, (size_t)(tail - events[5].payload), link);
    memcpy(tail + strlen(",\"link\":\""), link, strlen(link));
    assert_int_equal(broken(), 1); /* it holds itself; the one after it does not */
    assert_true(fold()->signatures[0].sound && !fold()->signatures[1].sound);
    assert_string_equal(fold()->head, whole->head);
}

/* ---- tokens and places ---- */

static void asks(void **state)
{
    (void)state;
    char hash[ROTATION_HASH_TEXT], other[ROTATION_HASH_TEXT];
    const rotation_ask_t *ask;
    world();
    rotation_token_hash("abc", hash);
    rotation_token_hash("abd", other);
    assert_string_not_equal(hash, other);
    add("ask", "{\"what\":\"e2\",\"version\":3,\"token\":\"%s\",\"expires\":5000}", hash);
    assert_int_equal(rotation_ask(fold(), hash, 4999, &ask), ASK_GOOD);
    assert_string_equal(ask->what, "e2");
    assert_int_equal(rotation_ask(fold(), hash, 5000, &ask), ASK_EXPIRED);
    assert_int_equal(rotation_ask(fold(), other, 0, &ask), ASK_UNKNOWN);
    add("correct",
        "{\"entry\":\"e2\",\"day\":%d,\"in\":0,\"out\":60,\"breaks\":0,\"site\":\"s1\",\"department\":\"chemistry\","
        "\"work\":{},\"reflection\":\"\",\"reason\":\"x\"}",
        DAY);
    assert_int_equal(rotation_ask(fold(), hash, 0, &ask), ASK_OLD);
    sign("e2", "");
    assert_int_equal(rotation_ask(fold(), hash, 0, &ask), ASK_USED);
}

static void places(void **state)
{
    (void)state;
    count = 0;
    arena_reset(states);
    add("site", "{\"id\":\"s1\",\"name\":\"Synthetic General\"}");
    add("slot",
        "{\"id\":\"t1\",\"site\":\"s1\",\"department\":\"chemistry\",\"first\":%d,\"last\":%d,\"days\":\"MTWTF..\","
        "\"from\":\"07:00\",\"to\":\"15:30\",\"capacity\":2}",
        DAY, DAY + 20);
    add("place", "{\"slot\":\"t1\",\"student\":\"S-1\"}");
    add("place", "{\"slot\":\"t1\",\"student\":\"S-2\"}");
    add("place", "{\"slot\":\"t1\",\"student\":\"S-2\"}"); /* twice: passed over */
    add("unplace", "{\"slot\":\"t1\",\"student\":\"S-1\"}");
    for (int i = 0; i < 4; i++) add("site-view", "{\"site\":\"s1\",\"scores\":[1,2,3,4,5],\"comment\":\"\"}");
    add("site-view", "{\"site\":\"s1\",\"scores\":[1,2,3,4],\"comment\":\"\"}");
    rotation_t *r = fold();
    assert_int_equal(rotation_slot(r, "t1")->placed, 1);
    assert_int_equal(rotation_site(r, "s1")->answers, 4);
    assert_int_equal(rotation_site(r, "s1")->sum[4], 20);
    assert_int_equal(r->unread, 2);
}

/* What nobody of this program wrote is passed over and counted, never trusted. */
static void what_cannot_be_read(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"entry", "{"},
        {"entry", "{\"id\":\"\"}"},
        {"entry", "{\"id\":\"e1\",\"day\":1,\"in\":0,\"out\":60,\"breaks\":0}"}, /* the id is taken */
        {"entry", "{\"id\":\"x\",\"day\":1,\"in\":0,\"out\":60,\"breaks\":61}"},
        {"entry", "{\"id\":\"x\",\"day\":1,\"in\":0,\"out\":1440,\"breaks\":0}"},
        {"sign", "{\"what\":\"e2\",\"method\":\"pin\"}"},
        {"sign", "{\"what\":\"nothing\",\"method\":\"pin\",\"link\":\"\"}"},
        {"skill", "{\"id\":\"y\",\"competency\":\"mlt-qc\",\"self\":6}"},
        {"ask", "{\"what\":\"e2\",\"token\":\"short\"}"},
        {"nonsense", "{}"},
    };
    world();
    int before = fold()->entry_count;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) add(bad[i][0], "%s", bad[i][1]);
    rotation_t *r = fold();
    assert_int_equal(r->unread, sizeof bad / sizeof *bad);
    assert_true(r->entry_count == before && r->unsound == 0);
}

static void ratings(void **state)
{
    (void)state;
    for (int i = RATING_REMEDIATION; i <= RATING_TEACH; i++) assert_true(rating_words(i)[0] != '\0');
    assert_true(rating_needs_comment(0) && rating_needs_comment(1) && rating_needs_comment(5));
    assert_true(!rating_needs_comment(2) && !rating_needs_comment(3) && !rating_needs_comment(4));
    unsigned all[PROGRAMS] = {0};
    for (int i = 0; i < rules->competency_count; i++)
        for (int p = 0; p < PROGRAMS; p++)
            if (strcmp(rules->competencies[i].program, rotation_programs[p]) == 0)
                all[p] |= rules->competencies[i].elements;
    for (int p = 0; p < PROGRAMS; p++) assert_int_equal(all[p], 63); /* each list reaches all six elements */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hours_and_counts),
        cmocka_unit_test(a_correction_is_a_new_version),
        cmocka_unit_test(remediation_never_counts),
        cmocka_unit_test(tampering_is_found),
        cmocka_unit_test(a_signature_taken_out_or_moved_is_found),
        cmocka_unit_test(a_recomputed_signature_breaks_the_next),
        cmocka_unit_test(asks),
        cmocka_unit_test(places),
        cmocka_unit_test(what_cannot_be_read),
        cmocka_unit_test(ratings),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
