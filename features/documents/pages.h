/* pages.h: the handlers of this feature. */
#ifndef FEATURES_DOCUMENTS_PAGES_H
#define FEATURES_DOCUMENTS_PAGES_H

#include "base/view.h"
#include "features/documents/documents.h"
#include "http/http.h"

http_handler page_documents, page_documents_expected, page_document, page_document_pdf;

#endif
