// A plugin in C, made wrong in one way by -D options; the loading tests compile it as they need it.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "CPluginEntry.h"

#ifndef MAGIC
#define MAGIC WORKBENCH_PLUGIN_MAGIC
#endif
#ifndef API_MAJOR
#define API_MAJOR WORKBENCH_API_MAJOR
#endif
#ifndef API_MINOR
#define API_MINOR WORKBENCH_API_MINOR
#endif
#ifndef DURING_ENTRY
#define DURING_ENTRY
#endif
#ifndef DURING_LOAD
#define DURING_LOAD
#endif
#ifndef NAME
#define NAME workbench_plugin
#endif

int defined_nowhere(void);

// Recursion until the stack ends.
static int overflow(volatile int depth) {
  volatile char hole[4096];
  hole[depth % 4096] = (char)depth;
  return overflow(depth + 1) + hole[0];
}

// As if the core had been linked into the plugin: the descriptor of one of the core's types.
#ifdef PRIVATE_CORE
__attribute__((visibility("protected"))) int descriptor __asm__(PRIVATE_CORE) = 0;
#endif

__attribute__((constructor)) static void while_loading(void) {
  (void)overflow;
  DURING_LOAD;
}

WorkbenchPluginEntry NAME(void) {
  DURING_ENTRY;
  WorkbenchPluginEntry entry = {
      MAGIC, sizeof(WorkbenchPluginEntry), API_MAJOR, API_MINOR, COMPILER, CORE, 0};
  return entry;
}
