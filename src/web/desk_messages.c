/* Messages of a running shift: what the laboratory has told so far, in words; the page that lists them, and how many
 * are new. What has been read is kept in this browser (cookie "read"): it changes no shift. */
#include "desk_messages.h"

#include "desk_messages.html.h"
#include "lab/bench.h"
#include "lab/care.h"

#include <string.h>

enum { MESSAGES_MAX = 2000, READ_MAX = 100000 };

static const char *alarm_words(const notice_t *n)
{
    static const char *const care[] = {"An analyzer gives an alarm",
                                       "The LIS has stopped answering, or is back",
                                       "An analyzer has gone over to a bottle of a new lot",
                                       "Work on an analyzer is finished: see its alarm",
                                       "Service calls back",
                                       "The comparison of the lots is in",
                                       "A check of an analyzer is finished",
                                       "A result on paper is back"};
    int at = n->code - CARE_NOTICE_ALARM;
    bool known = at >= 0 && at < (int)(sizeof care / sizeof *care);
    return known ? care[at] : "Tests were closed: controls not reviewed in time";
}

const char *desk_notice_words(const notice_t *n)
{
    switch (n->kind) {
    case NOTICE_RING:
        return "The telephone rings";
    case NOTICE_CALL_LOST:
        return "A caller gave up";
    case NOTICE_QC:
        return "Controls are in";
    case NOTICE_HELD:
        return "Results wait for review";
    case NOTICE_LATE:
        return "A specimen is late";
    case NOTICE_DONE:
        return "The analyzer is ready again";
    case NOTICE_AVERAGE:
        return "A patient moving average is out of its limits";
    case NOTICE_STUDY:
        return "A study or a film is ready";
    case NOTICE_ORDER:
        return "One more test is ordered";
    case NOTICE_UNREAD:
        return "A barcode was not read";
    case NOTICE_SPUN:
        return n->code == 1 ? "A centrifuge has stopped: out of balance" : NULL;
    case NOTICE_ALARM:
        return alarm_words(n);
    default:
        return NULL; /* arrivals are told with their specimen; what goes well by itself is not told */
    }
}

/* Where one looks after a message: a page of the shift, or its beginning. */
static const char *page_of(notice_kind_t kind, const specimen_view_t *specimen)
{
    switch (kind) {
    case NOTICE_QC:
    case NOTICE_AVERAGE:
        return "qc";
    case NOTICE_RING:
    case NOTICE_CALL_LOST:
        return "phone";
    case NOTICE_ALARM:
        return "care/alarms";
    case NOTICE_ARRIVED:
        return specimen && specimen->state == SPECIMEN_TRAY ? "reception" : "specimen";
    case NOTICE_HELD:
        return specimen && specimen->held > 0 ? "verification" : "specimen";
    case NOTICE_LATE:
    case NOTICE_STUDY:
        return "specimen";
    default:
        return specimen ? "specimen" : "chemistry";
    }
}

static bool message_of(const desk_t *d, const notice_t *n, message_t *m)
{
    specimen_view_t s;
    arena_t *a = d->arena;
    bool about = n->specimen >= 0 && shift_specimen_facts(d->shift, n->specimen, &s);
    const char *text = desk_notice_words(n);
    if (n->kind == NOTICE_ARRIVED && about)
        text = s.priority == PRIORITY_STAT ? "A STAT specimen arrived" : "A specimen arrived";
    if (!text) return false;
    const char *page = page_of(n->kind, about ? &s : NULL);
    line_view_t line; /* of an analyzer: the page of its bench */
    if (strcmp(page, "chemistry") == 0 && n->line >= 0 && shift_line(d->shift, n->line, &line))
        page = desk_bench_path(d->shift, line.bench) ? desk_bench_path(d->shift, line.bench) : "worklist";
    bool of_specimen = about && strcmp(page, "qc") != 0;
    *m = (message_t){.when = words_clock(a, d->shift, n->at_s),
                     .at_s = n->at_s,
                     .text = text,
                     .href = of_specimen ? words(a, "/shift/%s/%s/%s", d->id, page, s.accession)
                                         : words(a, "/shift/%s/%s", d->id, page),
                     .about = about          ? words(a, "%s", s.accession)
                              : n->line >= 0 ? words(a, "%s%s%s", line_name(n->line), n->analyte >= 0 ? ", " : "",
                                                     n->analyte >= 0 ? lab_analyte(d->lab, n->analyte)->name : "")
                                             : "open"};
    return true;
}

/* The messages that a page has shown: "ID:N" of the cookie, when it is of this shift. */
static int read_before(const desk_t *d)
{
    const char *cookie = request_cookie(d->request, "read"), *colon = cookie ? strrchr(cookie, ':') : NULL;
    int64_t count;
    if (!colon || strncmp(cookie, d->id, (size_t)(colon - cookie)) != 0 || d->id[colon - cookie] != '\0') return 0;
    return text_to_int(colon + 1, strlen(colon + 1), &count) && count >= 0 && count < READ_MAX ? (int)count : 0;
}

int desk_unread(const desk_t *d)
{
    int unread = 0;
    for (int i = read_before(d); i < shift_notice_count(d->shift); i++) {
        const notice_t *n = shift_notice(d->shift, i);
        unread += n->kind == NOTICE_ARRIVED || desk_notice_words(n) != NULL;
    }
    return unread;
}

static const column_t columns[] = {
    {"at", "Time", offsetof(message_t, when), offsetof(message_t, at_s), false, false},
    COLUMN(message_t, "text", "Message", text),
    COLUMN(message_t, "about", "About", about),
};

static void get_messages(web_t *web, const request_t *request, response_t *response)
{
    desk_t d;
    if (!desk_open(web, request, response, TAB_NONE, "Messages", &d)) return;
    messages_t page = {.d = &d};
    d.alerts[d.frame_shift.alert_count - 1] = (frame_chip_t){"plain", "Messages", NULL}; /* all are here */
    int32_t count = shift_notice_count(d.shift);
    page.rows = arena_array(d.arena, MESSAGES_MAX, sizeof *page.rows);
    for (int32_t i = count - 1; page.rows && i >= 0 && page.count < MESSAGES_MAX; i--)
        page.count += message_of(&d, shift_notice(d.shift, i), &page.rows[page.count]);
    table_init(&page.table, request, columns, (int)(sizeof columns / sizeof *columns), NULL);
    page.count = table_arrange(&page.table, request, page.rows, page.count, sizeof *page.rows);
    response_cookie(response, "read", words(d.arena, "%s:%d", d.id, (int)count), 31536000);
    if (!table_csv(&page.table, request, response, page.rows, sizeof *page.rows, "messages.csv"))
        messages_page(response_html(response), &page);
    desk_close(web, &d);
}

const web_route_t *desk_message_routes(size_t *count)
{
    static const web_route_t routes[] = {{"GET", "/shift/:id/messages", get_messages}};
    *count = sizeof routes / sizeof *routes;
    return routes;
}
