# tests/capi/cli.sh -- the program: results on stdout, one line of error on stderr, the promised exit codes: cli.sh CLQ
# SPDX-License-Identifier: BSD-3-Clause
set -u
clq=$(realpath "$1")
tests=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
bad=0

# Whatever the locale is in which clq runs.
awk() { LC_ALL=C command awk "$@"; }

# expect CODE WORDS ARGUMENT...: the exit code, and a stderr that holds WORDS.
expect() {
  local code=$1 words=$2 got
  shift 2
  "$clq" "$@" >out 2>err </dev/null
  got=$?
  if [ $got -ne "$code" ] || { [ -n "$words" ] && ! grep -qF -- "$words" err; } || { [ "$code" -ne 0 ] && [ "$(grep -c '^clq: ' err)" -ne 1 ]; }; then
    echo "clq $*: exit $got, wanted $code with '$words'; stderr:"
    cat err
    bad=1
  fi
}

awk 'BEGIN { print "id,a,b,y"; for (i = 0; i < 2000; ++i) { a = sin(i); b = cos(1.7 * i); printf "%d,%.6f,%.6f,%.6f\n", i, a, b, a - 2 * b } }' >cat.csv
cat >run.toml <<'TOML'
task = "regression"
[data]
catalog = "cat.csv"
id = "id"
scalars = ["a", "b"]
target = "y"
[split]
valid = 0.2
[[model.layer]]
use = "dense"
units = 8
activation = "tanh"
[[model.layer]]
use = "dense"
[train]
epochs = 3
TOML

expect 0 "" --version
expect 0 "" --help
expect 0 "" train --help
expect 2 "clq: "
expect 2 "there is no command 'fly'; there are: train" fly
expect 2 "clq: " train
expect 2 "clq: " train run.toml --colour
expect 2 "none.toml: no such file" train none.toml -o runs/a
expect 2 "did you mean 'train.epochs'? (command line)" train run.toml train.epoch=3 -o runs/a
expect 2 "'epochs' is not key=value" train run.toml epochs -o runs/a
expect 2 "train needs -o DIR" train run.toml
echo "a table of a kind that nothing reads" >cat.vot
expect 3 "cat.vot" train run.toml data.catalog=cat.vot -o runs/a
expect 3 "cat.vot" inspect cat.vot
expect 3 "nowhere.csv" train run.toml data.catalog=nowhere.csv -o runs/a
expect 2 "holds no run to resume" resume runs/none
expect 2 "/nowhere" --plugins /nowhere plugins
echo "no library, but long enough to hold the header that one would begin with" >clq_text.so
expect 2 "clq_text.so" --plugins clq_text.so plugins
expect 2 "no such file" train "$(printf 'a\033[31m\nb.toml')" -o runs/a
grep -q "$(printf '\033')" err && { echo "control characters in an error"; bad=1; }
expect 2 "unknown task 'regresion', did you mean 'regression'?" train run.toml task=regresion -o runs/a
expect 2 "unknown layer 'desne', did you mean 'dense'?" train run.toml "model.layer=[{use='desne'}]" -o runs/a
expect 2 "unknown loss 'mes', did you mean 'mse'?" train run.toml "model.loss={use='mes'}" -o runs/a
expect 2 "unknown optimizer 'adma', did you mean 'adam'?" train run.toml "train.optimizer={name='adma'}" -o runs/a
expect 2 "model.layer[0].use: layer 'org.me.l' is of no loaded plugin" train run.toml "model.layer=[{use='org.me.l'}]" -o runs/a
expect 2 "train.optimizer.name: optimizer 'org.me.o' is of no loaded plugin" train run.toml "train.optimizer={name='org.me.o'}" -o runs/a
expect 2 "unknown task 'org.me.t'" train run.toml task=org.me.t -o runs/a
expect 2 "model.loss.use: loss 'org.me.l' is of no loaded plugin" train run.toml "model.loss={use='org.me.l'}" -o runs/a
expect 2 "run.toml: it is not a shared library" validate run.toml
expect 2 "none.so: No such file" validate none.so
expect 2 "PLUGIN.so: the path is empty" validate ""
expect 2 "--id: the name is empty" predict model.safetensors cat.csv -o out.csv --id ""
expect 0 "" help train
grep -q "RUN.toml" out || { echo "clq help train is not clq train --help"; bad=1; }
expect 0 "" help
mkdir refused && cp clq_text.so refused
expect 2 "unknown task 'regresion', did you mean 'regression'?; the plugins' report says why these were refused: clq_text.so" --plugins refused train run.toml task=regresion -o runs/a
normed="[{use='dense',units=4},{use='batch_norm'},{use='dense'}]"
expect 2 "train.batch 5000 is more than the " train run.toml "model.layer=$normed" train.batch=5000 -o runs/a
expect 0 "" train run.toml train.epochs=2 --show-config
grep -q 'epochs = 2 .*# command line' out || { echo "--show-config names no origin"; cat out; bad=1; }

