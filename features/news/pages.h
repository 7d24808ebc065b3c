/* pages.h: the handlers of this feature, inside it only. */
#ifndef FEATURES_NEWS_PAGES_H
#define FEATURES_NEWS_PAGES_H

#include "features/news/news.h"

err_t page_news(struct ctx *c, struct req *r, struct view *page);
err_t page_news_since(struct ctx *c, struct req *r, struct view *page);
err_t page_news_stream(struct ctx *c, struct req *r, struct view *page);

/* lines.c: notes a new line of a thread for those whom it concerns. */
err_t lines_note(struct ctx *c, int64_t due, const char *action, int64_t step);
/* Drops what is old. */
err_t lines_drop(struct ctx *c);

#endif
