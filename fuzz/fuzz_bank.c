/* Item files from strangers: read, checked; what is accepted is scored, shuffled and never breaks a bound. */
#include "exam/bank.h"

#include <stdlib.h>
#include <string.h>

/* A small catalog, so that the time goes to the reader and not to the tables. */
static const struct {
    const char *path, *text;
} CATALOG[] = {
    {"exam/blueprints.csv",
     "credential_id,area,subarea,percent_min,percent_max\nASCP-MLT,Laboratory Operations,,5,10\n"},
    {"exam/objectives.csv", "lesson_id,module_no,programs,objective_no,lesson,objective\n"
                            "L25,3,PBT+MLA+MLT,1,Control,one\nL25,3,PBT+MLA+MLT,2,Control,two\n"
                            "L25,3,PBT+MLA+MLT,3,Control,three\nL25,3,PBT+MLA+MLT,4,Control,four\n"
                            "L25,3,PBT+MLA+MLT,5,Control,five\n"},
    {"items/areas.csv", "area,subarea\noperations,quality-control\n"},
    {"items/outlines.csv", "area,subarea,credential,outline_area\noperations,,ASCP-MLT,Laboratory Operations\n"},
    {"items/pictures.csv", "draw,use,shows\nlj,picture,a chart\nbench-chemistry,screen,a bench\n"},
    {"items/reviews.csv", "item,version,reader,answer,agrees,resolution,as_of\n"}};
enum { CATALOG_FILES = sizeof CATALOG / sizeof *CATALOG };

static void answer(const item_t *item)
{
    int shown[ITEM_PARTS_MAX];
    item_answer_t response = {.count = item->parts, .value = item->value};
    double credit;
    err_t err;
    item_shuffle(item, 7, shown);
    for (int i = 0; i < item->parts; i++) response.chosen[i] = i;
    if (item_has_one_key(item->type)) response = (item_answer_t){.count = 1, .chosen = {item_key(item)}};
    if (!item_score(item, &response, &credit, &err) || credit < 0 || credit > 1) abort();
    if (item->type != ITEM_SEVERAL && credit != 1) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    source_file_t files[CATALOG_FILES];
    source_t content = {files, CATALOG_FILES};
    bank_t *bank;
    err_t err;
    for (int i = 0; i < CATALOG_FILES; i++)
        files[i] = (source_file_t){CATALOG[i].path, (const unsigned char *)CATALOG[i].text, strlen(CATALOG[i].text)};
    if (!bank_open(&bank, &content, &err)) abort();
    if (bank_read(bank, "fuzz", data, size, &err) && bank_check(bank, true, &err))
        for (size_t i = 0; i < bank_count(bank); i++) answer(bank_item(bank, i));
    bank_close(bank);
    return 0;
}
