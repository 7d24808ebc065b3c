/* tmpl_compile.h: from a tree to its program. Called by tmpl.c only. */
#ifndef TMPL_TMPL_COMPILE_H
#define TMPL_TMPL_COMPILE_H

#include "tmpl/tmpl_prog.h"

/* Fills s->progs[which]; every tree of the set must be parsed. Errors: E_BAD_INPUT with place. */
err_t tmpl_compile_tree(struct arena *a, struct tmpl_set *s, size_t which);

#endif
