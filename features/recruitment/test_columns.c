/* test_columns.c: which column is what, in tables as people have them. The headers and rows of
 * public logs are copied here by the line. */
#include "base/arena.h"
#include "base/str.h"
#include "core/sheet.h"
#include "features/recruitment/columns.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static int32_t
today(void)
{
    int32_t day = 0;
    assert_true(date_parse("2024-07-15", &day));
    return day;
}

static err_t
find(struct arena *a, const char *csv, enum columns_table table,
     const struct columns_choice *choices, size_t n, struct columns_found *ret)
{
    struct sheet_book b;
    err_t e = sheet_read(a, csv, strlen(csv), NULL, &b);
    if (e)
        fail_msg("%s", err_line(a, e));
    assert_true(b.sheets[0].has_table);
    return columns_find(a, &b.sheets[0], table, choices, n, today(), ret);
}

/* "site=SITE trt=OUT date=DATE?": used and left-out columns; ? in doubt, # bare numbers as dates.
 */
static const char *
summary(struct arena *a, const struct columns_found *f)
{
    struct buf b;
    buf_init(&b, a);
    for (size_t i = 0; i < f->n; i++) {
        const struct columns_column *c = &f->columns[i];
        assert_non_null(c->reason);
        if (c->use == COLUMNS_USED)
            assert_int_equal(f->of[c->field], i);
        if (c->use == COLUMNS_IGNORED)
            continue;
        buf_printf(&b, "%s%s=%s%s%s", b.len ? " " : "", c->header,
                   c->use == COLUMNS_USED ? columns_field_name(c->field) : "OUT",
                   c->in_doubt ? "?" : "", c->numerals ? "#" : "");
    }
    return buf_text(&b);
}

struct table_case {
    const char *csv, *want;
};

static void
run_tables(const struct table_case *cases, size_t n, enum columns_table table)
{
    for (size_t i = 0; i < n; i++) {
        struct arena *a = arena_new(0);
        struct columns_found f;
        err_t e = find(a, cases[i].csv, table, NULL, 0, &f);
        if (e)
            fail_msg("%.60s: %s", cases[i].csv, err_line(a, e));
        const char *got = summary(a, &f);
        if (strcmp(got, cases[i].want) != 0)
            fail_msg("%.80s\n gave %s\n not  %s", cases[i].csv, got, cases[i].want);
        arena_free(a);
    }
}

/* -- logs */

