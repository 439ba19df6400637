# docs/packaging/tarball.sh -- an installed tree as a tarball, to be unpacked anywhere: tarball.sh PREFIX OUT_FOLDER
# SPDX-License-Identifier: BSD-3-Clause
#
# The same tree gives the same bytes. The libraries that Calanque uses are not in it: README in the tarball lists them, with the
# glibc and libstdc++ that are needed.
set -eu
prefix=$1 out=$2
here=$(cd "$(dirname "$0")" && pwd)
version=$("$prefix/bin/clq" --version | awk '{ print $2 }')
name=calanque-$version-linux-$(uname -m)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -a "$prefix" "$work/$name"

{
  echo "Calanque $version. bin/clq finds its library and plugins beside it: unpack anywhere, put bin into PATH, run clq doctor."
  echo "It needs these libraries:"
  find "$work/$name" -type f | while read -r file; do
    [ "$(head -c 4 "$file" | od -An -tx1 | tr -d ' ')" = 7f454c46 ] && objdump -p "$file" | awk '/NEEDED/ { print "  " $2 }'
  done | grep -v libcalanque | sort -u
  echo "and symbols of the C and C++ libraries up to:"
  find "$work/$name" -type f -exec sh -c 'objdump -T "$1" 2>/dev/null' sh {} \; | grep -oE 'GLIBC(XX)?_[0-9.]+' | sort -uV |
    awk -F_ '{ newest[$1] = $0 } END { for (kind in newest) print "  " newest[kind] }' | sort
} >"$work/$name/README"
cp "$here/../../LICENSE" "$work/$name/LICENSE" 2>/dev/null || cp "$prefix/share/doc/calanque/LICENSE" "$work/$name/LICENSE"
mkdir -p "$out"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@${SOURCE_DATE_EPOCH:-0}" -C "$work" -cf - "$name" |
  gzip -n >"$out/$name.tar.gz"
echo "$out/$name.tar.gz"
