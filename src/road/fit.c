/* Interests: scores and matches. Scoring and matching as published for the O*NET Interest Profiler short form: sums of
 * ten answers 0 to 4; Pearson correlation with the occupation's interest values ("Linking Client Assessment Profiles to
 * O*NET Occupational Profiles", 1999). Words for the fit of an occupation are not published with their limits, so r is
 * given as it is, with how far one answer could have moved it. */
#include "road/fit.h"

#include <math.h>
#include <string.h>

void fit_profile(const fit_facts_t *facts, const char *answers, fit_profile_t *profile)
{
    *profile = (fit_profile_t){0};
    for (int i = 0; i < FIT_ITEMS && answers[i]; i++) {
        if (answers[i] < '0' || answers[i] > '0' + FIT_ANSWER_MAX) continue;
        profile->score[facts->items[i].scale] += answers[i] - '0';
        profile->answered++;
    }
    int low = profile->score[0], high = low;
    for (int s = 1; s < FIT_SCALES; s++) {
        if (profile->score[s] < low) low = profile->score[s];
        if (profile->score[s] > high) high = profile->score[s];
    }
    profile->shape = profile->answered < FIT_ITEMS ? FIT_SHAPE_OPEN
                     : high == low                 ? FIT_SHAPE_FLAT
                     : high - low < FIT_PER_SCALE  ? FIT_SHAPE_NARROW
                                                   : FIT_SHAPE_CLEAR;
}

double fit_correlation(const double a[FIT_SCALES], const double b[FIT_SCALES])
{
    double mean_a = 0, mean_b = 0, aa = 0, bb = 0, ab = 0;
    for (int i = 0; i < FIT_SCALES; i++) mean_a += a[i] / FIT_SCALES, mean_b += b[i] / FIT_SCALES;
    for (int i = 0; i < FIT_SCALES; i++) {
        double x = a[i] - mean_a, y = b[i] - mean_b;
        aa += x * x, bb += y * y, ab += x * y;
    }
    if (aa < 1e-12 || bb < 1e-12) return (double)NAN;
    double r = ab / sqrt(aa * bb);
    return r > 1 ? 1 : r < -1 ? -1 : r;
}

/* r after every change of one answer by one step that the scale's bounds allow. */
static void spread(const double scores[FIT_SCALES], fit_match_t *match)
{
    match->r_low = match->r_high = match->r;
    for (int s = 0; s < FIT_SCALES; s++)
        for (int step = -1; step <= 1; step += 2) {
            double moved[FIT_SCALES];
            memcpy(moved, scores, sizeof moved);
            moved[s] += step;
            if (moved[s] < 0 || moved[s] > FIT_SCALE_MAX) continue;
            double r = fit_correlation(moved, match->occupation->interest);
            if (r < match->r_low) match->r_low = r;
            if (r > match->r_high) match->r_high = r;
        }
}

int fit_matches(const fit_facts_t *facts, const fit_profile_t *profile, fit_match_t matches[FIT_ROWS_MAX])
{
    if (profile->shape == FIT_SHAPE_OPEN || profile->shape == FIT_SHAPE_FLAT) return 0;
    double scores[FIT_SCALES];
    int count = 0;
    for (int s = 0; s < FIT_SCALES; s++) scores[s] = profile->score[s];
    for (int i = 0; i < facts->occupation_count; i++) {
        fit_match_t match = {.occupation = &facts->occupations[i]};
        match.r = fit_correlation(scores, match.occupation->interest);
        if (isnan(match.r)) continue;
        spread(scores, &match);
        int at = count++;
        for (; at > 0 && matches[at - 1].r < match.r; at--) matches[at] = matches[at - 1];
        matches[at] = match;
    }
    return count;
}
