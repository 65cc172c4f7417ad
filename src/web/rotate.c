/* Rotation: overview with hours against what is asked, the day's log, entries, the record on paper. */
#include "rotate.h"

#include "calendar_answer.h"
#include "draw/paper.h"
#include "page_words.h"
#include "road/when.h"
#include "web/asset.h"

#include "rotate_log.html.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "asset_names.h"

/* ---- choices ---- */

static option_t *department_options(arena_t *arena, const rotation_t *r, const char *chosen, int *count)
{
    option_t *options = arena_array(arena, DEPARTMENTS_MAX, sizeof *options);
    *count = 0;
    for (int i = 0; options != NULL && i < r->rules->department_count; i++)
        options[(*count)++] = (option_t){r->rules->departments[i].id, r->rules->departments[i].title,
                                         strcmp(r->rules->departments[i].id, chosen) == 0};
    return options;
}

/* Sites of the list, then those of the latest entries. */
static option_t *site_options(arena_t *arena, const rotation_t *r, int *count)
{
    enum { MOST = 40 };
    option_t *options = arena_array(arena, MOST, sizeof *options);
    *count = 0;
    for (int i = 0; options != NULL && i < r->site_count && *count < MOST; i++)
        options[(*count)++].text = words(arena, "%s", r->sites[i].name);
    for (int i = r->entry_count - 1; options != NULL && i >= 0 && i > r->entry_count - 30 && *count < MOST; i--) {
        bool known = false;
        for (int k = 0; k < *count; k++) known = known || strcmp(options[k].text, r->entries[i].item.site) == 0;
        if (!known) options[(*count)++].text = words(arena, "%s", r->entries[i].item.site);
    }
    return options;
}

/* ---- the log's form ---- */

static void fill_counts(log_page_t *page, const rotation_t *r, const request_t *request, const rotation_entry_t *from,
                        const char *department)
{
    arena_t *a = request->arena;
    for (int d = 0; d < r->rules->department_count; d++) {
        count_field_t *fields = arena_array(a, PROCEDURES_MAX, sizeof *fields);
        count_group_t *group = &page->groups[page->group_count];
        *group = (count_group_t){r->rules->departments[d].title, strcmp(r->rules->departments[d].id, department) == 0,
                                 fields, 0};
        for (int i = 0; fields != NULL && i < r->rules->procedure_count; i++) {
            const procedure_t *p = &r->rules->procedures[i];
            if (strcmp(p->department, r->rules->departments[d].id) != 0) continue;
            const char *value = rotate_field(request, words(a, "n-%s", p->id));
            for (int k = 0; from != NULL && k < from->work_count; k++)
                if (strcmp(from->work[k].id, p->id) == 0) value = words(a, "%d", from->work[k].count);
            group->open = group->open || value[0] != '\0';
            fields[group->count++] = (count_field_t){p->id, p->title, value};
        }
        page->group_count += group->count > 0;
    }
}

/* `from`: the entry that is corrected; NULL: a new day, with site, department and times of the last one. After a
 * refusal what was typed stands there again. */
static void fill_log(log_page_t *page, const rotation_t *r, const request_t *request, const rotation_entry_t *from)
{
    arena_t *a = request->arena;
    bool typed = strcmp(request->method, "POST") == 0;
    const rotation_entry_t *like = from != NULL ? from : r->entry_count > 0 ? &r->entries[r->entry_count - 1] : NULL;
    page->day = from != NULL ? rotate_day_words(a, from->day) : words_day(a, request->now_ms);
    page->in = like != NULL ? rotate_time_words(a, like->in_min) : "";
    page->out = like != NULL ? rotate_time_words(a, like->out_min) : "";
    page->breaks = like != NULL ? words(a, "%d", like->breaks_min) : "30";
    page->site = like != NULL ? words(a, "%s", like->item.site) : "";
    page->reflection = from != NULL ? words(a, "%s", from->reflection) : "";
    page->reason = "";
    const char *department = like != NULL ? words(a, "%s", like->item.department) : "";
    if (typed) {
        page->day = rotate_field(request, "day");
        page->in = rotate_field(request, "in");
        page->out = rotate_field(request, "out");
        page->breaks = rotate_field(request, "breaks");
        page->site = rotate_field(request, "site");
        page->reflection = rotate_field(request, "reflection");
        page->reason = rotate_field(request, "reason");
        page->request = rotate_field(request, "request");
        department = rotate_field(request, "department");
    }
    page->departments = department_options(a, r, department, &page->department_count);
    page->sites = site_options(a, r, &page->site_count);
    fill_counts(page, r, request, typed ? NULL : from, department);
}

