/* The debrief on one sheet of paper, from the same words as the page. */
#include "debrief_parts.h"

enum { BLOCKS_MAX = 40 };

typedef struct {
    arena_t *arena;
    paper_block_t *blocks;
    int count;
} sheet_t;

static void block(sheet_t *sheet, paper_block_t one)
{
    if (sheet->count < BLOCKS_MAX) sheet->blocks[sheet->count++] = one;
}

static void heading(sheet_t *sheet, const char *text)
{
    block(sheet, (paper_block_t){.kind = PAPER_HEADING, .text = text});
}

static void paragraph(sheet_t *sheet, const char *text)
{
    block(sheet, (paper_block_t){.kind = PAPER_TEXT, .text = text});
}

static const char **cells(sheet_t *sheet, int rows, int columns)
{
    return arena_array(sheet->arena, (size_t)(rows > 0 ? rows : 1) * (size_t)columns, sizeof(const char *));
}

static bool score_blocks(sheet_t *sheet, const debrief_page_t *p)
{
    const char **c = cells(sheet, p->part_count, 4);
    if (c == NULL) return false;
    heading(sheet, "Where the points went");
    for (int i = 0; i < p->part_count; i++) {
        c[4 * i] = p->parts[i].name;
        c[4 * i + 1] = p->parts[i].lost;
        c[4 * i + 2] = p->parts[i].expert_lost != NULL ? p->parts[i].expert_lost : "–";
        c[4 * i + 3] = p->parts[i].evidence;
    }
    block(sheet, (paper_block_t){.kind = PAPER_TABLE,
                                 .table = {.columns = 4,
                                           .rows = p->part_count,
                                           .names = {"Part", "Lost", "Careful run", "Evidence"},
                                           .cells = c,
                                           .right = {false, true, true, false},
                                           .share = {0.16, 0.07, 0.11, 0.66}}});
    return true;
}

/* What was felt and what it came to: the first lines, as on the page. */
static void self_blocks(sheet_t *sheet, const debrief_page_t *p)
{
    if (p->reaction != NULL) paragraph(sheet, words(sheet->arena, "“%s”", p->reaction));
    paragraph(sheet, words(sheet->arena, "Own rating %s; score %s of 100; careful run of the same seed %s. %s.",
                           p->self_rating, p->score, p->expert_score != NULL ? p->expert_score : "–", p->prevalence));
}

static bool moment_blocks(sheet_t *sheet, const debrief_page_t *p)
{
    const char **c = cells(sheet, p->moment_count, 5);
    if (c == NULL) return false;
    heading(sheet, "The most costly moments");
    if (p->moment_count == 0) {
        paragraph(sheet, "Nothing cost points.");
        return true;
    }
    for (int i = 0; i < p->moment_count; i++) {
        const debrief_moment_t *m = &p->moments[i];
        c[5 * i] = m->at;
        c[5 * i + 1] = words(sheet->arena, "%s. %s%s%s", m->kind, m->text,
                             m->expert != NULL ? " The careful run: " : "", m->expert != NULL ? m->expert : "");
        c[5 * i + 2] = words(sheet->arena, "%s / %s", m->seen, m->truth);
        c[5 * i + 3] = m->since;
        c[5 * i + 4] = m->points;
    }
    block(sheet, (paper_block_t){.kind = PAPER_TABLE,
                                 .table = {.columns = 5,
                                           .rows = p->moment_count,
                                           .names = {"Time", "What happened", "Seen / true", "Cue", "Points"},
                                           .cells = c,
                                           .right = {false, false, false, false, true},
                                           .share = {0.07, 0.43, 0.22, 0.2, 0.08}}});
    return true;
}

static bool cause_blocks(sheet_t *sheet, const debrief_page_t *p)
{
    const char **c = cells(sheet, p->planted_count, 4);
    if (c == NULL) return false;
    heading(sheet, "What was planted");
    if (p->planted_count == 0) paragraph(sheet, "Nothing.");
    for (int i = 0; i < p->planted_count; i++) {
        c[4 * i] = p->planted[i].what;
        c[4 * i + 1] = p->planted[i].where;
        c[4 * i + 2] = p->planted[i].verdict;
        c[4 * i + 3] = p->planted[i].cue;
    }
    if (p->planted_count > 0)
        block(sheet, (paper_block_t){.kind = PAPER_TABLE,
                                     .table = {.columns = 4,
                                               .rows = p->planted_count,
                                               .names = {"What", "Where", "Outcome", "Cue"},
                                               .cells = c}});
    return true;
}

