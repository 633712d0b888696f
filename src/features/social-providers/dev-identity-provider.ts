/**
 * Dev ID: a certified OpenID provider (oidc-provider) on loopback, which signs in the person that its form names. For development,
 * the demo and tests; production never loads it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import type { Configuration, Provider } from 'oidc-provider';
import { readDevIdForm, renderDevIdForm, type DevPerson } from './dev-id-form.js';
import { createMemoryAdapter } from './dev-id-memory.js';

export interface DevIdentityProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  stop(): Promise<void>;
}

const interactionPath = '/sign-in/';

/** Without its index, which prints a warning on Node 20, where it works nevertheless. */
async function loadProvider(): Promise<typeof Provider> {
  const module = 'oidc-provider/lib/provider.js';
  const loaded = (await import(module)) as { Provider: typeof Provider };
  return loaded.Provider;
}

/**
 * @param redirectUri of the service
 * @param port 0 chooses one
 */
export async function startDevIdentityProvider(
  redirectUri: string,
  port = 0,
): Promise<DevIdentityProvider> {
  const clientId = 'auth-service';
  const clientSecret = randomBytes(24).toString('base64url');
  const people = new Map<string, DevPerson>();
  let handle: (req: IncomingMessage, res: ServerResponse) => Promise<void> = () =>
    Promise.resolve();
  const server = createServer((req, res) => {
    handle(req, res).catch(() => {
      if (!res.headersSent) res.writeHead(400, { 'content-type': 'text/plain' });
      res.end('This sign-in is over. Go back to the site and start again.\n');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, 'localhost', resolve);
  });
  // `localhost`, not an address: browsers then treat it as the same site as the other parts of development.
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const OpenIdProvider = await loadProvider();
  const provider = new OpenIdProvider(
    issuer,
    await configuration(people, clientId, clientSecret, redirectUri),
  );
  const handleProtocol = provider.callback();

  async function signIn(
    req: IncomingMessage,
    res: ServerResponse,
    person: DevPerson,
  ): Promise<void> {
    const accountId = subjectOf(person.email);
    people.set(accountId, person);
    const login = { accountId, remember: false };
    await provider.interactionFinished(req, res, { login }, { mergeWithLastSubmission: false });
  }

  async function interact(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { params } = await provider.interactionDetails(req, res);
    const { login_hint: hint } = params;
    if (req.method === 'POST') {
      const form = await readDevIdForm(req);
      if (form === undefined) {
        const error = { error: 'access_denied', error_description: 'the visitor cancelled' };
        await provider.interactionFinished(req, res, error);
      } else await signIn(req, res, form);
    } else if (typeof hint === 'string' && hint.includes('@')) {
      // So that a script can walk the flow.
      await signIn(req, res, { email: hint, name: nameOf(hint), isVerified: true });
    } else renderDevIdForm(res);
  }

  handle = async (req, res) => {
    const { url = '' } = req;
    if (url.startsWith('/auth')) forgetSession(req);
    if (url.startsWith(interactionPath)) await interact(req, res);
    else await handleProtocol(req, res);
  };
  return {
    issuer,
    clientId,
    clientSecret,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function configuration(
  people: ReadonlyMap<string, DevPerson>,
  clientId: string,
  clientSecret: string,
  redirectUri: string,
): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return {
    adapter: createMemoryAdapter(),
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'dev' }] },
    cookies: { keys: [randomBytes(24).toString('base64url')] },
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false, // puts the claims into the ID token, as Google does
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `${interactionPath}${uid}` },
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      Grant: 600,
      IdToken: 600,
      Interaction: 3600,
      Session: 3600,
    },
    findAccount: (_ctx, accountId) => ({
      accountId,
      claims: () => {
        const { email = '', name, isVerified } = people.get(accountId) ?? {};
        return { sub: accountId, email, email_verified: isVerified === true, name };
      },
    }),
    // There is nothing to consent to.
    async loadExistingGrant(ctx) {
      const { client, session, provider } = ctx.oidc;
      const grant = new provider.Grant({
        clientId: client?.clientId ?? '',
        accountId: session?.accountId ?? '',
      });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
    renderError(ctx, { error, error_description: description }) {
      ctx.type = 'text';
      ctx.body = `${error}: ${description ?? ''}\n`;
    },
  };
}

/** Each sign-in asks who it is: several people are tried out in one browser. */
function forgetSession({ headers }: IncomingMessage): void {
  const cookies = (headers.cookie ?? '').split('; ');
  headers.cookie = cookies.filter((cookie) => !cookie.startsWith('_session')).join('; ');
}

/** The same person has the same id after a restart. */
function subjectOf(email: string): string {
  return `dev-${createHash('sha256').update(email.toLowerCase()).digest('hex').slice(0, 16)}`;
}

function nameOf(email: string): string {
  return email.slice(0, email.indexOf('@'));
}
