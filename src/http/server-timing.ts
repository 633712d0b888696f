/**
 * `Server-Timing`: how long a session check took, for whoever presents `DIAGNOSTICS_TOKEN`. For nobody else: how long a
 * comparison or a query takes tells a stranger what it was about.
 */
import type { RequestHandler, Response } from 'express';
import onHeaders from 'on-headers';
import type { TellTime } from '../session/inspector.js';
import { presentsToken } from './diagnostics-token.js';

/** `verify` and `query` as the inspector tells them, `total` until the answer's head leaves; milliseconds (W3C Server Timing). */
export function serverTiming(token: string): RequestHandler {
  return function offerServerTiming(req, res, next) {
    if (presentsToken(req.headers, token)) {
      const startedAt = performance.now();
      const parts: string[] = [];
      const tellTime: TellTime = (part, milliseconds) => {
        parts.push(`${part};dur=${milliseconds.toFixed(2)}`);
      };
      res.locals.tellTime = tellTime;
      onHeaders(res, () => {
        if (parts.length === 0) return; // nothing was checked
        tellTime('total', performance.now() - startedAt);
        res.setHeader('Server-Timing', parts.join(', '));
      });
    }
    next();
  };
}

/** Where the times of this request's check go; undefined where nobody may read them. */
export function tellTimeOf(res: Response): TellTime | undefined {
  return res.locals.tellTime as TellTime | undefined;
}
