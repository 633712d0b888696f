/** What an event says besides its kind and reason, in words. */
import { changedVariables } from './changes.js';
import type { EventRow } from './facts.js';

const linkPurposes: Readonly<Record<string, string>> = {
  verify_email: 'to confirm the address',
  reset_password: 'to choose a new password',
  magic_link: 'to sign in',
  email_code: 'to sign in',
  confirm_provider: 'to confirm a sign-in at a provider',
  change_email: 'to change the address',
  undo_change: 'to undo a change of the address',
  delete_account: 'to delete the account',
  not_me: 'to say "That was not me"',
};

/** @param purpose as in the URL of the link */
export function purposeText(purpose: string): string {
  return linkPurposes[purpose] ?? purpose;
}

const sources: Readonly<Record<string, string>> = {
  auth0: 'Auth0',
  clerk: 'Clerk',
  firebase: 'Firebase',
  generic: 'another system',
  kratos: 'Ory Kratos',
  supabase: 'Supabase',
};

/** @returns parts of a sentence; some are empty */
export function detailsOf({ kind, details, device }: EventRow): string[] {
  const text = (name: string) => {
    const value = details?.[name];
    return typeof value === 'string' ? value : '';
  };
  const [source, purpose, template] = [text('source'), text('purpose'), text('template')];
  const because = text('reason');
  const isProgram = kind === 'link_open' && (device === 'other' || text('method') === 'HEAD');
  return [
    template && `the mail ${template}`,
    kind === 'import' && source !== '' ? `from ${sources[source] ?? source}` : '',
    kind === 'link_open' ? purposeText(purpose) : '',
    isProgram ? 'by a program or an unknown browser' : '',
    ...changedVariables(details),
    because && `because: ${because}`,
  ];
}
