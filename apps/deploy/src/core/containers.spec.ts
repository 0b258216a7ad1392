import { containerSchema, onceArguments, runArguments } from './containers';

const settings = containerSchema.parse({
  kind: 'container',
  image: 'registry.example:5000/haru/study',
  options: ['--memory', '512m'],
  environmentFile: '/etc/haru/service.env',
});
const wish = { release: 'r42', variables: ['COLOUR=blue', 'RELEASE=r42'], volumes: ['/run/haru'] };

describe('a colour in a container', () => {
  it('is the image of its release, knows its name and address, and is found again by name and label', () => {
    expect(runArguments(settings, { ...wish, name: 'haru-blue' }).join(' ')).toBe(
      'run --detach --name haru-blue --pid host --label haru.release=r42 --network host ' +
        '--env-file /etc/haru/service.env --env COLOUR=blue --env RELEASE=r42 --volume /run/haru:/run/haru ' +
        '--memory 512m registry.example:5000/haru/study:r42',
    );
  });

  it('is migrated by the same image, with the same settings and a program of its own', () => {
    expect(onceArguments(settings, { ...wish, volumes: [] }, ['node', 'migrate.js']).join(' ')).toBe(
      'run --rm --network host --env-file /etc/haru/service.env --env COLOUR=blue --env RELEASE=r42 ' +
        '--memory 512m registry.example:5000/haru/study:r42 node migrate.js',
    );
  });

  it.each(['haru-study:r42', 'Haru', '-v', ''])('has no image called %j: the tag is the release', (image) => {
    expect(containerSchema.safeParse({ kind: 'container', image }).success).toBe(false);
  });
});
