# The standard library: the .py files of CPython 3.13, found or fetched, never part of this repository.

# Sets `stdlib` to a folder that holds CPython 3.13's library: APUS_STDLIB, one unpacked earlier,
# Debian's packages, or that of an installed CPython 3.13.
find_stdlib() {
  local unpacked=$cache/stdlib/usr/lib/python3.13
  if [[ -n ${APUS_STDLIB:-} ]]; then
    [[ -e $APUS_STDLIB/os.py ]] || fail "APUS_STDLIB=$APUS_STDLIB holds no os.py; it must name a CPython 3.13 library folder"
    stdlib=$APUS_STDLIB
  elif [[ -e $cache/stdlib/complete ]]; then
    stdlib=$unpacked
  elif [[ -e $cache/stdlib.installed ]]; then
    stdlib=$(<"$cache/stdlib.installed")
    [[ -e $stdlib/os.py ]] || { rm "$cache/stdlib.installed"; find_stdlib; }
  elif fetch_stdlib; then
    stdlib=$unpacked
  elif stdlib=$(installed_stdlib); then
    say "using the library of an installed CPython: $stdlib"
    mkdir -p "$cache"; echo "$stdlib" >"$cache/stdlib.installed"
  else
    fail "no standard library. Neither this machine's Debian mirror nor an installed CPython 3.13 has it.
     Set APUS_STDLIB to the folder of a CPython 3.13 library (the one that holds os.py)."
  fi
  export APUS_STDLIB=$stdlib
}

# Unpacks Debian's packages of the library and its tests into the cache, without installing them.
fetch_stdlib() {
  fetch_from_debian "$cache/stdlib" "standard library" usr/lib/python3.13/os.py \
    libpython3.13-minimal libpython3.13-stdlib libpython3.13-testsuite '?python3.13-venv' '?python3-pip-whl'
}

# fetch_from_debian FOLDER WHAT WITNESS PACKAGE...: unpack Debian's packages into FOLDER, which then holds
# the file WITNESS. The mirror is the one this machine's apt uses; its configuration and state stay untouched.
fetch_from_debian() {
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
  local folder=$1 what=$2 site suite; shift 2
  say "fetching the $what of CPython 3.13 from this machine's Debian mirror"
  while read -r site; do
    for suite in trixie stable testing sid; do
      if fetch_packages "$site" "$suite" "$folder" "$@"; then return 0; fi
    done
  done < <(debian_mirrors)
  say "no Debian mirror of this machine has it (or there is no network)"
  return 1
}

# Prints the address of each archive that this machine's apt takes its own release from, those that
# look like Debian's main archive first. Needs no network and no package lists.
debian_mirrors() {
  local release
  release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  apt-get update --print-uris 2>/dev/null |
    sed -n "s#^'\(.*\)/dists/[^/']*/InRelease'.*#\1#p" | awk '!seen[$0]++' |
    awk '/\/debian\/*$/ { print; next } { rest[++n] = $0 } END { for (i = 1; i <= n; i++) print rest[i] }'
}

# fetch_packages SITE SUITE FOLDER WITNESS PACKAGE...: download and unpack the packages, or fail without a trace.
# One can do without a package given as ?NAME (what `venv` puts pip into new environments with).
fetch_packages() {
  local site=$1 suite=$2 folder=$3 witness=$4; shift 4
  local state=$cache/apt work=$folder.partial keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  local needed=() extra=() name
  for name in "$@"; do if [[ $name == \?* ]]; then extra+=("${name#?}"); else needed+=("$name"); fi; done
  rm -rf "$state" "$work"; mkdir -p "$state/lists/partial" "$work/debs"
  local signed=; [[ -e $keyring ]] && signed="[signed-by=$keyring] "
  echo "deb $signed$site $suite main" >"$state/sources.list"
  local apt=(apt-get -qq -o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts=-
    -o Dir::State::lists="$state/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
    -o APT::Sandbox::User="$(id -un)" -o Acquire::Retries=2)
  { "${apt[@]}" update && (cd "$work/debs" && "${apt[@]}" download "${needed[@]}"); } </dev/null >"$state/log" 2>&1 || return 1
  ((${#extra[@]} == 0)) || (cd "$work/debs" && "${apt[@]}" download "${extra[@]}") </dev/null >"$state/log" 2>&1 ||
    say "the mirror has no pip for virtual environments: make them with --without-pip"
  local deb
  for deb in "$work"/debs/*.deb; do dpkg -x "$deb" "$work" || return 1; done
  [[ -e $work/$witness ]] || return 1
  find "$work" -xtype l -delete  # links into /etc of an installed Python
  bundle_pip "$work"
  rm -rf "$work/debs" "$state" "$folder"
  touch "$work/complete"; mv "$work" "$folder"
}

# bundle_pip FOLDER: let `ensurepip` take pip from the wheel unpacked with the library. Debian's build
# settings name a folder of the system, whose pip may be one for an older Python.
bundle_pip() {
  local library=$1/usr/lib/python3.13 wheel
  wheel=$(compgen -G "$1/usr/share/python-wheels/pip-*.whl" | head -n 1)
  [[ -n $wheel && -e $library/ensurepip/__init__.py ]] || return 0
  mkdir -p "$library/ensurepip/_bundled"
  mv "$wheel" "$library/ensurepip/_bundled/"
  wheel=${wheel##*/pip-}
  sed -i "s/^_PIP_VERSION = .*/_PIP_VERSION = \"${wheel%%-*}\"/" "$library/ensurepip/__init__.py"
  sed -i "/'WHEEL_PKG_DIR':/d" "$library"/_sysconfigdata_*.py
}

# Prints the library folder of an installed CPython 3.13.
installed_stdlib() {
  local python folder
  for python in python3.13 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.13*/bin/python3 /usr/local/bin/python3; do
    folder=$("$python" -I -c 'import os, sys; print(os.path.dirname(os.__file__)); sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null) || continue
    echo "$folder"; return 0
  done
  return 1
}

# Puts a link to the library beside the binary, where it is also found without APUS_STDLIB.
link_stdlib() {
  local link=${binary%/*}/lib/python3.13
  [[ -n ${stdlib:-} && $(readlink "$link" 2>/dev/null) != "$stdlib" ]] || return 0
  mkdir -p "${link%/*}"; ln -sfn "$stdlib" "$link"
}
