/** The requests of a signed-in visitor, of a new one and of a probe, and what each answer may and may not say. */
import type { Answer, Visitor } from '../support/visitor.js';
import type { Cluster } from './cluster.js';

export type Query = Cluster['query'];

/** Who asks in one round. */
export interface People {
  /** Signed in, stays so. */
  readonly resident: Visitor;
  /** Signed in, and asks only in this round. */
  readonly editor: Visitor;
  /** Signed in until this round, with this token. */
  readonly leaver: Visitor;
  readonly leaverToken: string;
  /** The leaver's account in a browser without cookies. */
  readonly returning: Visitor;
  /** Without cookies and account. */
  readonly newcomer: Visitor;
  /** Without cookies; sees pages only. */
  readonly passerBy: Visitor;
}

export interface FaultRequest {
  /** What needs the database, and how. */
  readonly needs: 'nothing' | 'reads' | 'writes';
  readonly ask: (people: People) => Promise<Answer>;
  /** Whether the answer is the one of a healthy service. */
  readonly isGreen: (answer: Answer, people: People) => boolean;
  /** Whether the database has what a green answer says. */
  readonly wasDone?: (query: Query, people: People, answer: Answer) => Promise<boolean>;
}

const isUser = ({ status, json }: Answer, { resident }: People) =>
  status === 200 && (json?.user as { email?: string } | undefined)?.email === resident.email;

const isOk = ({ status }: Answer) => status === 200;

/** The token of the visitor's session cookie. */
export const tokenIn = (visitor: Visitor) =>
  decodeURIComponent(visitor.sessionCookie).split('.')[0];

/** Whether the statement returns a row. */
const has = async (query: Query, text: string, ...values: unknown[]) =>
  (await query(text, values)).length > 0;

/** A change that answered 200 is in the audit trail. */
const isRecorded = (query: Query, { headers }: Answer) =>
  has(
    query,
    `select from audit_event where request_id = $1 and outcome = 'success'`,
    headers.get('x-request-id'),
  );

export const requests = {
  '/health': {
    needs: 'nothing',
    ask: ({ passerBy }) => passerBy.ask('/health'),
    isGreen: isOk,
  },
  '/ready': {
    needs: 'writes', // a database that only reads is not ready
    ask: ({ passerBy }) => passerBy.ask('/ready'),
    isGreen: isOk,
  },
  '/session': {
    needs: 'reads',
    ask: ({ resident }) => resident.ask('/session'),
    isGreen: isUser,
  },
  'get-session': {
    needs: 'reads',
    ask: ({ resident }) => resident.getSession(),
    isGreen: isUser,
  },
  'list-sessions': {
    needs: 'writes', // it is limited, and limits are counted in the database
    ask: ({ resident }) => resident.ask('/api/auth/list-sessions'),
    isGreen: ({ status, json }) => status === 200 && Array.isArray(json) && json.length > 0,
  },
  '/session of a new visitor': {
    needs: 'nothing',
    ask: ({ passerBy }) => passerBy.ask('/session'),
    isGreen: ({ status, json }) => status === 401 && json?.reason === 'no_credential',
  },
  'get-session of a new visitor': {
    needs: 'nothing',
    ask: ({ passerBy }) => passerBy.getSession(),
    isGreen: ({ status, json, headers }) =>
      status === 200 && json === null && headers.get('x-session-reason') === 'no_credential',
  },
  'update-user': {
    needs: 'writes',
    ask: ({ editor }) => editor.ask('/api/auth/update-user', { body: { name: 'Edited' } }),
    isGreen: isOk,
    wasDone: async (query, { editor }, answer) =>
      (await isRecorded(query, answer)) &&
      has(query, `select from "user" where email = $1 and name = 'Edited'`, editor.email),
  },
  'sign-out': {
    needs: 'writes',
    ask: ({ leaver }) => leaver.signOut(),
    isGreen: isOk,
    wasDone: async (query, { leaverToken }, answer) =>
      (await isRecorded(query, answer)) &&
      !(await has(query, 'select from session where token = $1', leaverToken)),
  },
  'sign-in': {
    needs: 'writes',
    ask: ({ returning }) => returning.signIn(),
    isGreen: isOk,
    wasDone: async (query, { returning }, answer) =>
      (await isRecorded(query, answer)) &&
      has(query, 'select from session where token = $1 and expires_at > now()', tokenIn(returning)),
  },
  'sign-up': {
    needs: 'writes',
    ask: ({ newcomer }) => newcomer.signUp(),
    isGreen: isOk,
    wasDone: async (query, { newcomer }, answer) =>
      (await isRecorded(query, answer)) &&
      has(
        query,
        `select from "user" join account on account.user_id = "user".id join session on session.user_id = "user".id
         where email = $1 and password is not null and token = $2`,
        newcomer.email,
        tokenIn(newcomer),
      ),
  },
  'request-password-reset': {
    needs: 'writes',
    ask: ({ passerBy, returning: { email } }) =>
      passerBy.ask('/api/auth/request-password-reset', { body: { email } }),
    isGreen: isOk,
    wasDone: (query, _people, { headers }) =>
      has(query, 'select from mail_outbox where request_id = $1', headers.get('x-request-id')),
  },
} as const satisfies Record<string, FaultRequest>;
