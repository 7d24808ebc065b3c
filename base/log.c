/* log.c: see log.h. */
#include "base/log.h"

#include "base/date.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static atomic_int threshold = LOG_INFO;

void
log_level(enum log_level least)
{
    threshold = (int)least;
}

void
log_line(enum log_level level, const char *fmt, ...)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    if ((int)level < threshold || level >= LOG_QUIET)
        return;
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    char when[TIME_TEXT], line[2048];
    time_iso((int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000, when);
    int n = snprintf(line, sizeof line - 1, "%s %s ", when, names[level]);
    va_list ap;
    va_start(ap, fmt);
    int m = vsnprintf(line + n, sizeof line - 1 - (size_t)n, fmt, ap);
    va_end(ap);
    size_t len = (size_t)n + (size_t)(m < 0 ? 0 : m);
    if (len > sizeof line - 2)
        len = sizeof line - 2;
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)line[i] < 0x20)
            line[i] = ' ';
    }
    line[len] = '\n';
    ssize_t done = write(STDERR_FILENO, line, len + 1);
    (void)done;
}
