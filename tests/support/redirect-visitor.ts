/** Walks a redirect as a browser and the page of a site do. */
import { createHash, randomBytes } from 'node:crypto';
import type { Environment } from '../../src/config/environment.js';
import {
  clientId,
  clientSecret,
  startIdentityProvider,
  type IdentityProviderServer,
  type Person,
} from './identity-provider.js';
import { MailVisitor, sitePage, startMailingService, type MailingService } from './mailed-link.js';
import type { TestServiceOptions } from './test-service.js';
import type { Answer } from './visitor.js';

export interface RedirectService extends MailingService {
  readonly provider: IdentityProviderServer;
}

export async function startRedirectService(
  env: Environment = {},
  options: TestServiceOptions = {},
): Promise<RedirectService> {
  const provider = await startIdentityProvider();
  const service = await startMailingService(
    {
      OIDC_TEST_ISSUER: provider.issuer,
      OIDC_TEST_CLIENT_ID: clientId,
      OIDC_TEST_CLIENT_SECRET: clientSecret,
      OIDC_TEST_LABEL: 'Test ID',
      ...env,
    },
    options,
  );
  return {
    ...service,
    provider,
    async stop() {
      await service.stop();
      await provider.close();
    },
  };
}

export function newVerifier(): { readonly verifier: string; readonly challenge: string } {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** What arrived at the site's page. */
export interface Arrival {
  readonly page: string;
  readonly code: string | undefined;
  readonly error: string | undefined;
  readonly requestId: string | undefined;
  readonly location: string;
}

export function arrivalOf({ headers }: Pick<Answer, 'headers'>): Arrival {
  const location = headers.get('location') ?? '';
  const [page = '', fragment = ''] = location.split('#');
  const parameters = new URLSearchParams(fragment);
  return {
    page,
    code: parameters.get('auth_code') ?? undefined,
    error: parameters.get('auth_error') ?? undefined,
    requestId: parameters.get('request_id') ?? undefined,
    location,
  };
}

/** A browser with the page of the site. */
export class RedirectVisitor extends MailVisitor {
  constructor(
    protected readonly redirects: RedirectService,
    readonly person: Person = {},
  ) {
    super(redirects);
  }

  /** A top-level visit: no Origin. */
  visit(url: string | URL): Promise<Answer> {
    const { pathname, search } = new URL(url, this.redirects.config.baseUrl);
    return this.ask(pathname + search, { origin: null });
  }

  start(challenge: string, parameters: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const query = new URLSearchParams({
      provider: 'test',
      return_to: sitePage,
      code_challenge: challenge,
      ...parameters,
    });
    return this.visit(`/api/auth/redirect/start?${query.toString()}`);
  }

  /** From the start to the arrival at the site's page. */
  async walk(
    challenge: string,
    person: Person = this.person,
    parameters: Readonly<Record<string, string>> = {},
  ): Promise<Arrival> {
    const started = await this.start(challenge, parameters);
    const location = started.headers.get('location') ?? '';
    if (location.includes('#auth_error')) return arrivalOf(started);
    const callback = this.redirects.provider.walk(location, { email: this.email, ...person });
    return arrivalOf(await this.visit(callback));
  }

  redeem(code: string | undefined, verifier: string, extra: object = {}): Promise<Answer> {
    return this.ask('/api/auth/redirect/redeem', {
      body: { code, code_verifier: verifier, ...extra },
    });
  }

  /** The whole flow. */
  async signInWithProvider(person: Person = this.person): Promise<Answer> {
    const { verifier, challenge } = newVerifier();
    const { code } = await this.walk(challenge, person);
    return this.redeem(code, verifier);
  }
}
