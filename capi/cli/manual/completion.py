# capi/cli/manual/completion.py -- completion of clq's command line for bash and zsh.
# SPDX-License-Identifier: BSD-3-Clause
MADE = "# made by capi/cli/manual/generate_manual.py of the help of clq\n"
CHOICES = {"--average": "d4 none", "--combine": "arithmetic harmonic", "--part": "train valid test"}
FILES = {"DIR", "OUT", "BUNDLE", "BUNDLE... DATA", "PATH", "PREFIX", "RUN.toml", "DATA", "FILE|COLUMN", "URI", "PLUGIN.so"}


def flags_of(options):
    return [flag for option in options for flag in option.flags]


def with_value(options, wanted):
    return "|".join(flag for option in options if option.value and wanted(option) for flag in option.flags)


def bash(program, commands, keys):
    every = {option.flags: option for command in (program, *commands) for option in command.options}.values()
    out = MADE + "_clq() {\n  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb= i\n  COMPREPLY=()\n"
    out += "  for ((i = 1; i < COMP_CWORD; ++i)); do\n    case ${COMP_WORDS[i]} in\n      --plugins) ((++i)) ;;\n      -*) ;;\n"
    out += "      *) verb=${COMP_WORDS[i]}; break ;;\n    esac\n  done\n  case $before in\n"
    for flag, choices in CHOICES.items():
        out += f"    {flag}) COMPREPLY=($(compgen -W '{choices}' -- \"$word\")); return ;;\n"
    free = with_value(every, lambda o: o.value not in FILES and not set(o.flags) & set(CHOICES))
    out += f"    {with_value(every, lambda o: o.value in FILES)}) return ;;  # a file, by the shell's default\n"
    out += f"    {free}) compopt +o default; return ;;  # nothing to choose from\n  esac\n"
    out += "  case $verb in\n"
    out += f"    '') COMPREPLY=($(compgen -W '{' '.join(flags_of(program.options) + list(program.commands))}' -- \"$word\")); return ;;\n"
    out += "  esac\n  if [[ $word == -* ]]; then\n    case $verb in\n"
    for command in commands:
        out += f"      {command.name}) COMPREPLY=($(compgen -W '{' '.join(flags_of(command.options))}' -- \"$word\")) ;;\n"
    out += "    esac\n    return\n  fi\n"
    out += "  if [[ $verb == train && $word == [a-z]*.* || $verb == train && $word == task ]]; then\n"
    out += f"    COMPREPLY=($(compgen -S = -W '{' '.join(keys)}' -- \"$word\"))\n"
    return out + "    [[ ${#COMPREPLY[@]} -gt 0 ]] && compopt -o nospace\n  fi\n}\ncomplete -o default -F _clq clq\n"


def zsh_words(text):
    for each in "\\[]:":
        text = text.replace(each, "\\" + each)
    return text.replace("'", "'\\''")


def zsh_action(option):
    for flag in option.flags:
        if flag in CHOICES:
            return f"({CHOICES[flag]})"
    return "_files" if option.value in FILES else " "


def zsh_option(option):
    value = f":{zsh_words(option.value)}:{zsh_action(option)}" if option.value else ""
    words = f"[{zsh_words(option.words)}]{value}"
    if len(option.flags) == 1:
        return f"'*{option.flags[0]}{words}'"
    return f"'*'{{{','.join(option.flags)}}}'{words}'"


def zsh(program, commands, keys):
    out = "#compdef clq\n" + MADE + "_clq() {\n  local line state\n  _arguments -C \\\n"
    out += "".join(f"    {zsh_option(option)} \\\n" for option in program.options)
    out += "    '1:command:->command' '*::argument:->argument'\n  case $state in\n    command)\n      local -a commands=(\n"
    out += "".join(f"        '{command.name}:{zsh_words(command.words)}'\n" for command in commands)
    out += "      )\n      _describe command commands ;;\n    argument)\n      case $line[1] in\n"
    for command in commands:
        rest = "_clq_keys" if command.name == "train" else "_files"
        options = " ".join(zsh_option(option) for option in command.options)
        out += f"        {command.name}) _arguments {options} '*:argument:{rest}' ;;\n"
    out += "      esac ;;\n  esac\n}\n_clq_keys() {\n  _files\n"
    return out + f"  compadd -S = -- {' '.join(keys)}\n}}\n_clq \"$@\"\n"
