/** The two routes that a browser visits: to the provider, and back from it. */
import { authBasePath } from '../../auth/auth-constants.js';
import { networkOf } from '../../log/mask-address.js';
import { maxBodyBytes, requestBody } from '../../http/request-body.js';
import { requireContentType } from '../../http/require-content-type.js';
import type { Route } from '../../http/route.js';
import type { FeatureServices } from '../slots.js';
import { callbackRoute } from './callback-route.js';
import { createFlows } from './flows.js';
import { signUpRules } from './sign-up-rules.js';
import { startRoute } from './start-route.js';
import { createStates } from './state.js';

export function createRoutes(_settings: object, services: FeatureServices): readonly Route[] {
  const { config, identityProviders, limits, now } = services;
  const states = createStates(config.keyRing, now);
  const flows = createFlows(states);
  const countCallback = (address: string) =>
    limits.count(`${addressKey(address)}|/callback`, config.rateLimits.perAddress);
  const rules = signUpRules(identityProviders, services.requiredSignUpFields);
  return [
    {
      stage: 'public',
      path: `${authBasePath}/redirect/start`,
      methods: ['GET'],
      handlers: [startRoute(services, states)],
    },
    {
      stage: 'public',
      path: `${authBasePath}/callback/:provider`,
      methods: ['GET', 'POST'],
      handlers: [
        requestBody(maxBodyBytes),
        requireContentType('application/x-www-form-urlencoded'),
        callbackRoute(services, { states, flows, rules, countCallback }),
      ],
    },
  ];
}

/** The network of one IPv6 customer counts as one client. */
function addressKey(address: string): string {
  return address.includes(':') ? networkOf(address) : address;
}
