# tests/hosts/glibc.sh -- the oldest glibc and libstdc++ that an installed tree runs with:
# SPDX-License-Identifier: BSD-3-Clause
# glibc.sh PREFIX GLIBC [GLIBCXX], such as glibc.sh /opt/calanque 2.34 3.4.30
#
# A line a program or library, with the newest versions of symbols that it needs ("-": none), then the newest of all.
# Exit 1 where one needs a newer version than it may, which is named; 2 where there is nothing to look at.
set -eu
prefix=$1 may=$2 may_cxx=${3:-}

newest() {
  sort -uV | tail -n 1
}

# needed FILE PREFIX_OF_VERSION: the newest version of that name that the file asks other libraries for.
needed() {
  objdump -p "$1" | awk '/Version References/ { on = 1; next } /^$/ { on = 0 } on { print $NF }' |
    sed -n "s/^$2_\([0-9][0-9.]*\)\$/\1/p" | newest
}

# older A B: A is not newer than B.
older() {
  [ "$(printf '%s\n%s\n' "$1" "$2" | newest)" = "$2" ]
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
wrong=0
for file in $(find "$prefix" -type f | sort); do
  [ "$(head -c 4 "$file" | od -An -tx1 | tr -d ' ')" = 7f454c46 ] || continue # ELF
  glibc=$(needed "$file" GLIBC) cxx=$(needed "$file" GLIBCXX)
  printf '%-60s GLIBC %-8s GLIBCXX %s\n' "${file#"$prefix"/}" "${glibc:--}" "${cxx:--}"
  echo "${glibc:-0}" >>"$work/glibc"
  echo "${cxx:-0}" >>"$work/cxx"
  if ! older "${glibc:-0}" "$may"; then
    echo "glibc.sh: ${file#"$prefix"/} needs GLIBC_$glibc, at most $may is allowed" >&2
    wrong=1
  fi
  if [ -n "$may_cxx" ] && ! older "${cxx:-0}" "$may_cxx"; then
    echo "glibc.sh: ${file#"$prefix"/} needs GLIBCXX_$cxx, at most $may_cxx is allowed" >&2
    wrong=1
  fi
done
[ -s "$work/glibc" ] || { echo "glibc.sh: $prefix holds no program and no library" >&2; exit 2; }
echo "all: GLIBC $(newest <"$work/glibc") GLIBCXX $(newest <"$work/cxx")"
exit $wrong
