# made by capi/cli/manual/generate_manual.py of the help of clq
_clq() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb= i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case ${COMP_WORDS[i]} in
      --plugins) ((++i)) ;;
      -*) ;;
      *) verb=${COMP_WORDS[i]}; break ;;
    esac
  done
  case $before in
    --average) COMPREPLY=($(compgen -W 'd4 none' -- "$word")); return ;;
    --combine) COMPREPLY=($(compgen -W 'arithmetic harmonic' -- "$word")); return ;;
    --part) COMPREPLY=($(compgen -W 'train valid test' -- "$word")); return ;;
    --plugins|-o|--output|--init-from|--data|--baseline|--model|--run) return ;;  # a file, by the shell's default
    --device|--threads|--readers|--batch|--id|--images|--zeropoint|--keep|--where|--layer|--n|--seed|--variant|--size|--magnitude|--resamples|--null|--options|--only|--limit|--jobs) compopt +o default; return ;;  # nothing to choose from
  esac
  case $verb in
    '') COMPREPLY=($(compgen -W '-h --help --version --json --plugins train resume evaluate predict simulate report export scan look validate inspect plugins devices doctor' -- "$word")); return ;;
  esac
  if [[ $word == -* ]]; then
    case $verb in
      train) COMPREPLY=($(compgen -W '-h --help -o --output --init-from --auto-resume --show-config' -- "$word")) ;;
      resume) COMPREPLY=($(compgen -W '-h --help' -- "$word")) ;;
      evaluate) COMPREPLY=($(compgen -W '-h --help -o --output --device --threads --readers --batch --id --images --zeropoint --average --combine --keep --part --where' -- "$word")) ;;
      predict) COMPREPLY=($(compgen -W '-h --help -o --output --device --threads --readers --batch --id --images --zeropoint --average --combine --keep --layer' -- "$word")) ;;
      simulate) COMPREPLY=($(compgen -W '-h --help -o --output --n --seed --variant --size' -- "$word")) ;;
      report) COMPREPLY=($(compgen -W '-h --help --data --where --part --baseline --magnitude -o --output --seed --resamples --threads' -- "$word")) ;;
      export) COMPREPLY=($(compgen -W '-h --help --torch -o --output' -- "$word")) ;;
      scan) COMPREPLY=($(compgen -W '-h --help --list --id --null --readers' -- "$word")) ;;
      look) COMPREPLY=($(compgen -W '-h --help --row --id --model --run -o --output' -- "$word")) ;;
      validate) COMPREPLY=($(compgen -W '-h --help --data --options --only --device --seed --limit --jobs --list' -- "$word")) ;;
      inspect) COMPREPLY=($(compgen -W '-h --help --strict' -- "$word")) ;;
      plugins) COMPREPLY=($(compgen -W '-h --help --limit' -- "$word")) ;;
      devices) COMPREPLY=($(compgen -W '-h --help' -- "$word")) ;;
      doctor) COMPREPLY=($(compgen -W '-h --help --limit' -- "$word")) ;;
    esac
    return
  fi
  if [[ $verb == train && $word == [a-z]*.* || $verb == train && $word == task ]]; then
    COMPREPLY=($(compgen -S = -W 'task data.catalog data.hdu data.id data.target data.scalars data.derived data.weight data.where data.null data.on_bad data.on_bad.stop_after data.images data.bands data.zeropoint data.crop data.on_missing_band data.hcompress data.position.x data.position.y data.position.origin split.by split.test split.valid split.seed model.use model.file model.parameters model.block model.layer model.output model.bins.min model.bins.max model.bins.n model.loss model.loss.use train.epochs train.batch train.micro_batch train.split_step train.optimizer train.optimizer.name train.optimizer.lr train.schedule.name train.schedule.warmup train.schedule.final train.schedule.start train.schedule.every train.schedule.milestones train.schedule.gamma train.schedule.unit train.schedule.factor train.schedule.patience train.schedule.threshold train.schedule.min_lr train.clip_norm train.ema train.penalty.l1 train.penalty.l2 train.patience train.monitor train.seed train.init_from train.init_from.file train.init_from.layers train.init_from.transforms train.checkpoint_minutes train.log_every compute.devices compute.threads compute.readers compute.precision compute.deterministic compute.allow_fallback predict.average predict.layers output.keep output.tensorboard' -- "$word"))
    [[ ${#COMPREPLY[@]} -gt 0 ]] && compopt -o nospace
  fi
}
complete -o default -F _clq clq
