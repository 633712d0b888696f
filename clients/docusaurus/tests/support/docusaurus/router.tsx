/** Docusaurus's router: the test sets the location, and navigations are recorded. */

export const currentLocation = { pathname: '/', search: '', hash: '' };
export const visited: string[] = [];

export const useLocation = () => currentLocation;
const navigate = (path: string) => visited.push(path);
export const useHistory = () => ({ push: navigate, replace: navigate });
