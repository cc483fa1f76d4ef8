/* What shap_by_table.py and shap_by_leaf.py do, compiled: the same numbers to the last bit.

   Every sum adds the same terms in the same order as there, and nothing may be contracted or
   reordered (-ffp-contract=off, no -ffast-math). contributions.py checks types and shapes, gives all
   memory, and describes the structures below once more; they must say the same. */

#include <math.h>
#include <stdint.h>
#include <string.h>

#define BLOCK 64      /* leaves worked on together: a multiple of every vector's length */
#define MOST_SLOTS 32 /* features above a leaf: the bits of a mask */
#define MOST_ROWS 1024 /* in one call of explain_by_tables */
#define NEVER_LEFT 65535

typedef double four __attribute__((vector_size(32), aligned(8)));
typedef double two __attribute__((vector_size(16), aligned(8)));

/* Sets of categories: row k of `left` holds whether each of `codes` categories goes left. */
typedef struct {
    int64_t codes;
    const uint8_t *left;
} categories;

/* Ranks (threshold_ranks.py), LeafGroups (leaf_groups.py) and GroupTables (group_tables.py). */
typedef struct {
    int64_t features, columns, groups;
    double zero;
    categories sets;
    const double *thresholds;
    const int32_t *scale_start, *feature, *scale;
    const uint8_t *nan_left, *zero_is_missing;
    const int32_t *category_set;
    const int64_t *bit_start;    /* (groups + 1) */
    const int32_t *bit_column;   /* of each bit: the column of ranks it reads, */
    const uint16_t *bit_rank;    /* and the highest rank on the left */
    const int64_t *table_start, *sum_start; /* (groups), (groups + 1) */
    const int32_t *sum;          /* of each table column: the row of `sums` it is added to */
    const double *values;
} tables;

/* Nodes of the forest (forest.py) and the classes of leaves (shap_by_leaf.py), one after the other. */
typedef struct {
    int64_t features, nodes, leaves, trees, classes;
    double zero;
    categories sets;
    const int32_t *feature;
    const double *threshold;
    const uint8_t *nan_left, *zero_is_missing, *categorical, *slot;
    const int32_t *left, *right, *root;
    const double *leaf_value;
    const int64_t *class_slots, *class_leaves; /* (classes) */
    const int32_t *class_leaf;   /* the leaves of all classes */
    const double *class_value;   /* their values */
    const double *ratio;         /* by class, slot, leaf */
    const int32_t *place_feature; /* by class, leaf, slot */
    const double *points, *weights; /* the rules of all classes */
} leaves;

static int in_set(const categories *sets, int32_t row, double value) {
    if (!(value > -1 && value < (double)sets->codes)) return 0; /* NaN too */
    return sets->left[row * sets->codes + (int64_t)value];
}

/* How many of n ascending thresholds are below the value; no branches to mispredict. */
static uint32_t rank_of(const double *thresholds, uint32_t n, double value) {
    const double *from = thresholds;
    while (n > 1) {
        uint32_t half = n / 2;
        from += (from[half - 1] < value) * half;
        n -= half;
    }
    return (uint32_t)(from - thresholds) + (n == 1 && from[0] < value);
}

/* Ranks.encode: codes (columns, stride) of n rows. */
static void encode(const tables *t, const double *rows, int64_t n, int64_t stride,
                   uint16_t *codes) {
    uint16_t ranks[MOST_ROWS]; /* on the last scale, before missing values are set */
    int32_t ranked = -1;
    for (int64_t v = 0; v < t->columns; v++) {
        const double *values = rows + t->feature[v];
        uint16_t *code = codes + v * stride;
        int32_t scale = t->scale[v];
        if (scale < 0) {
            for (int64_t r = 0; r < n; r++)
                code[r] = !in_set(&t->sets, t->category_set[v], values[r * t->features]);
            continue;
        }
        if (scale != ranked) {
            const double *from = t->thresholds + t->scale_start[scale];
            uint32_t length = (uint32_t)(t->scale_start[scale + 1] - t->scale_start[scale]);
            for (int64_t r = 0; r < n; r++)
                ranks[r] = (uint16_t)rank_of(from, length, values[r * t->features]);
            ranked = scale;
        }
        uint16_t side = t->nan_left[v] ? 0 : NEVER_LEFT;
        double zero = t->zero_is_missing[v] ? t->zero : -1;
        for (int64_t r = 0; r < n; r++) {
            double value = values[r * t->features];
            code[r] = value != value || fabs(value) <= zero ? side : ranks[r];
        }
    }
}

