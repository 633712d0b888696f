/**
 * An HTTP client that follows no redirect, keeps no cookie, sends no headers except the given ones and its own three,
 * and has a deadline. Built on node:http(s), because fetch hides why TLS failed.
 */
import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type AgentOptions } from 'node:https';
import { version } from './service.js';

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** The address of this machine to connect from. */
  readonly localAddress?: string;
  /** Connects over this IP version only. */
  readonly family?: 4 | 6;
  /** Cuts off a body that is too large, instead of refusing it: for pages that are only searched. */
  readonly cutsBody?: boolean;
  /** Continues after the run was interrupted, for requests that must not be left half done. */
  readonly uninterrupted?: boolean;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly setCookies: readonly string[];
  readonly text: string;
  /** The body as an object; undefined where it is not a JSON object. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
  /** When the request was sent and when the response headers arrived, in milliseconds since 1970. */
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** @throws NoResponseError, or the signal's reason when the run was interrupted */
export type SendRequest = (url: string, options?: RequestOptions) => Promise<HttpResponse>;

/** The request got no response; `code` is the system's or OpenSSL's code, or a `ClientCode`. */
export class NoResponseError extends Error {
  override readonly name = 'NoResponseError';

  constructor(
    readonly url: string,
    readonly code: string,
  ) {
    super(`no response from ${new URL(url).origin}: ${code}`);
  }
}

/** Failures that this client detects itself. */
type ClientCode = 'TIMEOUT' | 'BODY_TOO_LARGE' | 'SWITCHED_PROTOCOLS' | 'CLOSED';

/** Longer than a service waits for a suspended database to resume. */
const defaultTimeoutMs = 15_000;

/** No response of the service is larger. */
const maximumBodyBytes = 512 * 1024;

export interface HttpClientOptions {
  readonly timeoutMs?: number;
  /** Certificate authorities and name resolution, where they differ from the machine's. */
  readonly connection?: Pick<AgentOptions, 'ca' | 'lookup'>;
}

/** @param signal interrupts pending requests */
export function createHttpClient(
  signal: AbortSignal,
  { timeoutMs = defaultTimeoutMs, connection = {} }: HttpClientOptions = {},
): { request: SendRequest; close: () => void } {
  const agents = {
    'http:': new HttpAgent({ keepAlive: true, ...connection }),
    'https:': new HttpsAgent({ keepAlive: true, ...connection }),
  };

  return {
    async request(url, options = {}) {
      const deadline = AbortSignal.timeout(timeoutMs);
      const ignoresInterruption = options.uninterrupted === true;
      if (!ignoresInterruption) signal.throwIfAborted();
      const abort = ignoresInterruption ? deadline : AbortSignal.any([signal, deadline]);
      try {
        return await exchange(url, options, abort, agents);
      } catch (error) {
        if (!ignoresInterruption) signal.throwIfAborted();
        throw new NoResponseError(url, codeOf(deadline.aborted ? coded('TIMEOUT') : error));
      }
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

function exchange(
  url: string,
  { method, headers, body, localAddress, family, cutsBody = false }: RequestOptions,
  signal: AbortSignal,
  agents: { 'http:': HttpAgent; 'https:': HttpsAgent },
): Promise<HttpResponse> {
  const target = new URL(url);
  const isHttps = target.protocol === 'https:';
  const text = body === undefined ? undefined : JSON.stringify(body);
  const sentAt = Date.now();
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
    // Without this listener a 101 response would leave the promise pending forever and skip the cleanup.
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
      const receivedAt = Date.now();
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('error', reject);
      response.on('close', () => reject(coded('CLOSED'))); // has no effect after 'end'
      const finish = () => {
        const received = Buffer.concat(chunks).toString('utf8');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          setCookies: response.headers['set-cookie'] ?? [],
          text: received,
          json: readObject(received),
          sentAt,
          receivedAt,
        });
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length <= maximumBodyBytes) return;
        if (cutsBody) finish();
        response.destroy(coded('BODY_TOO_LARGE'));
      });
      response.on('end', finish);
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

function coded(code: ClientCode): Error {
  return Object.assign(new Error(code), { code });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
}
