#!/bin/sh
# Prints the first Python of at least 3.11; $PYTHON wins where it is set.
set -u
fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

if [ -n "${PYTHON:-}" ]; then
    if fits "$PYTHON"; then echo "$PYTHON"; exit 0; fi
    echo "PYTHON is set to $PYTHON, which is not a Python of at least 3.11. Point it to one, or unset it." >&2
    exit 1
fi
for name in python3 python3.14 python3.13 python3.12 python3.11; do
    if fits "$name"; then echo "$name"; exit 0; fi
done
found=$(python3 --version 2>/dev/null || echo "no python3")
echo "Makegood needs Python 3.11 or newer; found here: $found." >&2
echo "Install one (Debian: apt install python3; macOS: brew install python), or name it: make run PYTHON=/path/to/python3.12" >&2
exit 1