awk -F, 'NR == 9 { $4 = "" } { print $1 "," $2 "," $3 "," $4 }' cat.csv >holed.csv
expect 3 "the target y is NaN or null" train run.toml data.catalog=holed.csv -o runs/mended
expect 0 "" train run.toml -o runs/mended
[ "$(grep -c '"event":"start"' runs/mended/log.jsonl)" -eq 1 ] || { echo "not one run in the log"; cat runs/mended/log.jsonl; bad=1; }

# What a start that was killed while it read the data leaves is no run, and stands in no other's way.
mkdir -p runs/killed/checkpoints runs/mine
expect 2 "runs/killed holds no run to resume" resume runs/killed
expect 0 "" train run.toml -o runs/killed
cp run.toml runs/mine
expect 2 "runs/mine is there already" train run.toml -o runs/mine
mkdir runs/mine/checkpoints
expect 2 "runs/mine is there already" train run.toml -o runs/mine
expect 2 "runs/mine holds no run to go on with" train run.toml -o runs/mine --auto-resume
grep -q "^warning" err && { echo "what a run that does not go on would ignore is said"; cat err; bad=1; }
cmp -s run.toml runs/mine/run.toml || { echo "a run file that is another's was written over"; bad=1; }
mkdir runs/board
echo mine | tee runs/board/events.out.tfevents.1.h.1 runs/board/metrics.csv >runs/board/log.jsonl
for again in "" --auto-resume; do
  expect 2 "runs/board is there already and holds no run: name another" train run.toml -o runs/board $again
done
[ "$(cat runs/board/*)" = "$(printf 'mine\nmine\nmine')" ] && [ ! -e runs/board/checkpoints ] || { echo "a folder of another's was changed"; ls -R runs/board; bad=1; }
mkdir -p runs/cut/checkpoints
echo '{"event":"start"}' | tee runs/cut/log.jsonl >runs/cut/events.out.tfevents.1.h.1
echo '{"end_reason":"running"}' >runs/cut/run.json
cp -r runs/cut runs/cut-too
expect 0 "" train run.toml -o runs/cut
expect 0 "" train run.toml -o runs/cut-too --auto-resume
rm -r runs/cut/checkpoints
expect 2 "runs/cut is there already" train run.toml -o runs/cut
expect 2 "runs/cut holds no run to go on with" resume runs/cut
expect 2 "data.catalog: the name of the data is empty" train run.toml data.catalog= -o runs/b
expect 2 "model.bins: a classification has classes" train run.toml task=classification "model.bins={min=-3,max=3,n=9}" -o runs/b
awk -F, 'NR % 100 == 9 { $2 = "" } { print $1 "," $2 "," $3 "," $4 }' cat.csv >gaps.csv
expect 0 "training rows are bad and left out of each epoch" train run.toml data.catalog=gaps.csv data.on_bad=skip -o runs/gaps

