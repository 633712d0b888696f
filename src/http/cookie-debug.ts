/** `COOKIE_DEBUG`: shows in the request's log line what cookies arrived and which were set. */
import type { IncomingMessage } from 'node:http';
import type { RequestHandler, Response } from 'express';
import type { Config } from '../config/config.js';
import { maskShape, maskText } from '../log/mask.js';
import { readCookies } from '../session/cookie-header.js';
import { addLogFields, type LogFields } from './request-log.js';

/** Browsers send fewer of one site; what comes beyond is counted alone, because a line is read as a whole. */
const mostCookies = 50;
/** Of each value that is shown raw: browsers hold no longer one. */
const longestValue = 4_096;
/** Of all values in one line that are shown raw. */
const longestLine = 16_384;

interface ShownCookie {
  name: string;
  length: number;
  /** Every letter as `a`, every digit as `0`; the value itself only while `raw` is allowed. */
  shape?: string;
  value?: string;
}

/** @param now decides whether `raw` still holds: past `COOKIE_DEBUG_UNTIL` it masks again by itself */
export function cookieDebug(settings: Config['cookieDebug'], now: () => Date): RequestHandler {
  const { mode, until } = settings;

  return function showCookies(req, res, next) {
    if (mode !== 'off') {
      const isRaw = mode === 'raw' && until !== undefined && now() < until;
      addLogFields(res, received(req, isRaw));
      res.once('finish', () => addLogFields(res, { cookiesSet: set(res, isRaw) }));
    }
    next();
  };
}

function received(req: IncomingMessage, isRaw: boolean): LogFields {
  const cookies = readCookies(req.headers.cookie ?? '');
  const cookiesReceived: ShownCookie[] = [];
  let left = longestLine;
  for (const { name, value } of cookies.slice(0, mostCookies)) {
    cookiesReceived.push(show(name, value, isRaw && left > 0));
    left -= value.length;
  }
  const cookiesLeftOut = cookies.length - cookiesReceived.length;
  return { cookiesReceived, ...(cookiesLeftOut > 0 && { cookiesLeftOut }) };
}

function set(res: Response, isRaw: boolean): (ShownCookie & { attributes: string })[] {
  const header = res.getHeader('set-cookie') ?? [];
  return [header].flat().map((line) => {
    const [pair = '', ...attributes] = String(line).split('; ');
    const [{ name, value } = { name: '', value: '' }] = readCookies(pair);
    return { ...show(name, value, isRaw), attributes: attributes.join('; ') };
  });
}

function show(name: string, value: string, isRaw: boolean): ShownCookie {
  const shown = isRaw
    ? { value: value.slice(0, longestValue) }
    : { shape: maskShape(value.slice(0, 200)) };
  // A caller that forwards the value without a name makes the value, up to its last `=`, the name.
  return { name: maskText(name).slice(0, 80), length: value.length, ...shown };
}
