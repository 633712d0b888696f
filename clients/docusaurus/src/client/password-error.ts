/** Client-side validation of an existing password. Apart from the other checks, which only the pages with a form load. */
import { translate } from '@docusaurus/Translate';

/** For an existing password. */
export function passwordError(password: string): string | undefined {
  if (password !== '') return undefined;
  return translate({
    id: 'theme.auth.field.password.missing',
    message: 'Enter your password.',
    description: 'The error below an empty password',
  });
}
