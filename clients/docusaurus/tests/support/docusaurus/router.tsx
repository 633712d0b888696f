/** Docusaurus's router: the page's address is set by the test, and where a component goes is noted. */

export const place = { pathname: '/', search: '', hash: '' };
export const visited: string[] = [];

export const useLocation = () => place;
const go = (path: string) => visited.push(path);
export const useHistory = () => ({ push: go, replace: go });