/* What was typed; false names what cannot be read. */
static bool read_log(app_entry_t *e, const rotation_rules_t *rules, const request_t *request, err_t *err)
{
    rotation_count_t *work = arena_array(request->arena, ROTATION_WORK_MAX + 1, sizeof *work);
    if (work == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this form.");
    *e = (app_entry_t){.id = rotate_field(request, "request"),
                       .site = rotate_field(request, "site"),
                       .department = rotate_field(request, "department"),
                       .reflection = rotate_field(request, "reflection"),
                       .breaks_min = rotate_number(rotate_field(request, "breaks"), 0),
                       .no_patient = rotate_ticked(request, "no_patient"),
                       .work = work};
    if (!rotate_day(rotate_field(request, "day"), &e->day))
        return err_set(err, ERR_INPUT, "Write the day as 2026-11-27.");
    if (!rotate_time(rotate_field(request, "in"), &e->in_min) ||
        !rotate_time(rotate_field(request, "out"), &e->out_min))
        return err_set(err, ERR_INPUT, "Write the times of in and out as 07:00.");
    for (int i = 0; i < rules->procedure_count && e->work_count <= ROTATION_WORK_MAX; i++) {
        const procedure_t *p = &rules->procedures[i];
        int n = rotate_number(rotate_field(request, words(request->arena, "n-%s", p->id)), 0);
        if (n < 0 || n > ROTATION_COUNT_MAX)
            return err_set(err, ERR_INPUT, "“%s” is counted in whole numbers up to %d.", p->title, ROTATION_COUNT_MAX);
        if (n > 0) work[e->work_count++] = (rotation_count_t){p->id, n};
    }
    return true;
}

static void log_page(web_t *web, const request_t *request, response_t *response, const char *what, const err_t *refusal)
{
    const rotation_t *r;
    err_t err;
    log_page_t page = {.what = what, .action = "/rotate/log"};
    const rotation_entry_t *from = NULL;
    rotate_frame(&page.r, request, what != NULL ? "Correct an entry" : "Log a day", "/rotate/log");
    if (!app_rotation(web_app(web), &r, &err)) {
        response_failed(response, &err);
        return;
    }
    for (int i = 0; what != NULL && i < r->entry_count; i++)
        if (strcmp(r->entries[i].item.id, what) == 0) from = &r->entries[i];
    bool missing = what != NULL && from == NULL;
    if (!missing) fill_log(&page, r, request, from);
    app_rotation_leave(web_app(web));
    if (missing) {
        response_error(response, 404, "There is no such entry. The list of entries shows what there is.");
        return;
    }
    if (what != NULL) page.action = words(request->arena, "/rotate/item/%s/correct", what);
    if (refusal != NULL) {
        rotate_refused(&page.r, response, refusal);
        page.ask_patient = refusal->code == ERR_STATE;
    }
    rotate_log_page(response_html(response), &page);
}

static void get_log(web_t *web, const request_t *request, response_t *response)
{
    log_page(web, request, response, NULL, NULL);
}

static void get_correct(web_t *web, const request_t *request, response_t *response)
{
    log_page(web, request, response, request_route(request, "id"), NULL);
}

/* The rules live as long as the program: they may be used after the state is left. */
static const rotation_rules_t *rules_of(app_t *app, err_t *err)
{
    const rotation_t *r;
    if (!app_rotation(app, &r, err)) return NULL;
    const rotation_rules_t *rules = r->rules;
    app_rotation_leave(app);
    return rules;
}

static void post_log(web_t *web, const request_t *request, response_t *response)
{
    app_entry_t entry;
    err_t err;
    const rotation_rules_t *rules = rules_of(web_app(web), &err);
    if (rules == NULL)
        response_failed(response, &err);
    else if (!read_log(&entry, rules, request, &err) || !app_rotation_enter(web_app(web), &entry, &err))
        log_page(web, request, response, NULL, &err);
    else
        response_redirect(response, "/rotate/item/%s", entry.id);
}

static void post_correct(web_t *web, const request_t *request, response_t *response)
{
    app_entry_t entry;
    err_t err;
    const char *what = request_route(request, "id");
    const rotation_rules_t *rules = rules_of(web_app(web), &err);
    if (rules == NULL)
        response_failed(response, &err);
    else if (!read_log(&entry, rules, request, &err) ||
             !app_rotation_correct(web_app(web), what, &entry, rotate_field(request, "reason"), &err))
        log_page(web, request, response, what, &err);
    else
        response_redirect(response, "/rotate/item/%s", what);
}

/* ---- entries ---- */

static const char *work_words(arena_t *arena, const rotation_t *r, const rotation_entry_t *e)
{
    const char *line = "";
    for (int i = 0; i < e->work_count; i++) {
        int p = rotation_procedure(r->rules, e->work[i].id);
        line = words(arena, "%s%s%s %d", line, i > 0 ? "; " : "",
                     p >= 0 ? r->rules->procedures[p].title : e->work[i].id, e->work[i].count);
    }
    return line;
}

static entry_row_t entry_row(arena_t *a, const rotation_t *r, const rotation_entry_t *e)
{
    const rotation_signature_t *s = rotation_signed(r, &e->item);
    return (entry_row_t){
        .id = words(a, "%s", e->item.id),
        .href = words(a, "/rotate/item/%s", e->item.id),
        .day = rotate_day_words(a, e->day),
        .site = words(a, "%s", e->item.site),
        .department = rotate_department_title(r, e->item.department),
        .in = rotate_time_words(a, e->in_min),
        .out = rotate_time_words(a, e->out_min),
        .breaks = words(a, "%d", e->breaks_min),
        .hours = rotate_hours_words(a, e->minutes),
        .hours_number = e->minutes,
        .work = work_words(a, r, e),
        .state = s == NULL  ? "waiting"
                 : s->sound ? "signed"
                            : "changed after signing",
        .state_kind = s == NULL  ? "warn"
                      : s->sound ? "ok"
                                 : "crit",
        .by = s != NULL ? words(a, "%s, %s", s->name, s->role) : "",
        .marks = words(a, "%s%s%s", e->late ? "late " : "", e->item.versions > 1 ? "corrected " : "",
                       e->hands_on ? "" : "nothing by hand"),
        .waits = s == NULL,
    };
}

static const column_t entry_columns[] = {
    COLUMN(entry_row_t, "day", "Day", day),
    COLUMN(entry_row_t, "department", "Department", department),
    COLUMN_BY(entry_row_t, "hours", "Hours", hours, hours_number),
    COLUMN(entry_row_t, "state", "Signature", state),
    COLUMN_LEAST(entry_row_t, "site", "Site", site),
    COLUMN_LEAST(entry_row_t, "work", "Done", work),
    COLUMN_LEAST(entry_row_t, "marks", "Marks", marks),
};
/* The file has more than the page shows. */
static const column_t entry_file_columns[] = {
    COLUMN(entry_row_t, "day", "day", day),
    COLUMN(entry_row_t, "site", "site", site),
    COLUMN(entry_row_t, "department", "department", department),
    COLUMN(entry_row_t, "in", "in", in),
    COLUMN(entry_row_t, "out", "out", out),
    COLUMN(entry_row_t, "breaks", "breaks_min", breaks),
    COLUMN_BY(entry_row_t, "hours", "hours", hours, hours_number),
    COLUMN(entry_row_t, "work", "done", work),
    COLUMN(entry_row_t, "state", "signature", state),
    COLUMN(entry_row_t, "by", "signed_by", by),
    COLUMN(entry_row_t, "marks", "marks", marks),
    COLUMN(entry_row_t, "id", "id", id),
};

static void get_entries(web_t *web, const request_t *request, response_t *response)
{
    const rotation_t *r;
    err_t err;
    entries_page_t page = {0};
    rotate_frame(&page.r, request, "Entries", "/rotate/entries");
    if (!app_rotation(web_app(web), &r, &err)) {
        response_failed(response, &err);
        return;
    }
    int all = r->entry_count;
    page.rows = arena_array(request->arena, (size_t)all + 1, sizeof *page.rows);
    for (int i = 0; page.rows != NULL && i < all; i++)
        page.rows[page.count++] = entry_row(request->arena, r, &r->entries[all - 1 - i]); /* newest first */
    app_rotation_leave(web_app(web));
    const char *format = request_query(request, "format");
    bool file = format != NULL && strcmp(format, "csv") == 0;
    if (file)
        table_init(&page.table, request, entry_file_columns, 12, NULL);
    else
        table_init(&page.table, request, entry_columns, 7, NULL);
    page.count = table_arrange(&page.table, request, page.rows, page.count, sizeof *page.rows);
    if (!table_csv(&page.table, request, response, page.rows, sizeof *page.rows, "rotation-entries.csv"))
        rotate_entries_page(response_html(response), &page);
}

/* ---- overview ---- */

static hours_row_t hours_row(arena_t *a, const char *id, const char *title, const rotation_hours_t *h)
{
    hours_row_t row = {.id = id,
                       .title = title,
                       .is_signed = rotate_hours_words(a, h->signed_min),
                       .waiting = rotate_hours_words(a, h->waiting_min),
                       .required = isnan(h->required) ? "–" : words_fixed(a, h->required, 0),
                       .missing = "",
                       .has_required = !isnan(h->required)};
    if (!row.has_required) return row;
    double asked = h->required * 60, left = asked - h->signed_min;
    row.share_signed = h->signed_min < asked ? 100 * h->signed_min / asked : 100;
    row.share_waiting = 100 * h->waiting_min / asked;
    if (row.share_waiting > 100 - row.share_signed) row.share_waiting = 100 - row.share_signed;
    row.done = left <= 0;
    if (!row.done) row.missing = words(a, "%s h", rotate_hours_words(a, (int)(left + 0.5)));
    return row;
}

static const char *key_title(arena_t *a, const rotation_t *r, const char *key)
{
    const char *title = "";
    for (int d = 0; d < r->rules->department_count; d++)
        if (rotation_key_has(key, r->rules->departments[d].id))
            title = words(a, "%s%s%s", title, title[0] != '\0' ? ", " : "", r->rules->departments[d].title);
    return title;
}

/* Departments that are asked together stand in one row, where the first of them would. */
static const char *key_of(const rotation_t *r, const char *department)
{
    int d = rotation_department(r->rules, department);
    if (d >= 0 && !isnan(r->own_hours[d])) return department;
    for (int i = 0; i < r->rules->requirement_count; i++) {
        const requirement_t *q = &r->rules->requirements[i];
        if (!q->is_count && strcmp(q->id, r->requirement) == 0 && strcmp(q->key, "total") != 0 &&
            rotation_key_has(q->key, department))
            return q->key;
    }
    return department;
}

static void fill_hours(overview_page_t *page, arena_t *a, const rotation_t *r)
{
    rotation_hours_t h;
    for (int d = 0; d < r->rules->department_count; d++) {
        const char *key = key_of(r, r->rules->departments[d].id);
        bool seen = false;
        for (int k = 0; k < page->hour_count; k++) seen = seen || strcmp(page->hours[k].id, key) == 0;
        if (seen) continue;
        rotation_hours(r, key, &h);
        if (h.days > 0 || !isnan(h.required))
            page->hours[page->hour_count++] = hours_row(a, key, key_title(a, r, key), &h);
    }
    rotation_hours(r, "total", &h);
    page->hours[page->hour_count++] = hours_row(a, "total", "All together", &h);
    page->days = h.days;
    page->days_without_hands = h.days_without_hands;
    page->done = arena_array(a, PROCEDURES_MAX, sizeof *page->done);
    for (int i = 0; page->done != NULL && i < r->rules->procedure_count; i++) {
        const procedure_t *p = &r->rules->procedures[i];
        done_row_t row = {.title = p->title, .asked = ""};
        int is_signed, waiting;
        rotation_done(r, p->id, &is_signed, &waiting);
        for (int k = 0; k < r->rules->requirement_count; k++) {
            const requirement_t *q = &r->rules->requirements[k];
            if (q->is_count && strcmp(q->id, r->requirement) == 0 && strcmp(q->key, p->id) == 0)
                row.asked = words_fixed(a, q->amount, 0);
        }
        if (is_signed + waiting == 0 && row.asked[0] == '\0') continue;
        row.is_signed = words(a, "%d", is_signed);
        row.waiting = words(a, "%d", waiting);
        page->done[page->done_count++] = row;
    }
}

static void add_mail(text_t *out, const char *text)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    for (; *text != '\0'; text++) {
        if (strchr(plain, *text) != NULL)
            text_add_char(out, *text);
        else
            text_addf(out, "%%%02X", (unsigned)(unsigned char)*text);
    }
}