static const struct table_case logs[] = {
    /* public logs */
    {"study,country,site,subject,date,precision\ncgd,,Scripps Institute,1,1989-06-07,day\n"
     "cgd,,Scripps Institute,2,1989-06-07,day\n",
     "study=STUDY site=SITE subject=SUBJECT date=DATE"},
    {"Study ID,Site,Randomised\nA-1,1,2026-01-02\nA-2,1,2026-01-03\nA-3,2,2026-01-04\n", /* of the participant */
     "Site=SITE Randomised=RANDOMISED"},
    {"Site,Subject,Randomised\n1,A-1,2026-01-02\n1,A-2,31.31.2026\n", /* one of two is no date, and no arm */
     "Site=SITE Subject=SUBJECT Randomised=RANDOMISED?"},
    {"Site,Subject,Group\n1,A-1,I\n1,A-2,II\n", "Site=SITE Subject=SUBJECT Group=OUT"},
    {"site,month,enrolled\n1,2026-01,4\n1,2026-02,2\n2,2026-02,5\n",
     "site=SITE month=DATE enrolled=ENROLLED_COUNT"},
    {"site,month,enrolled\n1,2026-01,4\n1,2026-02,7\n1,2026-03,9\n", /* perhaps the total so far */
     "site=SITE month=DATE enrolled=ENROLLED_COUNT?"},
    {"site,subject,date,enrolled\n1,A-1,2026-01-02,4\n1,A-2,2026-02-03,2\n", "site=SITE subject=SUBJECT date=DATE"},
    {"subject,country,site,rand_date,arm,source_file\n"
     "1,Thailand,th001,2021-09-30,Ivermectin,PLATCOV/Ivermectin.csv\n"
     "10,Thailand,th001,2021-10-16,Ivermectin,PLATCOV/Ivermectin.csv\n",
     "subject=SUBJECT country=COUNTRY site=SITE rand_date=RANDOMISED arm=OUT"},
    {"\"\",\"Trial\",\"Site\",\"scrid\",\"scrdat\",\"scrpassed\",\"reason_failure\",\"scrnote\"\n"
     "\"1\",\"PLATCOV\",\"br003\",\"PLT-BR3-SCR10101\",2023-06-20,0,\"Inclusion - positive "
     "test\",\"\"\n"
     "\"2\",\"PLATCOV\",\"br003\",\"PLT-BR3-SCR10259\",2022-03-08,0,\"Other\",\"\"\n",
     "Trial=STUDY Site=SITE scrid=SUBJECT scrdat=SCREENED scrpassed=PASSED_FLAG reason_failure=FAILURE_REASON"},
    {"rownames,id,center,random,treat,sex,age,hos.cat,tstart,enum,tstop,status\n"
     "1,1,Scripps Institute,1989-06-07,rIFN-g,female,12,US:other,0,1,219,1\n"
     "2,1,Scripps Institute,1989-06-07,rIFN-g,female,12,US:other,219,2,373,1\n"
     "3,2,Scripps Institute,1989-06-07,placebo,male,15,US:other,0,1,8,0\n",
     "id=SUBJECT center=SITE random=RANDOMISED treat=OUT"},
    {"rownames,id,center,random,treat,sex,age,futime,etime1\n1,1,204,82888,1,2,12,414,219\n"
     "2,2,204,82888,0,1,15,439,8\n3,3,204,82988,1,1,19,382,\n",
     "id=SUBJECT center=SITE random=RANDOMISED?# treat=OUT"},
    {"rownames,id,inst,trt,entry.dt,end.dt,fev,ivstart,ivstop\n1,1,1,1,1992-03-20,1992-09-04,28.8,,"
     "\n"
     "2,2,1,1,1992-03-24,1992-09-09,64,,\n3,3,1,0,1992-03-24,1992-09-08,67.2,65,75\n",
     "id=SUBJECT inst=SITE trt=OUT entry.dt=ENROLLED"},
    {"\"studyid\",\"siteid\",\"subjectid\",\"subjid\",\"enroll_dt\",\"enrollyn\",\"sfreas\","
     "\"country\","
     "\"invid\"\n\"AA\",\"5\",\"X1670496-113XXX\",\"0496\",2013-11-26,\"Y\",\"\",\"US\",\"0X167\"\n"
     "\"AA\",\"43\",\"X159138XXX\",\"\",2013-09-03,\"N\",\"Inclusion/Exclusion "
     "Criteria\",\"US\",\"0X159\"\n",
     "studyid=STUDY siteid=SITE subjectid=SUBJECT enroll_dt=ENROLLED enrollyn=ENROLLED_FLAG "
     "sfreas=FAILURE_REASON "
     "country=COUNTRY"},
    {"\"studyid\",\"invid\",\"invnam\",\"country\",\"scrnid_nsv\",\"subjid\",\"virtreat_nsv\","
     "\"trtgrpc\","
     "\"randnum\",\"status\",\"rand_dt\"\n"
     "\"AA\",\"X055X\",\"XXX\",\"AS\",\"X055X113\",\"0496\",\"1\",\"1\",\"1240\",\"Randomized\","
     "\"2013-12-31T04:32\"\n"
     "\"AA\",\"X108X\",\"XXX\",\"OTH\",\"X108X142\",\"1350\",\"2\",\"2\",\"0226\",\"Randomized\","
     "\"2017-11-13T00:16\"\n",
     "studyid=STUDY invid=SITE? country=COUNTRY scrnid_nsv=SCREENING_NO subjid=SUBJECT virtreat_nsv=OUT "
     "trtgrpc=OUT "
     "randnum=OUT status=STATUS rand_dt=RANDOMISED"},
    {"\"STUDYID\",\"USUBJID\",\"SUBJID\",\"RFSTDTC\",\"RFXSTDTC\",\"RFICDTC\",\"DTHDTC\","
     "\"SITEID\",\"AGE\","
     "\"SEX\",\"ARMCD\",\"ARM\",\"ACTARM\",\"COUNTRY\",\"DMDTC\"\n"
     "\"P1\",\"01-701-1015\",\"1015\",\"2014-01-02\",\"2014-01-02\",\"\",\"\",\"701\",63,\"F\","
     "\"Pbo\","
     "\"Placebo\",\"Placebo\",\"USA\",\"2013-12-26\"\n"
     "\"P1\",\"01-701-1023\",\"1023\",\"2012-08-05\",\"2012-08-05\",\"\",\"\",\"701\",64,\"M\","
     "\"Xan_Hi\","
     "\"Xanomeline High Dose\",\"Placebo\",\"USA\",\"2012-07-22\"\n",
     "STUDYID=STUDY USUBJID=SUBJECT RFXSTDTC=TREATED SITEID=SITE ARMCD=OUT ARM=OUT ACTARM=OUT COUNTRY=COUNTRY DMDTC=SCREENED"},
    {"USUBJID,SITEID,TRT01P,TRT01AN,TRTSDT,TRTEDT,TRTDUR,RFSTDTC,DISONSDT\n"
     "01-701-1015,701,Placebo,0,2014-01-02,2014-07-02,182,2014-01-02,2010-04-30\n"
     "01-701-1023,701,Placebo,81,2012-08-05,2012-09-01,28,2012-08-05,2006-03-11\n"
     "01-701-1028,701,Placebo,81,2013-07-19,2014-01-14,180,2013-07-19,2009-12-16\n",
     "USUBJID=SUBJECT SITEID=SITE TRT01P=OUT TRT01AN=OUT TRTSDT=TREATED"},
    /* as coordinators keep them */
    {"Site No.;Patient ID;Screening Date;Consent Date;Randomisation Date;First Dose;Screen failure "
     "date;"
     "Reason for screen failure;Status\n"
     "01;01-001;01.02.2024;31.01.2024;05.02.2024;06.02.2024;;;on treatment\n"
     "01;01-002;11.02.2024;31.01.2024;;;12.02.2024;exclusion 4;screen failure\n",
     "Site No.=SITE Patient ID=SUBJECT Screening Date=SCREENED Consent Date=CONSENTED "
     "Randomisation Date=RANDOMISED First Dose=TREATED Screen failure date=SCREEN_FAILED "
     "Reason for screen failure=FAILURE_REASON Status=STATUS"},
    {"Site name,PI name,Subject number,Date enrolled,Evaluable date\nCharité,Dr "
     "Roth,01-1,2024-01-02,\n"
     "Köln,Dr Roth,02-1,2024-01-03,2024-02-03\n",
     "Site name=SITE Subject number=SUBJECT Date enrolled=ENROLLED Evaluable date=EVALUABLE"},
    {"SiteID,SubjectID,FirstDoseDate\n1,S1,2024-01-02\n2,S2,2024-01-03\n",
     "SiteID=SITE SubjectID=SUBJECT FirstDoseDate=TREATED"},
    {"Centre,Subject no,Screening no,Screened\nA,1,S-1,2024-01-02\nB,2,S-2,2024-01-03\n",
     "Centre=SITE Subject no=SUBJECT Screening no=SCREENING_NO Screened=SCREENED"},
    {"site,subject,enrolled,randomised\nA,1,Y,2024-01-02\nB,2,N,\n",
     "site=SITE subject=SUBJECT enrolled=ENROLLED_FLAG randomised=RANDOMISED"},
    /* other languages */
    {"Prüfzentrum;Land;Patientennummer;Einwilligungsdatum;Einschlussdatum;Randomisierungsdatum;"
     "Ausschlussgrund"
     "\nKöln;DE;K-01;01.02.2024;02.02.2024;03.02.2024;\nBonn;DE;B-01;01.03.2024;;;Alter\n",
     "Prüfzentrum=SITE Land=COUNTRY Patientennummer=SUBJECT Einwilligungsdatum=CONSENTED "
     "Einschlussdatum=ENROLLED Randomisierungsdatum=RANDOMISED Ausschlussgrund=FAILURE_REASON"},
    {"Centre investigateur;Pays;N° patient;Date de consentement;Date d'inclusion;Date de "
     "sélection;Statut\n"
     "01;FR;P1;01/02/2024;13/02/2024;01/02/2024;inclus\n02;FR;P2;01/02/2024;14/02/2024;01/02/"
     "2024;en cours\n",
     "Centre investigateur=SITE Pays=COUNTRY N° patient=SUBJECT Date de consentement=CONSENTED "
     "Date d'inclusion=ENROLLED Date de sélection=SCREENED Statut=STATUS"},
    {"Centro;País;Código de paciente;Fecha de consentimiento;Fecha de inclusión;Fecha de "
     "aleatorización;"
     "Estado;Motivo de exclusión\n1;ES;P1;2024-02-01;2024-02-02;2024-02-03;aleatorizado;\n"
     "2;ES;P2;2024-02-01;;;excluido;edad\n",
     "Centro=SITE País=COUNTRY Código de paciente=SUBJECT Fecha de consentimiento=CONSENTED "
     "Fecha de inclusión=ENROLLED Fecha de aleatorización=RANDOMISED Estado=STATUS "
     "Motivo de exclusión=FAILURE_REASON"},
    {"Centro;Paese;Codice paziente;Data del consenso;Data di arruolamento;Data di "
     "randomizzazione;Stato\n"
     "1;IT;P1;2024-02-01;2024-02-02;2024-02-03;arruolato\n2;IT;P2;2024-02-01;2024-02-02;;"
     "arruolato\n",
     "Centro=SITE Paese=COUNTRY Codice paziente=SUBJECT Data del consenso=CONSENTED "
     "Data di arruolamento=ENROLLED Data di randomizzazione=RANDOMISED Stato=STATUS"},
    {"Centro;País;Participante;Data do consentimento;Data de inclusão;Data de "
     "randomização;Situação\n"
     "1;BR;P1;2024-02-01;2024-02-02;2024-02-03;ativo\n2;BR;P2;2024-02-01;2024-02-02;;ativo\n",
     "Centro=SITE País=COUNTRY Participante=SUBJECT Data do consentimento=CONSENTED "
     "Data de inclusão=ENROLLED Data de randomização=RANDOMISED Situação=STATUS"},
    {"Centrum;Land;Patiëntnummer;Datum toestemming;Inclusiedatum;Randomisatiedatum;Status\n"
     "1;NL;P1;2024-02-01;2024-02-02;2024-02-03;geïncludeerd\n2;NL;P2;2024-02-01;2024-02-02;;"
     "lopend\n",
     "Centrum=SITE Land=COUNTRY Patiëntnummer=SUBJECT Datum toestemming=CONSENTED "
     "Inclusiedatum=ENROLLED Randomisatiedatum=RANDOMISED Status=STATUS"},
    /* name and content disagree, or two compete */
    {"site,centre,subject,date\nA,X,1,2024-01-02\nA,Y,2,2024-01-03\nB,Y,3,2024-01-03\n",
     "site=SITE? subject=SUBJECT date=DATE"},
    {"site,centre,subject,date\nA,X,1,2024-01-02\nA,X,2,2024-01-03\nB,Y,3,2024-01-03\n",
     "site=SITE subject=SUBJECT date=DATE"}, /* the same sites in other words */
    {"site,subject,enrolled,inclusion\nA,1,2024-01-02,2024-01-05\nB,2,2024-01-03,2024-01-06\n",
     "site=SITE subject=SUBJECT enrolled=ENROLLED?"},
    {"site,subject,enrolled,status\nA,1,2024-01-02,blue\nB,2,2024-01-03,green\n",
     "site=SITE subject=SUBJECT enrolled=ENROLLED"},
    {"site,subject,enrolled,status\nA,1,2024-01-02,enrolled\nB,2,2024-01-03,green\n",
     "site=SITE subject=SUBJECT enrolled=ENROLLED status=STATUS?"},
    {"site,subject,enrolled\nA,1,2024-01-02\nB,2,2024-01-03\nB,3,pending\n",
     "site=SITE subject=SUBJECT enrolled=ENROLLED?"},
    {"site,subject,enrolled\nA,1,red\nB,2,blue\n", "site=SITE subject=SUBJECT"},
    {"site,subject,quux\nA,1,2024-01-02\nB,2,2024-01-03\n", "site=SITE subject=SUBJECT quux=DATE?"},
    {"site,subject,quux,quuux\nA,1,2024-01-02,2024-01-02\nB,2,2024-01-03,2024-01-02\n",
     "site=SITE subject=SUBJECT"},
    {"site,subject name,date\nA,0001-025XXX,2024-01-02\nB,0002-020XXX,2024-01-03\n",
     "site=SITE subject name=SUBJECT? date=DATE"},
    /* allocation by content; and what only sounds like it */
    {"site,subject,date,colour\nA,1,2024-01-02,Placebo\nB,2,2024-01-03,Active\nB,3,2024-01-03,"
     "Active\n",
     "site=SITE subject=SUBJECT date=DATE colour=OUT"},
    {"site,subject,date,group,age group,randomised to,kit no\nA,1,2024-01-02,A,<65,B,k1\n"
     "B,2,2024-01-03,B,>65,A,k2\n",
     "site=SITE subject=SUBJECT date=DATE group=OUT randomised to=OUT kit no=OUT"},
    {"site,subject,treatment start,treatment "
     "status\nA,1,2024-01-02,ongoing\nB,2,2024-01-03,ended\n",
     "site=SITE subject=SUBJECT treatment start=TREATED"},
    {"Zentrum;Patient;Datum;Behandlungsarm;Gruppe\nA;1;2024-01-02;Verum;1\nB;2;2024-01-03;Plazebo;"
     "2\n",
     "Zentrum=SITE Patient=SUBJECT Datum=DATE Behandlungsarm=OUT Gruppe=OUT"},
};

