/* 10,000 drawn records against every route: the target is one second. Reading them from JSON is timed apart. */
#include "base/content.h"
#include "base/rng.h"
#include "road/evaluate.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { RECORDS = 10000, ARENA_MAX = 256 * 1024 * 1024, TODAY = 20779 /* 2026-11-22 */, JSON_MAX = 4096 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* A record as full as a person's: three jobs, two programs, two certificates, hours of five subjects. */
static void draw(rng_t *rng, text_t *out)
{
    static const char *const levels[] = {"high_school", "associate", "bachelor", "master"};
    static const char *const settings[] = {"clinical_lab", "phlebotomy", "molecular_lab", "histopathology_lab"};
    static const char *const kinds[] = {"MLT", "MLS", "phlebotomy", "MLA"};
    text_addf(out, "{\"application_date\":\"2026-11-22\",\"age\":%u,\"degree\":{\"level\":\"%s\",\"accredited\":true,",
              18 + rng_below(rng, 30), levels[rng_below(rng, 4)]);
    text_addf(out,
              "\"awarded\":\"%u-05\"},\"semester_hours\":{\"any\":%u,\"biology\":%u,\"chemistry\":%u},\"courses\":[",
              2010 + rng_below(rng, 17), rng_below(rng, 130), rng_below(rng, 30), rng_below(rng, 30));
    text_add(out, "\"microbiology\",\"organic_chemistry\"],\"programs\":[");
    for (int i = 0; i < 2; i++)
        text_addf(
            out,
            "%s{\"kind\":\"%s\",\"accreditors\":[\"NAACLS\"],\"completed\":\"%u-06-01\",\"hours\":{\"clinical\":%u}}",
            i ? "," : "", kinds[rng_below(rng, 4)], 2015 + rng_below(rng, 11), rng_below(rng, 200));
    text_add(out, "],\"jobs\":[");
    for (int i = 0; i < 3; i++) {
        unsigned year = 2010 + rng_below(rng, 14);
        text_addf(out,
                  "%s{\"setting\":\"%s\",\"areas\":[\"chemistry\",\"hematology\",\"microbiology\",\"blood_banking\","
                  "\"immunology\",\"urinalysis_body_fluids\"],\"start\":\"%u-03\",\"end\":\"%u-0%u-15\","
                  "\"hours_per_week\":%u,\"lab\":\"us\"}",
                  i ? "," : "", settings[rng_below(rng, 4)], year, year + 1 + rng_below(rng, 2), 1 + rng_below(rng, 9),
                  10 + rng_below(rng, 40));
    }
    text_addf(out,
              "],\"certificates\":[{\"id\":\"ASCP-MLT\",\"status\":\"valid\"},{\"id\":\"AMT-RPT\"}],\"military\":[],"
              "\"draws\":{\"venipuncture\":%u,\"skin_puncture\":12}}",
              rng_below(rng, 200));
}

int main(void)
{
    arena_t *forever = arena_new(ARENA_MAX), *arena = arena_new(ARENA_MAX);
    record_t *records = arena_array(forever, RECORDS, sizeof *records);
    rules_t rules;
    err_t err = {0};
    text_t json;
    size_t routes = 0, outcomes[OUTCOME_QUALIFIES + 1] = {0};
    text_init(&json, JSON_MAX);
    if (records == NULL || !rules_load(&rules, forever, content_source(), &err))
        return fprintf(stderr, "%s\n", err.text), 1;
    double start = now();
    for (uint64_t i = 0; i < RECORDS; i++) {
        rng_t rng = rng_at(1, 1, i, 0);
        text_clear(&json);
        draw(&rng, &json);
        if (!record_read(&records[i], forever, json.data, json.length, &err))
            return fprintf(stderr, "%s\n", err.text), 1;
    }
    double read = now();
    for (size_t i = 0; i < RECORDS; i++) {
        route_result_t *results;
        size_t count;
        arena_reset(arena);
        if (!evaluate_all(&rules, &records[i], NULL, TODAY, arena, &results, &count, &err)) return 1;
        for (size_t r = 0; r < count; r++) outcomes[results[r].outcome]++;
        routes += count;
    }
    double done = now();
    printf("road: %d records against %zu routes in %.3f s (target 1 s), read from JSON in %.3f s; qualifies %zu, "
           "possible %zu, review %zu, fails %zu\n",
           RECORDS, routes / RECORDS, done - read, read - start, outcomes[OUTCOME_QUALIFIES],
           outcomes[OUTCOME_POSSIBLE], outcomes[OUTCOME_REVIEW], outcomes[OUTCOME_FAILS]);
    text_free(&json);
    arena_free(arena);
    arena_free(forever);
    return done - read > 1.0;
}
