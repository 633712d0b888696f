/** The requirements of a new password, shown before one is typed. */
import type { ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import { usePluralForm } from '@docusaurus/theme-common';
import { minimumPasswordLength } from 'docusaurus-plugin-auth-service/client';

export default function AuthPasswordHint(): ReactNode {
  const { selectMessage } = usePluralForm();
  const forms = translate({
    id: 'theme.auth.password.hint',
    message:
      'At least 1 character. A few unrelated words make a good password.|' +
      'At least {count} characters. A few unrelated words make a good password.',
    description:
      'Below the label of a new password. Use as many plural forms (separated by "|") as your language has',
  });
  return selectMessage(minimumPasswordLength, forms).replace(
    '{count}',
    String(minimumPasswordLength),
  );
}
