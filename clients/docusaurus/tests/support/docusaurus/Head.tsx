/** What goes into the page's head, shown where it stands, so that a test finds it. */
import type { ReactNode } from 'react';

export default function Head({ children }: { children: ReactNode }): ReactNode {
  return <div data-testid="head">{children}</div>;
}
