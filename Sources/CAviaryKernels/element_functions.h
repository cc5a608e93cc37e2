#pragma once
#include "aviary_element_functions.h"
#include "vectors.h"

// Functions of one element, sixteen lanes at a time, in single precision: good to one or two units in the last place,
// also where their values are far below one.

#define ALL(number) ((floats){0} + (number))
// The lanes of `a` where the condition holds, those of `b` elsewhere.
#define CHOSEN(condition, a, b) ((floats)(((ints)(a) & (ints)(condition)) | ((ints)(b) & ~(ints)(condition))))
#define MAGNITUDE(x) ((floats)((ints)(x) & 0x7FFFFFFF))
// A NaN stays one.
#define AT_LEAST(x, bound) CHOSEN((x) < (bound), ALL(bound), x)
#define AT_MOST(x, bound) CHOSEN((x) > (bound), ALL(bound), x)
#define POWER_OF_TWO(n) ((floats)(((n) + 127) << 23))

// e^(x + rest) = 2^n (1 + fraction), where the rest is what rounding left of x.
// Cephes' expf: x = n ln 2 + r with |r| at most half of ln 2, and a polynomial of r.
INLINED void parted_power(const floats *x, const floats *rest, floats *fraction, ints *n) {
    // Adding 1.5 · 2²³ rounds to an integer and leaves it in the last bits.
    floats shifted = *x * 1.44269504f + 12582912.0f;
    floats whole = shifted - 12582912.0f;
    floats r = *x - whole * 0.693359375f;
    r = r + whole * 2.12194440e-4f + *rest;
    floats p = ((((1.9875691500e-4f * r + 1.3981999507e-3f) * r + 8.3334519073e-3f) * r + 4.1665795894e-2f) * r +
                1.6666665459e-1f) * r + 5.0000001201e-1f;
    *fraction = p * r * r + r;
    *n = (ints)shifted - 0x4B400000;
}

// e to the power of x over the whole range: from the least number that there is to infinity. The power of two is
// multiplied in two steps, because neither the greatest nor the least of them is a number.
INLINED void power_of_e(floats *x) {
    floats bounded = AT_LEAST(*x, -110.0f), none = {0}, fraction;
    bounded = AT_MOST(bounded, 100.0f);
    ints n;
    parted_power(&bounded, &none, &fraction, &n);
    ints half = n >> 1;
    *x = (1.0f + fraction) * POWER_OF_TWO(half) * POWER_OF_TWO(n - half);
}

// The same of x + rest where that is not above 0, nor below -120.
INLINED void small_power_of_e(floats *x, const floats *rest) {
    floats fraction;
    ints n;
    parted_power(x, rest, &fraction, &n);
    // By way of what is certain to be normal.
    *x = (1.0f + fraction) * POWER_OF_TWO(n + 64) * 0x1p-64f;
}

// e to the power of -|x|.
INLINED void falling_power(floats *x) {
    floats none = {0};
    *x = -MAGNITUDE(*x);
    *x = AT_LEAST(*x, -110.0f);
    small_power_of_e(x, &none);
}

// The logistic function of x, and what is left to 1: both of the small power, so that neither loses its digits.
INLINED void logistic(floats *x, floats *rest) {
    floats power = *x;
    falling_power(&power);
    floats above = 1.0f / (1.0f + power), below = power * above;
    *rest = CHOSEN(*x < 0.0f, above, below);
    *x = CHOSEN(*x < 0.0f, below, above);
}

// By e^-2|x| - 1, which is never rounded to 0: near zero it is all there is.
INLINED void hyperbolic_tangent(floats *x) {
    floats power = MAGNITUDE(*x) * -2.0f, none = {0}, fraction;
    power = AT_LEAST(power, -20.0f);
    ints n;
    parted_power(&power, &none, &fraction, &n);
    floats scale = POWER_OF_TWO(n);
    floats less_one = fraction * scale + (scale - 1.0f);
    floats size = less_one / (less_one + 2.0f);
    *x = (floats)(((ints)size & 0x7FFFFFFF) | ((ints)*x & ~0x7FFFFFFF));
}

// log(1 + e^x). The logarithm of 1 + z is twice the inverse hyperbolic tangent of z / (2 + z), which keeps the digits
// of a small z; a polynomial fitted in f64 over [0, 1/3], good to 6e-10.
INLINED void softplus(floats *x) {
    floats z = *x;
    falling_power(&z);
    floats s = z / (2.0f + z), q = s * s;
    floats series = (((0.121450126f * q + 0.10715295f) * q + 0.14308307f) * q + 0.19999444f) * q + 0.33333337f;
    *x = AT_LEAST(*x, 0.0f) + 2.0f * (s * q * series + s);
}

