/* What looks like a patient's identifier in free text, and what must not: words of the bench are full of numbers. */
#include "road/identifier.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void what_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *text, *part;
        identifier_kind_t kind;
    } cases[] = {
        {"MRN 0042117 had a short draw", "MRN 0042117", IDENTIFIER_RECORD},
        {"looked at mrn: 4411 again", "mrn: 4411", IDENTIFIER_RECORD},
        {"medical record number is 99812", "medical record number is 99812", IDENTIFIER_RECORD},
        {"Acct. #A77120 was merged", "Acct. #A77120", IDENTIFIER_RECORD},
        {"tube H1204417 was clotted", "H1204417", IDENTIFIER_RECORD},
        {"specimen 26-004512", "26-004512", IDENTIFIER_RECORD},
        {"DOB 3/14/62", "DOB 3/14/62", IDENTIFIER_BIRTH},
        {"she was born on March 14, 1962", "born on March 14, 1962", IDENTIFIER_BIRTH},
        {"date of birth: 1962-03-14", "date of birth: 1962-03-14", IDENTIFIER_BIRTH},
        {"drawn 11/26/2026 in the ward", "11/26/2026", IDENTIFIER_DATE},
        {"seen 14 Mar 2026", "14 Mar 2026", IDENTIFIER_DATE},
        {"a 94-year-old with weak veins", "94-year", IDENTIFIER_AGE},
        {"aged 101, very kind", "aged 101", IDENTIFIER_AGE},
        {"219-09-9999", "219-09-9999", IDENTIFIER_SSN},
        {"call (555) 010-0199", "(555) 010-0199", IDENTIFIER_PHONE},
        {"555-010-0199", "555-010-0199", IDENTIFIER_PHONE},
        {"write to jo.doe@example.org.", "jo.doe@example.org", IDENTIFIER_EMAIL},
        {"Mrs. Alvarez fainted", "Mrs. Alvarez", IDENTIFIER_NAME},
        {"helped patient Brown to sit", "patient Brown", IDENTIFIER_NAME},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        identifier_t found = {0};
        if (!identifier_find(cases[i].text, 0, &found)) fail_msg("nothing in \"%s\"", cases[i].text);
        if (found.kind != cases[i].kind || found.at != (size_t)(strstr(cases[i].text, cases[i].part) - cases[i].text) ||
            found.length != strlen(cases[i].part))
            fail_msg("\"%s\": %s at %zu, %zu bytes", cases[i].text, identifier_looks_like(found.kind), found.at,
                     found.length);
    }
}

static void what_is_not(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "12 venipunctures, 3 capillary punctures, 1 recollection",
        "Ran 40 counts on two analyzers; platelets 12, called within 10 min",
        "ratio 1:10, lot 4471, level 2 at 5.60 (SD 0.08)",
        "from 07:00 to 15:30, break 30 min",
        "potassium 7.9 at 06:12, repeated 7.8",
        "Patient Care Manual, page 12",
        "may 2 of us go next week?",
        "born teacher; a 45-year-old venipuncture chair",
        "ISO 15189 and 42 CFR 493.1451",
        "INR 2.5-3.5, aPTT 28/31/30 s",
        "Room 412, 3 West. Mr",
        "finished 2019 with 80 hours",
        "asked Ms. to wait",
        "\xc3\xa9tude des 100 cellules",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        identifier_t found = {0};
        if (identifier_find(texts[i], 0, &found))
            fail_msg("\"%s\" is taken for %s at %zu", texts[i], identifier_looks_like(found.kind), found.at);
    }
}

static void all_of_them_in_turn(void **state)
{
    (void)state;
    const char *text = "Mr. Gray, DOB 3/14/62, MRN 0042117, 555-010-0199";
    static const identifier_kind_t kinds[] = {IDENTIFIER_NAME, IDENTIFIER_BIRTH, IDENTIFIER_RECORD, IDENTIFIER_PHONE};
    identifier_t found;
    size_t from = 0, count = 0;
    for (; identifier_find(text, from, &found); from = found.at + found.length) {
        assert_true(count < 4 && found.kind == kinds[count]);
        count++;
    }
    assert_int_equal(count, 4);
}

/* No text reads beyond its end: every tail of a long one, also cut at any byte. */
static void any_text(void **state)
{
    (void)state;
    const char *text =
        "MRN date of birth born pt. 14 March (555) 010-0199 a@b.c age 94 12/31/1999 219-09-9999 record no";
    char cut[128];
    for (size_t from = 0; text[from] != '\0'; from++)
        for (size_t n = 0; n <= strlen(text + from); n++) {
            identifier_t found;
            memcpy(cut, text + from, n);
            cut[n] = '\0';
            if (identifier_find(cut, 0, &found)) assert_true(found.length > 0 && found.at + found.length <= n);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_found), cmocka_unit_test(what_is_not),
                                       cmocka_unit_test(all_of_them_in_turn), cmocka_unit_test(any_text)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
