# The yardsticks: other Pythons, and the shared tools that compare Apus with them.

# Prints the folder that holds bench, conformance, parity and peers.
shared_tools() {
  local folder
  for folder in "${APUS_SHARED:-}" "$root/../shared" "$root/../../shared"; do
    [[ -n $folder && -e $folder/bench/bench ]] && { (cd "$folder" && pwd); return; }
  done
  fail "the shared tools are not here; set APUS_SHARED to the folder that holds bench, conformance and parity"
}

# Prints an installed CPython of the version given (3.13): APUS_ORACLE, PATH, pyenv, the fetched peers.
python_of() {
  local version=$1 python
  for python in "python$version" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python3 "$(peers)/bin/py${version/./}"; do
    if "$python" -I -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$version')" 2>/dev/null; then
      command -v "$python"; return
    fi
  done
  fail "this needs a CPython $version; put python$version on PATH"
}

# Prints the command of CPython 3.13, whose behaviour decides.
oracle() { if [[ -n ${APUS_ORACLE:-} ]]; then echo "$APUS_ORACLE"; else python_of 3.13; fi; }

# Prints the folder of the optimised CPythons to measure against.
peers() { if [[ -x /opt/peers/bin/py313 ]]; then echo /opt/peers; else echo "$cache/peers"; fi; }

bench() {
  local tools python; tools=$(shared_tools); python=$(host_python)
  [[ -x $(peers)/bin/py314 ]] || "$tools/peers/get" "$cache/peers" cpython313 cpython314 >&2
  exec "$python" "$tools/bench/bench" --interp "py313=$(peers)/bin/py313" \
    --interp "py314=$(peers)/bin/py314" --interp "apus=$binary" "$@"
}

conform() {
  local tools python; tools=$(shared_tools)/conformance; python=$(host_python)
  exec "$python" "$root/Tools/test/conform.py" --tools "$tools" --apus "$binary" --stdlib "$stdlib" "$@"
}

sanitize() {
  local python; python=$(host_python)
  exec "$python" "$root/Tools/test/sanitize.py" --apus "$binary" --stdlib "$stdlib" --path "$root/Lib:$stdlib" \
    --conformance "$(shared_tools 2>/dev/null)/conformance" "$@"
}

parity() {
  local tools python new old; tools=$(shared_tools)/parity
  python=$(host_python); new=$(oracle); old=$(python_of 3.10)
  # The reference's own library: releases of 3.13 differ in how they parse a few lines of its tests.
  local library; library=$("$new" -c 'import os; print(os.path.dirname(os.__file__))')
  "$python" "$tools/compare_ast" --reference "$new" --other "$binary" --files "$library"
  "$python" "$tools/compare_code" --reference "$old" --other "$binary -X classic"
}
