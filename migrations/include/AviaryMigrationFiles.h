#ifndef AVIARY_MIGRATION_FILES_H
#define AVIARY_MIGRATION_FILES_H

/// One file of the folder `migrations`, as it was when the program was built.
struct AviaryMigrationFile {
    /// Its path inside the folder, as `sqlite/0001_initial.sql`.
    const char *_Nonnull path;
    const unsigned char *_Nonnull bytes;
    unsigned long count;
};

/// The file at `index`, which is below `aviary_migration_file_count()`; in the order of paths.
const struct AviaryMigrationFile *_Nonnull aviary_migration_file(unsigned long index);

unsigned long aviary_migration_file_count(void);

#endif
