/**
 * What many Express applications use instead: express-session with connect-pg-simple, and passport, which loads the user
 * on every request. Passwords are hashed like the service's. The sessions of the seed are copied, with their tokens as ids.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { hash, verify } from '@node-rs/argon2';
import connectPgSimple from 'connect-pg-simple';
import express, { type Request, type Response } from 'express';
import session from 'express-session';
import passport from 'passport';
import { Strategy } from 'passport-local';
import { minimumPasswordCost } from '../../src/auth/password.js';
import { secret } from '../seed.js';
import { createPool, serve } from './harness.js';

interface User extends Express.User {
  readonly id: string;
  readonly email: string;
}

const pool = createPool();

await pool.query(`
  create table if not exists passport_session (sid text primary key, sess json not null, expire timestamptz not null)`);
await pool.query(`
  insert into passport_session (sid, sess, expire)
  select token, json_build_object('cookie', json_build_object('originalMaxAge', 604800000),
    'passport', json_build_object('user', user_id)), expires_at
  from session on conflict do nothing`);

async function findUser(id: string): Promise<User | undefined> {
  const text = 'select id, name, email, image from "user" where id = $1';
  const { rows } = await pool.query<User>({ name: 'user', text, values: [id] });
  return rows[0];
}

async function verifiedUser(email: string, password: string): Promise<User | undefined> {
  const text = `
    select u.id, u.name, u.email, u.image, a.password from "user" u join account a on a.user_id = u.id
    where u.email = $1`;
  const { rows } = await pool.query<User & { password: string }>({
    name: 'account',
    text,
    values: [email],
  });
  const [row] = rows;
  return row !== undefined && (await verify(row.password, password)) ? row : undefined;
}

async function createUser(name: string, email: string, password: string): Promise<User> {
  const id = randomUUID();
  await pool.query(
    `with new_user as (insert into "user" (id, name, email) values ($1, $2, $3))
     insert into account (id, account_id, provider_id, user_id, password) values ($1, $1, 'credential', $1, $4)`,
    [id, name, email, await hash(password, minimumPasswordCost)],
  );
  return { id, email };
}

passport.serializeUser((user, done) => done(null, (user as User).id));
passport.deserializeUser((id: string, done) => {
  findUser(id).then((user) => done(null, user ?? false), done);
});
passport.use(
  new Strategy({ usernameField: 'email' }, (email, password, done) => {
    verifiedUser(email, password).then((user) => done(null, user ?? false), done);
  }),
);

const PgStore = connectPgSimple(session);
const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.use(express.json());
app.use(
  session({
    store: new PgStore({ pool, tableName: 'passport_session', disableTouch: true }),
    secret,
    resave: false,
    saveUninitialized: false,
  }),
);
app.use(passport.session());

const sendUser = ({ user }: Request, res: Response) => {
  if (user === undefined) res.status(401).json({});
  else res.json({ user: { id: (user as User).id, email: (user as User).email } });
};
app.get('/session', sendUser);
app.post('/sign-in', passport.authenticate('local') as express.RequestHandler, sendUser);
app.post('/sign-up', async (req, res) => {
  const { name, email, password } = req.body as Record<'name' | 'email' | 'password', string>;
  const user = await createUser(name, email, password);
  await new Promise<void>((resolve, reject) => {
    req.login(user, (error?: Error) => (error === undefined ? resolve() : reject(error)));
  });
  sendUser(req, res);
});
serve(createServer(app as RequestListener));