expect 0 "" train run.toml -o runs/a --json
grep -q '"metrics"' out || { echo "train --json prints no metrics"; bad=1; }
# The epoch with the lowest validation loss, by the number that metrics.csv gives it.
best=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; ++i) if ($i == "valid_loss") c = i; next }
                NR == 2 || $c < low { low = $c; best = $1 } END { print best }' runs/a/metrics.csv)
grep -q "\"best_epoch\":$best," out || { echo "train --json: wanted best_epoch $best"; cat out; bad=1; }
grep -q "best epoch $best\$" err || { echo "train: the log should say best epoch $best"; cat err; bad=1; }
if grep -q "$(printf '\033')" err; then echo "control characters on a stderr that is no terminal"; bad=1; fi
expect 0 "4 of 4 tensors are those of runs/a/model.safetensors" train run.toml --init-from runs/a/model.safetensors -o runs/finer
grep -q '"taken":' runs/finer/run.json || { echo "run.json does not name what was taken"; bad=1; }
expect 3 "runs/none.safetensors" train run.toml --init-from runs/none.safetensors -o runs/finest
expect 0 "" train run.toml "train.init_from={file='runs/none.safetensors',layers=['dense1']}" --init-from runs/a/model.safetensors --show-config
grep -q 'layers = \["dense1"\]' out && grep -q 'file = "runs/a/model.safetensors"' out || { echo "--init-from says more than a file"; cat out; bad=1; }
[ -s runs/a/model.safetensors ] || { echo "no bundle"; bad=1; }
expect 2 "is there already" train run.toml -o runs/a
expect 0 "" train run.toml -o runs/a --auto-resume
grep -q "^warning" err && { echo "the same run file is called another"; cat err; bad=1; }
expect 0 "warning: runs/a goes on with the values of its start, without train.batch = 9" train run.toml train.batch=9 -o runs/a --auto-resume
expect 0 "runs/a: this run is at its end, no epoch was left to train" resume runs/a
grep -q "^warning" err && { echo "an untouched run.toml is called changed"; cat err; bad=1; }
sed -i.kept -e 's/^epochs = 3 /epochs = 2 /' -e '/^id = /d' runs/a/run.toml
expect 0 "warning: runs/a/run.toml was changed: no data.id, train.epochs = 2; the run goes on" resume runs/a
cp runs/a/run.toml.kept runs/a/run.toml
export CLQ_MODEL_USE=small_images
expect 0 "" resume runs/a
unset CLQ_MODEL_USE
grep -q "^warning" err && { echo "the environment is called a change"; cat err; bad=1; }
export CLQ_TRAIN_BATCH=9
expect 0 "warning: runs/a goes on with the values of its start, without train.batch = 9" train run.toml -o runs/a --auto-resume
cp -r runs/a runs/begun
rm -r runs/begun/checkpoints runs/begun/*.safetensors runs/begun/metrics.csv
echo '{"end_reason":"running"}' >runs/begun/run.json
expect 0 "without train.batch = 9" train run.toml -o runs/begun --auto-resume
unset CLQ_TRAIN_BATCH
cut -d, -f1-4 runs/a/metrics.csv >trained && cut -d, -f1-4 runs/begun/metrics.csv | cmp -s trained - || { echo "a run that begins again takes the environment of today"; bad=1; }
echo '[train' >runs/a/run.toml
expect 0 "the run goes on with the values of its checkpoint" resume runs/a
mv runs/a/run.toml.kept runs/a/run.toml
expect 2 "train.epochs may grow when a run goes on: 2 is less than 3" resume runs/a train.epochs=2
expect 2 "a run that goes on takes train.epochs=N alone, got 'train.batch=2'" resume runs/a train.batch=2
expect 2 "a run that goes on takes train.epochs=N alone, got 'foo=1'" resume runs/a foo=1 train.epochs=5
expect 2 "train.epochs is given 2 times" resume runs/a train.epochs=5 train.epochs=6
expect 0 "train.epochs grows from 3 to 4" resume runs/a train.epochs=4
expect 0 "train.epochs grows from 4 to 5" train run.toml train.epochs=5 -o runs/a --auto-resume
grep -q "^warning" err && { echo "more epochs are called ignored"; cat err; bad=1; }
[ "$(wc -l <runs/a/metrics.csv)" = 6 ] || { echo "five epochs leave other than six lines"; cat runs/a/metrics.csv; bad=1; }
grep -q '^epochs = 5 ' runs/a/run.toml || { echo "run.toml does not say five epochs"; bad=1; }
expect 0 "its start, without train.epochs = 4" train run.toml train.epochs=4 -o runs/a --auto-resume
mkdir runs/papers && touch runs/papers/notes
expect 2 "runs/papers is there already and holds no run: name another folder" train run.toml -o runs/papers
expect 2 "cat.csv is there already and is no folder: name another" train run.toml -o cat.csv
expect 0 "" evaluate runs/a/model.safetensors cat.csv
grep -q '^rows  *2000' out || { echo "evaluate counts no rows"; cat out; bad=1; }
expect 0 "" evaluate runs/a/model.safetensors runs/a/model-last.safetensors cat.csv --json -o scored.csv
[ "$(wc -l <scored.csv)" -ge 2001 ] || { echo "evaluate -o writes no table"; bad=1; }
expect 0 "" evaluate runs/a/model.safetensors cat.csv --where "a > 0" --json
grep -q '"rows":2000' out && { echo "evaluate --where counts every row"; bad=1; }
expect 0 "" evaluate runs/a/model.safetensors cat.csv --part valid
expect 2 "part must be train, valid or test, got 'vlaid'" evaluate runs/a/model.safetensors cat.csv --part vlaid
expect 0 "2000 rows" predict runs/a/model.safetensors cat.csv -o predicted.csv
cp cat.csv cat.kept
ln -s cat.csv same.csv
expect 2 "cat.csv: is the data that is read" predict runs/a/model.safetensors cat.csv -o csv://cat.csv
expect 2 "cat.csv: is the data that is read" predict runs/a/model.safetensors cat.csv -o cat.csv
expect 2 "same.csv: is the data that is read" evaluate runs/a/model.safetensors cat.csv -o same.csv
cmp -s cat.csv cat.kept || { echo "a prediction wrote over its own data"; bad=1; }
expect 2 "predict needs -o OUT" predict runs/a/model.safetensors cat.csv
expect 3 "none.safetensors" predict none.safetensors cat.csv -o predicted.csv
expect 3 "none.csv" predict runs/a/model.safetensors none.csv -o predicted.csv
cut -d, -f1,2,4 cat.csv >narrow.csv
expect 0 "2000 rows" predict --keep a runs/a/model.safetensors cat.csv -o kept.csv --keep b
head -1 kept.csv | grep -q 'a,.*b' || { echo "predict --keep a --keep b"; head -1 kept.csv; bad=1; }
expect 3 "narrow.csv: data.scalars: there is no column 'b'" predict runs/a/model.safetensors narrow.csv -o predicted.csv
cut -d, -f1-3 cat.csv >blind.csv
expect 0 "2000 rows" predict runs/a/model.safetensors blind.csv -o predicted.csv
expect 3 "blind.csv: data.target: there is no column 'y'" evaluate runs/a/model.safetensors blind.csv
sed '1s/id/NUMBER/' cat.csv >renamed.csv
expect 3 "renamed.csv: has no column 'id'" predict runs/a/model.safetensors renamed.csv -o predicted.csv
expect 0 "2000 rows" predict runs/a/model.safetensors renamed.csv --id NUMBER -o predicted.csv
[ "$(sed -n 9p predicted.csv | cut -d, -f1)" = 7 ] || { echo "predict --id: not the numbers of that column"; bad=1; }
expect 3 "cat.csv: not a tensor file: no header" evaluate cat.csv runs/a/model.safetensors
expect 2 "out.xyz" predict runs/a/model.safetensors cat.csv -o out.xyz
expect 6 "nowhere/out.csv" predict runs/a/model.safetensors cat.csv -o nowhere/out.csv
long=$(printf 'a%.0s' $(seq 300))
expect 6 "$long.csv" predict runs/a/model.safetensors cat.csv -o "$long.csv"
expect 3 "$long.csv: File name too long" inspect "$long.csv"
cp cat.csv "$(printf 'caf\351.csv')"
expect 2 "argument 2 is not UTF-8" inspect "$(printf 'caf\351.csv')"
mkfifo pipe.csv pipe.safetensors
for pipe in pipe.csv pipe.safetensors; do
  timeout 10 "$clq" inspect $pipe >out 2>err
  [ $? -eq 3 ] || { echo "inspecting $pipe is not exit 3"; cat err; bad=1; }
done
head -1 cat.csv >none_left.csv
expect 3 "none_left.csv: has no rows" predict runs/a/model.safetensors none_left.csv -o predicted.csv
expect 3 "cat.csv: where 'a > 2' selects none of 2000 rows" evaluate runs/a/model.safetensors cat.csv --where "a > 2"
expect 3 "cat.csv: none of 2000 rows is in the part 'test'" evaluate runs/a/model.safetensors cat.csv --part test
sed '9s/,[^,]*/,none/' cat.csv >words.csv
expect 3 "words.csv: a is a text column, the model was trained with numbers; column a " predict runs/a/model.safetensors words.csv -o predicted.csv
# A sanitized library wants a sanitized Python.
if ! ldd "$clq" | grep -qE 'lib(a|t|ub)san' &&
  { python3 -c "import numpy" 2>/dev/null || /usr/bin/python3 -c "import numpy" 2>/dev/null; }; then
  expect 0 "" export runs/a/model.safetensors --torch -o net.py
  grep -q '^class Net(nn.Module):' net.py && [ -s net.npz ] || { echo "clq export leaves no module"; bad=1; }
  expect 3 "nothing.safetensors: " export nothing.safetensors --torch -o net.py
  expect 6 "nowhere/net.npz: No such file or directory" export runs/a/model.safetensors --torch -o nowhere/net.py
  expect 2 "must be named NAME.py" export runs/a/model.safetensors --torch -o net.txt
