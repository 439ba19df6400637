# tests/plugins/exports.sh -- a plugin exports its entry and nothing else, and looks for libraries beside itself first
# SPDX-License-Identifier: BSD-3-Clause
# and in absolute places alone, for an empty one is the working directory: exports.sh PLUGIN...
set -eu
[ $# -gt 0 ] || { echo "exports.sh: no plugin given" >&2; exit 2; }
bad=0
for plugin; do
  exported=$(nm -D --defined-only "$plugin" | awk '{print $NF}' | sort | tr '\n' ' ')
  paths=$(readelf -dW "$plugin" | sed -nE 's/.*\((R(UN)?PATH)\).*\[(.*)\]/\1 \3/p')  # RPATH is stronger than the user's own
  shared=$(readelf -sW "$plugin" | grep -c ' UNIQUE ' || true)   # one for the whole process, whatever is hidden
  echo "$plugin: $exported, $paths, $shared unique symbols"
  printf '%s' "$paths" | grep -qE '^RUNPATH \$ORIGIN(:/[^:]*)*$' || bad=1
  { [ "$exported" = "clq_plugin " ] && [ "$shared" = 0 ]; } || bad=1
done
exit $bad
