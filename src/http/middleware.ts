/** Middleware that uses nothing of Express but `path`, `route` and `locals`, so that it also runs without Express. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface MiddlewareRequest extends IncomingMessage {
  /** Of the URL, without its query. Undefined for a plain request, whose URL is its path. */
  readonly path?: string;
  /** The route that handles the request; undefined until one is found. */
  route?: { readonly path: string };
}

export interface MiddlewareResponse extends ServerResponse {
  /** State of the request. */
  readonly locals: Record<string, unknown>;
}

/** @see https://expressjs.com/en/guide/writing-middleware.html */
export type Middleware = (
  req: MiddlewareRequest,
  res: MiddlewareResponse,
  next: (error?: unknown) => void,
) => void | Promise<void>;

export type ErrorMiddleware = (
  error: unknown,
  req: MiddlewareRequest,
  res: MiddlewareResponse,
  next: (error?: unknown) => void,
) => void;

export function pathOf({ path, url = '' }: MiddlewareRequest): string {
  return path ?? url;
}
