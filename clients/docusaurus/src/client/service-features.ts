/** What the service offers (`GET /api/auth/features`), so that switching a feature on there needs no change of the site. */
import { requestTimeoutMs, withTimeout } from './deadline.js';

export interface ServiceFeatures {
  readonly passwordReset?: boolean;
  readonly emailVerification?: 'optional' | 'required';
  readonly magicLink?: boolean;
  readonly changeEmail?: boolean;
  readonly emailCode?: boolean;
  /** Whether users may, or must, have a second factor; missing if there is none. */
  readonly secondFactor?: 'optional' | 'required';
  readonly passkeys?: boolean;
  /** Days in which a deletion can be called off by signing in; missing if accounts are deleted at once. */
  readonly deleteGraceDays?: number;
  /** Missing if there is none. */
  readonly socialProviders?: readonly SocialProvider[];
  /** Whether a provider can create a new account. */
  readonly socialSignUp?: boolean;
  /** The exact URL of this site's page in SITE_PAGES. */
  readonly sitePage?: string;
}

export interface SocialProvider {
  /** As in `redirect/start?provider=…` and in the user's linked accounts. */
  readonly id: string;
  /** For visitors: "GitHub". */
  readonly label: string;
  /** Which mark to show: `google`, `github`, …; `oidc` for a provider without one. */
  readonly kind: string;
}

export interface FeatureStore {
  /** Undefined until the service has answered. */
  readonly current: () => ServiceFeatures | undefined;
  /** Asks the service on the first subscription, and again after a failure. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Resolves with undefined if the service could not be asked. It never rejects. */
  readonly load: () => Promise<ServiceFeatures | undefined>;
}

export function createFeatureStore(fetch: typeof globalThis.fetch, authUrl: string): FeatureStore {
  const listeners = new Set<() => void>();
  let features: ServiceFeatures | undefined;
  let pending: Promise<void> | undefined;

  async function request(): Promise<void> {
    const response = await withTimeout(fetch, requestTimeoutMs)(`${authUrl}/api/auth/features`, {
      credentials: 'omit',
      headers: { accept: 'application/json' },
    });
    // An older service, or another BetterAuth server, has no such route: it offers none of these features.
    const body: unknown = response.status === 404 ? {} : await response.json();
    if (response.ok || response.status === 404) features = readFeatures(body);
    for (const listener of listeners) listener();
  }

  async function load(): Promise<ServiceFeatures | undefined> {
    if (features === undefined) {
      pending ??= request()
        .catch(() => undefined) // an outage: the next caller asks again
        .finally(() => (pending = undefined));
      await pending;
    }
    return features;
  }

  return {
    current: () => features,
    subscribe(listener) {
      listeners.add(listener);
      void load();
      return () => listeners.delete(listener);
    },
    load,
  };
}

/** A value of a newer service that this version does not know is as good as none. */
function readFeatures(body: unknown): ServiceFeatures {
  const { features } = (body ?? {}) as { features?: Record<string, unknown> };
  const {
    passwordReset,
    emailVerification: mode,
    magicLink,
    emailCode,
    changeEmail,
    deleteAccount,
    socialProviders,
    socialSignUp,
    sitePage,
    secondFactor,
    passkeys,
  } = features ?? {};
  const { graceDays } = (deleteAccount ?? {}) as { graceDays?: unknown };
  const providers = Array.isArray(socialProviders) ? socialProviders.filter(isProvider) : [];
  return {
    ...(providers.length > 0 && {
      socialProviders: providers,
      socialSignUp: socialSignUp !== false,
    }),
    ...(typeof sitePage === 'string' && { sitePage }),
    ...(passwordReset === true && { passwordReset }),
    ...(magicLink === true && { magicLink }),
    ...(changeEmail === true && { changeEmail }),
    ...(emailCode === true && { emailCode }),
    ...((secondFactor === 'optional' || secondFactor === 'required') && { secondFactor }),
    ...(passkeys === true && { passkeys }),
    ...(typeof graceDays === 'number' && graceDays > 0 && { deleteGraceDays: graceDays }),
    ...((mode === 'optional' || mode === 'required') && { emailVerification: mode }),
  };
}

function isProvider(value: unknown): value is SocialProvider {
  const { id, label, kind } = (value ?? {}) as Partial<Record<string, unknown>>;
  return [id, label, kind].every((text) => typeof text === 'string' && text !== '');
}
