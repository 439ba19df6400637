#!/usr/bin/env bash
# tests/install_packages.sh -- install the Debian 12 packages that building and testing need, if any is missing.
# SPDX-License-Identifier: BSD-3-Clause
#
# install_packages.sh build|demo|test|evidence
#   demo: also Python for its baselines and the report; test: also the independent oracles and the host languages
#   evidence: also a browser, the sanitizers of clang with llvm-symbolizer
set -euo pipefail

build="build-essential cmake ninja-build pkg-config ca-certificates git
  libcfitsio-dev libboost1.81-dev libfmt-dev libgtest-dev libgmock-dev
  libcli11-dev libtomlplusplus-dev nlohmann-json3-dev libspdlog-dev libxxhash-dev libdnnl-dev libpng-dev zlib1g-dev"
python="python3 python3-venv python3-numpy python3-astropy python3-matplotlib"
oracles="python3-torch locales clang python3-pyelftools abigail-tools"
hosts="gfortran gnudatalanguage dpkg-dev man-db"

case ${1:-build} in
  build) wanted=$build ;;
  demo) wanted="$build $python" ;;
  test) wanted="$build $python $oracles $hosts" ;;
  evidence) wanted="$build $python $oracles $hosts libclang-rt-dev llvm chromium strace libjemalloc2 libtcmalloc-minimal4" ;;
  *) echo "install_packages.sh: build, demo, test or evidence, not '$1'" >&2; exit 2 ;;
esac

missing=""
for package in $wanted; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

sudo=""
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || { echo "missing packages:$missing; install them as root, or use --no-install" >&2; exit 4; }
  sudo=sudo
fi
echo "installing:$missing"
$sudo apt-get update -qq
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
