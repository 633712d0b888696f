/** Reads a request's body into memory, up to a limit: larger bodies are rejected immediately. */
import { AsyncResource } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import { errorTable } from '../errors.js';
import { requestIdOf } from './request-id.js';
import { addLogFields } from './request-log.js';
import { sendError } from './send-error.js';

/** 100 kB: a sign-up has a few hundred bytes, a provider's ID token a few thousand. */
export const maxBodyBytes = 102_400;

/** How long a rejected body is still received and discarded, so that a client that is still sending reads the response. */
const lingerMs = 300;

/** Whether the request's Content-Length exceeds the limit. */
export function isTooLarge({ headers }: IncomingMessage, limit: number): boolean {
  return Number(headers['content-length'] ?? 0) > limit;
}

/** Sets `req.body` to a Buffer; undefined if the body is empty or the method is GET. */
export function requestBody(limit: number): RequestHandler {
  return function readBody(req, res, next) {
    if (isTooLarge(req, limit)) {
      reject(req, res);
      return;
    }
    const { 'transfer-encoding': chunked, 'content-length': length = '0' } = req.headers;
    const hasBody = chunked !== undefined || Number(length) > 0;
    if (hasBody && req.method === 'GET') res.setHeader('Connection', 'close'); // the body stays unread
    if (!hasBody || req.method === 'GET' || req.readableEnded) {
      next();
      return;
    }
    if ((req.headers['content-encoding'] ?? 'identity') !== 'identity') {
      res.setHeader('Accept-Encoding', 'identity'); // RFC 9110 15.5.16
      sendError(res, 'UNSUPPORTED_MEDIA_TYPE', { message: 'Compressed bodies are not supported.' });
      return;
    }
    // The parser emits the body's events in a context of its own, without what middleware has stored.
    const done = AsyncResource.bind((outcome: Outcome) => {
      if (outcome === 'too large') reject(req, res);
      else if (outcome === 'aborted') next(Object.assign(new Error(outcome), { status: 400 }));
      else {
        req.body = outcome.length > 0 ? outcome : undefined;
        next();
      }
    });
    collect(req, limit, done);
  };
}

type Outcome = Buffer | 'too large' | 'aborted';

function collect(req: Request, limit: number, done: (outcome: Outcome) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const finish = (outcome: Outcome) => {
    req.off('data', onData).off('end', onEnd).off('close', onClose);
    done(outcome);
  };
  const onData = (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) finish('too large');
    else chunks.push(chunk);
  };
  const onEnd = () => finish(Buffer.concat(chunks));
  const onClose = () => finish('aborted');
  // `close` reports failures; without a listener an error would end the process.
  req.on('error', () => undefined);
  req.on('data', onData).on('end', onEnd).on('close', onClose);
}

/** Sends the complete response immediately and closes the connection a moment later, discarding what still arrives. */
function reject(req: Request, res: Response): void {
  const code = 'BODY_TOO_LARGE';
  const { status, message } = errorTable[code];
  const body = Buffer.from(JSON.stringify({ code, message, requestId: requestIdOf(res) }));
  addLogFields(res, { code });
  res.status(status).set({
    Connection: 'close',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(body.length),
  });
  res.write(body);
  const end = () => {
    clearTimeout(timer);
    res.end();
  };
  const timer = setTimeout(end, lingerMs);
  req.on('error', () => undefined);
  req.once('end', end).once('close', end).resume();
}
