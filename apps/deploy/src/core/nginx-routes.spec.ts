import { problemOf, rootOf, routesOf, type Heard, type Route } from './nginx-routes';

const UP = { isAppUp: true, hasIndex: true };
const DOWN = { isAppUp: false, hasIndex: true };
const nothing: Heard = { status: 404, release: null, contentType: 'text/html', location: null };
const page: Heard = { ...nothing, status: 200 };
const app: Heard = { ...nothing, status: 404, release: 'r1', contentType: 'application/json' };
const closed: Heard = { ...nothing, status: 503, contentType: 'application/problem+json; charset=utf-8' };

const route = (kind: Route['kind'], path = '/x'): Route => ({ kind, path });

describe('a route of a new configuration', () => {
  it.each([
    ['app', app, UP],
    ['app', { ...app, status: 500 }, UP],
    ['app', closed, DOWN],
    ['app', null, DOWN],
    ['page', page, UP],
    ['page', nothing, { ...UP, hasIndex: false }],
    ['file', nothing, UP],
    ['hidden', nothing, UP],
    ['not-app', page, UP],
    ['redirect', { ...nothing, status: 301, location: 'https://a.example/' }, UP],
  ] as const)('of the kind %s is fine with %j (%j)', (kind, heard, around) => {
    expect(problemOf(route(kind), heard, around)).toBeNull();
  });

  it.each([
    ['app', page, UP, 'not from the app'],
    ['app', page, DOWN, 'not from the app'],
    ['app', { ...closed, status: 500 }, DOWN, '500'],
    ['app', closed, UP, 'write permission on the socket'],
    ['app', null, UP, 'no answer'],
    ['page', null, UP, 'no answer'],
    ['page', app, UP, 'answered by the app'],
    ['page', { ...nothing, status: 403 }, UP, 'x on every folder'],
    ['page', nothing, UP, 'x on every folder'],
    ['page', { ...page, contentType: 'application/json' }, UP, 'no page'],
    ['page', { ...nothing, status: 500 }, { ...UP, hasIndex: false }, '500'],
    ['file', page, UP, '200 in the place of 404'],
    ['hidden', app, UP, 'answered by the app'],
    ['not-app', { ...nothing, status: 500 }, UP, '500'],
    ['redirect', page, UP, 'no way to https'],
    ['redirect', { ...nothing, status: 301, location: 'http://a' }, UP, 'no way to https'],
  ] as const)('of the kind %s is wrong with %j (%j): %s', (kind, heard, around, reason) => {
    expect(problemOf(route(kind), heard, around)).toContain(reason);
  });
});

describe('the routes of a site', () => {
  const paths = { apiPath: '/api/v2/time', livePath: '/health/live', adminRoot: null };

  it('are asked for where there is a client, and belong to its folder', () => {
    const routes = routesOf({ ...paths, adminRoot: '/srv/admin', storybookRoot: '/srv/storybook' });
    const roots = { admin: 'a', storybook: 's', web: 'w' };
    const pages = routes.filter(({ kind }) => kind === 'page').map((one) => rootOf(one, roots));
    expect(pages).toEqual(['w', 'w', 'a', 'a', 's', 's']);
  });

  it('are not asked for where there is none', () => {
    expect(routesOf(paths).map(({ path }) => path)).not.toContainEqual(
      expect.stringMatching(/admin|storybook/),
    );
  });
});
