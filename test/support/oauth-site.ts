import { createServer, request, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web client and the service behind one origin, as nginx serves them. */
export interface Site {
  readonly origin: string;
  /** Serves the service from now on. @param baseUrl of the service */
  serve(baseUrl: string): void;
  stop(): Promise<void>;
}

/** Whatever is not the service's is this page. It does what the web client does: it refreshes and asks who is there. */
const PAGE = `<!doctype html><meta charset="utf-8"><title>하루스터디</title><h1>…</h1><script>
const show = (text) => { document.querySelector('h1').textContent = text; };
(async () => {
  const problem = new URLSearchParams(location.search).get('error');
  if (problem !== null) return show('error ' + problem);
  const answer = await fetch('/api/v2/auth/refresh', { method: 'POST' });
  const { accessToken, code } = await answer.json();
  if (accessToken === undefined) return show('nobody ' + code);
  const me = await fetch('/api/v2/me', { headers: { authorization: 'Bearer ' + accessToken } });
  show('hello ' + (await me.json()).name);
})();
</script>`;
const OF_SERVICE = /^\/(api|swagger-ui|v3)(\/|$)/;

/** Its origin is known before the service runs, whose settings name it. */
export async function startSite(): Promise<Site> {
  let target: URL | undefined;
  const server = createServer((incoming, response) => {
    if (target !== undefined && OF_SERVICE.test(incoming.url ?? '')) forward(target)(incoming, response);
    else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    serve: (baseUrl) => void (target = new URL(baseUrl)),
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const forward =
  ({ hostname, port }: URL): RequestListener =>
  (incoming, response) => {
    const { method, url: path, headers } = incoming;
    const passed = request({ host: hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    incoming.pipe(passed);
  };
