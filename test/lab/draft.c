/* Scenarios as forms: every built-in file read into a draft and written again is the same scenario (the same state
 * after an hour of the careful autopilot on several seeds), writing is stable, what is refused is refused at the
 * right field, and removing a planted thing keeps the telephone right. Usage: draft CONTENT */
#include "lab/draft.h"

#include "base/content.h"
#include "lab/lab.h"
#include "scenario_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA = 4 * 1024 * 1024, SEEDS = 5 };

static int passed, failed;

static void ok(bool right, const char *format, const char *a, const char *b)
{
    right ? passed++ : failed++;
    if (right) return;
    printf("not ok - ");
    printf(format, a, b);
    printf("\n");
}

static uint64_t hash_of(const lab_t *lab, const scenario_t *scenario, uint64_t seed)
{
    shift_t *shift;
    err_t err = {0};
    if (!shift_start(&shift, lab, scenario, seed, MODE_PRACTICE, &err)) return 0;
    uint64_t hash = pilot_run(shift, PILOT_CAREFUL, shift_length_s(shift), NULL, NULL, &err) ? shift_hash(shift) : 0;
    shift_free(shift);
    return hash;
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static bool same_view(const scenario_t *x, const scenario_t *y)
{
    const scenario_view_t *a = &x->view, *b = &y->view;
    bool same = same_text(a->id, b->id) && same_text(a->title, b->title) && same_text(a->summary, b->summary) &&
                same_text(a->role, b->role) && same_text(a->staffing, b->staffing) && same_text(a->level, b->level) &&
                a->mode == b->mode && a->start_clock_s == b->start_clock_s && a->specimens == b->specimens &&
                a->briefing_count == b->briefing_count && a->sop_count == b->sop_count && x->order == y->order &&
                x->drill == y->drill && x->objective_count == y->objective_count;
    for (int i = 0; same && i < a->briefing_count; i++) same = same_text(a->briefing[i], b->briefing[i]);
    for (int i = 0; same && i < a->sop_count; i++) same = same_text(a->sops[i], b->sops[i]);
    for (int i = 0; same && i < x->objective_count; i++) same = same_text(x->objectives[i].text, y->objectives[i].text);
    return same;
}

static void check_round(const lab_t *lab, const source_file_t *file)
{
    arena_t *arena = arena_new(ARENA), *other = arena_new(ARENA);
    draft_t draft, again;
    draft_mistake_t mistakes[DRAFT_MISTAKES_MAX];
    text_t one, two;
    err_t err = {0};
    scenario_t *from, *to = NULL;
    text_init(&one, DRAFT_FILE_MAX);
    text_init(&two, DRAFT_FILE_MAX);
    bool read = draft_read(&draft, arena, file->path, (const char *)file->bytes, file->length, &err);
    ok(read, "%s is read: %s", file->path, err.text);
    if (read && draft_write(&draft, &one, &err) && draft_read(&again, other, "again", one.data, one.length, &err) &&
        draft_write(&again, &two, &err)) {
        ok(strcmp(one.data, two.data) == 0, "%s: the same form gives the same bytes%s", file->path, "");
        ok(draft_check(lab, &draft, mistakes) == 0, "%s: no mistake: %s", file->path, mistakes[0].text);
        if (!scenario_read(lab, file->path, file->bytes, file->length, &from, &err)) exit(1);
        ok(scenario_read(lab, "written", (const unsigned char *)one.data, one.length, &to, &err), "%s: accepted: %s",
           file->path, err.text);
        ok(to && same_view(from, to), "%s: what the trainee is told is the same%s", file->path, "");
        for (uint64_t seed = 1; to && seed <= SEEDS; seed++) {
            uint64_t hash = hash_of(lab, from, seed);
            ok(hash != 0 && hash == hash_of(lab, to, seed), "%s: the same shift%s", file->path, "");
        }
        scenario_free(from);
        scenario_free(to);
    } else {
        ok(false, "%s: %s", file->path, err.text);
    }
    text_free(&one);
    text_free(&two);
    arena_free(arena);
    arena_free(other);
}

/* ---- a form filled in by hand ---- */

static void set(draft_t *draft, int group, int row, const char *key, const char *value)
{
    int field = draft_field(draft, group, row, key);
    if (field < 0 || !draft_set(draft, group, row, field, value)) ok(false, "there is a field %s%s", key, "");
}

static void fill(draft_t *draft, arena_t *arena)
{
    draft_blank(draft, arena);
    set(draft, DRAFT_ROOT, 0, "title", "A \"quiet\" evening: it's 50 % \\ done");
    set(draft, DRAFT_ROOT, 0, "summary", "Evening\ndraws.");
    set(draft, DRAFT_ROOT, 0, "objectives", "Compare.\r\n\r\n  Call: listen #1. ");
    int row = draft_add(draft, DRAFT_PLANTED, "specimen");
    set(draft, DRAFT_PLANTED, row, "fault", "edta_contam");
    set(draft, DRAFT_PLANTED, row, "severity", "0.14");
    row = draft_add(draft, DRAFT_PLANTED, "critical");
    set(draft, DRAFT_PLANTED, row, "analyte", "potassium");
    set(draft, DRAFT_PLANTED, row, "value", "7.1");
    row = draft_add(draft, DRAFT_CALLS, NULL);
    set(draft, DRAFT_CALLS, row, "script", "ask_ed_nurse");
    set(draft, DRAFT_CALLS, row, "about", "2");
    draft_name(draft);
}

static void expect(const lab_t *lab, const draft_t *draft, int group, int row, const char *key, const char *says)
{
    draft_mistake_t list[DRAFT_MISTAKES_MAX];
    int count = draft_check(lab, draft, list), at = -1;
    for (int i = 0; i < count; i++)
        if (list[i].group == group && list[i].row == row &&
            strcmp(draft_group(group)->fields[list[i].field].key, key) == 0)
            at = i;
    ok(at >= 0, "a mistake at %s is found; %s instead", key, count > 0 ? list[0].text : "none");
    ok(at < 0 || strstr(list[at].text, says), "it says \"%s\"; found: %s", says, at < 0 ? "" : list[at].text);
}

static void check_form(const lab_t *lab)
{
    arena_t *arena = arena_new(ARENA);
    draft_t draft;
    draft_mistake_t list[DRAFT_MISTAKES_MAX];
    fill(&draft, arena);
    int count = draft_check(lab, &draft, list);
    ok(count == 0, "a form filled in by hand is right: %s%s", count ? list[0].text : "", "");
    ok(strcmp(draft_value(&draft, 0, 0, "id"), "a-quiet-evening-its-50-done") == 0,
       "the name is made of the title: %s%s", draft_value(&draft, 0, 0, "id"), "");
    ok(strcmp(draft_value(&draft, 0, 0, "objectives"), "Compare.\nCall: listen #1.") == 0, "lines are tidied%s%s", "",
       "");

    /* many mistakes at once, each at its field, in words */
    set(&draft, DRAFT_ROOT, 0, "title", "");
    set(&draft, DRAFT_ROOT, 0, "minutes", "two hours");
    set(&draft, DRAFT_ROOT, 0, "start", "25:00");
    set(&draft, DRAFT_ROOT, 0, "settings.icu", "-1");
    set(&draft, DRAFT_ROOT, 0, "qc_at", "0:05, 99:00");
    set(&draft, DRAFT_PLANTED, 0, "severity", "140");
    set(&draft, DRAFT_PLANTED, 0, "age_from", "40");
    set(&draft, DRAFT_PLANTED, 1, "value", "71");
    set(&draft, DRAFT_PLANTED, 1, "panel", "nonsense");
    set(&draft, DRAFT_CALLS, 0, "at", "soon");
    expect(lab, &draft, DRAFT_ROOT, 0, "title", "Title is empty");
    expect(lab, &draft, DRAFT_ROOT, 0, "minutes", "Length in minutes is a whole number from 10 to 720");
    expect(lab, &draft, DRAFT_ROOT, 0, "start", "time of day");
    expect(lab, &draft, DRAFT_ROOT, 0, "settings.icu", "Share from intensive care is a number from 0");
    expect(lab, &draft, DRAFT_ROOT, 0, "qc_at", "within the shift");
    expect(lab, &draft, DRAFT_PLANTED, 0, "severity", "from 0 to 1");
    expect(lab, &draft, DRAFT_PLANTED, 0, "age_from", "Give both");
    expect(lab, &draft, DRAFT_PLANTED, 1, "value", "living");
    expect(lab, &draft, DRAFT_PLANTED, 1, "panel", "no panel");
    expect(lab, &draft, DRAFT_CALLS, 0, "at", "hours and minutes");
    count = draft_check(lab, &draft, list);
    ok(count == 10, "and no others%s%s", "", "");
    for (int i = 0; count != 10 && i < count; i++) printf("# %d %d: %s\n", list[i].group, list[i].row, list[i].text);

    fill(&draft, arena);
    set(&draft, DRAFT_ROOT, 0, "minutes", "");
    expect(lab, &draft, DRAFT_ROOT, 0, "minutes", "nothing is given yet");
    for (int k = 0; k < 5; k++) { /* every kind just added says what it needs, and nothing else is wrong */
        draft_choice_t kind;
        fill(&draft, arena);
        if (!draft_choice(lab, LIST_PLANT_KINDS, k, arena, &kind)) break;
        int row = draft_add(&draft, DRAFT_PLANTED, kind.value);
        count = draft_check(lab, &draft, list);
        for (int i = 0; i < count; i++)
            ok(list[i].group == DRAFT_PLANTED && list[i].row == row, "%s: %s", kind.value, list[i].text);
    }

    fill(&draft, arena);
    draft_remove(&draft, DRAFT_PLANTED, 0);
    ok(draft.count[DRAFT_PLANTED] == 1 && strcmp(draft_value(&draft, DRAFT_CALLS, 0, "about"), "1") == 0,
       "the call still speaks of the same patient%s%s", "", "");
    draft_remove(&draft, DRAFT_PLANTED, 0);
    ok(draft_value(&draft, DRAFT_CALLS, 0, "about")[0] == '\0', "and of nobody when there is none%s%s", "", "");
    arena_free(arena);
}

/* Whatever is typed into whichever field: written, read again, the same. And the check comes to an end. */
static void check_anything(const lab_t *lab)
{
    static const char *const typed[] = {"x",
                                        "\"",
                                        "\\",
                                        "a: b",
                                        "- x",
                                        "#",
                                        "[a, b]",
                                        "{a: 1}",
                                        "'",
                                        "0x10",
                                        "1e400",
                                        "nan",
                                        "~",
                                        "yes",
                                        "*a",
                                        "&a b",
                                        "!!t",
                                        "%",
                                        "@",
                                        "`",
                                        "|",
                                        ">",
                                        ", ",
                                        "\xc3\xa9\xe2\x80\x99",
                                        "a\xc2\x85"
                                        "b",
                                        "a\xe2\x80\xa8"
                                        "b",
                                        "a\xef\xbf\xbe"
                                        "b",
                                        "\xef\xbb\xbf"
                                        "a",
                                        "a\x7f"
                                        "b",
                                        "-1",
                                        "99999999999"};
    for (size_t t = 0; t < sizeof typed / sizeof *typed; t++) {
        arena_t *arena = arena_new(ARENA);
        draft_t draft, again;
        draft_mistake_t list[DRAFT_MISTAKES_MAX];
        text_t one, two;
        err_t err = {0};
        text_init(&one, DRAFT_FILE_MAX);
        text_init(&two, DRAFT_FILE_MAX);
        fill(&draft, arena);
        for (int k = 0; k < 5; k++) {
            draft_choice_t kind;
            if (draft_choice(lab, LIST_PLANT_KINDS, k, arena, &kind)) draft_add(&draft, DRAFT_PLANTED, kind.value);
        }
        for (int g = 0; g < DRAFT_GROUPS; g++)
            for (int r = 0; r < draft.count[g]; r++)
                for (int f = g == DRAFT_PLANTED; f < draft_group(g)->count; f++) {
                    if (!draft_asks(&draft, g, r, f) || draft_field(&draft, g, r, draft_group(g)->fields[f].key) != f)
                        continue;
                    draft_set(&draft, g, r, f, typed[t]);
                }
        bool read = draft_write(&draft, &one, &err) && draft_read(&again, arena, "typed", one.data, one.length, &err) &&
                    draft_write(&again, &two, &err);
        ok(read, "typed %s: %s", typed[t], err.text);
        ok(read && strcmp(one.data, two.data) == 0, "typed %s is kept%s", typed[t], "");
        for (int f = 0; read && f < draft_group(DRAFT_ROOT)->count; f++)
            if (draft_group(DRAFT_ROOT)->fields[f].type == DRAFT_TEXT)
                ok(strcmp(again.rows[0][0].values[f] ? again.rows[0][0].values[f] : "", draft.rows[0][0].values[f]) ==
                       0,
                   "typed %s is kept in %s", typed[t], draft_group(DRAFT_ROOT)->fields[f].key);
        ok(draft_check(lab, &draft, list) > 0, "typed %s: mistakes are found%s", typed[t], "");
        text_free(&one);
        text_free(&two);
        arena_free(arena);
    }
}

static void check_refused(void)
{
    static const char *const cases[][2] = {
        {"id: a\ncolor: red\n", ":2: the form does not know the key \"color\""},
        {"planted: {a: 1}\n", ":1: planted is a list"},
        {"planted: [a]\n", ":1: each entry of planted"},
        {"title: [a, b]\n", ":1: title is a single text"},
        {"- a\n", ":1: a scenario file is a map"},
        {"settings: {mars: 1}\n", ":1: the form does not know the key \"settings.mars\""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        arena_t *arena = arena_new(ARENA);
        draft_t draft;
        err_t err = {0};
        bool read = draft_read(&draft, arena, "f", cases[i][0], strlen(cases[i][0]), &err);
        ok(!read && strstr(err.text, cases[i][1]), "refused with \"%s\"; found: %s", cases[i][1], err.text);
        arena_free(arena);
    }
}

int main(void)
{
    lab_t *lab;
    err_t err = {0};
    const source_t *source = content_source();
    if (!lab_open(&lab, source, &err)) return fprintf(stderr, "%s\n", err.text), 1;
    size_t count, first = source_under(source, "lab/scenarios/", &count);
    for (size_t i = first; i < first + count; i++)
        if (strstr(source->files[i].path, ".yaml")) check_round(lab, &source->files[i]);
    check_form(lab);
    check_anything(lab);
    check_refused();
    lab_close(lab);
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
