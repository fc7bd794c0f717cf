# The Debian packages the build needs, installed only when one is missing.

# Headers and libraries to compile and link with (Swift brings its own clang). The C++ library's
# package is named after GCC's version, so it is looked for by its file.
packages=(libc6-dev zlib1g-dev libbz2-dev liblzma-dev libssl-dev libedit-dev libffi-dev libexpat1-dev libsqlite3-dev libdb5.3-dev)
compgen -G '/usr/lib/gcc/*/*/libstdc++.so' >/dev/null || packages+=(g++)

# Prints those of the packages given that are not installed. Needs no network.
missing_packages() {
  local name
  for name in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || echo "$name"
  done
}

# Runs a command as root: directly, or through sudo.
as_root() {
  if ((EUID == 0)); then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else return 127
  fi
}

# Installs what is missing of the packages given. Fails with the command the user can give himself.
install_packages() {
  local names; mapfile -t names < <(missing_packages "$@")
  ((${#names[@]})) || return 0
  say "installing ${names[*]}"
  { as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${names[@]}"
  } >&2 || fail "these Debian packages are missing: ${names[*]}
     Install them (as root: apt-get update && apt-get install ${names[*]}) and try again."
}

# The tools and libraries of the build. A machine without dpkg is taken to have them.
need_packages() {
  command -v swift >/dev/null || fail "no swift command; install Swift 6.3 from https://www.swift.org/install and put it on PATH"
  if command -v dpkg-query >/dev/null; then install_packages "${packages[@]}"; fi
}

# Prints a Python of this machine, version 3.9 or newer, that runs the test tools (never the tests).
host_python() {
  local python
  for python in python3 /usr/bin/python3; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
      command -v "$python"; return
    fi
  done
  command -v apt-get >/dev/null || fail "the test tools need a python3, version 3.9 or newer"
  install_packages python3
  echo /usr/bin/python3
}
