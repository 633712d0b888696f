/**
 * The ids of the headings that are currently hidden: Docusaurus generates the table of contents from the page's source,
 * the same for signed-in and signed-out readers.
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

/** Recorded during render, not in an effect: the table of contents renders later, and the server runs no effects. */
export function useHideHeadings(children: ReactNode, isHidden: boolean): void {
  const { pathname } = useLocation();
  const id = useId();
  const ids = isHidden ? headingIds(children) : none;
  setHidden(pathname, id, ids);
  useEffect(() => {
    for (const listener of listeners) listener();
  });
  useEffect(
    () => () => {
      setHidden(pathname, id, none);
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

function setHidden(pathname: string, component: string, ids: ReadonlySet<string>): void {
  const onPage = hiddenOn.get(pathname) ?? new Map<string, ReadonlySet<string>>();
  const before = onPage.get(component) ?? none;
  if (before.size === ids.size && Array.from(ids).every((id) => before.has(id))) return;
  onPage.set(component, ids);
  hiddenOn.set(pathname, onPage);
  // Not `[...set]`: Docusaurus compiles it as if the set were an array.
  const all = Array.from(onPage.values()).flatMap((set) => Array.from(set));
  snapshots = new Map(snapshots).set(pathname, new Set(all));
}

/** MDX renders a heading as an element with an id. Headings inside other components cannot be seen from here. */
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
