/** What must hold of every answer and of every log line, whatever was asked. */
import { testSecret, type LogLine } from '../support/test-service.js';
import type { Exchange } from './exchange.js';
import type { FuzzRequest } from './requests.js';
import { mark, tokenOf, type Victim } from './victims.js';

const longestLine = 24_000;

/** Node answers these by itself, without a body, where its parser refuses a request. */
const ofTheParser = [400, 408, 413, 417, 431, 505];

/** An answer of ours that says to come back later, because too many passwords are being hashed. */
const announced = ['SIGN_IN_BUSY'];

/** @returns what is wrong with the answer; undefined where nothing is */
export function faultOfAnswer(
  request: FuzzRequest,
  { status, headers, body }: Exchange,
  victims: readonly Victim[],
): string | undefined {
  if (status === 0) return request.isBroken ? undefined : 'no answer';
  if (!headers.has('x-request-id')) {
    return ofTheParser.includes(status) && body === '' ? undefined : `${status} without an id`;
  }
  const json = parse(body);
  if (status >= 500 && !announced.includes(String(json?.code))) return `${status}: ${body}`;
  if (status >= 400 && request.method !== 'HEAD') {
    const { code, message, requestId } = json ?? {};
    const hasShape =
      /^[A-Z][A-Z_]+$/.test(String(code)) &&
      typeof message === 'string' &&
      requestId === headers.get('x-request-id');
    if (!hasShape) return `${status} in another shape: ${body}`;
  }
  if (leadsAway(headers.get('location'))) return `leads to ${headers.get('location')}`;
  const text = JSON.stringify([...headers]) + body;
  if (text.includes(testSecret) || text.includes('$argon2')) return 'tells a secret of the service';
  if (text.includes(`${mark} password`)) return 'repeats a password';
  if (!carriesCredential(request) && victims.some((victim) => text.includes(tokenOf(victim)))) {
    return 'tells a token to a stranger';
  }
  return undefined;
}

/** @returns what is wrong with the line; undefined where nothing is */
export function faultOfLine(line: string, victims: readonly Victim[]): string | undefined {
  if (line.length > longestLine) return `has ${line.length} characters`;
  const parsed = parse(line) as LogLine | undefined;
  if (parsed === undefined) return 'is no JSON';
  if (['error', 'fatal'].includes(parsed.level)) return `is an alarm: ${line}`;
  if (/database/i.test(parsed.msg) && parsed.level !== 'info')
    return `blames the database: ${line}`;
  const lower = line.toLowerCase();
  if (lower.includes(mark.toLowerCase())) return `tells a planted secret: ${line}`;
  if (victims.some((victim) => line.includes(tokenOf(victim)))) return `tells a token: ${line}`;
  return undefined;
}

function carriesCredential({ lines, path, body }: FuzzRequest): boolean {
  return (
    lines.some((line) => /^(?:cookie|authorization):/i.test(line)) || body.length > 0 || path === ''
  );
}

/** As a browser would follow it from a page of this service. */
function leadsAway(location: string | null): boolean {
  if (location === null) return false;
  const own = 'http://localhost:3001';
  if (!URL.canParse(location, own)) return true;
  return ![own, 'http://localhost:3000'].includes(new URL(location, own).origin);
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
