/* pages.h: the handlers of this feature. */
#ifndef FEATURES_OWNWORK_PAGES_H
#define FEATURES_OWNWORK_PAGES_H

#include "base/view.h"
#include "features/ownwork/store.h"
#include "http/http.h"

http_handler page_own_list, page_own_new, page_own_one, page_own_item, page_own_end;
http_handler page_own_share, page_own_unshare, page_own_feed, page_own_feed_end;
http_handler page_own_paste, page_own_file, page_own_draft, page_own_take;

#endif
