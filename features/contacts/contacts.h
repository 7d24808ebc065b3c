/* contacts.h: contacts with a site, a line each. Pages only; nothing for other features to call. */
#ifndef FEATURES_CONTACTS_H
#define FEATURES_CONTACTS_H

#include "core/feature.h"

extern const struct feature contacts_feature;

#endif
