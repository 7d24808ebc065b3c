/* pages.h: handlers and commands of this feature. */
#ifndef FEATURES_ACCESS_PAGES_H
#define FEATURES_ACCESS_PAGES_H

#include "core/feature.h"

http_handler page_root, page_sign_in, page_sign_in_check, page_sign_in_do, page_sign_out, page_help;
http_handler page_setup, page_setup_hash, page_setup_do, page_link, page_link_hash, page_link_do;
http_handler page_demo_in;
http_handler page_me, page_me_password_hash, page_me_password, page_me_prove, page_me_address, page_me_everywhere, page_me_look, page_me_contact;
http_handler page_users, page_user_invite, page_user_reset, page_user_disable, page_user_grant, page_user_end;

err_t command_setup_link(struct ctx *c, const struct args *a);
err_t command_user_add(struct ctx *c, const struct args *a);
err_t command_user_list(struct ctx *c, const struct args *a);
err_t command_user_disable(struct ctx *c, const struct args *a);
err_t command_user_reset(struct ctx *c, const struct args *a);

/* The name of the session cookie, and setting it. */
const char *session_cookie(const struct ctx *c, const struct req *r);
err_t session_begin(struct ctx *c, struct req *r, int64_t person, const char **ret_token);

#endif
