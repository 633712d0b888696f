/** Reads a request's body into memory, and no further than its limit: what is larger is refused at once. */
import type { IncomingMessage } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import { errorTable } from '../errors.js';
import { requestIdOf } from './request-id.js';
import { addLogFields } from './request-log.js';
import { sendError } from './send-error.js';

/** 100 kB: a sign-up has a few hundred bytes, an ID token of a provider a few thousand. */
export const maxBodyBytes = 102_400;

/** How long a refused body is still taken and dropped, so that whoever is busy sending it reads the answer. */
const lingerMs = 300;

/** Whether a request says of its body that it is larger. */
export function isTooLarge({ headers }: IncomingMessage, limit: number): boolean {
  return Number(headers['content-length'] ?? 0) > limit;
}

/** Leaves the bytes in `req.body`, as a Buffer; undefined where there are none, or where a GET brought them. */
export function requestBody(limit: number): RequestHandler {
  return function readBody(req, res, next) {
    if (isTooLarge(req, limit)) {
      refuse(req, res);
      return;
    }
    const { 'transfer-encoding': chunked, 'content-length': length = '0' } = req.headers;
    const hasBody = chunked !== undefined || Number(length) > 0;
    if (hasBody && req.method === 'GET') res.setHeader('Connection', 'close'); // nobody will read it
    if (!hasBody || req.method === 'GET' || req.readableEnded) {
      next();
      return;
    }
    if ((req.headers['content-encoding'] ?? 'identity') !== 'identity') {
      res.setHeader('Accept-Encoding', 'identity'); // RFC 9110 15.5.16
      sendError(res, 'UNSUPPORTED_MEDIA_TYPE', { message: 'A body must not be compressed here.' });
      return;
    }
    collect(req, limit, (outcome) => {
      if (outcome === 'too large') refuse(req, res);
      else if (outcome === 'aborted') next(Object.assign(new Error(outcome), { status: 400 }));
      else {
        req.body = outcome.length > 0 ? outcome : undefined;
        next();
      }
    });
  };
}

function collect(
  req: Request,
  limit: number,
  done: (outcome: Buffer | 'too large' | 'aborted') => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const finish = (outcome: Parameters<typeof done>[0]) => {
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
  // What fails here is told by `close`; without a listener it would end the process.
  req.on('error', () => undefined);
  req.on('data', onData).on('end', onEnd).on('close', onClose);
}

/** The answer leaves whole and at once; the connection is closed a moment later, in which what comes is dropped. */
function refuse(req: Request, res: Response): void {
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
