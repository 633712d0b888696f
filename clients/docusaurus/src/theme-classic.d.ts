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
