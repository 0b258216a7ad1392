import { STATUS_OF, titleOf } from '../http/problem';
import { ERROR_CATALOGUE } from './catalogue';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);
}

const ROWS = ERROR_CATALOGUE.map(
  (error) =>
    `<tr id="${error.code}"><td>${error.code}</td><td>${STATUS_OF[error.kind]}</td><td>${escape(error.message)}</td>` +
    `<td>${titleOf(error)}</td><td>${escape(error.detail)}</td></tr>`,
).join('\n');

/** The catalogue as a page for people. */
export const ERROR_CODES_PAGE = `<!doctype html>
<html lang="ko">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>하루스터디 오류 코드</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #222; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #ddd; padding: .5rem; text-align: left; vertical-align: top; }
tr:target { background: #fff6d6; }
</style>
</head>
<body>
<h1>하루스터디 오류 코드</h1>
<table>
<thead><tr><th>코드</th><th>HTTP</th><th>메시지</th><th>이름</th><th>개발자에게</th></tr></thead>
<tbody>
${ROWS}
</tbody>
</table>
</body>
</html>
`;
