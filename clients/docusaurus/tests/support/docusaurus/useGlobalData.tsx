/** What the plugin handed to the pages when the site was built. */
import { readOptions } from '../../../src/options.js';

const data = readOptions({ authUrl: 'https://auth.example.com' });

export const usePluginData = () => data;
