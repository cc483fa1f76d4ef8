/* What leaf_groups.py and group_tables.py do, compiled: the same groups, and the same tables to the
   last bit. See kernel.c. */

#include <stdint.h>
#include <string.h>

#define LONGEST_PATH 10
#define MOST_BITS 16 /* splits of a group */
#define MOST_OUTCOMES (1 << LONGEST_PATH)
#define MOST_ROWS MOST_OUTCOMES /* of a table */
#define MOST_WIDTH 18           /* for the features of 16 splits, a leaf's value, and a zero */

/* What a group costs when rows are explained: as in leaf_groups.py. */
#define COST_OF_A_COLUMN 10000
#define COST_OF_A_NUMBER 80
#define COST_OF_A_BIT 3000

typedef double four __attribute__((vector_size(32), aligned(8)));
typedef double two __attribute__((vector_size(16), aligned(8)));

/* Leaves of groups (leaf_groups.py): of each, S slots of which the first `slots` are used. */
typedef struct {
    int64_t wide;                     /* S */
    const int64_t *leaf_start, *bit_start, *feature_start, *table_start, *rows, *width; /* by group */
    const uint16_t *step, *sides, *above; /* by split: left of it are r / step % sides > above */
    const int64_t *slots;             /* by leaf, as all below */
    const double *value, *ratio;      /* (leaves), (leaves, S) */
    const int32_t *column;            /* (leaves, S) */
    const uint16_t *reads, *wants;    /* (leaves, S): bits of a pattern, and which must be set */
    const double *points, *weights;   /* (LONGEST_PATH + 1, LONGEST_PATH): the rule for d slots */
} group_leaves;

typedef struct {
    double shares[MOST_OUTCOMES * MOST_WIDTH]; /* by outcome, a row of the table for each */
    double integrals[LONGEST_PATH][MOST_OUTCOMES / 2];
    double above[LONGEST_PATH][MOST_OUTCOMES], below[MOST_OUTCOMES];
    uint16_t pattern[MOST_ROWS], outcome[MOST_ROWS];
} space;

/* to (high, low) += above (high) * below (low). */
static inline void add_outer(double *to, const double *above, int64_t high, const double *below,
                             int64_t low) {
    for (int64_t h = 0; h < high; h++)
        for (int64_t l = 0; l < low; l++) to[h * low + l] += above[h] * below[l];
}

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
        double *to = s->integrals[k];
        const double *above = s->above[k], *below = s->below;
        if (low == 1) add_outer(to, above, high, below, 1); /* no loop of one or two */
        else if (low == 2) add_outer(to, above, high, below, 2);
        else if (low == 4) add_outer(to, above, high, below, 4);
        else add_outer(to, above, high, below, low);
        for (int64_t l = 0; l < low; l++) {
            s->below[low + l] = s->below[l] * on[k];
            s->below[l] *= off[k];
        }
    }
}

/* leaf_shares of one leaf with d slots, in the columns of its group's table. */
static void find_shares(space *s, int64_t d, const double *ratio, double value,
                        const double *points, const double *weights, const int32_t *column,
                        int64_t width) {
    for (int64_t k = 0; k < d; k++)
        memset(s->integrals[k], 0, sizeof(double) << (d - 1));
    for (int64_t q = 0; q < (d + 1) / 2; q++)
        add_products(s, d, ratio, points[q], weights[q] * value);
    memset(s->shares, 0, sizeof(double) * (size_t)width << d);
    for (int64_t k = 0; k < d; k++) {
        int64_t low = (int64_t)1 << k, high = (int64_t)1 << (d - 1 - k);
        double *shares = s->shares + column[k];
        for (int64_t h = 0; h < high; h++)
            for (int64_t l = 0; l < low; l++) {
                double others = s->integrals[k][h * low + l];
                shares[(2 * h * low + l) * width] = others * -ratio[k];
                shares[((2 * h + 1) * low + l) * width] = others * (1 - ratio[k]);
            }
    }
}

/* LeafGroups.patterns of one group. */
static void find_patterns(const group_leaves *t, uint16_t *pattern, int64_t group) {
    int64_t rows = t->rows[group], first = t->bit_start[group];
    memset(pattern, 0, (size_t)rows * sizeof *pattern);
    for (int64_t bit = first; bit < t->bit_start[group + 1]; bit++) {
        int64_t step = t->step[bit], whole = step * t->sides[bit];
        uint16_t mask = (uint16_t)(1 << (bit - first));
        for (int64_t from = 0; from < rows; from += whole)
            for (int64_t row = (t->above[bit] + 1) * step; row < whole; row++)
                pattern[from + row] |= mask;
    }
}

