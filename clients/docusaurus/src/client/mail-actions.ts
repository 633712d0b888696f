/** Actions that send a mail or redeem the link of one. Every action resolves with an outcome; none throws. */
import { translate } from '@docusaurus/Translate';
import { withActionTimeout, type Attempt, type CallOptions } from './action-call.js';
import type { AuthClient } from './auth-client.js';
import type { ChangePurpose } from './change-purpose.js';
import { completeSignIn, type SignInDependencies } from './complete-sign-in.js';
import { discardValue, type Outcome } from './outcome.js';
import { isChangeConfirmed, isSignIn, isStatus, isSuccess, type Shape } from './response-shapes.js';
import type { SignUpVerifier } from './sign-up-verifier.js';
import { withStepUp, type StepUpGate } from './step-up/step-up-gate.js';

/** A link was redeemed: the change is made, and `signIn` says whether this browser is signed in as well. */
export interface Redeemed {
  readonly signIn: Outcome;
}

export interface MailActions {
  /** Succeeds for every address alike, so that it does not reveal who has an account. */
  readonly requestPasswordReset: (fields: { email: string }) => Promise<Outcome>;
  /** Also ends every other session of the user. */
  readonly resetPassword: (fields: {
    token: string;
    newPassword: string;
  }) => Promise<Outcome<Redeemed>>;
  /** Succeeds for every address alike. */
  readonly sendVerificationEmail: (fields: { email: string }) => Promise<Outcome>;
  /**
   * Refused with `LINK_WRONG_BROWSER` if another browser signed up: then it takes the password of the sign-up.
   */
  readonly verifyEmail: (fields: {
    token: string;
    password?: string;
  }) => Promise<Outcome<Redeemed>>;
  /** Succeeds for every address alike. */
  readonly requestMagicLink: (fields: { email: string }) => Promise<Outcome>;
  /** Succeeds for every address alike. */
  readonly requestEmailCode: (fields: { email: string }) => Promise<Outcome>;
  readonly signInWithCode: (fields: { email: string; otp: string }) => Promise<Outcome>;
  /** Refused with `LINK_WRONG_BROWSER` in another browser than the one that asked. */
  readonly redeemMagicLink: (fields: { token: string }) => Promise<Outcome<Redeemed>>;
  /**
   * Mails a link to the new address; succeeds for every address alike. An account without a password needs a session of
   * the last ten minutes instead: `RECENT_SIGN_IN_REQUIRED`.
   */
  readonly changeEmail: (fields: { newEmail: string; password?: string }) => Promise<Outcome>;
  /**
   * Redeems a link that changes the account without signing in. A new address is refused with `LINK_WRONG_BROWSER` where
   * this browser is not signed in to the account: then it takes the password of the account.
   */
  readonly confirmChange: (fields: {
    purpose: ChangePurpose;
    token: string;
    password?: string;
  }) => Promise<Outcome<ChangeConfirmed>>;
}

interface ChangeConfirmed {
  /** With it `resetPassword` takes a new password: the old one is invalid. */
  readonly resetToken?: string;
}

const changePaths: Readonly<Record<ChangePurpose, string>> = {
  change_email: '/change-email/verify',
  undo_change: '/change-email/undo',
  not_me: '/security-notices/not-me',
  delete_account: '/delete-user/verify',
};

export interface MailActionDependencies extends SignInDependencies {
  readonly client: AuthClient;
  readonly attempt: Attempt;
  readonly verifier: SignUpVerifier;
  readonly stepUp: StepUpGate;
}

