/**
 * Asks over HTTP as nobody's browser: follows no redirect, keeps no cookie, sends the headers it is given and no
 * others of its own, and waits no longer than it is told. Built on node:http(s), because fetch hides why TLS failed.
 */
import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type AgentOptions } from 'node:https';
import { version } from '../version.js';

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** The address of this machine to ask from. */
  readonly localAddress?: string;
  /** IPv4 or IPv6 alone. */
  readonly family?: 4 | 6;
  /** Asks on although the examination was interrupted: for what must not stay half done. */
  readonly uninterrupted?: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly setCookies: readonly string[];
  readonly text: string;
  /** The body as an object; undefined where it is none. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
  /** When the question left and the answer's head came, in milliseconds since 1970. */
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** @throws NoAnswerError, or the signal's reason when the examination was interrupted */
export type Ask = (url: string, options?: AskOptions) => Promise<Answer>;

/** There was no answer; `code` is the system's or OpenSSL's word for why, or one of `OwnCode`. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';

  constructor(
    readonly url: string,
    readonly code: string,
  ) {
    super(`${new URL(url).origin} gave no answer: ${code}`);
  }
}

/** What this client has a word of its own for. */
type OwnCode = 'TIMEOUT' | 'BODY_TOO_LARGE' | 'SWITCHED_PROTOCOLS' | 'CLOSED';

/** Longer than a service waits for a database that wakes up. */
const defaultTimeoutMs = 15_000;

/** No answer that is looked at is longer. */
const maximumBodyBytes = 512 * 1024;

export interface HttpClientOptions {
  readonly timeoutMs?: number;
  /** Whom to trust and how to find a host, where that is not the machine's way. */
  readonly connection?: Pick<AgentOptions, 'ca' | 'lookup'>;
}

/** @param signal interrupts what is under way */
export function createHttpClient(
  signal: AbortSignal,
  { timeoutMs = defaultTimeoutMs, connection = {} }: HttpClientOptions = {},
): { ask: Ask; close: () => void } {
  const agents = {
    'http:': new HttpAgent({ keepAlive: true, ...connection }),
    'https:': new HttpsAgent({ keepAlive: true, ...connection }),
  };

  return {
    async ask(url, options = {}) {
      const deadline = AbortSignal.timeout(timeoutMs);
      const isUninterrupted = options.uninterrupted === true;
      if (!isUninterrupted) signal.throwIfAborted();
      const either = isUninterrupted ? deadline : AbortSignal.any([signal, deadline]);
      try {
        return await exchange(url, options, either, agents);
      } catch (error) {
        if (!isUninterrupted) signal.throwIfAborted();
        throw new NoAnswerError(url, codeOf(deadline.aborted ? coded('TIMEOUT') : error));
      }
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

function exchange(
  url: string,
  { method, headers, body, localAddress, family }: AskOptions,
  signal: AbortSignal,
  agents: { 'http:': HttpAgent; 'https:': HttpsAgent },
): Promise<Answer> {
  const target = new URL(url);
  const isHttps = target.protocol === 'https:';
  const text = body === undefined ? undefined : JSON.stringify(body);
  const askedAt = Date.now();
  return new Promise((resolve, reject) => {
    const request = (isHttps ? httpsRequest : httpRequest)(target, {
      method: method ?? (text === undefined ? 'GET' : 'POST'),
      agent: agents[isHttps ? 'https:' : 'http:'],
      signal,
      ...(localAddress !== undefined && { localAddress }),
      ...(family !== undefined && { family }),
      headers: {
        'user-agent': `auth-service-doctor/${version}`,
        accept: 'application/json',
        ...(text !== undefined && {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(text)),
        }),
        ...headers,
      },
    });
    request.on('error', reject);
    // Nobody asked for another protocol. Unheard, a 101 would leave this promise open for ever, and the clean-up undone.
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      reject(coded('SWITCHED_PROTOCOLS'));
    });
    let hasResponse = false;
    request.on('close', () => {
      if (!hasResponse) reject(coded('CLOSED'));
    });
    request.on('response', (response) => {
      hasResponse = true;
      const answeredAt = Date.now();
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('error', reject);
      response.on('close', () => reject(coded('CLOSED'))); // after an end it changes nothing
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > maximumBodyBytes) {
          response.destroy(coded('BODY_TOO_LARGE'));
        }
      });
      response.on('end', () => {
        const received = Buffer.concat(chunks).toString('utf8');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          setCookies: response.headers['set-cookie'] ?? [],
          text: received,
          json: readObject(received),
          askedAt,
          answeredAt,
        });
      });
    });
    request.end(text);
  });
}

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function coded(code: OwnCode): Error {
  return Object.assign(new Error(code), { code });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
}
