/** Stands in the place of a page for signed-in readers until it is known that somebody is, and where nobody can tell. */
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
    description: 'The heading in the place of a page until it is known who reads',
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
            {/* That signing in needs JavaScript, or why nobody can tell, with the way to ask again. */}
            <AuthStatus />
            <div role="status">
              {problem === undefined && (
                <p className="auth-required-checking">
                  <Translate
                    id="theme.auth.required.checking"
                    description="In the place of the page until the service answered"
                  >
                    Looking whether you are signed in…
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
