/** Empty by default: below the sign-in, sign-up and account pages, for terms of use. A site can swizzle it. */
import type { ReactNode } from 'react';

export default function AuthFooter(): ReactNode {
  return null;
}
