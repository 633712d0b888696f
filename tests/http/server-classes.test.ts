/** Express finds the prototypes of request and response as it wants them: changing them is slow on Node 20. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { createMisconfiguredApp } from '../../src/create-app.js';
import { listen } from '../../src/listen.js';
import { createLogger } from '../../src/log/logger.js';

test('requests and responses have the prototypes that Express gives them, from the start', async () => {
  const app = createMisconfiguredApp(createLogger('silent'));
  const prototypes: unknown[] = [];
  const observe = (req: IncomingMessage, res: ServerResponse) => {
    prototypes.push(Object.getPrototypeOf(req), Object.getPrototypeOf(res));
    app(req, res);
  };
  const server = await listen(Object.assign(observe, { ...app }), 0);
  expect((await fetch(`http://127.0.0.1:${server.port}/health`)).status).toBe(200);
  await server.stop();
  expect(prototypes).toHaveLength(2);
  expect(prototypes[0]).toBe(app.request);
  expect(prototypes[1]).toBe(app.response);
});

test('a server without these classes, such as Vercel’s, gets the same response', async () => {
  const app = createMisconfiguredApp(createLogger('silent'));
  const [ours, others] = [await listen(app, 0), await listen((req, res) => void app(req, res), 0)];
  const answer = async (port: number) => {
    const response = await fetch(`http://127.0.0.1:${port}/session`, {
      headers: { 'x-request-id': 'same' },
    });
    const headers = Object.fromEntries(response.headers);
    return {
      status: response.status,
      headers: { ...headers, date: '' },
      body: await response.text(),
    };
  };
  expect(await answer(ours.port)).toEqual(await answer(others.port));
  await Promise.all([ours.stop(), others.stop()]);
});
