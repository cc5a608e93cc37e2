#ifndef AVIARY_ZOO_FILES_H
#define AVIARY_ZOO_FILES_H

/// One file of the folder `zoo`, as it was when the program was built; weights are not among them.
struct AviaryZooFile {
    /// Its path inside the folder, as `recipes/mlp-fashion-mnist.yml`.
    const char *_Nonnull path;
    const unsigned char *_Nonnull bytes;
    unsigned long count;
};

/// The file at `index`, which is below `aviary_zoo_file_count()`; in the order of paths.
const struct AviaryZooFile *_Nonnull aviary_zoo_file(unsigned long index);

unsigned long aviary_zoo_file_count(void);

#endif
