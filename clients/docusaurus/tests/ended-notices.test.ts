import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createSessionQuery } from '../src/client/session-query.js';
import { loadingState, nextSessionState } from '../src/client/session-state.js';

/** What the page shows after a get-session that answers null with this reason. */
async function stateFor(reason: string) {
  const query = createSessionQuery(
    (onSession) => () => {
      onSession({ reason });
      return Promise.resolve(new Response('null'));
    },
    'https://auth.example.com',
  );
  const context = { callContext: { authUrl: 'https://auth.example.com' } };
  return nextSessionState(loadingState, await query(), context as never);
}

const listed = /endReasons = \[(.*?)\]/s.exec(
  readFileSync(new URL('../../../src/session/session-end.ts', import.meta.url), 'utf8'),
)?.[1];
const endReasons = Array.from(listed?.matchAll(/'(\w+)'/g) ?? [], ([, reason = '']) => reason);

test.each([...endReasons, 'session_not_found', 'user_not_found'])(
  '%s has a notice of its own, without the code',
  async (reason) => {
    const state = await stateFor(reason);
    expect(state).toEqual({ status: 'signedOut', notice: expect.stringMatching(/\.$/) as string });
    expect(JSON.stringify(state)).not.toContain(reason);
  },
);

test('every reason of the service was found', () => {
  expect(endReasons.length).toBeGreaterThan(9);
});

test.each([
  ['session_ended_by_password_change', 'Your password was changed. Sign in with the new one.'],
  ['session_ended_by_operator', 'An administrator ended your session. Sign in again.'],
  ['user_locked', 'An administrator has locked your account.'],
  ['session_signed_out', 'You signed out.'],
])('%s: %s', async (reason, notice) => {
  expect(await stateFor(reason)).toEqual({ status: 'signedOut', notice });
});

test('a reason that a newer service may have is shown as it is', async () => {
  expect(await stateFor('session_of_tomorrow')).toMatchObject({
    notice: expect.stringContaining('(session_of_tomorrow)') as string,
  });
});
