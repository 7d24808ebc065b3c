/* notices.c: the table of this feature. See README.md. */
#include "features/notices/notices.h"

const struct feature notices_feature = {
    .name = "notices",
};