static void
enrolment_logs(void **state)
{
    run_tables(logs, sizeof logs / sizeof *logs, COLUMNS_LOG);
}

/* -- sites and plans */

static void
site_lists(void **state)
{
    static const struct table_case cases[] = {
        {"site,country,opens_on,closed_on,cap\nA,DE,2024-01-02,,10\nB,FR,2025-02-03,,\n",
         "site=SITE country=COUNTRY opens_on=OPENED cap=CAP"},
        {"site,country,opens_on,closed_on,cap,planned_on\nA,DE,2024-01-02,2024-05-01,10,2024-01-"
         "01\n"
         "B,FR,2025-02-03,,,2024-01-01\n",
         "site=SITE country=COUNTRY opens_on=OPENED closed_on=CLOSED cap=CAP "
         "planned_on=PLANNED_OPENING"},
        {"\"protocol_row_id\",\"site_num\",\"site_row_id\",\"pi_number\",\"pi_last_name\",\"pi_"
         "first_name\","
         "\"site_status\",\"account\",\"site_active_dt\",\"city\",\"state\",\"country\"\n"
         "\"1-1\",\"10\",\"123\",\"0X126\",\"Torres\",\"Ariel\",\"Active\",\"Medical Center\","
         "\"2004-01-31\",\"city 1\",\"state 1\",\"China\"\n"
         "\"1-1\",\"100\",\"124\",\"X060X\",\"Spangler\",\"Cheyenne\",\"Active\",\"Medical "
         "Center\","
         "\"2011-09-29\",\"city 1\",\"state 1\",\"Japan\"\n",
         "site_num=SITE account=SITE_NAME site_active_dt=OPENED city=CITY country=COUNTRY"},
        {"Site no,Name,City,Country,Planned opening,Opened,Suspended from,Suspended "
         "to,Closed,Goal,Max,"
         "E-mail,Phone\n1,Charité,Berlin,DE,2024-01-01,2024-02-01,2024-03-01,2024-04-01,2024-05-01,"
         "12,20,"
         "a@b.de,+49 30 1234567\n2,Köln,Köln,DE,2026-01-01,,,,,12,20,c@d.de,+49 30 1234568\n",
         "Site no=SITE Name=SITE_NAME City=CITY Country=COUNTRY Planned opening=PLANNED_OPENING "
         "Opened=OPENED Suspended from=SUSPENDED_FROM Suspended to=SUSPENDED_TO Closed=CLOSED "
         "Goal=GOAL Max=CAP"},
        {"Zentrum;Ort;Geplante Eröffnung;Eröffnet;Geschlossen;Ziel\n1;Köln;01.02.2026;;;5\n"
         "2;Bonn;01.02.2026;;13.07.2024;5\n",
         "Zentrum=SITE Ort=CITY Geplante Eröffnung=PLANNED_OPENING Geschlossen=CLOSED Ziel=GOAL"},
        {"Centre;Ville;Ouverture "
         "prévue;Ouverture;Fermeture;Objectif\n1;Lyon;2026-01;2024-01;2024-02;5\n"
         "2;Nice;2026-01;2024-01;2024-02;5\n",
         "Centre=SITE Ville=CITY Ouverture prévue=PLANNED_OPENING Ouverture=OPENED "
         "Fermeture=CLOSED "
         "Objectif=GOAL"},
        {"site,target,opened\nA,many,2024-01-01\nB,few,2024-01-01\n", "site=SITE opened=OPENED"},
    };
    run_tables(cases, sizeof cases / sizeof *cases, COLUMNS_SITES);
}

