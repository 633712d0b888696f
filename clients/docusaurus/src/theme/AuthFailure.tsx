/**
 * Why the service refused a form or a list, and what can be done: a countdown where it wants to be left alone, a way to
 * sign in again where the sign-in is too old.
 */
import type { ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import { usePluralForm } from '@docusaurus/theme-common';
import AuthMessage from '@theme/AuthMessage';
import AuthSignInAgain from '@theme/AuthSignInAgain';
import type { Props } from '@theme/AuthFailure';
import type { Refusal } from 'docusaurus-plugin-auth-service/client';

/** BetterAuth has two words for one thing. */
const tooOld = ['SESSION_NOT_FRESH', 'SESSION_EXPIRED'];

export default function AuthFailure({ refusal, onRetry, ...countdown }: Props): ReactNode {
  const { secondsLeft = 0 } = countdown;
  const waitSeconds = refusal?.retryAfterSeconds;
  const isTooOld = refusal !== undefined && tooOld.includes(refusal.code);
  // Where nobody counts it is not known when the time is over; where there is a button to retry, it says as much.
  const isCounted = countdown.secondsLeft !== undefined && onRetry === undefined;
  const isOver = waitSeconds !== undefined && secondsLeft === 0 && isCounted;
  return (
    <>
      <AuthMessage
        message={refusal && !isOver ? <Sentence {...{ refusal, secondsLeft }} /> : undefined}
      >
        {isTooOld && <AuthSignInAgain />}
        {onRetry && secondsLeft === 0 && !isTooOld && (
          <button type="button" className="button auth-button" onClick={onRetry}>
            {translate({
              id: 'theme.auth.retry',
              message: 'Try again',
              description: 'The button that asks the service once more',
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
                description: 'Said when the time has passed that the service asked to wait',
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

/** Announced once with the time it began with; the seconds that pass are for the eye alone. */
function Sentence({ refusal, secondsLeft }: CountdownProps): ReactNode {
  const { selectMessage } = usePluralForm();
  const { retryAfterSeconds } = refusal;
  if (retryAfterSeconds === undefined || secondsLeft === 0) return refusal.message;
  const sentence = (seconds: number) => waitMessage(refusal, duration(seconds, selectMessage));
  return (
    <>
      <span className="auth-announced">{sentence(retryAfterSeconds)}</span>
      <span aria-hidden="true">{sentence(secondsLeft)}</span>
    </>
  );
}

function waitMessage({ code, message }: Refusal, time: string): string {
  switch (code) {
    case 'TOO_MANY_REQUESTS':
      return translate(
        {
          id: 'theme.auth.failure.tooManyTries',
          message: 'Too many tries. Try again in {time}.',
          description:
            'Where the limit of tries is reached; the time is "9 seconds" and counts down',
        },
        { time },
      );
    case 'SIGN_IN_BUSY':
      return translate(
        {
          id: 'theme.auth.failure.busy',
          message: 'Many people are signing in right now. Try again in {time}.',
          description:
            'Where the service has too much to do; the time is "9 seconds" and counts down',
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
          description: 'Where the service is out of order; the time is "9 seconds" and counts down',
        },
        { time },
      );
    default:
      return message;
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
