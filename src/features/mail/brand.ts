/** `MAIL_BRAND`: how mails look. */
import { z } from 'zod';

const schema = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(60)
    .regex(/^[^\p{Cc}<>]*$/u),
  color: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i)
    .optional(),
  logo: z.url({ protocol: /^https$/ }).optional(),
});

export type MailBrand = z.infer<typeof schema>;

/** @param text JSON. @returns undefined if it is no brand */
export function parseBrand(text: string): MailBrand | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
