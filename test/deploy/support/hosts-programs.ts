/** A migration program that notes what it does. */
export function migrations(done: string): string {
  return `
    const { appendFileSync, readFileSync } = require('node:fs');
    const done = ${JSON.stringify(done)};
    const is = (word) => process.argv.includes(word);
    const names = { applied: [], pending: [] };
    if (is('--status')) {
      names[readFileSync(done, 'utf8').includes('c') ? 'applied' : 'pending'].push('Three');
      console.log(JSON.stringify({ expand: { applied: ['One', 'Two'], pending: [] }, contract: names }));
    } else {
      appendFileSync(done, is('contract') ? 'c' : 'm');
      console.log(is('contract') ? 'Applied: Three' : 'Applied: One, Two\\nContract pending: Three');
    }`;
}

/** An ssh that loses one host for good in the very moment in which it is told to switch. */
export function severingSsh(port: number, cut: string): string {
  return `#!/bin/sh
case "$*" in *"-p ${port} "*) ;; *) exec ssh "$@" ;; esac
[ -e ${cut} ] && { echo 'No route to host' >&2; exit 255; }
case "$*" in
  *"'attend'"*) sed -u -e '/"order":"go"/{w ${cut}' -e 'Q' -e '}' | ssh "$@" ;;
  *) exec ssh "$@" ;;
esac
`;
}
