/** The tables behind the sentences: nothing that the trail can hold is without words. */
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { auditKinds } from '../../../../src/audit-kinds.js';
import { errorTable } from '../../../../src/errors.js';
import { actionFor, actions } from '../../../../src/features/audit/explain/actions.js';
import {
  describeEvent,
  describeFacts,
} from '../../../../src/features/audit/explain/describe-events.js';
import { diagnoses, isSessionEnd } from '../../../../src/features/audit/explain/diagnoses.js';
import type { EventRow } from '../../../../src/features/audit/explain/facts.js';
import { isSeenUser } from '../../../../src/features/audit/explain/probable-events.js';
import { allReasons, reasonText } from '../../../../src/features/audit/explain/reason-texts.js';
import { clauseFor, phrases } from '../../../../src/features/audit/explain/sentences.js';
import type { StoryKind } from '../../../../src/features/audit/explain/story.js';
import { reasons as mailReasons } from '../../../../src/features/mail/reasons.js';
import { featureErrors } from '../../../../src/features/reasons.js';
import { reasonTable } from '../../../../src/session/reasons.js';
import { withoutStory } from './reasons-without-story.js';
import { reasonStories, stories, storyOfReason } from './stories.js';

const outcomes = ['success', 'pending', 'refused', 'failed'] as const;

const row: EventRow = {
  id: 'a',
  at: new Date(),
  kind: 'sign_in',
  outcome: 'refused',
  reason: 'a_reason_of_tomorrow',
  userId: null,
  account: null,
  session: null,
  requestId: null,
  actor: 'user',
  actorId: null,
  device: null,
  network: null,
  site: null,
  count: 1,
  firstAt: null,
  lastAt: null,
  details: null,
};

test.each(Object.keys(auditKinds) as StoryKind[])('%s has a sentence for each outcome', (kind) => {
  expect(Object.keys(phrases)).toContain(kind);
  const sentences = outcomes.map((outcome) => clauseFor(kind, outcome, 'user'));
  expect(new Set(sentences).size).toBe(outcomes.length);
  for (const one of sentences) expect(one).toMatch(/^(?:the|an?) \S+ \S+/);
});

test('every reason of every table has a meaning', () => {
  const names = allReasons.map(([, reason]) => reason);
  for (const reason of [
    ...Object.keys(reasonTable),
    ...Object.keys(mailReasons),
    ...[...Object.keys(errorTable), ...Object.keys(featureErrors)].map((code) =>
      code.toLowerCase(),
    ),
  ]) {
    expect(names).toContain(reason);
  }
  for (const [kind, reason] of allReasons) {
    const text = reasonText(kind, reason);
    expect([kind, reason, text?.meaning]).toEqual([kind, reason, expect.stringMatching(/\S+ \S+/)]);
    expect(text?.meaning).not.toMatch(/\.$/);
  }
});

test('a reason that several tables have is the one of its kind of event', () => {
  const meaning = (kind: StoryKind) => reasonText(kind, 'limit_network')?.meaning;
  expect(meaning('provider_sign_in')).not.toBe(meaning('sign_in'));
  expect(reasonText('sign_in', 'redirect_access_denied')).toEqual(
    reasonText('provider_sign_in', 'access_denied'),
  );
});

test('a reason that no table has is quoted', () => {
  expect(describeEvent(row).sentence).toBe(
    'A sign-in was refused: the reason is a_reason_of_tomorrow.',
  );
});

