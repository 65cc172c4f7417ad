/* Joins the tables of routes of all pages into one. */
#include "web/pages.h"

#include "desk.h"
#include "exam.h"
#include "fit.h"
#include "home.h"
#include "record.h"
#include "road.h"
#include "rotate_routes.h"
#include "work.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

enum { ROUTES_MAX = 256 };

/* Filled once, before the server starts; only read afterward. */
static web_route_t routes[ROUTES_MAX];
static size_t route_count;
static pthread_once_t joined = PTHREAD_ONCE_INIT;

static void join(void)
{
    typedef const web_route_t *(*table_fn)(size_t *);
    static const table_fn tables[] = {
        home_routes,         history_routes,      plan_routes,           exam_routes,        exam_report_routes,
        items_routes,        debrief_routes,      author_routes,         desk_routes,        desk_list_routes,
        desk_queue_routes,   desk_qc_routes,      desk_month_routes,     desk_bench_routes,  desk_care_routes,
        desk_cells_routes,   desk_counts_routes,  desk_rack_routes,      rotate_routes,      rotate_sign_routes,
        rotate_skill_routes, rotate_place_routes, rotate_outcome_routes, road_plan_routes,   road_license_routes,
        record_routes,       record_file_routes,  work_outlook_routes,   ledger_routes,      ledger_file_routes,
        ledger_zip_routes,   work_apply_routes,   work_interview_routes, work_resume_routes, work_ladder_routes,
        fit_routes,          fit_result_routes,   road_find_routes,      settings_routes,    desk_reaction_routes,
        desk_tray_routes,    desk_message_routes};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        size_t count;
        const web_route_t *table = tables[i](&count);
        assert(route_count + count <= ROUTES_MAX);
        memcpy(routes + route_count, table, count * sizeof *table);
        route_count += count;
    }
}

const char *const *pages_uploads(size_t *count)
{
    static const char *const uploads[] = {"/record/entry/:id/upload", PAGES_ARCHIVE_FORM, "/ledger/activity",
                                          "/ledger/activity/:id"};
    *count = sizeof uploads / sizeof *uploads;
    return uploads;
}

const web_route_t *pages_routes(size_t *count)
{
    pthread_once(&joined, join);
    *count = route_count;
    return routes;
}
