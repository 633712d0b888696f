/** What is used of the classic theme, which declares it itself in a site. */
declare module '@theme/NavbarItem/ComponentTypes' {
  import type { ComponentType } from 'react';

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each type has props of its own
  const ComponentTypes: Record<string, ComponentType<any>>;
  export default ComponentTypes;
}

declare module '@theme/Layout' {
  // Beside the declaration in @docusaurus/module-type-aliases, which knows `children` alone.
  export interface Props {
    readonly title?: string;
    readonly description?: string;
  }
}

declare module '@docusaurus/theme-common' {
  /** The forms of a message stand in the order of the locale's plural categories: `1 second|{count} seconds`. */
  export function usePluralForm(): {
    readonly selectMessage: (count: number, pluralMessages: string) => string;
  };
}

/** What is used of Docusaurus beyond its documented modules. */
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
