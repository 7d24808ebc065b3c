/* pages.h: the handlers of this feature, and what they share. */
#ifndef FEATURES_VISITS_PAGES_H
#define FEATURES_VISITS_PAGES_H

#include "base/view.h"
#include "features/commitments/commitments.h"
#include "features/visits/store.h"
#include "http/http.h"

http_handler page_visits, page_visits_plan, page_visits_plan_send;
http_handler page_visit, page_visit_move, page_visit_agree, page_visit_cancel, page_visit_confirm, page_visit_hold, page_visit_agenda;
http_handler page_visit_confirmation_pdf;
http_handler page_report, page_report_save, page_report_finding, page_report_finding_set, page_report_submit, page_report_back, page_report_approve,
    page_report_pdf;
http_handler page_letter, page_letter_save, page_letter_send, page_letter_pdf;
http_handler page_visit_sections, page_visit_sections_save;

/* The visit of the address; the resolver has asked whether c->who may know of it. */
err_t pages_visit(struct ctx *c, const struct req *r, struct visit_get_row *ret);
/* Head of a visit's pages: study_head, and "visit" { title, href, ... }. */
err_t pages_visit_head(struct ctx *c, const struct req *r, const struct visit_get_row *v, struct view *page);
/* The people of the visit's site whom c->who may ask, and the role words of one. */
err_t pages_site_people(struct ctx *c, const struct thing *t, int64_t site, struct due_people_row **ret, size_t *ret_n);
const char *pages_role(const char *word);
/* Who can see to a finding: the site's people, then the sponsor's. */
err_t pages_owners(struct ctx *c, const struct thing *t, int64_t site, struct due_people_row **ret, size_t *ret_n);
/* Adds an <option> { value, text, selected } to the list. */
void pages_option(struct view *list, const char *value, const char *text, const char *chosen);

/* Visits in a few words, on the study's first page. */
err_t page_visits_card(struct ctx *c, const struct thing *t, struct view *cards);

#endif
