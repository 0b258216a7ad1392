import { quote } from './ssh';

/** The file is not there, or may not be read (EX_CONFIG of sysexits.h). */
const EXIT_UNREADABLE = 78;

/**
 * Words of sh that take lines `NAME=value` of a file into the environment, to the letter: the address of a database has
 * `&` and `;` in it, which a shell that sources the file would act upon. A pair of quotes around a value falls away, as with
 * `EnvironmentFile=` of systemd.
 *
 * @param file its path on the host
 */
export function readEnvironment(file: string): string {
  return [
    'while IFS= read -r line || [ -n "$line" ]; do',
    '  case $line in [A-Za-z_]*=*) ;; *) continue ;; esac',
    '  name=${line%%=*}; value=${line#*=}',
    `  case $value in \\"*\\" | "'"*"'") value=\${value#?}; value=\${value%?} ;; esac`,
    '  case $name in *[!A-Za-z0-9_]*) ;; *) export "$name=$value" ;; esac',
    `done <${quote(file)} || exit ${EXIT_UNREADABLE}`,
  ].join('\n');
}
