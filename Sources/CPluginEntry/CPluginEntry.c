#include "CPluginEntry.h"
