/* The stage's own page, the skills record, and the résumé: its form, the page to print, PDF and JSON Resume. */
#include "work.h"

#include "app/applications.h"
#include "app/ledger.h"
#include "app/resume.h"
#include "draw/paper.h"
#include "page_words.h"
#include "work_view.h"

#include "work.html.h"
#include "work_resume.html.h"

#include <stdio.h>
#include <string.h>

/* every entry, the headings of sections, and what stands before and after them */
enum { PAPER_BLOCKS = RESUME_GIVEN_MAX + RESUME_SECTIONS * (RESUME_ENTRIES_MAX + 1) + 8 };

/* ---- the stage ---- */

static void work(web_t *web, const request_t *request, response_t *response)
{
    work_page_t page = {.open = "", .missing = ""};
    application_t *list;
    app_ledger_t ledger;
    int count, open = 0, missing = 0;
    err_t err;
    arena_t *a = request->arena;
    frame_init(&page.frame, request, "Work");
    page.frame.main_class = "wide";
    if (!app_applications(web_app(web), a, &list, &count, &err) || !app_ledger(web_app(web), a, &ledger, &err)) {
        response_failed(response, &err);
        return;
    }
    for (int i = 0; i < count; i++) open += !application_closed(list[i].state);
    for (int h = 0; h < ledger.ledger.held_count; h++) missing += ledger.results[h].state == CE_MISSING;
    page.open = open ? words(a, "%d open, with a calendar.", open) : "What you applied for, and what is next.";
    page.missing = missing
                       ? words(a, "Something is missing for %d of %d obligations.", missing, ledger.ledger.held_count)
                       : "Continuing education: what counts, what is missing, by when.";
    work_page(response_html(response), &page);
}

/* ---- skills ---- */

static skill_row_t skill_row(arena_t *a, const app_skill_t *s)
{
    const app_tally_t *t = &s->tally;
    return (skill_row_t){
        .name = s->name,
        .instrument = s->instrument,
        .shifts = words(a, "%d", s->shifts),
        .assessed = words(a, "%d", s->assessed),
        .observed = words(a, "%d", t->observations),
        .right = t->observations == 0 ? "–"
                 : t->observations < app_competence_minimum()
                     ? "too few to say"
                     : words(a, "%s %%", words_fixed(a, 100.0 * t->right / t->observations, 0)),
        .last = s->last_ms ? words_day(a, s->last_ms) : "never",
        .href = s->evidence[0] ? words(a, "/shift/%s/debrief", s->evidence) : NULL,
    };
}

static void skills(web_t *web, const request_t *request, response_t *response)
{
    skills_page_t page = {.minimum = app_competence_minimum()};
    app_skills_t all;
    err_t err;
    arena_t *a = request->arena;
    frame_init(&page.frame, request, "Skills record");
    page.frame.main_class = "wide";
    if (!app_skills(web_app(web), a, &all, &err)) {
        response_failed(response, &err);
        return;
    }
    page.benches = arena_array(a, BENCH_COUNT, sizeof *page.benches);
    page.competences = arena_array(a, APP_COMPETENCES, sizeof *page.competences);
    if (!page.benches || !page.competences) {
        response_error(response, 503, "There is not enough memory for this page.");
        return;
    }
    for (int b = 0; b < BENCH_COUNT; b++) page.benches[page.bench_count++] = skill_row(a, &all.bench[b]);
    for (int c = 0; c < APP_COMPETENCES; c++)
        page.competences[page.competence_count++] = skill_row(a, &all.competence[c]);
    page.shifts = all.shifts;
    skills_page(response_html(response), &page);
}

/* ---- the résumé ---- */

static const struct {
    const char *title, *place;
} labels[RESUME_SECTIONS] = {{"Certificate or license", "Issued by"},
                             {"Degree or program", "School"},
                             {"Department", "Site"},
                             {"Position", "Employer"}};

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static const char *joined(arena_t *a, const char *left, const char *between, const char *right)
{
    return words(a, "%s%s%s", left, left[0] && right[0] ? between : "", right);
}

