/** The frame of the sign-in, sign-up and account pages. */
import type { ReactNode } from 'react';
import Layout from '@theme/Layout';
import AuthFooter from '@theme/AuthFooter';
import AuthHeader from '@theme/AuthHeader';
import AuthStatus from '@theme/AuthStatus';
import type { Props } from '@theme/AuthPage';

export default function AuthPage({ page, title, description, children }: Props): ReactNode {
  return (
    <Layout title={title} description={description}>
      <main className="container margin-vert--lg">
        <div className="auth-page">
          <AuthHeader page={page} />
          <h1>{title}</h1>
          <AuthStatus />
          {children}
          <AuthFooter page={page} />
        </div>
      </main>
    </Layout>
  );
}
