/* Text cut into records and fields, and fields read as numbers and words: what
   records.py beside it and contract/applicants.py do, compiled. Whatever the bytes, no
   byte outside `text` is read; compiled.py gives all memory. */

#include <stdint.h>
#include <string.h>

#define LONGEST_LINE (1 << 20) /* as in records.py */
#define LONGEST_RECORD (1 << 16)
#define LONGEST_OVER_LINES 8192
#define MOST_LINES 100
#define BAD_QUOTES -1
#define TOO_LONG -2
#define WINDOW 64
#define LONG_NUMBER 4 /* characters of a number from a thousand on */

typedef uint8_t some_bytes __attribute__((vector_size(32)));

typedef struct {
    int64_t length, stop, width, delimiter; /* of the text; where the last record begins; fields */
    int64_t most_records, most_rows;
    const uint8_t *text;
    int64_t *records; /* (most_records, 5): start, end, after, line, count */
    int32_t *spans;   /* (most_rows, width, 2): begin and end of fields without their quotes, of
                         records with `width` fields; ~end where a quote inside is doubled */
} cutting;

typedef struct {
    int64_t start, line, rows; /* where to go on; how many records have spans */
    int64_t skipped;           /* lines of delimiters alone, from the first call on */
} progress;

typedef struct {
    int64_t end, count, lines;
} extent;

typedef struct {
    int64_t start;
    uint64_t marks; /* of WINDOW bytes from there, those that are still to come */
} window;

static int is_newline(uint8_t c) { return c == '\n' || c == '\r'; }

static int64_t after_newline(const cutting *t, int64_t end) {
    if (end >= t->length) return end;
    int pair = t->text[end] == '\r' && end + 1 < t->length && t->text[end + 1] == '\n';
    return end + 1 + pair;
}

static void set_span(const cutting *t, int32_t *spans, int64_t field, int64_t begin, int64_t end,
                     int doubled) {
    if (!spans || field >= t->width) return;
    spans[2 * field] = (int32_t)begin;
    spans[2 * field + 1] = (int32_t)(doubled ? ~end : end);
}

/* Bit k: whether the k-th of WINDOW bytes is a delimiter, a newline or a quote. */
static uint64_t find_marks(const cutting *t, int64_t place) {
    uint8_t held[WINDOW] = {0}; /* no byte that is looked for */
    const uint8_t *text = t->text + place;
    if (t->length - place < WINDOW) text = memcpy(held, text, (size_t)(t->length - place));
    uint64_t found = 0;
    for (int64_t k = 0; k < WINDOW; k += (int64_t)sizeof(some_bytes)) {
        some_bytes c;
        memcpy(&c, text + k, sizeof c);
        some_bytes mark = (some_bytes)((c == (uint8_t)t->delimiter) | (c == '\n') | (c == '\r') |
                                       (c == '"'));
        uint64_t words[sizeof(some_bytes) / 8];
        memcpy(words, &mark, sizeof words);
        for (uint64_t w = 0; w < sizeof words / 8; w++) /* a bit of each byte, side by side */
            found |= ((words[w] & 0x0101010101010101u) * 0x0102040810204080u >> 56) << (k + 8 * w);
    }
    return found;
}

/* The next of those bytes before `limit`; `limit` if there is none. */
static int64_t next_mark(const cutting *t, window *at, int64_t limit) {
    while (!at->marks) {
        at->start += WINDOW;
        if (at->start >= limit) return limit;
        at->marks = find_marks(t, at->start);
    }
    int64_t place = at->start + __builtin_ctzll(at->marks);
    at->marks &= at->marks - 1;
    return place < limit ? place : limit;
}

