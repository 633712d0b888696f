/** One span for each request but probes, in which statements and other work are traced. */
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import type { Context, Span, SpanContext, Tracer } from '@opentelemetry/api';
import type { Auth } from '../../auth/create-auth.js';
import { responseSent } from '../../http/after-response.js';
import { pathOf, type Middleware, type MiddlewareResponse } from '../../http/middleware.js';
import { requestIdOf } from '../../http/request-id.js';
import { addLogFields, logFieldsOf } from '../../http/request-log.js';
import { routePatternOf } from '../../http/route-pattern.js';
import { currentSpan, traceFields } from './current-span.js';

export interface TraceRequestsOptions {
  readonly tracer: Tracer;
  readonly auth: Pick<Auth, 'findEndpoint'>;
  readonly baseUrl: string;
  /** Called before each response; the promise settles when the span has ended. */
  readonly onRequest: (spanEnded: Promise<unknown>) => void;
}

/** They come every few seconds and say nothing that the metrics do not. */
const untracedPaths: readonly string[] = ['/health', '/ready', '/metrics'];

/** Others are named `_OTHER`, because the caller chooses them (semantic conventions of HTTP). */
const methods: readonly unknown[] = [
  ...['GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'],
];

/** @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server */
export function traceRequests(options: TraceRequestsOptions): Middleware {
  const { tracer, auth, baseUrl, onRequest } = options;
  const { hostname, protocol } = new URL(baseUrl);
  const common = { 'url.scheme': protocol.slice(0, -1), 'server.address': hostname };

  return function traceRequest(req, res, next) {
    if (untracedPaths.includes(pathOf(req)) || res.closed) {
      next();
      return;
    }
    const method = methods.includes(req.method) ? String(req.method) : '_OTHER';
    const attributes = { 'http.request.method': method, ...common };
    const parent = parentOf(req.headers.traceparent);
    const kind = SpanKind.SERVER;
    const span = tracer.startSpan(nameOf(method), { kind, attributes }, parent);
    addLogFields(res, traceFields(span));
    const ended = responseSent(res).then(async () => {
      const endedAt = performance.now();
      if (span.isRecording()) describe(span, method, await routePatternOf(req, auth), res);
      span.end(endedAt);
    });
    onRequest(ended);
    currentSpan.run(span, next);
  };
}

/** `POST /api/auth/sign-in/email`; the method alone where no route was found. */
function nameOf(method: string, route?: string): string {
  const verb = method === '_OTHER' ? 'HTTP' : method;
  return route === undefined || route === 'other' ? verb : `${verb} ${route}`;
}

function describe(span: Span, method: string, route: string, res: MiddlewareResponse): void {
  const { statusCode } = res;
  const { reason, code, outcome } = logFieldsOf(res);
  span.updateName(nameOf(method, route));
  if (route !== 'other') span.setAttribute('http.route', route);
  span.setAttribute('auth.request_id', requestIdOf(res));
  if (res.headersSent) span.setAttribute('http.response.status_code', statusCode);
  for (const [name, value] of Object.entries({ reason, code, outcome })) {
    if (typeof value === 'string') span.setAttribute(`auth.${name}`, value);
  }
  if (!res.headersSent || !res.writableFinished) span.setAttribute('error.type', 'aborted');
  else if (statusCode >= 500) {
    span.setAttribute('error.type', typeof code === 'string' ? code : String(statusCode));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
}

const wellFormed = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/;

/**
 * The caller's span (W3C Trace Context, level 1): for correlation only, because a visitor can send any. A malformed header
 * begins a new trace; `tracestate` is not read, because it may hold any text.
 */
function parentOf(header: string | string[] | undefined): Context {
  const [, traceId, spanId, flags] = wellFormed.exec(String(header)) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  if (String(header).startsWith('ff')) return ROOT_CONTEXT; // a version that cannot be
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return ROOT_CONTEXT;
  const traceFlags = parseInt(flags, 16) & TraceFlags.SAMPLED;
  const context: SpanContext = { traceId, spanId, traceFlags, isRemote: true };
  return trace.setSpanContext(ROOT_CONTEXT, context);
}
