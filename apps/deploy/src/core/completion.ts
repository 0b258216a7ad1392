/** A command with what may come after it. */
export type Completed = Readonly<{ name: string; description: string; words: readonly string[] }>;

export const SHELLS = ['bash', 'zsh'] as const;

export type Shell = (typeof SHELLS)[number];

/** What the alias is called whose words are completed, where the tool is run by several words. */
export const ALIAS = 'haru-deploy';

/**
 * A script to be sourced by the shell.
 *
 * @param word the command whose words are completed
 */
export function renderCompletion(shell: Shell, word: string, commands: readonly Completed[]): string {
  return shell === 'bash' ? renderBash(word, commands) : renderZsh(word, commands);
}

function renderBash(word: string, commands: readonly Completed[]): string {
  const cases = commands.map(({ name, words }) => `    ${name}) words="${words.join(' ')}" ;;`);
  return [
    '_haru_deploy() {',
    '  local words',
    '  case "${COMP_WORDS[1]}" in',
    ...cases,
    '  esac',
    `  [ "$COMP_CWORD" -eq 1 ] && words="${commands.map(({ name }) => name).join(' ')}"`,
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    `complete -F _haru_deploy ${word}`,
  ].join('\n');
}

function renderZsh(word: string, commands: readonly Completed[]): string {
  const names = commands.map(({ name, description }) => `    '${name}:${description.replaceAll("'", '')}'`);
  const cases = commands.map(({ name, words }) => `    ${name}) compadd -- ${words.join(' ')} ;;`);
  return [
    '_haru_deploy() {',
    '  local -a names',
    '  names=(',
    ...names,
    '  )',
    '  if (( CURRENT == 2 )); then _describe command names; return; fi',
    '  case "$words[2]" in',
    ...cases,
    '  esac',
    '}',
    `compdef _haru_deploy ${word}`,
  ].join('\n');
}
