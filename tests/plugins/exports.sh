# tests/plugins/exports.sh -- a plugin exports its entry clq_plugin and nothing else: exports.sh PLUGIN...
# SPDX-License-Identifier: BSD-3-Clause
set -eu
[ $# -gt 0 ] || { echo "exports.sh: no plugin given" >&2; exit 2; }
bad=0
for plugin; do
  exported=$(nm -D --defined-only "$plugin" | awk '{print $NF}' | sed 's/@.*//' | sort | tr '\n' ' ')
  echo "$plugin: $exported"
  [ "$exported" = "clq_plugin " ] || bad=1
done
exit $bad
