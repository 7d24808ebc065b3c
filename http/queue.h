/* queue.h: a bounded queue between the epoll threads and the workers. Holds pointers and the moment
 * at which each came; owns nothing it holds. */
#ifndef HTTP_QUEUE_H
#define HTTP_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct queue;

/* NULL: no memory. */
struct queue *queue_new(size_t most);
void queue_free(struct queue *q);
/* False: full or closed. */
bool queue_push(struct queue *q, void *item, int64_t now_ms);
/* Waits for an item. NULL: closed and empty. `ret_since_ms`: when it was pushed. */
void *queue_pop(struct queue *q, int64_t *ret_since_ms);
/* The oldest item if it was pushed before `before_ms`, else NULL. Does not wait. */
void *queue_expired(struct queue *q, int64_t before_ms);
/* No more items; those that wait are still handed out. */
void queue_close(struct queue *q);

#endif
