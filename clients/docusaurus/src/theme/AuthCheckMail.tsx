/** Says that a mail with a link was sent, and what to do if it does not arrive. It takes the focus, as a new page would. */
import { useEffect, useRef, type ReactNode } from 'react';
import Translate from '@docusaurus/Translate';
import AuthResendMail from '@theme/AuthResendMail';
import type { Props } from '@theme/AuthCheckMail';

export default function AuthCheckMail(props: Props): ReactNode {
  const { message, email, canResend = false, children } = props;
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => element.current?.focus(), []); // the form that had the focus is gone
  return (
    <div ref={element} tabIndex={-1} className="auth-mail">
      <h2>
        <Translate
          id="theme.auth.checkMail.title"
          description="The heading after a mail with a link was sent"
        >
          Check your mail
        </Translate>
      </h2>
      <p>{message}</p>
      <p className="auth-muted">
        <Translate
          id="theme.auth.checkMail.hint"
          description="After a mail with a link was sent. Ten minutes is the lifetime of the link"
        >
          The link is valid for ten minutes. If no mail arrives, look into the spam folder and check
          the address.
        </Translate>
      </p>
      {canResend && <AuthResendMail email={email} />}
      {children}
    </div>
  );
}
