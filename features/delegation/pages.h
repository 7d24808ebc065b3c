/* pages.h: the handlers of this feature. */
#ifndef FEATURES_DELEGATION_PAGES_H
#define FEATURES_DELEGATION_PAGES_H

#include "base/view.h"
#include "features/delegation/delegation.h"
#include "http/http.h"

http_handler page_delegation, page_delegation_add, page_delegation_change, page_delegation_sign;

#endif
