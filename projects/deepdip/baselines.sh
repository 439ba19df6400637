#!/usr/bin/env bash
# projects/deepdip/baselines.sh -- runs the baselines where scikit-learn is, in a virtual environment if it must.
# SPDX-License-Identifier: BSD-3-Clause
#
# baselines.sh [--no-install] [--images] TRAIN.fits TEST.fits [options of baselines.py or image_baselines.py]
#   --no-install   exit 4, saying what is missing, instead of making the environment build/baselines
#   --images       of simulated galaxies with images: image_baselines.py
# Debian's scikit-learn needs another Boost than the one Calanque is built with, so the two cannot be installed together.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
environment=$here/../../build/baselines

install=yes
program=baselines.py
while [ $# -gt 0 ]; do
  case $1 in
    --no-install) install=no ;;
    --images) program=image_baselines.py ;;
    *) break ;;
  esac
  shift
done
python=/usr/bin/python3
if ! $python -c 'import sklearn, astropy' 2>/dev/null; then
  python=$environment/bin/python
  if ! "$python" -c 'import sklearn, astropy' 2>/dev/null; then
    [ $install = yes ] || { echo "baselines.sh: /usr/bin/python3 lacks scikit-learn or astropy" >&2; exit 4; }
    /usr/bin/python3 -m venv --system-site-packages "$environment"
    "$python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  fi
fi
exec "$python" "$here/$program" "$@"
