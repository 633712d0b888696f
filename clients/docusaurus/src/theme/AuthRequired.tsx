/** Replaces a protected page until the visitor is known to be signed in, and while the session is unknown. */
import type { ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import AuthStatus from '@theme/AuthStatus';
import Layout from '@theme/Layout';
import type { Props } from '@theme/AuthRequired';
import { PluginPage } from 'docusaurus-plugin-auth-service/client';

export default function AuthRequired({ problem }: Props): ReactNode {
  const title = translate({
    id: 'theme.auth.required.title',
    message: 'For signed-in readers',
    description: 'The heading of the placeholder of a protected page',
  });
  return (
    <PluginPage>
      <Layout title={title}>
        <main className="container margin-vert--lg">
          <div className="auth-page">
            <h1>{title}</h1>
            <noscript>
              <style>{'.auth-required-checking { display: none }'}</style>
            </noscript>
            {/* Says that signing in requires JavaScript, or why the session is unknown, with a button to retry. */}
            <AuthStatus />
            <div role="status">
              {problem === undefined && (
                <p className="auth-required-checking">
                  <Translate
                    id="theme.auth.required.checking"
                    description="In the placeholder of a protected page until the session is known"
                  >
                    Checking whether you are signed in…
                  </Translate>
                </p>
              )}
            </div>
          </div>
        </main>
      </Layout>
    </PluginPage>
  );
}
