/** The notices of second factors: each change by which somebody else may get in, or keep the owner out. */
import type { MailTemplate } from '../../mailer.js';
import { noticeSample, notMeActions } from '../not-me-action.js';

type Data = keyof typeof noticeSample;

interface Sentences<More extends string> {
  readonly subject: string;
  /** What happened; completes the mail. */
  readonly text: (data: Readonly<Record<Data | More, string>>) => readonly string[];
}

function notice<More extends string = never>(
  name: string,
  more: Readonly<Record<More, string>>,
  en: Sentences<More>,
  de: Sentences<More>,
): MailTemplate<Data | More> {
  return {
    name,
    sample: { ...noticeSample, ...more },
    isNotice: true,
    texts: {
      en: (data) => ({
        subject: en.subject,
        paragraphs: ['Hello,', ...en.text(data), 'If this was you, there is nothing to do.'],
        action: { label: notMeActions.en.label, url: data.link },
        footer: [notMeActions.en.effect(data.hours)],
      }),
      de: (data) => ({
        subject: de.subject,
        paragraphs: ['Guten Tag,', ...de.text(data), 'Wenn Sie das waren, ist nichts zu tun.'],
        action: { label: notMeActions.de.label, url: data.link },
        footer: [notMeActions.de.effect(data.hours)],
      }),
    },
  };
}

const enabled = notice(
  'second-factor-enabled',
  {},
  {
    subject: 'Your account has a second factor now',
    text: ({ site, when }) => [
      `an authenticator app was set up for your account at ${site} on ${when}: signing in takes its code from now on.`,
      'If it is not yours, click below: that also removes it.',
    ],
  },
  {
    subject: 'Ihr Konto hat jetzt einen zweiten Faktor',
    text: ({ site, when }) => [
      `für Ihr Konto auf ${site} wurde am ${when} eine Authenticator-App eingerichtet: Die Anmeldung verlangt ab jetzt ihren Code.`,
      'Wenn es nicht Ihre ist, klicken Sie unten: Das entfernt sie auch.',
    ],
  },
);

const disabled = notice(
  'second-factor-disabled',
  {},
  {
    subject: 'Your account has no second factor any more',
    text: ({ site, when }) => [
      `the second factor of your account at ${site} was removed on ${when}: signing in takes no code any more.`,
    ],
  },
  {
    subject: 'Ihr Konto hat keinen zweiten Faktor mehr',
    text: ({ site, when }) => [
      `der zweite Faktor Ihres Kontos auf ${site} wurde am ${when} entfernt: Die Anmeldung verlangt keinen Code mehr.`,
    ],
  },
);

const codeUsed = notice(
  'backup-code-used',
  { left: '9' },
  {
    subject: 'A backup code was used',
    text: ({ site, when, left }) => [
      `a backup code of your account at ${site} was used on ${when}. Codes that are left: ${left}.`,
    ],
  },
  {
    subject: 'Ein Backup-Code wurde verwendet',
    text: ({ site, when, left }) => [
      `ein Backup-Code Ihres Kontos auf ${site} wurde am ${when} verwendet. Codes, die übrig sind: ${left}.`,
    ],
  },
);

const codesReplaced = notice(
  'backup-codes-replaced',
  {},
  {
    subject: 'You have new backup codes',
    text: ({ site, when }) => [
      `the backup codes of your account at ${site} were replaced on ${when}. The older ones are not accepted any more.`,
    ],
  },
  {
    subject: 'Sie haben neue Backup-Codes',
    text: ({ site, when }) => [
      `die Backup-Codes Ihres Kontos auf ${site} wurden am ${when} ersetzt. Die älteren werden nicht mehr angenommen.`,
    ],
  },
);

export const factorMails = [enabled, disabled, codeUsed, codesReplaced] as const;
