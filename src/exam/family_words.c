/* Words of families: templates filled with numbers, control series and panels in words. */
#include "family_private.h"

#include <string.h>

enum { WORDS_MAX = 8 * 1024, DEPTH_MAX = 3, COMMAS_FROM = 1000, AS_NEEDED_MAX = 2 };

void family_number(text_t *out, double value, int decimals, const char *unit)
{
    char digits[32];
    if (decimals == DECIMALS_AS_NEEDED)
        for (decimals = 0; decimals < AS_NEEDED_MAX; decimals++)
            if (exact_abs(exact_round(value, decimals) - value) < 1e-9 * (1 + exact_abs(value))) break;
    size_t length = text_fixed(digits, value, decimals);
    bool commas = decimals == 0 && exact_abs(value) >= COMMAS_FROM;
    size_t first = digits[0] == '-';
    for (size_t i = 0; i < length; i++) {
        if (commas && i > first && (length - i) % 3 == 0) text_add_char(out, ',');
        text_add_char(out, digits[i]);
    }
    if (unit[0]) text_addf(out, "%s%s", strcmp(unit, "%") == 0 ? "" : " ", unit);
}

/* One {...}: [at, at + length) is what stands between the braces; a choice may have others inside. */
typedef struct {
    const char *at;
    size_t length, name;
} slot_t;

static slot_t slot_of(const char *open)
{
    slot_t slot = {.at = open + 1};
    for (int depth = 1; slot.at[slot.length]; slot.length++) {
        depth += (slot.at[slot.length] == '{') - (slot.at[slot.length] == '}');
        if (depth == 0) break;
    }
    slot.name = strcspn(slot.at, ":}");
    return slot;
}

static bool slot_is(const slot_t *slot, const char *word)
{
    return slot->name == strlen(word) && strncmp(slot->at, word, slot->name) == 0;
}

bool family_words_check(const family_t *family, const char *text, err_t *err)
{
    for (const char *p = text; (p = strchr(p, '{')); p++) {
        slot_t slot = slot_of(p);
        if (slot.at[slot.length] != '}') return err_set(err, ERR_INPUT, "a { has no } behind it: \"%.30s\"", p);
        if ((slot_is(&slot, "series") && family->plants) || (slot_is(&slot, "panel") && family->faults)) continue;
        if (names_find(&family->names, slot.at, slot.name) < 0)
            return err_set(err, ERR_INPUT, "there is no value named \"%.*s\"", (int)slot.name, slot.at);
    }
    return true;
}

static void add_series(const making_t *m, text_t *out)
{
    const family_t *f = m->family;
    for (int run = 0; run < f->runs; run++) {
        text_addf(out, "%sRun %d:", run ? "; " : "", run + 1);
        for (int level = 0; level < f->levels; level++) {
            double z = m->z[run * f->levels + level];
            if (f->levels > 1) text_addf(out, "%s level %d", level ? "," : "", level + 1);
            text_add(out, z >= 0 ? " +" : " ");
            text_add_fixed(out, z, 1);
        }
    }
}

static void add_limits(const family_row_t *row, text_t *out)
{
    if (row->low == row->low && row->high == row->high) {
        text_add_fixed(out, row->low, row->decimals);
        text_add(out, "-");
        text_add_fixed(out, row->high, row->decimals);
    } else if (row->high == row->high) {
        text_add(out, "to ");
        text_add_fixed(out, row->high, row->decimals);
    } else {
        text_add(out, "from ");
        text_add_fixed(out, row->low, row->decimals);
    }
}

static void add_panel(const making_t *m, text_t *out)
{
    for (int i = 0; i < m->family->rows; i++) {
        const family_row_t *row = &m->row[i];
        bool limits = row->low == row->low || row->high == row->high;
        text_addf(out, "%s%s ", i ? "; " : "", row->name);
        text_add_fixed(out, row->value, row->decimals);
        text_addf(out, "%s%s", row->unit[0] ? " " : "", row->unit);
        if (!limits && !m->family->history) continue;
        text_add(out, " (");
        if (limits) add_limits(row, out);
        if (m->family->history) {
            text_add(out, limits ? "; yesterday " : "yesterday ");
            text_add_fixed(out, row->before, row->decimals);
        }
        text_add_char(out, ')');
    }
}

static void add_words(const making_t *m, text_t *out, const char *text, size_t length, int depth);

/* {name:one|two|three} by the value 0, 1, 2; a bar inside inner braces belongs to them. */
static void add_choice(const making_t *m, text_t *out, const char *at, const char *end, int which, int depth)
{
    const char *from = at;
    int inside = 0;
    for (; at <= end; at++) {
        if (at == end || (*at == '|' && inside == 0)) {
            if (which-- == 0) {
                add_words(m, out, from, (size_t)(at - from), depth + 1);
                return;
            }
            from = at + 1;
        } else {
            inside += (*at == '{') - (*at == '}');
        }
    }
}

static void add_value(const making_t *m, text_t *out, const slot_t *slot, int depth)
{
    int name = names_find(&m->family->names, slot->at, slot->name);
    double value = m->value[name];
    const char *form = slot->at + slot->name + 1, *end = slot->at + slot->length;
    if (slot->name == slot->length)
        family_number(out, value, m->family->decimals[name], "");
    else if (memchr(form, '|', (size_t)(end - form)))
        add_choice(m, out, form, end, (int)value, depth);
    else
        family_number(out, value, *form >= '0' && *form <= '6' ? *form - '0' : 0, "");
}

static void add_words(const making_t *m, text_t *out, const char *text, size_t length, int depth)
{
    for (const char *p = text, *end = text + length; p < end && depth < DEPTH_MAX;) {
        const char *open = memchr(p, '{', (size_t)(end - p));
        text_add_n(out, p, (size_t)((open ? open : end) - p));
        if (!open) return;
        slot_t slot = slot_of(open);
        if (slot_is(&slot, "series"))
            add_series(m, out);
        else if (slot_is(&slot, "panel"))
            add_panel(m, out);
        else
            add_value(m, out, &slot, depth);
        p = slot.at + slot.length + 1;
    }
}

const char *family_words(const making_t *m, const char *text)
{
    text_t out;
    text_init(&out, WORDS_MAX);
    add_words(m, &out, text, strlen(text), 0);
    const char *made = out.failed ? NULL : arena_text(m->arena, out.data ? out.data : "", out.length);
    text_free(&out);
    if (!made) err_set(m->err, ERR_LIMIT, "the words of the family %s grow too long", m->family->id);
    return made;
}
