/* replay.c: runs a fuzz target over files and the files of folders, so that its seeds are an ordinary
 * test with any compiler. Not a fuzzer: that is clang's -fsanitize=fuzzer with the same target. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
replay_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        return -1;
    }
    size_t n = 0, size = 1 << 21;
    uint8_t *data = malloc(size);
    if (data)
        n = fread(data, 1, size, f);
    fclose(f);
    if (data)
        data = realloc(data, n ? n : 1); /* so that reading past the end is seen */
    if (!data)
        return -1;
    LLVMFuzzerTestOneInput(data, n);
    free(data);
    return 1;
}

/* How many files were run; -1 when one could not be read. */
static int
replay(const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode))
        return replay_file(path);
    DIR *dir = opendir(path);
    if (!dir) {
        perror(path);
        return -1;
    }
    int total = 0;
    for (struct dirent *d; (d = readdir(dir)) && total >= 0;) {
        char inner[4096];
        if (d->d_name[0] == '.')
            continue;
        snprintf(inner, sizeof inner, "%s/%s", path, d->d_name);
        int n = replay(inner);
        total = n < 0 ? -1 : total + n;
    }
    closedir(dir);
    return total;
}

int
main(int argc, char **argv)
{
    int total = 0;
    for (int i = 1; i < argc; i++) {
        int n = replay(argv[i]);
        if (n < 0)
            return 1;
        total += n;
    }
    printf("%d inputs\n", total);
    return total ? 0 : 1;
}
