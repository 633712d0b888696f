/**
 * `Server-Timing`: how long a session check took, for callers that present `DIAGNOSTICS_TOKEN` only, because the
 * duration of a comparison or a query reveals what it was about.
 */
import onHeaders from 'on-headers';
import { setRecordDuration } from '../../http/durations.js';
import type { Middleware } from '../../http/middleware.js';
import type { RecordDuration } from '../../session/inspector.js';
import { presentsToken } from './require-token.js';

/** `verify` and `query` as the inspector reports them, `total` until the headers are sent; milliseconds (W3C Server Timing). */
export function serverTiming(token: string): Middleware {
  return function addServerTiming(req, res, next) {
    if (presentsToken(req.headers, token)) {
      const startedAt = performance.now();
      const parts = new Map<string, string>();
      const recordDuration: RecordDuration = (part, milliseconds) => {
        parts.set(part, `${part};dur=${milliseconds.toFixed(2)}`); // a check on a replica may go on
      };
      setRecordDuration(res, recordDuration);
      onHeaders(res, () => {
        if (parts.size === 0) return; // no session was checked
        recordDuration('total', performance.now() - startedAt);
        res.setHeader('Server-Timing', [...parts.values()].join(', '));
      });
    }
    next();
  };
}
