/* pages.h: handlers and command of this feature, and what its pages share. */
#ifndef FEATURES_CALENDARS_PAGES_H
#define FEATURES_CALENDARS_PAGES_H

#include "core/feature.h"
#include "core/holidays.h"

http_handler page_calendars, page_calendar_add, page_calendar, page_calendar_use;

err_t command_import_holidays(struct ctx *c, const struct args *a);

/* "Fri 3 Apr 2026". */
const char *pages_day(struct arena *a, int32_t day);
/* List `key` of texts: years between the first and the last known in which no day is off. */
void pages_empty_years(struct view *v, const char *key, const struct calendar *k);

#endif
