/* Making an item of a family: draw, compute, accept or draw again, then assemble key and distractors.
 *
 * Every attempt draws from its own stream, (seed, family, attempt), so an item depends on nothing but its name. Where
 * options are decided by conditions, the seed first chooses which of them shall be the key, evenly, and numbers are
 * drawn until it is. Where the answer is a number, three of the mistakes are taken so that the key's place among the
 * four, in ascending order, is even too as far as the numbers allow. */
#include "family_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    DRAW_FAMILY = 9200,
    DRAW_CHOICE = 9201,
    ATTEMPTS_MAX = 20000,
    OPTIONS = 4,
    DISTRACTORS = OPTIONS - 1,
    FAMILIES_MEMORY = 64 * 1024 * 1024,
};

static const double FARTHEST = 2000; /* a distractor is at most so many times the key, or that part of it */

/* ---- numbers ---- */

static void draw_values(making_t *m)
{
    for (int i = 0; i < m->family->draws; i++) {
        const draw_t *d = &m->family->draw[i];
        uint32_t at = rng_below(&m->rng, (uint32_t)(d->steps ? d->steps : d->choices));
        m->value[d->at] = d->steps ? exact_round(d->from + d->step * at, 6) : d->choice[at];
    }
}

static bool compute_let(making_t *m, const let_t *let, err_t *why)
{
    const family_source_t *source = m->families->source;
    double in[FAMILY_INPUTS_MAX], *value = &m->value[let->at];
    if (!let->formula) {
        *value = expr_value(&let->expr[0], m->value);
        return *value - *value == 0;
    }
    for (int i = 0; i < let->inputs; i++) in[i] = expr_value(&let->expr[i], m->value);
    return source->formula(source->self, let->formula, let->input, in, let->inputs, value, why) && *value - *value == 0;
}

static made_t plasma_times(making_t *m)
{
    const family_t *f = m->family;
    const family_source_t *source = m->families->source;
    double part[FAMILY_PLASMA_MAX];
    family_times_t t;
    for (int i = 0; i < f->plasma; i++) part[i] = expr_value(&f->plasma_expr[i], m->value);
    if (!source->clot(source->self, f->plasma_name, part, f->plasma, &t, m->err)) return MADE_WRONG;
    const double times[FAMILY_TIMES] = {t.pt, t.inr, t.aptt, t.tt, t.reptilase, t.mix, t.mix_incubated};
    for (int i = 0; i < FAMILY_TIMES; i++) m->value[f->times_at + i] = exact_round(times[i], 1);
    return MADE;
}

/* One attempt at numbers that the family accepts. A formula that refuses its inputs asks for others. */
static made_t attempt(making_t *m, uint64_t name, uint64_t number, int key, err_t *refused)
{
    const family_t *f = m->family;
    made_t made = MADE;
    m->rng = rng_at(m->seed, DRAW_FAMILY, name, number);
    draw_values(m);
    if (f->plants) made = family_series(m);
    if (made == MADE && f->faults) made = family_panel(m);
    if (made == MADE && f->plasma) made = plasma_times(m);
    if (made != MADE) return made;
    for (int i = 0; i < f->lets; i++)
        if (!compute_let(m, &f->let[i], refused)) return MADE_NOT_YET;
    for (int i = 0; i < f->needs; i++)
        if (expr_value(&f->need[i], m->value) == 0) return MADE_NOT_YET;
    for (int i = 0; i < f->answers && !f->number; i++)
        if (f->answer[i].decides && (expr_value(&f->answer[i].expr, m->value) != 0) != (i == key)) return MADE_NOT_YET;
    return MADE;
}

/* ---- an answer that is a number ---- */

typedef struct {
    double value;
    int mistake; /* -1: the key */
} choice_t;

static bool apart(const family_t *f, double a, double b)
{
    double unit = 1, greater = exact_abs(a) > exact_abs(b) ? exact_abs(a) : exact_abs(b);
    for (int i = 0; i < f->answer_decimals; i++) unit /= 10;
    double gap = exact_abs(a - b);
    return gap > unit * 0.9 && gap * 100 >= f->apart_pct * greater;
}

static bool plausible(const family_t *f, double value, double key)
{
    if (!(value - value == 0)) return false;
    if (f->is_signed) return exact_abs(value) <= FARTHEST * (1 + exact_abs(key));
    return value > 0 && value <= FARTHEST * key && value * FARTHEST >= key;
}

