/** The table of contents without the headings that `SignedIn` or `SignedOut` currently hides. */
import type { ReactNode } from 'react';
import OriginalTree from '@auth-service/original-toc-tree';
import { useHiddenHeadings } from './hidden-headings.js';

interface Item {
  readonly id: string;
  readonly children: readonly Item[];
}

interface Props {
  readonly toc: readonly Item[];
}

export default function TocTree({ toc, ...rest }: Props): ReactNode {
  const hidden = useHiddenHeadings();
  return <OriginalTree {...rest} toc={hidden.size === 0 ? toc : withoutHidden(toc, hidden)} />;
}

function withoutHidden(toc: readonly Item[], hidden: ReadonlySet<string>): readonly Item[] {
  return toc
    .filter(({ id }) => !hidden.has(id))
    .map((item) => ({ ...item, children: withoutHidden(item.children, hidden) }));
}
