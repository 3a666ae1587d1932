/* Vectorscan's part of the benchmark: literals, then texts cut into pieces; CPU time of this thread.
 * usage: vectorscan LITERALS TEXT...   Each file is a list of records: length (uint32), bytes.
 * Prints "build SECONDS BYTES", then "scan SECONDS OCCURRENCES" for each text. */
#include <hs.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define RUNS 3

struct list { char **item; size_t *len; unsigned count; };

static struct list read_list(const char *path) {
    struct list list = {0};
    FILE *file = fopen(path, "rb");
    uint32_t len;
    if (!file) { perror(path); exit(1); }
    while (fread(&len, sizeof len, 1, file) == 1) {
        if ((list.count & (list.count - 1)) == 0) {
            size_t room = list.count ? 2 * (size_t)list.count : 1;
            list.item = realloc(list.item, room * sizeof *list.item);
            list.len = realloc(list.len, room * sizeof *list.len);
        }
        list.item[list.count] = malloc(len + 1);
        if (fread(list.item[list.count], 1, len, file) != len) exit(1);
        list.item[list.count][len] = 0;
        list.len[list.count++] = len;
    }
    fclose(file);
    return list;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static int found(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *count) {
    (void)id, (void)from, (void)to, (void)flags;
    ++*(unsigned long *)count;
    return 0;
}

static void scan(const hs_database_t *database, hs_scratch_t *scratch, const char *path) {
    struct list pieces = read_list(path);
    double best = 1e9;
    unsigned long count = 0;
    for (int run = 0; run < RUNS; run++) {
        double start = seconds();
        count = 0;
        for (unsigned i = 0; i < pieces.count; i++)
            if (hs_scan(database, pieces.item[i], pieces.len[i], 0, scratch, found, &count) != HS_SUCCESS) exit(1);
        double took = seconds() - start;
        if (took < best) best = took;
    }
    printf("scan %.6f %lu\n", best, count);
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    struct list literals = read_list(argv[1]);
    unsigned *flags = calloc(literals.count, sizeof *flags);
    unsigned *ids = calloc(literals.count, sizeof *ids);
    for (unsigned i = 0; i < literals.count; i++) ids[i] = i;
    hs_database_t *database = NULL;
    hs_scratch_t *scratch = NULL;
    hs_compile_error_t *error = NULL;
    size_t bytes = 0;
    double start = seconds();
    if (hs_compile_lit_multi((const char *const *)literals.item, flags, ids, literals.len, literals.count,
                             HS_MODE_BLOCK, NULL, &database, &error) != HS_SUCCESS) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    double took = seconds() - start;
    if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) return 1;
    hs_database_size(database, &bytes);
    printf("build %.6f %zu\n", took, bytes);
    for (int i = 2; i < argc; i++) scan(database, scratch, argv[i]);
    return 0;
}
