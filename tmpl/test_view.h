/* test_view.h: a view from JSON text, so that a test case is one line. A key that ends in _html
 * holds markup. For the tests of this room only. */
#ifndef TMPL_TEST_VIEW_H
#define TMPL_TEST_VIEW_H

#include "base/view.h"

#include <jansson.h>

struct view *test_view_from(struct arena *a, json_t *j);
/* Fails the test when `text` is not JSON. */
struct view *test_view(struct arena *a, const char *text);

#endif
