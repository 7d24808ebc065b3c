/* server.h: the server on the wire. Called by http.c only. */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "http/life.h"

struct server;

/* See http_start. E_UNAVAILABLE: the address cannot be listened on; an error of worker_begin as it
 * came. The server must be stopped. */
err_t server_start(struct arena *a, const struct http *h, const struct http_options *o,
                   struct server **ret);
int server_port(const struct server *s);
/* See http_look. */
void server_look(struct server *s, int64_t reader);
/* See http_stop. */
void server_stop(struct server *s);

#endif
