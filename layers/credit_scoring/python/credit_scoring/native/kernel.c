/* What shap_by_table.py and shap_by_leaf.py do, compiled: the same numbers to the last bit.

   Every sum adds the same terms in the same order as there, and nothing may be contracted or
   reordered (-ffp-contract=off, no -ffast-math). contributions.py checks types and shapes, gives all
   memory, and describes the structures below once more; they must say the same. */

#include <math.h>
#include <stdint.h>
#include <string.h>

#define BLOCK 64      /* leaves worked on together: a multiple of every vector's length */
#define MOST_SLOTS 32 /* features above a leaf: the bits of a mask */
#define SOME 64       /* rows whose numbers are compared together */
#define ROWS_A_TURN 512 /* whose places are kept: a multiple of SOME */
#define TILE 8        /* numbers in a line of the cache */
#define FEW 64        /* thresholds */
#define APART 8       /* between the sums of two features, lest they compete for the same places */
#define ALL 65535
#define NEVER_LEFT 65535
#define NO_CATEGORY 65535

typedef double four __attribute__((vector_size(32), aligned(8)));
typedef double two __attribute__((vector_size(16), aligned(8)));
typedef uint16_t many __attribute__((vector_size(32), aligned(2)));
typedef uint32_t many_wide __attribute__((vector_size(64), aligned(4)));
typedef int64_t four_counts __attribute__((vector_size(32)));

/* Sets of categories: row k of `left` holds whether each of `codes` categories goes left. */
typedef struct {
    int64_t codes;
    const uint8_t *left;
} categories;

/* Ranks (threshold_ranks.py), LeafGroups (leaf_groups.py) and GroupTables (group_tables.py). A column
   of codes holds ranks on a scale, or, where the scale is -1, categories. */
