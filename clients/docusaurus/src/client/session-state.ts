/** Who is signed in. An outage is its own state: it never counts as signed out. */
import { translate } from '@docusaurus/Translate';
import type { AuthFailure, CallContext } from './auth-failure.js';
import { messageFor } from './failure-messages.js';
import { dueByReason, type SecondFactorDue } from './second-factor.js';
import type { Session, User } from './session.js';
import type { SessionResult } from './session-query.js';

export type SessionState =
  /** Not known yet: before the first response, and while the site is built. */
  | { readonly status: 'loading' }
  /**
   * `problem`: the last check failed, which says nothing about the session. `notice`: the sign-in ends earlier than
   * usual.
   */
  | {
      readonly status: 'signedIn';
      readonly user: User;
      readonly session: Session;
      readonly problem?: string;
      readonly notice?: string;
    }
  /**
   * `notice`: why, unless the visitor signed out here. `problem`: the last check failed. `secondFactor`: the first factor
   * of a sign-in was right, and this one is still due.
   */
  | {
      readonly status: 'signedOut';
      readonly notice?: string;
      readonly problem?: string;
      readonly secondFactor?: SecondFactorDue;
    }
  /** The service could not be asked, and there is no earlier state to keep. */
  | { readonly status: 'unknown'; readonly problem: string };

export const loadingState: SessionState = { status: 'loading' };

/** Why the last check failed, if it did. */
export function problemOf(state: SessionState): string | undefined {
  return 'problem' in state ? state.problem : undefined;
}

export interface StateContext {
  readonly callContext: CallContext;
  /** Shown while signed in, if the sign-in ends earlier than usual. */
  readonly signedInNotice?: string | undefined;
  /** Shown while signed out, unless the service gave a reason. */
  readonly signedOutNotice?: string | undefined;
}

/** The state after a result. A failure keeps the previous state and adds a `problem`. */
export function nextSessionState(
  previous: SessionState,
  { data, failure, methods, endedNotice, reason = failure?.reason }: SessionResult,
  { callContext, signedInNotice, signedOutNotice }: StateContext,
): SessionState {
  if (failure !== undefined && failure.httpStatus !== 401) {
    const problem = problemMessage(failure, callContext);
    if (previous.status === 'signedIn' || previous.status === 'signedOut') {
      return { ...previous, problem };
    }
    return { status: 'unknown', problem };
  }
  if (data) {
    const { user, session } = data;
    const notice = signedInNotice === undefined ? {} : { notice: signedInNotice };
    return { status: 'signedIn', user, session, ...notice };
  }
  const due = dueByReason(reason);
  if (due) {
    const known = methods ?? pendingFactor(previous)?.methods;
    const secondFactor = { due, ...(known && { methods: known }) };
    return { status: 'signedOut', notice: unfinishedMessage(), secondFactor };
  }
  const notice = signedOutMessage(reason, endedNotice, previous) ?? signedOutNotice;
  return notice === undefined ? { status: 'signedOut' } : { status: 'signedOut', notice };
}

/** A session check changes nothing and is repeated, so the message of an action's timeout would be misleading. */
function problemMessage(failure: AuthFailure, callContext: CallContext): string {
  if (failure.code !== 'SERVICE_TIMEOUT') return messageFor(failure, callContext);
  return translate({
    id: 'theme.auth.session.timeout',
    message:
      'The sign-in service did not answer in time, so it is not known whether you are signed in.',
    description: 'If the session check was not answered in time',
  });
}

/** The reasons with which a sign-in that waits for a second factor ends. */
const endings = [undefined, 'no_credential', 'session_expired', 'session_not_found'];

function signedOutMessage(
  reason: string | undefined,
  endedNotice: string | undefined,
  previous: SessionState,
): string | undefined {
  if (pendingFactor(previous) && endings.includes(reason)) return lapsedMessage();
  if (endedNotice !== undefined) return endedNotice;
  switch (reason) {
    case undefined:
    case 'no_credential':
      if (previous.status === 'signedIn') {
        return translate({
          id: 'theme.auth.session.ended',
          message: 'You were signed out.',
          description: 'If the session ended and the service gave no reason',
        });
      }
      // The service cleared the cookie with the response that gave the reason.
      return previous.status === 'signedOut' ? previous.notice : undefined;
    default:
      return translate(
        {
          id: 'theme.auth.session.notAccepted',
          message: 'Your sign-in is no longer accepted ({reason}). Sign in again.',
          description: 'If the service refuses the cookie; the reason is a code of its log',
        },
        { reason },
      );
  }
}

/** The second factor that is due, if any. */
export function pendingFactor(state: SessionState): SecondFactorDue | undefined {
  return state.status === 'signedOut' ? state.secondFactor : undefined;
}

const unfinishedMessage = () =>
  translate({
    id: 'theme.auth.session.secondFactorDue',
    message: 'Your sign-in is not finished yet: it needs a second factor.',
    description: 'After the first step of a sign-in',
  });

const lapsedMessage = () =>
  translate({
    id: 'theme.auth.session.secondFactorLapsed',
    message: 'The sign-in was not finished in time. Sign in again.',
    description: 'If the second step of a sign-in is too late',
  });
