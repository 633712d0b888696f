/** The chapters, in order. */
import type { SidebarsConfig } from '@docusaurus/plugin-content-docs';

const sidebars: SidebarsConfig = { textbook: ['introduction', 'cookies', 'sites', 'exercises'] };

export default sidebars;