/* Cut an ordinary line; count 0 if there is a quote in it. The end is at most LONGEST_LINE + 1. */
static extent cut_line(const cutting *t, int64_t start, int32_t *spans) {
    int64_t limit = t->length - start > LONGEST_LINE + 1 ? start + LONGEST_LINE + 1 : t->length;
    int64_t begin = start, count = 0, place;
    window at = {start - WINDOW, 0};
    while ((place = next_mark(t, &at, limit)) < limit && t->text[place] == (uint8_t)t->delimiter) {
        set_span(t, spans, count++, begin, place, 0);
        begin = place + 1;
    }
    if (place < limit && t->text[place] == '"') {
        while (place < limit && !is_newline(t->text[place])) place++;
        return (extent){place, 0, 1};
    }
    set_span(t, spans, count++, begin, place, 0);
    return (extent){place, count, 1};
}

/* End of a field in quotes that begins at `place`, behind its last quote; -1 if there is none. */
static int64_t quoted_end(const cutting *t, int64_t place, int64_t limit, int *doubled) {
    for (place++; place < limit; place++) {
        if (t->text[place] != '"') continue;
        if (place + 1 >= limit || t->text[place + 1] != '"') return place + 1;
        *doubled = 1;
        place++;
    }
    return -1;
}

/* Newlines between two places; if there is one, as many as -1 if it is no field (see above). */
static int64_t newlines(const cutting *t, int64_t begin, int64_t end) {
    int64_t found = 0, delimiters = 0;
    for (int64_t place = begin; place < end; place++) {
        uint8_t c = t->text[place];
        delimiters += c == (uint8_t)t->delimiter;
        found += c == '\n' ? place == begin || t->text[place - 1] != '\r' : c == '\r';
    }
    return found && delimiters >= t->width - 1 ? -1 : found;
}

/* Cut a record with quotes; count BAD_QUOTES if they are wrong. */
static extent cut_quoted(const cutting *t, int64_t start, int64_t line_end, int32_t *spans) {
    const extent wrong = {line_end, BAD_QUOTES, 1};
    int64_t limit = t->length - start > LONGEST_OVER_LINES ? start + LONGEST_OVER_LINES : t->length;
    if (limit < line_end) limit = line_end;
    extent found = {0, 0, 1};
    for (int64_t place = start; place <= limit; place = found.end + 1) {
        int quoted = place < t->length && t->text[place] == '"', doubled = 0;
        if (quoted) {
            found.end = quoted_end(t, place, limit, &doubled);
            int64_t breaks = found.end < 0 ? -1 : newlines(t, place, found.end);
            if (breaks < 0) return wrong;
            found.lines += breaks;
        } else {
            found.end = place;
            while (found.end < limit && !is_newline(t->text[found.end]) &&
                   t->text[found.end] != '"' && t->text[found.end] != (uint8_t)t->delimiter)
                found.end++;
        }
        set_span(t, spans, found.count++, place + quoted, found.end - quoted, doubled);
        if (found.end >= t->length || is_newline(t->text[found.end])) {
            int fits = found.lines == 1 || (found.count == t->width && found.lines <= MOST_LINES);
            return fits ? found : wrong;
        }
        if (t->text[found.end] != (uint8_t)t->delimiter) return wrong;
    }
    return wrong;
}

/* 1 for a line of spaces or none, 2 for one of delimiters, too; 0 for any other. */
static int is_blank(const cutting *t, int64_t start, int64_t end) {
    int kind = 1;
    for (; start < end; start++) {
        if (t->text[start] == (uint8_t)t->delimiter) kind = 2;
        else if (t->text[start] != ' ') return 0;
    }
    return kind;
}

/* Cut records from at->start until t->stop, or until there is no more room. Returns how many; -1 if
   the line at->line is too long for any table. */
int64_t cut_records(const cutting *t, progress *at) {
    int64_t found = 0;
    at->rows = 0;
    while (at->start < t->stop && found < t->most_records && at->rows < t->most_rows) {
        int64_t start = at->start;
        int32_t *spans = t->spans + at->rows * t->width * 2;
        extent record = cut_line(t, start, spans);
        int64_t line_end = record.end;
        if (line_end - start > LONGEST_LINE) return -1;
        if (line_end - start > LONGEST_RECORD) record.count = TOO_LONG;
        else if (!record.count) record = cut_quoted(t, start, line_end, spans);
        at->start = after_newline(t, record.end);
        int blank = is_blank(t, start, line_end);
        if (blank) {
            at->skipped += blank == 2;
        } else {
            int64_t *row = t->records + 5 * found++;
            row[0] = start, row[1] = record.end, row[2] = at->start;
            row[3] = at->line, row[4] = record.count;
            at->rows += record.count == t->width;
        }
        at->line += record.lines;
    }
    return found;
}

