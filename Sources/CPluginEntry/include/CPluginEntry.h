#ifndef WORKBENCH_PLUGIN_ENTRY_H
#define WORKBENCH_PLUGIN_ENTRY_H
#include <stdint.h>

// What a plugin's `workbench_plugin` returns. Plain C, so that a host can read it before it trusts
// any Swift value of the plugin: fields are only ever appended, the first three never move.
typedef struct WorkbenchPluginEntry {
  uint32_t magic;            // WORKBENCH_PLUGIN_MAGIC
  uint32_t size;             // sizeof(WorkbenchPluginEntry) where the plugin was compiled
  uint32_t api_major;        // a host refuses another major version
  uint32_t api_minor;        // and a minor version above its own
  const char *compiler;      // the Swift compiler's version line; valid for the process's life
  const char *core_stamp;    // hash of the core's sources the plugin was built against
  const void *description;   // a retained Swift object; read only after all above agree
} WorkbenchPluginEntry;

#define WORKBENCH_PLUGIN_MAGIC 0x57424e43u // "WBNC"

// Of the plugin API: major changes when an existing plugin's sources may need an edit, minor when
// something was added. They are compiled into the plugin, as is all of this header.
#define WORKBENCH_API_MAJOR 1u
#define WORKBENCH_API_MINOR 0u
#endif