// FreeBSD's logf: x = 2^k (1 + f) with 1 + f between √½ and √2; the logarithm of 1 + f by a polynomial of f / (2 + f).
INLINED void natural_logarithm(floats *x) {
    ints is_small = (ints)(*x < 1.17549435e-38f);
    floats v = CHOSEN(is_small, *x * 8388608.0f, *x);
    ints bits = (ints)v + (0x3F800000 - 0x3F3504F3);
    ints k = (bits >> 23) - 127 - (is_small & 23);
    floats f = (floats)((bits & 0x007FFFFF) + 0x3F3504F3) - 1.0f;
    floats s = f / (2.0f + f), z = s * s, w = z * z;
    floats series = z * (w * 0.28498786688f + 0.66666662693f) + w * (w * 0.24279078841f + 0.40000972152f);
    floats half_square = 0.5f * f * f, n = __builtin_convertvector(k, floats);
    floats value = s * (half_square + series) + n * 9.0580006145e-06f - half_square + f + n * 6.9313812256e-01f;
    // Infinity and NaN are their own logarithms; that of 0 is minus infinity, and below there is none.
    value = CHOSEN(*x <= 3.40282347e38f, value, *x);
    value = CHOSEN(*x == 0.0f, ALL(-__builtin_inff()), value);
    *x = CHOSEN(*x < 0.0f, ALL(__builtin_nanf("")), value);
}

// e^(-x²/2), and how much Φ(-|x|) is of it. Where Φ is close to 0, 1 + erf has no digit left; this ratio falls from ½
// like 1 / |x|, and a quotient of two polynomials gives it over the whole range. They are fitted in f64 for the least
// relative error on [0, 15], which is 1.2e-8 with coefficients of single precision; beyond, Φ is 0.
INLINED void normal_tail(const floats *x, floats *power, floats *ratio) {
    floats a = MAGNITUDE(*x);
    a = AT_MOST(a, 15.0f);
    floats top = (((4.1219248e-3f * a + 4.068695e-2f) * a + 1.8341699e-1f) * a + 4.3857646e-1f) * a + 0.5f;
    floats bottom = ((((1.033202e-2f * a + 1.0199328e-1f) * a + 4.6994385e-1f) * a + 1.2033168f) * a + 1.6750377f) * a +
                    1.0f;
    *ratio = top / bottom;
    // What rounding takes from the square is little beside it, but not in an exponent. (With FMA this difference is one
    // operation and exact; without it is 0, and far below zero some digits are missing.)
    floats half = a * -0.5f, square = a * half, rest = a * half - square;
    *power = square;
    small_power_of_e(power, &rest);
}

// x Φ(x); as the formula has it there is no value at minus infinity.
INLINED void gelu(floats *x) {
    floats power, ratio, bounded = AT_MOST(*x, 15.0f);
    normal_tail(x, &power, &ratio);
    *x = AT_LEAST(*x, 0.0f) - MAGNITUDE(bounded) * (power * ratio);
}

// Φ(x) + x φ(x), where φ(x) = e^(-x²/2) / √(2π).
INLINED void gelu_slope(const floats *x, floats *slope) {
    floats power, ratio;
    normal_tail(x, &power, &ratio);
    floats below = power * (ratio - MAGNITUDE(*x) * 0.39894228f);
    *slope = CHOSEN(*x < 0.0f, below, 1.0f - below);
}

// What the tanh form multiplies x by, the logistic function of u = 2 √(2 / π) (x + 0.044715 x³), what is left to 1, and
// the slope of u.
INLINED void tanh_gelu_share(const floats *x, floats *share, floats *rest, floats *slope) {
    floats a = MAGNITUDE(*x);
    a = AT_MOST(a, 15.0f);
    floats square = a * a;
    // u is as large as its exponential is small: both factors keep what rounding takes from them, as above.
    floats cubic = 0.044715f * square + 1.0f;
    floats cubic_rest = 0.044715f * square + (1.0f - cubic) + (0.044715f * (a * a - square) + 1.5461445e-9f * square);
    floats scaled = -1.5957692f * a, scaled_rest = -1.5957692f * a - scaled + 4.534068e-8f * a;
    floats power = scaled * cubic, power_rest = scaled * cubic - power + (scaled * cubic_rest + scaled_rest * cubic);
    power = AT_LEAST(power, -110.0f);
    small_power_of_e(&power, &power_rest);
    floats above = 1.0f / (1.0f + power), below = power * above;
    *share = CHOSEN(*x < 0.0f, below, above);
    *rest = CHOSEN(*x < 0.0f, above, below);
    *slope = 0.21406445f * square + 1.5957692f;
}

