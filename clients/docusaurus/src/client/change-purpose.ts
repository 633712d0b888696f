/** The purposes of mailed links that change the account only after a click. */
const changePurposes = ['change_email', 'undo_change', 'not_me', 'delete_account'] as const;

export type ChangePurpose = (typeof changePurposes)[number];

export function isChangePurpose(purpose: string): purpose is ChangePurpose {
  return (changePurposes as readonly string[]).includes(purpose);
}
