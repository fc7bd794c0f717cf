# What ./dev says while it works: progress and errors, both to standard error.

say() { printf 'dev: %s\n' "$*" >&2; }

fail() { printf 'dev: error: %s\n' "$*" >&2; exit 1; }
