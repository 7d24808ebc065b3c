/* root.c: see root.h. Method: R. P. Brent, Algorithms for Minimization without Derivatives (1973),
 * chapter 4. */
#include "models/root.h"

#include <math.h>

/* The next step from b: inverse quadratic interpolation or secant where it is safe, else halving.
 * `ret_e` is the step before last, as Brent's test wants it. */
static double
next_step(double a, double fa, double b, double fb, double c, double fc, double tol, double d,
          double *ret_e)
{
    double half = 0.5 * (c - b), e = *ret_e;
    *ret_e = half;
    if (fabs(e) < tol || fabs(fa) <= fabs(fb))
        return half;
    double s = fb / fa, p, q;
    if (a == c) {
        p = 2 * half * s;
        q = 1 - s;
    } else {
        double u = fa / fc, r = fb / fc;
        p = s * (2 * half * u * (u - r) - (b - a) * (r - 1));
        q = (u - 1) * (r - 1) * (s - 1);
    }
    if (p > 0)
        q = -q;
    p = fabs(p);
    if (2 * p >= fmin(3 * half * q - fabs(tol * q), fabs(e * q)))
        return half;
    *ret_e = d;
    return p / q;
}

double
root_brent(root_fn fn, void *arg, double lo, double f_lo, double hi, double f_hi, double tol)
{
    double a = lo, fa = f_lo, b = hi, fb = f_hi, c = a, fc = fa, d = b - a, e = d;
    for (int i = 0; i < 200 && fb != 0; i++) {
        if ((fb > 0) == (fc > 0)) {
            c = a;
            fc = fa;
            d = e = b - a;
        }
        if (fabs(fc) < fabs(fb)) {
            a = b, fa = fb;
            b = c, fb = fc;
            c = a, fc = fa;
        }
        double near = 2e-16 * fabs(b) + 0.5 * tol, half = 0.5 * (c - b);
        if (fabs(half) <= near)
            break;
        d = next_step(a, fa, b, fb, c, fc, near, d, &e);
        a = b;
        fa = fb;
        b += fabs(d) > near ? d : copysign(near, half);
        fb = fn(arg, b);
    }
    return b;
}