static const char *mail(arena_t *arena, const char *title)
{
    text_t out;
    text_init(&out, 4000);
    text_add(&out, "mailto:?subject=");
    add_mail(&out, "Please sign: rotation record");
    text_add(&out, "&body=");
    add_mail(&out, words(arena,
                         "This record waits for your signature:\r\n%s\r\n\r\nYou can sign with your PIN at the shared "
                         "computer or on the paper sheet.\r\n",
                         title));
    const char *href = out.data != NULL ? words(arena, "%s", out.data) : "mailto:";
    text_free(&out);
    return href;
}

static void add_waiting(overview_page_t *page, arena_t *a, const rotation_t *r, const rotation_item_t *item)
{
    if (item->signature >= 0) return;
    const char *title = rotate_title(a, r, item);
    page->waiting[page->waiting_count++] = (waiting_row_t){
        title, words(a, "/rotate/item/%s", item->id), words(a, "since %s", words_day(a, item->at_ms)), mail(a, title)};
}

static bool fill_waiting(overview_page_t *page, arena_t *a, const rotation_t *r, err_t *err)
{
    enum { MOST = 200 }; /* the oldest of them; the lists show all */
    page->waiting = arena_array(a, MOST, sizeof *page->waiting);
    if (page->waiting == NULL) return err_set(err, ERR_MEMORY, "There is not enough memory for this page.");
    for (int i = 0; i < r->entry_count && page->waiting_count < MOST; i++) add_waiting(page, a, r, &r->entries[i].item);
    for (int i = 0; i < r->skill_count && page->waiting_count < MOST; i++) add_waiting(page, a, r, &r->skills[i].item);
    for (int i = 0; i < r->evaluation_count && page->waiting_count < MOST; i++)
        add_waiting(page, a, r, &r->evaluations[i].item);
    return true;
}

