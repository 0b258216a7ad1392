import { fastify, type FastifyInstance } from 'fastify';
import { allowedMethods, recordRoutes } from './routes';

const nothing = async () => '';

function withRoutes(...routes: readonly (readonly [string, string])[]): FastifyInstance {
  const instance = fastify({ exposeHeadRoutes: false });
  recordRoutes(instance);
  for (const [method, url] of routes) instance.route({ method, url, handler: nothing });
  return instance;
}

describe('the methods that a path takes', () => {
  const instance = withRoutes(
    ['GET', '/studies'],
    ['POST', '/studies'],
    ['GET', '/studies/:studyId'],
    ['DELETE', '/studies/:studyId/participants/:participantId'],
    ['GET', '/docs.yaml'],
    ['GET', '/assets/*'],
    ['OPTIONS', '*'],
  );

  it.each([
    ['/studies', ['GET', 'POST']],
    ['/studies?memberId=1', ['GET', 'POST']],
    ['/studies/7', ['GET']],
    ['/studies/anything-at-all', ['GET']],
    ['/studies/7?x=/y', ['GET']],
    ['/studies/7/participants/31', ['DELETE']],
    ['/docs.yaml', ['GET']],
  ])('%s are %j', (url, methods) => {
    expect(allowedMethods(instance, url)).toEqual(methods);
  });

  it.each([
    ['/', 'nothing is there'],
    ['', 'it is no path'],
    ['/studies/', 'a slash at the end makes another path'],
    ['//studies', 'a doubled slash makes another path'],
    ['/studies/7/participants', 'only what is below it is there'],
    ['/studies/7/8', 'an id has no slash in it'],
    ['/docsXyaml', 'the dot of a path is a dot'],
    ['/STUDIES', 'capitals make another path'],
    ['/assets/a.css', 'the files behind a wildcard are not known'],
  ])('%j are none: %s', (url) => {
    expect(allowedMethods(instance, url)).toEqual([]);
  });

  it('are those of the asked server alone', () => {
    expect(allowedMethods(withRoutes(['PUT', '/studies']), '/studies')).toEqual(['PUT']);
  });

  it('are named once when two routes share a path', () => {
    const shared = withRoutes(['GET', '/a/:id'], ['GET', '/a/b'], ['PUT', '/a/b']);
    expect(allowedMethods(shared, '/a/b')).toEqual(['GET', 'PUT']);
  });

  it('are unknown on a server whose routes were not recorded', () => {
    expect(allowedMethods(fastify(), '/studies')).toEqual([]);
  });
});
