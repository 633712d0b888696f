/**
 * What an Express application usually has instead: express-session with connect-pg-simple, and passport, which loads the
 * user on every request. Its sessions have the tokens of the seed as their ids.
 */
import { createServer, type RequestListener } from 'node:http';
import connectPgSimple from 'connect-pg-simple';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { createDatabase } from '../../src/db/client.js';
import { secret } from '../seed.js';
import { serve, databaseUrl } from './harness.js';

interface User extends Express.User {
  readonly id: string;
}

const { pool } = createDatabase({ url: databaseUrl(), onIdleError: () => undefined });

await pool.query(`
  create table if not exists passport_session (sid text primary key, sess json not null, expire timestamptz not null)`);
await pool.query(`
  insert into passport_session (sid, sess, expire)
  select token, json_build_object('cookie', json_build_object('originalMaxAge', 604800000),
    'passport', json_build_object('user', user_id)), expires_at
  from session on conflict do nothing`);

passport.deserializeUser((id: string, done) => {
  pool
    .query<User>({ name: 'user', text: 'select * from "user" where id = $1', values: [id] })
    .then(({ rows }) => done(null, rows[0] ?? false), done);
});

const PgStore = connectPgSimple(session);
const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.use(
  session({
    store: new PgStore({ pool, tableName: 'passport_session', disableTouch: true }),
    secret,
    resave: false,
    saveUninitialized: false,
  }),
);
app.use(passport.session());
app.get('/session', (req, res) => void res.json({ user: req.user }));
serve(createServer(app as RequestListener));
