/* cli.c: the command line. One table of commands (the features') makes parsing and help. See app.h.
 * Options may stand anywhere after the command: --db, --keys and --owner-db everywhere. */
#include "app/app.h"
#include "base/date.h"
#include "base/log.h"
#include "base/str.h"
#include "core/record.h"
#include "core/seal.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WORDS_MOST = 4096, OPTIONS_MOST = 64, NAME_WORDS = 3 };

struct args {
    const struct command *command;
    const char *word[WORDS_MOST];
    size_t n_words;
    struct {
        const char *name, *value;
    } option[OPTIONS_MOST];
    size_t n_options;
    int64_t progress_at;
    bool bar_open;
};

static const struct option everywhere[] = {
    {"--db", "FILE-or-URL", "the database: a file (default rapport.db, or RAPPORT_DB) or postgresql://..."},
    {"--keys", "FILE", "the key file (default: beside the database)"},
    {"--owner-db", "URL", "PostgreSQL: the owner's URL, for init and migrate"},
    {"--quiet", NULL, "say only what went wrong"},
    {"--help", NULL, "what the command does"},
    {NULL, NULL, NULL},
};

const char *
args_option(const struct args *a, const char *name)
{
    for (size_t i = a->n_options; i > 0; i--) {
        if (strcmp(a->option[i - 1].name, name) == 0)
            return a->option[i - 1].value;
    }
    return NULL;
}

size_t
args_count(const struct args *a)
{
    return a->n_words;
}

const char *
args_at(const struct args *a, size_t i)
{
    return i < a->n_words ? a->word[i] : NULL;
}

void
args_print(const struct args *a, const char *text, size_t n)
{
    if (fwrite(text, 1, n, stdout) != n)
        exit(1);
}

static int64_t
monotonic_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void
args_progress(const struct args *args, const char *what, int64_t done, int64_t total)
{
    struct args *a = (struct args *)args;
    bool terminal = isatty(STDERR_FILENO), end = total > 0 && done >= total;
    int64_t now = monotonic_ms(), every = terminal ? 100 : 5000;
    if (args_option(a, "--quiet") || (now - a->progress_at < every && !(end && a->bar_open)))
        return;
    a->progress_at = now;
    if (!terminal) {
        if (total > 0)
            fprintf(stderr, "%s: %lld of %lld\n", what, (long long)done, (long long)total);
        else
            fprintf(stderr, "%s: %lld\n", what, (long long)done);
        a->bar_open = true;
        return;
    }
    char bar[31];
    int full = total > 0 ? (int)(done * 30 / total) : 0;
    memset(bar, '-', 30);
    memset(bar, '#', full < 30 ? (size_t)full : 30);
    bar[30] = '\0';
    if (total > 0)
        fprintf(stderr, "\r%s [%s] %lld of %lld", what, bar, (long long)done, (long long)total);
    else
        fprintf(stderr, "\r%s: %lld", what, (long long)done);
    a->bar_open = !end;
    if (end)
        fputc('\n', stderr);
}

/* ---- finding the command ---- */

static size_t
name_words(const char *name)
{
    size_t n = 1;
    for (; *name; name++)
        n += *name == ' ';
    return n;
}

static bool
starts_with_words(int argc, char **argv, const char *name)
{
    char joined[128] = "";
    size_t n = name_words(name);
    for (size_t i = 0; i < n; i++) {
        if ((int)i >= argc || strlen(joined) + strlen(argv[i]) + 2 > sizeof joined)
            return false;
        if (i)
            strcat(joined, " ");
        strcat(joined, argv[i]);
    }
    return strcmp(joined, name) == 0;
}

const struct command *
app_command_find(int argc, char **argv, int *ret_words)
{
    const struct command *best = NULL;
    for (size_t i = 0; i < app_features_n; i++) {
        for (size_t k = 0; k < app_features[i]->n_commands; k++) {
            const struct command *cmd = &app_features[i]->commands[k];
            if (starts_with_words(argc, argv, cmd->name) &&
                (!best || name_words(cmd->name) > name_words(best->name)))
                best = cmd;
        }
    }
    if (best)
        *ret_words = (int)name_words(best->name);
    return best;
}

