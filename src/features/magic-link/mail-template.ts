/** The mail with the link that signs in. */
import type { MailTemplate } from '../../mailer.js';

export const magicLinkMail: MailTemplate<'link' | 'minutes'> = {
  name: 'magic-link',
  sample: {
    link: 'https://www.example.com/auth/confirm#magic_link=A-sample-that-is-not-a-valid-token-00000000',
    minutes: '10',
  },
  texts: {
    en: ({ link, minutes }) => ({
      subject: 'Your link to sign in',
      paragraphs: ['Hello,', 'a link to sign in with this e-mail address was requested.'],
      action: { label: 'Sign in', url: link },
      footer: [
        `The link is valid for ${minutes} minutes and can be used once. Open it in the browser in which you requested it.`,
        'If you did not request it, ignore this mail: nobody is signed in.',
      ],
    }),
    de: ({ link, minutes }) => ({
      subject: 'Ihr Link zur Anmeldung',
      paragraphs: [
        'Guten Tag,',
        'für diese E-Mail-Adresse wurde ein Link zur Anmeldung angefordert.',
      ],
      action: { label: 'Anmelden', url: link },
      footer: [
        `Der Link ist ${minutes} Minuten gültig und kann einmal verwendet werden. Öffnen Sie ihn in dem Browser, in dem Sie ihn angefordert haben.`,
        'Wenn Sie ihn nicht angefordert haben, ignorieren Sie diese Mail: Niemand wird angemeldet.',
      ],
    }),
  },
};
