/** Renders the content of the page's head in place, so that a test can find it. */
import type { ReactNode } from 'react';

export default function Head({ children }: { children: ReactNode }): ReactNode {
  return <div data-testid="head">{children}</div>;
}
