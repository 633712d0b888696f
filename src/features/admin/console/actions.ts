/** The actions of the console, with the words of their buttons. */
import { apiRoutes, type ApiRoute, type ApiRouteName } from '../api-routes.js';

/** As in the address of a form: `sign-out` → `signOut`. */
export const actionNames: ReadonlyMap<string, ApiRouteName> = new Map(
  (Object.keys(apiRoutes) as ApiRouteName[]).flatMap((name) => {
    const { method, path }: ApiRoute = apiRoutes[name];
    return method === 'POST' ? [[path.replace('/users/:id/', ''), name] as const] : [];
  }),
);

/** Those whose form is a button only. */
export const simpleActions = {
  'sign-out': 'Sign out everywhere',
  lock: 'Lock',
  unlock: 'Unlock',
  'lift-limits': 'Lift limits',
  'mail-password-reset': 'Mail a link for a new password',
  'remove-factors': 'Remove second factors',
  'verify-email': 'Mark the address as verified',
  export: 'Export',
} as const;

export const actionLabels = {
  ...simpleActions,
  'set-password': 'Set the password',
  impersonate: 'Act as this user for an hour',
  delete: 'Delete for good',
} as const;

/** @returns the words of the button that sent this */
export function labelOf(action: string, fields: Readonly<Record<string, unknown>>): string {
  if (action === 'sign-out' && 'sessionId' in fields) return 'Sign out of one session';
  return (actionLabels as Readonly<Record<string, string>>)[action] ?? action;
}
