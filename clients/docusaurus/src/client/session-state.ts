/** Who is signed in, in three answers and not two: yes, no, and "nobody can tell". */
import { translate } from '@docusaurus/Translate';
import type { Fault, Place } from './fault.js';
import { sentenceFor } from './fault-sentences.js';
import type { Session, User } from './session.js';
import type { SessionAnswer } from './session-query.js';

export type SessionState =
  /** Not asked yet, or the answer is under way; so too while the site is built. */
  | { readonly status: 'loading' }
  /**
   * `problem`: the last check failed, and says nothing against the session. `notice`: how long the sign-in lasts, where
   * that is not as usual.
   */
  | {
      readonly status: 'signedIn';
      readonly user: User;
      readonly session: Session;
      readonly problem?: string;
      readonly notice?: string;
    }
  /** `notice`: why, where the visitor did not sign out here. `problem`: the last check failed. */
  | { readonly status: 'signedOut'; readonly notice?: string; readonly problem?: string }
  /** The service could not be asked, and nothing was known before. */
  | { readonly status: 'unknown'; readonly problem: string };

export const loadingState: SessionState = { status: 'loading' };

/** Why the service could not be asked, if it could not. */
export function problemOf(state: SessionState): string | undefined {
  return 'problem' in state ? state.problem : undefined;
}

export interface StateContext {
  readonly place: Place;
  /** What to say of a sign-in that lasts shorter than usual. */
  readonly signedInNotice?: string | undefined;
  /** What to say where nobody is signed in, and the service's own reason says less. */
  readonly signedOutNotice?: string | undefined;
}

/** The state after an answer. What was known before stays while nobody can tell. */
export function nextSessionState(
  previous: SessionState,
  { data, reason, fault }: SessionAnswer,
  { place, signedInNotice, signedOutNotice }: StateContext,
): SessionState {
  if (fault !== undefined && fault.httpStatus !== 401) {
    const problem = problemSentence(fault, place);
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
  const notice = endSentence(reason, previous) ?? signedOutNotice;
  return notice === undefined ? { status: 'signedOut' } : { status: 'signedOut', notice };
}

/** Of a check of the session nothing is lost: it is asked again. */
function problemSentence(fault: Fault, place: Place): string {
  if (fault.code !== 'SERVICE_TIMEOUT') return sentenceFor(fault, place);
  return translate({
    id: 'theme.auth.session.timeout',
    message:
      'The sign-in service did not answer in time, so it is not known whether you are signed in.',
    description: 'Where the question who is signed in was not answered',
  });
}

function endSentence(reason: string | undefined, previous: SessionState): string | undefined {
  switch (reason) {
    case undefined:
    case 'no_credential':
      if (previous.status === 'signedIn') {
        return translate({
          id: 'theme.auth.session.ended',
          message: 'You were signed out.',
          description: 'Where the sign-in is gone and the service gave no reason',
        });
      }
      // The service cleared the cookie with the answer that told why.
      return previous.status === 'signedOut' ? previous.notice : undefined;
    case 'session_expired':
      return translate({
        id: 'theme.auth.session.expired',
        message: 'Your session has ended. Sign in again.',
        description: 'Where the sign-in reached its end',
      });
    case 'session_not_found':
      return translate({
        id: 'theme.auth.session.endedElsewhere',
        message: 'You were signed out elsewhere. Sign in again.',
        description: 'Where the sign-in was ended from another device',
      });
    case 'user_not_found':
      return translate({
        id: 'theme.auth.session.noAccount',
        message: 'This account no longer exists.',
        description: 'Where the account was deleted',
      });
    default:
      return translate(
        {
          id: 'theme.auth.session.notAccepted',
          message: 'Your sign-in is not accepted any more ({reason}). Sign in again.',
          description: 'Where the service refuses the cookie; the reason is a word of its log',
        },
        { reason },
      );
  }
}
