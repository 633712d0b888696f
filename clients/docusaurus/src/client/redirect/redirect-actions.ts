/** Signs in, or links an account, by a visit to a provider. Every action resolves with an outcome; none throws. */
import { createAttempt, withActionTimeout, type CallOptions } from '../action-call.js';
import type { TokenStorage } from '../bearer-store.js';
import type { ActionDependencies } from '../actions.js';
import { challengeOf, createVerifier, type PageCrypto } from '../code-challenge.js';
import { completeSignIn } from '../complete-sign-in.js';
import type { LastProvider } from '../last-provider.js';
import { discardValue, done, type Outcome } from '../outcome.js';
import { isStatus, type Shape } from '../response-shapes.js';
import { secondFactorDueCode } from '../second-factor.js';
import { withStepUp } from '../step-up/step-up-gate.js';
import { createFlowStore, type Flow } from './flow-store.js';
import {
  askedElsewhere,
  linkEndsSignIn,
  noSecureContext,
  noStorage,
  signedOut,
} from './redirect-refusals.js';
import { isRedeemed, isTicket } from './redirect-shapes.js';

/** What is started: `path` is the page of this site to go to afterwards. */
export type NewFlow = Pick<Flow, 'purpose' | 'provider' | 'path'>;

export interface RedirectActions {
  /** Leaves the page, for the service and then for the provider. A refusal leaves the visitor here. */
  readonly start: (flow: NewFlow) => Promise<Outcome>;
  /** What this tab started last, if it is not finished. */
  readonly current: () => Flow | undefined;
  /** The second factor finished what this tab started. */
  readonly finish: () => Flow | undefined;
  /**
   * Redeems the code that the service added to the address, once however often it is called. It resolves with what this
   * tab started. Refused with `SECOND_FACTOR_DUE` if the code was redeemed and a second factor is due.
   */
  readonly redeem: (fields: { code: string }) => Promise<Outcome<Flow | undefined>>;
  /** Redeems a code that was refused for want of a proof, and links the provider to the account signed in meanwhile. */
  readonly linkToOwn: (fields: { code: string }) => Promise<Outcome<Flow | undefined>>;
  /** Mails a link that proves the e-mail address; `email` if the provider gave none. */
  readonly requestProof: (fields: { code: string; email?: string }) => Promise<Outcome>;
  /** Redeems that link, in the browser that asked for it. Its tab may be another one. */
  readonly confirm: (fields: { token: string }) => Promise<Outcome<Flow | undefined>>;
  /** The provider with which this browser signed in the last time. */
  readonly lastProvider: Pick<LastProvider, 'id'>;
  /** The provider that was linked a moment ago, once. */
  readonly takeLinked: () => string | undefined;
}

export interface RedirectDependencies extends ActionDependencies {
  readonly sessionStorage: TokenStorage | undefined;
  readonly localStorage?: TokenStorage | undefined;
  readonly crypto: PageCrypto;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly leavePage: (url: string) => void;
}

