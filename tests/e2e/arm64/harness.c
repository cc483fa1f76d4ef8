/* Calls one function of a compiled kernel with arguments from a file, and writes all memory after
   the call: what calls.py writes and reads. Built for the machine whose kernel is called.

   harness LIBRARY CALL RESULT

   CALL is little-endian int64 throughout: counts of buffers, links and arguments; 4 words with the
   function's name; the buffers' sizes; links (buffer, offset, target): where a buffer holds the
   address of another; arguments (is a buffer, number); then the buffers' bytes, end to end. */

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_ARGUMENTS 8

typedef int64_t (*function)(int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t);

static void stop(const char *what, const char *which) {
    fprintf(stderr, "harness: %s: %s\n", what, which ? which : "?");
    exit(1);
}

static void *read_bytes(FILE *file, int64_t size) {
    void *bytes = aligned_alloc(64, (size_t)(size + 64) / 64 * 64);
    if (!bytes || fread(bytes, 1, (size_t)size, file) != (size_t)size) stop("cannot read", "call");
    return bytes;
}

static int64_t *read_words(FILE *file, int64_t count) { return read_bytes(file, 8 * count); }

int main(int argc, char **argv) {
    if (argc != 4) stop("usage", "harness LIBRARY CALL RESULT");
    FILE *file = fopen(argv[2], "rb");
    if (!file) stop("cannot open", argv[2]);
    int64_t *counts = read_words(file, 3), arguments[MOST_ARGUMENTS] = {0};
    char *name = read_bytes(file, 32);
    int64_t *sizes = read_words(file, counts[0]), *links = read_words(file, 3 * counts[1]);
    int64_t *given = read_words(file, 2 * counts[2]);
    char **buffers = calloc((size_t)counts[0], sizeof *buffers);
    if (!buffers || counts[2] > MOST_ARGUMENTS) stop("too much", name);
    for (int64_t b = 0; b < counts[0]; b++) buffers[b] = read_bytes(file, sizes[b]);
    for (int64_t k = 0; k < counts[1]; k++)
        memcpy(buffers[links[3 * k]] + links[3 * k + 1], &buffers[links[3 * k + 2]], 8);
    for (int64_t a = 0; a < counts[2]; a++)
        arguments[a] = given[2 * a] ? (int64_t)(intptr_t)buffers[given[2 * a + 1]] : given[2 * a + 1];
    void *library = dlopen(argv[1], RTLD_NOW);
    if (!library) stop("cannot load", dlerror());
    function call = (function)(intptr_t)dlsym(library, name);
    if (!call) stop("no such function", name);
    int64_t *a = arguments, found = call(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]);
    FILE *result = fopen(argv[3], "wb");
    if (!result) stop("cannot write", argv[3]);
    fwrite(&found, 8, 1, result);
    for (int64_t b = 0; b < counts[0]; b++) fwrite(buffers[b], 1, (size_t)sizes[b], result);
    if (fclose(result)) stop("cannot write", argv[3]);
    return 0;
}
