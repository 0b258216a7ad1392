import type { Action } from './action';
import type { Target } from './colour';
import { DeployError } from './errors';
import type { Facts, ReleaseFacts } from './facts';
import type { DeployState } from './state';

/** Before anything else is touched: a full disk changes nothing then. */
export function fetchFirst(to: Target, release?: ReleaseFacts): readonly Action[] {
  if (release?.fetchFrom === undefined) return [];
  return [{ kind: 'fetch', to, source: release.fetchFrom, digest: release.fingerprint }];
}

/** @param keep how many unpacked releases stay; null: all */
export function pruneLast(keep: number | null): readonly Action[] {
  return keep === null ? [] : [{ kind: 'prune', keep }];
}

type Recorded = NonNullable<DeployState['previous']>;

/** Why a release that served before is not what would be started under its id today. */
export function whyGone({ source }: Recorded, release: ReleaseFacts | null): string {
  if (source === 'folder' && release?.source !== 'folder') return 'somebody has removed its folder';
  if (source === 'image') return release ? 'its image is another one now' : 'its image is gone';
  if (!release) return 'its folder and the build are gone';
  return release.source === 'build'
    ? 'it was the build of its day and the project has been built anew since; keep releases under releases/<id>'
    : 'its folder holds other code than was deployed then';
}

/** What a person does about it. */
export function wayBack({ release, source }: Recorded): string {
  if (source !== 'folder') return 'deploy a release that is there: npm run deploy -- deploy <release>';
  return `put ${release}.tar.gz back beside the others, then: npm run deploy -- deploy ${release} --older`;
}

/** @throws DeployError when the id is that of other code */
export function refuseChangedCode({ state }: Facts, { id, fingerprint, source }: ReleaseFacts): void {
  const known = [state?.live, state?.previous].find((one) => one?.release === id);
  if (!known || known.fingerprint === fingerprint) return;
  const where = {
    build: 'the current build',
    folder: `the folder of ${id}`,
    image: `the image of ${id}`,
    elsewhere: `the tarball of ${id}`,
  }[source];
  throw new DeployError('usage', {
    what: `${where} is not the code that was deployed as ${id} before: an id stands for one release.`,
    left: 'Nothing was changed.',
    next: 'choose another id: npm run deploy -- deploy <new id>',
  });
}
