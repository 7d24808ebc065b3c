/* sieve.h: a few bits that tell most rows apart without looking further.
 *
 * A list that is filtered by several things walks along the rows of one of them; each row carries the
 * sieve of all it has, so that a row without the others is passed over where it lies, instead of
 * asking another index about it. A sieve never misses (a row that has a thing has its bits); what
 * passes is asked properly. */
#ifndef CORE_SIEVE_H
#define CORE_SIEVE_H

#include <stddef.h>
#include <stdint.h>

/* 189 bits in three integers, as a database keeps them: never negative. {0} is empty, and as a
 * question lets everything pass. */
struct sieve {
    int64_t a, b, c;
};

/* Adds a thing: the two bits that FNV-1a (64 bits, the Fowler, Noll and Vo hash) of its n bytes
 * names, hash mod 189 and (hash / 2^32) mod 189. */
void sieve_add(struct sieve *s, const char *thing, size_t n);
/* The same in one integer, whose bits are hash mod 63 and (hash / 2^32) mod 63. */
int64_t sieve_small(const char *thing, size_t n);

#endif
