#include <curl/curl.h>

/* curl_easy_setopt and curl_easy_getinfo are variadic and so not visible from Swift. */
static inline CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}
/* The body and the server's lines are asked for, and handed over, by these two. */
typedef size_t (*ccurl_transfer)(char *bytes, size_t size, size_t count, void *context);
static inline void ccurl_set_transfer(CURL *handle, ccurl_transfer body, ccurl_transfer line, void *context) {
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, body);
    curl_easy_setopt(handle, CURLOPT_READDATA, context);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, line);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
}
static inline long ccurl_response_code(CURL *handle) {
    long code = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code);
    return code;
}
/* The macro casts, which Swift does not import. */
static inline CURLcode ccurl_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }
