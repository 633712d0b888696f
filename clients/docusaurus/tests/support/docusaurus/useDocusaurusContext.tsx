/** The part of the site's context that components use. */

export const site = {
  siteConfig: { baseUrl: '/', trailingSlash: undefined as boolean | undefined },
  i18n: { currentLocale: 'en', localeConfigs: { en: { baseUrl: '/' } } as Record<string, object> },
};

export default function useDocusaurusContext() {
  return site;
}