static bool competence_blocks(sheet_t *sheet, const debrief_page_t *p)
{
    const char **c = cells(sheet, p->competence_count, 4);
    if (c == NULL) return false;
    heading(sheet, "Competencies");
    for (int i = 0; i < p->competence_count; i++) {
        c[4 * i] = p->competencies[i].name;
        c[4 * i + 1] = p->competencies[i].observations;
        c[4 * i + 2] = p->competencies[i].verdict;
        c[4 * i + 3] = p->competencies[i].element;
    }
    if (p->competence_count > 0)
        block(sheet, (paper_block_t){.kind = PAPER_TABLE,
                                     .table = {.columns = 4,
                                               .rows = p->competence_count,
                                               .names = {"Competency", "Observations", "Right", "Element"},
                                               .cells = c,
                                               .right = {false, true, false, false}}});
    return true;
}

static void service_blocks(sheet_t *sheet, const debrief_page_t *p)
{
    const char *line = "Turnaround, median / target in minutes:";
    for (int i = 0; i < p->turnaround_count; i++) {
        const debrief_turnaround_t *t = &p->turnaround[i];
        line = words(sheet->arena, "%s %s %s / %s (n %s, late %s)%s", line, t->priority, t->median, t->target, t->n,
                     t->late, i + 1 < p->turnaround_count ? ";" : ".");
    }
    paragraph(sheet, line);
    paragraph(sheet, words(sheet->arena, "Hits %s; false alarms %s; d′ %s; bias %s. Hints: %s.", p->hits,
                           p->false_alarms, p->d_prime, p->bias, p->hints));
}

static void plan_blocks(sheet_t *sheet, const debrief_page_t *p)
{
    heading(sheet, "Plan");
    const char *lines = "";
    for (int i = 0; i < p->plan_count; i++) {
        const debrief_plan_line_t *l = &p->plan[i];
        lines = words(sheet->arena, "%s%s%d. %s%s%s: %s%s%s", lines, i > 0 ? "\n" : "", i + 1, l->name,
                      l->title[0] != '\0' ? ", " : "", l->title, l->text, l->kept != NULL ? " Kept, due " : "",
                      l->kept != NULL ? l->kept : "");
    }
    paragraph(sheet, lines);
    for (int i = 0; i < p->remark_count; i++) {
        const debrief_remark_t *r = &p->remarks[i];
        paragraph(sheet, words(sheet->arena, "%s, %s: %s%s%s%s", r->name, r->day, r->text,
                               r->grade != NULL ? " Grade by hand " : "", r->grade != NULL ? r->grade : "",
                               r->grade != NULL ? words(sheet->arena, "; computed %s.", p->score) : ""));
    }
}

bool debrief_paper(text_t *out, const debrief_page_t *page, const debrief_load_t *load, paper_size_t size, err_t *err)
{
    sheet_t sheet = {.arena = load->arena};
    timeline_chart_t chart;
    sheet.blocks = arena_array(load->arena, BLOCKS_MAX, sizeof *sheet.blocks);
    if (sheet.blocks == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    if (!debrief_timeline(&chart, load, page->at_min, err)) return false;
    self_blocks(&sheet, page);
    block(&sheet, (paper_block_t){.kind = PAPER_PICTURE, .picture = {.kind = PICTURE_TIMELINE, .timeline = &chart}});
    bool filled = moment_blocks(&sheet, page) && cause_blocks(&sheet, page) && score_blocks(&sheet, page) &&
                  competence_blocks(&sheet, page);
    if (!filled) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    service_blocks(&sheet, page);
    plan_blocks(&sheet, page);
    paper_t paper = {
        .size = size,
        .title = words(load->arena, "Debrief: %s", page->title),
        .subtitle = page->mode,
        .date = page->date,
        .seed = page->seed,
        .note = "Synthetic patients. For training only.",
        .blocks = sheet.blocks,
        .block_count = sheet.count,
        .one_page = true,
    };
    return draw_paper(out, &paper, NULL, err);
}
