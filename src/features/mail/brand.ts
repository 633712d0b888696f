/** `MAIL_BRAND`: how mails look. */

export interface MailBrand {
  readonly name: string;
  /** `#rrggbb`. */
  readonly color?: string;
  /** The https URL of an image. */
  readonly logo?: string;
}

/** @param text `name; #rrggbb; https://…`, of which color and logo may be missing. @returns undefined if it is no brand */
export function parseBrand(text: string): MailBrand | undefined {
  const [name = '', ...rest] = text.split(';').map((part) => part.trim());
  const color = rest.find((part) => part.startsWith('#'));
  const logo = rest.find((part) => part.startsWith('https://'));
  const isComplete = rest.every((part) => part === color || part === logo);
  if (!isComplete || !/^[^\p{Cc}<>"]{1,60}$/u.test(name)) return undefined;
  if (color !== undefined && !/^#[0-9a-f]{6}$/i.test(color)) return undefined;
  if (logo !== undefined && !URL.canParse(logo)) return undefined;
  return { name, ...(color && { color }), ...(logo && { logo }) };
}