/* "audit", of which "audit verify" is one. */
static bool
is_group(const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i < app_features_n; i++) {
        for (size_t k = 0; k < app_features[i]->n_commands; k++) {
            const char *name = app_features[i]->commands[k].name;
            if (strncmp(name, word, n) == 0 && name[n] == ' ')
                return true;
        }
    }
    return false;
}

/* ---- help ---- */

static void
print_options(const struct option *o)
{
    for (; o && o->name; o++) {
        char left[64];
        snprintf(left, sizeof left, "%s%s%s", o->name, o->value ? " " : "", str_or(o->value, ""));
        printf("  %-28s %s\n", left, o->help);
    }
}

static void
help_of(const struct command *cmd)
{
    printf("rapport %s%s%s\n\n%s\n", cmd->name, *cmd->words ? " " : "", cmd->words, cmd->help);
    if (cmd->options) {
        printf("\nOptions:\n");
        print_options(cmd->options);
    }
    printf("\nEverywhere:\n");
    print_options(everywhere);
}

void
app_help(const char *about)
{
    printf("rapport: clinical trials, run through the people in them.\n\nCommands:\n");
    for (size_t i = 0; i < app_features_n; i++) {
        for (size_t k = 0; k < app_features[i]->n_commands; k++) {
            const struct command *cmd = &app_features[i]->commands[k];
            if (about && !str_starts(cmd->name, about))
                continue;
            char left[64];
            snprintf(left, sizeof left, "%s %s", cmd->name, cmd->words);
            printf("  %-44s %s\n", left, cmd->help);
        }
    }
    printf("\nEverywhere:\n");
    print_options(everywhere);
    printf("\nrapport COMMAND --help says more about one. Exit codes: 0 ok, 1 problem found, 2 usage,\n"
           "69 unavailable, 75 try again, 78 configuration.\n");
}

/* ---- parsing ---- */

static const struct option *
option_find(const struct option *list, const char *name, size_t n)
{
    for (; list && list->name; list++) {
        if (strlen(list->name) == n && strncmp(list->name, name, n) == 0)
            return list;
    }
    return NULL;
}

static err_t
parse_option(struct arena *a, struct args *args, int argc, char **argv, int *i)
{
    const char *text = argv[*i], *equals = strchr(text, '=');
    size_t n = equals ? (size_t)(equals - text) : strlen(text);
    const struct option *o = option_find(args->command->options, text, n);
    if (!o)
        o = option_find(everywhere, text, n);
    if (!o)
        return err_new(a, E_USAGE, "There is no option %.*s. Try: rapport %s --help", (int)n, text,
                       args->command->name);
    if (args->n_options == OPTIONS_MOST)
        return err_new(a, E_USAGE, "There are too many options.");
    const char *value = "";
    if (o->value) {
        value = equals ? equals + 1 : NULL;
        if (!value && *i + 1 < argc)
            value = argv[++*i];
        if (!value)
            return err_new(a, E_USAGE, "%s needs a value: %s %s", o->name, o->name, o->value);
    } else if (equals) {
        return err_new(a, E_USAGE, "%s takes no value.", o->name);
    }
    args->option[args->n_options].name = o->name;
    args->option[args->n_options++].value = value;
    return NULL;
}

static err_t
parse(struct arena *a, struct args *args, int argc, char **argv)
{
    bool only_words = false;
    for (int i = 0; i < argc; i++) {
        if (!only_words && strcmp(argv[i], "--") == 0)
            only_words = true;
        else if (!only_words && str_starts(argv[i], "--"))
            TRY(parse_option(a, args, argc, argv, &i));
        else if (args->n_words == WORDS_MOST)
            return err_new(a, E_USAGE, "There are too many names at once. Give the folder instead.");
        else
            args->word[args->n_words++] = argv[i];
    }
    if (args_option(args, "--help"))
        return NULL;
    const struct command *cmd = args->command;
    if ((int)args->n_words < cmd->least || (cmd->most >= 0 && (int)args->n_words > cmd->most))
        return err_new(a, E_USAGE, "Use: rapport %s %s", cmd->name, cmd->words);
    return NULL;
}

