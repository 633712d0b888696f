/** The time of day in UTC. */
export function clock(date: Date): string {
  return `${date.toISOString().slice(11, 16)} UTC`;
}
