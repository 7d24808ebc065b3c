/* root.h: Brent's root of a function of one variable, in a bracket. */
#ifndef MODELS_ROOT_H
#define MODELS_ROOT_H

typedef double (*root_fn)(void *arg, double x);

/* A root of fn in [lo, hi], where f_lo = fn(lo) and f_hi = fn(hi) differ in sign (or one is 0), to
 * an absolute `tol` in x. At most 200 evaluations; never fails. */
double root_brent(root_fn fn, void *arg, double lo, double f_lo, double hi, double f_hi,
                  double tol);

#endif
