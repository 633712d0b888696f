/** Each endpoint that takes a POST makes events of its kind, or has a reason not to. */
import { betterAuth } from 'better-auth';
import { expect, test } from 'vitest';
import { auditKinds } from '../../../src/audit-kinds.js';
import {
  changesNothing,
  endpointKinds,
  visited,
} from '../../../src/features/audit/endpoint-kinds.js';
import { everyFeatureOn } from '../../support/every-feature.js';
import { optionsFor } from '../../support/options-for.js';

const withoutKind: Readonly<Record<string, string>> = {
  '/get-session': 'a session check, which is an event of its own where it is refused',
  '/update-session': 'no field of a session can be set by a request',
  '/refresh-token': 'disabled',
  '/get-access-token': 'disabled',
  '/redirect/ticket': 'the first step of linking a login; the link is an event',
  '/redirect/prove': 'mails a link, and the mail is an event',
};

test('each endpoint with POST has a kind, or a reason to have none', async () => {
  const { options } = await optionsFor(everyFeatureOn);
  const endpoints = Object.values(betterAuth(options).api) as unknown as {
    path?: string;
    options: { method: string | string[] };
  }[];
  const posted = endpoints.flatMap(({ path, options: { method } }) =>
    path !== undefined && [method].flat().includes('POST') ? path : [],
  );
  const known = [...Object.keys(endpointKinds), ...Object.keys(withoutKind)];
  const pages = ['/redirect/start', '/redirect/finish'];
  expect(new Set([...posted, ...pages])).toEqual(new Set(known));
  expect(known).toEqual([...new Set(known)]);
});

test('kinds are of the closed list, and the other lists name endpoints that have a kind', () => {
  for (const kind of Object.values(endpointKinds)) expect(auditKinds).toHaveProperty(kind);
  for (const endpoint of [...changesNothing, ...visited]) {
    expect(Object.keys(endpointKinds)).toContain(endpoint);
  }
});
