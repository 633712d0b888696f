/** Empty: what stands below the sign-in, sign-up and account pages, such as terms of use. For a site to fill. */
import type { ReactNode } from 'react';

export default function AuthFooter(): ReactNode {
  return null;
}