fi
expect 2 "what is to be written? There is --torch" export runs/a/model.safetensors -o net.py
sed '9s/,[^,]*$/,unknown/' cat.csv >unknown.csv
expect 0 "unknown.csv: y is a text column, the model was trained with numbers" predict runs/a/model.safetensors unknown.csv -o predicted.csv
[ "$(head -1 predicted.csv)" = ID,PRED,FLAG_OOD,FLAG_BAD ] || { echo "a target of text is written"; head -1 predicted.csv; bad=1; }
expect 3 "unknown.csv: y is a text column, the model was trained with numbers" evaluate runs/a/model.safetensors unknown.csv
expect 2 "data.scalars: a is a text column, not numbers; column a " train run.toml data.catalog=words.csv -o runs/b
expect 3 "cat.csv[1]: there is no such file; data.hdu names" inspect "cat.csv[1]"
expect 2 "BUNDLE... DATA" predict cat.csv -o predicted.csv
expect 0 "" inspect cat.csv
expect 0 "" inspect runs/a
expect 0 "" inspect runs/a/model.safetensors --json
expect 0 "" inspect --strict runs/a
expect 0 "" inspect --strict --json runs/a/model.safetensors
grep -q '"golden":{"rows":8,"largest":' out || { echo "inspect --strict does not tell of the golden rows"; cat out; bad=1; }
expect 2 "cat.csv is none" inspect --strict cat.csv
expect 0 "" inspect run.toml
grep -q '^dense1  *dense  *\[8\]  *24  ' out || { echo "inspect does not tell of the layers"; cat out; bad=1; }
expect 0 "" --json inspect run.toml
grep -q '"table":\[{"name":"dense1","use":"dense","output":\[8\],"parameters":24,' out || { echo "inspect --json has no table"; cat out; bad=1; }
expect 2 "nothing.toml: no such file" inspect nothing.toml
python3 "$tests/changed_weight.py" runs/a/model.safetensors dense2.weights changed.safetensors || bad=1
expect 0 "" inspect changed.safetensors
expect 3 "changed.safetensors: its 8 golden rows are " inspect --strict changed.safetensors

