/** Deletion of the account: by mail where the password is not given, and with days in which it can be called off. */
import { z } from 'zod';
import { hasMailTransport } from '../mail/feature.js';
import { defineFeature } from '../definition.js';

const longestGraceDays = 90;
const notDays = `is not a whole number of days from 0 to ${longestGraceDays}`;

export interface DeletionSettings {
  readonly graceDays: number;
  /** Whether a link can be mailed. */
  readonly byMail: boolean;
}

export const deleteAccount = defineFeature({
  name: 'delete-account',
  summary: 'confirms a deletion by mail, and lets users call it off for some days',
  variables: {
    DELETE_GRACE_DAYS: z
      .string()
      .refine((value) => /^\d{1,2}$/.test(value) && Number(value) <= longestGraceDays, notDays)
      .transform(Number)
      .default(0)
      .describe(
        'days between the request to delete an account and its deletion; a sign-in within them calls it off. `0` deletes at once',
      ),
  },
  readSettings({ DELETE_GRACE_DAYS: graceDays }, core): DeletionSettings | undefined {
    const byMail = hasMailTransport(core);
    return byMail || graceDays > 0 ? { graceDays, byMail } : undefined;
  },
  startupFields: (settings) => ({ deleteGraceDays: settings?.graceDays ?? 0 }),
});
