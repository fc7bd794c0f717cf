# The release build of the product `apus`.

binary=$root/.build/release/apus
built=$root/.build/apus.built  # its time is that of the start of the last good build

# Does the sources hold anything newer than the last good build? Folders count: a deleted file changes them.
build_is_stale() {
  [[ -x $binary && -e $built ]] || return 0
  [[ -n $(find "$root/Package.swift" "$root/Sources" -newer "$built" -print -quit) ]]
}

# Builds `apus` unless it is up to date.
build_apus() {
  build_is_stale || return 0
  say "building apus"
  mkdir -p "$root/.build"; touch "$built.next"
  (cd "$root" && swift build -c release --product apus) >&2 || fail "the build failed"
  mv "$built.next" "$built"
}

# All the set-up that running programs needs.
prepare() { need_packages; find_stdlib; build_apus; link_stdlib; }
