/** The notices of a changed password, of a sign-in from a new device, and of second factors that an operator has removed. */
import type { MailTemplate } from '../../mailer.js';
import { noticeSample, notMeActions } from '../not-me-action.js';

const passwordChanged: MailTemplate<keyof typeof noticeSample> = {
  name: 'password-changed',
  sample: noticeSample,
  isNotice: true,
  texts: {
    en: ({ when, site, link, hours }) => ({
      subject: 'Your password was changed',
      paragraphs: [
        'Hello,',
        `the password of your account at ${site} was changed on ${when}.`,
        'If this was you, there is nothing to do.',
      ],
      action: { label: notMeActions.en.label, url: link },
      footer: [notMeActions.en.effect(hours)],
    }),
    de: ({ when, site, link, hours }) => ({
      subject: 'Ihr Passwort wurde geändert',
      paragraphs: [
        'Guten Tag,',
        `das Passwort Ihres Kontos bei ${site} wurde am ${when} geändert.`,
        'Wenn Sie das waren, ist nichts zu tun.',
      ],
      action: { label: notMeActions.de.label, url: link },
      footer: [notMeActions.de.effect(hours)],
    }),
  },
};

const newDevice: MailTemplate<keyof typeof noticeSample | 'browser' | 'network'> = {
  name: 'new-device',
  sample: { ...noticeSample, browser: 'Firefox (Linux)', network: '203.0.113.0/24' },
  isNotice: true,
  texts: {
    en: ({ when, site, link, hours, browser, network }) => ({
      subject: 'A sign-in from a new device',
      paragraphs: [
        'Hello,',
        `your account at ${site} was signed in to on ${when} with ${browser === '?' ? 'a program that is no known browser' : browser}, from the network ${network}. Neither was used for it before.`,
        'If this was you, there is nothing to do.',
      ],
      action: { label: notMeActions.en.label, url: link },
      footer: [notMeActions.en.effect(hours)],
    }),
    de: ({ when, site, link, hours, browser, network }) => ({
      subject: 'Anmeldung mit einem neuen Gerät',
      paragraphs: [
        'Guten Tag,',
        `bei Ihrem Konto auf ${site} gab es am ${when} eine Anmeldung mit ${browser === '?' ? 'einem Programm, das kein bekannter Browser ist' : browser} aus dem Netz ${network}. Beides wurde dafür noch nie verwendet.`,
        'Wenn Sie das waren, ist nichts zu tun.',
      ],
      action: { label: notMeActions.de.label, url: link },
      footer: [notMeActions.de.effect(hours)],
    }),
  },
};

/** By an operator, so there is nothing that a link could undo: who asked for it was identified by people. */
const secondFactorRemoved: MailTemplate<'when' | 'site'> = {
  name: 'second-factor-removed',
  sample: { when: noticeSample.when, site: noticeSample.site },
  isNotice: true,
  texts: {
    en: ({ when, site }) => ({
      subject: 'The second factor of your account was removed',
      paragraphs: [
        'Hello,',
        `the people who run ${site} removed the second factor of your account on ${when}, and signed it out everywhere.`,
        'If you asked for that, sign in and set up a new one. If you did not, contact them at once, and choose a new password.',
      ],
    }),
    de: ({ when, site }) => ({
      subject: 'Der zweite Faktor Ihres Kontos wurde entfernt',
      paragraphs: [
        'Guten Tag,',
        `die Betreiber von ${site} haben am ${when} den zweiten Faktor Ihres Kontos entfernt und es überall abgemeldet.`,
        'Wenn Sie darum gebeten haben, melden Sie sich an und richten Sie einen neuen ein. Wenn nicht, sagen Sie es ihnen sofort, und wählen Sie ein neues Passwort.',
      ],
    }),
  },
};

export const securityNoticeMails = [passwordChanged, newDevice, secondFactorRemoved] as const;
