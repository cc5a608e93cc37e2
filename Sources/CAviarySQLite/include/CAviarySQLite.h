#ifndef CAVIARY_SQLITE_H
#define CAVIARY_SQLITE_H

#include <stdbool.h>
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

/// Sets the statement back to its beginning; a read that stops early must.
void aviary_sqlite_reset(struct sqlite3_stmt *_Nonnull statement);

/// The moment that many nanoseconds from now, on a clock that is never set.
int64_t aviary_sqlite_deadline(int64_t nanoseconds);

/// Whether that moment has passed.
bool aviary_sqlite_is_over(const int64_t *_Nonnull deadline);

/// Interrupts what runs on this connection once the moment has passed, looking every thousand instructions of SQLite's
/// machine.
///
/// The moment is read where it stands until another, or none, takes its place.
void aviary_sqlite_set_deadline(struct sqlite3 *_Nonnull database, const int64_t *_Nullable deadline);

/// Writes `statfs`'s magic number of the file system that holds `path`.
///
/// Returns 0, or `errno`.
int aviary_file_system_magic(const char *_Nonnull path, uint32_t *_Nonnull magic);

#endif