# A model file is read once: run folder and bundle hold its layers.
sed '/^\[\[model.layer/,$d' run.toml >bare.toml
cat >model.toml <<'TOML'
[model.block.beside]
parameters = { units = 2 }
[[model.block.beside.layer]]
use = "dense"
units = "$units"
activation = "tanh"
[[model.block.beside.layer]]
use = "concat"
from = ["dense1", "input.b"]
[[model.layer]]
name = "trunk"
use = "block.beside"
units = 6
[[model.layer]]
use = "dense"
TOML
expect 0 "" train bare.toml model.file=model.toml train.epochs=2 -o runs/filed
rm model.toml
expect 0 "2000 rows" predict runs/filed/model.safetensors cat.csv -o filed.csv
expect 0 "" train runs/filed/run.toml -o runs/again
expect 0 "2000 rows" predict runs/again/model.safetensors cat.csv -o again.csv
cmp -s filed.csv again.csv || { echo "run.toml with the layers of a file trains another network"; bad=1; }
expect 2 "model.file: model.toml: no such file (command line)" train bare.toml model.file=model.toml -o runs/b
expect 2 "model.use: no model 'none', there " train bare.toml model.use=none -o runs/b
expect 2 "model.layer is missing: a model needs use, file or at least one [[model.layer]]" train bare.toml -o runs/b

