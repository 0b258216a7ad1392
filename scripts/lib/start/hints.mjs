// @ts-check
import { addressOf } from './settings.mjs';

/**
 * What a newcomer may do next. The commands are for a plain sh, without jq.
 *
 * @param {import('./settings.mjs').Listen} listen
 * @returns {string}
 */
export function hints(listen) {
  const socket = 'socketPath' in listen ? ` --unix-socket ${listen.socketPath}` : '';
  const address = 'socketPath' in listen ? 'http://localhost' : addressOf(listen);
  const curl = `curl -s${socket}`;
  return `
  하루스터디 is up:  ${addressOf(listen)}
${socket === '' ? `  Look around:       ${address}/swagger-ui\n` : ''}
  Log in as a guest and start to study alone (copy and paste):

TOKEN=$(${curl} -X POST ${address}/api/v2/auth/guest | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')
${curl} -X POST ${address}/api/v2/solo-studies -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' -d '{"totalCycle": 2, "timePerCycle": 25}'; echo

  Stop: Ctrl-C. The data stay for the next npm start.
`;
}