typedef struct {
    int64_t features, columns, groups, words; /* words: of 32 categories in each set */
    double zero;
    int64_t categories;          /* in the sets */
    const double *thresholds;
    const int32_t *scale_start, *feature, *scale;
    const uint8_t *nan_left, *zero_is_missing;
    const int64_t *bit_start;    /* (groups + 1) */
    const int32_t *bit_column;   /* of each bit: the column of codes it reads, */
    const uint16_t *bit_rank;    /* the highest rank on the left, */
    const int32_t *bit_set;      /* or the set that is on the left, -1 for none, */
    const uint16_t *bit_weight;  /* and how much further in the table the left is */
    const uint32_t *set_words;   /* (sets, words): a bit for each category */
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

/* Rows (n, features) of which a tile of columns is held one after the other: a row's neighbouring
   numbers share a line of the cache, and are read once. */
typedef struct {
    double values[TILE][SOME];
    int64_t first;
} tile;

static const double *column_of(tile *held, const double *rows, int64_t features, int64_t n,
                               int64_t feature) {
    int64_t first = feature / TILE * TILE, wide = features - first < TILE ? features - first : TILE;
    if (held->first != first) {
        held->first = first;
        for (int64_t r = 0; r < n; r++)
            for (int64_t f = 0; f < wide; f++)
                held->values[f][r] = rows[r * features + first + f];
    }
    return held->values[feature - first];
}

/* How many of the thresholds are below each value, compared one by one: for a few. */
static void count_below(const double *thresholds, int64_t length, const double *values,
                        uint16_t *ranks) {
    for (int64_t r = 0; r < SOME; r += 16) {
        four_counts counts[4] = {{0}, {0}, {0}, {0}};
        for (int64_t t = 0; t < length; t++)
            for (int k = 0; k < 4; k++)
                counts[k] -= *(const four *)(values + r + 4 * k) > thresholds[t]; /* true is -1 */
        for (int k = 0; k < 16; k++) ranks[r + k] = (uint16_t)counts[k / 4][k % 4];
    }
}

/* The same by halving, for all values in step: one value alone would wait for each comparison. */
static void search_below(const double *thresholds, int64_t length, const double *values,
                         uint16_t *ranks) {
    uint32_t n = (uint32_t)length, from[SOME] = {0};
    for (; n > 1; n -= n / 2)
        for (int r = 0; r < SOME; r++)
            from[r] += -(uint32_t)(thresholds[from[r] + n / 2 - 1] < values[r]) & (n / 2);
    for (int r = 0; r < SOME; r++)
        ranks[r] = (uint16_t)(from[r] + (n == 1 && thresholds[from[r]] < values[r]));
}

/* Categories that no set can hold, NaN too, become NO_CATEGORY. */
static void encode_categories(const tables *t, const double *values, uint16_t *code) {
    for (int r = 0; r < SOME; r++) {
        int known = values[r] > -1 && values[r] < (double)t->categories;
        code[r] = known ? (uint16_t)values[r] : NO_CATEGORY;
    }
}

/* Ranks.encode of SOME rows, of which n are there; a column of codes is `stride` long. */
static void encode_some(const tables *t, const double *rows, int64_t n, int64_t stride,
                        uint16_t *codes) {
    static const double nothing[SOME];
    tile held = {.first = -1};
    uint16_t ranks[SOME], unknown[SOME], none[SOME]; /* of the last scale; all bits or none */
    int32_t ranked = -1;
    for (int64_t f = 0; f < TILE; f++) memcpy(held.values[f], nothing, sizeof nothing);
    for (int64_t v = 0; v < t->columns; v++) {
        const double *values = column_of(&held, rows, t->features, n, t->feature[v]);
        uint16_t code[SOME];
        int32_t scale = t->scale[v];
        if (scale < 0) {
            encode_categories(t, values, code);
        } else {
            if (scale != ranked) {
                const double *from = t->thresholds + t->scale_start[scale];
                int64_t length = t->scale_start[scale + 1] - t->scale_start[scale];
                (length > FEW ? search_below : count_below)(from, length, values, ranks);
                for (int r = 0; r < SOME; r++) {
                    unknown[r] = values[r] != values[r] ? ALL : 0;
                    none[r] = fabs(values[r]) <= t->zero ? ALL : 0;
                }
                ranked = scale;
            }
            uint16_t side = t->nan_left[v] ? 0 : NEVER_LEFT, zero = t->zero_is_missing[v] ? ALL : 0;
            for (int r = 0; r < SOME; r++) {
                uint16_t missing = unknown[r] | (none[r] & zero);
                code[r] = (uint16_t)((ranks[r] & ~missing) | (side & missing));
            }
        }
        memcpy(codes + v * stride, code, sizeof code);
    }
}

/* Where in a group's table each row's pattern stands, for SOME rows. */
static void find_places(const tables *t, int64_t group, const uint16_t *codes, int64_t stride,
                        uint16_t *place) {
    many found[SOME / 16] = {{0}};
    for (int64_t bit = t->bit_start[group]; bit < t->bit_start[group + 1]; bit++) {
        const many *code = (const many *)(codes + t->bit_column[bit] * stride);
        many weight = (many){0} + t->bit_weight[bit], rank = (many){0} + t->bit_rank[bit];
        if (t->bit_set[bit] < 0) {
            for (int k = 0; k < SOME / 16; k++) found[k] += (many)(code[k] <= rank) & weight;
            continue;
        }
        const uint32_t *words = t->set_words + t->bit_set[bit] * t->words;
        for (uint16_t w = 0; w < t->words; w++) {
            if (!words[w]) continue;
            for (int k = 0; k < SOME / 16; k++) {
                many_wide place_in = __builtin_convertvector(code[k] & 31, many_wide);
                many_wide held = (((many_wide){0} + words[w]) >> place_in) & 1;
                many in_word = (many)(code[k] >> 5 == (many){0} + w);
                found[k] += -__builtin_convertvector(held, many) & in_word & weight;
            }
        }
    }
    memcpy(place, found, sizeof found);
}

/* Add four columns of the table rows that begin at these places. */
static void add_four(const double *table, const uint16_t *place, int64_t n, double *const sums[4]) {
    for (int64_t r = 0; r < n; r += 4) {
        four a = *(const four *)(table + place[r]);
        four b = *(const four *)(table + place[r + 1]);
        four c = *(const four *)(table + place[r + 2]);
        four d = *(const four *)(table + place[r + 3]);
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

static void add_two(const double *table, const uint16_t *place, int64_t n, double *const sums[2]) {
    for (int64_t r = 0; r < n; r += 2) {
        two a = *(const two *)(table + place[r]);
        two b = *(const two *)(table + place[r + 1]);
        *(two *)(sums[0] + r) += __builtin_shufflevector(a, b, 0, 2);
        *(two *)(sums[1] + r) += __builtin_shufflevector(a, b, 1, 3);
    }
}

/* Add a group's table to the sums of some rows, at most ROWS_A_TURN; `apart` is the length of a row
   of sums. Without contributions, only leaf values: one of the last two columns holds them. */
static void add_group(const tables *t, int64_t group, const uint16_t *codes, int64_t stride,
                      int64_t rows, double *sums, int64_t apart, int contributions) {
    uint16_t place[ROWS_A_TURN];
    for (int64_t r = 0; r < rows; r += SOME) find_places(t, group, codes + r, stride, place + r);
    const double *table = t->values + t->table_start[group];
    const int32_t *sum = t->sum + t->sum_start[group];
    int64_t width = t->sum_start[group + 1] - t->sum_start[group];
    for (int64_t column = contributions ? 0 : width - 2; column < width; column += 4) {
        double *to[4];
        int64_t some = width - column < 4 ? 2 : 4;
        for (int64_t k = 0; k < some; k++) {
            int64_t row = sum[column + k];
            if (!contributions && row < t->features) row = t->features + 1; /* for nothing */
            to[k] = sums + row * apart;
        }
        if (some == 4) add_four(table + column, place, rows, to);
        else add_two(table + column, place, rows, to);
    }
}

/* ContributionTables.explain of n rows. Work space: codes (columns, stride) and sums (features + 2,
   stride + APART), where stride is n rounded up to a multiple of SOME. Contributions may be null. */
void explain_by_tables(const tables *t, const double *rows, int64_t n, double *margins,
                       double *contributions, uint16_t *codes, double *sums) {
    int64_t stride = (n + SOME - 1) / SOME * SOME, features = t->features, apart = stride + APART;
    int64_t unused = contributions ? 0 : features * apart;
    memset(sums + unused, 0, (size_t)((features + 2) * apart - unused) * sizeof *sums);
    for (int64_t r = 0; r < n; r += SOME)
        encode_some(t, rows + r * features, n - r < SOME ? n - r : SOME, stride, codes + r);
    for (int64_t group = 0; group < t->groups; group++)
        for (int64_t r = 0; r < stride; r += ROWS_A_TURN) {
            int64_t some = stride - r < ROWS_A_TURN ? stride - r : ROWS_A_TURN;
            add_group(t, group, codes + r, stride, some, sums + r, apart, contributions != 0);
        }
    memcpy(margins, sums + features * apart, (size_t)n * sizeof *margins);
    if (!contributions) return;
    for (int64_t r = 0; r < n; r++)
        for (int64_t f = 0; f < features; f++) contributions[r * features + f] = sums[f * apart + r];
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
