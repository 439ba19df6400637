# tests/plugins/sdk_host.sh -- no two plugins share sdk::host, however they are compiled: sdk_host.sh INCLUDE_FOLDER
# SPDX-License-Identifier: BSD-3-Clause
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/plugin.cpp" <<'CPP'
#include <calanque/plugin/sdk.hpp>
extern "C" CLQ_EXPORT clq_status keep(const clq_host* host) { return clq::sdk::take_host(host); }
CPP
c++ -std=c++20 -O0 -fPIC -shared -I"$1" "$work/plugin.cpp" -o "$work/clq_plain.so"
nm -D --defined-only "$work/clq_plain.so" >"$work/symbols"
grep -q ' keep$' "$work/symbols"
if grep 'clq3sdk4host' "$work/symbols"; then
  echo "sdk::host is exported: the loader makes one of all plugins that have it"
  exit 1
fi
