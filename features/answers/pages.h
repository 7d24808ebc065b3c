/* pages.h: the handlers of this feature. */
#ifndef FEATURES_ANSWERS_PAGES_H
#define FEATURES_ANSWERS_PAGES_H

#include "base/view.h"
#include "features/answers/outsider.h"
#include "http/http.h"

http_handler page_outside, page_outside_ask;
http_handler page_answer, page_answer_step, page_answer_say, page_answer_undo, page_answer_file;
http_handler page_answer_link, page_answer_end, page_answer_paper;
err_t page_answer_cards(struct ctx *c, const struct due_seen *d, struct view *cards);

#endif
