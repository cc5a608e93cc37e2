#ifndef AVIARY_WEB_FILES_H
#define AVIARY_WEB_FILES_H

/// One file of the folder `web`, as it was when the program was built.
struct AviaryWebFile {
    /// Its path inside the folder, as `app/run.js`.
    const char *_Nonnull path;
    const unsigned char *_Nonnull bytes;
    unsigned long count;
};

/// The file at `index`, which is below `aviary_web_file_count()`; in the order of paths.
const struct AviaryWebFile *_Nonnull aviary_web_file(unsigned long index);

unsigned long aviary_web_file_count(void);

#endif
