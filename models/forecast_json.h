/* forecast_json.h: a forecast as the view tree that the command prints and pages read. */
#ifndef MODELS_FORECAST_JSON_H
#define MODELS_FORECAST_JSON_H

#include "models/forecast.h"

struct arena;
struct view;

/* Keys and order are fixed: as_of, target, enrolled, sites_open, basis, method, fit, completion,
 * deadline, challengers, sites, curve, checks. What is not finite (Poisson alpha, a quantile beyond
 * the horizon) or not known is null, as is `deadline` without one. Days count from the cut; a date
 * is the day that cut + days falls on. Rates are per month of 30.4375 days. `notes` (may be NULL)
 * are put before the forecast's own checks. The view shares the result's texts. */
struct view *forecast_json(struct arena *a, const struct fc_result *r,
                           const struct fc_checks *notes);

/* "recommended", "plugin", "bayes", "exact"; false: no such method. */
bool forecast_json_method(const char *name, enum fc_method *ret);

#endif