expect 0 "" scan run.toml
grep -q '^rows  *2000' out && grep -q '^ids in several rows  *0' out || { echo "scan counts no rows"; cat out; bad=1; }
awk -F, 'NR == 5 { $2 = "nan" } NR == 8 { $1 = 3 } { print $1 "," $2 "," $3 "," $4 }' cat.csv >gaps.csv
expect 0 "" scan run.toml --list bad.csv --json
grep -q '"bad_rows":0' out && [ "$(grep -vc '^#' bad.csv)" -eq 1 ] || { echo "scan finds bad rows among good ones"; cat out bad.csv; bad=1; }
sed 's/"cat.csv"/"gaps.csv"/' run.toml >gaps.toml
expect 0 "" scan gaps.toml --list bad.ecsv --readers 2
grep -q '^row 3 (the first is 0): missing value, repeated id: a is missing; its id is in 2 rows' out || { echo "scan does not name row 3"; cat out; bad=1; }
grep -q '^6[ ,]*3[ ,].*repeated id' bad.ecsv || { echo "scan --list lacks row 6"; cat bad.ecsv; bad=1; }
expect 0 "" scan gaps.csv --id id --null 3
grep -q '^a .* 1 ' out || { echo "scan counts no NaN"; cat out; bad=1; }
expect 3 "nowhere.csv" scan nowhere.csv
expect 2 "none.toml: no such file" scan none.toml
expect 2 "did you mean 'id'?" scan cat.csv --id idd
expect 3 "none_left.csv: has no rows" scan none_left.csv
expect 6 "nowhere/bad.csv" scan cat.csv --list nowhere/bad.csv
expect 2 "bad.vot: no data sink writes it" scan cat.csv --list bad.vot
expect 2 "same.csv: is the data that is read" scan cat.csv --list same.csv
expect 0 "" look cat.csv 12 -o seen
grep -q '^row 12 (the first is 0): cat.csv' out && grep -q '^y ' out || { echo "look shows no row"; cat out; bad=1; }
expect 0 "" look cat.csv 12 --id id --json -o seen
expect 0 "" look run.toml 12 -o seen
expect 0 "" look cat.csv 12 --run run.toml -o seen
grep -q '^input  *given  *transformed' out || { echo "look --run shows no input"; cat out; bad=1; }
expect 0 "" look cat.csv 12 --model runs/a/model.safetensors -o seen
expect 3 "no row has the id '99999'" look run.toml 99999
expect 3 "cat.csv: there is no row 2000, they are 0 to 1999" look cat.csv 2000 --row
expect 2 "cannot be used together" look cat.csv 12 --model runs/a/model.safetensors --run run.toml
expect 2 "'twelve' is no row number" look cat.csv twelve
expect 0 "warning: 1 more rows have the id 3" look gaps.toml 3 -o seen
if "$clq" plugins | grep -q 'clq_fits'; then
  expect 6 "nowhere/seen" look cat.csv 1 -o nowhere/seen