test('the user is seen where the user did something, not where a link was opened', () => {
  const link: EventRow = { ...row, kind: 'link_open', outcome: 'success', reason: null };
  const signIn: EventRow = { ...link, kind: 'sign_in' };
  const remark = (opened: EventRow, other: EventRow) => {
    const facts = {
      events: [opened, other],
      probable: [],
      endings: new Map(),
      mails: [],
      links: [],
    };
    const lines = describeFacts({ ...facts, limits: [], changes: [] } as never, new Date());
    return lines.find(({ kind }) => kind === 'link_open')?.sentence;
  };
  const place = { device: 'Firefox (Linux)', network: '192.0.2.0/24' };
  const notSeen = expect.stringContaining('the user was not seen there') as string;
  expect(remark({ ...link, ...place }, { ...signIn, ...place })).not.toEqual(notSeen);
  for (const other of [
    { ...signIn, ...place, actor: 'operator' },
    { ...link, ...place },
    { ...signIn, ...place, device: 'other' },
  ]) {
    expect(remark({ ...link, ...place }, other)).toEqual(notSeen);
  }
  expect(remark(link, signIn)).toEqual(notSeen);
  expect(remark({ ...link, device: 'other' }, signIn)).toContain(
    'by a program or an unknown browser',
  );
  const places = [signIn, link, { ...signIn, actor: 'operator' }].map((one) => ({
    ...one,
    ...place,
  }));
  expect([signIn, ...places].map(isSeenUser)).toEqual([false, true, false, false]);
});

test('what to do about a reason is said of the kind of event that has it', () => {
  const todo = (kind: StoryKind, reason: string) =>
    actionFor(kind, reason, reasonText(kind, reason)?.fix);
  const codes = allReasons.filter(([, reason]) => /^(?:redirect_)?code_used$/.test(reason));
  expect(Object.fromEntries(codes.map((one) => [one.join(' '), todo(...one)]))).toEqual({
    'sign_in code_used': 'the user asks for a new code',
    'provider_sign_in code_used': expect.stringContaining('again') as string,
    'sign_in redirect_code_used': expect.stringContaining('again') as string,
  });
  // No action by the reason alone where several tables have it.
  const texts = new Map<string, Set<string | undefined>>();
  for (const [kind, reason] of allReasons) {
    texts.set(reason, (texts.get(reason) ?? new Set()).add(reasonText(kind, reason)?.meaning));
  }
  const ambiguous = [...texts].filter(([, meanings]) => meanings.size > 1).map(([name]) => name);
  expect(ambiguous).toContain('code_used');
  expect(ambiguous.filter((reason) => reason in actions)).toEqual([]);
});

test('every diagnosis has a clause and a thing to do', () => {
  for (const [code, { meaning, fix }] of Object.entries(diagnoses)) {
    expect([code, meaning, fix]).toEqual([
      code,
      expect.stringMatching(/^[a-z].*[^.]$/),
      expect.stringMatching(/[^.]$/),
    ]);
  }
});

test('every story has a test, and every reason why a session ended has a story', async () => {
  const folder = new URL('./', import.meta.url);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.test.ts'));
  const texts = await Promise.all(files.map((name) => readFile(new URL(name, folder), 'utf8')));
  const text = texts.join('\n');
  expect(Object.keys(stories).filter((title) => !text.includes(`'${title}'`))).toEqual([]);
  expect(Object.keys(reasonStories).filter((name) => !text.includes(`'${name}'`))).toEqual([]);
  expect(Object.keys(stories).length).toBeGreaterThanOrEqual(40);
  const diagnosed = new Set<string>(Object.values(stories).map(([code]) => code));
  expect(
    Object.keys(diagnoses).filter((code) => isSessionEnd(code) && !diagnosed.has(code)),
  ).toEqual([]);
});

test('every reason of every table has a story, or an entry that says why it has none', () => {
  // The same codes are in the provider's table.
  const names = allReasons
    .map(([kind, reason]) => `${kind} ${reason}`)
    .filter((name) => !name.startsWith('sign_in redirect_'));
  const covered = new Set([...Object.keys(storyOfReason), ...Object.keys(reasonStories)]);
  expect(names.filter((name) => !covered.has(name) && !withoutStory.has(name))).toEqual([]);
  // No entry outlives its reason or its lack of a story.
  expect([...covered].filter((name) => !names.includes(name))).toEqual([]);
  expect([...withoutStory.keys()].filter((name) => !names.includes(name))).toEqual([]);
  expect([...withoutStory.keys()].filter((name) => covered.has(name))).toEqual([]);
});
