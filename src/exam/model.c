/* The models of model.h. With z_k = a(theta - b_k), all derivatives are those of log p:
 *
 *   2pl   l1 = a(x - s(z)),                            l2 = -a^2 s(z) s(-z)
 *   3pl   x = 1: with r = (P - c)/P, P''/P = a^2 r s(-z)(s(-z) - s(z)), l1 = a r s(-z), l2 = P''/P - l1^2
 *   gpcm  l1 = a(k - E),                               l2 = -a^2 Var(k)
 *   grm   p_k = s(z_k) - s(z_{k+1}) = s(z_k) s(-z_{k+1}) (1 - e^(z_{k+1} - z_k)), which subtracts nothing alike;
 *         so l1 = a(1 - s(z_k) - s(z_{k+1})), l2 = -a^2 (s(z_k) s(-z_k) + s(z_{k+1}) s(-z_{k+1})) */
#include "exam/model.h"

#include "base/exact.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

/* A logarithm of a probability is never below this: e^-690 is the smallest chance that is told from none. */
static const double LOG_FLOOR = -690.0;

static const char *const NAMES[IRT_MODELS] = {"rasch", "2pl", "3pl", "pcm", "gpcm", "grm"};

const char *irt_model_name(irt_model_t model)
{
    assert((unsigned)model < IRT_MODELS);
    return NAMES[model];
}

bool irt_model_from_name(const char *name, irt_model_t *model)
{
    for (int m = 0; m < IRT_MODELS; m++) {
        const char *a = NAMES[m], *b = name;
        while (*a && *a == tolower((unsigned char)*b)) {
            a++;
            b++;
        }
        if (*a || *b) continue;
        *model = (irt_model_t)m;
        return true;
    }
    return false;
}

bool irt_model_is_polytomous(irt_model_t model)
{
    return model == IRT_PCM || model == IRT_GPCM || model == IRT_GRM;
}

bool irt_item_check(const irt_item_t *item, err_t *err)
{
    assert((unsigned)item->model < IRT_MODELS);
    const char *name = NAMES[item->model];
    bool polytomous = irt_model_is_polytomous(item->model), unit = item->model == IRT_RASCH || item->model == IRT_PCM;
    if (!(item->a >= IRT_SLOPE_MIN && item->a <= IRT_SLOPE_MAX))
        return err_set(err, ERR_INPUT, "the slope a must lie between 0.001 and 50; turn the key of an item that falls");
    if (unit && (item->a < 1 || item->a > 1))
        return err_set(err, ERR_INPUT, "%s has the slope 1; leave a empty, or name the model %s", name,
                       polytomous ? "gpcm" : "2pl");
    if (item->categories < 2 || item->categories > IRT_CATEGORIES_MAX || (!polytomous && item->categories != 2))
        return err_set(err, ERR_INPUT, "%s has %s", name,
                       polytomous ? "1 to 15 thresholds (2 to 16 categories)" : "one difficulty, b1, and no other");
    for (int k = 0; k < item->categories - 1; k++) {
        if (!(item->b[k] >= -IRT_LOCATION_MAX && item->b[k] <= IRT_LOCATION_MAX))
            return err_set(err, ERR_INPUT, "b%d must lie between -50 and 50 logits", k + 1);
        if (item->model == IRT_GRM && k > 0 && !(item->b[k] > item->b[k - 1]))
            return err_set(err, ERR_INPUT, "the thresholds of grm must ascend; b%d is not above b%d", k + 1, k);
    }
    if (item->model != IRT_3PL && (item->c < 0 || item->c > 0))
        return err_set(err, ERR_INPUT, "only 3pl has a lower asymptote; leave c empty");
    if (!(item->c >= 0 && item->c <= IRT_GUESS_MAX))
        return err_set(err, ERR_INPUT, "the lower asymptote c must lie between 0 and 0.9");
    return true;
}

double irt_logistic(double z)
{
    if (z >= 0) return 1.0 / (1.0 + exact_exp(-z));
    double e = exact_exp(z);
    return e / (1.0 + e);
}

double irt_log_logistic(double z)
{
    return z >= 0 ? -exact_log1p(exact_exp(-z)) : z - exact_log1p(exact_exp(z));
}

/* s(z), s(-z): both with all their digits. */
static void both_tails(double z, double *up, double *down)
{
    double e = exact_exp(z >= 0 ? -z : z), small = e / (1.0 + e), large = 1.0 / (1.0 + e);
    *up = z >= 0 ? large : small;
    *down = z >= 0 ? small : large;
}

/* With z_k the exponents and m the largest: log p_k = (z_k - z_m) - log(1 + the others' e^(z - z_m)). */
static void gpcm_log(const irt_item_t *item, double theta, double *log_p)
{
    double others = 0;
    int most = 0;
    log_p[0] = 0;
    for (int k = 1; k < item->categories; k++) {
        log_p[k] = log_p[k - 1] + item->a * (theta - item->b[k - 1]);
        if (log_p[k] > log_p[most]) most = k;
    }
    double top = log_p[most];
    for (int k = 0; k < item->categories; k++) {
        log_p[k] -= top;
        if (k != most) others += exact_exp(log_p[k]);
    }
    double norm = exact_log1p(others);
    for (int k = 0; k < item->categories; k++) log_p[k] -= norm;
}

static void grm_log(const irt_item_t *item, double theta, double *log_p)
{
    double above = 0; /* log s(z_k), z_0 = infinity */
    for (int k = 0; k < item->categories; k++) {
        log_p[k] = above;
        if (k == item->categories - 1) break;
        double z = item->a * (theta - item->b[k]);
        log_p[k] += irt_log_logistic(-z);
        if (k > 0) log_p[k] += exact_log(-exact_expm1(-item->a * (item->b[k] - item->b[k - 1])));
        above = irt_log_logistic(z);
    }
}

