/**
 * The headings that are on the page but not shown, by their ids: the table of contents is made from the page's source,
 * which knows nothing of who reads it.
 */
import {
  Children,
  isValidElement,
  useEffect,
  useId,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { useLocation } from '@docusaurus/router';

const none: ReadonlySet<string> = new Set();
/** By page, then by the component that hides them. */
const hiddenOn = new Map<string, Map<string, ReadonlySet<string>>>();
const listeners = new Set<() => void>();
let snapshots = new Map<string, ReadonlySet<string>>();

/**
 * Noted while it renders, and not only afterwards: the table of contents stands behind the text, and on the server
 * there is no afterwards.
 */
export function useHideHeadings(children: ReactNode, isHidden: boolean): void {
  const { pathname } = useLocation();
  const id = useId();
  const ids = isHidden ? headingIds(children) : none;
  note(pathname, id, ids);
  useEffect(() => {
    for (const listener of listeners) listener();
  });
  useEffect(
    () => () => {
      note(pathname, id, none);
      for (const listener of listeners) listener();
    },
    [pathname, id],
  );
}

export function useHiddenHeadings(): ReadonlySet<string> {
  const { pathname } = useLocation();
  const read = () => snapshots.get(pathname) ?? none;
  return useSyncExternalStore(subscribe, read, read);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function note(pathname: string, component: string, ids: ReadonlySet<string>): void {
  const onPage = hiddenOn.get(pathname) ?? new Map<string, ReadonlySet<string>>();
  const before = onPage.get(component) ?? none;
  if (before.size === ids.size && Array.from(ids).every((id) => before.has(id))) return;
  onPage.set(component, ids);
  hiddenOn.set(pathname, onPage);
  // Not spread: Docusaurus compiles `[...set]` as if a set were an array.
  const all = Array.from(onPage.values()).flatMap((set) => Array.from(set));
  snapshots = new Map(snapshots).set(pathname, new Set(all));
}

/** MDX makes an element with an id of each heading; what a component of its own renders is in no table of contents. */
function headingIds(children: ReactNode): ReadonlySet<string> {
  const ids = new Set<string>();
  const visit = (node: ReactNode) =>
    Children.forEach(node, (child) => {
      if (!isValidElement<{ id?: unknown; children?: ReactNode }>(child)) return;
      if (typeof child.props.id === 'string') ids.add(child.props.id);
      visit(child.props.children);
    });
  visit(children);
  return ids;
}
