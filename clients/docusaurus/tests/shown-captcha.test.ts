/** The captchas of Turnstile and hCaptcha, with scripts that have their documented functions, served on loopback. */
// @vitest-environment jsdom
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { screen, waitFor } from '@testing-library/react';

type Provider = 'turnstile' | 'hcaptcha';

const url = 'https://auth.example.com/api/auth/sign-in/email';
const origins = {
  turnstile: 'https://challenges.cloudflare.com/turnstile/v0/api.js',
  hcaptcha: 'https://js.hcaptcha.com/1/api.js',
} as const;

/** A button per widget: solved, or failed. `remove` throws for a widget that is not there, as Turnstile's. */
const fakeScript = (provider: Provider, onload: string) => `
  window.${provider} = {
    render(container, options) {
      if (!options.sitekey) throw new Error('sitekey');
      const button = document.createElement('button');
      button.textContent = 'solve ' + options.sitekey + ' ' + options.theme;
      button.onclick = () => options.callback('token of ${provider}');
      const fail = document.createElement('button');
      fail.textContent = 'fail';
      fail.onclick = () => options['error-callback']('300010');
      container.append(button, fail);
      return 'widget-1';
    },
    execute() {},
    remove(id) { window.removedWidgets.push(id); },
  };
  window['${onload}']();`;

let server: Server;
let requested: string[];
let isBlocked: boolean;
let watcher: MutationObserver;

beforeAll(async () => {
  server = createServer((req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? '/', 'http://127.0.0.1');
    requested.push(pathname);
    const provider = pathname.includes('turnstile') ? 'turnstile' : 'hcaptcha';
    if (isBlocked || searchParams.get('render') !== 'explicit') res.writeHead(503).end();
    else res.end(fakeScript(provider, searchParams.get('onload') ?? ''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close());

beforeEach(() => {
  vi.resetModules();
  requested = [];
  isBlocked = false;
  Object.assign(window, { removedWidgets: [], turnstile: undefined, hcaptcha: undefined });
  // Instead of the browser, which would load it from the provider.
  watcher = new MutationObserver((records) => {
    for (const node of records.flatMap(({ addedNodes }) => Array.from(addedNodes))) {
      if (node instanceof HTMLScriptElement) void run(node);
    }
  });
  watcher.observe(document.head, { childList: true });
});
afterEach(() => {
  watcher.disconnect();
  document.head.replaceChildren();
  document.body.replaceChildren();
});

async function run(script: HTMLScriptElement): Promise<void> {
  const { port } = server.address() as AddressInfo;
  const { host, pathname, search } = new URL(script.src);
  const response = await fetch(`http://127.0.0.1:${port}/${host}${pathname}${search}`);
  if (!response.ok) return void script.dispatchEvent(new Event('error'));
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- as a script of the page
  new Function(await response.text())();
}

const refusal = (provider: Provider) =>
  Response.json(
    { code: 'CAPTCHA_REQUIRED', message: 'Solve it.', captcha: { provider, siteKey: 'site-key' } },
    { status: 403 },
  );

/** A call that is refused, and what its repetition is answered. */
async function start(
  provider: Provider,
  repeated: () => Response = () => Response.json({ status: true }),
  init: RequestInit = {},
) {
  const { withCaptcha } = await import('../src/client/captcha/with-captcha.js');
  const tokens: (string | null)[] = [];
  const call = withCaptcha((_input, given) => {
    tokens.push(new Headers(given?.headers).get('x-captcha-response'));
    return Promise.resolve(tokens.length === 1 ? refusal(provider) : repeated());
  });
  return { tokens, response: call(url, { method: 'POST', ...init }) };
}

test.each(['turnstile', 'hcaptcha'] as const)(
  '%s: the script is loaded once a captcha is due, and the call is repeated with the token',
  async (provider) => {
    const opener = document.createElement('button');
    document.body.append(opener);
    opener.focus();
    const { tokens, response } = await start(provider);
    (await screen.findByText('solve site-key light')).click();
    expect((await response).status).toBe(200);
    expect(tokens).toEqual([null, `token of ${provider}`]);
    const { host, pathname } = new URL(origins[provider]);
    expect(requested).toEqual([`/${host}${pathname}`]);
    expect(screen.queryByRole('dialog')).toBeNull();
    expect((window as unknown as { removedWidgets: string[] }).removedWidgets).toEqual([
      'widget-1',
    ]);
    expect(document.activeElement).toBe(opener);
  },
);

test('the dialog has a name and takes the focus; the script is loaded once for two captchas', async () => {
  document.documentElement.dataset.theme = 'dark';
  for (const provider of ['turnstile', 'turnstile'] as const) {
    const { response } = await start(provider);
    const dialog = await screen.findByRole('dialog', { name: 'Are you a person?' });
    expect(document.activeElement).toBe(dialog);
    (await screen.findByText('solve site-key dark')).click();
    await response;
  }
  delete document.documentElement.dataset.theme;
  expect(requested).toHaveLength(1);
});

test('cancelled, by button or Escape, the answer is the refusal, and nothing is repeated', async () => {
  const first = await start('hcaptcha');
  (await screen.findByText('Cancel')).click();
  expect(await (await first.response).json()).toMatchObject({ code: 'CAPTCHA_REQUIRED' });
  const second = await start('hcaptcha');
  const dialog = await screen.findByRole('dialog');
  dialog.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
  expect((await second.response).status).toBe(403);
  expect([first.tokens, second.tokens]).toEqual([[null], [null]]);
  expect(screen.queryByRole('dialog')).toBeNull();
});

test.each(['a blocked script', 'a widget that fails'])(
  '%s: the service may let the call pass, otherwise the message says what to allow',
  async (what) => {
    isBlocked = what === 'a blocked script';
    for (const isOpen of [true, false]) {
      const answer = () => (isOpen ? Response.json({ status: true }) : refusal('turnstile'));
      const { tokens, response } = await start('turnstile', answer);
      if (!isBlocked) (await screen.findByText('fail')).click();
      const got = await response;
      expect(tokens).toEqual([null, 'not-loaded']);
      if (isOpen) expect(got.status).toBe(200);
      else
        expect(await got.json()).toMatchObject({
          code: 'CAPTCHA_NOT_SHOWN',
          message: expect.stringContaining('Content-Security-Policy') as string,
        });
    }
    expect(screen.queryByRole('dialog')).toBeNull();
  },
);

test('the deadline of the action waits for the visitor, and begins again afterwards', async () => {
  const { actionTimeoutMs, createDeadline } = await import('../src/client/deadline.js');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const { signal } = createDeadline(actionTimeoutMs);
    const { response } = await start('hcaptcha', undefined, { signal });
    const solve = await vi.waitFor(() => screen.getByText('solve site-key light'));
    vi.advanceTimersByTime(2 * actionTimeoutMs);
    expect(signal.aborted).toBe(false);
    solve.click();
    expect((await response).status).toBe(200);
    vi.advanceTimersByTime(actionTimeoutMs);
    expect(signal.aborted).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});

test('an action that was aborted meanwhile is not repeated', async () => {
  const controller = new AbortController();
  const { tokens, response } = await start('turnstile', undefined, { signal: controller.signal });
  await screen.findByText('solve site-key light');
  controller.abort();
  expect((await response).status).toBe(403);
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(tokens).toEqual([null]);
});