/* The distractors that may stand beside the key, all apart from it and from one another. */
static int candidates(making_t *m, double key, choice_t found[FAMILY_ANSWERS_MAX])
{
    const family_t *f = m->family;
    bool typed = f->head.type == ITEM_NUMERIC;
    double reach =
        f->tolerance * (typed ? 1.5 : 1); /* a typed number is told from its neighbors within the tolerance */
    int count = 0;
    for (int i = 0; i < f->answers; i++) {
        double value = exact_round(expr_value(&f->answer[i].expr, m->value), f->answer_decimals);
        bool good = plausible(f, value, key) && apart(f, value, key) && exact_abs(value - key) > reach;
        for (int k = 0; k < count && good; k++)
            good = apart(f, value, found[k].value) && (!typed || exact_abs(value - found[k].value) > reach);
        if (good) found[count++] = (choice_t){value, i};
    }
    return count;
}

static void shuffle(rng_t *rng, choice_t *list, int count)
{
    for (int i = count - 1; i > 0; i--) {
        int j = (int)rng_below(rng, (uint32_t)i + 1);
        choice_t kept = list[i];
        list[i] = list[j];
        list[j] = kept;
    }
}

/* Which place the key takes among the four. The first and the last can be had more seldom than the middle, because
 * mistakes lie on both sides; so they are taken three times as often where they can be had. */
static int choose_place(rng_t *rng, int below, int above)
{
    static const uint32_t weight[OPTIONS] = {3, 2, 2, 3};
    int low = DISTRACTORS - above > 0 ? DISTRACTORS - above : 0, high = below < DISTRACTORS ? below : DISTRACTORS;
    uint32_t sum = 0;
    for (int i = low; i <= high; i++) sum += weight[i];
    uint32_t at = rng_below(rng, sum);
    while (at >= weight[low]) at -= weight[low++];
    return low;
}

/* Takes three distractors, so many of them below the key that it comes to its place. */
static void take_three(rng_t *rng, choice_t *found, int count, double key)
{
    choice_t taken[DISTRACTORS];
    int below = 0, n = 0;
    for (int i = 0; i < count; i++) below += found[i].value < key;
    int low = choose_place(rng, below, count - below), high = DISTRACTORS - low;
    for (int i = 0; i < count; i++) {
        int *left = found[i].value < key ? &low : &high;
        if ((*left)-- > 0) taken[n++] = found[i];
    }
    assert(n == DISTRACTORS);
    memcpy(found, taken, sizeof taken);
}

