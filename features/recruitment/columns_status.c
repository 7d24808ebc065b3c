/* columns_status.c: words for where a participant stands, and for yes and no. See columns.h. */
#include "features/recruitment/columns.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "features/recruitment/columns_status.h"

#include <string.h>

/* Folded phrases, separated by "|". */
static const char *const words[] = {
    [COLUMNS_STATUS_SCREENED] =
        "|screened|screening|in screening|screen|prescreened|pre screened|under screening|"
        "screening ongoing|im screening|gescreent|en screening|en seleccion|in triagem|em triagem|"
        "selectionne|preselectionne|seleccionado|in screening fase|",
    [COLUMNS_STATUS_SCREEN_FAILED] =
        "|screen failure|screen failed|screen fail|screenfail|screenfailed|screenfailure|"
        "screening failure|screening failed|screening fail|sf|failed screening|failed|scrfail|"
        "scrnfail|not eligible|ineligible|excluded|not enrolled|nicht geeignet|ausgeschlossen|"
        "echec de selection|echec de screening|non eligible|exclu|fallo de seleccion|"
        "fallo de screening|excluido|no elegible|fallimento screening|escluso|non eleggibile|"
        "falha de triagem|falha de selecao|nao elegivel|niet geschikt|uitgesloten|screen falen|",
    [COLUMNS_STATUS_CONSENTED] =
        "|consented|consent|consent signed|informed consent|informed consent signed|consent given|"
        "informed consent obtained|eingewilligt|consenti|consentement signe|consentimiento firmado|"
        "consenso firmato|consentimento assinado|toestemming gegeven|",
    [COLUMNS_STATUS_ENROLLED] =
        "|enrolled|enroled|enrolment|enrollment|included|recruited|registered|active|ongoing|"
        "on study|in study|on trial|in follow up|follow up|eingeschlossen|rekrutiert|aktiv|laufend|"
        "inclus|incluse|actif|en cours|incluido|incluida|reclutado|activo|en curso|arruolato|"
        "arruolata|attivo|in corso|ativo|em curso|recrutado|geincludeerd|actief|lopend|",
    [COLUMNS_STATUS_RANDOMISED] =
        "|randomised|randomized|randomisation|randomization|rand|randomisiert|randomise|"
        "randomisee|aleatorizado|aleatorizada|randomizado|randomizzato|randomizzata|randomizada|"
        "gerandomiseerd|",
    [COLUMNS_STATUS_TREATED] =
        "|treated|on treatment|in treatment|dosed|first dose|in behandlung|behandelt|"
        "sous traitement|traite|en tratamiento|tratado|in trattamento|trattato|em tratamento|"
        "in behandeling|behandeld|",
    [COLUMNS_STATUS_COMPLETED] =
        "|completed|complete|study completed|completed study|protocol completed|finished|"
        "abgeschlossen|beendet|termine|acheve|completado|finalizado|completato|concluso|concluido|"
        "completo|afgerond|voltooid|",
    [COLUMNS_STATUS_DISCONTINUED] =
        "|discontinued|early termination|early terminated|terminated early|terminated|early discontinuation|"
        "dropout|drop out|dropped out|stopped|off study|off treatment|discontinued treatment|"
        "abgebrochen|arrete|arret premature|discontinuado|interrumpido|interrotto|interrompido|"
        "descontinuado|gestopt|afgebroken|",
    [COLUMNS_STATUS_WITHDRAWN] =
        "|withdrawn|withdrew|withdrawal|consent withdrawn|withdrew consent|withdrawal by subject|"
        "withdrawal of consent|zuruckgezogen|einwilligung zuruckgezogen|retire|"
        "retrait du consentement|retirado|retiro del consentimiento|ritirato|consenso ritirato|"
        "retirada do consentimento|teruggetrokken|",
    [COLUMNS_STATUS_LOST] =
        "|lost to follow up|lost|ltfu|verloren|perdu de vue|perdido|perdido de vista|"
        "perso al follow up|perda de seguimento|",
    [COLUMNS_STATUS_DIED] =
        "|died|death|dead|deceased|verstorben|tod|decede|deces|fallecido|muerto|"
        "deceduto|morto|obito|falecido|overleden|",
};

static bool
listed(struct arena *a, const char *list, const char *folded)
{
    return strstr(list, arena_printf(a, "|%s|", folded)) != NULL;
}

bool
columns_status_find(struct arena *a, const char *text, enum columns_status *ret)
{
    struct arena_mark mark = arena_save(a);
    const char *folded = utf8_fold(a, text);
    bool found = false;
    for (size_t i = 0; *folded && !found && i < sizeof words / sizeof *words; i++) {
        if (listed(a, words[i], folded)) {
            *ret = (enum columns_status)i;
            found = true;
        }
    }
    arena_restore(a, mark);
    return found;
}

err_t
columns_status(struct arena *a, const char *text, enum columns_status *ret)
{
    if (columns_status_find(a, text, ret))
        return NULL;
    return err_new(a, E_BAD_INPUT,
                   "The status “%s” is not known. Known are for instance: screened, screen failed, "
                   "consented, enrolled, randomised, treated, completed, discontinued, withdrawn, "
                   "lost to follow-up, died.",
                   utf8_cut(a, text, 60));
}

bool
columns_flag(struct arena *a, const char *text, bool *ret)
{
    struct arena_mark mark = arena_save(a);
    const char *folded = utf8_fold(a, text);
    bool yes = *folded &&
               listed(a, "|y|yes|1|true|j|ja|wahr|o|oui|vrai|s|si|sim|verdadero|vero|x|", folded);
    bool no =
        *folded && listed(a, "|n|no|0|false|nein|falsch|non|faux|nao|nee|falso|onwaar|", folded);
    arena_restore(a, mark);
    if (yes || no)
        *ret = yes;
    return yes || no;
}
