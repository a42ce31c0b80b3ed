#include <oneapi/dnnl/dnnl.h>
// The library asks malloc for working memory on each call; mallopt lets it be kept.
#include <malloc.h>
