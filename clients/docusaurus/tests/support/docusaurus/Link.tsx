/** Docusaurus's link, as far as it shows. */
import type { AnchorHTMLAttributes, ReactNode } from 'react';

type Props = AnchorHTMLAttributes<HTMLAnchorElement> & { readonly to: string };

export default function Link({ to, ...rest }: Props): ReactNode {
  return <a href={to} {...rest} />;
}