/* ---- running ---- */

static const char *
user_name(void)
{
    struct passwd *pw = getpwuid(getuid());
    return pw ? pw->pw_name : "unknown user";
}

static err_t
run_opened(struct arena *a, const struct args *args)
{
    const struct command *cmd = args->command;
    struct open_how how = {
        .where = str_or(args_option(args, "--db"), str_or(getenv("RAPPORT_DB"), "rapport.db")),
        .keys = args_option(args, "--keys"),
        .owner = args_option(args, "--owner-db"),
        .need_keys = cmd->needs == NEEDS_DB,
    };
    struct opened o;
    err_t e = app_open(a, &how, &o);
    if (!e) {
        e = cmd->run(&o.ctx, args);
        int64_t sealed = 1;
        if (cmd->needs == NEEDS_DB) {
            for (err_t s = NULL; !s && sealed > 0;)
                s = seal_run(&o.ctx, 1000, &sealed);
        }
        app_close(&o);
    }
    return e;
}

static int
report(struct arena *a, const struct args *args, err_t e)
{
    if (args->bar_open && isatty(STDERR_FILENO))
        fputc('\n', stderr);
    if (!e)
        return fflush(stdout) == 0 ? 0 : 1;
    fflush(stdout);
    for (err_t i = e; i; i = i->next)
        fprintf(stderr, "rapport: %s\n", err_line(a, i));
    return err_exit(e->code);
}

int
app_main(int argc, char **argv)
{
    static char asked[] = "--help";
    if (argc > 2 && strcmp(argv[1], "help") == 0) { /* "help serve" is "serve --help" */
        memmove(argv + 1, argv + 2, (size_t)(argc - 2) * sizeof *argv);
        argv[argc - 1] = asked;
    }
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        app_help(NULL);
        return argc < 2 ? 2 : 0;
    }
    static char version[] = "version";
    if (strcmp(argv[1], "--version") == 0)
        argv[1] = version;
    int used = 0;
    const struct command *cmd = app_command_find(argc - 1, argv + 1, &used);
    if (!cmd && is_group(argv[1])) {
        if (argc == 2 || strcmp(argv[2], "--help") == 0) {
            app_help(argv[1]);
            return argc == 2 ? 2 : 0;
        }
        fprintf(stderr, "rapport: there is no command \"%s %s\". rapport %s --help lists them.\n", argv[1], argv[2], argv[1]);
        return 2;
    }
    if (!cmd) {
        fprintf(stderr, "rapport: there is no command \"%s\". rapport help lists them.\n", argv[1]);
        return 2;
    }
    static struct args args;
    args.command = cmd;
    struct arena *a = arena_new((size_t)512 << 20);
    err_t e = parse(a, &args, argc - 1 - used, argv + 1 + used);
    if (args_option(&args, "--quiet"))
        log_level(LOG_ERROR);
    if (!e && args_option(&args, "--help")) {
        help_of(cmd);
    } else if (!e && (cmd->needs == NEEDS_DB || cmd->needs == NEEDS_DB_NO_KEYS) &&
               !(cmd->unless && args_option(&args, cmd->unless))) {
        e = run_opened(a, &args);
    } else if (!e) {
        struct timespec ts;
        clock_gettime(CLOCK_REALTIME, &ts);
        struct ctx c = {.mem = a, .lang = "en", .now = (int64_t)ts.tv_sec * 1000000};
        c.today = tz_day(tz_find("UTC"), c.now);
        e = cmd->run(&c, &args);
    }
    int code = report(a, &args, e);
    arena_free(a);
    return code;
}

const char *
args_who(struct arena *a)
{
    return arena_printf(a, "command line (%s)", user_name());
}