static resume_row_t row_of(arena_t *a, const char *key, const resume_entry_t *e)
{
    const char *from = or_empty(e->from), *to = or_empty(e->to);
    return (resume_row_t){key, or_empty(e->title),   or_empty(e->place),         from,
                          to,  or_empty(e->details), joined(a, from, " to ", to)};
}

static bool fill_choices(resume_part_t *part, arena_t *a, const resume_t *r, resume_section_t s)
{
    part->choices = arena_array(a, (size_t)r->given_count + 1, sizeof *part->choices);
    if (!part->choices) return false;
    for (int i = 0; i < r->given_count; i++) {
        const resume_given_t *g = &r->given[i];
        if (g->section != s) continue;
        resume_row_t row = row_of(a, "", &g->entry);
        part->choices[part->choice_count++] =
            (resume_choice_t){g->id, row.title, joined(a, row.place, " · ", row.when), !g->left_out};
    }
    return true;
}

static bool fill_form_part(resume_part_t *part, arena_t *a, const resume_t *r, resume_section_t s)
{
    part->count = r->entry_count[s] + 2 < RESUME_ENTRIES_MAX ? r->entry_count[s] + 2 : RESUME_ENTRIES_MAX;
    part->rows = arena_array(a, RESUME_ENTRIES_MAX, sizeof *part->rows);
    if (!part->rows) return false;
    for (int i = 0; i < part->count; i++)
        part->rows[i] = row_of(a, words(a, "%s-%d", part->word, i), &r->entries[s][i]);
    return fill_choices(part, a, r, s);
}

static bool fill_shown_part(resume_part_t *part, arena_t *a, const resume_t *r, resume_section_t s)
{
    const resume_entry_t *shown[RESUME_SHOWN_MAX];
    part->count = resume_shown(r, s, shown);
    part->rows = arena_array(a, RESUME_SHOWN_MAX, sizeof *part->rows);
    for (int i = 0; part->rows && i < part->count; i++) part->rows[i] = row_of(a, "", shown[i]);
    return part->rows != NULL;
}

static bool fill_part(resume_part_t *part, arena_t *a, const resume_t *r, resume_section_t s, bool form)
{
    part->word = resume_section_word(s), part->title = resume_section_title(s);
    part->title_label = labels[s].title, part->place_label = labels[s].place;
    part->show = r->show[s];
    return form ? fill_form_part(part, a, r, s) : fill_shown_part(part, a, r, s);
}

static bool fill(resume_page_t *page, arena_t *a, const resume_t *r, bool form)
{
    page->name = or_empty(r->name), page->label = or_empty(r->label), page->email = or_empty(r->email);
    page->phone = or_empty(r->phone), page->city = or_empty(r->city), page->region = or_empty(r->region);
    page->summary = or_empty(r->summary), page->hours = or_empty(r->education_hours);
    page->show_skills = r->show_skills, page->show_hours = r->show_education_hours;
    page->more = r->given_more;
    for (int s = 0; s < RESUME_SECTIONS; s++)
        if (!fill_part(&page->parts[s], a, r, (resume_section_t)s, form)) return false;
    page->skills = arena_array(a, RESUME_SKILLS_MAX, sizeof *page->skills);
    if (!page->skills) return false;
    page->skill_count = r->skill_count;
    for (int i = 0; i < r->skill_count; i++) {
        page->skills[i].name = r->skills[i].name;
        page->skills[i].level = r->skills[i].level;
        page->skills[i].evidence = r->skills[i].evidence;
    }
    return true;
}

static const char *typed(const request_t *request, const char *name)
{
    return or_empty(request_form(request, name));
}

