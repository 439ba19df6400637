# tests/hosts/r.sh -- the script of docs/hosts/r.md, as the page says: r.sh LIBRARY_FOLDER INCLUDE_FOLDER; 77 without R
# SPDX-License-Identifier: BSD-3-Clause
set -eu
library=$1 include=$2
command -v Rscript >/dev/null || { echo "r.sh: R is not installed"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$(dirname "$0")"/../../docs/examples/r/* "$work"
cd "$work"
${CC:-cc} -std=c99 -pedantic -Wall -Wextra -Werror -shared -fPIC calanque_r.c -I"$include" -L"$library" -Wl,-rpath,"$library" \
  -lcalanque -o calanque_r.so
Rscript --vanilla train_predict.R