else
  expect 0 "nowhere/seen-values.fits is not written: no plugin writes FITS" look cat.csv 1 -o nowhere/seen
fi
cut -c1-60 runs/mended/run.json >cut.json && cp cut.json runs/mended/run.json
expect 3 "runs/mended/run.json is damaged" inspect runs/mended
rm runs/mended/run.json && mkdir runs/mended/run.json
expect 3 "runs/mended holds no run" inspect runs/mended
expect 0 "" plugins
expect 0 "" devices
grep -q '^cpu_ref:0' out || { echo "no cpu_ref:0 among the devices"; bad=1; }

# A run that was killed before its first checkpoint begins again by the same line; its rows of metrics.csv are of no use.
"$clq" train run.toml train.epochs=1000000 train.checkpoint_minutes=1000 -o runs/cold >out 2>err </dev/null &
pid=$!
for _ in $(seq 300); do [ "$(grep -c . runs/cold/metrics.csv 2>/dev/null)" -gt 2 ] 2>/dev/null && break; sleep 0.1; done
kill -9 $pid
wait $pid 2>/dev/null
[ -s runs/cold/metrics.csv ] && [ ! -e runs/cold/checkpoints/last.safetensors ] || { echo "not killed before its first checkpoint"; ls -R runs/cold; bad=1; }
cp -r runs/cold runs/cold-with-model && cp -r runs/cold runs/cold-without-place
expect 0 "" train run.toml -o runs/cold
cut -d, -f1-4 runs/cold/metrics.csv | cmp -s trained - || { echo "a run that was begun again keeps old rows"; cat runs/cold/metrics.csv; bad=1; }
cp runs/cold/model.safetensors runs/cold-with-model
rm -r runs/cold-without-place/checkpoints
for kept in runs/cold-with-model runs/cold-without-place; do
  cp $kept/metrics.csv kept.csv
  expect 2 "" train run.toml -o $kept
  cmp -s kept.csv $kept/metrics.csv || { echo "$kept: a run with something of worth was begun again"; bad=1; }
done

# cannot_start LIMITS: a training that cannot start leaves no folder, at whatever it fails.
cannot_start() {
  ( ulimit $1 && exec "$clq" train run.toml -o runs/starved ) >out 2>err </dev/null
  local got=$?
  [ $got -eq 0 ] || [ ! -e runs/starved ] || { echo "ulimit $1: exit $got leaves $(ls runs/starved)"; cat err; bad=1; }
  rm -rf runs/starved
}
for most in 4 5 6 7 8 9 10; do cannot_start "-n $most"; done
for most in 1 2; do cannot_start "-f $most"; done

# signals CODE LAYERS SIGNAL...: a run that would last for ever is sent the signals.
signals() {
  local code=$1 layers=$2 pid got signal
  shift 2
  rm -rf runs/s
  "$clq" train run.toml train.epochs=10000000 train.batch=1500 "model.layer=$layers" -o runs/s >out 2>err </dev/null &
  pid=$!
  for _ in $(seq 100); do [ -e runs/s/run.toml ] && break; sleep 0.1; done
  sleep 0.5
  for signal in "$@"; do kill -"$signal" $pid; sleep 0.1; done
  wait $pid
  got=$?
  if [ $got -ne "$code" ]; then echo "signals $*: exit $got, wanted $code"; cat err; bad=1; fi
}
small="[{use='dense'}]"
slow="[{use='dense',units=3000},{use='dense',units=3000},{use='dense'}]"   # seconds a step: the second SIGINT comes in time
signals 75 "$small" TERM
expect 0 "" inspect runs/s
signals 75 "$small" USR1
signals 75 "$small" INT
[ -s runs/s/checkpoints/last.safetensors ] || { echo "no checkpoint after a signal"; bad=1; }
if ldd "$clq" | grep -q libtsan; then
  echo "skipped: two SIGINT within a step: ThreadSanitizer holds signals back until a call, and makes two of a kind one"
