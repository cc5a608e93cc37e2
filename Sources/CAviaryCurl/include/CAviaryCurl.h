#ifndef CAVIARY_CURL_H
#define CAVIARY_CURL_H

// libcurl's easy interface. Its setters and getters are variadic, which Swift cannot call: here they are by type.

#include <curl/curl.h>

CURLcode aviary_curl_set_text(CURL *_Nonnull handle, CURLoption option, const char *_Nonnull value);
CURLcode aviary_curl_set_number(CURL *_Nonnull handle, CURLoption option, long value);

/// Where libcurl writes what went wrong in words; `CURL_ERROR_SIZE` bytes that outlive the handle.
CURLcode aviary_curl_set_error_text(CURL *_Nonnull handle, char *_Nonnull text);

/// Takes `count` bytes of the body and returns how many it took; fewer end the transfer.
typedef size_t (*aviary_curl_receive)(
    char *_Nonnull bytes, size_t size, size_t count, void *_Nonnull context);
CURLcode aviary_curl_on_body(CURL *_Nonnull handle, aviary_curl_receive _Nonnull receive, void *_Nonnull context);

/// Called at least once a second; anything but 0 ends the transfer.
typedef int (*aviary_curl_progress)(
    void *_Nonnull context, curl_off_t total, curl_off_t received, curl_off_t upload_total, curl_off_t sent);
CURLcode aviary_curl_on_progress(
    CURL *_Nonnull handle, aviary_curl_progress _Nonnull progress, void *_Nonnull context);

/// The status of the last answer; 0 before there is one.
long aviary_curl_status(CURL *_Nonnull handle);

/// The length of the body that the answer declared; -1 if it did not.
long long aviary_curl_declared_length(CURL *_Nonnull handle);

#endif
