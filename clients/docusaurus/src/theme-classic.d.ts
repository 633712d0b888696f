/** The parts of the classic theme that are used. In a site, the theme itself declares them. */
declare module '@theme/NavbarItem/ComponentTypes' {
  import type { ComponentType } from 'react';

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each type has its own props
  const ComponentTypes: Record<string, ComponentType<any>>;
  export default ComponentTypes;
}

declare module '@theme/Layout' {
  // In addition to @docusaurus/module-type-aliases, which declares only `children`.
  export interface Props {
    readonly title?: string;
    readonly description?: string;
  }
}

declare module '@docusaurus/theme-common' {
  /** The forms of a message are in the order of the locale's plural categories: `1 second|{count} seconds`. */
  export function usePluralForm(): {
    readonly selectMessage: (count: number, pluralMessages: string) => string;
  };
}

/** Undocumented modules of Docusaurus that are used. */
declare module '@docusaurus/core/lib/client/routeContext' {
  import type { ReactNode } from 'react';

  export function RouteContextProvider(props: {
    readonly value: { readonly plugin: { readonly name: string; readonly id: string } };
    readonly children: ReactNode;
  }): ReactNode;
}

declare module '@auth-service/original-toc-tree' {
  import type { ComponentType } from 'react';

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the theme's own component, whatever its props
  const OriginalTree: ComponentType<any>;
  export default OriginalTree;
}
