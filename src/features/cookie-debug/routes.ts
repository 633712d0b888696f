/** `COOKIE_DEBUG`: shows in the request's log line which cookies arrived and which were set. */
import type { IncomingMessage } from 'node:http';
import type { Middleware, MiddlewareResponse } from '../../http/middleware.js';
import { addLogFields, type LogFields } from '../../http/request-log.js';
import type { Route } from '../../http/route.js';
import { maskShape, maskText } from '../../log/mask.js';
import { readCookies } from '../../session/cookie-header.js';
import type { FeatureServices } from '../slots.js';
import type { CookieDebugSettings } from './feature.js';

/** Browsers send fewer of one site; the rest is only counted, because a log line is read as a whole. */
const maxCookies = 50;
/** Of each raw value: browsers store no longer one. */
const maxValueLength = 4_096;
/** Of all raw values in one line. */
const maxLineLength = 16_384;

interface ShownCookie {
  name: string;
  length: number;
  /** Every letter as `a`, every digit as `0`; the value itself only while `raw` is allowed. */
  shape?: string;
  value?: string;
}

/** Every request after CORS, so that neither probes nor preflights are shown. */
export function createRoutes(
  settings: CookieDebugSettings,
  { now }: Pick<FeatureServices, 'now'>,
): readonly Route[] {
  return [{ stage: 'public', handlers: [logCookies(settings, now)] }];
}

/** @param now decides whether `raw` still applies: from `COOKIE_DEBUG_UNTIL` on values are masked again */
export function logCookies({ mode, until }: CookieDebugSettings, now: () => Date): Middleware {
  return function addCookiesToLog(req, res, next) {
    const isRaw = mode === 'raw' && until !== undefined && now() < until;
    addLogFields(res, received(req, isRaw));
    res.once('finish', () => addLogFields(res, { cookiesSet: set(res, isRaw) }));
    next();
  };
}

function received(req: IncomingMessage, isRaw: boolean): LogFields {
  const cookies = readCookies(req.headers.cookie ?? '');
  const cookiesReceived: ShownCookie[] = [];
  let left = maxLineLength;
  for (const { name, value } of cookies.slice(0, maxCookies)) {
    cookiesReceived.push(show(name, value, isRaw && left > 0));
    left -= value.length;
  }
  const cookiesLeftOut = cookies.length - cookiesReceived.length;
  return { cookiesReceived, ...(cookiesLeftOut > 0 && { cookiesLeftOut }) };
}

function set(res: MiddlewareResponse, isRaw: boolean): (ShownCookie & { attributes: string })[] {
  const header = res.getHeader('set-cookie') ?? [];
  return [header].flat().map((line) => {
    const [pair = '', ...attributes] = String(line).split('; ');
    const [{ name, value } = { name: '', value: '' }] = readCookies(pair);
    return { ...show(name, value, isRaw), attributes: attributes.join('; ') };
  });
}

function show(name: string, value: string, isRaw: boolean): ShownCookie {
  const shown = isRaw
    ? { value: value.slice(0, maxValueLength) }
    : { shape: maskShape(value.slice(0, 200)) };
  // A caller that forwards the value without a name makes the value, up to its last `=`, the name.
  return { name: maskText(name).slice(0, 80), length: value.length, ...shown };
}