enum { IGNORED, NUMBER, WORD };

typedef struct {
    int64_t rows, width, mark; /* the decimal mark */
    const uint8_t *text;
    const int32_t *spans;    /* (any, width, 2) */
    const int64_t *row;      /* (rows): which of them */
    const uint8_t *kind;     /* (width) */
    const int32_t *slot;     /* (width): of numbers or codes */
    const int32_t *first_word; /* (codes + 1): of each column of words, its first one */
    const int32_t *word_start; /* (words + 1) */
    const uint8_t *words;
    double *numbers;         /* (slots, rows); NaN where there is nothing */
    int32_t *codes;          /* (slots, rows); -1 where there is nothing */
    uint8_t *unsure;         /* (width, rows): Python must look */
} reading;

static const double POWERS[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static int is_digit(uint8_t c) { return c >= '0' && c <= '9'; }

/* digits / 10^places, rounded once: to 55 bits and whether anything is left, then by the processor
   to 53. digits > 0, places in [0, 19]. */
static double quotient(uint64_t digits, int64_t places) {
    static const uint64_t powers[] = {1u, 10u, 100u, 1000u, 10000u, 100000u, 1000000u, 10000000u,
                                      100000000u, 1000000000u, 10000000000u, 100000000000u,
                                      1000000000000u, 10000000000000u, 100000000000000u,
                                      1000000000000000u, 10000000000000000u, 100000000000000000u,
                                      1000000000000000000u, 10000000000000000000u};
    int shift = 64 + __builtin_clzll(digits);
    unsigned __int128 scaled = (unsigned __int128)digits << shift;
    unsigned __int128 whole = scaled / powers[places];
    int left = whole * powers[places] != scaled;
    int dropped = (whole >> 64 ? 128 - __builtin_clzll((uint64_t)(whole >> 64)) : 64) - 55;
    uint64_t kept = (uint64_t)(whole >> dropped);
    kept |= left || ((unsigned __int128)kept << dropped) != whole;
    uint64_t bits = (uint64_t)(1023 + dropped - shift) << 52; /* 2^(dropped - shift) */
    double scale;
    memcpy(&scale, &bits, sizeof scale);
    return (double)kept * scale;
}

/* Numbers of at most 19 digits that are an integer, or one over a power of ten; 0 for all others.
   Rounded once, they are what strtod gives. */
static int read_number(const uint8_t *text, int64_t place, int64_t end, uint8_t mark,
                       double *number) {
    int negative = 0;
    uint64_t digits = 0;
    int64_t first, exponent = 0;
    if (place < end && (text[place] == '-' || text[place] == '+')) negative = text[place++] == '-';
    for (first = place; place < end && is_digit(text[place]); place++)
        digits = digits * 10 + (uint64_t)(text[place] - '0');
    int64_t length = place - first;
    if (place < end && text[place] == mark) {
        for (first = ++place; place < end && is_digit(text[place]); place++)
            digits = digits * 10 + (uint64_t)(text[place] - '0');
        exponent = first - place;
        length += place - first;
    }
    if (!length || length > 19) return 0; /* more may have overflowed */
    if (place < end && (text[place] == 'e' || text[place] == 'E')) {
        int64_t power = 0, minus = 0;
        place++;
        if (place < end && (text[place] == '-' || text[place] == '+')) minus = text[place++] == '-';
        for (first = place; place < end && place - first < 3 && is_digit(text[place]); place++)
            power = power * 10 + (text[place] - '0');
        if (place == first) return 0;
        exponent += minus ? -power : power;
    }
    if (place != end || exponent < -19 || exponent > 22) return 0;
    if (digits > (uint64_t)1 << 53 && exponent > 0) return 0;
    double value = (double)digits;
    if (exponent > 0) value *= POWERS[exponent];
    else if (digits > (uint64_t)1 << 53) value = quotient(digits, -exponent);
    else value /= POWERS[-exponent];
    *number = negative ? -value : value;
    return 1;
}

static int find_word(const reading *t, int32_t slot, int64_t begin, int64_t end, int32_t *code) {
    for (int32_t word = t->first_word[slot]; word < t->first_word[slot + 1]; word++) {
        int32_t from = t->word_start[word], length = t->word_start[word + 1] - from;
        if (length == end - begin && !memcmp(t->words + from, t->text + begin, (size_t)length)) {
            *code = word - t->first_word[slot];
            return 1;
        }
    }
    return 0;
}

/* Read every field of every row that the contract knows. */
void read_fields(const reading *t) {
    for (int64_t r = 0; r < t->rows; r++) {
        const int32_t *span = t->spans + t->row[r] * t->width * 2;
        for (int64_t column = 0; column < t->width; column++, span += 2) {
            if (t->kind[column] == IGNORED) continue;
            int64_t begin = span[0], end = span[1], place = t->slot[column] * t->rows + r;
            int sure = end >= 0;
            while (begin < end && t->text[begin] == ' ') begin++;
            while (begin < end && t->text[end - 1] == ' ') end--;
            if (t->kind[column] == NUMBER) {
                t->numbers[place] = __builtin_nan("");
                if (sure && begin < end)
                    sure = read_number(t->text, begin, end, (uint8_t)t->mark, t->numbers + place);
            } else {
                t->codes[place] = -1;
                if (sure && begin < end)
                    sure = find_word(t, t->slot[column], begin, end, t->codes + place);
            }
            t->unsure[column * t->rows + r] = !sure;
        }
    }
}

/* What the marks of a number tell; number_evidence.py says of what. */
enum { UNMARKED, LONG_UNMARKED, POINT_ALONE, COMMA_ALONE, POINT_EITHER, COMMA_EITHER, MARKED };

typedef struct {
    int64_t rows, width, columns;
    const uint8_t *text;
    const int32_t *spans; /* (rows, width, 2) */
    const int64_t *place; /* (columns): which of the fields */
    uint8_t *told;        /* (rows, columns) */
} telling;

static int are_digits(const uint8_t *text, int64_t begin, int64_t end) {
    while (begin < end && is_digit(text[begin])) begin++;
    return begin == end;
}

/* A mark alone among digits is a decimal mark where another number of digits than three follows,
   more than three stand before, or a zero does. */
static uint8_t tell_number(const uint8_t *text, int64_t begin, int64_t end) {
    int64_t marks = 0, last = begin;
    for (int64_t place = begin; place < end; place++)
        if (text[place] == '.' || text[place] == ',') marks++, last = place;
    if (!marks) return end - begin >= LONG_NUMBER ? LONG_UNMARKED : UNMARKED;
    int64_t digits = begin + (text[begin] == '-' || text[begin] == '+');
    int64_t before = last - digits, after = end - last - 1;
    int is_number = before + after && are_digits(text, digits, last) && are_digits(text, last + 1, end);
    if (marks > 1 || !is_number) return MARKED;
    int is_group = after == 3 && before && before <= 3 && text[digits] != '0';
    if (text[last] == ',') return is_group ? COMMA_EITHER : COMMA_ALONE;
    return is_group ? POINT_EITHER : POINT_ALONE;
}

/* A field with a quote in it, whose end is below 0, is no number. */
void tell_numbers(const telling *t) {
    for (int64_t r = 0; r < t->rows; r++)
        for (int64_t column = 0; column < t->columns; column++) {
            const int32_t *span = t->spans + (r * t->width + t->place[column]) * 2;
            t->told[r * t->columns + column] = tell_number(t->text, span[0], span[1]);
        }
}
