/* log.h: one line an event, to standard error, for the operator. No participant data, no contact
 * details, no secrets. Thread-safe. The only global of the program beside read-only tables. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_QUIET };

void log_level(enum log_level least); /* lines below it are dropped; LOG_INFO at the start */
/* "2026-11-23T20:50:23Z warn event key=value ..."; `fmt` as printf, control characters made spaces. */
void log_line(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
