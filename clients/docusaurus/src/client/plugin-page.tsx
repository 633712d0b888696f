/** Declares its children a page of this plugin: Docusaurus's layout reads which plugin a page belongs to. */
import type { ReactNode } from 'react';
import { RouteContextProvider } from '@docusaurus/core/lib/client/routeContext';

const plugin = { name: 'docusaurus-plugin-auth-service', id: 'default' };

export function PluginPage({ children }: { readonly children: ReactNode }): ReactNode {
  return <RouteContextProvider value={{ plugin }}>{children}</RouteContextProvider>;
}
