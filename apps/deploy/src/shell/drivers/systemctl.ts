import { DeployError } from '../../core/errors';
import { runCommand, type CommandResult } from '../command';

/** Runs systemctl and lets the caller judge. @throws DeployError when there is none on this machine */
export function systemctl(...args: readonly string[]): Promise<CommandResult> {
  return runCommand(['systemctl'], args, 'set driver.kind to process in deploy.yml where no systemd runs');
}

/** @throws DeployError with systemd's own words */
export async function mustSystemctl(...args: readonly string[]): Promise<void> {
  const { code, output } = await systemctl(...args);
  if (code === 0) return;
  throw new DeployError('needsHuman', {
    what: `systemctl ${args.join(' ')} failed.`,
    details: output.trim().split('\n'),
    next: 'npm run deploy -- doctor',
  });
}

/** @returns properties of a unit, as systemd says them; a unit that does not exist is inactive */
export async function show(unit: string, ...properties: readonly string[]): Promise<readonly string[]> {
  const asked = properties.flatMap((name) => ['-p', name]);
  const { code, output } = await systemctl('show', ...asked, unit);
  if (code !== 0) {
    throw new DeployError('needsHuman', {
      what: `systemd does not say how ${unit} is.`,
      details: output.trim().split('\n'),
      next: 'npm run deploy -- doctor',
    });
  }
  const said = new Map(output.split('\n').map((line) => splitOnce(line)));
  return properties.map((name) => said.get(name) ?? '');
}

function splitOnce(line: string): readonly [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}
