/**
 * Liveness: the process answers. No I/O, so it stays 200 while the database is down. Any page may read it, which tells
 * "this origin is not trusted" from "the service is down"; it says nothing that a stranger does not see (ASVS 3.4.2).
 */
import type { RequestHandler } from 'express';

export function healthRoute(): RequestHandler {
  return function answerHealth(_req, res) {
    res.setHeader('Access-Control-Allow-Origin', '*');
    res.json({ status: 'ok' });
  };
}
