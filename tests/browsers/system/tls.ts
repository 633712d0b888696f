/** TLS in front of a service of the tests, for what browsers do on secure pages only. */
import { readFile } from 'node:fs/promises';
import { request as forward } from 'node:http';
import { createServer, type Server } from 'node:https';
import { inject } from 'vitest';

/** Serves an empty page at `/page`, and forwards everything else to the service. */
export async function startTls(port: number, serviceUrl: string): Promise<Server> {
  const files = inject('certificate');
  const [cert, key] = [await readFile(files.certificate), await readFile(files.key)];
  const server = createServer({ key, cert }, (req, res) => {
    if (req.url === '/page') {
      res.setHeader('content-type', 'text/html').end('<!doctype html><title>A page</title>');
      return;
    }
    const { method = 'GET', headers } = req;
    const upstream = forward(serviceUrl + (req.url ?? ''), { method, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    upstream.on('error', () => res.destroy());
    req.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}
