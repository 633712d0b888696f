/** Docusaurus's router: the page's address is set by the test, and where a component goes is noted. */

export const place = { pathname: '/', search: '' };
export const visited: string[] = [];

export const useLocation = () => place;
export const useHistory = () => ({ push: (path: string) => visited.push(path) });