static void fill_aim(overview_page_t *page, arena_t *a, const rotation_t *r)
{
    page->name = words(a, "%s", r->name);
    page->program_title = rotation_program_title(r->program);
    page->programs = arena_array(a, PROGRAMS, sizeof *page->programs);
    for (int i = 0; page->programs != NULL && i < PROGRAMS; i++)
        page->programs[page->program_count++] =
            (option_t){rotation_programs[i], rotation_program_title(rotation_programs[i]),
                       strcmp(rotation_programs[i], r->program) == 0};
    page->requirements = arena_array(a, REQUIREMENTS_MAX, sizeof *page->requirements);
    for (int i = 0; page->requirements != NULL && i < r->rules->requirement_count; i++) {
        const requirement_t *q = &r->rules->requirements[i];
        if (q->title[0] == '\0') continue;
        bool chosen = strcmp(q->id, r->requirement) == 0;
        page->requirements[page->requirement_count++] = (option_t){q->id, q->title, chosen};
        if (!chosen) continue;
        page->requirement_title = q->title;
        page->requirement_source = words(a, "%s, read %s (%s)", q->source, q->as_of, q->confidence);
    }
    page->departments = department_options(a, r, "", &page->department_count);
}

static bool fill_overview(overview_page_t *page, arena_t *a, const rotation_t *r, err_t *err)
{
    fill_hours(page, a, r);
    fill_aim(page, a, r);
    for (int i = 0; i < r->rules->competency_count; i++) {
        skill_view_t view;
        if (strcmp(r->rules->competencies[i].program, r->program) != 0) continue;
        rotation_competency(r, r->rules->competencies[i].id, &view);
        page->competencies++;
        page->complete += view.state == SKILL_COMPLETE;
        page->remediation += view.state == SKILL_REMEDIATION;
    }
    page->unsound = r->unsound;
    page->unread = r->unread;
    page->entry_count = r->entry_count;
    page->head = rotate_receipt(a, r->head);
    return fill_waiting(page, a, r, err);
}