export function createRedirectActions(dependencies: RedirectDependencies): RedirectActions {
  const { client, bearer, sessions, options, callContext, crypto, now, leavePage } = dependencies;
  const { features, lastProvider } = dependencies;
  const { authUrl } = options;
  const attempt = createAttempt(callContext);
  const flows = createFlowStore(`auth-service.flow ${authUrl}`, dependencies.sessionStorage, now);
  // A mailed link opens in another tab than the one that asked for it.
  const proofs = createFlowStore(`auth-service.proof ${authUrl}`, dependencies.localStorage, now);
  const redemptions = new Map<string, Promise<Outcome<Flow | undefined>>>();
  let linked: string | undefined;

  const post = <T>(path: string, body: object, shape: Shape<T>, { signal }: CallOptions) =>
    attempt(() => client.$fetch(path, { method: 'POST', body, signal }), shape);

  async function start(newFlow: NewFlow): Promise<Outcome> {
    const isLink = newFlow.purpose === 'link';
    // The token is in the memory of this page, which the visit to the provider ends.
    if (isLink && options.bearerToken === 'memory' && bearer.token() !== undefined)
      return linkEndsSignIn();
    const verifier = createVerifier(crypto);
    const challenge = await challengeOf(verifier, crypto);
    if (challenge === undefined) return noSecureContext();
    const url = new URL('/api/auth/redirect/start', authUrl);
    url.searchParams.set('provider', newFlow.provider);
    // As the service has it, because it compares exactly: a site may be built with a trailing slash.
    const { sitePage = callContext.pageOrigin + options.confirmPath } =
      (await features.load()) ?? {};
    url.searchParams.set('return_to', sitePage);
    url.searchParams.set('code_challenge', challenge);
    if (isLink) {
      const body = { code_challenge: challenge };
      const outcome = await withStepUp(dependencies.stepUp, () =>
        withActionTimeout((call) => post('/redirect/ticket', body, isTicket, call)),
      );
      if (!outcome.ok) return outcome.code === 'UNAUTHORIZED' ? signedOut() : outcome;
      url.searchParams.set('ticket', outcome.value.ticket);
    }
    if (!flows.save({ ...newFlow, verifier, startedAt: now() })) return noStorage();
    leavePage(url.href);
    return done;
  }

  /** Unlike a sign-in it sends the bearer token in use: a refused code must not end the session of this browser. */
  async function signIn(path: string, body: object, flow: Flow | undefined): Promise<Outcome> {
    return withActionTimeout(async (call) => {
      await sessions.idle();
      const outcome = await post(path, body, isRedeemed, call);
      if (!outcome.ok) {
        // Another tab may have redeemed it a moment ago.
        if (outcome.reason === 'code_used' || outcome.code === 'LINK_USED')
          await sessions.recheck(call.signal);
        return outcome;
      }
      bearer.suspend();
      const previous = lastProvider.id();
      const signedIn = await completeSignIn(dependencies, call.signal, outcome.value);
      const isPending = !signedIn.ok && signedIn.code === secondFactorDueCode;
      if (!signedIn.ok && !isPending)
        return signedIn.code === 'COOKIE_REFUSED'
          ? { ...signedIn, reason: 'cookie_refused' }
          : signedIn;
      if (flow === undefined) return signedIn;
      const isLink = flow.purpose === 'link';
      if (isLink && outcome.value.linked === true) linked = flow.provider;
      const used = isLink ? previous : flow.provider;
      if (used !== undefined) lastProvider.set(used);
      return signedIn;
    });
  }

  async function redeem(code: string, link: boolean): Promise<Outcome<Flow | undefined>> {
    const flow = flows.current();
    // Without a verifier the service refuses, and its log says why.
    const body = {
      code,
      ...(flow && { code_verifier: flow.verifier }),
      ...(link && { link }),
    };
    const outcome = await signIn('/redirect/redeem', body, flow);
    if (!outcome.ok) return outcome;
    flows.clear();
    return { ok: true, value: flow };
  }

  return {
    start,
    current: flows.current,
    finish() {
      const flow = flows.current() ?? proofs.current();
      flows.clear();
      proofs.clear();
      return flow;
    },
    linkToOwn: ({ code }) => redeem(code, true),
    redeem({ code }) {
      // React runs effects twice in development, and a component may be mounted twice.
      const running = redemptions.get(code);
      if (running) return running;
      const redemption = redeem(code, false);
      redemptions.set(code, redemption);
      // After a refusal the visitor may try again.
      void redemption.then(({ ok }) => {
        if (!ok) redemptions.delete(code);
      });
      return redemption;
    },
    async requestProof({ code, email }) {
      const flow = flows.current();
      // Where nothing can be kept for the tab of the link, the service's own cookie recognizes this browser.
      const isKept = flow !== undefined && proofs.save(flow);
      const codeChallenge = isKept && (await challengeOf(flow.verifier, crypto));
      const body = {
        code,
        ...(flow && { code_verifier: flow.verifier }),
        ...(email && { email }),
        ...(codeChallenge && { codeChallenge }),
      };
      return discardValue(
        withActionTimeout((call) => post('/redirect/prove', body, isStatus, call)),
      );
    },
    async confirm({ token }) {
      const flow = proofs.current();
      const body = { token, ...(flow && { codeVerifier: flow.verifier }) };
      const outcome = await signIn('/redirect/confirm', body, flow);
      if (outcome.ok) {
        proofs.clear();
        return { ok: true, value: flow };
      }
      const isElsewhere = outcome.code === 'LINK_WRONG_BROWSER';
      return isElsewhere ? { ...outcome, message: askedElsewhere() } : outcome;
    },
    lastProvider,
    takeLinked() {
      const provider = linked;
      linked = undefined;
      return provider;
    },
  };
}
