/* splitter.h: cuts a download of study records into single records, in memory bounded by the
 * largest one, whatever the size of the file.
 *
 * It takes, plain or gzipped, with or without a UTF-8 byte order mark:
 *   one record                        { "protocolSection": ... }
 *   a list of records                 [ {...}, {...} ]
 *   a page of the registry's API      { "studies": [ {...}, ... ], "nextPageToken": "..." }
 *   JSON Lines                        records, or pages, one after another, each on a new line
 * The whole file is checked as JSON on the way, without recursion; what is inside a record is left
 * to parse.h. Anything wrong ends the file: records given out before stand. */
#ifndef REGISTRY_SPLITTER_H
#define REGISTRY_SPLITTER_H

#include "features/registry/inflow.h"

struct splitter_limits {
    struct inflow_limits inflow;
    size_t record;    /* bytes of one record at most; 0 means 64 MiB */
    uint64_t weight;  /* values in one record at most, an object or list counting as four: bounds
                         the memory a parser needs; 0 means 4 million */
    unsigned depth;   /* levels of nesting at most, up to 256; 0 means 256 */
};

/* Bytes of one record as they stand in the file, from { to }. Valid until the next call. */
struct splitter_record {
    const char *data; /* NUL-terminated; NULL at the end of the file */
    size_t n;
    uint64_t number;       /* from 1 */
    uint64_t line, offset; /* of its {: from 1, and from 0 in the uncompressed file */
};

struct splitter;

/* Opens a stream. `name` is what errors call the file. `limits` may be NULL. All memory in `mem`;
 * `name` and `arg` must live as long. Errors as inflow_open, with the name as their place. */
err_t splitter_open(struct arena *mem, const char *name, inflow_read_fn read, void *arg,
                    const struct splitter_limits *limits, struct splitter **ret);
/* The same from a file descriptor, which is read from where it stands and not closed. */
err_t splitter_open_fd(struct arena *mem, const char *name, int fd,
                       const struct splitter_limits *limits, struct splitter **ret);
/* The same from bytes in memory, which must live as long. */
err_t splitter_open_bytes(struct arena *mem, const char *name, const char *data, size_t n,
                          const struct splitter_limits *limits, struct splitter **ret);

/* The next record; data is NULL at the end. Errors name file, line and byte: E_BAD_INPUT (not JSON,
 * cut off, something after the end, an element that is no record), E_TOO_LARGE, E_IO. After an
 * error the same error comes again. */
err_t splitter_next(struct splitter *s, struct splitter_record *ret);

#endif