/* Add four columns of the table rows that the patterns name. */
static void add_four(const double *table, int64_t width, const uint16_t *pattern, int64_t n,
                     double *const sums[4]) {
    for (int64_t r = 0; r < n; r += 4) {
        four a = *(const four *)(table + pattern[r] * width);
        four b = *(const four *)(table + pattern[r + 1] * width);
        four c = *(const four *)(table + pattern[r + 2] * width);
        four d = *(const four *)(table + pattern[r + 3] * width);
        four ab_low = __builtin_shufflevector(a, b, 0, 4, 2, 6);
        four ab_high = __builtin_shufflevector(a, b, 1, 5, 3, 7);
        four cd_low = __builtin_shufflevector(c, d, 0, 4, 2, 6);
        four cd_high = __builtin_shufflevector(c, d, 1, 5, 3, 7);
        *(four *)(sums[0] + r) += __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
        *(four *)(sums[1] + r) += __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
        *(four *)(sums[2] + r) += __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
        *(four *)(sums[3] + r) += __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
    }
}

static void add_two(const double *table, int64_t width, const uint16_t *pattern, int64_t n,
                    double *const sums[2]) {
    for (int64_t r = 0; r < n; r += 2) {
        two a = *(const two *)(table + pattern[r] * width);
        two b = *(const two *)(table + pattern[r + 1] * width);
        *(two *)(sums[0] + r) += __builtin_shufflevector(a, b, 0, 2);
        *(two *)(sums[1] + r) += __builtin_shufflevector(a, b, 1, 3);
    }
}

static void add_group(const tables *t, int64_t group, const uint16_t *codes, int64_t stride,
                      uint16_t *pattern, double *sums) {
    memset(pattern, 0, (size_t)stride * sizeof *pattern);
    int64_t first = t->bit_start[group];
    for (int64_t bit = first; bit < t->bit_start[group + 1]; bit++) {
        const uint16_t *code = codes + t->bit_column[bit] * stride;
        uint16_t rank = t->bit_rank[bit], mask = (uint16_t)(1 << (bit - first));
        for (int64_t r = 0; r < stride; r++) pattern[r] |= code[r] <= rank ? mask : 0;
    }
    const double *table = t->values + t->table_start[group];
    const int32_t *sum = t->sum + t->sum_start[group];
    int64_t width = t->sum_start[group + 1] - t->sum_start[group], column = 0;
    for (; column < width; column += 4) {
        double *to[4];
        int64_t some = width - column < 4 ? 2 : 4;
        for (int64_t k = 0; k < some; k++) to[k] = sums + sum[column + k] * stride;
        if (some == 4) add_four(table + column, width, pattern, stride, to);
        else add_two(table + column, width, pattern, stride, to);
    }
}

/* ContributionTables.explain of n rows, at most MOST_ROWS. Work space: codes (columns, stride), pattern
   (stride) and sums (features + 2, stride), where stride is n rounded up to a multiple of 4.
   Contributions may be null. */
void explain_by_tables(const tables *t, const double *rows, int64_t n, double *margins,
                       double *contributions, uint16_t *codes, uint16_t *pattern, double *sums) {
    int64_t stride = (n + 3) / 4 * 4, features = t->features;
    memset(codes, 0, (size_t)(t->columns * stride) * sizeof *codes);
    memset(sums, 0, (size_t)((features + 2) * stride) * sizeof *sums);
    encode(t, rows, n, stride, codes);
    for (int64_t group = 0; group < t->groups; group++)
        add_group(t, group, codes, stride, pattern, sums);
    memcpy(margins, sums + features * stride, (size_t)n * sizeof *margins);
    if (!contributions) return;
    for (int64_t r = 0; r < n; r++)
        for (int64_t f = 0; f < features; f++) contributions[r * features + f] = sums[f * stride + r];
}

static int goes_left(const leaves *t, int64_t node, const double *row) {
    double value = row[t->feature[node]], threshold = t->threshold[node];
    if (t->categorical[node]) return in_set(&t->sets, (int32_t)threshold, value);
    int missing = value != value || (t->zero_is_missing[node] && fabs(value) <= t->zero);
    return missing ? t->nan_left[node] : value <= threshold;
}