/* Left out is what the form offered and was not ticked; what came to the record since is shown. */
static void typed_choices(const request_t *request, resume_t *r)
{
    for (size_t i = 0; i < RESUME_GIVEN_MAX; i++) {
        const char *offered = params_nth(&request->form, "offered", i), *chosen;
        if (!offered) return;
        bool shown = false;
        for (size_t k = 0; !shown && (chosen = params_nth(&request->form, "shown", k)) != NULL; k++)
            shown = strcmp(chosen, offered) == 0;
        if (!shown) r->left_out[r->left_out_count++] = offered;
    }
}

static resume_t typed_resume(const request_t *request)
{
    resume_t r = {.name = typed(request, "name"),
                  .label = typed(request, "label"),
                  .email = typed(request, "email"),
                  .phone = typed(request, "phone"),
                  .city = typed(request, "city"),
                  .region = typed(request, "region"),
                  .summary = typed(request, "summary"),
                  .show_skills = request_form(request, "show-skills") != NULL,
                  .show_education_hours = request_form(request, "show-hours") != NULL};
    char name[64];
    for (int s = 0; s < RESUME_SECTIONS; s++) {
        const char *word = resume_section_word((resume_section_t)s);
        snprintf(name, sizeof name, "show-%s", word);
        r.show[s] = request_form(request, name) != NULL;
        for (int i = 0; i < RESUME_ENTRIES_MAX; i++) {
            const char *fields[5];
            static const char *const parts[5] = {"title", "place", "from", "to", "details"};
            for (int f = 0; f < 5; f++) {
                snprintf(name, sizeof name, "%s-%d-%s", word, i, parts[f]);
                fields[f] = typed(request, name);
            }
            if (fields[0][0])
                r.entries[s][r.entry_count[s]++] =
                    (resume_entry_t){fields[0], fields[1], fields[2], fields[3], fields[4]};
        }
    }
    typed_choices(request, &r);
    return r;
}

static void form(web_t *web, const request_t *request, response_t *response, const resume_t *kept, const err_t *why)
{
    resume_page_t page = {0};
    resume_t r;
    err_t err;
    frame_init(&page.frame, request, "Résumé");
    page.frame.main_class = "wide";
    if (!app_resume(web_app(web), request->arena, &r, &err)) {
        response_failed(response, &err);
        return;
    }
    if (why) {
        resume_t shown = *kept;
        for (int i = 0; i < r.given_count; i++)
            resume_give(&shown, r.given[i].id, r.given[i].section, &r.given[i].entry);
        shown.given_more = r.given_more;
        memcpy(shown.skills, r.skills, sizeof r.skills);
        shown.skill_count = r.skill_count, shown.education_hours = r.education_hours;
        r = shown;
        page.frame.notice_kind = "crit";
        page.frame.notice = words(request->arena, "%s", why->text);
        response_status(response, 422);
    }
    if (fill(&page, request->arena, &r, true))
        resume_form_page(response_html(response), &page);
    else
        response_error(response, 503, "There is not enough memory for this page.");
}

static void get_form(web_t *web, const request_t *request, response_t *response)
{
    form(web, request, response, NULL, NULL);
}

static void post_form(web_t *web, const request_t *request, response_t *response)
{
    resume_t r = typed_resume(request);
    err_t err;
    if (app_resume_save(web_app(web), &r, typed(request, "request"), &err))
        response_redirect(response, "/resume/show");
    else if (err.code == ERR_INPUT || err.code == ERR_LIMIT)
        form(web, request, response, &r, &err);
    else
        response_failed(response, &err);
}

static void show(web_t *web, const request_t *request, response_t *response)
{
    resume_page_t page = {0};
    resume_t r;
    err_t err;
    frame_init(&page.frame, request, "Résumé, to print");
    page.frame.main_class = "read";
    if (!app_resume(web_app(web), request->arena, &r, &err))
        response_failed(response, &err);
    else if (fill(&page, request->arena, &r, false))
        resume_show_page(response_html(response), &page);
    else
        response_error(response, 503, "There is not enough memory for this page.");
}

