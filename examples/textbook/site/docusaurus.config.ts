/** The textbook's site. Its three addresses come from the environment, for the tests and for `npm run demo`. */
import type { Config } from '@docusaurus/types';

const { SITE_URL, AUTH_URL, API_URL } = process.env;
const apiUrl = API_URL ?? 'http://localhost:8000';

const config: Config = {
  title: 'The cookie textbook',
  tagline: 'How a site remembers who you are',
  url: SITE_URL ?? 'http://localhost:3000',
  baseUrl: '/',
  onBrokenLinks: 'throw',
  customFields: { apiUrl },
  plugins: [
    ['@docusaurus/plugin-content-docs', { routeBasePath: '/', sidebarPath: './sidebars.ts' }],
    [
      'docusaurus-plugin-auth-service',
      { authUrl: AUTH_URL ?? 'http://localhost:3001', apiOrigins: [new URL(apiUrl).origin] },
    ],
  ],
  themes: ['@docusaurus/theme-classic'],
  themeConfig: {
    colorMode: { respectPrefersColorScheme: true },
    navbar: {
      title: 'The cookie textbook',
      items: [
        { to: '/exercises', label: 'Exercises', position: 'left' },
        { type: 'custom-authNavbarItem', position: 'right' },
      ],
    },
  },
};

export default config;