static void
plans(void **state)
{
    static const struct table_case cases[] = {
        {"Month,Planned cumulative,Planned openings\n2024-01,2,3\n2024-02,5,4\n2024-03,9,0\n",
         "Month=PERIOD Planned cumulative=PLANNED_CUMULATIVE Planned openings=PLANNED_OPENINGS"},
        {"Month,Planned per month\nJan 2026,2\nFeb 2026,5\nMar 2026,3\n",
         "Month=PERIOD Planned per month=PLANNED_PER_PERIOD"},
        {"Month,Planned\n2024-01,2\n2024-02,5\n2024-03,9\n",
         "Month=PERIOD Planned=PLANNED_CUMULATIVE?"},
        {"Month,Planned\n2024-01,2\n2024-02,5\n2024-03,3\n",
         "Month=PERIOD Planned=PLANNED_PER_PERIOD?"},
        {"Month,Cumulative\n2024-01,2\n2024-02,5\n2024-03,3\n",
         "Month=PERIOD Cumulative=PLANNED_CUMULATIVE?"},
        {"Monat;Geplant kumuliert;Eröffnungen;Ist\n01.2026;2;1;2\n02.2026;4;2;2\n03.2026;7;2;2\n",
         "Monat=PERIOD Geplant kumuliert=PLANNED_CUMULATIVE Eröffnungen=PLANNED_OPENINGS"},
        {"Mois,Prévu par mois,Pays\nmars 2026,2,FR\navril 2026,4,FR\n",
         "Mois=PERIOD Prévu par mois=PLANNED_PER_PERIOD Pays=COUNTRY"},
    };
    run_tables(cases, sizeof cases / sizeof *cases, COLUMNS_PLAN);
}

