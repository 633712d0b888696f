/** Calls a route of the textbook's API with the reader's credentials, and shows its response. */
import { useState, type ReactNode } from 'react';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import useIsBrowser from '@docusaurus/useIsBrowser';
import { useAuthFetch } from 'docusaurus-plugin-auth-service/client';

interface Props {
  /** Like `/public`. */
  readonly path: string;
  readonly label: string;
}

export default function ApiAnswer({ path, label }: Props): ReactNode {
  const apiUrl = useDocusaurusContext().siteConfig.customFields?.apiUrl as string;
  const authFetch = useAuthFetch();
  const isBrowser = useIsBrowser();
  const [text, setText] = useState<string>();
  async function call(): Promise<void> {
    setText(undefined); // the response to an earlier call
    try {
      const response = await authFetch(apiUrl + path);
      setText(`${response.status} ${await response.text()}`);
    } catch {
      setText(`The API at ${apiUrl} cannot be reached.`);
    }
  }
  return (
    <div className="margin-bottom--md">
      <button
        type="button"
        className="button button--primary"
        disabled={!isBrowser}
        onClick={() => void call()}
      >
        {label}
      </button>
      <pre role="status" className="margin-top--sm" style={{ whiteSpace: 'pre-wrap' }}>
        {text ?? `GET ${path}`}
      </pre>
    </div>
  );
}
