/* flash.h: a sentence for the next page: "The study was saved." Kept in a cookie for one page. */
#ifndef CORE_FLASH_H
#define CORE_FLASH_H

#include "http/http.h"

/* Shown once on the page that follows a redirect. At most 300 bytes. */
void flash_set(struct ctx *c, struct req *r, const char *text);
/* The sentence, and drops it; NULL when there is none. */
const char *flash_take(struct ctx *c, struct req *r);

#endif
