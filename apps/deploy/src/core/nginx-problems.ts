import { block, type Lines } from './nginx-text';

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
    statuses: [502, 504],
    status: 503,
    code: 1691,
    title: 'Service unavailable',
    message: '서비스를 잠시 사용할 수 없습니다. 잠시 후 다시 시도해 주세요.',
    detail: 'A part that this request needs cannot be reached just now. Try again after Retry-After seconds.',
  },
  {
    name: 'closed',
    statuses: [503],
    status: 503,
    code: 1691,
    title: 'Service unavailable',
    message: '서비스를 잠시 사용할 수 없습니다. 잠시 후 다시 시도해 주세요.',
    detail: 'The service is closed for maintenance. Try again after Retry-After seconds.',
  },
  {
    name: 'too_many',
    statuses: [429],
    status: 429,
    code: 1429,
    title: 'Too many requests',
    message: '요청이 너무 많습니다. 잠시 후 다시 시도해 주세요.',
    detail:
      'This was asked for too often. Wait as many seconds as Retry-After says, then send the request again.',
  },
] as const;

type NginxProblem = (typeof NGINX_PROBLEMS)[number];
type Waits = Readonly<Partial<Record<NginxProblem['name'], number>>>;

/**
 * The `error_page` lines and the named locations that they lead to, for one server.
 *
 * @param closedS what people are told to wait during maintenance, in s
 * @param limitedS and when they ask too often, in s
 */
export function renderProblems(closedS: number, limitedS: number): Lines {
  const waits: Waits = { unavailable: 1, closed: closedS, too_many: limitedS };
  return [
    ...NGINX_PROBLEMS.map(
      ({ statuses, status, name }) => `error_page ${statuses.join(' ')} =${status} @${name};`,
    ),
    ...NGINX_PROBLEMS.flatMap((problem) => location(problem, waits[problem.name])),
    ...closedPage(closedS),
  ];
}

function location(problem: NginxProblem, waitS?: number): Lines {
  return block(`location @${problem.name}`, [
    'default_type application/problem+json;',
    'charset utf-8;',
    'charset_types application/problem+json;',
    'add_header X-Request-Id $request_id always;',
    'add_header Cache-Control no-store always;',
    ...(waitS === undefined ? [] : [`add_header Retry-After ${waitS} always;`]),
    `return ${problem.status} '${bodyOf(problem)}';`,
  ]);
}

function bodyOf({ code, title, status, detail, message }: NginxProblem): string {
  return JSON.stringify({ type: `/api/v2/error-code#${code}`, title, status, detail, code, message });
}

/** What people see in the place of a page during maintenance. */
function closedPage(retryAfterS: number): Lines {
  return block('location @closed_page', [
    'default_type text/html;',
    'add_header Cache-Control no-store always;',
    `add_header Retry-After ${retryAfterS} always;`,
    `return 503 '${CLOSED_PAGE}';`,
  ]);
}

const CLOSED_PAGE = [
  '<!doctype html><html lang="ko"><head><meta charset="utf-8">',
  '<meta name="viewport" content="width=device-width, initial-scale=1"><title>하루스터디 점검 중</title></head>',
  '<body style="font-family: system-ui, sans-serif; margin: 20vh auto; max-width: 30rem; padding: 0 1rem">',
  '<h1>잠시 점검 중입니다</h1><p>곧 다시 열겠습니다. 잠시 후 새로고침해 주세요.</p></body></html>',
].join('');
