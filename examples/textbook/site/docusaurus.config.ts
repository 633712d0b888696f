/** The textbook's site. Environment variables set what differs between deployments: see `npm run demo` and the tests. */
import type { Config } from '@docusaurus/types';

const { SITE_URL, AUTH_URL, API_URL, API_CREDENTIAL, BEARER_TOKEN } = process.env;
const apiUrl = API_URL ?? 'http://localhost:8000';

const config: Config = {
  title: 'The cookie textbook',
  tagline: 'How a site remembers who you are',
  url: SITE_URL ?? 'http://localhost:3000',
  baseUrl: '/',
  onBrokenLinks: 'throw',
  // What Docusaurus 4 does: Rspack builds the site in a fifth of webpack's time.
  future: { v4: true, faster: true },
  customFields: { apiUrl },
  plugins: [
    ['@docusaurus/plugin-content-docs', { routeBasePath: '/', sidebarPath: './sidebars.ts' }],
    [
      'docusaurus-plugin-auth-service',
      {
        authUrl: AUTH_URL ?? 'http://localhost:3001',
        protectedPaths: ['/solutions/**'],
        apiOrigins: [new URL(apiUrl).origin],
        apiCredential: API_CREDENTIAL ?? 'cookie',
        bearerToken: BEARER_TOKEN ?? 'memory',
      },
    ],
  ],
  themes: [['@docusaurus/theme-classic', { customCss: './src/css/custom.css' }]],
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
