/** Checks every response and every log line, for any request. */
import { testSecret, type LogLine } from '../support/test-service.js';
import type { Exchange } from './exchange.js';
import type { FuzzRequest } from './requests.js';
import { mark, tokenOf, type Victim } from './victims.js';

const longestLine = 24_000;

/** Node itself responds with these, without a body, when its parser refuses a request. */
const parserStatuses = [400, 408, 413, 417, 431, 505];

/** Expected 503 codes: too many passwords are being hashed. */
const expectedCodes = ['SIGN_IN_BUSY'];

/** @returns the fault of the response, or undefined */
export function faultOfResponse(
  request: FuzzRequest,
  { status, headers, body }: Exchange,
  victims: readonly Victim[],
): string | undefined {
  if (status === 0) return request.isBroken ? undefined : 'no response';
  if (!headers.has('x-request-id')) {
    return parserStatuses.includes(status) && body === ''
      ? undefined
      : `${status} without x-request-id`;
  }
  const json = parse(body);
  if (status >= 500 && !expectedCodes.includes(String(json?.code))) return `${status}: ${body}`;
  if (status >= 400 && request.method !== 'HEAD') {
    const { code, message, requestId } = json ?? {};
    const hasShape =
      /^[A-Z][A-Z_]+$/.test(String(code)) &&
      typeof message === 'string' &&
      requestId === headers.get('x-request-id');
    if (!hasShape) return `${status} in another format: ${body}`;
  }
  if (isUntrustedRedirect(headers.get('location')))
    return `redirects to ${headers.get('location')}`;
  const text = JSON.stringify([...headers]) + body;
  if (text.includes(testSecret) || text.includes('$argon2'))
    return 'contains a secret of the service';
  if (text.includes(`${mark} password`)) return 'contains a password';
  if (!carriesCredential(request) && victims.some((victim) => text.includes(tokenOf(victim)))) {
    return 'contains a token of another visitor';
  }
  return undefined;
}

/** @returns the fault of the log line, or undefined */
export function faultOfLine(line: string, victims: readonly Victim[]): string | undefined {
  if (line.length > longestLine) return `has ${line.length} characters`;
  const parsed = parse(line) as LogLine | undefined;
  if (parsed === undefined) return 'is not JSON';
  if (['error', 'fatal'].includes(parsed.level)) return `has level error: ${line}`;
  if (/database/i.test(parsed.msg) && parsed.level !== 'info')
    return `blames the database: ${line}`;
  const lower = line.toLowerCase();
  if (lower.includes(mark.toLowerCase())) return `contains a planted secret: ${line}`;
  if (victims.some((victim) => line.includes(tokenOf(victim)))) return `contains a token: ${line}`;
  return undefined;
}

function carriesCredential({ lines, path, body }: FuzzRequest): boolean {
  return (
    lines.some((line) => /^(?:cookie|authorization):/i.test(line)) || body.length > 0 || path === ''
  );
}

/** Resolved as a browser does from a page of this service. */
function isUntrustedRedirect(location: string | null): boolean {
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
