/** The mail with the code that signs in. */
import type { MailTemplate } from '../../mailer.js';

export const emailCodeMail: MailTemplate<'code' | 'minutes'> = {
  name: 'email-code',
  sample: { code: '012345', minutes: '10' },
  texts: {
    en: ({ code, minutes }) => ({
      // Not in the subject, which locked screens show.
      subject: 'Your code to sign in',
      paragraphs: ['Hello,', 'a code to sign in with this e-mail address was requested:'],
      code,
      footer: [
        `The code is valid for ${minutes} minutes and can be used once, only in the browser in which you requested it.`,
        'If you did not request it, ignore this mail. Do not share the code: we never ask for it by phone or mail.',
      ],
    }),
    de: ({ code, minutes }) => ({
      subject: 'Ihr Code zur Anmeldung',
      paragraphs: [
        'Guten Tag,',
        'für diese E-Mail-Adresse wurde ein Code zur Anmeldung angefordert:',
      ],
      code,
      footer: [
        `Der Code ist ${minutes} Minuten gültig und kann einmal verwendet werden, nur in dem Browser, in dem Sie ihn angefordert haben.`,
        'Wenn Sie ihn nicht angefordert haben, ignorieren Sie diese Mail. Geben Sie den Code niemandem: Wir fragen nie am Telefon oder per Mail danach.',
      ],
    }),
  },
};
