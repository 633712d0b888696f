/** Late responses to the list of sessions do not bring back a session that has ended. */
// @vitest-environment jsdom
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { Outcome } from '../src/client/outcome.js';
import type { Session } from '../src/client/session.js';
import { useSessionList } from '../src/client/use-session-list.js';

type Answer = Outcome<readonly Session[]>;
const requests = vi.hoisted(() => [] as ((answer: unknown) => void)[]);
vi.mock('../src/client/hooks.js', () => {
  const auth = { listSessions: () => new Promise((resolve) => requests.push(resolve)) };
  return { useAuth: () => auth };
});
afterEach(() => {
  cleanup();
  requests.length = 0;
});

const listOf = (...ids: string[]): Answer => ({
  ok: true,
  value: ids.map((id) => ({ id, token: id })) as unknown as Session[],
});
const answer = (index: number, value: Answer) =>
  act(async () => {
    requests[index]?.(value);
    await Promise.resolve();
  });

test('a late response does not bring back an ended session', async () => {
  const { result } = renderHook(() => useSessionList({ token: 'a' }));
  const shown = () => result.current.sessions?.map(({ id }) => id);
  await answer(0, listOf('a', 'b', 'c'));
  act(() => void result.current.reload()); // requested before c ended
  act(() => result.current.remove({ id: 'c' }));
  await answer(1, listOf('a', 'b', 'c'));
  expect(shown()).toEqual(['a', 'b']);
  act(() => void result.current.reload());
  act(() => void result.current.reload());
  await answer(3, listOf('a'));
  await answer(2, listOf('a', 'b'));
  expect(shown()).toEqual(['a']);
});