else
  signals 130 "$slow" INT INT
fi

# ended SIGNAL OUT: a prediction that a signal ends leaves nothing beside its place.
awk 'BEGIN { print "id,a,b"; for (i = 0; i < 400000; ++i) print i ",0.5,0.25" }' >long.csv
ended() {
  local pid got
  "$clq" predict runs/a/model.safetensors long.csv --batch 1 -o "$2" >out 2>err </dev/null &
  pid=$!
  for _ in $(seq 500); do ls "$2".tmp.* >/dev/null 2>&1 && break; sleep 0.02; done
  ls "$2".tmp.* >/dev/null 2>&1 || { echo "$2: no temporary file was seen"; bad=1; }
  kill -"$1" $pid
  wait $pid 2>/dev/null
  got=$?
  [ $got -eq $((128 + $(kill -l "$1"))) ] || { echo "predict at $1: exit $got"; cat err; bad=1; }
  ls "$2"* >out 2>/dev/null && { echo "predict at $1 leaves $(cat out)"; bad=1; }
}
ended TERM ended.csv
ended HUP ended.csv
if "$clq" plugins | grep -q 'clq_fits'; then ended TERM ended.fits; fi

"$clq" inspect cat.csv >/dev/full 2>err
[ $? -eq 6 ] || { echo "a full stdout is not exit 6"; cat err; bad=1; }
"$clq" --help >/dev/full 2>err
[ $? -eq 6 ] || { echo "a full stdout of --help is not exit 6"; cat err; bad=1; }
"$clq" inspect cat.csv >&- 2>err
[ $? -eq 6 ] || { echo "a closed stdout is not exit 6"; cat err; bad=1; }

# Words that cannot be written end nothing: a training outlives the disk of its log.
"$clq" fly 2>/dev/full
[ $? -eq 2 ] || { echo "a full stderr changes the exit code"; bad=1; }
"$clq" train run.toml -o runs/full >out 2>/dev/full
[ $? -eq 0 ] || { echo "a full stderr ends a training"; bad=1; }
"$clq" train run.toml -o runs/mute >out 2>&-
[ $? -eq 0 ] || { echo "a closed stderr ends a training"; bad=1; }
"$clq" inspect cat.csv <&- 2>&- >out
[ $? -eq 0 ] || { echo "closed streams end an inspection"; bad=1; }
"$clq" train run.toml -o runs/held train.epochs=1000000 >out 2>&- &
pid=$!
for _ in $(seq 100); do [ -e runs/held/run.toml ] && break; sleep 0.1; done
[ "$(readlink /proc/$pid/fd/2)" = /dev/null ] || { echo "a file got the number of the closed stderr"; bad=1; }
cp -r runs/a runs/changed && rm runs/changed/metrics.csv && mkdir runs/changed/metrics.csv
expect 6 "runs/changed/metrics.csv: its length cannot be found" resume runs/changed train.epochs=9
cp -r runs/a runs/edited && sed -i 's/$/\r/' runs/edited/metrics.csv
expect 0 "metrics.csv: was changed since the checkpoint; it is metrics.csv.changed.1 now" resume runs/edited train.epochs=9
expect 4 "the network's states take 3.2e+03 GB, 6.4e+03 GB while they are made, and this machine has" train run.toml "model.layer=[{use='dense',units=200000000000},{use='dense'}]" -o runs/large
expect 2 "runs/held: another training is at work in this run folder" resume runs/held
kill -9 $pid
wait $pid 2>/dev/null
timeout -s TERM 2 "$clq" resume runs/held >out 2>err
[ $? -ne 2 ] || { echo "a killed training keeps its run folder"; cat err; bad=1; }
exit $bad