static int by_value(const void *a, const void *b)
{
    const choice_t *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

static const char *number_words(making_t *m, double value)
{
    text_t out;
    text_init(&out, 200);
    family_number(&out, value, m->family->answer_decimals, m->family->unit);
    const char *words = out.failed ? NULL : arena_text(m->arena, out.data, out.length);
    text_free(&out);
    return words;
}

static made_t number_item(making_t *m, rng_t *rng, item_t *item)
{
    const family_t *f = m->family;
    choice_t list[FAMILY_ANSWERS_MAX + 1];
    double key = exact_round(expr_value(&f->answer_is, m->value), f->answer_decimals);
    if (!(key - key == 0) || (!f->is_signed && key <= 0)) return MADE_NOT_YET;
    m->value[names_find(&f->names, "answer", 6)] = key;
    int count = candidates(m, key, list);
    if (count < DISTRACTORS) return MADE_NOT_YET;
    item->why = family_words(m, f->why);
    if (!item->why) return MADE_WRONG;
    if (f->head.type == ITEM_NUMERIC) {
        item->value = key;
        item->tolerance = f->tolerance;
        item->unit = f->unit;
        item->decimals = f->answer_decimals;
    } else {
        shuffle(rng, list, count);
        take_three(rng, list, count, key);
        list[DISTRACTORS] = (choice_t){key, -1};
        count = OPTIONS;
        qsort(list, (size_t)count, sizeof *list, by_value);
    }
    item->parts = count;
    for (int i = 0; i < count; i++) {
        item_part_t *part = &item->part[i];
        bool is_key = list[i].mistake < 0;
        *part = (item_part_t){.text = "", .right = "", .key = is_key, .value = list[i].value};
        part->why = is_key ? item->why : family_words(m, f->answer[list[i].mistake].why);
        if (f->head.type != ITEM_NUMERIC) part->text = number_words(m, list[i].value);
        if (!part->why || !part->text) return MADE_WRONG;
    }
    if (f->head.type != ITEM_NUMERIC) item->why = "";
    return MADE;
}

/* ---- an answer that is decided ---- */

static made_t option_item(making_t *m, rng_t *rng, int key, item_t *item)
{
    const family_t *f = m->family;
    choice_t list[FAMILY_ANSWERS_MAX];
    int count = 0;
    for (int i = 0; i < f->answers; i++)
        if (i != key) list[count++] = (choice_t){0, i};
    shuffle(rng, list, count);
    if (count > DISTRACTORS) count = DISTRACTORS;
    list[count++] = (choice_t){0, key};
    shuffle(rng, list, count);
    item->parts = count;
    for (int i = 0; i < count; i++) {
        const answer_t *option = &f->answer[list[i].mistake];
        item->part[i] = (item_part_t){.text = family_words(m, option->text),
                                      .right = "",
                                      .why = family_words(m, option->why),
                                      .key = list[i].mistake == key};
        if (!item->part[i].text || !item->part[i].why) return MADE_WRONG;
    }
    return MADE;
}

/* ---- the whole ---- */

/* The chart of the series, in lines as an authored item has them; every point is given, so nothing is left to chance.
 */
static bool picture_of(const making_t *m, item_t *item)
{
    text_t out;
    const family_t *f = m->family;
    if (!f->chart) return true;
    text_init(&out, ITEM_DATA_MAX);
    text_addf(&out, "runs: %d\n", f->runs);
    for (int k = 1; k <= f->levels; k++) text_addf(&out, "level: level %d\n", k);
    for (int i = 0; i < f->runs * f->levels; i++) {
        text_addf(&out, "point: %d | %d | ", i % f->levels + 1, i / f->levels + 1);
        text_add_fixed(&out, m->z[i], 1);
        text_add_char(&out, '\n');
    }
    item->picture = (item_picture_t){.draw = "lj",
                                     .seed = m->seed,
                                     .data = out.failed ? NULL : arena_text(m->arena, out.data, out.length),
                                     .alt = ""};
    text_free(&out);
    return item->picture.data != NULL;
}

/* Whoever keeps what was shown knows how long it can be. */
static bool fits(const item_t *item)
{
    bool fits = strlen(item->stem) <= ITEM_STEM_MAX && strlen(item->why) <= ITEM_WHY_MAX &&
                (!item->picture.data || strlen(item->picture.data) <= ITEM_DATA_MAX);
    for (int i = 0; i < item->parts; i++)
        fits = fits && strlen(item->part[i].text) <= ITEM_OPTION_MAX && strlen(item->part[i].why) <= ITEM_WHY_MAX;
    return fits;
}

static bool finish(making_t *m, family_item_t *made)
{
    text_t id;
    item_t *item = &made->item;
    text_init(&id, 100);
    text_addf(&id, "%s@%llu", m->family->id, (unsigned long long)m->seed);
    item->id = id.failed ? NULL : arena_text(m->arena, id.data, id.length);
    text_free(&id);
    item->stem = family_words(m, m->family->stem);
    if (!item->id || !item->stem || !picture_of(m, item))
        return err_set(m->err, ERR_MEMORY, "the item does not fit into memory");
    if (!fits(item))
        return err_set(m->err, ERR_LIMIT,
                       "%s:%d: with the numbers of seed %llu a text of the family %s is longer than an item's may be",
                       m->family->file, m->family->line, (unsigned long long)m->seed, m->family->id);
    made->values = m->family->names.count;
    memcpy(made->name, m->family->names.name, sizeof made->name);
    memcpy(made->value, m->value, sizeof made->value);
    made->levels = m->family->levels;
    made->runs = m->family->runs;
    memcpy(made->z, m->z, sizeof made->z);
    return true;
}

/* Which option shall be the key: evenly among those with a condition. */
static int chosen_key(const family_t *f, rng_t *rng)
{
    int deciding = 0, key = 0;
    for (int i = 0; i < f->answers; i++) deciding += f->answer[i].decides;
    int nth = (int)rng_below(rng, (uint32_t)deciding);
    for (;; key++)
        if (f->answer[key].decides && nth-- == 0) return key;
}

bool family_make(const families_t *families, int family, uint64_t seed, arena_t *arena, family_item_t *made, err_t *err)
{
    assert(family >= 0 && family < families->count);
    const family_t *f = families->family[family];
    making_t m = {.families = families, .family = f, .seed = seed, .arena = arena, .err = err};
    uint64_t name = hash_bytes(HASH_START, f->id, strlen(f->id));
    rng_t choice = rng_at(seed, DRAW_CHOICE, name, 0);
    int key = f->number ? -1 : chosen_key(f, &choice);
    err_t refused = {.text = "its conditions leave none"};
    for (uint64_t i = 0; i < ATTEMPTS_MAX; i++) {
        made_t done = attempt(&m, name, i, key, &refused);
        *made = (family_item_t){.item = f->head};
        if (done == MADE)
            done = f->number ? number_item(&m, &choice, &made->item) : option_item(&m, &choice, key, &made->item);
        if (done == MADE) return finish(&m, made);
        if (done == MADE_WRONG) return false;
    }
    return err_set(err, ERR_STATE, "%s:%d: the family %s finds no numbers for the seed %llu%s%s (%.200s)", f->file,
                   f->line, f->id, (unsigned long long)seed, key < 0 ? "" : " and the option ",
                   key < 0 ? "" : f->answer[key].text, refused.text);
}

/* ---- the families ---- */

bool families_open(families_t **out, const source_t *content, const bank_t *catalog, const family_source_t *source,
                   err_t *err)
{
    families_t *families = calloc(1, sizeof *families);
    *out = NULL;
    if (families) families->arena = arena_new(FAMILIES_MEMORY);
    if (families && families->arena)
        families->family = arena_array(families->arena, FAMILIES_MAX, sizeof *families->family);
    if (!families || !families->family) {
        families_close(families);
        return err_set(err, ERR_MEMORY, "the families do not fit into memory");
    }
    families->source = source;
    size_t count, first = source_under(content, "items/families/", &count);
    for (size_t i = first; i < first + count; i++)
        if (!family_read_file(families, catalog, &content->files[i], err)) {
            families_close(families);
            return false;
        }
    *out = families;
    return true;
}

void families_close(families_t *families)
{
    if (!families) return;
    arena_free(families->arena);
    free(families);
}

int families_count(const families_t *families)
{
    return families->count;
}

void families_view(const families_t *families, int family, family_view_t *view)
{
    assert(family >= 0 && family < families->count);
    const family_t *f = families->family[family];
    *view = (family_view_t){.id = f->id, .title = f->title, .file = f->file, .line = f->line, .head = f->head};
}

bool families_enlist(const families_t *families, bank_t *bank, err_t *err)
{
    item_t *heads = arena_array(bank->arena, (size_t)families->count + 1, sizeof *heads);
    if (!heads) return err_set(err, ERR_MEMORY, "the families do not fit into memory");
    for (int i = 0; i < families->count; i++) heads[i] = families->family[i]->head;
    bank->heads = heads;
    bank->head_count = (size_t)families->count;
    return true;
}

bool families_join(const families_t *families, bank_t *bank, err_t *err)
{
    for (int i = 0; i < families->count; i++) {
        const family_t *f = families->family[i];
        item_t *item = arena_alloc(bank->arena, sizeof *item);
        if (!item) return err_set(err, ERR_MEMORY, "the families do not fit into memory");
        if (bank->count == BANK_ITEMS_MAX)
            return err_set(err, ERR_LIMIT, "a bank holds at most %d items", (int)BANK_ITEMS_MAX);
        *item = f->head;
        item->id = f->id;
        item->file = f->file;
        item->line = f->line;
        item->stem = f->title;
        if (f->chart) item->picture.draw = "lj";
        bank->items[bank->count++] = item;
    }
    return true;
}

/* How many letters two words share at their beginning. */
static size_t alike(const char *a, const char *b)
{
    size_t n = 0;
    while (a[n] && a[n] == b[n]) n++;
    return n;
}

int families_find(const families_t *families, const char *id, err_t *err)
{
    const char *nearest = "";
    size_t best = 0;
    for (int i = 0; i < families->count; i++) {
        if (strcmp(families->family[i]->id, id) == 0) return i;
        if (alike(families->family[i]->id, id) >= best) {
            best = alike(families->family[i]->id, id);
            nearest = families->family[i]->id;
        }
    }
    err_set(err, ERR_NOT_FOUND, "there is no family \"%.40s\"; did you mean %s? `titer item generate` lists them", id,
            nearest);
    return -1;
}

bool families_check(const families_t *families, bank_t *bank, int seeds, err_t *err)
{
    arena_t *arena = arena_new(FAMILIES_MEMORY);
    int place[OPTIONS] = {0}, four = 0;
    bool good = arena || err_set(err, ERR_MEMORY, "out of memory");
    for (int i = 0; good && i < families->count; i++)
        for (int seed = 1; good && seed <= seeds; seed++) {
            family_item_t made;
            size_t before = bank->finding_count;
            arena_reset(arena);
            good = family_make(families, i, (uint64_t)seed, arena, &made, err);
            if (!good) break;
            made.item.id = families->family[i]->id;
            bank_rules(bank, &made.item);
            if (made.item.type == ITEM_SINGLE && made.item.parts == OPTIONS) {
                place[item_key(&made.item)]++;
                four++;
            }
            if (bank->finding_count > before) break; /* one finding a family is enough */
        }
    for (int i = 0; good && i < OPTIONS && four > 0; i++)
        if (place[i] * 5 < four || place[i] * 10 > 3 * four) {
            bank_say(bank, FINDING_ERROR, "items/families", 0, "",
                     "over %d items of families the key is first in %d, second in %d, third in %d, fourth in %d; each "
                     "place takes 20 to 30 %%",
                     four, place[0], place[1], place[2], place[3]);
            break;
        }
    arena_free(arena);
    return good;
}
