/* pages.h: handlers and commands of this feature, but those of imports (pages_import.h). */
#ifndef FEATURES_RECRUITMENT_PAGES_H
#define FEATURES_RECRUITMENT_PAGES_H

#include "core/feature.h"
#include "features/recruitment/recruitment.h"

struct data;
struct fc_options;

http_handler page_recruitment, page_recruitment_csv;
http_handler page_targets, page_targets_save, page_plan, page_plan_save;
http_handler page_opening, page_opening_save, page_pause_add, page_site_people;
http_handler page_own;

err_t command_forecast(struct ctx *c, const struct args *a);

/* The forecast of loaded data as of a day; `o` NULL: defaults. */
err_t forecast_of_data(struct ctx *c, struct data *d, int32_t as_of, const struct fc_options *o, struct forecast_of *ret);

/* card.c: the feature's card on a study's first page; see struct feature. */
err_t card_study(struct ctx *c, const struct thing *t, struct view *cards);

#endif
