/** Backup codes, which the service shows once, with buttons to copy and to download them. */
import { useState, type ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import type { Props } from '@theme/AuthBackupCodes';

export default function AuthBackupCodes({ codes }: Props): ReactNode {
  const [status, setStatus] = useState<string>();
  const text = `${codes.join('\n')}\n`;

  async function copy(): Promise<void> {
    // Undefined without HTTPS; rejected without permission.
    const { clipboard } = navigator as { clipboard?: Clipboard };
    const isCopied = await clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    setStatus(isCopied ? copied() : notCopied());
  }

  return (
    <div>
      <ul className="auth-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <p className="auth-actions">
        <button type="button" className="button auth-button" onClick={copy}>
          {translate({
            id: 'theme.auth.backupCodes.copy',
            message: 'Copy',
            description: 'The button that copies the backup codes',
          })}
        </button>
        <a
          className="button auth-button"
          download="backup-codes.txt"
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
        >
          {translate({
            id: 'theme.auth.backupCodes.download',
            message: 'Download',
            description: 'The link that saves the backup codes as a file',
          })}
        </a>
      </p>
      <p role="status" className="auth-muted">
        {status}
      </p>
    </div>
  );
}

const copied = () =>
  translate({
    id: 'theme.auth.backupCodes.copied',
    message: 'Copied.',
    description: 'After the backup codes were copied',
  });

const notCopied = () =>
  translate({
    id: 'theme.auth.backupCodes.notCopied',
    message: 'This browser did not copy them. Select the codes, or download them.',
    description: 'If the browser does not copy the backup codes',
  });
