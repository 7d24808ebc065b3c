/* listen.h: the socket that the server listens on. */
#ifndef HTTP_LISTEN_H
#define HTTP_LISTEN_H

#include "base/err.h"

#include <stdbool.h>

struct arena;
struct sockaddr;

enum { LISTEN_ADDRESS_TEXT = 46 };

/* A listening TCP socket at a numeric IPv4 or IPv6 address. E_UNAVAILABLE: taken, not allowed, no
 * such address. The caller closes it. */
err_t listen_open(struct arena *a, const char *address, int port, int *ret_fd, int *ret_port);
/* The address in words, IPv4 inside IPv6 as IPv4. */
void listen_peer(const struct sockaddr *sa, char ret[static LISTEN_ADDRESS_TEXT]);

#endif
