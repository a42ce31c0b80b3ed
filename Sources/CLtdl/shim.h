#include <ltdl.h>

// dladdr and its struct are hidden behind _GNU_SOURCE, which may not be defined here: it breaks
// against Dispatch. The names differ from the system's, so that both may be visible.
typedef struct WorkbenchImage {
  const char *path;           // file of the library or executable that contains the address
  void *base;                 // where it was mapped
  const char *symbol;         // nearest symbol below the address, or null
  void *symbol_address;
} WorkbenchImage;
int workbench_dladdr(const void *address, WorkbenchImage *image) __asm__("dladdr");
