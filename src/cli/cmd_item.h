/* The part of `titer item` that has its own options. */
#ifndef TITER_CLI_CMD_ITEM_H
#define TITER_CLI_CMD_ITEM_H

#include "cli.h"

/* `titer item export` and `titer item import`, the word among the arguments. */
int cmd_item_wire(cli_t *cli, int argc, char **argv);

#endif
