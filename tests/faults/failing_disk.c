/*
A disk that fails below one directory while a test says so: preloaded into a process (ld.so(8), LD_PRELOAD).

FAILING_DISK_BELOW    the directory
FAILING_DISK_ORDERS   a file that is mapped: what fails, every how manyth call, how many were refused (failing_disk.py)
FAILING_DISK_DURABLE  a directory that holds what a power cut leaves: names change there at once, contents with a sync
                      that succeeds, and only what was written since the last sync: pages whose sync failed are dropped,
                      as Linux calls them clean (wiki.postgresql.org/wiki/Fsync_Errors)
*/
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))real(#name))
#define MOST_FILES 1024

struct orders { volatile uint8_t mode, every; volatile uint32_t refused; };
struct range { off_t start, end; };
struct file { dev_t device; ino_t inode; size_t count, room; struct range *ranges; };

static struct orders *orders;
static char below[PATH_MAX], durable[PATH_MAX];
static struct file files[MOST_FILES];
static size_t known;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void)
{
    const char *directory = getenv("FAILING_DISK_BELOW"), *kept = getenv("FAILING_DISK_DURABLE");
    const char *path = getenv("FAILING_DISK_ORDERS");
    int fd = path && directory && kept ? REAL(open)(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    strncpy(below, directory, sizeof below - 1);
    strncpy(durable, kept, sizeof durable - 1);
    void *mapped = mmap(NULL, sizeof *orders, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    orders = mapped == MAP_FAILED ? NULL : mapped;
    REAL(close)(fd);
}

/* Say whether a call of these modes is to be refused now. */
static int is_refused(const char *modes)
{
    static volatile uint32_t calls;
    if (!orders || !orders->mode || !strchr(modes, orders->mode))
        return 0;
    if (orders->every > 1 && __sync_add_and_fetch(&calls, 1) % orders->every)
        return 0;
    __sync_add_and_fetch(&orders->refused, 1);
    return 1;
}

static int refusal(void)
{
    errno = orders->mode == 'n' || orders->mode == 'h' ? ENOSPC : orders->mode == 'r' ? EROFS : EIO;
    return -1;
}

static const char *beneath(const char *path)
{
    size_t length = strlen(below);
    return orders && !strncmp(path, below, length) && path[length] == '/' ? path + length : NULL;
}

/* Put the path of an open file below the directory into `path`; say whether it is one. */
static int path_of(int fd, char *path)
{
    char link[64];
    if (!orders)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = 0;
    return length > 0 && (beneath(path) || !strcmp(path, below));
}

static int absolute(const char *name, char *path)
{
    char here[PATH_MAX] = "";
    if (*name != '/' && !getcwd(here, sizeof here))
        return 0;
    snprintf(path, PATH_MAX, "%s%s%s", here, *name == '/' ? "" : "/", name);
    return beneath(path) != NULL;
}

/* Put the place of a path below `durable` into `place`, and make its directories; say whether it is kept there. */
static int kept(const char *path, char *place)
{
    const char *rest = beneath(path);
    size_t length = rest ? strlen(rest) : 0;
    if (!rest || (length > 4 && !strcmp(rest + length - 4, "-shm")) || strstr(rest, " (deleted)"))
        return 0;
    snprintf(place, PATH_MAX, "%s%s", durable, rest);
    for (char *slash = strchr(place + strlen(durable) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(place, 0700);
        *slash = '/';
    }
    return 1;
}

static struct file *known_as(const struct stat *found)
{
    for (size_t each = 0; each < known; each++)
        if (files[each].device == found->st_dev && files[each].inode == found->st_ino)
            return &files[each];
    return NULL;
}

static struct file *file_of(int fd)
{
    struct stat found;
    struct file *file;
    if (fstat(fd, &found) || !S_ISREG(found.st_mode))
        return NULL;
    if ((file = known_as(&found)))
        return file;
    if (known == MOST_FILES)
        abort();
    files[known] = (struct file){.device = found.st_dev, .inode = found.st_ino};
    return &files[known++];
}

static void note(int fd, off_t start, ssize_t length)
{
    char path[PATH_MAX];
    if (length <= 0 || !path_of(fd, path))
        return;
    pthread_mutex_lock(&turn);
    struct file *file = file_of(fd);
    if (file) {
        if (file->count == file->room) {
            file->room = file->room ? 2 * file->room : 64;
            file->ranges = realloc(file->ranges, file->room * sizeof *file->ranges);
        }
        file->ranges[file->count++] = (struct range){start, start + length};
    }
    pthread_mutex_unlock(&turn);
}

static void copy(int from, int to, struct range range)
{
    char piece[65536];
    while (range.start < range.end) {
        size_t left = range.end - range.start;
        ssize_t count = pread(from, piece, left < sizeof piece ? left : sizeof piece, range.start);
        if (count <= 0 || REAL(pwrite)(to, piece, count, range.start) != count)
            return;
        range.start += count;
    }
}

static int sync_file(int fd, const char *path)
{
    char place[PATH_MAX], link[64];
    int fails = is_refused("s");
    pthread_mutex_lock(&turn);
    struct file *file = file_of(fd);
    if (file && !fails && kept(path, place)) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        int from = REAL(open)(link, O_RDONLY | O_CLOEXEC), to = REAL(open)(place, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        for (size_t each = 0; each < file->count; each++)
            copy(from, to, file->ranges[each]);
        REAL(close)(from);
        REAL(close)(to);
    }
    if (file)
        file->count = 0;
    pthread_mutex_unlock(&turn);
    return fails ? refusal() : 0;
}

int fsync(int fd)
{
    char path[PATH_MAX];
    return path_of(fd, path) ? sync_file(fd, path) : REAL(fsync)(fd);
}

int fdatasync(int fd)
{
    char path[PATH_MAX];
    return path_of(fd, path) ? sync_file(fd, path) : REAL(fdatasync)(fd);
}

static int is_write(int flags) { return (flags & O_ACCMODE) != O_RDONLY; }

static int opened(int fd, const char *name, int flags)
{
    char path[PATH_MAX], place[PATH_MAX];
    (void)name;
    if (fd >= 0 && is_write(flags) && path_of(fd, path) && kept(path, place)) {
        int copy = REAL(open)(place, O_WRONLY | O_CLOEXEC | (flags & (O_CREAT | O_TRUNC)), 0600);
        if (copy >= 0)
            REAL(close)(copy);
    }
    return fd;
}

static int may_open(const char *name, int flags)
{
    char path[PATH_MAX];
    return !is_write(flags) || !absolute(name, path) || !is_refused(flags & O_CREAT ? "nr" : "r");
}

#define OPEN(called, before, given, passed)                                                                            \
    int called given                                                                                                   \
    {                                                                                                                  \
        va_list more;                                                                                                  \
        va_start(more, flags);                                                                                         \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;                                        \
        va_end(more);                                                                                                  \
        return may_open(name, flags) ? opened(((int(*) before)real(#called)) passed, name, flags) : refusal();         \
    }
OPEN(open, (const char *, int, ...), (const char *name, int flags, ...), (name, flags, mode))
OPEN(open64, (const char *, int, ...), (const char *name, int flags, ...), (name, flags, mode))
OPEN(openat, (int, const char *, int, ...), (int at, const char *name, int flags, ...), (at, name, flags, mode))
OPEN(openat64, (int, const char *, int, ...), (int at, const char *name, int flags, ...), (at, name, flags, mode))

/* Return how many bytes of a write are let through; -1: none. */
static ssize_t allowed(int fd, size_t length)
{
    char path[PATH_MAX];
    if (!orders || !orders->mode || !path_of(fd, path) || !is_refused("wnrh"))
        return length;
    return orders->mode == 'h' && length > 1 ? (ssize_t)length / 2 : refusal();
}

#define PWRITE(called, offset)                                                                                         \
    ssize_t called(int fd, const void *content, size_t length, offset start)                                           \
    {                                                                                                                  \
        ssize_t count = allowed(fd, length);                                                                           \
        if (count >= 0)                                                                                                \
            note(fd, start, count = REAL(called)(fd, content, count, start));                                          \
        return count;                                                                                                  \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

static ssize_t written(int fd, ssize_t count)
{
    note(fd, count > 0 ? lseek(fd, 0, SEEK_CUR) - count : 0, count);
    return count;
}

ssize_t write(int fd, const void *content, size_t length)
{
    ssize_t count = allowed(fd, length);
    return count < 0 ? count : written(fd, REAL(write)(fd, content, count));
}

ssize_t writev(int fd, const struct iovec *parts, int number)
{
    return allowed(fd, 1) < 0 ? -1 : written(fd, REAL(writev)(fd, parts, number));
}

#define TRUNCATE(called, offset)                                                                                       \
    int called(int fd, offset length)                                                                                  \
    {                                                                                                                  \
        char path[PATH_MAX], place[PATH_MAX];                                                                          \
        int is_ours = path_of(fd, path);                                                                               \
        if (is_ours && is_refused("r"))                                                                                \
            return refusal();                                                                                          \
        int result = REAL(called)(fd, length);                                                                         \
        if (!result && is_ours && kept(path, place) && truncate(place, length))                                        \
            abort();                                                                                                   \
        return result;                                                                                                 \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

int rename(const char *old, const char *new)
{
    char from[PATH_MAX], to[PATH_MAX], was[PATH_MAX], is[PATH_MAX];
    int is_ours = absolute(old, from) && absolute(new, to);
    if (is_ours && is_refused("r"))
        return refusal();
    int result = REAL(rename)(old, new);
    if (!result && is_ours && kept(from, was) && kept(to, is))
        REAL(rename)(was, is);
    return result;
}

int unlink(const char *name)
{
    char path[PATH_MAX], place[PATH_MAX];
    int is_ours = absolute(name, path);
    if (is_ours && is_refused("r"))
        return refusal();
    struct stat found;
    int is_there = is_ours && !lstat(path, &found), result = REAL(unlink)(name);
    if (!result && is_ours && kept(path, place))
        REAL(unlink)(place);
    pthread_mutex_lock(&turn);
    struct file *file = is_there && !result ? known_as(&found) : NULL;
    if (file)
        file->count = 0; /* its inode may be another file's next */
    pthread_mutex_unlock(&turn);
    return result;
}
