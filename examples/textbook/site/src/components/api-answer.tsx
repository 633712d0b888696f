/** Asks a route of the textbook's API, with the reader's sign-in, and shows what it said. */
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
  const apiFetch = useAuthFetch();
  const isBrowser = useIsBrowser();
  const [answer, setAnswer] = useState<string>();
  async function ask(): Promise<void> {
    setAnswer(undefined); // an older answer is none to this question
    try {
      const response = await apiFetch(apiUrl + path);
      setAnswer(`${response.status} ${await response.text()}`);
    } catch {
      setAnswer(`The API at ${apiUrl} cannot be reached.`);
    }
  }
  return (
    <div className="margin-bottom--md">
      <button
        type="button"
        className="button button--primary"
        disabled={!isBrowser}
        onClick={() => void ask()}
      >
        {label}
      </button>
      <pre role="status" className="margin-top--sm" style={{ whiteSpace: 'pre-wrap' }}>
        {answer ?? `GET ${path}`}
      </pre>
    </div>
  );
}
