/** The chapters, in order. */
import type { SidebarsConfig } from '@docusaurus/plugin-content-docs';

const sidebars: SidebarsConfig = {
  textbook: ['introduction', 'cookies', 'sites', 'exercises', 'solutions'],
};

export default sidebars;
