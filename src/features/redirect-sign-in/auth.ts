/** BetterAuth's side of redirects: the endpoints that a page calls once the visitor is back from the provider. */
import { createAskingBrowser } from '../../auth/asking-browser.js';
import type { AuthDependencies } from '../../auth/auth-dependencies.js';
import type { AuthPart } from '../../auth/auth-part.js';
import { createMailboxSignIn } from '../../auth/mailbox-sign-in.js';
import { redirectToPage } from '../../auth/mailed-link-endpoints.js';
import { createMailedLinks } from '../../auth/mailed-links.js';
import { pageFor } from '../../config/site-pages.js';
import type { FeatureInfo } from '../slots.js';
import { signUpRefusal } from './account-decision.js';
import { ticketEndpoint } from './auth/link-ticket.js';
import { createNoticeOfLogin } from './auth/notice-of-login.js';
import {
  confirmEndpoint,
  confirmPath,
  confirmPurpose,
  proveEndpoint,
} from './auth/prove-address.js';
import { createFindFlow, redeemEndpoint } from './auth/redeem.js';
import { createRefuse } from './auth/refusals.js';
import { createSignInWithIdentity } from './auth/sign-in-with-identity.js';
import { stockClientEndpoints } from './auth/stock-client.js';
import { unlinkEndpoint } from './auth/unlink.js';
import { linkCounterName } from './counters.js';
import { createFlows } from './flows.js';
import { signUpRules } from './sign-up-rules.js';
import { createStates } from './state.js';

export function createAuthPart(
  _settings: object,
  dependencies: AuthDependencies,
  features: readonly FeatureInfo[],
): AuthPart {
  const { config, scopes, identityProviders } = dependencies;
  const states = createStates(config.keyRing, () => new Date());
  const flows = createFlows(states);
  const refuse = createRefuse(dependencies);
  const required = features.flatMap(({ requiredSignUpFields = [] }) => requiredSignUpFields);
  const rules = signUpRules(identityProviders, required);
  const links = createMailedLinks(confirmPurpose, linkCounterName, dependencies, {
    replaces: 'same-browser',
  });
  const browser = createAskingBrowser(scopes, 'provider');
  const writeNotice = createNoticeOfLogin(dependencies);
  const signInParts = { flows, rules, refuse, writeNotice };
  const { signIn, linkAccount } = createSignInWithIdentity(dependencies, signInParts);
  const findFlow = createFindFlow(dependencies, flows, refuse);
  const mailbox = createMailboxSignIn(dependencies, {
    method: 'oauth',
    links,
    features,
    noAccount: () => links.refuseWithoutAccount(),
    mayCreate: (email) => signUpRefusal(email, rules) === undefined,
    refuseSignUp: (email) => refuse(signUpRefusal(email, rules) ?? 'sign_up_closed', undefined),
  });
  const proof = { flows, rules, refuse, findFlow, links, browser, mailbox, linkAccount };
  return {
    plugins: [
      {
        id: 'redirect-sign-in',
        endpoints: {
          redeemRedirect: redeemEndpoint(dependencies, flows, findFlow, { signIn }, refuse),
          redirectTicket: ticketEndpoint(dependencies, states, refuse),
          proveProviderAddress: proveEndpoint(dependencies, proof),
          confirmProvider: confirmEndpoint(dependencies, proof),
          confirmProviderPage: redirectToPage(
            confirmPath,
            confirmPurpose,
            pageFor(config, undefined),
          ),
          unlinkAccount: unlinkEndpoint(dependencies, writeNotice),
          ...stockClientEndpoints(dependencies, states, flows, { signIn }, refuse),
        },
      },
    ],
    // They hand a provider's tokens to the scripts of a page.
    disabledPaths: ['/get-access-token', '/refresh-token', '/account-info'],
  };
}