static bool read_overview(overview_page_t *page, web_t *web, const request_t *request, err_t *err)
{
    const rotation_t *r;
    rotate_frame(&page->r, request, "Rotation", "/rotate");
    if (!app_rotation(web_app(web), &r, err)) return false;
    bool ok = fill_overview(page, request->arena, r, err);
    app_rotation_leave(web_app(web));
    return ok;
}

static void overview(web_t *web, const request_t *request, response_t *response, const err_t *refusal)
{
    overview_page_t page = {0};
    err_t err;
    if (!read_overview(&page, web, request, &err)) {
        response_failed(response, &err);
        return;
    }
    if (refusal != NULL) rotate_refused(&page.r, response, refusal);
    rotate_overview_page(response_html(response), &page);
}

static void get_overview(web_t *web, const request_t *request, response_t *response)
{
    overview(web, request, response, NULL);
}

static void post_program(web_t *web, const request_t *request, response_t *response)
{
    err_t err;
    if (app_rotation_program(web_app(web), rotate_field(request, "program"), rotate_field(request, "requirement"),
                             rotate_field(request, "name"), &err))
        response_redirect(response, "/rotate");
    else
        overview(web, request, response, &err);
}

static void post_require(web_t *web, const request_t *request, response_t *response)
{
    err_t err = {0};
    double hours;
    const char *typed = rotate_field(request, "hours");
    bool ok =
        text_to_double(typed, strlen(typed), &hours) || err_set(&err, ERR_INPUT, "Hours are a number, as in 160.");
    if (ok && app_rotation_require(web_app(web), rotate_field(request, "department"), hours, &err))
        response_redirect(response, "/rotate");
    else
        overview(web, request, response, &err);
}

