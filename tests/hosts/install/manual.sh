# tests/hosts/install/manual.sh -- the manual page and the completion are those of this clq, and work: manual.sh CLQ
# SPDX-License-Identifier: BSD-3-Clause
set -eu
clq=$1
root=$(cd "$(dirname "$0")/../../.." && pwd)
made=$root/capi/cli/manual
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -B "$made/generate_manual.py" "$clq" --check
cp -r "$root/capi/cli/manual" "$work/manual"
mkdir -p "$work/tree/capi/cli" "$work/tree/docs"
cp "$root/docs/errors.md" "$root/docs/run-file.md" "$work/tree/docs"
mv "$work/manual" "$work/tree/capi/cli/manual"
for name in clq.1 clq.bash _clq; do # one that is another is named
  echo '# planted' >>"$work/tree/capi/cli/manual/$name"
  python3 -B "$work/tree/capi/cli/manual/generate_manual.py" "$clq" --check >"$work/said" && { echo "$name: not seen"; exit 1; }
  grep -q "$name" "$work/said"
  cp "$made/$name" "$work/tree/capi/cli/manual/$name"
done

if command -v man >/dev/null; then
  # In no host of another kind, which this suite may run in.
  env -u LD_PRELOAD -u LOCPATH LC_ALL=C.UTF-8 MANROFFSEQ='' man --warnings -E UTF-8 -l -Tutf8 -Z "$made/clq.1" 2>&1 >/dev/null | tee "$work/warnings"
  [ ! -s "$work/warnings" ]
fi

# completes WORD... : what bash would offer for the last word, a line each.
completes() {
  bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); compopt() { :; }; _clq; printf "%s\n" "${COMPREPLY[@]}"' \
    bash "$made/clq.bash" "$@"
}
expect() { # expect WANTED WORD...
  wanted=$1
  shift
  completes "$@" | tr '\n' ' ' | grep -qF -- "$wanted" || { echo "'$*' completes to: $(completes "$@")"; exit 1; }
}
expect "train " clq tr
expect "evaluate " clq --json --plugins dir ev
expect "--auto-resume " clq train run.toml --au
expect "d4 none " clq predict --average ""
expect "valid " clq evaluate --part v
expect "train.epochs= " clq train run.toml train.ep
if completes clq resume runs/a --au | grep -q auto-resume; then echo "resume has no --auto-resume"; exit 1; fi
if command -v zsh >/dev/null; then
  zsh -n "$made/_clq"
  zsh -fc 'autoload -Uz compinit; compinit -D -u; fpath=("$1" $fpath); autoload -Uz _clq; whence -v _clq >/dev/null' zsh "$made"
fi
echo "the manual is that of $("$clq" --version)"
