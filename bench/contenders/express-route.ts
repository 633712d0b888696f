/**
 * An Express route that only runs the query of a session check: it does not verify the cookie's signature, sets no
 * headers and logs nothing.
 */
import { createServer, type RequestListener } from 'node:http';
import express from 'express';
import { createPool, serve } from './harness.js';
import { findSession } from './session-query.js';

const pool = createPool();

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.get('/session', async (req, res) => {
  const { cookie = '' } = req.headers;
  const token = cookie.slice(cookie.indexOf('=') + 1, cookie.lastIndexOf('.'));
  res.json(await findSession(pool, token));
});
serve(createServer(app as RequestListener));