/* One day in the calendar, tomorrow, with everything that waits. */
static void get_reminder(web_t *web, const request_t *request, response_t *response)
{
    enum { DETAILS_MAX = 12000, MOST = 40 };
    overview_page_t page = {0};
    text_t details;
    err_t err;
    if (!read_overview(&page, web, request, &err)) {
        response_failed(response, &err);
        return;
    }
    when_t tomorrow; /* where this machine is */
    if (!when_read(words_day(request->arena, request->now_ms + 86400000), &tomorrow, &err)) {
        response_failed(response, &err);
        return;
    }
    text_init(&details, DETAILS_MAX);
    for (int i = 0; i < page.waiting_count && i < MOST; i++) text_addf(&details, "%s\n", page.waiting[i].title);
    text_t *out = calendar_body(response);
    calendar_begin(out, "Waiting for a signature");
    if (page.waiting_count > 0)
        calendar_event(
            out,
            &(calendar_event_t){.uid = words(request->arena, "rotation-waiting-%d@titer", (int)tomorrow.first),
                                .summary = words(request->arena, "%d waiting for a signature", page.waiting_count),
                                .details = details.data,
                                .day = tomorrow.first},
            request->now_ms);
    calendar_end(out);
    text_free(&details);
    calendar_answer(response, "rotation-reminder.ics",
                    "Nothing waits for a signature: there is nothing to be reminded of.");
}

