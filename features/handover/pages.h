/* pages.h: the handlers of this feature. */
#ifndef FEATURES_HANDOVER_PAGES_H
#define FEATURES_HANDOVER_PAGES_H

#include "base/view.h"
#include "features/handover/store.h"
#include "http/http.h"

http_handler page_handovers, page_handover, page_handover_take, page_handover_all, page_handover_refuse;
http_handler page_cover_ask, page_cover_answer;
http_handler page_study_handover, page_study_handover_offer;
err_t page_handover_count(struct ctx *c, int64_t *ret_n, bool *ret_hot);

#endif