static void binary_log(const irt_item_t *item, double theta, double *log_p)
{
    double z = item->a * (theta - item->b[0]);
    log_p[0] = irt_log_logistic(-z);
    log_p[1] = irt_log_logistic(z);
    if (item->c > 0) {
        log_p[0] += exact_log(1.0 - item->c);
        log_p[1] = z > 0 ? exact_log1p(-(1.0 - item->c) * irt_logistic(-z))
                         : exact_log(item->c + (1.0 - item->c) * irt_logistic(z));
    }
}

void irt_log_probabilities(const irt_item_t *item, double theta, double *log_p)
{
    if (item->model == IRT_GRM)
        grm_log(item, theta, log_p);
    else if (irt_model_is_polytomous(item->model))
        gpcm_log(item, theta, log_p);
    else
        binary_log(item, theta, log_p);
    for (int k = 0; k < item->categories; k++)
        if (!(log_p[k] > LOG_FLOOR)) log_p[k] = LOG_FLOOR;
}

double irt_log_probability(const irt_item_t *item, double theta, int response)
{
    double log_p[IRT_CATEGORIES_MAX];
    assert(response >= 0 && response < item->categories);
    irt_log_probabilities(item, theta, log_p);
    return log_p[response];
}

static void gpcm_point(const irt_item_t *item, double theta, irt_point_t *point)
{
    double log_p[IRT_CATEGORIES_MAX], variance = 0;
    gpcm_log(item, theta, log_p);
    for (int k = 0; k < item->categories; k++) point->p[k] = exact_exp(log_p[k]);
    for (int k = 0; k < item->categories; k++) {
        double off = 0; /* k - E, as a sum: E itself is nearly k where p_k is nearly 1 */
        for (int j = 0; j < item->categories; j++) off += (k - j) * point->p[j];
        point->l1[k] = item->a * off;
        variance += off * off * point->p[k];
    }
    for (int k = 0; k < item->categories; k++) point->l2[k] = -item->a * item->a * variance;
}

static void grm_point(const irt_item_t *item, double theta, irt_point_t *point)
{
    double up = 1, down = 0; /* s(z_k) and s(-z_k) */
    for (int k = 0; k < item->categories; k++) {
        double next_up = 0, next_down = 1;
        if (k < item->categories - 1) both_tails(item->a * (theta - item->b[k]), &next_up, &next_down);
        double gap = k > 0 && k < item->categories - 1 ? -exact_expm1(-item->a * (item->b[k] - item->b[k - 1])) : 1.0;
        point->p[k] = up * next_down * gap;
        point->l1[k] = item->a * (down - next_up); /* 1 - s(z_k) - s(z_{k+1}) */
        point->l2[k] = -item->a * item->a * (up * down + next_up * next_down);
        up = next_up;
        down = next_down;
    }
}

static void binary_point(const irt_item_t *item, double theta, irt_point_t *point)
{
    double up, down, a = item->a, c = item->c;
    both_tails(a * (theta - item->b[0]), &up, &down);
    point->p[0] = (1.0 - c) * down;
    point->p[1] = c + (1.0 - c) * up;
    point->l1[0] = -a * up;
    point->l2[0] = -a * a * up * down;
    double r = c > 0 ? (1.0 - c) * up / point->p[1] : 1.0;
    point->l1[1] = a * r * down;
    point->l2[1] = c > 0 ? a * a * r * down * (down - up) - point->l1[1] * point->l1[1] : point->l2[0];
}

void irt_point(const irt_item_t *item, double theta, irt_point_t *point)
{
    point->categories = item->categories;
    if (item->model == IRT_GRM)
        grm_point(item, theta, point);
    else if (irt_model_is_polytomous(item->model))
        gpcm_point(item, theta, point);
    else
        binary_point(item, theta, point);
}

void irt_probabilities(const irt_item_t *item, double theta, double *p)
{
    irt_point_t point;
    irt_point(item, theta, &point);
    memcpy(p, point.p, (size_t)item->categories * sizeof *p);
}

double irt_expected(const irt_item_t *item, double theta)
{
    double p[IRT_CATEGORIES_MAX], sum = 0;
    irt_probabilities(item, theta, p);
    for (int k = 1; k < item->categories; k++) sum += k * p[k];
    return sum;
}

double irt_information(const irt_item_t *item, double theta)
{
    irt_point_t point;
    double sum = 0;
    irt_point(item, theta, &point);
    for (int k = 0; k < item->categories; k++) sum += point.p[k] * point.l1[k] * point.l1[k];
    return sum;
}

double irt_most_informative_theta(const irt_item_t *item)
{
    if (!irt_model_is_polytomous(item->model))
        return item->b[0] + exact_log((1.0 + exact_sqrt(1.0 + 8.0 * item->c)) / 2.0) / item->a;
    double low = item->b[0], high = item->b[0];
    for (int k = 1; k < item->categories - 1; k++) {
        if (item->b[k] < low) low = item->b[k];
        if (item->b[k] > high) high = item->b[k];
    }
    enum { STEPS = 64, ROUNDS = 5 }; /* each round looks 32 times as closely around the best place of the last */
    double best = low;
    for (int round = 0; round < ROUNDS; round++) {
        double step = (high - low) / STEPS, most = -1, at = low;
        for (int i = 0; i <= STEPS; i++) {
            double information = irt_information(item, low + i * step);
            if (information > most) {
                most = information;
                at = low + i * step;
            }
        }
        best = at;
        low = at - step;
        high = at + step;
    }
    return best;
}
