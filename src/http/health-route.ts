/**
 * Liveness: the process responds. No I/O, so it returns 200 even while the database is down. Any page may read it, to
 * distinguish "this origin is not trusted" from "the service is down"; it reveals nothing that is not public (ASVS 3.4.2).
 */
import type { RequestHandler } from 'express';

export function healthRoute(): RequestHandler {
  return function handleHealth(_req, res) {
    res.setHeader('Access-Control-Allow-Origin', '*');
    res.json({ status: 'ok' });
  };
}