/* ---- the record on paper ---- */

static paper_block_t hours_block(arena_t *a, const overview_page_t *page)
{
    enum { COLUMNS = 5 };
    const char **c = arena_array(a, (size_t)page->hour_count * COLUMNS, sizeof *c);
    for (int i = 0; c != NULL && i < page->hour_count; i++) {
        const hours_row_t *h = &page->hours[i];
        const char *cells[COLUMNS] = {h->title, h->is_signed, h->waiting, h->required, h->done ? "done" : h->missing};
        memcpy(&c[COLUMNS * i], cells, sizeof cells);
    }
    return (paper_block_t){.kind = PAPER_TABLE,
                           .table = {.columns = COLUMNS,
                                     .rows = c != NULL ? page->hour_count : 0,
                                     .names = {"Department", "Signed, h", "Waiting, h", "Asked, h", "Missing"},
                                     .cells = c,
                                     .right = {false, true, true, true}}};
}

static paper_block_t skills_block(arena_t *a, const rotation_t *r)
{
    enum { COLUMNS = 5 };
    const char **c = arena_array(a, (size_t)COMPETENCIES_MAX * COLUMNS, sizeof *c);
    int rows = 0;
    for (int i = 0; c != NULL && i < r->rules->competency_count && rows < PAPER_MAX_ROWS; i++) {
        const competency_t *k = &r->rules->competencies[i];
        skill_view_t v;
        if (strcmp(k->program, r->program) != 0) continue;
        rotation_competency(r, k->id, &v);
        const char *cells[COLUMNS] = {k->text, v.by != NULL ? rating_words(v.by->rating) : "–",
                                      v.by != NULL ? rating_words(v.self_then) : "–",
                                      v.by != NULL ? words(a, "%s, %s", v.by->name, words_day(a, v.by->at_ms)) : "",
                                      v.by != NULL ? rotate_receipt(a, v.by->link) : ""};
        memcpy(&c[COLUMNS * rows++], cells, sizeof cells);
    }
    return (paper_block_t){.kind = PAPER_TABLE,
                           .table = {.columns = COLUMNS,
                                     .rows = rows,
                                     .names = {"Competency", "Preceptor", "Own rating", "Signed by", "Receipt"},
                                     .cells = c,
                                     .share = {0.40, 0.16, 0.14, 0.18, 0.12}}};
}

