/** Empty by default: above the heading of the sign-in, sign-up and account pages, for a logo. A site can swizzle it. */
import type { ReactNode } from 'react';

export default function AuthHeader(): ReactNode {
  return null;
}
