/** The link "That was not me" of notices, as their mails show it. */

/** What every notice has. */
export const noticeSample = {
  link: 'https://www.example.com/auth/confirm#not_me=A-sample-that-is-not-a-valid-token-00000000',
  hours: '72',
  when: '2026-01-31 12:00 UTC',
  site: 'https://www.example.com',
};

export const notMeActions = {
  en: {
    label: 'That was not me',
    effect: (hours: string) =>
      `The link is valid for ${hours} hours and can be used once. It signs out every device, makes the password invalid and asks you for a new one.`,
  },
  de: {
    label: 'Das war ich nicht',
    effect: (hours: string) =>
      `Der Link ist ${hours} Stunden gültig und kann einmal verwendet werden. Er meldet alle Geräte ab, macht das Passwort ungültig und fragt Sie nach einem neuen.`,
  },
};
