/* Review rules and counts from strangers: the first byte chooses between an expression, which is compiled and asked of
 * two cases, and a table of counts, which is read whole. */
#include "base/content.h"
#include "lab/content.h"
#include "lab/review.h"

#include <stdlib.h>
#include <string.h>

static const lab_t *laboratory(const review_t **review)
{
    static lab_t *lab;
    static review_t *rules;
    err_t err;
    if (!lab && (!lab_open(&lab, content_source(), &err) || !review_open(&rules, lab, content_source(), &err))) abort();
    *review = rules;
    return lab;
}

static bool each(void *context, int line, const char *id, uint64_t hits)
{
    uint64_t *sum = context;
    *sum += hits + (uint64_t)line + strlen(id);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const review_t *review;
    const lab_t *lab = laboratory(&review);
    err_t err;
    uint64_t sum = 0;
    if (size == 0) return 0;
    if (data[0] & 1) {
        review_csv(review, "fuzz.csv", data + 1, size - 1, each, &sum, &err);
        return 0;
    }
    char *text = malloc(size);
    if (!text) return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = 0;
    bool answer;
    review_case_t what;
    review_case_clear(&what);
    if (review_ask(lab, text, &what, &answer, &err)) {
        for (int i = 0; i < LAB_MAX_ANALYTES; i++) what.value[i] = what.previous[i] = i;
        what.flags = ~(uint64_t)0;
        if (!review_ask(lab, text, &what, &answer, &err)) abort(); /* what compiles once compiles again */
    }
    free(text);
    return 0;
}