/* -- what must not come in */

static void
personal(void **state)
{
    static const struct {
        const char *csv;
        enum columns_table table;
        const char *field, *says; /* NULL: comes in */
    } cases[] = {
        {"site,Patient name,date\nA,Anna Smith,2024-01-02\nB,Bo Lee,2024-01-03\n", COLUMNS_LOG,
         "Patient name", "column B: Column B (“Patient name”) looks like names of participants"},
        {"site,Surname,date\nA,Smith,2024-01-02\nB,Lee,2024-01-03\n", COLUMNS_LOG, "Surname",
         "names"},
        {"site,Vorname,date\nA,Anna,2024-01-02\nB,Bo,2024-01-03\n", COLUMNS_LOG, "Vorname",
         "names"},
        {"site,Prénom,date\nA,Anna,2024-01-02\nB,Bo,2024-01-03\n", COLUMNS_LOG, "Prénom", "names"},
        {"site,Apellidos,date\nA,Anna,2024-01-02\nB,Bo,2024-01-03\n", COLUMNS_LOG, "Apellidos",
         "names"},
        {"site,Achternaam,date\nA,X1,2024-01-02\nB,X2,2024-01-03\n", COLUMNS_LOG, "Achternaam",
         "names"},
        {"site,subject name,date\nA,Anna Smith,2024-01-02\nB,Bo Lee,2024-01-03\n", COLUMNS_LOG,
         "subject name", "names"},
        {"site,Name,date\nA,Anna Smith,2024-01-02\nB,Bo Lee,2024-01-03\n", COLUMNS_LOG, "Name",
         "names"},
        {"site,Patient,date\nA,Anna,2024-01-02\nB,Bo,2024-01-03\n", COLUMNS_LOG, "Patient",
         "names"},
        {"site,Patient,date\nA,A.S.,2024-01-02\nB,BL,2024-01-03\n", COLUMNS_LOG, "Patient",
         "initials"},
        {"site,Initials,date\nA,A.S.,2024-01-02\nB,B.L.,2024-01-03\n", COLUMNS_LOG, "Initials",
         "initials"},
        {"site,subjinit_nsv,date\nA,XXX,2024-01-02\nB,XXX,2024-01-03\n", COLUMNS_LOG,
         "subjinit_nsv", "initials"},
        {"site,DOB,date\nA,1960-01-02,2024-01-02\nB,1950-01-02,2024-01-03\n", COLUMNS_LOG, "DOB",
         "birth dates"},
        {"site,brthdat,date\nA,1960-01-02,2024-01-02\nB,1950-01-02,2024-01-03\n", COLUMNS_LOG,
         "brthdat", "birth dates"},
        {"site,Geburtsdatum,date\nA,x,2024-01-02\nB,y,2024-01-03\n", COLUMNS_LOG, "Geburtsdatum",
         "birth dates"},
        {"site,Date de naissance,date\nA,1960,2024-01-02\nB,1961,2024-01-03\n", COLUMNS_LOG,
         "Date de naissance", "birth dates"},
        {"site,dateOfBirth,date\nA,1960,2024-01-02\nB,1961,2024-01-03\n", COLUMNS_LOG,
         "dateOfBirth", "birth dates"},
        {"site,Born,date\nA,1960,2024-01-02\nB,1961,2024-01-03\n", COLUMNS_LOG, "Born",
         "birth dates"},
        /* by content: born at least 16 years before, in a column whose name says nothing */
        {"site,xyz,randomised\nA,1960-01-02,2010-01-02\nB,1950-01-02,2010-01-03\nB,1990-01-02,2010-"
         "01-03\n",
         COLUMNS_LOG, "xyz", "birth dates"},
        {"site,xyz,randomised\nA,02.11.1960,2010-01-02\nB,03.11.1950,2010-01-03\nB,04.12.1990,2010-"
         "01-03\n",
         COLUMNS_LOG, "xyz", "birth dates"},
        {"site,xyz,randomised\nA,1960-01-02,2010-01-02\nB,1950-01-02,2010-01-03\nB,1995-01-02,2010-"
         "01-03\n",
         COLUMNS_LOG, NULL, NULL},
        {"site,Phone,date\nA,030 123,2024-01-02\nB,030 124,2024-01-03\n", COLUMNS_LOG, "Phone",
         "telephone"},
        {"site,x,date\nA,+49 30 1234567,2024-01-02\nB,+49 30 1234568,2024-01-03\n", COLUMNS_LOG,
         "x", "telephone"},
        {"site,E-Mail,date\nA,?,2024-01-02\nB,?,2024-01-03\n", COLUMNS_LOG, "E-Mail", "e-mail"},
        {"site,x,date\nA,a@b.example,2024-01-02\nB,c@d.example,2024-01-03\n", COLUMNS_LOG, "x",
         "e-mail"},
        {"site,MRN,date\nA,1,2024-01-02\nB,2,2024-01-03\n", COLUMNS_LOG, "MRN", "identity"},
        {"site,,date\nA,\"Smith, Anna\",2024-01-02\nB,\"Lee, Bo\",2024-01-03\nB,\"Roth, "
         "Cy\",2024-01-03\n"
         "B,\"Kim, Di\",2024-01-03\nB,\"Paz, Ed\",2024-01-03\n",
         COLUMNS_LOG, "", "names"},
        /* names of others */
        {"site name,PI name,facility name,study name,hospital,date\nA,Anna Smith,B,C,D,2024-01-02\n"
         "B,Bo Lee,B,C,E,2024-01-03\n",
         COLUMNS_LOG, NULL, NULL},
        {"site,investigator last name,PI e-mail,date\nA,Roth,a@b.example,2024-01-02\n"
         "B,Roth,a@b.example,2024-01-03\n",
         COLUMNS_LOG, NULL, NULL},
        {"site,birth weight,initial visit,Geburtsgewicht,date\nA,3,2024-01-02,3,2024-01-02\n"
         "B,4,2024-01-02,4,2024-01-03\n",
         COLUMNS_LOG, NULL, NULL},
        {"site,Patient,date\nA,A-01,2024-01-02\nB,B-01,2024-01-03\n", COLUMNS_LOG, NULL, NULL},
        {"site,Surname,date\nA,,2024-01-02\nB,,2024-01-03\n", COLUMNS_LOG, NULL, NULL}, /* empty */
        /* other tables */
        {"site,name,last name,phone,city\n1,Charité,Roth,030 1,Berlin\n2,Köln,Lee,030 2,Köln\n",
         COLUMNS_SITES, NULL, NULL},
        {"site,patient name\n1,Anna Smith\n2,Bo Lee\n", COLUMNS_SITES, "patient name", "names"},
        {"site,DOB\n1,1960-01-01\n2,1961-01-01\n", COLUMNS_SITES, "DOB", "birth dates"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new(0);
        struct columns_found f = {.n = 77};
        err_t e = find(a, cases[i].csv, cases[i].table, NULL, 0, &f);
        if (!cases[i].says) {
            if (e)
                fail_msg("%.60s: %s", cases[i].csv, err_line(a, e));
            arena_free(a);
            continue;
        }
        if (!e)
            fail_msg("%.60s came in", cases[i].csv);
        if (!strstr(err_line(a, e), cases[i].says) || !str_eq(e->field, cases[i].field) ||
            e->next || !strstr(e->text, "delete that column"))
            fail_msg("%.60s: [%s] %s", cases[i].csv, e->field, err_line(a, e));
        assert_int_equal(f.n, 77);
        arena_free(a);
    }
}

/* Every offending column is named at once. */
static void
several_refused(void **state)
{
    struct arena *a = arena_new(0);
    struct columns_found f;
    err_t e = find(
        a, "site,Surname,DOB,date\nA,Smith,1960-01-01,2024-01-02\nB,Lee,1961-01-01,2024-01-03\n",
        COLUMNS_LOG, NULL, 0, &f);
    assert_non_null(e);
    assert_string_equal(e->field, "Surname");
    assert_string_equal(e->next->field, "DOB");
    assert_string_equal(e->next->place, "column C");
    assert_null(e->next->next);
    arena_free(a);
}

static void
totals(void **state)
{
    struct arena *a = arena_new(0);
    struct columns_found f;
    static const char known[] =
        "Screening_Date,N Rows,Sum_Prescreened,Sum_Meets_Crit,Sum_Enrolled\n6/19/2019,66,66,20,3\n"
        "6/20/2019,25,25,6,0\n6/21/2019,15,15,1,1\n";
    static const char unknown[] = "Day,Total rows,Total seen\n2019-06-19,66,66\n2019-06-20,25,25\n";
    assert_null(find(a, known, COLUMNS_LOG, NULL, 0, &f));
    assert_string_equal(summary(a, &f), "Screening_Date=SCREENED Sum_Enrolled=ENROLLED_COUNT");
    assert_true(f.lacks_site);
    assert_null(find(a, unknown, COLUMNS_LOG, NULL, 0, &f));
    assert_non_null(strstr(f.missing, "one row per day with totals"));
    assert_false(f.lacks_site);
    struct columns_choice choice = {COLUMNS_ENROLLED_COUNT, 2};
    assert_null(find(a, unknown, COLUMNS_LOG, &choice, 1, &f));
    assert_int_equal(f.of[COLUMNS_ENROLLED_COUNT], 2);
    assert_true(f.lacks_site);
    arena_free(a);
}

static void
what_is_missing(void **state)
{
    static const struct {
        const char *csv;
        enum columns_table table;
        const char *says;
    } cases[] = {
        {"subject,date\n1,2024-01-02\n2,2024-01-02\n", COLUMNS_LOG, "like the site."},
        {"subject,site\n1,A\n2,B\n", COLUMNS_LOG, "like a date"},
        {"subject,colour\n1,red\n2,blue\n", COLUMNS_LOG, "and none like a date"},
        {"site,date\nA,2024-01-02\nB,2024-01-03\n", COLUMNS_LOG, NULL},
        {"city,goal\nA,1\nB,2\n", COLUMNS_SITES, "site's number or name"},
        {"month,colour\n2024-01,red\n2024-02,red\n", COLUMNS_PLAN, "planned number"},
        {"planned per month,colour\n1,red\n2,red\n", COLUMNS_PLAN, "month"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new(0);
        struct columns_found f;
        assert_null(find(a, cases[i].csv, cases[i].table, NULL, 0, &f));
        assert_int_equal(f.missing != NULL, cases[i].says != NULL);
        if (f.missing)
            assert_non_null(strstr(f.missing, cases[i].says));
        arena_free(a);
    }
}

/* -- choices by hand */

static const char ambiguous_log[] =
    "site,centre,subject,arm,when,note,screened\nA,X,1,P,2024-01-02,red,82888\n"
    "A,Y,2,Q,2024-01-03,blue,82988\nB,Y,3,P,2024-01-03,red,\n";

static void
choices(void **state)
{
    static const struct {
        struct columns_choice choices[2];
        size_t n;
        const char *want; /* the summary, or words of the error after "!" */
    } cases[] = {
        {{{0}}, 0, "site=SITE? subject=SUBJECT arm=OUT screened=SCREENED?#"},
        {{{COLUMNS_SITE, 0}}, 1, "site=SITE subject=SUBJECT arm=OUT screened=SCREENED?#"},
        {{{COLUMNS_SITE, 1}}, 1, "centre=SITE subject=SUBJECT arm=OUT screened=SCREENED?#"},
        {{{COLUMNS_SITE, -1}}, 1, "subject=SUBJECT arm=OUT screened=SCREENED?#"},
        {{{COLUMNS_ENROLLED, 4}, {COLUMNS_SITE, 0}},
         2,
         "site=SITE subject=SUBJECT arm=OUT when=ENROLLED screened=SCREENED?#"},
        {{{COLUMNS_RANDOMISED, 6}, {COLUMNS_SITE, 0}},
         2,
         "site=SITE subject=SUBJECT arm=OUT screened=RANDOMISED#"},
        {{{COLUMNS_SITE, 3}}, 1, "!Column D (“arm”) looks like allocation"},
        {{{COLUMNS_STATUS, 3}}, 1, "!looks like allocation"},
        {{{COLUMNS_ENROLLED, 5}}, 1, "!none of its values is a date"},
        {{{COLUMNS_ENROLLED, 40}}, 1, "!Column AO, chosen as the date of enrolment, is not there"},
        {{{COLUMNS_ENROLLED, 4}, {COLUMNS_CONSENTED, 4}}, 2, "!chosen already"},
        {{{COLUMNS_ENROLLED, 4}, {COLUMNS_ENROLLED, 6}}, 2, "!chosen already"},
        {{{COLUMNS_CAP, 4}}, 1, "!no such field"},
        {{{COLUMNS_NOTHING, 4}}, 1, "!no such field"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new(0);
        struct columns_found f;
        err_t e = find(a, ambiguous_log, COLUMNS_LOG, cases[i].choices, cases[i].n, &f);
        const char *got = e ? arena_printf(a, "!%s", e->text) : summary(a, &f);
        const char *want = cases[i].want + (*cases[i].want == '!');
        if (e ? (*cases[i].want != '!' || !strstr(got, want)) : strcmp(got, want) != 0)
            fail_msg("case %zu: %s instead of %s", i, got, cases[i].want);
        arena_free(a);
    }
}

static void
reasons(void **state)
{
    struct arena *a = arena_new(0);
    struct columns_found f;
    assert_null(find(a, ambiguous_log, COLUMNS_LOG, NULL, 0, &f));
    assert_true(f.in_doubt);
    assert_string_equal(f.columns[0].place, "column A");
    assert_non_null(
        strstr(f.columns[0].reason, "Perhaps the site: column B (“centre”) looks like it too"));
    assert_non_null(
        strstr(f.columns[1].reason, "it may be the site as well, but column A is taken"));
    assert_string_equal(f.columns[2].reason, "The participant code, by its name and its values.");
    assert_non_null(strstr(f.columns[3].reason, "Left out: its name says which treatment"));
    assert_string_equal(f.columns[5].reason, "Not used: nothing here needs it.");
    assert_non_null(strstr(f.columns[6].reason, "bare numbers, such as 82888"));
    assert_null(find(a, "site,status,date\nA,blue,2024-01-02\nB,red,2024-01-03\n", COLUMNS_LOG,
                     NULL, 0, &f));
    assert_non_null(strstr(f.columns[1].reason,
                           "its name suggests the status, but its values, such as “blue”"));
    assert_false(f.in_doubt);
    arena_free(a);
}

/* Cells of .xlsx bring their kind along: days are dates whatever they look like. */
static void
cells_with_kinds(void **state)
{
    static const struct sheet_cell header[] = {{"site", 0, SHEET_TEXT, 0},
                                               {"Enrolled", 0, SHEET_TEXT, 0},
                                               {"eligible", 0, SHEET_TEXT, 0},
                                               {"xyz", 0, SHEET_TEXT, 0}};
    static const struct sheet_cell one[] = {{"1", 0, SHEET_NUMBER, 0},
                                            {"2024-03-05 14:30", 19787, SHEET_DATE, DATE_DAY},
                                            {"TRUE", 0, SHEET_BOOL, 0},
                                            {"#N/A", 0, SHEET_ERROR, 0}};
    static const struct sheet_cell two[] = {{"2", 0, SHEET_NUMBER, 0},
                                            {"2024-03", 19783, SHEET_DATE, DATE_MONTH},
                                            {"FALSE", 0, SHEET_BOOL, 0}};
    static const struct sheet_row rows[] = {{header, 4, 5}, {one, 4, 6}, {two, 3, 7}};
    struct sheet s = {.name = "Log", .n = 3, .rows = rows, .width = 4, .has_table = true};
    struct arena *a = arena_new(0);
    struct columns_found f;
    assert_null(columns_find(a, &s, COLUMNS_LOG, NULL, 0, today(), &f));
    assert_string_equal(summary(a, &f), "site=SITE Enrolled=ENROLLED eligible=PASSED_FLAG");
    arena_free(a);
}

/* A header of many words does not get past the walls. */
static void
long_header(void **state)
{
    struct arena *a = arena_new(0);
    struct buf b;
    struct columns_found f;
    buf_init(&b, a);
    buf_str(&b, "site,patient last name");
    for (int i = 0; i < 300; i++)
        buf_str(&b, " word");
    buf_str(&b, ",date\nA,Smith,2024-01-02\nB,Lee,2024-01-02\n");
    assert_non_null(find(a, buf_text(&b), COLUMNS_LOG, NULL, 0, &f));
    arena_free(a);
}

/* -- words */

static void
statuses(void **state)
{
    static const struct {
        const char *text;
        int status; /* -1: not known */
    } cases[] = {
        {"Enrolled", COLUMNS_STATUS_ENROLLED},
        {" ON STUDY ", COLUMNS_STATUS_ENROLLED},
        {"Randomized", COLUMNS_STATUS_RANDOMISED},
        {"randomisiert", COLUMNS_STATUS_RANDOMISED},
        {"screen_failed", COLUMNS_STATUS_SCREEN_FAILED},
        {"Screen Failure", COLUMNS_STATUS_SCREEN_FAILED},
        {"SCREEN-FAIL", COLUMNS_STATUS_SCREEN_FAILED},
        {"Échec de sélection", COLUMNS_STATUS_SCREEN_FAILED},
        {"in screening", COLUMNS_STATUS_SCREENED},
        {"screened", COLUMNS_STATUS_SCREENED},
        {"Informed consent obtained", COLUMNS_STATUS_CONSENTED},
        {"WITHDRAWAL BY SUBJECT", COLUMNS_STATUS_WITHDRAWN},
        {"zurückgezogen", COLUMNS_STATUS_WITHDRAWN},
        {"Completed", COLUMNS_STATUS_COMPLETED},
        {"discontinued", COLUMNS_STATUS_DISCONTINUED},
        {"Lost to follow-up", COLUMNS_STATUS_LOST},
        {"Death", COLUMNS_STATUS_DIED},
        {"incluído", COLUMNS_STATUS_ENROLLED},
        {"geïncludeerd", COLUMNS_STATUS_ENROLLED},
        {"arruolato", COLUMNS_STATUS_ENROLLED},
        {"", -1},
        {"1", -1},
        {"enrolled?maybe", -1},
        {"pending", -1},
        {"|", -1},
    };
    struct arena *a = arena_new(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum columns_status s = COLUMNS_STATUS_DIED;
        err_t e = columns_status(a, cases[i].text, &s);
        if ((e != NULL) != (cases[i].status < 0) || (!e && (int)s != cases[i].status))
            fail_msg("%s gave %d", cases[i].text, e ? -1 : (int)s);
        if (e)
            assert_non_null(strstr(e->text, "is not known"));
    }
    arena_free(a);
}

static void
flags(void **state)
{
    struct arena *a = arena_new(0);
    const char *const yes[] = {"Y", "yes", "1", "Ja", "oui", "Sí", "SIM", "true"};
    const char *const no[] = {"N", "no", "0", "Nein", "non", "NÃO", "nee", "FALSE"};
    const char *const neither[] = {"", "2", "maybe", "y/n"};
    bool v;
    for (size_t i = 0; i < 8; i++) {
        assert_true(columns_flag(a, yes[i], &v) && v);
        assert_true(columns_flag(a, no[i], &v) && !v);
    }
    for (size_t i = 0; i < 4; i++)
        assert_false(columns_flag(a, neither[i], &v));
    arena_free(a);
}

/* Beyond the sample and with every header a field has: bounded, and the same answer. */
static void
large(void **state)
{
    struct arena *a = arena_new(0);
    struct buf b;
    buf_init(&b, a);
    buf_str(&b, "site,subject,enrolled\n");
    for (int i = 0; i < 20000; i++)
        buf_printf(&b, "S%d,P-%d,20%02d-%02d-%02d\n", i % 40, i, 10 + i % 14, 1 + i % 12,
                   1 + i % 28);
    struct columns_found f;
    assert_null(find(a, buf_text(&b), COLUMNS_LOG, NULL, 0, &f));
    assert_string_equal(summary(a, &f), "site=SITE subject=SUBJECT enrolled=ENROLLED");
    assert_int_equal(f.columns[0].confidence, 98);
    assert_null(f.missing);
    arena_free(a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(enrolment_logs),
        cmocka_unit_test(site_lists),
        cmocka_unit_test(plans),
        cmocka_unit_test(personal),
        cmocka_unit_test(several_refused),
        cmocka_unit_test(totals),
        cmocka_unit_test(what_is_missing),
        cmocka_unit_test(choices),
        cmocka_unit_test(reasons),
        cmocka_unit_test(statuses),
        cmocka_unit_test(flags),
        cmocka_unit_test(large),
        cmocka_unit_test(cells_with_kinds),
        cmocka_unit_test(long_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
