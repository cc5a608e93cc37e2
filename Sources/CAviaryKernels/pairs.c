#include "aviary_pairs.h"

#include "vector_loops.h"

// One element of each operand makes one of the result; along an axis an operand may be repeated.

INLINED void operand(const void *numbers, bool repeats, int64_t i, int64_t count, aviary_real kind, floats *x) {
    if (!repeats) {
        take(numbers, i, count, kind, x);
        return;
    }
    load_some(numbers, 0, 1, kind, x);
    *x = (floats){0} + (*x)[0];
}

INLINED void combine_row(
    aviary_operation operation, aviary_real kind, const void *a, bool a_repeats, const void *b, bool b_repeats,
    void *out, int64_t columns) {
    floats left = {0}, right = {0};
    if (a_repeats) operand(a, true, 0, 1, kind, &left);
    if (b_repeats) operand(b, true, 0, 1, kind, &right);
    EACH_VECTOR(0, columns, {
        floats x = left, y = right;
        if (!a_repeats) operand(a, false, i, count, kind, &x);
        if (!b_repeats) operand(b, false, i, count, kind, &y);
        switch (operation) {
        case AVIARY_ADD: x += y; break;
        case AVIARY_SUBTRACT: x -= y; break;
        case AVIARY_MULTIPLY: x *= y; break;
        case AVIARY_DIVIDE: x /= y; break;
        }
        put(out, i, count, kind, &x);
    });
}

INLINED void combine_rows(
    const aviary_pairs *p, aviary_operation operation, aviary_real kind, bool a_repeats, bool b_repeats, const void *a,
    const void *b, void *out, int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
        int64_t rest = row, a_start = 0, b_start = 0;
        for (int axis = p->axis_count - 1; axis >= 0; axis--) {
            int64_t place = rest % p->extents[axis];
            rest /= p->extents[axis];
            a_start += place * p->a_steps[axis];
            b_start += place * p->b_steps[axis];
        }
        combine_row(operation, kind, element(a, a_start, kind), a_repeats, element(b, b_start, kind), b_repeats,
                    element_to_write(out, row * p->columns, kind), p->columns);
    }
}

INLINED void combine(
    const aviary_pairs *p, aviary_operation operation, aviary_real kind, const void *a, const void *b, void *out,
    int64_t begin, int64_t end) {
    if (p->a_repeats) combine_rows(p, operation, kind, true, false, a, b, out, begin, end);
    else if (p->b_repeats) combine_rows(p, operation, kind, false, true, a, b, out, begin, end);
    else combine_rows(p, operation, kind, false, false, a, b, out, begin, end);
}

VECTORISED(
    extern, void, aviary_combine,
    (const aviary_pairs *p, const void *a, const void *b, void *out, int64_t begin, int64_t end),
    (p, a, b, out, begin, end)) {
#define COMBINE(operation)                                                          \
    case operation:                                                                 \
        if (p->kind == BF16) combine(p, operation, BF16, a, b, out, begin, end);    \
        else combine(p, operation, F32, a, b, out, begin, end);                     \
        break
    switch (p->operation) {
        COMBINE(AVIARY_ADD);
        COMBINE(AVIARY_SUBTRACT);
        COMBINE(AVIARY_MULTIPLY);
        COMBINE(AVIARY_DIVIDE);
    }
#undef COMBINE
}

INLINED void scale(const void *a, aviary_real kind, float factor, void *out, int64_t columns) {
    EACH_VECTOR(0, columns, {
        floats x;
        take(a, i, count, kind, &x);
        x *= factor;
        put(out, i, count, kind, &x);
    });
}

VECTORISED(
    extern, void, aviary_scale, (const void *a, aviary_real kind, float factor, void *out, int64_t count),
    (a, kind, factor, out, count)) {
    if (kind == BF16) scale(a, BF16, factor, out, count);
    else scale(a, F32, factor, out, count);
}
