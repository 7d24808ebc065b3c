/* letter.c: see letter.h. The only file that knows gmime. */
#include "features/notices/letter.h"

#include "base/str.h"

#include <gmime/gmime.h>
#include <pthread.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;

static GMimeObject *
text_part(const char *text)
{
    GMimeTextPart *part = g_mime_text_part_new_with_subtype("plain");
    g_mime_text_part_set_charset(part, "utf-8");
    g_mime_text_part_set_text(part, text);
    g_mime_part_set_content_encoding(GMIME_PART(part), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    return GMIME_OBJECT(part);
}

static void
set_headers(struct ctx *c, GMimeMessage *m, const struct letter *l)
{
    GMimeObject *o = GMIME_OBJECT(m);
    GDateTime *at = g_date_time_new_from_unix_utc(l->at / 1000000);
    g_mime_message_add_mailbox(m, GMIME_ADDRESS_TYPE_FROM, "Rapport", l->from);
    g_mime_message_add_mailbox(m, GMIME_ADDRESS_TYPE_TO, NULL, l->to);
    g_mime_message_set_subject(m, l->subject, "utf-8");
    g_mime_message_set_date(m, at);
    g_mime_message_set_message_id(m, arena_printf(c->mem, "%s@%s", l->id, strchr(l->from, '@') + 1));
    g_mime_object_set_header(o, "Auto-Submitted", "auto-generated", NULL);
    if (l->stop) {
        g_mime_object_set_header(o, "List-Unsubscribe", arena_printf(c->mem, "<%s>", l->stop), NULL);
        g_mime_object_set_header(o, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click", NULL);
    }
    g_date_time_unref(at);
}

void
letter_write(struct ctx *c, const struct letter *l, const char **ret, size_t *ret_n)
{
    pthread_once(&once, g_mime_init);
    GMimeMessage *m = g_mime_message_new(TRUE);
    GMimeObject *part = text_part(l->text);
    set_headers(c, m, l);
    g_mime_message_set_mime_part(m, part);
    GMimeFormatOptions *format = g_mime_format_options_new();
    g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
    GMimeStream *stream = g_mime_stream_mem_new();
    g_mime_object_write_to_stream(GMIME_OBJECT(m), format, stream);
    const GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    *ret = arena_copy(c->mem, bytes->data, bytes->len);
    *ret_n = bytes->len;
    g_object_unref(stream);
    g_mime_format_options_free(format);
    g_object_unref(part);
    g_object_unref(m);
}
