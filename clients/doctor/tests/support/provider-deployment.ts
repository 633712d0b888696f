/** A service with one provider, "Acme", for the tests of a file. */
import { afterAll, afterEach, beforeAll } from 'vitest';
import { checkSocialSignIn } from '../../src/checks/social-sign-in.js';
import type { DoctorContext } from '../../src/doctor-context.js';
import type { Finding } from '../../src/finding.js';
import { startDeployment, type Deployment } from './deployment.js';
import { loginPage, startProviderPages, type Page, type ProviderPages } from './provider-pages.js';

export interface ProviderDeployment {
  readonly provider: ProviderPages;
  readonly deployment: Deployment;
  /** To register with the provider. */
  readonly redirectUri: string;
  /** Runs the section of providers. */
  check(changes?: Partial<DoctorContext>): Promise<Finding[]>;
  /** The authorization endpoint responds so. */
  respond(page: Page): void;
  /** The service offers these providers instead of its own. */
  offer(...socialProviders: readonly object[]): void;
}

/** Nothing listens there. */
const site = 'http://127.0.0.1:1';

export function acmeEnvironment(issuer: string): Record<string, string> {
  return {
    OIDC_ACME_ISSUER: issuer,
    OIDC_ACME_CLIENT_ID: 'client-1',
    OIDC_ACME_CLIENT_SECRET: 'a-client-secret',
    OIDC_ACME_LABEL: 'Acme',
  };
}

/** @param assign receives it before the first test; each test begins with a provider that shows its login page */
export function useProviderDeployment(assign: (started: ProviderDeployment) => void): void {
  let provider: ProviderPages;
  let deployment: Deployment;
  beforeAll(async () => {
    provider = await startProviderPages();
    deployment = await startDeployment({
      origin: site,
      env: { ...acmeEnvironment(provider.issuer), SITE_PAGES: `${site}/auth/callback` },
    });
    assign({
      provider,
      deployment,
      redirectUri: `${deployment.target.authUrl}/api/auth/callback/acme`,
      check: (changes) => deployment.check(checkSocialSignIn, changes),
      respond(page) {
        provider.authorize = () => page;
      },
      offer(...socialProviders) {
        deployment.proxy.faults = {
          respond(req, res) {
            if (req.url !== '/api/auth/features') return false;
            res.writeHead(200, { 'content-type': 'application/json' });
            res.end(JSON.stringify({ features: { socialProviders } }));
            return true;
          },
        };
      },
    });
  });
  afterEach(() => {
    deployment.proxy.faults = {};
    provider.authorize = () => loginPage;
    provider.requested.length = 0;
  });
  afterAll(async () => {
    await deployment.stop();
    await provider.close();
  });
}
