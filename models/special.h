/* special.h: the special functions that the models need, safe for any argument they can produce.
 *
 * GSL does the incomplete gamma and the normal quantile. The incomplete beta is ours: GSL's
 * aborts on underflow through the global error handler, which we leave alone; the digamma and
 * trigamma are ours for speed (see docs/adr/0002-gsl.md). No function here fails, allocates or
 * touches a global. */
#ifndef MODELS_SPECIAL_H
#define MODELS_SPECIAL_H

/* I_x(a, b), the regularised incomplete beta, a, b > 0 (to 1e12 and beyond), 0 <= x <= 1, y = 1 - x
 * given apart as it may be tiny. Absolute error under 1e-13; relative error of either tail under
 * 1e-10 down to 1e-40, below which it is 0. Continued fraction of DiDonato & Morris (ACM TOMS 18,
 * 1992, sec. 4; also DLMF 8.17.22), with Loader's (2000) form of the power terms, which does not
 * cancel. */
double special_beta(double a, double b, double x, double y);

double special_gamma_p(double a, double x); /* lower regularised incomplete gamma; a > 0, x >= 0 */
double special_gamma_q(double a, double x); /* upper */
/* x with P(a, x) = p, 0 < p < 1, to about 1e-12 relative. 0 when it is below 1e-300. */
double special_gamma_quantile(double a, double p);

double special_psi(double x);      /* digamma, x > 0 */
double special_psi1(double x);     /* trigamma, x > 0 */
double special_ln_gamma(double x); /* x > 0; sets no signgam */

double special_normal_p(double z);
double special_normal_quantile(double p);              /* 0 < p < 1 */
double special_chi2_q(double x, double df);            /* P(chi2_df > x) */
double special_binomial_two_sided(double k, double n); /* p of k of n under 1/2, doubled tail */
double special_kolmogorov_q(double d, double n);       /* p of a KS distance d with n values */

/* Nodes and weights of Gauss-Legendre on [0, 1], n <= 64. */
void special_legendre(int n, double *ret_x, double *ret_w);

#endif