static void json(web_t *web, const request_t *request, response_t *response)
{
    resume_t r;
    err_t err;
    if (!app_resume(web_app(web), request->arena, &r, &err)) {
        response_failed(response, &err);
        return;
    }
    resume_export(&r, response_json(response));
    response_download(response, "resume.json");
}

/* ---- paper ---- */

static const char *entry_lines(arena_t *a, const resume_entry_t *e)
{
    const char *when = joined(a, or_empty(e->from), " to ", or_empty(e->to));
    const char *head = joined(a, joined(a, or_empty(e->title), ", ", or_empty(e->place)), " · ", when);
    return joined(a, head, "\n", or_empty(e->details));
}

static int paper_blocks(paper_block_t *blocks, arena_t *a, const resume_t *r)
{
    int n = 0;
    if (or_empty(r->summary)[0]) blocks[n++] = (paper_block_t){.kind = PAPER_TEXT, .text = r->summary};
    for (int s = 0; s < RESUME_SECTIONS; s++) {
        const resume_entry_t *shown[RESUME_SHOWN_MAX];
        int count = resume_shown(r, (resume_section_t)s, shown);
        if (count == 0) continue;
        blocks[n++] = (paper_block_t){.kind = PAPER_HEADING, .text = resume_section_title((resume_section_t)s)};
        for (int i = 0; i < count; i++)
            blocks[n++] = (paper_block_t){.kind = PAPER_TEXT, .text = entry_lines(a, shown[i])};
    }
    if (r->show_skills && r->skill_count > 0) {
        const char *all = "Simulation is practice, not clinical experience.";
        blocks[n++] = (paper_block_t){.kind = PAPER_HEADING, .text = "Simulated laboratory work"};
        for (int i = 0; i < r->skill_count; i++)
            all = words(a, "%s\n%s: %s; %s.", all, r->skills[i].name, r->skills[i].level, r->skills[i].evidence);
        blocks[n++] = (paper_block_t){.kind = PAPER_TEXT, .text = all};
    }
    if (r->show_education_hours && or_empty(r->education_hours)[0]) {
        blocks[n++] = (paper_block_t){.kind = PAPER_HEADING, .text = "Continuing education"};
        blocks[n++] = (paper_block_t){.kind = PAPER_TEXT, .text = r->education_hours};
    }
    return n;
}

static void paper(web_t *web, const request_t *request, response_t *response)
{
    resume_t r;
    err_t err;
    arena_t *a = request->arena;
    const char *size = request_query(request, "size");
    if (!app_resume(web_app(web), a, &r, &err)) {
        response_failed(response, &err);
        return;
    }
    paper_block_t blocks[PAPER_BLOCKS] = {0};
    const char *place = joined(a, or_empty(r.city), ", ", or_empty(r.region));
    const char *reach = joined(a, joined(a, place, " · ", or_empty(r.phone)), " · ", or_empty(r.email));
    paper_t sheet = {.size = size && strcmp(size, "a4") == 0 ? PAPER_A4 : PAPER_LETTER,
                     .title = or_empty(r.name)[0] ? joined(a, r.name, ", ", or_empty(r.label)) : "Résumé",
                     .subtitle = reach,
                     .date = words_day(a, request->now_ms),
                     .blocks = blocks,
                     .block_count = paper_blocks(blocks, a, &r)};
    if (!draw_paper(response_body(response, "application/pdf"), &sheet, NULL, &err))
        response_failed(response, &err);
    else
        response_download(response, "resume.pdf");
}

static const web_route_t routes[] = {
    {"GET", "/work", work},         {"GET", "/skills", skills},    {"GET", "/resume", get_form},
    {"POST", "/resume", post_form}, {"GET", "/resume/show", show}, {"GET", "/resume.json", json},
    {"GET", "/resume.pdf", paper},
};

const web_route_t *work_resume_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
