#include <spawn.h>

/* In glibc since 2.34, but its header shows it only under _GNU_SOURCE, which Swift does not set. */
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
