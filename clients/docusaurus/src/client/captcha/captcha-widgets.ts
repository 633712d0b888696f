/** The scripts of Turnstile and hCaptcha, whose functions have the same names and options. */

export type ShownProvider = 'turnstile' | 'hcaptcha';

export type WidgetId = string | number;

interface WidgetOptions {
  readonly sitekey: string;
  readonly theme: 'light' | 'dark';
  readonly callback: (token: string) => void;
  readonly 'error-callback': () => void;
}

export interface Widgets {
  /** Shows a captcha in the element. @throws if the options are wrong */
  render(container: HTMLElement, options: WidgetOptions): WidgetId;
  remove(id: WidgetId): void;
}

/** `render=explicit`: the script does nothing by itself, and calls `onload` once its functions can be used. */
const scripts: Readonly<Record<ShownProvider, string>> = {
  turnstile: 'https://challenges.cloudflare.com/turnstile/v0/api.js',
  hcaptcha: 'https://js.hcaptcha.com/1/api.js',
};

const callbackName = 'onAuthCaptchaLoaded';
const loadTimeoutMs = 10_000;

type Globals = Partial<Record<ShownProvider, Widgets>> & {
  [callbackName]?: (() => void) | undefined;
};

const loading = new Map<ShownProvider, Promise<Widgets>>();

/** @returns the provider's functions. @throws if its script cannot be loaded; the next call tries again */
export async function loadWidgets(provider: ShownProvider): Promise<Widgets> {
  const loaded = loading.get(provider) ?? loadScript(provider);
  loading.set(provider, loaded);
  try {
    return await loaded;
  } catch (error) {
    loading.delete(provider);
    throw error;
  }
}

function loadScript(provider: ShownProvider): Promise<Widgets> {
  const globals = window as unknown as Globals;
  const present = globals[provider];
  if (present !== undefined) return Promise.resolve(present); // the site has loaded it
  const script = document.createElement('script');
  script.src = `${scripts[provider]}?render=explicit&onload=${callbackName}`;
  script.async = true;
  return new Promise<Widgets>((resolve, reject) => {
    const fail = () => {
      script.remove();
      reject(new Error(`the script of ${provider} could not be loaded`));
    };
    const timer = setTimeout(fail, loadTimeoutMs);
    globals[callbackName] = () => {
      clearTimeout(timer);
      const widgets = globals[provider];
      if (widgets === undefined) fail();
      else resolve(widgets);
    };
    script.addEventListener('error', () => {
      clearTimeout(timer);
      fail();
    });
    document.head.append(script);
  });
}
