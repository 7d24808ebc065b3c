/* listen.c: see listen.h. Called by server.c. */
#include "http/listen.h"

#include "base/arena.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int
bound_port(int fd)
{
    struct sockaddr_storage sa;
    socklen_t n = sizeof sa;
    if (getsockname(fd, (struct sockaddr *)&sa, &n) != 0)
        return 0;
    return ntohs(sa.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&sa)->sin6_port
                                          : ((struct sockaddr_in *)&sa)->sin_port);
}

err_t
listen_open(struct arena *a, const char *address, int port, int *ret_fd, int *ret_port)
{
    char service[12];
    snprintf(service, sizeof service, "%d", port);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_PASSIVE};
    struct addrinfo *info;
    if (port < 0 || port > 65535 || getaddrinfo(address, service, &hints, &info) != 0)
        return err_new(a, E_CONFIG, "%s, port %d, is no address to listen on.", address, port);
    int fd = socket(info->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    bool good = fd >= 0 && bind(fd, info->ai_addr, info->ai_addrlen) == 0 &&
                listen(fd, SOMAXCONN) == 0;
    int why = errno;
    freeaddrinfo(info);
    if (!good) {
        if (fd >= 0)
            close(fd);
        return err_new(a, E_UNAVAILABLE, "Cannot listen on %s, port %d: %s.", address, port,
                       strerror(why));
    }
    *ret_fd = fd;
    *ret_port = bound_port(fd);
    return NULL;
}

void
listen_peer(const struct sockaddr *sa, char ret[static LISTEN_ADDRESS_TEXT])
{
    char text[LISTEN_ADDRESS_TEXT] = "?";
    if (sa->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr, text,
                  sizeof text);
    else if (sa->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)sa)->sin_addr, text,
                  sizeof text);
    const char *from = strncmp(text, "::ffff:", 7) == 0 && strchr(text, '.') ? text + 7 : text;
    snprintf(ret, LISTEN_ADDRESS_TEXT, "%s", from);
}
