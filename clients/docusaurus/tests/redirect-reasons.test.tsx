/** Every reason for which a visit to a provider signs nobody in has a sentence and a next step. */
// @vitest-environment jsdom
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { explainRedirect, redirectReasonOf } from '../src/client/redirect/redirect-reasons.js';
import { left, returnWith, startSignIn, useProviders } from './support/provider-visit.js';
import { useFakeService } from './support/use-fake-service.js';

vi.mock('../src/client/redirect/leave-page.js', () => ({
  leavePage: (url: string) => left.push(new URL(url)),
}));

const fake = useFakeService();
useProviders(fake);

/** The closed list of the service: docs/features/redirect-sign-in.md. */
const reasons =
  `provider_unknown provider_not_configured not_a_visit return_page_not_allowed challenge_invalid ticket_invalid
  state_unknown state_cookie_missing state_expired state_used state_of_other_provider access_denied redirect_uri_mismatch
  client_secret_wrong provider_unreachable provider_timeout provider_error id_token_invalid email_missing email_unverified
  account_exists_with_password account_linked_elsewhere sign_up_closed domain_not_allowed profile_fields_required
  code_unknown code_expired code_used verifier_missing verifier_wrong origin_differs cookie_refused limit_network
  service_unavailable internal_error session_missing session_differs`.split(/\s+/);

// Not by `URL`: it is jsdom's here, which node:fs does not accept.
const serviceReasons = join(
  import.meta.dirname,
  '../../../src/features/redirect-sign-in/reasons.ts',
);

test.skipIf(!existsSync(serviceReasons))('the list is the one of the service', () => {
  const source = readFileSync(serviceReasons, 'utf8');
  const names = Array.from(source.matchAll(/^ {2}(\w+): \{$/gm), ([, name]) => name);
  expect(names.sort()).toEqual([...reasons].sort());
});

const general = explainRedirect('a_reason_of_a_newer_service').message;

test.each(reasons)('%s has a sentence of its own and a next step', async (reason) => {
  const { message, steps } = explainRedirect(reason, 'Dev ID');
  expect(message).not.toBe(general);
  expect(message).toMatch(/^[A-Z].*[.)]$/);
  expect(message).not.toContain('{');
  expect(steps.length).toBeGreaterThan(0);
  await startSignIn();
  await returnWith(`auth_error=${reason}`);
  expect(await screen.findByText(message)).toBeTruthy();
  const actions = document.querySelector('.auth-actions');
  expect(actions?.querySelectorAll('a, button')).toHaveLength(steps.length);
});

test.each(reasons)('%s reads well where the provider is unknown', (reason) => {
  expect(explainRedirect(reason).message).toMatch(/^[A-Z]/);
});

test.each([
  [{ code: 'CODE_EXPIRED', reason: 'code_expired' }, 'code_expired'],
  [{ code: 'REDIRECT_CODE_EXPIRED' }, 'code_expired'],
  [{ code: 'INTERNAL_ERROR' }, undefined],
  [{ code: 'UNAUTHORIZED', reason: 'session_expired' }, undefined],
  [{ code: 'SERVICE_UNREACHABLE' }, undefined],
])('the reason of %o is %s', (refusal, reason) => {
  expect(redirectReasonOf(refusal)).toBe(reason);
});
