# The C headers of CPython 3.13, which the test extensions are compiled with: found or fetched, never
# part of this repository.

# Sets and exports APUS_HEADERS, folders with colons between them: as given, those of an installed
# CPython 3.13, those unpacked earlier, or Debian's. Without any it stays empty, and the tests say so.
find_headers() {
  local unpacked=$cache/headers/usr/include
  if [[ -z ${APUS_HEADERS:-} ]]; then
    APUS_HEADERS=$(installed_headers) || {
      if [[ -e $cache/headers/complete ]] || fetch_from_debian "$cache/headers" "C headers" usr/include/python3.13/Python.h libpython3.13-dev
      then APUS_HEADERS=$unpacked/python3.13:$unpacked
      fi
    }
  fi
  export APUS_HEADERS
}

# Prints the header folders of an installed CPython 3.13 (the ordinary build: with the lock, without debugging).
installed_headers() {
  local python folders
  for python in python3.13 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13*/bin/python3 /usr/local/bin/python3; do
    folders=$("$python" -I -c '
import os, sys, sysconfig
paths = sysconfig.get_path("include"), sysconfig.get_path("platinclude")
print(":".join(dict.fromkeys(paths)))
sys.exit(sys.version_info[:2] != (3, 13) or bool(getattr(sys, "abiflags", "")) or not os.path.exists(paths[0] + "/Python.h"))
' 2>/dev/null) || continue
    echo "$folders"; return 0
  done
  return 1
}
