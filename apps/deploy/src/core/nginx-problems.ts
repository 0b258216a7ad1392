/**
 * What nginx answers itself, in the API's error shape: a client that reads `code` and `message` need not know that
 * it was nginx. Codes and texts are those of the API's own catalogue; a test compares them.
 */
export const NGINX_PROBLEMS = [
  {
    name: 'malformed',
    statuses: [400],
    status: 400,
    code: 1607,
    title: 'Malformed request',
    message: '요청을 이해할 수 없습니다.',
    detail: 'The request line, a header or the percent-encoding of the path is not valid HTTP.',
  },
  {
    name: 'too_large',
    statuses: [413],
    status: 413,
    code: 1604,
    title: 'Body too large',
    message: '요청 본문이 너무 큽니다.',
    detail: 'The body is larger than this site takes.',
  },
  {
    name: 'headers_too_large',
    statuses: [414, 494],
    status: 431,
    code: 1606,
    title: 'Headers too large',
    message: '요청 헤더가 너무 큽니다.',
    detail: 'The headers of the request are too large. Send fewer or shorter ones.',
  },
  {
    name: 'unavailable',
    statuses: [502, 503, 504],
    status: 503,
    code: 1691,
    title: 'Service unavailable',
    message: '서비스를 잠시 사용할 수 없습니다. 잠시 후 다시 시도해 주세요.',
    detail: 'A part that this request needs cannot be reached just now. Try again after Retry-After seconds.',
  },
] as const;

type NginxProblem = (typeof NGINX_PROBLEMS)[number];

/** The `error_page` lines and the named locations that they lead to, for one server. */
export function renderProblems(): readonly string[] {
  return [
    ...NGINX_PROBLEMS.map(
      ({ statuses, status, name }) => `error_page ${statuses.join(' ')} =${status} @${name};`,
    ),
    ...NGINX_PROBLEMS.flatMap(location),
  ];
}

function location(problem: NginxProblem): readonly string[] {
  return [
    `location @${problem.name} {`,
    '    default_type application/problem+json;',
    '    charset utf-8;',
    '    charset_types application/problem+json;',
    '    add_header X-Request-Id $request_id always;',
    '    add_header Cache-Control no-store always;',
    ...(problem.status === 503 ? ['    add_header Retry-After 1 always;'] : []),
    `    return ${problem.status} '${bodyOf(problem)}';`,
    '}',
  ];
}

function bodyOf({ code, title, status, detail, message }: NginxProblem): string {
  return JSON.stringify({ type: `/api/v2/error-code#${code}`, title, status, detail, code, message });
}