static paper_block_t entries_block(arena_t *a, const rotation_t *r)
{
    enum { COLUMNS = 5 };
    int rows = r->entry_count < PAPER_MAX_ROWS ? r->entry_count : PAPER_MAX_ROWS;
    const char **c = arena_array(a, (size_t)rows * COLUMNS + 1, sizeof *c);
    for (int i = 0; c != NULL && i < rows; i++) {
        const rotation_entry_t *e = &r->entries[r->entry_count - rows + i];
        const rotation_signature_t *s = rotation_signed(r, &e->item);
        const char *cells[COLUMNS] = {words(a, "%s%s", rotate_day_words(a, e->day), e->late ? " (late)" : ""),
                                      rotate_department_title(r, e->item.department), rotate_hours_words(a, e->minutes),
                                      s == NULL   ? "waiting"
                                      : !s->sound ? "changed after signing"
                                                  : words(a, "%s, %s", s->name, s->role),
                                      s != NULL ? rotate_receipt(a, s->link) : ""};
        memcpy(&c[COLUMNS * i], cells, sizeof cells);
    }
    return (paper_block_t){.kind = PAPER_TABLE,
                           .table = {.columns = COLUMNS,
                                     .rows = c != NULL ? rows : 0,
                                     .names = {"Day", "Department", "Hours", "Signed by", "Receipt"},
                                     .cells = c,
                                     .right = {false, false, true}}};
}

static void get_record(web_t *web, const request_t *request, response_t *response)
{
    const rotation_t *r;
    overview_page_t page = {0};
    arena_t *a = request->arena;
    err_t err;
    if (!read_overview(&page, web, request, &err) || !app_rotation(web_app(web), &r, &err)) {
        response_failed(response, &err);
        return;
    }
    paper_block_t blocks[] = {
        {.kind = PAPER_TEXT,
         .text =
             words(a,
                   "%s. Days logged: %d, without anything done by hand: %d. Competencies complete: %d of %d; needing "
                   "remediation: %d. Records that do not match what was signed: %d. End of the chain of signatures: "
                   "%s.",
                   page.program_title, page.days, page.days_without_hands, page.complete, page.competencies,
                   page.remediation, page.unsound, page.head)},
        {.kind = PAPER_HEADING, .text = "Hours by department"},
        hours_block(a, &page),
        {.kind = PAPER_HEADING, .text = "Competencies"},
        skills_block(a, r),
        {.kind = PAPER_HEADING,
         .text = r->entry_count > PAPER_MAX_ROWS
                     ? words(a, "The newest %d of %d entries (all: CSV)", PAPER_MAX_ROWS, r->entry_count)
                     : "Entries"},
        entries_block(a, r),
        {.kind = PAPER_TEXT,
         .text = "Signatures are what preceptors entered at the computer of the record; Titer in "
                 "local mode does not verify who they were."}};
    app_rotation_leave(web_app(web));
    const char *size = request_query(request, "size");
    paper_t sheet = {.size = size != NULL && strcmp(size, "a4") == 0 ? PAPER_A4 : PAPER_LETTER,
                     .title = "Record of clinical rotation",
                     .subtitle = page.name,
                     .date = words_day(a, request->now_ms),
                     .note = "For training records only.",
                     .blocks = blocks,
                     .block_count = sizeof blocks / sizeof *blocks};
    if (!draw_paper(response_body(response, "application/pdf"), &sheet, NULL, &err))
        response_failed(response, &err);
    else
        response_download(response, "rotation-record.pdf");
}

/* ---- the service worker ---- */

/* Served from /rotate/, so that it may speak for that part of the site alone. */
static void get_worker(web_t *web, const request_t *request, response_t *response)
{
    (void)web;
    (void)request;
    const asset_t *asset = asset_find(ASSET_rotate_worker_js);
    text_add_n(response_body(response, "text/javascript; charset=utf-8"), (const char *)asset->plain,
               asset->plain_length);
}

static const web_route_t routes[] = {
    {"GET", "/rotate", get_overview},
    {"POST", "/rotate/program", post_program},
    {"POST", "/rotate/require", post_require},
    {"GET", "/rotate/log", get_log},
    {"POST", "/rotate/log", post_log},
    {"GET", "/rotate/item/:id/correct", get_correct},
    {"POST", "/rotate/item/:id/correct", post_correct},
    {"GET", "/rotate/entries", get_entries},
    {"GET", "/rotate/reminder.ics", get_reminder},
    {"GET", "/rotate/record.pdf", get_record},
    {"GET", "/rotate/worker.js", get_worker},
};

const web_route_t *rotate_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
