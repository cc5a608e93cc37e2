#ifndef CAVIARY_SQLITE_H
#define CAVIARY_SQLITE_H

#include <stdint.h>

// <sqlite3.h> is not included: GRDB's module has it already, and one name should come from one module.
struct sqlite3;
struct sqlite3_stmt;

/// One row of the table `point` without its series.
struct AviaryPointRow {
    int64_t step;
    int64_t timestamp;
    int64_t bits;
};

/// Keeps this connection from checkpointing when it closes (`sqlite3_db_config` is variadic).
///
/// Returns SQLite's result code, 0 if it went well.
int aviary_sqlite_keep_wal_on_close(struct sqlite3 *_Nonnull database);

/// Runs `INSERT … VALUES (?, ?, ?, ?)` with series, step, timestamp and bits, and resets the statement; a parameter behind
/// these keeps its value.
///
/// Returns the number of rows really inserted (0 or 1), or the negated extended result code.
int aviary_sqlite_insert_point(
    struct sqlite3_stmt *_Nonnull statement, int64_t series, struct AviaryPointRow point);

/// Binds an integer to the parameter at `place`, which counts from 1; resets the statement before.
///
/// Returns SQLite's result code, 0 if it went well.
int aviary_sqlite_bind_integer(struct sqlite3_stmt *_Nonnull statement, int place, int64_t value);

/// Binds `count` integers to the statement's first parameters; resets it before.
///
/// Returns SQLite's result code, 0 if it went well.
int aviary_sqlite_bind_integers(
    struct sqlite3_stmt *_Nonnull statement, const int64_t *_Nonnull values, int count);

/// Steps a `SELECT step, timestamp, bits`; resets the statement unless there is a row.
///
/// Returns 1 with `row` filled, 0 at the end, or the negated extended result code.
int aviary_sqlite_next_point(struct sqlite3_stmt *_Nonnull statement, struct AviaryPointRow *_Nonnull row);

/// Steps a query of `columns` integers, none of them NULL, up to `capacity` times, and writes them row after row.
///
/// Returns the number of rows, or the negated extended result code. Fewer than `capacity` are the last ones: the
/// statement is reset then.
int64_t aviary_sqlite_read_integers(
    struct sqlite3_stmt *_Nonnull statement, int64_t *_Nonnull values, int columns, int64_t capacity);

/// An integer and the text beside it; `bytes` is none of the caller's and holds until the next step.
struct AviaryTextRow {
    int64_t number;
    const uint8_t *_Nullable bytes;
    int64_t byte_count;
};

/// Steps a query of an integer and a text that is not NULL; resets the statement unless there is a row.
///
/// Returns 1 with `row` filled, 0 at the end, or the negated extended result code.
int aviary_sqlite_next_text(struct sqlite3_stmt *_Nonnull statement, struct AviaryTextRow *_Nonnull row);

/// Sets the statement back to its beginning; a read that stops early must.
void aviary_sqlite_reset(struct sqlite3_stmt *_Nonnull statement);

/// When a question is given up, in nanoseconds.
struct AviaryDeadline {
    /// On a clock that is never set.
    int64_t moment;
    /// On the clock of the processor time that this thread has had.
    int64_t work;
};

enum AviaryDeadlineState {
    AviaryDeadlineAhead,
    AviaryDeadlineMomentOver,
    AviaryDeadlineWorkOver,
};

/// So many nanoseconds from now, and so many of processor time.
struct AviaryDeadline aviary_sqlite_deadline(int64_t moment, int64_t work);

/// Whether it has passed; to be asked by the thread that made it.
enum AviaryDeadlineState aviary_sqlite_deadline_state(const struct AviaryDeadline *_Nonnull deadline);

/// Interrupts what runs on this connection once the deadline has passed, looking every thousand instructions of SQLite's
/// machine.
///
/// The deadline is read where it stands until another, or none, takes its place.
void aviary_sqlite_set_deadline(
    struct sqlite3 *_Nonnull database, const struct AviaryDeadline *_Nullable deadline);

/// Writes `statfs`'s magic number of the file system that holds `path`.
///
/// Returns 0, or `errno`.
int aviary_file_system_magic(const char *_Nonnull path, uint32_t *_Nonnull magic);

#endif
