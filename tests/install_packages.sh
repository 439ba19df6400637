#!/usr/bin/env bash
# tests/install_packages.sh -- install the Debian 12 packages that building and testing need, if any is missing.
# SPDX-License-Identifier: BSD-3-Clause
#
# install_packages.sh build|test   (test: also Python and the packages that serve as independent oracles)
set -euo pipefail

build="build-essential cmake ninja-build pkg-config ca-certificates git
  libcfitsio-dev libboost1.81-dev libfmt-dev libgtest-dev libgmock-dev
  libcli11-dev libtomlplusplus-dev nlohmann-json3-dev libspdlog-dev libxxhash-dev"
oracles="python3 python3-venv python3-numpy python3-astropy python3-torch"

wanted=$build
[ "${1:-build}" = test ] && wanted="$build $oracles"

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
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
# shellcheck disable=SC2086
$sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