// The function at x. `kind` is a constant wherever this is called, and the branches are gone.
INLINED void value_at(aviary_function kind, float low, float high, floats *x) {
    floats v = *x, rest, slope;
    switch (kind) {
    case AVIARY_ABSOLUTE: *x = MAGNITUDE(v); break;
    case AVIARY_CLAMP:
        v = AT_LEAST(v, low);
        *x = AT_MOST(v, high);
        break;
    case AVIARY_EXPONENTIAL: power_of_e(x); break;
    case AVIARY_GELU: gelu(x); break;
    case AVIARY_HARDSWISH:
        v = CHOSEN(v < 3.0f, v * (v + 3.0f) / 6.0f, v);
        *x = WHERE(~(ints)(*x <= -3.0f), v);
        break;
    case AVIARY_LEAKY_RELU: *x = CHOSEN(v > 0.0f, v, v * low); break;
    case AVIARY_LOGARITHM: natural_logarithm(x); break;
    case AVIARY_RECIPROCAL_SQUARE_ROOT: *x = 1.0f / __builtin_elementwise_sqrt(v); break;
    case AVIARY_RELU: *x = AT_LEAST(v, 0.0f); break;
    case AVIARY_RELU6:
        v = AT_LEAST(v, 0.0f);
        *x = AT_MOST(v, 6.0f);
        break;
    case AVIARY_SIGMOID: logistic(x, &rest); break;
    case AVIARY_SILU:
        logistic(x, &rest);
        *x *= v;
        break;
    case AVIARY_SOFTPLUS: softplus(x); break;
    case AVIARY_SQUARE_ROOT: *x = __builtin_elementwise_sqrt(v); break;
    case AVIARY_TANH: hyperbolic_tangent(x); break;
    case AVIARY_TANH_GELU:
        tanh_gelu_share(&v, x, &rest, &slope);
        *x *= v;
        break;
    }
}

// Brings the gradient of the function back to its argument. `kept` is the output of an exponential, ReLU, sigmoid or
// tanh, of others the argument.
INLINED void gradient_at(aviary_function kind, float low, float high, const floats *kept, floats *gradient) {
    floats x = *kept, share, rest, slope;
    switch (kind) {
    case AVIARY_ABSOLUTE: *gradient *= WHERE(x > 0.0f, ALL(1.0f)) - WHERE(x < 0.0f, ALL(1.0f)); break;
    case AVIARY_CLAMP: *gradient *= WHERE((x >= low) & (x <= high), ALL(1.0f)); break;
    case AVIARY_EXPONENTIAL: *gradient *= x; break;
    case AVIARY_GELU:
        gelu_slope(kept, &slope);
        *gradient *= slope;
        break;
    case AVIARY_HARDSWISH:
        slope = CHOSEN(x < 3.0f, x / 3.0f + 0.5f, ALL(1.0f));
        *gradient *= WHERE(~(ints)(x <= -3.0f), slope);
        break;
    case AVIARY_LEAKY_RELU: *gradient *= CHOSEN(x > 0.0f, ALL(1.0f), ALL(low)); break;
    case AVIARY_LOGARITHM: *gradient /= x; break;
    case AVIARY_RECIPROCAL_SQUARE_ROOT: *gradient *= -0.5f / (x * __builtin_elementwise_sqrt(x)); break;
    // Not where it is greater: what comes back to a NaN passes.
    case AVIARY_RELU: *gradient = WHERE(~(ints)(x <= 0.0f), *gradient); break;
    case AVIARY_RELU6: *gradient = WHERE(~(ints)((x <= 0.0f) | (x >= 6.0f)), *gradient); break;
    case AVIARY_SIGMOID: *gradient *= x * (1.0f - x); break;
    case AVIARY_SILU:
        share = x;
        logistic(&share, &rest);
        *gradient *= share * (1.0f + x * rest);
        break;
    case AVIARY_SOFTPLUS:
        logistic(&x, &rest);
        *gradient *= x;
        break;
    case AVIARY_SQUARE_ROOT: *gradient *= 0.5f / __builtin_elementwise_sqrt(x); break;
    case AVIARY_TANH: *gradient *= 1.0f - x * x; break;
    case AVIARY_TANH_GELU:
        tanh_gelu_share(kept, &share, &rest, &slope);
        *gradient *= share * (1.0f + x * rest * slope);
        break;
    }
}
