/** However much work waits for a response, it has one listener. */
import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { responseSent } from '../../src/http/after-response.js';
import type { MiddlewareResponse } from '../../src/http/middleware.js';

function newResponse(closed: boolean): MiddlewareResponse {
  return Object.assign(new EventEmitter(), { closed }) as unknown as MiddlewareResponse;
}

test('twenty waits share one listener, and all resolve when the response is sent', async () => {
  const res = newResponse(false);
  const waits = Array.from({ length: 20 }, () => responseSent(res));
  expect(res.listenerCount('close')).toBe(1);
  res.emit('close');
  await Promise.all(waits);
});

test('a response that was sent already resolves at once', async () => {
  await responseSent(newResponse(true));
});
