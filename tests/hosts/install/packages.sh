# tests/hosts/install/packages.sh -- what docs/packaging makes of an installed tree: packages.sh PREFIX
# SPDX-License-Identifier: BSD-3-Clause
set -eu
prefix=$1
root=$(cd "$(dirname "$0")/../../.." && pwd)
packaging=$root/docs/packaging
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
  echo "packages.sh: $*" >&2
  exit 1
}
version=$("$prefix/bin/clq" --version | awk '{ print $2 }')

# Debian: its libraries are named as packages, and it runs where it is unpacked.
export DPKG_DEB_COMPRESSOR_TYPE=gzip # which is fast
deb=$(sh "$packaging/deb.sh" "$prefix" "$work")
depends=$(dpkg-deb --field "$deb" Depends)
echo "$(basename "$deb") depends on $depends"
for wanted in libc6 libstdc++6; do
  echo "$depends" | grep -q "$wanted (>=" || fail "no $wanted in '$depends'"
done
[ "$(dpkg-deb --field "$deb" Version)" = "$version" ] || fail "$deb has another version than clq"
dpkg-deb --extract "$deb" "$work/unpacked"
dpkg-deb --contents "$deb" | awk '$2 != "root/root"' | grep . && fail "files of another owner"
"$work/unpacked/usr/bin/clq" devices | grep -q cpu_ref:0 || fail "the package's clq finds no device"

# The container installs the libraries that the package depends on.
for library in $(echo "$depends" | tr ',' '\n' | awk '{ print $1 }' | grep -vE '^lib(c6|gcc-s1|stdc\+\+6)$'); do
  grep -qw -- "$library" "$packaging/calanque.def" || fail "calanque.def does not install $library"
done

# The tarball: the same bytes twice, and it runs elsewhere.
one=$(sh "$packaging/tarball.sh" "$prefix" "$work/a") two=$(sh "$packaging/tarball.sh" "$prefix" "$work/b")
cmp "$one" "$two"
mkdir "$work/elsewhere"
tar -xzf "$one" -C "$work/elsewhere"
"$work/elsewhere/calanque-$version-linux-$(uname -m)/bin/clq" devices | grep -q cpu_ref:0 || fail "the tarball's clq finds no device"
grep -q 'libstdc++.so.6' "$work/elsewhere"/*/README || fail "the tarball does not say what it needs"
grep -q '  GLIBC_2' "$work/elsewhere"/*/README || fail "the tarball does not say its glibc"

# The module puts clq into PATH, where there are modules.
command=$(ls /usr/lib/*/modulecmd.tcl /usr/share/modules/libexec/modulecmd.tcl 2>/dev/null | head -n 1 || true)
if [ -n "$command" ]; then
  mkdir -p "$work/modules/calanque"
  sed "s|^set root .*|set root $prefix|" "$packaging/calanque.modulefile" >"$work/modules/calanque/$version"
  MODULEPATH=$work/modules "$command" sh load "calanque/$version" >"$work/loaded" 2>"$work/said"
  [ ! -s "$work/said" ] || fail "$(cat "$work/said")"
  (. "$work/loaded" >/dev/null && [ "$(command -v clq)" = "$prefix/bin/clq" ]) || fail "the module does not put clq into PATH"
fi

# Every recipe is of this version.
for file in calanque.modulefile conda/meta.yaml; do
  grep -q "version.*$version" "$packaging/$file" || fail "$file is not of $version"
done
