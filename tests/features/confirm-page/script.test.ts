/** What the confirm page does, run against the service with as much of a DOM as its script uses. */
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  MailVisitor,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';
import type { Visitor } from '../../support/visitor.js';

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService({ CHANGE_EMAIL: 'on', DELETE_GRACE_DAYS: '7' });
});
afterAll(() => service.stop());

interface Element {
  hidden: boolean;
  textContent: string;
  value: string;
  required: boolean;
  disabled: boolean;
  focus(): void;
  addEventListener(type: string, listener: (event: object) => Promise<void>): void;
}

/** The page as `visitor` opens it with the fragment. */
async function openPage(visitor: Visitor, fragment: string) {
  const { text } = await visitor.ask('/confirm', { origin: null });
  const block = (pattern: RegExp) => pattern.exec(text)?.[1] ?? '';
  let submit: ((event: object) => Promise<void>) | undefined;
  const newElement = (): Element => ({
    hidden: true,
    textContent: '',
    value: '',
    required: false,
    disabled: false,
    focus: () => undefined,
    addEventListener: (_type, listener) => void (submit = listener),
  });
  const elements = new Map<string, Element>();
  const element = (id: string): Element => {
    const found = elements.get(id) ?? newElement();
    elements.set(id, found);
    return found;
  };
  element('texts').textContent = block(/id="texts">(.*?)<\/script>/);
  runInNewContext(block(/<script>([\s\S]*)<\/script>/), {
    location: { hash: `#${fragment}`, pathname: '/confirm', reload: () => undefined },
    history: { replaceState: () => undefined },
    addEventListener: () => undefined,
    URLSearchParams,
    document: { getElementById: element, title: '', documentElement: { lang: 'en' } },
    fetch: async (path: string, { body }: { body: string }) => {
      const { status, json } = await visitor.ask(path, { body });
      return { ok: status < 400, json: () => Promise.resolve(json) };
    },
  });
  return {
    element,
    /** Clicks the button and waits for the answer. */
    press: async () => submit?.({ preventDefault: () => undefined }),
  };
}

async function newUser(): Promise<Visitor> {
  const owner = new MailVisitor(service);
  expect((await owner.signUp()).status).toBe(200);
  return owner;
}

test('a scheduled deletion says until when the account can be kept', async () => {
  const owner = await newUser();
  await owner.ask('/api/auth/delete-user', { body: {} });
  const token = await service.tokenFor(owner.email);
  const { element, press } = await openPage(new MailVisitor(service), `delete_account=${token}`);
  await press();
  const day = new Date(Date.now() + 7 * 86_400_000);
  const written = day.toLocaleDateString('en', { dateStyle: 'long' });
  expect(element('status').textContent).toBe(
    `Your account is locked and will be deleted on ${written}. Sign in before then to keep it.`,
  );
  expect(element('form').hidden).toBe(true);
});

test('a new address is confirmed where the browser is signed in, and with the password where it is not', async () => {
  const owner = await newUser();
  const to = `new.${owner.email}`;
  const { password } = owner;
  await owner.ask('/api/auth/change-email', { body: { newEmail: to, password } });
  const token = await service.tokenFor(to);
  const { element, press } = await openPage(new MailVisitor(service), `change_email=${token}`);
  expect(element('passwordRow').hidden).toBe(true);
  await press();
  expect(element('status').textContent).toContain('not signed in to the account');
  expect(element('passwordRow').hidden).toBe(false);
  element('password').value = 'wrong';
  await press();
  expect(element('status').textContent).toBe('The password is wrong.');
  element('password').value = password;
  await press();
  expect(element('status').textContent).toContain('Done.');
  const users = await service.database.query('select 1 from "user" where email = $1', [to]);
  expect(users).toHaveLength(1);
});
