/** Liveness: the process answers. No I/O, so it stays 200 while the database is down. */
import type { RequestHandler } from 'express';

export function healthRoute(): RequestHandler {
  return function answerHealth(_req, res) {
    res.json({ status: 'ok' });
  };
}
