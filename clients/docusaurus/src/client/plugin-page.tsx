/** A page of this plugin in the place of another plugin's, for Docusaurus's layout: it asks whose page it is in. */
import type { ReactNode } from 'react';
import { RouteContextProvider } from '@docusaurus/core/lib/client/routeContext';

const plugin = { name: 'docusaurus-plugin-auth-service', id: 'default' };

export function PluginPage({ children }: { readonly children: ReactNode }): ReactNode {
  return <RouteContextProvider value={{ plugin }}>{children}</RouteContextProvider>;
}
