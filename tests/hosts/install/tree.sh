# tests/hosts/install/tree.sh -- an installed tree serves hosts where it stands and where it is moved to: tree.sh PREFIX
# SPDX-License-Identifier: BSD-3-Clause
set -eu
export LC_ALL=C  # programs here print numbers as the locale has them
prefix=$1
root=$(cd "$(dirname "$0")/../../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
  echo "tree.sh: $*" >&2
  exit 1
}

# What belongs to it.
for file in bin/clq lib/libcalanque.so lib/pkgconfig/calanque.pc include/calanque/calanque.h include/calanque/calanque.hpp \
  include/calanque/cpp/trainer.hpp share/man/man1/clq.1 share/bash-completion/completions/clq share/zsh/site-functions/_clq; do
  [ -e "$prefix/$file" ] || fail "$prefix has no $file"
done

# pkg-config alone, here and in another place.
cp -a "$prefix" "$work/one"
for place in one two; do
  [ "$place" = one ] || mv "$work/one" "$work/two"
  flags=$(PKG_CONFIG_PATH=$work/$place/lib/pkgconfig pkg-config --cflags --libs calanque)
  ${CC:-cc} -std=c99 "$root/docs/examples/train_predict.c" $flags -Wl,-rpath,"$work/$place/lib" -lm -o "$work/host" || fail "$flags"
  "$work/host" | grep -q '^rms error 0\.0' || fail "a host of $place does not learn"
done
for asked in --modversion --variable=prefix; do
  PKG_CONFIG_PATH=$work/two/lib/pkgconfig pkg-config $asked calanque
done
[ "$(PKG_CONFIG_PATH=$work/two/lib/pkgconfig pkg-config --modversion calanque)" = "$("$prefix/bin/clq" --version | awk '{ print $2 }')" ] ||
  fail "calanque.pc has another version than clq"
"$work/two/bin/clq" devices | grep -q cpu_ref:0 || fail "clq finds no device where it was moved to"