static void add_leaf(const group_leaves *t, space *s, int64_t group, int64_t leaf, double *table) {
    int64_t d = t->slots[leaf], first = leaf * t->wide, width = t->width[group];
    int64_t rows = t->rows[group];
    int64_t margin = t->feature_start[group + 1] - t->feature_start[group];
    find_shares(s, d, t->ratio + first, t->value[leaf], t->points + d * LONGEST_PATH,
                t->weights + d * LONGEST_PATH, t->column + first, width);
    s->shares[(((int64_t)1 << d) - 1) * width + margin] = t->value[leaf];
    memset(s->outcome, 0, (size_t)rows * sizeof *s->outcome);
    for (int64_t k = 0; k < d; k++) {
        uint16_t reads = t->reads[first + k], wants = t->wants[first + k], bit = (uint16_t)(1 << k);
        for (int64_t r = 0; r < rows; r++)
            s->outcome[r] |= (s->pattern[r] & reads) == wants ? bit : 0;
    }
    for (int64_t r = 0; r < rows; r++, table += width) {
        const double *shares = s->shares + s->outcome[r] * width;
        int64_t k = 0;
        for (; k + 4 <= width; k += 4) *(four *)(table + k) += *(const four *)(shares + k);
        if (k < width) *(two *)(table + k) += *(const two *)(shares + k);
    }
}

int64_t space_needed(void) { return sizeof(space); }

/* GroupTables._fill of some groups; `values` are all tables. */
void fill_tables(const group_leaves *t, int64_t from, int64_t to, double *values, space *s) {
    for (int64_t group = from; group < to; group++) {
        find_patterns(t, s->pattern, group);
        for (int64_t d = 0; d <= LONGEST_PATH; d++)
            for (int64_t leaf = t->leaf_start[group]; leaf < t->leaf_start[group + 1]; leaf++)
                if (t->slots[leaf] == d)
                    add_leaf(t, s, group, leaf, values + t->table_start[group]);
    }
}

/* The splits above leaves (leaf_groups.py), a path of `deep` places each: what a split compares
   (column << 16 | rank) and the feature it reads. */
typedef struct {
    int64_t leaves, deep, most_rows;
    const int32_t *length, *known; /* of each path; and what it shares with the leaf before */
    const uint8_t *opens;          /* a tree */
    const int64_t *split;          /* (leaves, deep) */
    const int32_t *feature;
} leaf_runs;

typedef struct {
    int64_t bits, rows, splits, features;
    int64_t split[MOST_BITS];
    int32_t feature[MOST_BITS];
} run;

/* _Run.add: whether the run is small enough with these splits as well. */
static int add_splits(run *group, const int64_t *split, const int32_t *feature, int64_t n,
                      int64_t most_rows) {
    group->bits += n;
    if (group->bits > MOST_BITS) return 0;
    for (int64_t s = 0; s < n; s++) {
        int64_t sides = 1, place = 0;
        for (; place < group->splits && group->split[place] != split[s]; place++)
            sides += group->split[place] >> 16 == split[s] >> 16;
        if (place < group->splits) continue;
        group->rows = group->rows / sides * (sides + 1);
        group->split[group->splits++] = split[s];
        for (place = 0; place < group->features && group->feature[place] != feature[s];) place++;
        if (place == group->features) group->feature[group->features++] = feature[s];
    }
    return group->rows <= most_rows;
}

static int64_t cost_of(const run *group) {
    int64_t width = (group->features + 2) / 2 * 2;
    return width * (COST_OF_A_COLUMN + COST_OF_A_NUMBER * group->rows) + COST_OF_A_BIT * group->bits;
}

/* _cheapest_runs: set `opens` where a group begins. Work space: cost and begins, (leaves + 1). */
void open_groups(const leaf_runs *t, uint8_t *opens, int64_t *cost, int64_t *begins) {
    memset(opens, 0, (size_t)t->leaves);
    for (int64_t end = 0; end <= t->leaves; end++) cost[end] = INT64_MAX;
    cost[0] = 0;
    for (int64_t first = 0; first < t->leaves; first++) {
        run group = {.rows = 1};
        for (int64_t leaf = first; leaf < t->leaves; leaf++) {
            int64_t from = leaf == first ? 0 : t->known[leaf], place = leaf * t->deep + from;
            if (leaf > first && t->opens[leaf]) break;
            int fits = add_splits(&group, t->split + place, t->feature + place,
                                  t->length[leaf] - from, t->most_rows);
            if (!fits && leaf > first) break;
            int64_t so_far = cost[first] + cost_of(&group);
            if (so_far < cost[leaf + 1]) {
                cost[leaf + 1] = so_far;
                begins[leaf + 1] = first;
            }
        }
    }
    for (int64_t end = t->leaves; end > 0; end = begins[end]) opens[begins[end]] = 1;
}
