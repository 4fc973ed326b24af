/* A disk that takes SYNC_MICROSECONDS to sync, whatever the machine's own takes. */
#include <stdlib.h>
#include <unistd.h>

static int slow(void)
{
    const char *said = getenv("SYNC_MICROSECONDS");
    usleep(said ? (useconds_t)atoi(said) : 0);
    return 0;
}

int fsync(int fd)
{
    (void)fd;
    return slow();
}

int fdatasync(int fd)
{
    (void)fd;
    return slow();
}
