/* stream.h: answers that stay open and say now and then that there is something new (server-sent
 * events). An open stream holds no worker and no database connection. It carries no content: "look"
 * is all it ever says, and whoever reads asks for the page that tells, by the usual way.
 *
 * How many may be open is bounded, in all and for each reader; each lives a few minutes, then its
 * reader opens the next and is asked again who she is. Called by wire.c; http.c hands http_look
 * through. */
#ifndef HTTP_STREAM_H
#define HTTP_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct streams;
struct MHD_Connection;
struct MHD_Response;

struct streams_options {
    size_t most, most_of_one; /* open at once, in all and of one reader */
    int64_t beat_ms;          /* so often a line that keeps proxies from closing it */
    int64_t life_ms;          /* then it ends */
};

/* Never NULL. */
struct streams *streams_new(const struct streams_options *o);
/* Every response must be destroyed before. */
void streams_free(struct streams *s);
/* The body of an answer: begins with `head`, goes on as long as the stream lives. A reader who has
 * too many loses her oldest. NULL: no more can be open just now. `mhd`: the connection on which it
 * will be queued, still suspended or not yet answered. */
struct MHD_Response *streams_open(struct streams *s, struct MHD_Connection *mhd, int64_t reader,
                                  const char *head, int64_t now_ms);
/* Tells every stream of `reader`; 0: of everybody. From any thread; does not wait. */
void streams_look(struct streams *s, int64_t reader);
/* Keeps open what lives and ends what is old. Called a few times a second. */
void streams_beat(struct streams *s, int64_t now_ms);
/* Ends all and opens no more. */
void streams_end(struct streams *s);
size_t streams_count(struct streams *s);

#endif