export function createMailActions(dependencies: MailActionDependencies): MailActions {
  const { client, bearer, sessions, attempt, verifier, stepUp } = dependencies;

  const post = (path: string, body: object, options: CallOptions) =>
    client.$fetch(path, { method: 'POST', body, signal: options.signal });

  const sendMail = (path: string, email: string) =>
    discardValue(
      withActionTimeout((options) => attempt(() => post(path, { email }, options), isStatus)),
    );

  /** Unlike a sign-in it sends the bearer token in use: a refused link must not end the session of this browser. */
  function redeem(path: string, body: object): Promise<Outcome<Redeemed>> {
    return withActionTimeout<Outcome<Redeemed>>(async (options) => {
      await sessions.idle();
      const outcome = await attempt(() => post(path, body, options), isSignIn);
      if (!outcome.ok) {
        // Another tab may have redeemed the link a moment ago.
        if (outcome.code === 'LINK_USED') await sessions.recheck(options.signal);
        return outcome;
      }
      bearer.suspend();
      const signIn = await completeSignIn(dependencies, options.signal, outcome.value);
      return { ok: true, value: { signIn } };
    });
  }

  /** Mails a link or code that only this browser can redeem. */
  const requestProof = (path: string, fields: object, shape: Shape<object>) =>
    discardValue(
      withActionTimeout(async (options) => {
        const codeChallenge = await verifier.challenge();
        const body = { ...fields, ...(codeChallenge !== undefined && { codeChallenge }) };
        return attempt(() => post(path, body, options), shape);
      }),
    );

  function withVerifier(fields: object): object {
    const codeVerifier = verifier.verifier();
    return { ...fields, ...(codeVerifier !== undefined && { codeVerifier }) };
  }

  return {
    requestPasswordReset: ({ email }) => sendMail('/request-password-reset', email),
    sendVerificationEmail: ({ email }) => sendMail('/send-verification-email', email),
    resetPassword: (fields) => redeem('/reset-password', fields),
    requestMagicLink: (fields) => requestProof('/sign-in/magic-link', fields, isStatus),
    requestEmailCode: (fields) =>
      requestProof('/email-otp/send-verification-otp', { ...fields, type: 'sign-in' }, isSuccess),
    async signInWithCode(fields) {
      const outcome = await redeem('/sign-in/email-otp', withVerifier(fields));
      return outcome.ok ? outcome.value.signIn : outcome;
    },
    redeemMagicLink: async (fields) => {
      const outcome = await redeem('/magic-link/verify', withVerifier(fields));
      const isElsewhere = !outcome.ok && outcome.code === 'LINK_WRONG_BROWSER';
      return isElsewhere ? { ...outcome, message: askedElsewhere() } : outcome;
    },
    changeEmail: (fields) =>
      discardValue(
        withStepUp(stepUp, () =>
          withActionTimeout((options) =>
            attempt(() => post('/change-email', fields, options), isStatus),
          ),
        ),
      ),
    confirmChange: ({ purpose, ...fields }) =>
      withActionTimeout<Outcome<ChangeConfirmed>>(async (options) => {
        const send = () => post(changePaths[purpose], fields, options);
        const outcome = await attempt(send, isChangeConfirmed);
        if (!outcome.ok) {
          return outcome.code === 'INVALID_PASSWORD'
            ? { ...outcome, message: wrongPassword() }
            : outcome;
        }
        // The change may have ended the session of this browser.
        await sessions.recheck(options.signal);
        const { resetToken } = outcome.value;
        return { ok: true, value: resetToken === undefined ? {} : { resetToken } };
      }),
    async verifyEmail(fields) {
      const outcome = await redeem('/verify-email', withVerifier(fields));
      if (outcome.ok) verifier.clear();
      else if (outcome.code === 'INVALID_PASSWORD') return { ...outcome, message: wrongPassword() };
      return outcome;
    },
  };
}

const wrongPassword = () =>
  translate({
    id: 'theme.auth.confirm.wrongPassword',
    message: 'The password is wrong.',
    description:
      'The error below the password with which an e-mail address is confirmed or changed',
  });

const askedElsewhere = () =>
  translate({
    id: 'theme.auth.magicLink.elsewhere',
    message:
      'You asked for this link in another browser. Open it there, or ask for a new one in this browser.',
    description: 'If a magic link is opened in another browser than the one that asked for it',
  });
