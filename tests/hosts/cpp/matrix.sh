# tests/hosts/cpp/matrix.sh -- the C++ headers and their tests by each compiler, in C++17 and C++20, and run:
# SPDX-License-Identifier: BSD-3-Clause
# matrix.sh LIBRARY_FOLDER INCLUDE_FOLDER [COMPILER...]; LIBRARY_FOLDER holds libcalanque.so and calanque/plugins
set -eu
library=$1 include=$2
shift 2
[ $# -gt 0 ] || set -- g++ clang++
here=$(cd "$(dirname "$0")" && pwd)
headers=$here/../../../capi/bindings/cpp/include
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for compiler; do
  command -v "$compiler" >/dev/null || { echo "matrix.sh: $compiler is not installed" >&2; exit 1; }
  for standard in c++17 c++20; do
    options="-std=$standard -Wall -Wextra -Wconversion -Wshadow -pedantic -Werror -I$headers -I$include"
    for header in $(cd "$headers" && find calanque -name '*.hpp' | sort); do
      printf '#include <%s>\n#include <%s>\nint main() {}\n' "$header" "$header" >"$work/header.cpp"
      "$compiler" $options -fsyntax-only "$work/header.cpp" || { echo "$header fails with $compiler -std=$standard"; exit 1; }
    done
    for program in docs/examples/train_predict.cpp projects/deepdip/hosts/deepdip.cpp; do
      "$compiler" $options -fsyntax-only "$here/../../../$program" || { echo "$program fails with $compiler -std=$standard"; exit 1; }
    done
    "$compiler" $options "$here"/*.test.cpp -L"$library" -Wl,-rpath,"$library" -lcalanque -lgtest -lgtest_main -lpthread \
      -o "$work/test" || { echo "the tests fail with $compiler -std=$standard"; exit 1; }
    "$work/test" --gtest_brief=1
  done
done
"$1" -std=c++17 -I"$headers" -I"$include" "$here/../../../docs/examples/train_predict.cpp" -L"$library" -Wl,-rpath,"$library" \
  -lcalanque -lpthread -o "$work/example"
"$work/example" 2>"$work/progress" || { echo "train_predict.cpp: exit $?"; exit 1; }
