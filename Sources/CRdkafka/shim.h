#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <sys/prctl.h>

/* prctl is variadic and so not visible from Swift. The kernel keeps 15 bytes of the name. */
static inline void crdkafka_name_thread(const char *name) { prctl(PR_SET_NAME, (unsigned long)name, 0, 0, 0); }
