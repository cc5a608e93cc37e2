#include "CAviarySQLite.h"

#include <errno.h>
#include <sqlite3.h>
#include <sys/vfs.h>
#include <time.h>

int aviary_sqlite_keep_wal_on_close(struct sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}

/// Resets a statement whose last step gave no row; 0 where it is done, else the negated extended result code.
static int end(struct sqlite3_stmt *statement, int code) {
    if (code != SQLITE_DONE) code = sqlite3_extended_errcode(sqlite3_db_handle(statement));
    sqlite3_reset(statement);
    return code == SQLITE_DONE ? 0 : -code;
}

int aviary_sqlite_insert_point(struct sqlite3_stmt *statement, int64_t series, struct AviaryPointRow point) {
    int64_t values[] = {series, point.step, point.timestamp, point.bits};
    int code = aviary_sqlite_bind_integers(statement, values, 4);
    if (code != SQLITE_OK) return -code;
    code = sqlite3_step(statement);
    if (code == SQLITE_DONE) {
        int inserted = sqlite3_changes(sqlite3_db_handle(statement));
        sqlite3_reset(statement);
        return inserted;
    }
    return end(statement, code);
}

int aviary_sqlite_bind_integer(struct sqlite3_stmt *statement, int place, int64_t value) {
    sqlite3_reset(statement);
    return sqlite3_bind_int64(statement, place, value);
}

int aviary_sqlite_bind_integers(struct sqlite3_stmt *statement, const int64_t *values, int count) {
    sqlite3_reset(statement);  // its code is that of the last step, which was reported then
    for (int index = 0; index < count; index++) {
        int code = sqlite3_bind_int64(statement, index + 1, values[index]);
        if (code != SQLITE_OK) return code;
    }
    return SQLITE_OK;
}

int aviary_sqlite_next_point(struct sqlite3_stmt *statement, struct AviaryPointRow *row) {
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        row->step = sqlite3_column_int64(statement, 0);
        row->timestamp = sqlite3_column_int64(statement, 1);
        row->bits = sqlite3_column_int64(statement, 2);
        return 1;
    }
    return end(statement, code);
}

int64_t aviary_sqlite_read_integers(
    struct sqlite3_stmt *statement, int64_t *values, int columns, int64_t capacity) {
    for (int64_t row = 0; row < capacity; row++) {
        int code = sqlite3_step(statement);
        if (code == SQLITE_ROW) {
            for (int column = 0; column < columns; column++) {
                *values++ = sqlite3_column_int64(statement, column);
            }
            continue;
        }
        int failure = end(statement, code);
        return failure ? failure : row;
    }
    return capacity;
}

int aviary_sqlite_next_text(struct sqlite3_stmt *statement, struct AviaryTextRow *row) {
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        row->number = sqlite3_column_int64(statement, 0);
        row->bytes = sqlite3_column_text(statement, 1);  // before its length, which is that of this form
        row->byte_count = sqlite3_column_bytes(statement, 1);
        return 1;
    }
    return end(statement, code);
}

void aviary_sqlite_reset(struct sqlite3_stmt *statement) {
    sqlite3_reset(statement);
}

int aviary_file_system_magic(const char *path, uint32_t *magic) {
    struct statfs info;
    if (statfs(path, &info) != 0) return errno;
    *magic = (uint32_t)info.f_type;
    return 0;
}

static int64_t now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);  // cannot fail for these clocks and a valid address
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int64_t later(clockid_t clock, int64_t nanoseconds) {
    int64_t moment;
    return __builtin_add_overflow(now(clock), nanoseconds, &moment) ? INT64_MAX : moment;
}

struct AviaryDeadline aviary_sqlite_deadline(int64_t moment, int64_t work) {
    return (struct AviaryDeadline){
        .moment = later(CLOCK_MONOTONIC, moment),
        .work = later(CLOCK_THREAD_CPUTIME_ID, work),
    };
}

enum AviaryDeadlineState aviary_sqlite_deadline_state(const struct AviaryDeadline *deadline) {
    if (now(CLOCK_MONOTONIC) >= deadline->moment) return AviaryDeadlineMomentOver;
    return now(CLOCK_THREAD_CPUTIME_ID) >= deadline->work ? AviaryDeadlineWorkOver : AviaryDeadlineAhead;
}

static int is_over(void *deadline) {
    return aviary_sqlite_deadline_state(deadline) != AviaryDeadlineAhead;
}

void aviary_sqlite_set_deadline(struct sqlite3 *database, const struct AviaryDeadline *deadline) {
    // Some ten microseconds of work: reading the clocks costs little beside it.
    int instructions = 1000;
    sqlite3_progress_handler(database, deadline ? instructions : 0, deadline ? is_over : 0, (void *)deadline);
}
