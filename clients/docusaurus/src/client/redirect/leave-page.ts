/** Leaves the site for another host. A module of its own, so that tests can replace it. */
export function leavePage(url: string): void {
  location.assign(url);
}
