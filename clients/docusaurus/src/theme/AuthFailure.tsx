/**
 * The error of a form or a list, and what the visitor can do: wait for a countdown after `Retry-After`, or sign in again
 * if the sign-in is too old.
 */
import type { ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import { usePluralForm } from '@docusaurus/theme-common';
import AuthMessage from '@theme/AuthMessage';
import AuthSignInAgain from '@theme/AuthSignInAgain';
import type { Props } from '@theme/AuthFailure';
import type { Refusal } from 'docusaurus-plugin-auth-service/client';

/** BetterAuth has two codes for this. */
const tooOld = ['SESSION_NOT_FRESH', 'SESSION_EXPIRED'];

export default function AuthFailure({ refusal, onRetry, ...countdown }: Props): ReactNode {
  const { secondsLeft = 0 } = countdown;
  const waitSeconds = refusal?.retryAfterSeconds;
  const isTooOld = refusal !== undefined && tooOld.includes(refusal.code);
  // Without a countdown the end of the wait is unknown; a button to retry makes the message redundant.
  const isCounted = countdown.secondsLeft !== undefined && onRetry === undefined;
  const isOver = waitSeconds !== undefined && secondsLeft === 0 && isCounted;
  return (
    <>
      <AuthMessage
        message={
          refusal && !isOver ? <CountdownMessage {...{ refusal, secondsLeft }} /> : undefined
        }
      >
        {isTooOld && <AuthSignInAgain />}
        {onRetry && secondsLeft === 0 && !isTooOld && (
          <button type="button" className="button auth-button" onClick={onRetry}>
            {translate({
              id: 'theme.auth.retry',
              message: 'Try again',
              description: 'The button that repeats a request',
            })}
          </button>
        )}
      </AuthMessage>
      <AuthMessage
        kind="success"
        message={
          isOver
            ? translate({
                id: 'theme.auth.failure.waitOver',
                message: 'You can try again now.',
                description: 'Once the time that the service asked to wait is over',
              })
            : undefined
        }
      />
    </>
  );
}

type CountdownProps = Required<Pick<Props, 'secondsLeft'>> & {
  readonly refusal: Refusal;
};

/** Announced once, with the initial time: screen readers do not read every second. */
function CountdownMessage({ refusal, secondsLeft }: CountdownProps): ReactNode {
  const { selectMessage } = usePluralForm();
  const { retryAfterSeconds } = refusal;
  if (retryAfterSeconds === undefined || secondsLeft === 0) return refusal.message;
  const text = (seconds: number) => waitMessage(refusal, duration(seconds, selectMessage));
  return (
    <>
      <span className="auth-announced">{text(retryAfterSeconds)}</span>
      <span aria-hidden="true">{text(secondsLeft)}</span>
    </>
  );
}

function waitMessage({ code, message, reason }: Refusal, time: string): string {
  switch (code) {
    case 'TOO_MANY_REQUESTS':
      return tooManyMessage(reason, time);
    case 'SIGN_IN_BUSY':
      return translate(
        {
          id: 'theme.auth.failure.busy',
          message: 'Many people are signing in right now. Try again in {time}.',
          description: 'If the service is overloaded; the time is "9 seconds" and counts down',
        },
        { time },
      );
    case 'DATABASE_UNAVAILABLE':
    case 'INTERNAL_ERROR':
    case 'SERVICE_BUSY':
    case 'SERVICE_UNAVAILABLE':
      return translate(
        {
          id: 'theme.auth.failure.unavailable',
          message: 'The sign-in service cannot answer right now. Try again in {time}.',
          description: 'If the service is unavailable; the time is "9 seconds" and counts down',
        },
        { time },
      );
    default:
      return message;
  }
}

function tooManyMessage(reason: string | undefined, time: string): string {
  switch (reason) {
    case 'limit_account':
      return translate(
        {
          id: 'theme.auth.failure.tooManyForAccount',
          message: 'Too many wrong passwords for this account. Try again in {time}.',
          description: 'If the limit of an account is exceeded; the time counts down',
        },
        { time },
      );
    case 'limit_codes':
      return translate(
        {
          id: 'theme.auth.failure.tooManyCodes',
          message: 'Too many wrong codes for this account. Try again in {time}.',
          description: 'If too many wrong second factors were entered; the time counts down',
        },
        { time },
      );
    case 'limit_network':
      return translate(
        {
          id: 'theme.auth.failure.tooManyForNetwork',
          message: 'Too many attempts from your network. Try again in {time}.',
          description: 'If the limit of a network is exceeded; the time counts down',
        },
        { time },
      );
    default:
      return translate(
        {
          id: 'theme.auth.failure.tooManyTries',
          message: 'Too many attempts. Try again in {time}.',
          description: 'If the rate limit is exceeded; the time is "9 seconds" and counts down',
        },
        { time },
      );
  }
}

type SelectMessage = ReturnType<typeof usePluralForm>['selectMessage'];

function duration(seconds: number, selectMessage: SelectMessage): string {
  const [secondForms, minuteForms] = [
    translate({
      id: 'theme.auth.time.seconds',
      message: '1 second|{count} seconds',
      description:
        'A time to wait. Use as many plural forms (separated by "|") as your language has',
    }),
    translate({
      id: 'theme.auth.time.minutes',
      message: '1 minute|{count} minutes',
      description:
        'A time to wait. Use as many plural forms (separated by "|") as your language has',
    }),
  ];
  const isLong = seconds > 90;
  const count = isLong ? Math.ceil(seconds / 60) : seconds;
  const message = selectMessage(count, isLong ? minuteForms : secondForms);
  return message.replace('{count}', String(count));
}
