# docs/packaging/deb.sh -- an installed tree as a Debian package: deb.sh PREFIX OUT_FOLDER
# SPDX-License-Identifier: BSD-3-Clause
#
# The package has what PREFIX holds, below /usr, and depends on the packages that its programs and libraries were linked with;
# it is for the release of Debian, or Ubuntu, on which the tree was built. Needs dpkg-dev.
set -eu
prefix=$1 out=$2
version=$("$prefix/bin/clq" --version | awk '{ print $2 }')
architecture=$(dpkg --print-architecture)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/debian/calanque
mkdir -p "$root/DEBIAN" "$root/usr"
cp -a "$prefix/." "$root/usr"
chmod -R u+rwX,go+rX,go-w "$root"

programs=$(find "$root/usr" -type f | while read -r file; do
  if [ "$(head -c 4 "$file" | od -An -tx1 | tr -d ' ')" = 7f454c46 ]; then echo "$file"; fi
done)
printf 'Source: calanque\nPackage: calanque\nArchitecture: any\n' >"$work/debian/control"
depends=$(cd "$work" && dpkg-shlibdeps -O --ignore-missing-info -l"$root/usr/lib" $programs | sed -n 's/^shlibs:Depends=//p')
[ -n "$depends" ] || { echo "deb.sh: no dependency was found, expected libc6 at least" >&2; exit 1; }

cat >"$root/DEBIAN/control" <<END
Package: calanque
Version: $version
Architecture: $architecture
Maintainer: the Calanque authors
Section: science
Priority: optional
Depends: $depends
Suggests: python3-numpy, python3-matplotlib, python3-astropy
Installed-Size: $(du -sk "$root/usr" | cut -f1)
Description: train and run networks on astronomical data
 The library libcalanque with its C interface, its plugins, and the program clq.
 Networks learn from FITS, CSV and ECSV tables and from images; a run file says
 what is learned.
END
echo 'activate-noawait ldconfig' >"$root/DEBIAN/triggers"
mkdir -p "$out"
dpkg-deb --root-owner-group --build "$root" "$out/calanque_${version}_$architecture.deb" >/dev/null
echo "$out/calanque_${version}_$architecture.deb"
