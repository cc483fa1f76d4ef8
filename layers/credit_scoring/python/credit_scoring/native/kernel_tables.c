/* What group_tables.py does, compiled: the same tables to the last bit. See kernel.c. */

#include <stdint.h>
#include <string.h>

#define LONGEST_PATH 10
#define MOST_OUTCOMES (1 << LONGEST_PATH)

/* Leaves of groups (leaf_groups.py): of each, S slots of which the first `slots` are used. */
typedef struct {
    int64_t wide;                     /* S */
    const int64_t *leaf_start, *bit_start, *feature_start, *table_start, *width; /* by group */
    const int64_t *slots;             /* by leaf, as all below */
    const double *value, *ratio;      /* (leaves), (leaves, S) */
    const int32_t *column;            /* (leaves, S) */
    const uint16_t *reads, *wants;    /* (leaves, S): bits of a pattern, and which must be set */
    const double *points, *weights;   /* (LONGEST_PATH + 1, LONGEST_PATH): the rule for d slots */
} group_leaves;

typedef struct {
    double shares[MOST_OUTCOMES][LONGEST_PATH]; /* by outcome and slot */
    double integrals[LONGEST_PATH][MOST_OUTCOMES / 2];
    double above[LONGEST_PATH][MOST_OUTCOMES], below[MOST_OUTCOMES];
    uint16_t outcome[MOST_OUTCOMES];
} space;

/* _add_products: `above` holds the products over the slots above each, `below` grows with them. */
static void add_products(space *s, int64_t d, const double *ratio, double point, double weight) {
    double off[LONGEST_PATH], on[LONGEST_PATH];
    for (int64_t k = 0; k < d; k++) {
        off[k] = (1 - point) * ratio[k];
        on[k] = off[k] + point;
    }
    s->above[d - 1][0] = 1;
    for (int64_t k = d - 1; k > 0; k--)
        for (int64_t h = 0; h < (int64_t)1 << (d - 1 - k); h++) {
            s->above[k - 1][2 * h] = s->above[k][h] * off[k];
            s->above[k - 1][2 * h + 1] = s->above[k][h] * on[k];
        }
    s->below[0] = weight;
    for (int64_t k = 0; k < d; k++) {
        int64_t low = (int64_t)1 << k, high = (int64_t)1 << (d - 1 - k);
        for (int64_t h = 0; h < high; h++)
            for (int64_t l = 0; l < low; l++)
                s->integrals[k][h * low + l] += s->above[k][h] * s->below[l];
        for (int64_t l = 0; l < low; l++) {
            s->below[low + l] = s->below[l] * on[k];
            s->below[l] *= off[k];
        }
    }
}

/* leaf_shares of one leaf with d slots. */
static void find_shares(space *s, int64_t d, const double *ratio, double value,
                        const double *points, const double *weights) {
    for (int64_t k = 0; k < d; k++)
        memset(s->integrals[k], 0, sizeof(double) << (d - 1));
    for (int64_t q = 0; q < (d + 1) / 2; q++)
        add_products(s, d, ratio, points[q], weights[q] * value);
    for (int64_t k = 0; k < d; k++) {
        int64_t low = (int64_t)1 << k, high = (int64_t)1 << (d - 1 - k);
        for (int64_t h = 0; h < high; h++)
            for (int64_t l = 0; l < low; l++) {
                double others = s->integrals[k][h * low + l];
                s->shares[2 * h * low + l][k] = others * -ratio[k];
                s->shares[(2 * h + 1) * low + l][k] = others * (1 - ratio[k]);
            }
    }
}

static void add_leaf(const group_leaves *t, space *s, int64_t group, int64_t leaf, double *table) {
    int64_t d = t->slots[leaf], first = leaf * t->wide, width = t->width[group];
    int64_t patterns = (int64_t)1 << (t->bit_start[group + 1] - t->bit_start[group]);
    int64_t margin = t->feature_start[group + 1] - t->feature_start[group];
    const int32_t *column = t->column + first;
    find_shares(s, d, t->ratio + first, t->value[leaf], t->points + d * LONGEST_PATH,
                t->weights + d * LONGEST_PATH);
    memset(s->outcome, 0, (size_t)patterns * sizeof *s->outcome);
    for (int64_t k = 0; k < d; k++) {
        uint16_t reads = t->reads[first + k], wants = t->wants[first + k], bit = (uint16_t)(1 << k);
        for (int64_t p = 0; p < patterns; p++)
            s->outcome[p] |= ((uint16_t)p & reads) == wants ? bit : 0;
    }
    for (int64_t p = 0; p < patterns; p++, table += width) {
        const double *shares = s->shares[s->outcome[p]];
        for (int64_t k = 0; k < d; k++) table[column[k]] += shares[k];
        if (s->outcome[p] == (1 << d) - 1) table[margin] += t->value[leaf];
    }
}

int64_t space_needed(void) { return sizeof(space); }

/* GroupTables._fill of some groups; `values` are all tables. */
void fill_tables(const group_leaves *t, int64_t from, int64_t to, double *values, space *s) {
    for (int64_t group = from; group < to; group++)
        for (int64_t d = 0; d <= LONGEST_PATH; d++)
            for (int64_t leaf = t->leaf_start[group]; leaf < t->leaf_start[group + 1]; leaf++)
                if (t->slots[leaf] == d)
                    add_leaf(t, s, group, leaf, values + t->table_start[group]);
}