/* Which slots of each leaf (and, on the way, of each node) the row does not satisfy, as bits. */
static void find_misses(const leaves *t, const double *row, uint32_t *at_node, uint32_t *at_leaf) {
    for (int64_t k = 0; k < t->trees; k++) {
        int32_t root = t->root[k];
        *(root >= 0 ? at_node + root : at_leaf + ~root) = 0;
    }
    for (int64_t node = 0; node < t->nodes; node++) { /* parents come before their children */
        int left = goes_left(t, node, row);
        uint32_t above = at_node[node], missed = above | (uint32_t)1 << t->slot[node];
        int32_t l = t->left[node], r = t->right[node];
        *(l >= 0 ? at_node + l : at_leaf + ~l) = left ? above : missed;
        *(r >= 0 ? at_node + r : at_leaf + ~r) = left ? missed : above;
    }
}

/* Add what n leaves, at most BLOCK of a class of m, contribute. ratio is (slots, m), feature (n,
   slots): see LeafClass. */
static void add_leaves(int64_t slots, int64_t n, int64_t m, const int32_t *leaf,
                       const double *value, const double *ratio, const int32_t *feature,
                       const double *points, const double *weights, const uint32_t *misses,
                       double *sums) {
    double kept[MOST_SLOTS][BLOCK], own[MOST_SLOTS][BLOCK], integral[MOST_SLOTS][BLOCK];
    double factor[MOST_SLOTS][BLOCK], others[MOST_SLOTS][BLOCK];
    for (int64_t s = 0; s < slots; s++) {
        memset(integral[s], 0, sizeof integral[s]);
        memset(kept[s], 0, sizeof kept[s]);
        memset(own[s], 0, sizeof own[s]);
        memcpy(own[s], ratio + s * m, (size_t)n * sizeof(double));
        for (int64_t l = 0; l < n; l++) kept[s][l] = (double)(1 - (misses[leaf[l]] >> s & 1));
    }
    for (int64_t q = 0; q < slots / 2; q++) {
        double point = points[q], rest = 1 - points[q], weight = weights[q], after[BLOCK];
        for (int64_t s = 0; s < slots; s++)
            for (int l = 0; l < BLOCK; l++) {
                others[s][l] = s ? others[s - 1][l] * factor[s - 1][l] : 1;
                factor[s][l] = rest * own[s][l] + point * kept[s][l];
            }
        for (int l = 0; l < BLOCK; l++) after[l] = 1;
        for (int64_t s = slots - 1; s >= 0; s--)
            for (int l = 0; l < BLOCK; l++) {
                integral[s][l] += weight * (others[s][l] * after[l]);
                after[l] *= factor[s][l];
            }
    }
    for (int64_t l = 0; l < n; l++)
        for (int64_t s = 0; s < slots; s++)
            sums[feature[l * slots + s]] += value[l] * (kept[s][l] - own[s][l]) * integral[s][l];
}

/* LeafExplainer.explain of n rows. Work space: at_node (nodes), at_leaf (leaves), sums (features +
   1). Contributions may be null. */
void explain_by_leaf(const leaves *t, const double *rows, int64_t n, double *margins,
                     double *contributions, uint32_t *at_node, uint32_t *at_leaf, double *sums) {
    for (int64_t r = 0; r < n; r++, rows += t->features) {
        find_misses(t, rows, at_node, at_leaf);
        margins[r] = 0;
        for (int64_t l = 0; l < t->leaves; l++)
            if (!at_leaf[l]) margins[r] += t->leaf_value[l];
        if (!contributions) continue;
        memset(sums, 0, (size_t)(t->features + 1) * sizeof *sums);
        int64_t done = 0, place = 0, rule = 0;
        for (int64_t k = 0; k < t->classes; k++) {
            int64_t slots = t->class_slots[k], m = t->class_leaves[k];
            for (int64_t l = 0; l < m; l += BLOCK)
                add_leaves(slots, m - l < BLOCK ? m - l : BLOCK, m, t->class_leaf + done + l,
                           t->class_value + done + l, t->ratio + place + l,
                           t->place_feature + place + l * slots, t->points + rule,
                           t->weights + rule, at_leaf, sums);
            done += m;
            place += slots * m;
            rule += slots / 2;
        }
        memcpy(contributions + r * t->features, sums, (size_t)t->features * sizeof *sums);
    }
}
