/* main.c: where the program begins. */
#include "app/app.h"

#include <sodium.h>
#include <stdio.h>

int
main(int argc, char **argv)
{
    if (sodium_init() < 0) {
        fprintf(stderr, "rapport: no source of random numbers on this machine.\n");
        return 69;
    }
    return app_main(argc, argv);
}
