/* pages.h: the handlers of this feature. */
#ifndef FEATURES_PLAYBOOKS_PAGES_H
#define FEATURES_PLAYBOOKS_PAGES_H

#include "base/view.h"
#include "features/playbooks/store.h"
#include "http/http.h"

http_handler page_playbook, page_playbook_line, page_playbook_sign, page_playbook_sign_site;
http_handler page_events, page_event_add, page_event_move, page_event_end;

#endif
