/** Empty: what stands above the heading of the sign-in, sign-up and account pages, such as a logo. For a site to fill. */
import type { ReactNode } from 'react';

export default function AuthHeader(): ReactNode {
  return null;
}
