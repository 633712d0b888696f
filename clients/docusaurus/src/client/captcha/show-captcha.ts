/**
 * Shows the captcha of Turnstile or hCaptcha over the page. The provider's script is loaded with the first captcha, never
 * before: it sees the visitor's address and the page.
 */
import { cancel, description, title } from './captcha-messages.js';
import { loadWidgets, type ShownProvider, type WidgetId } from './captcha-widgets.js';

type Shown =
  | { readonly result: 'solved'; readonly token: string }
  | { readonly result: 'cancelled' }
  /** The script was blocked, or the provider's widget failed. */
  | { readonly result: 'failed' };

interface Captcha {
  readonly provider: ShownProvider;
  readonly siteKey: string;
}

/** @param signal aborts it. Never rejects */
export async function showCaptcha(
  { provider, siteKey }: Captcha,
  signal: AbortSignal | undefined,
): Promise<Shown> {
  const opener = document.activeElement;
  const dialog = createDialog(provider);
  let removeWidget: (() => void) | undefined;
  try {
    return await new Promise<Shown>((resolve) => {
      const end = () => resolve({ result: 'cancelled' });
      const fail = () => resolve({ result: 'failed' });
      dialog.onCancel(end);
      signal?.addEventListener('abort', end, { once: true });
      if (signal?.aborted === true) end();
      loadWidgets(provider)
        .then((widgets) => {
          const id: WidgetId = widgets.render(dialog.place, {
            sitekey: siteKey,
            theme: document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light',
            callback: (token) => resolve({ result: 'solved', token }),
            'error-callback': fail,
          });
          removeWidget = () => widgets.remove(id);
        }, fail)
        .catch(fail);
    });
  } finally {
    try {
      removeWidget?.();
    } catch {
      // The widget is gone already.
    }
    dialog.remove();
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
  }
}

/**
 * Not modal: the challenges of hCaptcha are outside of it, and a modal dialog would make them inert. Not a component: the
 * call that needs it knows no page.
 */
function createDialog(provider: ShownProvider) {
  const frame = document.createElement('div');
  frame.className = 'auth-page auth-captcha';
  const dialog = document.createElement('dialog');
  dialog.className = 'auth-dialog';
  dialog.open = true;
  dialog.tabIndex = -1;
  const heading = document.createElement('h2');
  heading.id = 'auth-captcha-title';
  heading.textContent = title();
  const text = document.createElement('p');
  text.id = 'auth-captcha-description';
  text.textContent = description(provider);
  dialog.setAttribute('aria-labelledby', heading.id);
  dialog.setAttribute('aria-describedby', text.id);
  const place = document.createElement('div');
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button button--block auth-button auth-cancel';
  button.textContent = cancel();
  dialog.append(heading, text, place, button);
  frame.append(dialog);
  document.body.append(frame);
  dialog.focus();
  return {
    place,
    onCancel(listener: () => void): void {
      button.addEventListener('click', listener);
      dialog.addEventListener('keydown', ({ key }) => {
        if (key === 'Escape') listener();
      });
    },
    remove: () => frame.remove(),
  };
}
