/* pages.h: the handlers of this feature. */
#ifndef FEATURES_LOAD_PAGES_H
#define FEATURES_LOAD_PAGES_H

#include "core/feature.h"
#include "features/load/plan.h"

http_handler page_load, page_load_hours, page_load_kind, page_load_away, page_load_away_end;
http_handler page_load_share, page_load_share_end, page_load_shared, page_load_team, page_load_item;
err_t page_load_cards(struct ctx *c, const struct due_seen *d, struct view *cards);
err_t page_load_asides(struct ctx *c, const int64_t *due, size_t n, const char **ret);

/* Who does it is recorded, and that it was done; never what it says. */
void page_load_note(struct ctx *c);
/* A number of hours of a form as minutes; E_BAD_INPUT with the field. NULL gives -1. */
err_t page_load_minutes(struct ctx *c, const struct req *r, const char *field, double most, int32_t *ret);
/* What a person shares: her coming weeks, hours agreed of hours she can carry, and nothing else. */
err_t page_load_shows(struct ctx *c, int64_t person, struct view *v);

#endif
