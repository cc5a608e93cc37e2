#include "AviaryMigrationFiles.h"

static const unsigned char sqlite_0001[] = {
#embed "sqlite/0001_initial.sql"
};

static const unsigned char sqlite_0002[] = {
#embed "sqlite/0002_registry.sql"
};

static const struct AviaryMigrationFile files[] = {
    {"sqlite/0001_initial.sql", sqlite_0001, sizeof sqlite_0001},
    {"sqlite/0002_registry.sql", sqlite_0002, sizeof sqlite_0002},
};

const struct AviaryMigrationFile *aviary_migration_file(unsigned long index) {
    return &files[index];
}

unsigned long aviary_migration_file_count(void) {
    return sizeof files / sizeof files[0];
}
