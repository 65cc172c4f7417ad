/* Content that an author got wrong is refused with file, line and remedy, and nothing is loaded.
 * */
#include "patient_content.h"

typedef struct {
    const char *file, *old, *new_text; /* the first `old` in the file becomes `new_text`; NULL: the file is gone */
    const char *says;                  /* part of the sentence */
} case_t;

static const case_t CASES[] = {
    {"lab/analytes.csv", NULL, NULL, "lab/analytes.csv is missing"},
    {"lab/analytes.csv", "\npotassium,", "\nsodium,", "listed twice"},
    {"lab/analytes.csv", "\nsodium,", "\nnatrium,", "must have sodium"},
    {"lab/analytes.csv", ",abs,8,48,", ",often,8,48,", "use none, abs or pct"},
    {"lab/distribution.csv", "sodium,M,normal", "sodum,M,normal", "did you mean sodium"},
    {"lab/distribution.csv", "sodium,M,normal", "sodium,X,normal", "use F or M"},
    {"lab/distribution.csv", "sodium,M,normal", "sodium,M,flat", "use normal, lognormal"},
    {"lab/condition_effects.csv", "dka,glucose,setln", "dka,glukose,setln", "did you mean glucose"},
    {"lab/condition_effects.csv", "dka,glucose,setln", "dkx,glucose,setln", "not in lab/conditions.csv"},
    {"lab/condition_effects.csv", "dka,glucose,setln", "dka,glucose,bend", "use set, setln, mul or add"},
    {"lab/condition_effects.csv", "dka,glucose,setln", "dka,chloride,setln", "calculated from other analytes"},
    {"lab/conditions.csv", ",disease,", ",ailment,", "use healthy, disease or state"},
    {"lab/copula.csv", "healthy,co2,sodium,", "healthy,co2,sodium,-0.99,,,\nhealthy,co2,potassium,", "lab/copula.csv"},
    {"lab/copula.csv", "healthy,", "hale,", "use healthy or general"},
    {"lab/ages.csv", "\nicu,", "\nward,", "no setting is called"},
    {"lab/effect_links.csv", "\nhba1c,", "\nhbalc,", "not in lab/analytes.csv"},
    {"lab/coagulation/analytes.csv", "\nAPTT,", "\nPTT,", "must have APTT"},
    {"lab/coagulation/conditions.csv", "\nHA_SEV,", "\nNORMAL,", "listed twice"},
    {"lab/coagulation/conditions.csv", "\nNORMAL,", "\nUSUAL,", "needs the row NORMAL"},
    {"lab/coagulation/conditions.csv", "F8:0.5,", "F6:0.5,", "factors_pct is like"},
    {"lab/coagulation/conditions.csv", "F8:0.5,300,", "F8:0.5,lots,", "fibrinogen_mg_dl"},
    {"lab/coagulation/conditions.csv", ",thrombin,", ",thrombine,", "use xa, thrombin"},
    {"lab/coagulation/conditions.csv", "cirrhosis:0.70", "cirrosis:0.70", "implied_by is like"},
    {"lab/coagulation/conditions.csv", "DIC:0.95", "DIK:0.95", "implied_by_cells is like"},
    {"lab/coagulation/conditions.csv", "cirrhosis:0.15", "cirrhosis:0.95", "sum to more than 1"},
    {"lab/hematology/analytes.csv", "\nWBC,", "\nWBCS,", "must have WBC"},
    {"lab/hematology/conditions.csv", "iron_def:0.65", "iron_deff:0.65", "no condition \"iron_deff\""},
    {"lab/hematology/conditions.csv", "seg:56.1/8", "seg:96.1/8", "must sum to 100"},
    {"lab/hematology/conditions.csv", "seg:56.1/8", "sek:56.1/8", "is no class"},
    {"lab/hematology/conditions.csv", "COLD_AGG:0.5:0.15", "COLD:0.5:0.15", "no trait"},
    {"lab/hematology/conditions.csv", "\nACD,", "\nCKD,", "listed twice"},
    {"lab/hematology/model.csv", "r_hgb_mcv,0.30", "r_hgb_mcv,1.30", "contradict one another"},
    {"lab/hematology/model.csv", "esr_gsd,1.85", "esr,1.85", "has no row \"esr_gsd\""},
    {"lab/nhanes_percentiles.csv", NULL, NULL, ""}, /* only tests read it: loading goes on */
};

static void change(const content_t *good, content_t *bad, const case_t *c, unsigned char *room)
{
    *bad = *good;
    bad->source.files = bad->files;
    for (size_t i = 0; i < good->source.count; i++) {
        if (strcmp(bad->files[i].path, c->file) != 0) continue;
        if (c->old == NULL) {
            snprintf((char *)room, TEST_FILE_MAX, "%s~", c->file); /* another name, the same place in the order */
            bad->files[i].path = (const char *)room;
            continue;
        }
        const char *text = (const char *)bad->files[i].bytes; /* the arena's zeros end it */
        const char *at = strstr(text, c->old);
        CHECK(at != NULL, "%s has no \"%s\": the case is out of date", c->file, c->old);
        if (at == NULL) return;
        int n =
            snprintf((char *)room, TEST_FILE_MAX, "%.*s%s%s", (int)(at - text), text, c->new_text, at + strlen(c->old));
        bad->files[i].bytes = room;
        bad->files[i].length = (size_t)n;
    }
}

int main(void)
{
    content_t good, bad;
    content_open(&good);
    unsigned char *room = malloc(TEST_FILE_MAX);
    if (room == NULL) return 1;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        lab_t *lab = NULL;
        err_t err = {0};
        change(&good, &bad, &CASES[i], room);
        bool loaded = lab_load(&lab, &bad.source, &err);
        bool should = CASES[i].says[0] == 0;
        CHECK(loaded == should, "case %d: %s", (int)i, loaded ? "was accepted" : err.text);
        CHECK(loaded == (lab != NULL), "case %d: pointer and answer differ", (int)i);
        if (!loaded) CHECK(strstr(err.text, CASES[i].says) != NULL, "case %d says: %s", (int)i, err.text);
        lab_free(lab);
    }
    printf("%d broken contents\n", (int)(sizeof CASES / sizeof *CASES));
    free(room);
    content_close(&good);
    return failures != 0;
}
