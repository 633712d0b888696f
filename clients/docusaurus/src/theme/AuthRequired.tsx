/** Stands in the place of a page for signed-in readers until it is known that somebody is, and where nobody can tell. */
import { useState, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import Layout from '@theme/Layout';
import type { Props } from '@theme/AuthRequired';
import { PluginPage, useAuth } from 'docusaurus-plugin-auth-service/client';

export default function AuthRequired({ problem }: Props): ReactNode {
  const title = translate({
    id: 'theme.auth.required.title',
    message: 'For signed-in readers',
    description: 'The heading in the place of a page until it is known who reads',
  });
  return (
    <PluginPage>
      <Layout title={title}>
        <main className="container margin-vert--lg">
          <h1>{title}</h1>
          <noscript>
            <style>{'.auth-required-checking { display: none }'}</style>
            <p className="alert alert--warning">
              <Translate
                id="theme.auth.required.noScript"
                description="What readers without JavaScript read in the place of the page"
              >
                Signing in needs JavaScript. The rest of this site can be read without.
              </Translate>
            </p>
          </noscript>
          <div role="status">
            {problem === undefined ? (
              <p className="auth-required-checking">
                <Translate
                  id="theme.auth.required.checking"
                  description="In the place of the page until the service answered"
                >
                  Looking whether you are signed in…
                </Translate>
              </p>
            ) : (
              <p className="alert alert--warning">{problem}</p>
            )}
          </div>
          {problem !== undefined && <Retry />}
        </main>
      </Layout>
    </PluginPage>
  );
}

function Retry(): ReactNode {
  const auth = useAuth();
  const [isBusy, setBusy] = useState(false);
  async function retry(): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    await auth.recheck();
    setBusy(false);
  }
  return (
    <button
      type="button"
      className="button button--primary"
      aria-disabled={isBusy}
      aria-busy={isBusy}
      onClick={retry}
    >
      <Translate id="theme.auth.retry" description="The button that asks the service once more">
        Try again
      </Translate>
    </button>
  );
}
