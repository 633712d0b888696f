/** A real OpenID provider on a loopback port, whose answers a test can bend. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHash, randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';

export interface Person {
  readonly sub?: string;
  readonly email?: string | undefined;
  readonly email_verified?: boolean | undefined;
  readonly name?: string;
}

type Step = 'discovery' | 'jwks' | 'token' | 'userinfo' | 'github/user' | 'github/emails';

/** What the provider does instead of the right thing. */
export interface Bends {
  readonly hang?: Step;
  readonly drop?: Step;
  /** Answers with this status and text. */
  readonly answer?: { readonly step: Step; readonly status: number; readonly body: string };
  /** Changes the claims of the ID token. */
  readonly claims?: (claims: JWTPayload) => JWTPayload;
  /** Changes the signed ID token. */
  readonly idToken?: (token: string) => string;
  /** Signs with a key that it does not publish. */
  readonly unknownKey?: boolean;
  /** Parameters of the callback. */
  readonly callback?: (parameters: URLSearchParams) => void;
}

interface SentRequest {
  readonly step: string;
  readonly form: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

export interface IdentityProviderServer {
  readonly issuer: string;
  readonly requests: SentRequest[];
  bends: Bends;
  /** Publishes and uses another key from now on. */
  rotateKey(): Promise<void>;
  /** Signs the person in, as a browser that follows the authorization URL. @returns the callback's URL */
  walk(authorizationUrl: string, person: Person): URL;
  close(): Promise<void>;
}

interface Grant {
  readonly person: Person;
  readonly parameters: URLSearchParams;
}

export const clientId = 'test-client';
export const clientSecret = 'a-client-secret-for-tests';

export async function startIdentityProvider(): Promise<IdentityProviderServer> {
  const grants = new Map<string, Grant>();
  const tokens = new Map<string, Grant>();
  const requests: SentRequest[] = [];
  const newKey = async () => ({
    ...(await generateKeyPair('RS256', { extractable: true })),
    kid: randomBytes(6).toString('hex'),
  });
  let key = await newKey();
  let bends: Bends = {};

  const server = createServer((req, res) => {
    void handle(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const steps: Record<string, Step> = {
    '/.well-known/openid-configuration': 'discovery',
    '/jwks': 'jwks',
    '/token': 'token',
    '/login/oauth/access_token': 'token',
    '/userinfo': 'userinfo',
    '/api/v3/user': 'github/user',
    '/api/v3/user/emails': 'github/emails',
  };

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const step = steps[new URL(req.url ?? '/', issuer).pathname];
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    requests.push({ step: step ?? 'unknown', form, headers: req.headers });
    if (step === undefined) {
      res.writeHead(404).end();
      return;
    }
    if (bends.hang === step) return;
    if (bends.drop === step) {
      req.socket.destroy();
      return;
    }
    if (bends.answer?.step === step) {
      res.writeHead(bends.answer.status, { 'content-type': 'application/json' });
      res.end(bends.answer.body);
      return;
    }
    const body = await responses[step](form, req);
    res.writeHead(body === undefined ? 400 : 200, { 'content-type': 'application/json' });
    res.end(JSON.stringify(body ?? { error: 'invalid_grant' }));
  }

  const personOf = (req: IncomingMessage) =>
    tokens.get((req.headers.authorization ?? '').replace('Bearer ', ''))?.person;

  const responses: Record<Step, (form: URLSearchParams, req: IncomingMessage) => unknown> = {
    discovery: () => ({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    }),
    jwks: async () => ({
      keys: [{ ...(await exportJWK(key.publicKey)), kid: key.kid, alg: 'RS256', use: 'sig' }],
    }),
    async token(form) {
      const grant = grants.get(form.get('code') ?? '');
      grants.delete(form.get('code') ?? '');
      if (grant === undefined) return undefined;
      const { parameters, person } = grant;
      const challenge = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      if (challenge !== parameters.get('code_challenge')) return undefined;
      const accessToken = randomBytes(16).toString('hex');
      tokens.set(accessToken, grant);
      return {
        access_token: accessToken,
        refresh_token: `refresh-${accessToken}`,
        token_type: 'bearer',
        expires_in: 3600,
        scope: 'openid email profile',
        ...(parameters.get('scope')?.includes('openid') && {
          id_token: await idTokenFor(person, parameters),
        }),
      };
    },
    userinfo: (_form, req) => ({ sub: subjectOf(personOf(req) ?? {}), ...personOf(req) }),
    'github/user': (_form, req) => ({
      id: Number(subjectOf(personOf(req) ?? {})),
      login: 'ada',
      name: personOf(req)?.name ?? null,
      avatar_url: 'https://avatars.example.com/1',
    }),
    'github/emails': (_form, req) => {
      const { email, email_verified: verified = true } = personOf(req) ?? {};
      return email === undefined ? [] : [{ email, primary: true, verified }];
    },
  };

  async function idTokenFor(person: Person, parameters: URLSearchParams): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const payload: JWTPayload = {
      iss: issuer,
      aud: parameters.get('client_id') ?? '',
      nonce: parameters.get('nonce') ?? undefined,
      iat: now,
      exp: now + 300,
      ...person,
      sub: subjectOf(person),
    };
    const signer = bends.unknownKey ? await newKey() : key;
    const token = await new SignJWT(bends.claims?.(payload) ?? payload)
      .setProtectedHeader({ alg: 'RS256', kid: signer.kid })
      .sign(signer.privateKey);
    return bends.idToken?.(token) ?? token;
  }

  return {
    issuer,
    requests,
    get bends() {
      return bends;
    },
    set bends(value) {
      bends = value;
    },
    async rotateKey() {
      key = await newKey();
    },
    walk(authorizationUrl, person) {
      const { searchParams: parameters } = new URL(authorizationUrl);
      const code = randomBytes(16).toString('hex');
      grants.set(code, { person: { email_verified: true, ...person }, parameters });
      const callback = new URL(parameters.get('redirect_uri') ?? '');
      callback.searchParams.set('code', code);
      callback.searchParams.set('state', parameters.get('state') ?? '');
      bends.callback?.(callback.searchParams);
      return callback;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A stable id of the person. */
function subjectOf({ sub, email = 'nobody' }: Person): string {
  return sub ?? String(parseInt(createHash('sha256').update(email).digest('hex').slice(0, 8), 16));
}
