/**
 * The types of the components, for `import … from '@theme/…'` in a site:
 * "types": ["docusaurus-plugin-auth-service/theme"] in tsconfig.json.
 */
/* eslint-disable @typescript-eslint/triple-slash-reference -- an import would make this file a module */
/// <reference path="./theme-types/pages.d.ts" />
/// <reference path="./theme-types/forms.d.ts" />
/// <reference path="./theme-types/account.d.ts" />
/// <reference path="./theme-types/mail.d.ts" />
/// <reference path="./theme-types/redirect.d.ts" />
/// <reference path="./theme-types/factors.d.ts" />
/// <reference path="./theme-types/navbar.d.ts" />
/// <reference path="./theme-types/content.d.ts" />
