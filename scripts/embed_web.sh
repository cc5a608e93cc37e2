#!/usr/bin/env bash
# Writes web/embed.c anew from the files that web/ holds: run it after adding or removing a page or a module.
set -euo pipefail
cd "$(dirname "$0")/../web"
mapfile -t paths < <(find . -type f \( -name '*.html' -o -name '*.css' -o -name '*.js' -o -name '*.svg' -o -path './api/*.json' \) \
    ! -path './tests/*' ! -path './include/*' | sed 's|^\./||' | LC_ALL=C sort)
name() { echo "file_${1//[^A-Za-z0-9]/_}"; }
{
    printf '// Written by scripts/embed_web.sh.\n#include "AviaryWebFiles.h"\n\n'
    for path in "${paths[@]}"; do
        printf 'static const unsigned char %s[] = {\n#embed "%s"\n};\n\n' "$(name "$path")" "$path"
    done
    printf 'static const struct AviaryWebFile files[] = {\n'
    for path in "${paths[@]}"; do
        printf '    {"%s", %s, sizeof %s},\n' "$path" "$(name "$path")" "$(name "$path")"
    done
    cat <<'C'
};

const struct AviaryWebFile *aviary_web_file(unsigned long index) {
    return &files[index];
}

unsigned long aviary_web_file_count(void) {
    return sizeof files / sizeof files[0];
}
C
} >embed.c
