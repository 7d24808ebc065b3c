/* pages.h: the handlers of this feature. */
#ifndef FEATURES_CONTACTS_PAGES_H
#define FEATURES_CONTACTS_PAGES_H

#include "base/view.h"
#include "features/contacts/contacts.h"
#include "http/http.h"

http_handler page_contacts, page_contact_add;

#endif
